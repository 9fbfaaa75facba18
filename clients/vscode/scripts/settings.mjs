// settings.mjs - the settings of package.json, from the server's table of options.
//
// Usage: node scripts/settings.mjs LINTEL            writes package.json and package.nls.json
//        node scripts/settings.mjs --check LINTEL    says where they differ, and fails if they do

import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const top = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

// Of one project, with paths that count from lintel.yaml: they belong there.
const NOT_IN_EDITORS = new Set(["databases"]);

// What only the extension knows.
const OURS = {
    "server.path": {
        type: "string",
        default: "",
        scope: "machine-overridable",
        description: "The server's program. Empty: the one that comes with the extension. A bare name is looked for on the PATH.",
    },
    "server.logLevel": {
        type: "string",
        enum: ["error", "warn", "info", "debug"],
        default: "warn",
        scope: "window",
        description: "What the server writes to the log (Lintel: Show Log).",
    },
    "trace.server": {
        type: "string",
        enum: ["off", "messages", "verbose"],
        default: "off",
        scope: "window",
        description: "Whether the messages between the editor and the server are logged. They hold the text of your files.",
    },
};

const SECTIONS = [
    { title: "Findings", keys: /^(?:diagnostics|neighbours|inlay_hints|rules|ignore|dialect|postgresql|mysql)\b/ },
    { title: "Consultant", keys: /^(?:consult|assume)\b/ },
    { title: "Server", keys: /^(?:server|trace)\b/ },
    { title: "More", keys: /./ },
];

/** One setting of each leaf; a map with names of the user's own is one leaf. */
function* leaves(schema, prefix = "") {
    for (const [name, option] of Object.entries(schema.properties)) {
        const key = prefix + name;
        if (NOT_IN_EDITORS.has(key)) continue;
        if (option.properties && key !== "rules") yield* leaves(option, `${key}.`);
        else yield [key, setting(option)];
    }
}

/** What the settings page can edit: of several types it shows none, so the one that all values can be written in. */
function setting({ "x-scope": scope, type, ...option }) {
    const types = [type ?? "string"].flat();
    const one = types.includes("array") ? "array" : types.includes("string") ? "string" : types[0];
    const { minimum: _, ...rest } = option;
    // "machine": of the user's settings and never of a workspace's.
    return { type: one, ...(one === "string" ? rest : option), scope: scope === "user" ? "machine" : "window" };
}

function make(schema) {
    const all = [...leaves(schema), ...Object.entries(OURS)];
    const texts = {};
    const sections = SECTIONS.map(({ title, keys }, index) => {
        const properties = {};
        for (const [key, { description, ...option }] of all) {
            if (SECTIONS.findIndex((section) => section.keys.test(key)) !== index) continue;
            texts[`setting.${key}`] = description;
            properties[`lintel.${key}`] = { description: `%setting.${key}%`, ...option };
        }
        return { title, properties };
    });
    return { sections: sections.filter(({ properties }) => Object.keys(properties).length > 0), texts };
}

const isCheck = process.argv[2] === "--check";
const lintel = process.argv[isCheck ? 3 : 2];
if (!lintel) {
    console.error("usage: node scripts/settings.mjs [--check] LINTEL");
    process.exit(2);
}
const { sections, texts } = make(JSON.parse(execFileSync(lintel, ["config", "--schema"], { encoding: "utf8" })));

let isDifferent = false;
function update(name, change) {
    const file = path.join(top, name);
    const before = fs.readFileSync(file, "utf8");
    const after = JSON.stringify(change(JSON.parse(before)), null, 2) + "\n";
    if (before === after) return;
    isDifferent = true;
    if (isCheck) console.error(`${name} is not what the server's options make: node scripts/settings.mjs LINTEL writes it`);
    else fs.writeFileSync(file, after);
}
update("package.json", (manifest) => {
    manifest.contributes.configuration = sections;
    manifest.capabilities.untrustedWorkspaces.restrictedConfigurations = [
        "lintel.server.path",
        ...sections.flatMap(({ properties }) => Object.keys(properties)).filter((key) => key.startsWith("lintel.consult.")),
    ];
    return manifest;
});
update("package.nls.json", (nls) => {
    const kept = Object.entries(nls).filter(([key]) => !key.startsWith("setting."));
    return Object.fromEntries([...kept, ...Object.entries(texts)]);
});
process.exit(isCheck && isDifferent ? 1 : 0);
