// Links to our own pages in hovers. The editor drops links of schemes that it does not know, so they become commands,
// and the only command that such a hover may run is the one that opens a page.

import * as vscode from "vscode";

const PAGE_LINK = /\]\(<?(lintel:[^\s)>]+)>?\)/g;

/** `](lintel:/x.md)` as `](command:lintel.openPage?…)`. */
export function linksToCommands(markdown: string): string {
    return markdown.replace(PAGE_LINK, (_all, uri: string) => {
        const argument = encodeURIComponent(JSON.stringify([uri]));
        return `](command:lintel.openPage?${argument.replace(/[()]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)})`;
    });
}

export function withPageLinks(hover: vscode.Hover | null | undefined): vscode.Hover | null | undefined {
    for (const content of hover?.contents ?? []) {
        if (!(content instanceof vscode.MarkdownString)) continue;
        const linked = linksToCommands(content.value);
        if (linked === content.value) continue;
        content.value = linked;
        content.isTrusted = { enabledCommands: ["lintel.openPage"] };
    }
    return hover;
}
