// Asks Prisma what it makes of schemas. Reads [{"name": …, "files": [[path, text], …]}, …] from stdin and
// prints, for each, {"name", "provider", "dmmf": …, "sql": … or null} or {"name", "error": …}.
//
// `sql` is what `prisma migrate diff --from-empty --script` prints. Its engine asks the database only for
// its version, so the adapter here answers nothing. The engine's web build has no MySQL and no SQL Server.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

const schemaWasm = createRequire(import.meta.url)('@prisma/prisma-schema-wasm');
const ADAPTERS = { postgresql: 'postgres', postgres: 'postgres', cockroachdb: 'postgres', sqlite: 'sqlite' };
let panic = null;
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message(message) { panic = message; } };

// Version 7 took connection strings out of the schema, and knows only the preview features of today.
function modern(text) {
  const known = new Set(JSON.parse(schemaWasm.preview_features()));
  return text
    .replace(/^[ \t]*(url|directUrl|shadowDatabaseUrl)[ \t]*=.*$/gm, '')
    .replace(/^([ \t]*previewFeatures[ \t]*=[ \t]*)\[(.*)\]/gm, (_, head, list) =>
      `${head}[${(list.match(/"[^"]*"/g) || []).filter((feature) => known.has(feature.slice(1, -1))).join(', ')}]`);
}

function readable(error) {
  let text = String(error && error.message ? error.message : error);
  try { text = JSON.parse(text).message || text; } catch { /* it is not JSON */ }
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;]*m/g, '');
}

function providerOf(files) {
  for (const [, text] of files) {
    const found = /^datasource[^{]*\{[^}]*?\bprovider\s*=\s*"([^"]+)"/m.exec(text);
    if (found) return found[1];
  }
  return null;
}

async function startEngine() {
  const wasmPath = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(wasmPath), { './schema_engine_bg.js': engineModule });
  engineModule.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

const succeeded = (value) => ({ ok: true, value, map: (f) => succeeded(f(value)), flatMap: (f) => f(value) });

async function sqlOf(provider, files) {
  const adapter = {
    provider: ADAPTERS[provider], adapterName: 'none',
    queryRaw: async () => succeeded({ columnNames: [], columnTypes: [], rows: [] }),
    executeRaw: async () => succeeded(0), executeScript: async () => succeeded(undefined), dispose: async () => succeeded(undefined),
    getConnectionInfo: () => succeeded({ schemaName: 'public', supportsRelationJoins: false }),
  };
  const factory = { provider: adapter.provider, adapterName: 'none', connect: async () => succeeded(adapter), connectToShadowDb: async () => succeeded(adapter) };
  const engine = await engineModule.SchemaEngine.new({ datamodels: files }, () => {}, factory);
  const result = await engine.diff({
    from: { tag: 'empty' }, to: { tag: 'schemaDatamodel', files: files.map(([path, content]) => ({ path, content })) },
    script: true, exitCode: null, filters: { externalTables: [], externalEnums: [] },
  });
  return result.stdout;
}

async function answer({ name, files }) {
  const texts = files.map(([path, text]) => [path, modern(text)]);
  const provider = providerOf(texts);
  try {
    const dmmf = JSON.parse(schemaWasm.get_dmmf(JSON.stringify({ prismaSchema: texts }))).datamodel;
    const sql = ADAPTERS[provider] ? await sqlOf(provider, texts) : null;
    return { name, provider, dmmf, sql };
  } catch (error) {
    return { name, provider, error: readable(error) + (panic ? ` (${panic})` : '') };
  }
}

await startEngine();
const answers = [];
for (const schema of JSON.parse(fs.readFileSync(0, 'utf8'))) answers.push(await answer(schema));
process.stdout.write(JSON.stringify(answers));
