// Is there something for Lintel to do? The server starts when the answer is yes for the first time, and
// in a folder without schemas never.

export const LANGUAGES = ["sql", "prisma", "python"];

// One of these in a folder and there is a database to look after. `undefined` of workspace.findFiles would
// leave out what the user's settings exclude only, and a virtual environment is full of other people's SQL.
export const SCHEMA_FILES = "**/{lintel.yaml,alembic.ini,*.prisma,*.sql,migrations/env.py}";
export const OTHER_PEOPLES_FILES = "**/{node_modules,site-packages,.venv,venv,.git,vendor}/**";

// The same question that the server asks of a Python file before it reads it.
const ORM_IMPORT = /^\s*(?:from|import)\s+(?:sqlalchemy|sqlmodel|alembic|flask_sqlalchemy|flask_migrate)\b/m;

/** Whether an open document alone is reason enough to start. */
export function callsForServer(languageId: string, text: () => string): boolean {
    if (languageId === "python") return ORM_IMPORT.test(text());
    return LANGUAGES.includes(languageId);
}
