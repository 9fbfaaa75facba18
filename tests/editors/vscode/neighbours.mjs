// neighbours.mjs - language servers of others as extensions of one editor with ours.
//
// Their extensions are not on npm, their servers are. A small extension made here stands for each: it has the name that ours
// looks for, declares the languages that the real one does, and starts the real server for the same files.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { top } from './editor.mjs';

const peers = path.join(top, 'tests/peers/node_modules');

const all = {
    prisma: {
        publisher: 'Prisma', languages: [{ id: 'prisma', extensions: ['.prisma'] }], selector: ['prisma'],
        server: path.join(peers, '@prisma/language-server/dist/bin.js'), args: ['--stdio'],
        settings: { 'prisma.enableDiagnostics': true }, // its server does not live without them
    },
    squawk: {
        publisher: 'sbdchd', languages: [{ id: 'postgres', extensions: ['.sql', '.psql'] }], selector: ['sql', 'postgres'],
        server: path.join(peers, '@squawk-cli/linux-x64/bin/squawk'), args: ['server'], settings: {},
    },
    pyright: {
        publisher: 'ms-pyright', languages: [], selector: ['python'],
        server: path.join(peers, 'pyright/langserver.index.js'), args: ['--stdio'],
        settings: { 'python.analysis.diagnosticMode': 'openFilesOnly' },
    },
};

/** The server is there: not every one is made for every processor. */
export function hasNeighbour(name) {
    return fs.existsSync(all[name].server);
}

/** Packages the extension: `vsix` is its file, `remove()` takes it away. */
export function makeNeighbour(name) {
    const { publisher, languages, selector, server, args, settings } = all[name];
    const tools = path.join(top, 'clients/vscode/node_modules');
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-neighbour-'));
    const properties = Object.fromEntries(Object.entries(settings).map(([key, value]) => [key, { type: typeof value, default: value, description: key }]));
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({
        publisher, name, version: '1.0.0', license: 'MIT', engines: { vscode: '^1.91.0' }, main: './out.js',
        activationEvents: selector.map((language) => `onLanguage:${language}`), contributes: { languages, configuration: { properties } },
    }));
    fs.writeFileSync(path.join(folder, 'README.md'), 'A language server of others, for a test.\n');
    const command = server.endsWith('.js') ? [process.execPath, server] : [server];
    fs.writeFileSync(path.join(folder, 'in.js'), `
        const vscode = require('vscode');
        const { LanguageClient } = require('vscode-languageclient/node');
        const [command, ...args] = ${JSON.stringify([...command, ...args])};
        exports.activate = () => new LanguageClient(${JSON.stringify(name)}, ${JSON.stringify(name)}, { command, args },
            { documentSelector: ${JSON.stringify(selector.map((language) => ({ scheme: 'file', language })))},
              synchronize: { configurationSection: ${JSON.stringify(name)} },
              outputChannel: vscode.window.createOutputChannel(${JSON.stringify(name)}, { log: true }) }).start();`);
    execFileSync(path.join(tools, '.bin/esbuild'), ['in.js', '--bundle', '--platform=node', '--format=cjs', '--external:vscode', '--outfile=out.js', '--log-level=error'],
        { cwd: folder, env: { ...process.env, NODE_PATH: tools } });
    const vsix = path.join(folder, 'neighbour.vsix');
    execFileSync('node', [path.join(top, 'clients/vscode/packaging/node_modules/@vscode/vsce/vsce'), 'package', '--no-dependencies', '--allow-missing-repository', '--skip-license', '--out', vsix],
        { cwd: folder, stdio: 'ignore' });
    return { vsix, remove: () => fs.rmSync(folder, { recursive: true, force: true }) };
}
