// Is there something for Lintel to do? The server starts when the answer is yes for the first time, and in a folder
// without schemas never. What a schema is, the server's program knows: `lintel root FILE`.

import { execFile } from "node:child_process";

/** What editors call SQL: extensions bring ids of their own for `.sql`, as squawk's does with `postgres`. */
const SQL = ["sql", "postgres", "postgresql", "pgsql", "plpgsql", "mysql", "mariadb", "sqlite", "tsql", "mssql"];
/** Whose files are reason enough by themselves. */
export const SCHEMA_LANGUAGES = [...SQL, "prisma"];
export const LANGUAGES = [...SCHEMA_LANGUAGES, "python"];

/** Whether the program finds a schema in `file` or in the project around it. A program that cannot be run finds none:
 *  the user hears of it when it is needed. */
export function hasSchema(program: string, file: string): Promise<boolean> {
    return new Promise((resolve) => {
        execFile(program, ["root", file], { timeout: 20_000 }, (error) => resolve(error === null));
    });
}

/** Asks `hasSchema` once for each folder, however many of its files are opened, until one has a schema or
 *  `AGAIN_MS` have passed. */
export class Gate {
    #asked = new Map<string, number>();

    constructor(
        readonly ask: (file: string) => Promise<boolean>,
        readonly now: () => number = Date.now,
    ) {}

    async opens(folder: string, file: string): Promise<boolean> {
        const AGAIN_MS = 5 * 60 * 1000;
        const last = this.#asked.get(folder);
        if (last !== undefined && this.now() - last < AGAIN_MS) return false;
        this.#asked.set(folder, this.now());
        return this.ask(file);
    }
}
