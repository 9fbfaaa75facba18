// company.mjs - beside the language servers of others in one editor: Prisma's, squawk's, pyright.

import assert from 'node:assert';
import { hasNeighbour, makeNeighbour } from './neighbours.mjs';
import { withEditor } from './session.mjs';

export const parts = [{ name: 'beside others', run: besideOthers }];

async function besideOthers(context) {
    const steps = { prisma: besidePrisma, squawk: besideSquawk, pyright: besidePyright };
    const names = Object.keys(steps).filter(hasNeighbour);
    for (const name of Object.keys(steps).filter((each) => !names.includes(each))) console.log(`# no server of ${name} here (tests/setup.sh test): its part is left out`);
    const neighbours = names.map(makeNeighbour);
    try {
        await withEditor(context, { files: { ...SCHEMA, ...MIGRATIONS, ...MODELS }, name: 'beside-others' }, async (bench, check) => {
            for (const name of names) {
                await steps[name](bench, check);
                await bench.command('File: Save All Files');
                await bench.closeAll();
            }
        }, { extensions: neighbours.map(({ vsix }) => vsix) });
    } finally {
        neighbours.forEach((neighbour) => neighbour.remove());
    }
}

/** What the problems view lists of a file, once it has all the texts. */
async function problems(bench, file, ...texts) {
    // A view that has just come may take its last filter again.
    await bench.retry(4, async () => {
        await bench.command('Problems: Focus on Problems View');
        await bench.page.getByPlaceholder(/^Filter \(e\.g\. text/).first().fill(`**/${file}`);
        await bench.see('.markers-panel .monaco-list-row', file, 5000);
    });
    for (const text of texts) await bench.see('.markers-panel .monaco-list-row', text);
    await bench.pause(500);
    return bench.page.locator('.markers-panel .monaco-list-row').allTextContents();
}

const rowsWith = (rows, text) => rows.filter((row) => row.includes(text)).length;

/** What is offered at the end of `typed`, which is written over `text`. */
async function offers(bench, text, typed, expected) {
    await bench.click(text);
    await bench.key('End');
    await bench.page.keyboard.type(typed);
    await bench.key('Control+Space');
    await bench.see('.suggest-widget .monaco-list-row', expected);
    await bench.pause(500);
    const labels = await bench.page.locator('.suggest-widget .monaco-list-row .label-name').allTextContents();
    await bench.key('Escape');
    return labels;
}

/** Goes to the definition of what stands there: the cursor's line afterwards, and that nobody had to choose. */
async function definition(bench, text, expected) {
    await bench.click(text);
    await bench.key('F12');
    await bench.see('#status\\.editor\\.selection', expected, 8000);
    assert.strictEqual(await bench.page.locator('.peekview-widget').count(), 0, 'one place');
}

/** Renames what stands there, which one server offers. */
async function rename(bench, text, to) {
    await bench.click(text);
    await bench.key('F2');
    await bench.page.locator('.rename-box .rename-input:focus').first().waitFor();
    await bench.pause(300);
    await bench.page.keyboard.type(to);
    await bench.key('Enter');
}

async function formats(bench, expected) {
    await bench.command('Format Document');
    await bench.textAt(expected);
    assert.strictEqual(await bench.page.locator('.notifications-toasts', { hasText: 'formatter' }).count(), 0, 'nobody asks who');
}

const SCHEMA = { 'prisma-app/prisma/schema.prisma': `datasource db {
  provider = "postgresql"
  url      = env("DATABASE_URL")
}

model Customer {
  id Int @id @default(autoincrement())
  orders Order[]
}

model Order {
  id Int @id @default(autoincrement())
  customer Customer @relation(fields: [customerId], references: [id])
  customerId Int
  state Stat
}
` };

async function besidePrisma(bench, check) {
    await check('beside Prisma: both report, nothing twice', async () => {
        await bench.file('schema.prisma');
        await bench.see('.squiggly-error');
        const rows = await problems(bench, 'schema.prisma', 'Type "Stat" is neither', 'missing-fk-index');
        assert.strictEqual(rowsWith(rows, 'Stat'), 1, `one report of the unknown type in ${JSON.stringify(rows)}`);
    });
    await check('beside Prisma: it formats, and nobody asks who', async () => {
        await bench.click('state Stat');
        await formats(bench, 'customer   Customer @relation');
    });
    await check('beside Prisma: it renames', async () => {
        await rename(bench, 'Customer {', 'Client');
        await bench.textAt('Client @relation');
    });
    await check('beside Prisma: it completes, and nothing is offered twice', async () => {
        await bench.click('Stat');
        await bench.key('End');
        for (let i = 0; i < 4; i++) await bench.key('Backspace');
        const labels = await offers(bench, 'state', 'Str', 'String');
        assert.strictEqual(labels.filter((each) => each === 'String').length, 1, JSON.stringify(labels));
    });
}

const MIGRATIONS = {
    'sql-app/migrations/0001_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text);\nCREATE TABLE teams (id bigint PRIMARY KEY, name text);\n',
    'sql-app/migrations/0002_more.sql': `CREATE INDEX users_email ON users (email);

CREATE TABLE notes (id bigint PRIMARY KEY, body text);
INSERT INTO notes (id, body) VALUES (1, 'x');
DELETE FROM teams;

TRUNCATE n
`,
};

async function besideSquawk(bench, check) {
    await check('beside squawk: both report, nothing twice', async () => {
        await bench.file('0002_more.sql');
        await bench.see('.squiggly-warning');
        const rows = await problems(bench, '0002_more.sql', 'require-concurrent-index-creation', 'missing-where');
        assert.strictEqual(rowsWith(rows, 'create-index-not-concurrently'), 0, JSON.stringify(rows));
    });
    await check('beside squawk: a jump leads to one place', async () => {
        await definition(bench, 'notes (id, body) VALUES', 'Ln 3,');
        await bench.file('0002_more.sql');
        await definition(bench, 'teams;', 'Ln 2,');
        await bench.see('.tab.active[data-resource-name="0001_users.sql"]');
    });
    await check('beside squawk: one outline', async () => {
        await bench.file('0002_more.sql');
        await bench.key('Control+Shift+o');
        await bench.see('.quick-input-list .monaco-list-row', 'users_email');
        await bench.pause(500);
        const rows = await bench.page.locator('.quick-input-list .monaco-list-row').allTextContents();
        assert.strictEqual(rowsWith(rows, 'users_email'), 1, JSON.stringify(rows));
        await bench.key('Escape');
    });
    await check('beside squawk: nothing is offered twice', async () => {
        const labels = await offers(bench, 'TRUNCATE n', 'o', 'notes');
        assert.strictEqual(rowsWith(labels, 'notes'), 1, JSON.stringify(labels));
    });
    await check('beside squawk: it formats, and nobody asks who', async () => {
        await bench.file('0001_users.sql');
        await formats(bench, 'create table users (');
    });
}

const MODELS = {
    'python-app/models.py': `from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    pass


class Team(Base):
    __tablename__ = "teams"
    id: Mapped[int] = mapped_column(primary_key=True)
    people: Mapped[list["Person"]] = relationship(back_populates="team")


class Person(Base):
    __tablename__ = "people"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    team: Mapped[Team] = relationship(back_populates="people")


count: int = "many"
eldest = Person
`,
};

async function besidePyright(bench, check) {
    await check('beside pyright: both report, nothing twice', async () => {
        await bench.file('models.py');
        await bench.see('.squiggly-error');
        const rows = await problems(bench, 'models.py', 'is not assignable to', 'missing-fk-index');
        assert.strictEqual(rowsWith(rows, 'missing-fk-index'), 1, JSON.stringify(rows));
        assert.strictEqual(rowsWith(rows, '"many"') + rowsWith(rows, 'is not assignable to'), 1, JSON.stringify(rows));
    });
    await check('beside pyright: a jump leads to one place', async () => {
        await definition(bench, 'Person', 'Ln 15,');
        await definition(bench, 'teams.id', 'Ln 9,');
    });
    await check('beside pyright: it renames', async () => {
        await rename(bench, 'Person(Base)', 'Member');
        await bench.textAt('eldest = Member');
    });
    await check('beside pyright: nothing is offered twice', async () => {
        const labels = await offers(bench, 'eldest = Member', '\nTea', 'Team');
        assert.strictEqual(labels.filter((each) => each === 'Team').length, 1, JSON.stringify(labels));
    });
}
