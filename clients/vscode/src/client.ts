// The connection to the server: made, lost, made again. This module and what it imports is loaded when the server
// is first needed; extension.ts does without it.

import type { ChildProcess } from "node:child_process";
import * as vscode from "vscode";
import {
    DidChangeConfigurationNotification,
    ExecuteCommandRequest,
    LanguageClient,
    type ClientCapabilities,
    type CloseAction,
    type ErrorAction,
    type FeatureState,
    type LanguageClientOptions,
    type StaticFeature,
} from "vscode-languageclient/node";
import { BinaryError, check } from "./binary";
import { consult, type Runner } from "./consult";
import { messageOf } from "./errors";
import { LANGUAGES } from "./gate";
import { withPageLinks } from "./hover";
import { openPage } from "./pages";
import { PAGE_SCHEME, type ConsultArgument } from "./protocol";
import { endProcess, startProcess } from "./process";
import { Restarts } from "./restarts";
import { settingsForServer, withNeighbours } from "./settings";

// The library's enumerations, which are undefined once its modules are bundled into one file.
const CONTINUE: ErrorAction.Continue = 1;
const DO_NOT_RESTART: CloseAction.DoNotRestart = 1;

export interface ServerHost {
    /** The version that the server has to be of. */
    version: string;
    /** The file of the server's program, as the settings are now. */
    program: () => string;
    log: vscode.LogOutputChannel;
    /** The state or the settings have changed: the status line looks again. */
    onChange: () => void;
}

export type ServerState =
    | { kind: "stopped" }
    | { kind: "starting" }
    | { kind: "running"; version: string }
    | { kind: "failed"; reason: string };

/** Announces the command that only a client can run, so that the server's lens may name it. */
class ReferencesCommand implements StaticFeature {
    fillClientCapabilities(capabilities: ClientCapabilities): void {
        const experimental = (capabilities.experimental ??= {}) as Record<string, unknown>;
        experimental["commands"] = { commands: ["lintel.showReferences"] };
    }
    initialize(): void {}
    getState(): FeatureState {
        return { kind: "static" };
    }
    clear(): void {}
}

/** The library tells the user of each request and each connection that failed, in the protocol's words. We log it as
 *  detail; what the user has to know, Server says. */
class QuietClient extends LanguageClient {
    override error(message: string, data?: unknown): void {
        super.debug(message, data, false);
    }
    override warn(message: string, data?: unknown): void {
        super.warn(message, data, false);
    }
    override info(message: string, data?: unknown): void {
        super.info(message, data, false);
    }
}

function settingsNow(settings: unknown): Record<string, unknown> {
    const isInstalled = (extension: string): boolean => vscode.extensions.getExtension(extension) !== undefined;
    return withNeighbours(settingsForServer(settings), isInstalled);
}

export class Server implements Runner {
    #client: LanguageClient | undefined;
    #process: ChildProcess | undefined;
    #state: ServerState = { kind: "stopped" };
    #starting: Promise<boolean> | undefined;
    readonly #restarts = new Restarts();

    constructor(readonly host: ServerHost) {}

    get state(): ServerState {
        return this.#state;
    }

    /** Starts unless it runs already. False: it does not, and the user has been told why. */
    start(): Promise<boolean> {
        if (this.#state.kind === "running") return Promise.resolve(true);
        this.#starting ??= this.#start().finally(() => (this.#starting = undefined));
        return this.#starting;
    }

    async stop(): Promise<void> {
        await this.#starting;
        const drop = this.#drop();
        this.#become({ kind: "stopped" });
        await drop;
    }

    /** At the user's wish: what has failed before does not count. */
    async restart(): Promise<boolean> {
        this.#restarts.reset();
        await this.stop();
        return this.start();
    }

    /** The client, started where it is not; undefined when that failed. */
    async running(): Promise<LanguageClient | undefined> {
        return (await this.start()) ? this.#client : undefined;
    }

    /** Asks the server to run one of its commands. */
    async command<Result>(command: string, argument?: object): Promise<Result | undefined> {
        const client = await this.running();
        const given = argument === undefined ? {} : { arguments: [argument] };
        return client?.sendRequest(ExecuteCommandRequest.type, { command, ...given }) as Promise<Result> | undefined;
    }

    /** What the settings say has changed without them: the server asks for them again. */
    refreshSettings(): void {
        void this.#client?.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
    }

    #become(state: ServerState): void {
        this.#state = state;
        this.host.onChange();
    }

