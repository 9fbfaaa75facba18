// The server as a process: its input and output for the protocol, its log lines for ours.

import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { LogOutputChannel } from "vscode";

/** Logs one line of the server's standard error, "lintel warn lsp: …", at the level that it names. */
export function logLine(log: Pick<LogOutputChannel, "error" | "warn" | "info" | "debug">, line: string): void {
    const [, level, text] = /^lintel (error|warn|info|debug) (.*)$/.exec(line) ?? [];
    log[(level ?? "warn") as "error" | "warn" | "info" | "debug"](text ?? line);
}

/** Starts the program. Rejects when it cannot be started; how it ends is logged. */
export function startProcess(file: string, args: string[], log: LogOutputChannel): Promise<ChildProcess> {
    return new Promise((resolve, reject) => {
        const child = spawn(file, args, { stdio: "pipe" });
        child.once("error", reject);
        child.once("spawn", () => {
            child.off("error", reject);
            child.on("error", (error) => log.error(error.message));
            resolve(child);
        });
        child.stdin.on("error", (error) => log.debug(`the server's input is closed: ${error.message}`));
        createInterface({ input: child.stderr }).on("line", (line) => logLine(log, line));
        child.once("exit", (status, signal) => {
            if (status !== 0) log.error(`the server has ended with ${signal ?? `status ${status}`}`);
        });
    });
}

/** Ends a process that has not ended by itself after `wait` ms. */
export function endProcess(child: ChildProcess | undefined, wait: number): void {
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const timer = setTimeout(() => child.kill("SIGKILL"), wait);
    child.once("exit", () => clearTimeout(timer));
}
