// failures.mjs - a server that is not there, not ours, or does not stay: one message each, which says what to do.

import assert from 'node:assert';
import fs from 'node:fs';
import path from 'node:path';
import { processesOf, until, withEditor } from './session.mjs';

export const parts = [{ name: 'failures', run: failures }];

const MAX_RESTARTS = 5;

/** One error message is in the corner; one that is there twice counts twice. */
async function onlyMessage(bench, text) {
    await bench.see('.notifications-toasts .notification-list-item-message', text);
    await bench.pause(1000);
    const all = await bench.page.locator('.notifications-toasts .notification-list-item-message').allTextContents();
    assert.strictEqual(all.length, 1, `one message, not ${JSON.stringify(all)}`);
    const buttons = await bench.page.locator('.notifications-toasts .monaco-button').allTextContents();
    for (const wanted of ['Open Settings', 'Show Log', 'Start Again']) assert.ok(buttons.includes(wanted), `a button ${wanted}`);
}

async function failures(context) {
    const sample = { files: { 'schema.sql': 'CREATE TABLE one (id integer REFERENCES two (id));\nCREATE TABLE two (id serial PRIMARY KEY);\n' }, name: 'project' };
    const settings = { 'lintel.server.path': '/nowhere/lintel' };
    await withEditor(context, sample, async (bench, check, { server }) => {
        const program = (name, text) => {
            const file = path.join(server.folder, name);
            fs.writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
            return file;
        };
        const installed = fs.readdirSync(server.extensions).find((name) => name.startsWith('lintel.'));
        const real = path.join(server.extensions, installed, 'bin/lintel');
        const use = async (file) => {
            await bench.command('Notifications: Clear All Notifications');
            server.set({ 'lintel.server.path': file });
        };

        await check('failure: no program', async () => {
            await bench.file('schema.sql');
            await onlyMessage(bench, 'there is no program /nowhere/lintel');
        });
        await check('failure: another version', async () => {
            await use(program('old', 'echo "lintel 0.0.9"'));
            await onlyMessage(bench, 'old is 0.0.9, this extension works with');
        });
        await check('failure: another program', async () => {
            await use('/bin/true');
            await onlyMessage(bench, '/bin/true is not Lintel');
        });
        await check('failure: ends while starting', async () => {
            await use(program('broken', `[ "$1" = --version ] && exec "${real}" --version; echo "no libraries" >&2; exit 3`));
            await onlyMessage(bench, 'ended while it was starting');
            assert.match(server.log(), /no libraries/);
            assert.match(server.log(), /ended with status 3/);
        });
        await check('failure: ends while in use', async () => {
            // The server's own process ids: a child of the server looks like it in /proc until it has become git.
            const starts = path.join(server.folder, 'starts');
            const started = () => fs.readFileSync(starts, 'utf8').trim().split('\n').map(Number);
            await use(program('mortal', `[ "$1" = lsp ] && echo $$ >>"${starts}"; exec "${real}" "$@"`));
            await bench.see('.squiggly-warning, .squiggly-info');
            for (let i = 0; i <= MAX_RESTARTS; i++) {
                // It must have been in use: until it has answered, its end is a failure to start.
                await until(() => server.log().split('is running').length - 1 > i, 'a running server');
                process.kill(started()[i], 'SIGKILL');
            }
            await onlyMessage(bench, 'keeps ending, and is not started again');
            assert.strictEqual(started().length, 1 + MAX_RESTARTS);
        });
        await check('failure: started again by hand', async () => {
            await bench.page.locator('.notifications-toasts .monaco-button', { hasText: 'Start Again' }).click();
            await bench.see('.squiggly-warning, .squiggly-info');
            await until(() => processesOf(`${real} lsp`).length === 1, 'the server');
        });
    }, { settings });
}
