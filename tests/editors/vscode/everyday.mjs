// everyday.mjs - what somebody does with the extension on an ordinary day.

import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { startModel } from './model.mjs';
import { until, withEditor } from './session.mjs';

/** Applies the quick fix with this title at a text. */
async function quickFix(bench, text, title, beforeEnter) {
    await bench.retry(4, async () => {
        await bench.click(text);
        await bench.key('Control+.');
        await bench.see('.action-widget', title, 4000);
    });
    await bench.pause(200);
    await beforeEnter?.();
    await bench.key('Enter');
}

const SETTINGS = { 'lintel.server.logLevel': 'info' };

const steps = [sql, prisma, sqlalchemy, pages, hints, folders, questions, model];
export const parts = [{ name: 'everyday', run: everyday }];

// Several projects in one folder, as many repositories have them: one editor does for all of this.
function everyday(context) {
    const projects = ['shop', 'shop-prisma', 'shop-flask', 'recipes'];
    return withEditor(context, { projects, files: HISTORY, name: 'work' }, async (bench, check, context) => {
        for (const step of steps) {
            await step(bench, check, context);
            await bench.closeAll();
        }
    }, { settings: SETTINGS });
}

async function sql(bench, check) {
    await check('SQL: squiggles', async () => {
        await bench.file('20230110090000_customers.sql');
        await bench.see('.squiggly-warning');
        await bench.see('.squiggly-info');
        await bench.see('.codelens-decoration', '10 findings');
        await bench.pause(500);
    });
    await check('SQL: hover on a finding', async () => {
        await bench.hover('REFERENCES customers', 'missing-fk-index');
    });
    await check('SQL: hover on a table', async () => {
        await bench.hover('customers (', 'Primary key');
    });
    await check('SQL: lens, references', async () => {
        await bench.retry(3, async () => {
            const { x, y } = await bench.at('.codelens-decoration a', '13 references', 30);
            await bench.page.mouse.click(x, y);
            await bench.see('.peekview-widget', 'References', 5000);
        });
        await bench.pause(700);
    });
    await bench.key('Escape');
    await check('SQL: quick fix applied', async (picture) => {
        await bench.file('20230912080000_tighten.sql');
        await bench.see('.squiggly-warning');
        await quickFix(bench, 'CHECK (status', 'Add it NOT VALID', () => picture('-menu'));
        await bench.textAt('NOT VALID;');
    });
    await bench.key('Control+z');
    await check('SQL: consult on a selection', async (picture) => {
        await bench.file('20230205110000_orders.sql');
        await bench.see('.squiggly-warning');
        await bench.see('.codelens-decoration', '4 findings');
        await bench.click('CREATE TABLE orders');
        for (let i = 0; i < 8; i++) await bench.key('Shift+ArrowDown');
        await bench.consult('CREATE TABLE orders', 'About the Selection', { clear: false, beforeClick: () => picture('-menu') });
        await bench.pageFrame('Current State Assessment');
        await bench.pause(600);
    });
    await check('SQL: a link followed', async () => {
        const frame = await bench.pageFrame('Current State Assessment');
        await frame.locator('a', { hasText: '20230205110000_orders.sql:' }).first().click();
        await bench.pause(800);
        const status = await bench.page.locator('#status\\.editor\\.selection').textContent();
        assert.match(status, /Ln \d+/);
    });
    await check('SQL: hover after the consultation', async () => {
        await bench.click('CREATE TABLE orders');
        await bench.hover('orders (', 'Consulted');
    });
    await check('SQL: roadmap copied', async () => {
        await bench.command('Lintel: Copy Roadmap for Coding Agent');
        await bench.see('.notifications-toasts', 'The roadmap is on the clipboard');
        const text = await bench.page.evaluate(() => navigator.clipboard.readText());
        assert.match(text, /Step 1/);
    });
}

async function prisma(bench, check) {
    await check('Prisma: findings and lens', async () => {
        await bench.file('shop-prisma/prisma/schema.prisma');
        await bench.see('.squiggly-warning');
        await bench.see('.codelens-decoration', 'Consult database architect');
        await bench.file('shop-prisma/prisma/schema.prisma', 45);
    });
    await check('Prisma: quick fix applied', async () => {
        await quickFix(bench, '@relation(fields', 'Add @@index([customerId])');
        await bench.textAt('@@index([customerId])');
    });
    await bench.key('Control+z');
    await check('Prisma: consult on a model', async (picture) => {
        await bench.consult('model Address', 'About This Table or Model', { beforeClick: () => picture('-menu') });
        await bench.pageFrame('Address');
        await bench.pause(600);
    });
    await check('Prisma: hover afterwards', async () => {
        await bench.click('model Address');
        await bench.hover('Address {', 'Consulted');
    });
}

