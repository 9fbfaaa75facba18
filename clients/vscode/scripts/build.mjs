// build.mjs - bundles the extension into dist/.
//
// Usage: node scripts/build.mjs [FOLDER]        FOLDER: where the bundles go (default: dist)

import { build } from "esbuild";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const top = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const out = path.resolve(process.argv[2] ?? path.join(top, "dist"));
const shared = { bundle: true, minify: true, outdir: out, metafile: true, legalComments: "none", absWorkingDir: top };

fs.rmSync(out, { recursive: true, force: true });
const made = await Promise.all([
    build({
        ...shared,
        entryPoints: ["src/extension.ts", "src/client.ts"],
        platform: "node",
        target: "node20",
        format: "cjs",
        // client.js is a bundle of its own, loaded when the server is first needed.
        external: ["vscode", "./client"],
    }),
    build({
        ...shared,
        entryPoints: { page: "src/page/main.ts" },
        platform: "browser",
        target: "es2022",
        format: "iife",
    }),
    build({ ...shared, entryPoints: ["src/page/page.css"] }),
]);
const mermaid = "packaging/node_modules/mermaid";
const hasMermaid = fs.existsSync(path.join(top, mermaid));
if (hasMermaid) fs.copyFileSync(path.join(top, mermaid, "dist/mermaid.min.js"), path.join(out, "mermaid.js"));
else console.error("build.mjs: without Mermaid, which is not here (tests/setup.sh vsix)");
writeNotices(made.flatMap((result) => Object.keys(result.metafile.inputs)));

/** The licences of everything that is in the bundles. */
function writeNotices(inputs) {
    const packages = new Set(hasMermaid ? [mermaid] : []);
    for (const input of inputs) {
        const found = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input);
        if (found) packages.add(found[0]);
    }
    const parts = [...packages].sort().map((folder) => {
        const { name, version, license } = JSON.parse(fs.readFileSync(path.join(top, folder, "package.json"), "utf8"));
        const file = fs.readdirSync(path.join(top, folder)).find((each) => /^licen[sc]e/i.test(each));
        const text = file ? fs.readFileSync(path.join(top, folder, file), "utf8").trim() : `License: ${license}`;
        return `${name} ${version}\n\n${text}\n`;
    });
    fs.writeFileSync(path.join(out, "THIRD-PARTY.txt"), parts.join(`\n${"-".repeat(80)}\n\n`));
}
