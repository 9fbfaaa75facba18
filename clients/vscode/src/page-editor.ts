// The editor of the server's pages: Markdown, rendered in a web view that may do nothing but that. Its text is that of
// an ordinary text document, so that "Reopen Editor With… > Text Editor" shows the source.

import { randomBytes } from "node:crypto";
import * as vscode from "vscode";
import type { FromPage, ToPage } from "./page/messages";
import { follow } from "./pages";
import { PAGE_EDITOR } from "./protocol";

export class PageEditor implements vscode.CustomTextEditorProvider {
    constructor(
        readonly resources: vscode.Uri,
        /** Makes links of the places that a page names. */
        readonly linked: (document: vscode.TextDocument) => Promise<string>,
    ) {}

    static register(resources: vscode.Uri, linked: PageEditor["linked"]): vscode.Disposable {
        return vscode.window.registerCustomEditorProvider(PAGE_EDITOR, new PageEditor(resources, linked));
    }

    resolveCustomTextEditor(document: vscode.TextDocument, panel: vscode.WebviewPanel): void {
        const { webview } = panel;
        panel.title = titleOf(document.uri.path);
        webview.options = { enableScripts: true, localResourceRoots: [this.resources] };
        let sent = 0;
        const send = async (): Promise<void> => {
            const turn = ++sent;
            const text = await this.linked(document);
            if (turn === sent) await webview.postMessage({ kind: "text", text } satisfies ToPage);
        };
        const listeners = [
            webview.onDidReceiveMessage((message: FromPage) => {
                if (message.kind === "ready") void send();
                else if (message.kind === "follow") void follow(message.href);
                else if (message.kind === "copy") void vscode.env.clipboard.writeText(message.text);
            }),
            vscode.workspace.onDidChangeTextDocument((change) => {
                if (change.document === document) void send();
            }),
        ];
        panel.onDidDispose(() => listeners.forEach((listener) => listener.dispose()));
        webview.html = this.#html(webview);
    }

    #html(webview: vscode.Webview): string {
        const nonce = randomBytes(18).toString("base64");
        const at = (name: string): string => webview.asWebviewUri(vscode.Uri.joinPath(this.resources, name)).toString();
        // Styles in the text, because diagrams carry theirs; no pictures, no frames, no connections at all.
        const policy = `default-src 'none'; script-src 'nonce-${nonce}'; style-src ${webview.cspSource} 'unsafe-inline'; font-src ${webview.cspSource}`;
        return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<link rel="stylesheet" href="${at("page.css")}">
</head>
<body>
<main id="page" data-mermaid="${at("mermaid.js")}" data-nonce="${nonce}"></main>
<script nonce="${nonce}" src="${at("page.js")}"></script>
</body>
</html>`;
    }
}

/** What the tab says of "/reports/1a2b.md", "/schema/shop.md", "/rules/missing-fk-index.md". */
export function titleOf(path: string): string {
    const [, kind = "", name = ""] = /^\/+(\w+)\/(.*)\.md$/.exec(path) ?? [];
    if (kind === "reports") return name === "index" ? "Reports" : "Database Architect";
    if (kind === "schema") return `Schema: ${name}`;
    return name || "Lintel";
}
