// Asks Prisma Migrate what it would do to a database to make it what the schema says: `prisma migrate diff`
// from a live PostgreSQL to the schema, as SQL.
//
//     node drift.mjs SOCKET_FOLDER DATABASE SCHEMA_FILE...
import fs from 'node:fs';
import pg from 'pg';
import { modern, newEngine, startEngine, succeeded } from './engine.mjs';

// What the engine wants to know of a column of a result: numbers of its own for PostgreSQL's.
const SCALARS = { 16: 5, 18: 6, 20: 1, 21: 0, 23: 0, 26: 1, 700: 2, 701: 3, 1700: 4 };
const ARRAYS = { 1000: 69, 1002: 70, 1003: 71, 1005: 64, 1007: 64, 1009: 71, 1015: 71, 1016: 65, 1028: 65 };
const TEXT = 7;
const NAME_ARRAY = 1003, TEXT_ARRAY = 1009;
const types = {
  getTypeParser(oid) {
    if (oid === 16) return (text) => text === 't';
    if (oid === 21 || oid === 23) return Number;
    if (oid in ARRAYS) return pg.types.getTypeParser(oid === NAME_ARRAY ? TEXT_ARRAY : oid, 'text');
    return (text) => text;
  },
};

const [host, database, ...paths] = process.argv.slice(2);
const files = paths.map((path) => ({ path, content: modern(fs.readFileSync(path, 'utf8')) }));
const client = new pg.Client({ host, database, user: 'postgres' });
await client.connect();
await startEngine();
const engine = await newEngine('postgres', files.map((file) => [file.path, file.content]), async ({ sql, args }) => {
  const result = await client.query({ text: sql, values: args, rowMode: 'array', types });
  return succeeded({
    columnNames: result.fields.map((field) => field.name),
    columnTypes: result.fields.map((field) => SCALARS[field.dataTypeID] ?? ARRAYS[field.dataTypeID] ?? TEXT),
    rows: result.rows,
  });
});
const result = await engine.diff({
  from: { tag: 'schemaDatasource', files, configDir: '/' }, to: { tag: 'schemaDatamodel', files },
  script: true, exitCode: null, filters: { externalTables: [], externalEnums: [] },
});
await client.end();
process.stdout.write(result.stdout);
