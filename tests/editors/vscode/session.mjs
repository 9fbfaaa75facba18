// session.mjs - one editor on one sample folder, for the checks of a part.

import fs from 'node:fs';
import { startServer } from './editor.mjs';
import { makeWorkspace } from './samples.mjs';
import { Workbench } from './workbench.mjs';

/** Starts all that a part needs, calls `run(workbench, check, {server})`, and ends all. */
export async function withEditor({ browser, vsix, check }, sample, run, { extensions = [], ...options } = {}) {
    const workspace = makeWorkspace(sample);
    const server = await startServer({ extensions: [vsix, ...extensions], ...options });
    const results = [];
    let workbench, isGood = false; // until all of it is: something outside a check may throw
    try {
        await browser.forget();
        workbench = await Workbench.open(browser.context, server.url, workspace.folder);
        await run(workbench, async (name, step) => { results.push(await check(name, () => workbench.page, step)); }, { server });
        isGood = results.every(Boolean);
    } finally {
        if (!isGood || process.env.SHOW_LOG) console.log(server.log().replace(/^/gm, '# '));
        await workbench?.page.close();
        server.stop();
        workspace.remove();
    }
}

/** The processes whose command line has this text. */
export function processesOf(text) {
    return fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
        try { return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(text); } catch { return false; }
    }).map(Number);
}

/** Until `run` gives something true, which is returned. */
export async function until(run, what, timeout = 20_000) {
    for (const end = Date.now() + timeout; Date.now() < end;) {
        const result = await run();
        if (result) return result;
        await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`it never came: ${what}`);
}
