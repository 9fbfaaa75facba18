// run.mjs - plays every .session file, then type-checks every message that the server sent.
//
//   tests/sessions/sessions.t [NAME...]     only the sessions whose names contain one of NAME

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { typeCheck } from '../lsp-types/check.mjs';
import { run } from './session.mjs';

const here = path.dirname(fileURLToPath(import.meta.url));
const top = path.resolve(here, '../..');
const wanted = process.argv.slice(2);
const files = fs.readdirSync(here).filter((f) => f.endsWith('.session')).sort()
    .filter((f) => !wanted.length || wanted.some((w) => f.includes(w)));
console.log(`1..${files.length + 2}`);
let n = 0;
const tap = (problem, name) => {
    console.log(`${problem ? 'not ok' : 'ok'} ${++n} - ${name}`);
    if (problem) console.log(String(problem).split('\n').map((l) => `#   ${l}`).join('\n'));
};

const trace = [];
const results = new Map();
const queue = [...files];
const player = async () => {
    for (let file; (file = queue.shift());) results.set(file, await run(path.join(here, file)));
};
await Promise.all([player(), player()]);
for (const file of files) {
    const { problem, trace: messages } = results.get(file);
    trace.push(...messages);
    tap(problem, file.replace('.session', '').replaceAll('_', ' '));
}

const build = path.resolve(process.env.LINTEL_BUILD ?? path.join(top, 'build/debug'), 'sessions');
const { problems, n: count } = typeCheck(trace, build);
tap(problems.slice(0, 20).join('\n'), `${count} different messages of the server are what LSP 3.18 says`);

// A second opinion, where the protocol's metamodel is at hand.
const shared = path.resolve(top, '../shared');
const model = path.join(shared, 'data/lsp-3.18-metaModel.json');
const validator = path.join(shared, 'tools/lsp-validate.mjs');
if (fs.existsSync(model) && fs.existsSync(validator)) {
    let found = '';
    for (const session of new Set(trace.map((t) => t.session))) {
        const replay = path.join(build, `${session}.jsonl`);
        // What a session sends wrongly on purpose is not the server's mistake.
        fs.writeFileSync(replay, trace.filter((t) => t.session === session).map((t) => JSON.stringify({ from: t.from, msg: t.msg })).join('\n') + '\n');
        const check = spawnSync(process.execPath, [validator, '--model', model, '--allow', '$/sync', '--replay', replay], { encoding: 'utf8' });
        for (const line of (check.stdout + check.stderr).split('\n')) {
            if (/LSP-VIOLATION server /.test(line)) found += `${session}: ${line}\n`;
        }
    }
    tap(found, 'the protocol\'s metamodel agrees');
} else {
    console.log(`ok ${++n} - the protocol's metamodel agrees # SKIP it is not here`);
}
process.exitCode = 0;
