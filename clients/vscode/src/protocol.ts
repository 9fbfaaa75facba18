// What the server takes and gives beyond the protocol's own requests: arguments and results of its commands.
// server/lsp/commands.c is the other side.

import type { Position, Range } from "vscode-languageclient/node";

export type Scope = "selection" | "table" | "file" | "database";

export interface ConsultArgument {
    uri: string;
    scope: Scope;
    range?: Range;
    table?: string;
    question?: string;
}

export interface ReportEntry {
    id: string;
    title: string;
    /** ISO 8601 */
    time: string;
    uri: string;
}

export interface Status {
    version: string;
    databases: { name: string; dialect: string; sides: string[]; tables: number | null }[];
    provider: string;
    model: string | null;
    trusted: boolean;
}

/** What a lens gives to `lintel.showReferences`, the one command that the server expects of the client. */
export type ReferencesArguments = [uri: string, position: Position, locations: { uri: string; range: Range }[]];

export const PAGE_SCHEME = "lintel";
export const PAGE_EDITOR = "lintel.page";