async function sqlalchemy(bench, check) {
    await check('SQLAlchemy: findings and lens', async () => {
        await bench.file('shop-flask/shop/models/catalogue.py');
        await bench.see('.codelens-decoration', 'Consult database architect');
    });
    await check('SQLAlchemy: quick fix applied', async () => {
        await quickFix(bench, 'ForeignKey("brands.id")', 'Add index=True');
        await bench.textAt('ForeignKey("brands.id"), index=True');
    });
    await bench.key('Control+z');
    await check('SQLAlchemy: consult on a class', async (picture) => {
        await bench.consult('class Product', 'About This Table or Model', { beforeClick: () => picture('-menu') });
        await bench.pageFrame('products');
        await bench.pause(600);
    });
}

async function pages(bench, check) {
    await check('ER diagram', async () => {
        await bench.file('shop-prisma/prisma/schema.prisma');
        await bench.see('.squiggly-warning');
        await bench.see('.codelens-decoration', 'Consult database architect');
        await bench.consult('model Address', 'Show Schema and ER Diagram');
        const frame = await bench.pageFrame('erDiagram');
        await frame.locator('.diagram.drawn svg').first().waitFor();
        await bench.pause(500);
    });
    await check('settings', async () => {
        await bench.closeAll();
        await bench.command('Preferences: Open Settings (UI)');
        await bench.see('.settings-editor');
        await bench.page.keyboard.insertText('@ext:lintel.lintel');
        await bench.see('.settings-editor', 'Diagnostics: Run');
        await bench.pause(500);
    });
    await check('dark', async () => {
        await bench.closeAll();
        await bench.file('shop-prisma/prisma/schema.prisma');
        await bench.see('.codelens-decoration', 'Consult database architect');
        await bench.command('Preferences: Toggle between Light/Dark Themes');
        await bench.consult('model Address', 'About This File');
        const frame = await bench.pageFrame('Roadmap');
        await frame.locator('.diagram.drawn svg').first().waitFor().catch(() => {});
        await bench.pause(500);
    });
    await bench.command('Preferences: Toggle between Light/Dark Themes');
}

const HISTORY = {
    'app/migrations/0001_users.sql': 'CREATE TABLE users (id bigint PRIMARY KEY, email text, age text);\n',
    'app/migrations/0002_more.sql': 'ALTER TABLE users ADD COLUMN note text;\n',
    'app/queries/report.sql': "SELECT email FROM users WHERE id = 1;\n",
    'app/lintel.yaml': 'databases:\n  - name: app\n    paths: [migrations]\n    queries: [queries]\n',
};

async function hints(bench, check) {
    await check('on save: what the change means when it is deployed', async () => {
        await bench.file('app/migrations/0002_more.sql');
        await bench.click('ALTER TABLE users');
        await bench.key('Control+a');
        await bench.page.keyboard.insertText('ALTER TABLE users DROP COLUMN email, ADD COLUMN note text;\n');
        await bench.key('Control+s');
        await bench.hover('DROP COLUMN', 'that fails once this is deployed');
    });
    await check('lintel.yaml: what is wrong in it', async () => {
        await bench.file('app/lintel.yaml');
        await bench.click('databases:');
        await bench.key('Home');
        await bench.page.keyboard.insertText('rulez: {}\n');
        await bench.hover('rulez', 'config-unknown-key');
    });
    await bench.command('File: Revert File');
}

async function folders(bench, check) {
    await bench.command('Collapse Folders in Explorer');
    await check('explorer: consult on a folder', async (picture) => {
        await bench.file('recipes/queries.sql');
        await bench.see('.codelens-decoration, .squiggly-warning, .squiggly-info, .squiggly-hint');
        await bench.retry(3, async () => {
            const { x, y } = await bench.at('.explorer-folders-view .monaco-list-row', 'migrations');
            await bench.page.mouse.click(x, y, { button: 'right' });
            await bench.page.getByRole('menuitem', { name: 'Consult Database Architect' }).first().waitFor({ timeout: 4000 });
        });
        await bench.consultMenu('About the Whole Database', () => picture('-menu'));
        await bench.pageFrame('Current State Assessment');
    });
    await check('editor menu while a folder is selected in the explorer', async () => {
        await bench.closeAll();
        await bench.file('recipes/queries.sql');
        const { x, y } = await bench.at('.explorer-folders-view .monaco-list-row', 'migrations');
        await bench.page.mouse.click(x, y);
        await bench.consult('recipes', 'About This File');
        await bench.pageFrame('Current State Assessment');
    });
}

