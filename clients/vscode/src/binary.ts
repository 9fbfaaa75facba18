// The server's program: where it is, and whether it is one that we can work with.

import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";

/** What is wrong with a program, in a sentence for the user. */
export class BinaryError extends Error {}

/** The file that `path` names: absolute, relative to `folder`, `~/…`, or a bare name on the PATH. */
export function locate(path: string, folder: string | undefined, environment: NodeJS.ProcessEnv): string {
    if (path.startsWith("~/")) return join(environment["HOME"] ?? "", path.slice(2));
    if (isAbsolute(path)) return path;
    if (/[\\/]/.test(path)) return join(folder ?? ".", path);
    for (const entry of (environment["PATH"] ?? "").split(delimiter)) {
        if (entry !== "" && isExecutable(join(entry, path))) return join(entry, path);
    }
    return path;
}

/** The program that a setting names; the one that comes with the extension where it is empty. */
export function program(setting: string, extension: string, folder: string | undefined): string {
    const path = setting.trim();
    return path === "" ? join(extension, "bin", "lintel") : locate(path, folder, process.env);
}

function isExecutable(file: string): boolean {
    try {
        accessSync(file, constants.X_OK);
        return true;
    } catch {
        return false;
    }
}

/** "0.1.0" of "lintel 0.1.0\ncommit …"; undefined of anything else. */
export function versionOf(output: string): string | undefined {
    return /^lintel (\d+\.\d+\.\d+)\S*\s/.exec(output + "\n")?.[1];
}

/** Whether a server of version `has` speaks with an extension of version `wants`: until 1.0, each minor version is
 *  a language of its own. */
export function fits(has: string, wants: string): boolean {
    const parts = (version: string): number[] => version.split(".").map(Number);
    const [hasMajor = 0, hasMinor = 0, hasPatch = 0] = parts(has);
    const [wantsMajor = 0, wantsMinor = 0, wantsPatch = 0] = parts(wants);
    if (hasMajor !== wantsMajor) return false;
    if (hasMajor === 0) return hasMinor === wantsMinor && hasPatch >= wantsPatch;
    return hasMinor > wantsMinor || (hasMinor === wantsMinor && hasPatch >= wantsPatch);
}

/** Resolves to the version of the program at `file`; rejects with a BinaryError. */
export function check(file: string, wants: string): Promise<string> {
    return new Promise((resolve, reject) => {
        const fail = (text: string): void => reject(new BinaryError(text));
        execFile(file, ["--version"], { timeout: 10_000, maxBuffer: 1 << 16 }, (error, stdout, stderr) => {
            if (error && (error as NodeJS.ErrnoException).code === "ENOENT")
                return fail(`Lintel's server was not found: there is no program ${file}.`);
            if (error && (error as NodeJS.ErrnoException).code === "EACCES")
                return fail(`Lintel's server cannot be run: ${file} is not executable.`);
            if (error) {
                const said = stderr.trim().split("\n")[0] ?? "";
                return fail(`Lintel's server does not run: ${file} failed${said ? ` (${said.slice(0, 200)})` : ""}.`);
            }
            const version = versionOf(stdout);
            if (version === undefined) return fail(`${file} is not Lintel's server.`);
            if (!fits(version, wants))
                return fail(`Lintel's server is of another version: ${file} is ${version}, this extension works with ${wants}.`);
            return resolve(version);
        });
    });
}
