// pictures.mjs - the pictures of the extension's README, from the real editor.
//
// Usage: node pictures.mjs VSIX FOLDER
//
// Needs ImageMagick's convert, to bring the number of colours down.

import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { startBrowser, startServer } from './editor.mjs';
import { makeWorkspace } from './samples.mjs';
import { Workbench } from './workbench.mjs';

const [vsix, folder] = process.argv.slice(2).map((each) => path.resolve(each));
fs.mkdirSync(folder, { recursive: true });
const workspace = makeWorkspace({ project: 'shop' });
const small = makeWorkspace({ project: 'recipes' });
const server = await startServer({ extensions: [vsix] });
const browser = await startBrowser({ width: 1180, height: 720 });
let bench = await Workbench.open(browser.context, server.url, workspace.folder);
async function picture(name, clip) {
    const file = path.join(folder, `${name}.png`);
    await bench.page.screenshot({ path: file, clip });
    execFileSync('convert', [file, '-strip', '-colors', '96', '-depth', '8', '-define', 'png:compression-level=9', `PNG8:${file}`]);
}
try {
    await bench.file('20230110090000_customers.sql');
    await bench.see('.codelens-decoration', '10 findings');
    await bench.key('Control+b');
    await bench.pause(500);
    await bench.hover('REFERENCES customers', 'missing-fk-index');
    await bench.pause(300);
    await picture('findings', { x: 50, y: 0, width: 1010, height: 500 });
    await bench.key('Escape');
    await bench.consult('CREATE TABLE customers', 'About This File', { beforeClick: () => picture('menu', { x: 50, y: 0, width: 820, height: 480 }) });
    await bench.pageFrame('Current State Assessment');
    await bench.pause(1500);
    await picture('report', { x: 50, y: 0, width: 1130, height: 690 });
    bench = await Workbench.open(browser.context, server.url, small.folder);
    await bench.command('Preferences: Toggle between Light/Dark Themes');
    await bench.file('queries.sql');
    await bench.key('Control+b');
    await bench.see('.squiggly-warning, .squiggly-info, .squiggly-hint');
    await bench.command('Lintel: Show Schema and ER Diagram');
    const frame = await bench.pageFrame('erDiagram');
    await frame.locator('.diagram.drawn svg').first().waitFor();
    await bench.pause(1000);
    await picture('diagram', { x: 50, y: 0, width: 1130, height: 690 });
} finally {
    await browser.stop();
    server.stop();
    workspace.remove();
    small.remove();
}