async function questions(bench, check, { server }) {
    await check('question box', async (picture) => {
        await bench.closeAll();
        await bench.file('recipes/queries.sql');
        await bench.command('Consult Database Architect: Ask a Question');
        await bench.see('.quick-input-widget', 'Ask the Database Architect');
        await bench.page.keyboard.insertText('Which index does recipes need?');
        await picture('-asked');
        await bench.key('Enter');
        await bench.pageFrame('Which index does recipes need?');
    });
    await check('list of reports', async () => {
        await bench.command('Lintel: Show Reports');
        await bench.see('.quick-input-widget', 'Reports of the Database Architect');
        await bench.see('.quick-input-list .monaco-list-row');
    });
    await bench.key('Escape');
    await check('page after a reload', async () => {
        await bench.pause(6000); // VS Code in a browser keeps what is open every five seconds
        await bench.page.reload({ waitUntil: 'domcontentloaded' });
        await bench.pageFrame('Which index does recipes need?', 60_000);
    });
    await check('activation under 100 ms', async () => {
        await bench.command('Lintel: Show Log');
        const activations = () => [...server.log().matchAll(/activated in ([\d.]+) ms/g)].map(([, time]) => Number(time));
        await until(() => activations().length > 1, 'the second activation');
        console.log(`# our own activations took ${activations().join(' and ')} ms`);
        // The faster one: in the other the processor may have been somebody else's for a while.
        assert.ok(Math.min(...activations()) < 100);
    });
    await bench.key('Control+j'); // the panel of the log
    await check('walkthrough', async () => {
        await bench.closeAll();
        await bench.command('Welcome: Open Walkthrough');
        await bench.page.getByPlaceholder('Select a walkthrough to open').first().waitFor();
        await bench.page.keyboard.insertText('Lintel');
        await bench.pick('Lintel');
        await bench.see('.getting-started-step, .step-title', 'See what');
        await bench.pause(1000);
    });
}

async function model(bench, check, { server }) {
    const slow = await startModel();
    try {
        await check('model: status line', async () => {
            await bench.file('20230205110000_orders.sql');
            await bench.see('.squiggly-warning');
            await bench.see('.codelens-decoration', '4 findings');
            server.set({ ...SETTINGS, 'lintel.consult.provider': 'openai', 'lintel.consult.base_url': slow.url, 'lintel.consult.model': 'slow-model' });
            await bench.retry(4, async () => {
                await bench.page.mouse.move(700, 880);
                const { x, y } = await bench.at('#status\\.languageStatus, .statusbar-item[id="status.languageStatus"]');
                await bench.page.mouse.move(x, y);
                await bench.see('.hover-language-status', 'PostgreSQL', 5000);
                await bench.see('.hover-language-status', 'slow-model', 5000);
            });
            await bench.pause(300);
        });
        await check('model: a report that grows', async (picture) => {
            slow.pace = 150;
            await bench.consult('CREATE TABLE orders', 'About This File');
            await bench.see('.notifications-toasts', 'Consulting the database architect');
            const page = await bench.pageFrame('Being written');
            const written = async () => (await page.locator('main#page').textContent()).split('are never changed').length;
            const before = await written();
            await picture('-progress');
            await until(async () => await written() > before, 'more text', 60_000);
            slow.pace = 0;
            await bench.unsee('.notifications-toasts', 'Consulting the database architect', 60_000);
            await bench.pageFrame('slow-model');
        });
        await check('model: cancel', async (picture) => {
            slow.pace = Infinity;
            await bench.consult('CREATE TABLE orders', 'About This Table or Model');
            await bench.see('.notifications-toasts', 'Consulting the database architect');
            await until(() => slow.requests > 1, 'a request');
            await bench.pause(1500);
            await picture('-before');
            const cut = slow.cut;
            await bench.page.locator('.notifications-toasts .monaco-button', { hasText: 'Cancel' }).click();
            await bench.unsee('.notifications-toasts', 'Consulting the database architect', 5000);
            await until(() => slow.cut > cut, 'the end of the request', 2000);
            assert.strictEqual(await bench.page.locator('.notifications-toasts', { hasText: 'No consultation' }).count(), 0);
        });
    } finally {
        slow.stop();
    }
}
