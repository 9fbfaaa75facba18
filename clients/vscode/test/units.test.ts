import assert from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import * as vscode from "vscode";
import { BinaryError, check, fits, locate, program, versionOf } from "../src/binary";
import { Gate, hasSchema } from "../src/gate";
import { linksToCommands, withPageLinks } from "../src/hover";
import { titleOf } from "../src/page-editor";
import { selectionOf } from "../src/pages";
import { blocksOf } from "../src/page/blocks";
import { logLine } from "../src/process";
import { MAX_RESTARTS, Restarts } from "../src/restarts";
import { settingsForServer, withNeighbours } from "../src/settings";

const folder = mkdtempSync(join(tmpdir(), "lintel-units-"));
after(() => rmSync(folder, { recursive: true }));
function script(name: string, text: string): string {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    return file;
}

test("a version is read from what --version prints", () => {
    assert.equal(versionOf("lintel 0.1.0\ncommit 123\n"), "0.1.0");
    assert.equal(versionOf("lintel 1.2.3-dirty"), "1.2.3");
    for (const other of ["", "lintel", "node 20.1.0", "lintel 1.2", "xlintel 1.2.3"]) assert.equal(versionOf(other), undefined);
});

test("versions that speak with each other", () => {
    const pairs: [string, string, boolean][] = [
        ["0.1.0", "0.1.0", true], ["0.1.3", "0.1.0", true], ["0.1.0", "0.1.3", false], ["0.2.0", "0.1.0", false],
        ["1.4.0", "1.2.9", true], ["1.2.0", "1.4.0", false], ["2.0.0", "1.4.0", false], ["1.0.0", "0.9.0", false],
    ];
    for (const [has, wants, yes] of pairs) assert.equal(fits(has, wants), yes, `${has} with ${wants}`);
});

test("where the program is", () => {
    const here = script("lintel-here", "exit 0");
    assert.equal(program("  ", "/ext", undefined), "/ext/bin/lintel");
    assert.equal(program("/opt/lintel", "/ext", undefined), "/opt/lintel");
    assert.equal(locate("./tools/lintel", "/w", {}), "/w/tools/lintel");
    assert.equal(locate("~/bin/lintel", "/w", { HOME: "/home/jo" }), "/home/jo/bin/lintel");
    assert.equal(locate("lintel-here", "/w", { PATH: `/nowhere::${folder}` }), here);
    assert.equal(locate("lintel-nowhere", "/w", { PATH: folder }), "lintel-nowhere");
});

