// The language status line: which database the file in front belongs to, and who is consulted.

import * as vscode from "vscode";
import type * as Client from "./client";
import { LANGUAGES } from "./gate";
import type { Status } from "./protocol";

export class StatusLine implements vscode.Disposable {
    readonly #item: vscode.LanguageStatusItem;
    readonly #listener: vscode.Disposable;
    #turn = 0;

    constructor(readonly server: () => Client.Server | undefined) {
        this.#item = vscode.languages.createLanguageStatusItem(
            "lintel.status",
            LANGUAGES.map((language) => ({ language })),
        );
        this.#item.name = "Lintel";
        this.#item.command = { title: vscode.l10n.t("Show Log"), command: "lintel.showLog" };
        this.#listener = vscode.window.onDidChangeActiveTextEditor(() => this.refresh());
        this.refresh();
    }

    dispose(): void {
        this.#item.dispose();
        this.#listener.dispose();
    }

    refresh(): void {
        const state = this.server()?.state ?? { kind: "stopped" };
        this.#item.busy = state.kind === "starting";
        this.#item.severity =
            state.kind === "failed" ? vscode.LanguageStatusSeverity.Error : vscode.LanguageStatusSeverity.Information;
        this.#item.text = "Lintel";
        this.#item.detail =
            state.kind === "failed" ? state.reason : state.kind === "running" ? `version ${state.version}` : state.kind;
        const isRunning = state.kind === "running";
        void vscode.commands.executeCommand("setContext", "lintel.isRunning", isRunning);
        if (isRunning) void this.#ask();
    }

    async #ask(): Promise<void> {
        const turn = ++this.#turn;
        const document = vscode.window.activeTextEditor?.document;
        if (!document || !LANGUAGES.includes(document.languageId)) return;
        const status = await this.server()
            ?.command<Status>("lintel.status", { uri: document.uri.toString() })
            .catch(() => undefined);
        if (!status || turn !== this.#turn) return;
        const [database] = status.databases;
        this.#item.text = database ? `${dialectTitle(database.dialect)}: ${database.name}` : "Lintel: no database";
        const who = status.model ? `${status.provider} (${status.model})` : status.provider;
        const n = database?.tables ?? undefined;
        const tables = n === undefined ? "" : `${n} ${n === 1 ? "table" : "tables"}, `;
        const trust = status.trusted ? "" : ", restricted";
        this.#item.detail = `${tables}consultant ${who}${trust}, Lintel ${status.version}`;
    }
}

function dialectTitle(dialect: string): string {
    const titles: Record<string, string> = {
        postgresql: "PostgreSQL",
        mysql: "MySQL",
        sqlite: "SQLite",
        sqlserver: "SQL Server",
    };
    return titles[dialect] ?? dialect;
}
