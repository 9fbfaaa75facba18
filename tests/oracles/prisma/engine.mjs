// Prisma's engines for the web, in node: the schema reader, and the schema engine behind an adapter.
import fs from 'node:fs';
import { createRequire } from 'node:module';
import * as engineModule from '@prisma/schema-engine-wasm/schema_engine_bg';

export const schemaWasm = createRequire(import.meta.url)('@prisma/prisma-schema-wasm');

let panic = null;
globalThis.PRISMA_WASM_PANIC_REGISTRY = { set_message(message) { panic = message; } };

// Version 7 took connection strings out of the schema, and knows only the preview features of today.
export function modern(text) {
  const known = new Set(JSON.parse(schemaWasm.preview_features()));
  return text
    .replace(/^[ \t]*(url|directUrl|shadowDatabaseUrl)[ \t]*=.*$/gm, '')
    .replace(/^([ \t]*previewFeatures[ \t]*=[ \t]*)\[(.*)\]/gm, (_, head, list) =>
      `${head}[${(list.match(/"[^"]*"/g) || []).filter((feature) => known.has(feature.slice(1, -1))).join(', ')}]`);
}

export function readable(error) {
  let text = String(error && error.message ? error.message : error);
  try { text = JSON.parse(text).message || text; } catch { /* it is not JSON */ }
  // eslint-disable-next-line no-control-regex
  return text.replace(/\u001b\[[0-9;]*m/g, '') + (panic ? ` (${panic})` : '');
}

export async function startEngine() {
  const wasmPath = new URL('schema_engine_bg.wasm', import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'));
  const { instance } = await WebAssembly.instantiate(fs.readFileSync(wasmPath), { './schema_engine_bg.js': engineModule });
  engineModule.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
}

// What an adapter answers with.
export const succeeded = (value) => ({ ok: true, value, map: (f) => succeeded(f(value)), flatMap: (f) => f(value) });

// `provider` is the adapter's: "postgres" or "sqlite"; `query` answers {sql, args}. `datamodels`: [[path, text], …].
export function newEngine(provider, datamodels, query) {
  const adapter = {
    provider, adapterName: 'none', queryRaw: query,
    executeRaw: async () => succeeded(0), executeScript: async () => succeeded(undefined), dispose: async () => succeeded(undefined),
    getConnectionInfo: () => succeeded({ schemaName: 'public', supportsRelationJoins: false }),
  };
  const factory = { provider, adapterName: 'none', connect: async () => succeeded(adapter), connectToShadowDb: async () => succeeded(adapter) };
  return engineModule.SchemaEngine.new({ datamodels }, () => {}, factory);
}
