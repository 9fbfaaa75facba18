// What is loaded with the editor: it looks whether there is something to do, and offers the commands. Everything that
// needs the server is in client.js, which is loaded when the server is started.

import * as vscode from "vscode";
import { program } from "./binary";
import type * as Client from "./client";
import { registerCommands } from "./commands";
import { Gate, hasSchema, SCHEMA_LANGUAGES } from "./gate";
import { linkedText, PageContent } from "./page-content";
import { PageEditor } from "./page-editor";
import { StatusLine } from "./status";

let server: Client.Server | undefined;

export function activate(context: vscode.ExtensionContext): void {
    const begun = performance.now();
    const log = vscode.window.createOutputChannel("Lintel", { log: true });
    const status = new StatusLine(() => server);
    const { version } = context.extension.packageJSON as { version: string };
    const programNow = (): string =>
        program(
            vscode.workspace.getConfiguration("lintel").get<string>("server.path", ""),
            context.extensionPath,
            vscode.workspace.workspaceFolders?.[0]?.uri.fsPath,
        );
    const load = (): Client.Server => {
        if (server) return server;
        const { Server } = require("./client") as typeof Client;
        return (server = new Server({ version, program: programNow, log, onChange: () => status.refresh() }));
    };
    const gate = new Gate((file) => hasSchema(programNow(), file));
    // Not within activate(): the editor waits for that.
    const start = (): void => void setImmediate(() => void (server ?? load().start()));
    const look = (document: vscode.TextDocument): void => {
        if (server !== undefined || !["file", "untitled"].includes(document.uri.scheme)) return;
        if (SCHEMA_LANGUAGES.includes(document.languageId)) start();
        else if (document.languageId === "python" && document.uri.scheme === "file")
            void gate.opens(folderOf(document.uri), document.uri.fsPath).then((opens) => opens && start());
    };

    context.subscriptions.push(
        log,
        status,
        PageEditor.register(vscode.Uri.joinPath(context.extensionUri, "dist"), (page) => linkedText(load(), page)),
        PageContent.register(load),
        registerCommands({ log, server: load }),
        vscode.workspace.onDidOpenTextDocument(look),
        vscode.extensions.onDidChange(() => server?.refreshSettings()),
        vscode.workspace.onDidGrantWorkspaceTrust(() => void server?.restart()),
        vscode.workspace.onDidChangeConfiguration((change) => {
            if (change.affectsConfiguration("lintel.server")) void server?.restart();
        }),
    );
    vscode.workspace.textDocuments.forEach(look);
    // A folder with a schema of which no file is open yet: its findings are wanted all the same.
    for (const { uri } of vscode.workspace.workspaceFolders ?? []) {
        if (server !== undefined || uri.scheme !== "file") break;
        const anyFile = vscode.Uri.joinPath(uri, "__init__.py").fsPath;
        void gate.opens(uri.fsPath, anyFile).then((opens) => opens && start());
    }
    log.info(`activated in ${(performance.now() - begun).toFixed(1)} ms`);
}

function folderOf(uri: vscode.Uri): string {
    return vscode.workspace.getWorkspaceFolder(uri)?.uri.fsPath ?? vscode.Uri.joinPath(uri, "..").fsPath;
}

export async function deactivate(): Promise<void> {
    await server?.stop();
}
