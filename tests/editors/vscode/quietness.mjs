// quietness.mjs - where the extension has nothing to say, and where it says less.

import assert from 'node:assert';
import { processesOf, until, withEditor } from './session.mjs';

export const parts = [{ name: 'nothing to do', run: nothing }, { name: 'untrusted', run: untrusted }];

const runs = (server) => processesOf(`${server.extensions}/`).length > 0;

function nothing(context) {
    const files = { 'main.py': 'import json\n\nclass Order:\n    name = "x"\n\nprint(json.dumps({}))\n', 'README.md': '# Nothing\n', 'db/notes.txt': 'x\n' };
    return withEditor(context, { files, name: 'plain' }, async (bench, check, { server }) => {
        await check('no schema: no server', async () => {
            await bench.file('main.py');
            await until(() => server.log().includes('activated'), 'the activation');
            await bench.pause(3000);
            assert.ok(!runs(server) && !server.log().includes('is running'), 'no server runs');
            const { x, y } = await bench.textAt('class Order');
            await bench.page.mouse.click(x, y, { button: 'right' });
            await bench.page.getByRole('menuitem', { name: 'Command Palette' }).first().waitFor();
            assert.strictEqual(await bench.page.getByRole('menuitem', { name: 'Consult Database Architect' }).count(), 0);
        });
        await bench.key('Escape');
    });
}

function untrusted(context) {
    return withEditor(context, { project: 'recipes' }, async (bench, check, { server }) => {
        await check('untrusted: analysis only', async () => {
            await bench.page.locator('.monaco-dialog-box .monaco-button', { hasText: "No, I don't trust" }).click();
            await bench.file('queries.sql');
            await bench.see('.squiggly-warning, .squiggly-info, .squiggly-error');
            await bench.see('.statusbar', 'Restricted Mode');
        });
        await check('trust given: the server starts again', async () => {
            const before = server.log().split('is running').length;
            await bench.command('Workspaces: Manage Workspace Trust');
            await bench.page.locator('.workspace-trust-editor .monaco-button', { hasText: 'Trust' }).first().click();
            await until(() => server.log().split('is running').length > before, 'a second start');
        });
    }, { trust: true, userSettings: { 'security.workspace.trust.enabled': true, 'security.workspace.trust.startupPrompt': 'always' } });
}
