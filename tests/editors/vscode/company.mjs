// company.mjs - beside Prisma's own language server in one editor.
//
// Prisma's extension is not on npm; its server is. A small extension made here starts it for the files and with the
// features that the real one does.

import assert from 'node:assert';
import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { top } from './editor.mjs';
import { withEditor } from './session.mjs';

export const parts = [{ name: 'company', run: company }];

const prismaServer = path.join(top, 'tests/peers/node_modules/@prisma/language-server/dist/bin.js');

function makeNeighbour() {
    const tools = path.join(top, 'clients/vscode/node_modules');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-neighbour-'));
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({
        name: 'neighbour', publisher: 'tests', version: '1.0.0', license: 'MIT', engines: { vscode: '^1.91.0' }, main: './out.js',
        activationEvents: ['onLanguage:prisma'], contributes: {
            languages: [{ id: 'prisma', extensions: ['.prisma'] }],
            // Its server does not live without them.
            configuration: { properties: { 'prisma.enableDiagnostics': { type: 'boolean', default: true, description: 'x' } } },
        },
    }));
    fs.writeFileSync(path.join(folder, 'README.md'), 'Prisma\'s language server, for a test.\n');
    fs.writeFileSync(path.join(folder, 'in.js'), `
        const { LanguageClient, TransportKind } = require('vscode-languageclient/node');
        exports.activate = () => new LanguageClient('prisma', 'Prisma', { module: ${JSON.stringify(prismaServer)}, transport: TransportKind.ipc },
            { documentSelector: [{ scheme: 'file', language: 'prisma' }], outputChannel: require('vscode').window.createOutputChannel('Lintel', { log: true }) }).start();`);
    execFileSync(path.join(tools, '.bin/esbuild'), ['in.js', '--bundle', '--platform=node', '--format=cjs', '--external:vscode', '--outfile=out.js', '--log-level=error'],
        { cwd: folder, env: { ...process.env, NODE_PATH: tools } });
    const vsix = path.join(folder, 'neighbour.vsix');
    execFileSync('node', [path.join(top, 'clients/vscode/packaging/node_modules/@vscode/vsce/vsce'), 'package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix],
        { cwd: folder, stdio: 'ignore' });
    return { vsix, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}

const SCHEMA = `datasource db {
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
`;

async function company(context) {
    if (!fs.existsSync(prismaServer)) {
        console.log('# no Prisma server here (tests/setup.sh test): its part is left out');
        return;
    }
    const neighbour = makeNeighbour();
    try {
        await withEditor(context, { files: { 'prisma/schema.prisma': SCHEMA }, name: 'beside-prisma' }, async (bench, check) => {
            await check('beside Prisma: both report, nothing twice', async () => {
                await bench.file('schema.prisma');
                await bench.see('.squiggly-error');
                await bench.see('.squiggly-warning');
                await bench.command('Problems: Focus on Problems View');
                await bench.see('.markers-panel', 'Type "Stat" is neither');
                await bench.pause(500);
                const rows = await bench.page.locator('.markers-panel .monaco-list-row').allTextContents();
                assert.strictEqual(rows.filter((row) => row.includes('Stat')).length, 1, `one report of the unknown type in ${JSON.stringify(rows)}`);
                assert.ok(rows.some((row) => row.includes('missing-fk-index')), 'ours beside it');
            });
            await check('beside Prisma: it formats, and nobody asks who', async () => {
                await bench.click('state Stat');
                await bench.command('Format Document');
                await bench.textAt('customer   Customer @relation');
                assert.strictEqual(await bench.page.locator('.notifications-toasts', { hasText: 'formatter' }).count(), 0);
            });
            await check('beside Prisma: it renames', async () => {
                await bench.click('Customer {');
                await bench.key('F2');
                await bench.page.locator('.rename-box .rename-input:focus').first().waitFor();
                await bench.pause(300);
                await bench.page.keyboard.type('Client');
                await bench.key('Enter');
                await bench.textAt('Client @relation');
            });
            await check('beside Prisma: it completes, and nothing is offered twice', async () => {
                await bench.click('Stat');
                await bench.key('End');
                for (let i = 0; i < 4; i++) await bench.key('Backspace');
                await bench.page.keyboard.type('Str');
                await bench.key('Control+Space');
                await bench.see('.suggest-widget .monaco-list-row', 'String');
                await bench.pause(500);
                const offers = await bench.page.locator('.suggest-widget .monaco-list-row .label-name').allTextContents();
                assert.strictEqual(offers.filter((each) => each === 'String').length, 1, JSON.stringify(offers));
            });
        }, { extensions: [neighbour.vsix] });
    } finally {
        neighbour.remove();
    }
}