    async #start(): Promise<boolean> {
        this.#become({ kind: "starting" });
        const file = this.host.program();
        try {
            const version = await check(file, this.host.version);
            this.#client = this.#make(file);
            await this.#client.start();
            this.host.log.info(`${file}, version ${version}, is running`);
            this.#become({ kind: "running", version });
            return true;
        } catch (error) {
            this.host.log.error(messageOf(error));
            await this.#drop();
            this.#fail(error instanceof BinaryError ? error.message : "Lintel's server ended while it was starting.");
            return false;
        }
    }

    #make(file: string): LanguageClient {
        const level = vscode.workspace.getConfiguration("lintel").get<string>("server.logLevel", "warn");
        const client: LanguageClient = new QuietClient(
            "lintel",
            "Lintel",
            async () => {
                const child = await startProcess(file, ["lsp", "--log", level], this.host.log);
                this.#process = child;
                return { reader: child.stdout!, writer: child.stdin! };
            },
            this.#options(() => client),
        );
        client.registerFeature(new ReferencesCommand());
        return client;
    }

    #options(client: () => LanguageClient): LanguageClientOptions {
        return {
            documentSelector: [
                ...LANGUAGES.flatMap((language) => ["file", "untitled"].map((scheme) => ({ language, scheme }))),
                { scheme: "file", pattern: "**/lintel.yaml" },
            ],
            outputChannel: this.host.log,
            initializationOptions: () => ({
                lintel: settingsNow(vscode.workspace.getConfiguration("lintel")),
                trusted: vscode.workspace.isTrusted,
            }),
            initializationFailedHandler: () => false,
            errorHandler: {
                error: () => ({ action: CONTINUE, handled: true }),
                closed: () => {
                    // Not from within the library's own handling of it.
                    setImmediate(() => void this.#ended(client()));
                    return { action: DO_NOT_RESTART, handled: true };
                },
            },
            middleware: {
                executeCommand: (command, args, next) =>
                    command === "lintel.consult" ? consult(this, args[0] as ConsultArgument) : next(command, args),
                provideHover: async (document, position, token, next) =>
                    withPageLinks(await next(document, position, token)),
                workspace: {
                    configuration: async (params, token, next) => {
                        const answer = await next(params, token);
                        // Behind the answer: who is consulted may have changed with it.
                        setImmediate(() => this.host.onChange());
                        return Array.isArray(answer) ? answer.map(settingsNow) : answer;
                    },
                },
                window: {
                    showDocument: async (params, _token, next) => {
                        const uri = vscode.Uri.parse(params.uri);
                        if (uri.scheme !== PAGE_SCHEME || !uri.path.endsWith(".md")) return next(params, _token);
                        await openPage(uri);
                        return { success: true };
                    },
                },
            },
        };
    }

    /** The connection is gone, and nobody here wished it. */
    async #ended(client: LanguageClient): Promise<void> {
        if (client !== this.#client || this.#state.kind !== "running") return;
        await this.#drop();
        this.#become({ kind: "stopped" });
        if (this.#restarts.may()) {
            this.host.log.warn("the server has ended: starting it again");
            await this.start();
        } else {
            this.#fail("Lintel's server keeps ending, and is not started again.");
        }
    }

    async #drop(): Promise<void> {
        const client = this.#client;
        const child = this.#process;
        this.#client = this.#process = undefined;
        await client?.dispose(2000).catch((error: unknown) => this.host.log.debug(String(error)));
        endProcess(child, 1000);
    }

    #fail(reason: string): void {
        this.#become({ kind: "failed", reason });
        void this.#tell(reason);
    }

    async #tell(reason: string): Promise<void> {
        const path = vscode.workspace.getConfiguration("lintel").get<string>("server.path", "").trim();
        const advice =
            path === ""
                ? "Install the extension again, or name a server of your own in the settings."
                : "Set lintel.server.path right, or leave it empty to use the server that comes with the extension.";
        const settings = vscode.l10n.t("Open Settings");
        const log = vscode.l10n.t("Show Log");
        const again = vscode.l10n.t("Start Again");
        const chosen = await vscode.window.showErrorMessage(`${reason} ${advice}`, settings, log, again);
        if (chosen === settings)
            await vscode.commands.executeCommand("workbench.action.openSettings", "lintel.server.path");
        else if (chosen === log) this.host.log.show(true);
        else if (chosen === again) await this.restart();
    }
}
