// One consultation: progress with a way to end it, and a sentence when it fails. The report opens because the server
// asks for it (window/showDocument).

import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import { ExecuteCommandRequest, LSPErrorCodes, ResponseError, WorkDoneProgress } from "vscode-languageclient/node";
import type { LanguageClient } from "vscode-languageclient/node";
import { messageOf } from "./errors";
import type { ConsultArgument } from "./protocol";

export interface Runner {
    running(): Promise<LanguageClient | undefined>;
}

export async function consult(server: Runner, argument: ConsultArgument): Promise<unknown> {
    const client = await server.running();
    if (!client) return undefined;
    const options = {
        location: vscode.ProgressLocation.Notification,
        title: vscode.l10n.t("Consulting the database architect"),
        cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, cancelled) => {
        const workDoneToken = randomUUID();
        let shown = 0;
        const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
            if (value.kind === "end") return;
            const percentage = value.percentage ?? shown;
            progress.report({ ...(value.message ? { message: value.message } : {}), increment: percentage - shown });
            shown = Math.max(shown, percentage);
        });
        try {
            const params = { command: "lintel.consult", arguments: [argument], workDoneToken };
            return await client.sendRequest(ExecuteCommandRequest.type, params, cancelled);
        } catch (error) {
            if (!wasCancelled(error) && !cancelled.isCancellationRequested)
                void vscode.window.showErrorMessage(vscode.l10n.t("No consultation: {0}.", messageOf(error).replace(/\.$/, "")));
            return undefined;
        } finally {
            listener.dispose();
        }
    });
}

function wasCancelled(error: unknown): boolean {
    return (
        error instanceof vscode.CancellationError ||
        (error instanceof ResponseError &&
            (error.code === LSPErrorCodes.RequestCancelled || error.code === LSPErrorCodes.ServerCancelled))
    );
}
