// Where the server's pages (lintel:/reports/…, /schema/…, /rules/…) and the places they name are opened.

import * as vscode from "vscode";
import { PAGE_EDITOR, PAGE_SCHEME } from "./protocol";

/** The column in which a page is open already, of all columns. */
function columnOf(uri: vscode.Uri): vscode.ViewColumn | undefined {
    for (const group of vscode.window.tabGroups.all) {
        for (const tab of group.tabs) {
            if (tab.input instanceof vscode.TabInputCustom && tab.input.uri.toString() === uri.toString())
                return group.viewColumn;
        }
    }
    return undefined;
}

function isPage(tab: vscode.Tab | undefined): boolean {
    return tab?.input instanceof vscode.TabInputCustom && tab.input.viewType === PAGE_EDITOR;
}

/** Beside the code; in its own column where the user has come from another page. */
export async function openPage(uri: vscode.Uri): Promise<void> {
    const active = vscode.window.tabGroups.activeTabGroup;
    const isFromPage = isPage(active.activeTab);
    const beside = isFromPage ? active.viewColumn : vscode.ViewColumn.Beside;
    await vscode.commands.executeCommand("vscode.openWith", uri, PAGE_EDITOR, {
        viewColumn: columnOf(uri) ?? beside,
        preserveFocus: !isFromPage,
        preview: false,
    });
}

/** A column of code, for a place that a page names. */
function codeColumn(): vscode.ViewColumn {
    const group = vscode.window.tabGroups.all.find((each) => !isPage(each.activeTab));
    return group?.viewColumn ?? vscode.ViewColumn.Beside;
}

/** "#L12" or "#L12,5": line and column, counted from one. */
export function selectionOf(fragment: string): vscode.Range | undefined {
    const found = /^L(\d+)(?:,(\d+))?(?:-L?(\d+))?$/.exec(fragment);
    if (!found) return undefined;
    const line = Math.max(Number(found[1]) - 1, 0);
    const character = Math.max(Number(found[2] ?? 1) - 1, 0);
    const end = found[3] === undefined ? line : Math.max(Number(found[3]) - 1, line);
    return new vscode.Range(line, character, end, end === line ? character : 0);
}

/** Follows a link of a page. What is neither a page, a local file nor the web is left alone. */
export async function follow(href: string): Promise<void> {
    const uri = vscode.Uri.parse(href);
    if (uri.scheme === PAGE_SCHEME) return openPage(uri);
    if (uri.scheme === "https" || uri.scheme === "http") return void (await vscode.env.openExternal(uri));
    if (uri.scheme !== "file" || uri.authority !== "") return;
    const selection = selectionOf(uri.fragment);
    await vscode.window.showTextDocument(uri.with({ fragment: "" }), {
        viewColumn: codeColumn(),
        preview: true,
        ...(selection ? { selection } : {}),
    });
}