test("each fault of a program has its sentence", async () => {
    const fault = async (file: string): Promise<string> => {
        const error = await check(file, "0.1.0").then(() => undefined, (reason: unknown) => reason);
        assert.ok(error instanceof BinaryError);
        return error.message;
    };
    const noScript = join(folder, "plain");
    writeFileSync(noScript, "x", { mode: 0o644 });
    assert.match(await fault("/nowhere/lintel"), /not found: there is no program \/nowhere\/lintel\.$/);
    assert.match(await fault(noScript), /is not executable/);
    assert.match(await fault(script("fails", "echo 'libx.so: no such file' >&2; exit 127")), /failed \(libx\.so: no such file\)/);
    assert.match(await fault(script("other", "echo node 20")), /is not Lintel's server/);
    assert.match(await fault(script("old", "echo lintel 0.0.1")), /old is 0\.0\.1, this extension works with 0\.1\.0/);
    assert.equal(await check(script("good", "echo lintel 0.1.7"), "0.1.0"), "0.1.7");
});

test("a server is started again five times, and as often after the user asked", () => {
    let now = 0;
    const restarts = new Restarts(() => now);
    for (let i = 0; i < MAX_RESTARTS; i++) assert.ok(restarts.may());
    assert.ok(!restarts.may());
    restarts.reset();
    assert.ok(restarts.may());
    now += 59 * 60 * 1000;
    for (let i = 1; i < MAX_RESTARTS; i++) assert.ok(restarts.may());
    assert.ok(!restarts.may());
    now += 2 * 60 * 1000;
    assert.ok(restarts.may(), "the first is more than an hour ago");
});

test("a folder is asked about once, and again after a while", async () => {
    let now = 0;
    const asked: string[] = [];
    const gate = new Gate(async (file) => asked.push(file) > 2, () => now);
    assert.equal(await gate.opens("/a", "/a/1.py"), false);
    assert.equal(await gate.opens("/a", "/a/2.py"), false);
    assert.equal(await gate.opens("/b", "/b/1.py"), false);
    now += 6 * 60 * 1000;
    assert.equal(await gate.opens("/a", "/a/3.py"), true);
    assert.deepEqual(asked, ["/a/1.py", "/b/1.py", "/a/3.py"]);
    assert.equal(await hasSchema("/nowhere/lintel", "/a.sql"), false);
});

test("the server's own program says whether there is a schema", { skip: !process.env["LINTEL"] }, async () => {
    const lintel = process.env["LINTEL"]!;
    writeFileSync(join(folder, "plain.py"), "import json\n");
    writeFileSync(join(folder, "models.py"), "from sqlalchemy.orm import DeclarativeBase, mapped_column\nclass Base(DeclarativeBase): pass\nclass A(Base):\n    __tablename__ = 'a'\n    id = mapped_column(primary_key=True)\n");
    assert.equal(await hasSchema(lintel, join(folder, "models.py")), true);
    rmSync(join(folder, "models.py"));
    assert.equal(await hasSchema(lintel, join(folder, "plain.py")), false);
});

test("settings: what is not set, and what is the extension's, is not sent", () => {
    assert.deepEqual(settingsForServer(undefined), {});
    assert.deepEqual(
        settingsForServer({
            server: { path: "/x" }, trace: { server: "off" }, dialect: null, ignore: [], rules: {}, has: () => true,
            consult: { model: "", provider: "offline", limits: { turns: "40" } }, diagnostics: { run: "on-save" },
        }),
        { consult: { provider: "offline", limits: { turns: "40" } }, diagnostics: { run: "on-save" } },
    );
});

test("settings: squawk's extension is a neighbour unless the user says otherwise", () => {
    const installed = (extension: string): boolean => extension === "sbdchd.squawk";
    assert.deepEqual(withNeighbours({ a: 1 }, installed), { a: 1, neighbours: { squawk: "on" } });
    assert.deepEqual(withNeighbours({ neighbours: { squawk: "automatic" } }, installed), { neighbours: { squawk: "on" } });
    assert.deepEqual(withNeighbours({ neighbours: { squawk: "off" } }, installed), { neighbours: { squawk: "off" } });
    assert.deepEqual(withNeighbours({ a: 1 }, () => false), { a: 1 });
});

test("links to pages in a hover become the one command that is allowed", () => {
    assert.equal(linksToCommands("[a](https://x.org) [b](lintel:/reports/1.md)"), "[a](https://x.org) [b](command:lintel.openPage?%5B%22lintel%3A%2Freports%2F1.md%22%5D)");
    const text = new vscode.MarkdownString("[b](<lintel:/schema/a%20b.md>)");
    const plain = new vscode.MarkdownString("`drop` [x](command:workbench.action.quit)");
    withPageLinks({ contents: [text, plain] } as unknown as vscode.Hover);
    assert.deepEqual(text.isTrusted, { enabledCommands: ["lintel.openPage"] });
    assert.equal(plain.isTrusted, undefined);
});

test("lines of a link", () => {
    const lines = (fragment: string): unknown => {
        const range = selectionOf(fragment);
        return range && [range.start.line, range.start.character, range.end.line];
    };
    assert.deepEqual(lines("L12"), [11, 0, 11]);
    assert.deepEqual(lines("L12,5"), [11, 4, 11]);
    assert.deepEqual(lines("L3-L9"), [2, 0, 8]);
    assert.deepEqual(lines("L9-3"), [8, 0, 8]);
    assert.deepEqual(lines("L0"), [0, 0, 0]);
    assert.equal(lines("step-1"), undefined);
});

test("titles of pages", () => {
    assert.equal(titleOf("/reports/1a2b.md"), "Database Architect");
    assert.equal(titleOf("/reports/index.md"), "Reports");
    assert.equal(titleOf("/schema/db/shop.md"), "Schema: db/shop");
    assert.equal(titleOf("/rules/missing-fk-index.md"), "missing-fk-index");
});

test("lines of the server's log keep their levels", () => {
    const seen: string[] = [];
    const log = { error: (t: string) => seen.push(`e ${t}`), warn: (t: string) => seen.push(`w ${t}`), info: (t: string) => seen.push(`i ${t}`), debug: (t: string) => seen.push(`d ${t}`) };
    for (const line of ["lintel info lsp: opened", "lintel error x", "ERROR: AddressSanitizer"]) logLine(log as never, line);
    assert.deepEqual(seen, ["i lsp: opened", "e x", "w ERROR: AddressSanitizer"]);
});

test("a page is Markdown and nothing that is active", () => {
    const html = blocksOf(
        "# A\n\n<script>alert(1)</script> <img src=x onerror=y>\n\n![p](https://x.org/a.png) [c](command:x) [j](javascript:x) [d](data:text/html,x) [f](file:///a.sql#L3) [l](lintel:/rules/a.md)\n",
    ).join("");
    for (const bad of ["<script", "<img", 'href="command:', 'href="javascript:', 'href="data:']) assert.ok(!html.includes(bad), `${bad} in ${html}`);
    for (const good of ['href="file:///a.sql#L3"', 'href="lintel:/rules/a.md"', "&lt;script&gt;"]) assert.ok(html.includes(good), `${good} in ${html}`);
});

test("a page that grows keeps its first blocks as they are", () => {
    const text = "# A\n\n- one\n- two\n\n```sql\nSELECT 1;\n```\n\n| a | b |\n|---|---|\n| `x_y/z` | 2 |\n\n```mermaid\nerDiagram\n```\n";
    const blocks = blocksOf(text);
    assert.equal(blocks.length, 5);
    assert.deepEqual(blocksOf(`${text}\nMore.\n`).slice(0, 5), blocks);
    assert.match(blocks[3]!, /<code>x_<wbr>y\/<wbr>z<\/code>/);
    assert.match(blocks[4]!, /^<figure class="diagram"><pre>erDiagram/);
});
