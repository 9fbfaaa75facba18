// suite.mjs - the extension as a person sees it. Speaks TAP; each check leaves a picture.
//
// Usage: node suite.mjs VSIX SCREENS        SCREENS: the folder for the pictures

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { execFileSync } from 'node:child_process';
import { startBrowser, startServer, top } from './editor.mjs';
import { Workbench } from './workbench.mjs';

const [vsix, screens] = process.argv.slice(2).map((each) => path.resolve(each));
fs.mkdirSync(screens, { recursive: true });

/** The sample projects, as one folder under git. */
function makeWorkspace() {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-workspace-'));
    for (const project of ['shop', 'shop-prisma', 'shop-flask'])
        fs.cpSync(path.join(top, 'tests/projects', project), path.join(folder, project), { recursive: true });
    const git = (...args) => execFileSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@example.org', ...args], { cwd: folder, stdio: 'ignore' });
    git('init', '-q');
    git('add', '-A');
    git('commit', '-qm', 'start');
    return folder;
}

let count = 0, failed = 0;
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : null;
async function check(workbench, name, run) {
    if (only && !only.test(name)) return;
    const number = String(++count).padStart(2, '0');
    const begun = Date.now();
    const picture = (suffix = '') => workbench.page.screenshot({ path: path.join(screens, `${number}-${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}${suffix}.png`) });
    try {
        await run(picture);
        await picture();
        console.log(`ok ${count} - ${name} # ${Date.now() - begun} ms`);
    } catch (error) {
        failed++;
        await picture('-failed').catch(() => {});
        console.log(`not ok ${count} - ${name}\n${String(error.stack ?? error).replace(/^/gm, '#   ')}`);
    }
}

const workspace = makeWorkspace();
const server = await startServer({ extensions: [vsix] });
const browser = await startBrowser();
try {
    const workbench = await Workbench.open(browser.context, server.url, workspace);
    const step = (name, run) => check(workbench, name, run);

    await step('squiggles', async () => {
        await workbench.file('shop/db/migrations/20230110090000_customers.sql');
        await workbench.see('.squiggly-info, .squiggly-warning');
    });
    await step('consult file report', async () => {
        await workbench.menu('CREATE TABLE', 'Consult Database Architect');
        await workbench.consultMenu('About This File');
        await workbench.pageFrame('Current State Assessment');
    });
} finally {
    if (process.env.KEEP_LOG) console.log(server.log().replace(/^/gm, '# '));
    await browser.stop();
    server.stop();
    fs.rmSync(workspace, { recursive: true, force: true });
}
console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
