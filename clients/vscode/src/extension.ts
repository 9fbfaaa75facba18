// What is loaded with the editor: it looks whether there is something to do, and offers the commands. Everything that
// needs the server is in client.js, which is loaded when the server is started.

import * as vscode from "vscode";
import type * as Client from "./client";
import { registerCommands } from "./commands";
import { callsForServer, LANGUAGES, OTHER_PEOPLES_FILES, SCHEMA_FILES } from "./gate";
import { PageEditor } from "./page-editor";
import { linkedText, PageContent } from "./page-content";
import { StatusLine } from "./status";

let server: Client.Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
    const begun = performance.now();
    const log = vscode.window.createOutputChannel("Lintel", { log: true });
    const status = new StatusLine(() => server);

    const load = (): Client.Server => {
        if (server) return server;
        const { Server } = require("./client") as typeof Client;
        return (server = new Server({
            extension: context.extension as vscode.Extension<{ version: string }>,
            extensionPath: context.extensionPath,
            log,
            onChange: () => status.refresh(),
        }));
    };
    const look = (document: vscode.TextDocument): void => {
        if (server === undefined && isOurs(document)) void load().start();
    };

    context.subscriptions.push(
        log,
        status,
        PageEditor.register(vscode.Uri.joinPath(context.extensionUri, "dist"), (page) => linkedText(load(), page)),
        PageContent.register(load),
        registerCommands({ log, server: load, running: () => server }),
        vscode.workspace.onDidOpenTextDocument(look),
        vscode.workspace.onDidGrantWorkspaceTrust(() => void server?.restart()),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration("lintel.server")) void server?.restart();
        }),
    );
    vscode.workspace.textDocuments.forEach(look);
    if (server === undefined) void lookAround(load);
    log.debug(`activated in ${(performance.now() - begun).toFixed(1)} ms`);
}

function isOurs(document: vscode.TextDocument): boolean {
    return (
        ["file", "untitled"].includes(document.uri.scheme) &&
        LANGUAGES.includes(document.languageId) &&
        callsForServer(document.languageId, () => document.getText())
    );
}

/** Starts where the folder holds a schema, although none is open yet. */
async function lookAround(load: () => Client.Server): Promise<void> {
    if (!vscode.workspace.workspaceFolders) return;
    const found = await vscode.workspace.findFiles(SCHEMA_FILES, OTHER_PEOPLES_FILES, 1);
    if (found.length > 0) await load().start();
}

export async function deactivate(): Promise<void> {
    await server?.stop();
}
