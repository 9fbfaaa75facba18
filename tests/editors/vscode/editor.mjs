// editor.mjs - a real VS Code (code-server) with folders of its own and our extension installed, and a browser on it.

import { spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

export const top = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../../..');
const installed = path.join(top, 'build/editors/code-server/node_modules');

// What would ask, advertise, or go to the network; and a hover that does not wait.
const quiet = {
    'telemetry.telemetryLevel': 'off', 'workbench.startupEditor': 'none', 'workbench.tips.enabled': false,
    'workbench.secondarySideBar.defaultVisibility': 'hidden', 'extensions.ignoreRecommendations': true,
    'extensions.autoCheckUpdates': false, 'extensions.autoUpdate': false, 'update.mode': 'none', 'update.showReleaseNotes': false,
    'workbench.enableExperiments': false, 'workbench.settings.enableNaturalLanguageSearch': false,
    'chat.disableAIFeatures': true, 'chat.commandCenter.enabled': false, 'editor.accessibilitySupport': 'off',
    'editor.hover.delay': 200, 'editor.minimap.enabled': false, 'workbench.editor.restoreViewState': false,
    'window.menuBarVisibility': 'compact', 'files.simpleDialog.enable': true, 'workbench.tree.indent': 12,
    'window.commandCenter': false, 'workbench.reduceMotion': 'on', 'editor.cursorBlinking': 'solid', 'workbench.layoutControl.enabled': false, 'editor.stickyScroll.enabled': false,
    // As on a desktop. In a browser VS Code saves after a second, and what is undone in that moment stays in the file.
    'files.autoSave': 'off',
    'security.workspace.trust.enabled': false, 'git.openRepositoryInParentFolders': 'never', 'explorer.compactFolders': false,
};

// One for all editors of a run: what the browser has compiled belongs to the address.
let port;

function freePort() {
    return new Promise((resolve) => {
        const server = net.createServer().listen(0, '127.0.0.1', () => {
            const { port } = server.address();
            server.close(() => resolve(port));
        });
    });
}

const node = path.join(installed, 'node/bin/node');
const entry = path.join(installed, 'code-server/out/node/entry.js');

function environmentIn(folder) {
    const at = (name) => path.join(folder, name);
    return { PATH: `${path.dirname(node)}:${process.env.PATH}`, HOME: at('home'), LANG: 'C.UTF-8', GIT_CONFIG_GLOBAL: '/dev/null',
        XDG_STATE_HOME: at('state'), XDG_CONFIG_HOME: at('config'), XDG_DATA_HOME: at('share'), XDG_CACHE_HOME: at('cache') };
}

const extensionFolders = new Map();

/** A folder with these .vsix files installed, the same for all editors that have the same ones. */
function folderWith(extensions) {
    const key = extensions.join('|');
    if (extensionFolders.has(key)) return extensionFolders.get(key);
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-extensions-'));
    process.on('exit', () => fs.rmSync(folder, { recursive: true, force: true }));
    const result = path.join(folder, 'extensions');
    for (const extension of extensions) {
        const { status, stdout, stderr } = spawnSync(node, [entry, '--config', path.join(folder, 'config.yaml'), '--user-data-dir', path.join(folder, 'data'),
            '--extensions-dir', result, '--install-extension', extension], { env: environmentIn(folder), encoding: 'utf8' });
        if (status !== 0) throw new Error(`cannot install ${extension}: ${stdout}${stderr}`);
    }
    extensionFolders.set(key, result);
    return result;
}

/** Starts code-server. `extensions`: .vsix files; `settings`: ours; `trust`: whether folders are asked about. */
export async function startServer({ extensions = [], settings = {}, userSettings = {}, trust = false, environment = {} }) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-vscode-'));
    const at = (name) => path.join(folder, name);
    for (const name of ['data/User', 'data/Machine', 'home']) fs.mkdirSync(at(name), { recursive: true });
    fs.writeFileSync(at('data/User/settings.json'), JSON.stringify({ ...quiet, ...userSettings }, null, 4));
    // The machine's own, because code-server is a remote machine to its window.
    // Renamed into place: VS Code may look at a file that is half written, and then all settings are the defaults.
    const set = (these) => {
        fs.writeFileSync(at('settings.json'), JSON.stringify(these, null, 4));
        fs.renameSync(at('settings.json'), at('data/Machine/settings.json'));
    };
    set(settings);
    const args = [entry, '--config', at('config.yaml'), '--user-data-dir', at('data'), '--extensions-dir', folderWith(extensions)];
    const env = { ...environmentIn(folder), ...environment };
    port ??= await freePort();
    const log = fs.openSync(at('code-server.log'), 'w');
    const child = spawn(node, [...args, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check',
        '--disable-getting-started-override', ...(trust ? [] : ['--disable-workspace-trust'])], { env, stdio: ['ignore', log, log], detached: true });
    const url = `http://127.0.0.1:${port}`;
    for (let tries = 0; ; tries++) {
        const answer = await fetch(`${url}/healthz`).catch(() => null);
        if (answer?.ok) break;
        if (tries > 240) throw new Error(`code-server does not start: ${fs.readFileSync(at('code-server.log'), 'utf8')}`);
        await new Promise((resolve) => setTimeout(resolve, 250));
    }
    return {
        url, folder, extensions: folderWith(extensions),
        /** Gives it these settings instead of those that it had. */
        set,
        /** What our extension has written to its log, of all windows. */
        log: () => logsBelow(at('data/logs')).map((file) => fs.readFileSync(file, 'utf8')).join(''),
        stop() {
            try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ }
            fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
        },
    };
}

function logsBelow(folder) {
    return fs.existsSync(folder) ? fs.readdirSync(folder, { recursive: true }).filter((name) => name.endsWith('Lintel.log')).map((name) => path.join(folder, name)) : [];
}

export async function startBrowser(viewport = { width: 1440, height: 900 }) {
    const profile = fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-chromium-'));
    const context = await chromium.launchPersistentContext(profile, {
        executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium-headless-shell', headless: true, viewport,
        permissions: ['clipboard-read', 'clipboard-write'],
        args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    context.setDefaultTimeout(20_000);
    return {
        context,
        /** Forgets what pages have stored: the next editor is as new. */
        async forget() {
            const page = await context.newPage();
            const session = await context.newCDPSession(page);
            await session.send('Storage.clearDataForOrigin', { origin: `http://127.0.0.1:${port}`, storageTypes: 'cookies,local_storage,indexeddb,service_workers,cache_storage' });
            await page.close();
        },
        async stop() { await context.close(); fs.rmSync(profile, { recursive: true, force: true, maxRetries: 5 }); },
    };
}
