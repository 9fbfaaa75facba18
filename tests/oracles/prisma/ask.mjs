// Asks Prisma what it makes of schemas. Reads [{"name": …, "files": [[path, text], …]}, …] from stdin and
// prints, for each, {"name", "provider", "dmmf": …, "sql": … or null} or {"name", "error": …}.
//
// `sql` is what `prisma migrate diff --from-empty --script` prints. Its engine asks the database only for
// its version, so the adapter here answers nothing. The engine's web build has no MySQL and no SQL Server.
import fs from 'node:fs';
import { modern, newEngine, readable, schemaWasm, startEngine, succeeded } from './engine.mjs';

const ADAPTERS = { postgresql: 'postgres', postgres: 'postgres', cockroachdb: 'postgres', sqlite: 'sqlite' };

function providerOf(files) {
  for (const [, text] of files) {
    const found = /^datasource[^{]*\{[^}]*?\bprovider\s*=\s*"([^"]+)"/m.exec(text);
    if (found) return found[1];
  }
  return null;
}

async function sqlOf(provider, files) {
  const engine = await newEngine(ADAPTERS[provider], files, async () => succeeded({ columnNames: [], columnTypes: [], rows: [] }));
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
    return { name, provider, error: readable(error) };
  }
}

await startEngine();
const answers = [];
for (const schema of JSON.parse(fs.readFileSync(0, 'utf8'))) answers.push(await answer(schema));
process.stdout.write(JSON.stringify(answers));
