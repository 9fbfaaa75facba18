// The text of the server's pages. Once the server runs, the library provides it; this is for a page that was open when
// the window was closed and is wanted again before anything has started the server.

import * as vscode from "vscode";
import type * as Client from "./client";
import { PAGE_SCHEME } from "./protocol";

const CONTENT_REQUEST = "workspace/textDocumentContent";
const LINKS_REQUEST = "textDocument/documentLink";

export class PageContent implements vscode.TextDocumentContentProvider {
    constructor(readonly server: () => Client.Server) {}

    static register(server: () => Client.Server): vscode.Disposable {
        return vscode.workspace.registerTextDocumentContentProvider(PAGE_SCHEME, new PageContent(server));
    }

    async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
        const client = await this.server().running();
        try {
            const answer = await client?.sendRequest<{ text: string }>(CONTENT_REQUEST, { uri: uri.toString() });
            return answer?.text ?? "This page needs Lintel's server, which does not run.\n";
        } catch {
            return "This page is no longer there. Consult again to get a new one.\n";
        }
    }
}

interface Link {
    range: { start: vscode.Position; end: vscode.Position };
    target?: string;
}

/** The document's text, in which what the server calls a link is one. */
export async function linkedText(server: Client.Server, document: vscode.TextDocument): Promise<string> {
    const text = document.getText();
    const client = server.state.kind === "running" ? await server.running() : undefined;
    if (!client?.initializeResult?.capabilities.documentLinkProvider) return text;
    const params = { textDocument: { uri: document.uri.toString() } };
    const links = await client.sendRequest<Link[] | null>(LINKS_REQUEST, params).catch(() => null);
    return withLinks(document, text, links ?? []);
}

function withLinks(document: vscode.TextDocument, text: string, links: Link[]): string {
    const at = (position: vscode.Position): number =>
        document.offsetAt(new vscode.Position(position.line, position.character));
    let result = "";
    let end = 0;
    for (const { range, target } of links) {
        const from = at(range.start);
        if (!target || from < end) continue;
        result += `${text.slice(end, from)}[${text.slice(from, at(range.end))}](<${target.replace(/[<>\n]/g, encodeURIComponent)}>)`;
        end = at(range.end);
    }
    return result + text.slice(end);
}
