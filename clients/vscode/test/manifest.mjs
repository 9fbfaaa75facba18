// manifest.mjs - what package.json promises is there, and the bundles stay small.
//
// Usage: node test/manifest.mjs LINTEL FOLDER        FOLDER: for the bundles, made anew

import assert from "node:assert";
import { execFileSync } from "node:child_process";
import fs from "node:fs";

const [lintel, folder] = process.argv.slice(2);
const manifest = JSON.parse(fs.readFileSync("package.json", "utf8"));
const nls = JSON.parse(fs.readFileSync("package.nls.json", "utf8"));
const text = JSON.stringify(manifest);

const version = /^lintel (\S+)/.exec(execFileSync(lintel, ["--version"], { encoding: "utf8" }))[1];
assert.strictEqual(manifest.version, version, "the extension's version is the server's");

const keys = new Set([...text.matchAll(/%([\w.]+)%/g)].map((found) => found[1]));
assert.deepStrictEqual([...keys].filter((key) => !(key in nls)), [], "every text is there");
assert.deepStrictEqual(Object.keys(nls).filter((key) => !keys.has(key)), [], "no text is left over");

const declared = manifest.contributes.commands.map(({ command }) => command);
const source = fs.readFileSync("src/commands.ts", "utf8");
const registered = [...source.matchAll(/"(lintel\.\w+)":/g)].map((found) => found[1]);
assert.deepStrictEqual(declared.filter((command) => !registered.includes(command)), [], "every command is registered");
const named = [...JSON.stringify([manifest.contributes.menus, manifest.contributes.walkthroughs]).matchAll(/(?:command":"|command:|onCommand:)(lintel\.\w+)/g)];
assert.deepStrictEqual(named.map((found) => found[1]).filter((command) => !declared.includes(command)), [], "menus name commands that are there");

const languages = [...fs.readFileSync("src/gate.ts", "utf8").match(/const SQL = \[(.*)\]/)[1].matchAll(/"(\w+)"/g)].map((found) => found[1]);
assert.ok(languages.includes("sql"));
for (const language of [...languages, "prisma", "python"]) assert.ok(manifest.activationEvents.includes(`onLanguage:${language}`), `${language} activates`);
for (const [, list] of JSON.stringify(manifest.contributes.menus).matchAll(/editorLangId =~ \/\^\(([^)]*)\)/g))
    assert.deepStrictEqual(list.split("|").filter((each) => each !== "python"), [...languages, "prisma"], "menus are there in every language");

for (const [, file] of text.matchAll(/"((?:walkthrough|images)\/[^"]+|icon\.png)"/g)) assert.ok(fs.existsSync(file), `${file} is there`);
const restricted = manifest.capabilities.untrustedWorkspaces.restrictedConfigurations;
for (const key of ["lintel.server.path", "lintel.consult.provider", "lintel.consult.base_url"]) assert.ok(restricted.includes(key), `${key} is restricted`);
assert.ok(!/telemetry/i.test(text), "no telemetry");

execFileSync("node", ["scripts/build.mjs", folder], { stdio: ["ignore", "inherit", "ignore"] });
const size = (name) => fs.statSync(`${folder}/${name}`).size;
const total = ["extension.js", "client.js", "page.js", "page.css"].reduce((sum, name) => sum + size(name), 0);
assert.ok(total < 1e6, `the bundles have ${total} bytes`);
assert.ok(size("extension.js") < 64e3, `what is loaded at once has ${size("extension.js")} bytes`);
