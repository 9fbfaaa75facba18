// What the menus and the palette run. Each is a question to the server: what it is about, and nothing more.

import * as vscode from "vscode";
import type * as Client from "./client";
import { messageOf } from "./errors";
import { openPage } from "./pages";
import type { ConsultArgument, ReferencesArguments, ReportEntry, Scope } from "./protocol";

export interface CommandHost {
    log: vscode.LogOutputChannel;
    server: () => Client.Server;
}

export function registerCommands(host: CommandHost): vscode.Disposable {
    const consultant = (scope: Scope) => (uri?: vscode.Uri) => consultAbout(host, scope, uri);
    const commands: Record<string, (...given: never[]) => unknown> = {
        "lintel.consultSelection": consultant("selection"),
        "lintel.consultTable": consultant("table"),
        "lintel.consultFile": consultant("file"),
        "lintel.consultDatabase": consultant("database"),
        "lintel.ask": (uri?: vscode.Uri) => ask(host, uri),
        "lintel.showReports": () => showReports(host),
        "lintel.showDiagram": (uri?: vscode.Uri) => showSchema(host, uri),
        "lintel.copyRoadmapForAgent": (uri?: vscode.Uri) => copyRoadmap(host, uri),
        "lintel.openPage": (uri: string) => openPage(vscode.Uri.parse(uri)),
        "lintel.showReferences": (...given: ReferencesArguments) => showReferences(...given),
        "lintel.restart": () => host.server().restart(),
        "lintel.showLog": () => host.log.show(true),
    };
    return vscode.Disposable.from(
        ...Object.entries(commands).map(([name, run]) =>
            vscode.commands.registerCommand(name, async (...given: never[]) => {
                try {
                    return await run(...given);
                } catch (error) {
                    void vscode.window.showErrorMessage(`Lintel: ${messageOf(error)}`);
                    return undefined;
                }
            }),
        ),
    );
}

/** What is in front: the file of the menu, or of the editor. */
function subject(uri: vscode.Uri | undefined): vscode.Uri | undefined {
    return uri instanceof vscode.Uri ? uri : vscode.window.activeTextEditor?.document.uri;
}

function argumentFor(scope: Scope, uri: vscode.Uri): ConsultArgument {
    const editor = vscode.window.activeTextEditor;
    const isHere = editor?.document.uri.toString() === uri.toString();
    const argument: ConsultArgument = { uri: uri.toString(), scope };
    if (isHere && (scope === "selection" || scope === "table")) {
        const { start, end } = editor.selection;
        argument.range = {
            start: { line: start.line, character: start.character },
            end: { line: end.line, character: end.character },
        };
    }
    return argument;
}

async function consultAbout(host: CommandHost, scope: Scope, given?: vscode.Uri, question?: string): Promise<void> {
    const uri = subject(given);
    if (!uri) {
        void vscode.window.showInformationMessage(
            vscode.l10n.t("Open a schema, a migration or a model first: the consultation is about its database."),
        );
        return;
    }
    // The server's own command goes through the same progress, from a lens as from here.
    if (!(await host.server().running())) return;
    const argument = argumentFor(scope, uri);
    await vscode.commands.executeCommand("lintel.consult", question ? { ...argument, question } : argument);
}

async function ask(host: CommandHost, uri?: vscode.Uri): Promise<void> {
    const editor = vscode.window.activeTextEditor;
    const hasSelection = editor !== undefined && !editor.selection.isEmpty;
    const question = await vscode.window.showInputBox({
        title: vscode.l10n.t("Ask the Database Architect"),
        prompt: hasSelection ? vscode.l10n.t("About the selection") : vscode.l10n.t("About this file"),
        placeHolder: vscode.l10n.t("Which indexes does this table need for the order list?"),
        ignoreFocusOut: true,
    });
    if (question?.trim()) await consultAbout(host, hasSelection ? "selection" : "file", uri, question.trim());
}

async function showReports(host: CommandHost): Promise<void> {
    const answer = await host.server().command<{ reports: ReportEntry[] }>("lintel.listReports");
    if (!answer) return;
    const items = answer.reports.map((report) => ({
        label: report.title,
        description: new Date(report.time).toLocaleString(),
        uri: report.uri,
    }));
    if (items.length === 0) {
        void vscode.window.showInformationMessage(vscode.l10n.t("There was no consultation in this workspace yet."));
        return;
    }
    const chosen = await vscode.window.showQuickPick(items, {
        title: vscode.l10n.t("Reports of the Database Architect"),
        matchOnDescription: true,
    });
    if (chosen) await openPage(vscode.Uri.parse(chosen.uri));
}

async function showSchema(host: CommandHost, given?: vscode.Uri): Promise<void> {
    const uri = subject(given);
    if (uri) await host.server().command("lintel.showSchema", { uri: uri.toString() });
}

/** `uri`: of the report's page; the newest report without it. */
async function copyRoadmap(host: CommandHost, uri?: vscode.Uri): Promise<void> {
    const id = /^\/reports\/([^/]+)\.md$/.exec(uri instanceof vscode.Uri ? uri.path : "")?.[1];
    const answer = await host.server().command<{ text: string }>("lintel.copyRoadmap", id ? { id } : {});
    if (!answer?.text) return;
    await vscode.env.clipboard.writeText(answer.text);
    void vscode.window.showInformationMessage(
        vscode.l10n.t("The roadmap is on the clipboard: paste it into your coding agent."),
    );
}

async function showReferences(...[uri, at, locations]: ReferencesArguments): Promise<void> {
    await vscode.commands.executeCommand(
        "editor.action.showReferences",
        vscode.Uri.parse(uri),
        new vscode.Position(at.line, at.character),
        locations.map(({ uri: target, range: { start, end } }) => {
            const range = new vscode.Range(start.line, start.character, end.line, end.character);
            return new vscode.Location(vscode.Uri.parse(target), range);
        }),
    );
}
