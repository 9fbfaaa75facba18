// suite.mjs - the extension as a person sees it. Speaks TAP; each check leaves a picture.
//
// Usage: node suite.mjs VSIX SCREENS        SCREENS: the folder for the pictures; ONLY=pattern: some of the parts
//
// Each part has an editor of its own; within a part, a check goes on from where the one before has left it.

import fs from 'node:fs';
import path from 'node:path';
import { startBrowser } from './editor.mjs';
import * as company from './company.mjs';
import * as everyday from './everyday.mjs';
import * as failures from './failures.mjs';
import * as quietness from './quietness.mjs';

const [vsix, screens] = process.argv.slice(2).map((each) => path.resolve(each));
const only = process.env.ONLY ? new RegExp(process.env.ONLY) : /./;
fs.mkdirSync(screens, { recursive: true });

let count = 0, failed = 0;

/** Runs one check and takes its picture; `page` may change meanwhile, so it is asked for. Returns whether it is good. */
async function check(name, page, run) {
    const number = ++count;
    const begun = Date.now();
    const file = (suffix) => path.join(screens, `${name.replaceAll(/[^a-z0-9]+/gi, '-').toLowerCase()}${suffix}.png`);
    const picture = async (suffix = '') => { await page()?.screenshot({ path: file(suffix) }); };
    try {
        await run(picture);
        if (!fs.existsSync(file('')) || fs.statSync(file('')).mtimeMs < begun) await picture();
        console.log(`ok ${number} - ${name} # ${Date.now() - begun} ms`);
        return true;
    } catch (error) {
        failed++;
        await picture('-failed').catch(() => {});
        console.log(`not ok ${number} - ${name}\n${String(error.stack ?? error).replace(/^/gm, '#   ')}`);
        return false;
    }
}

const browser = await startBrowser();
try {
    for (const part of [...everyday.parts, ...failures.parts, ...quietness.parts, ...company.parts]) {
        if (!only.test(part.name)) continue;
        console.log(`# ${part.name}`);
        await part.run({ browser, vsix, check });
    }
} finally {
    await browser.stop();
}
console.log(`1..${count}`);
process.exit(failed ? 1 : 0);
