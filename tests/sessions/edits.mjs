// edits.mjs - random edits: what the server says after them is what it says of the same text opened afresh. TAP.
//
//   tests/sessions/edits.t [ROUNDS [SEED]]

import { Client, diagnostics, PUSH } from './client.mjs';

const rounds = Number(process.argv[2] ?? 60), firstSeed = Number(process.argv[3] ?? 1);

function random(seed) {
    let state = seed >>> 0;
    return (below) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return (state >>> 8) % below; };
}

const start = `CREATE TABLE customers (id serial PRIMARY KEY, email text, total float);
-- a comment; with a semicolon
CREATE TABLE orders (
    id int PRIMARY KEY,
    customer_id bigint REFERENCES customers (id), -- é 😀
    note varchar(20) DEFAULT 'it''s; fine'
);\r
CREATE INDEX ON orders (note);
CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN
    DELETE FROM orders; RETURN 1;
END $$;
DELETE FROM customers;
`;
const pieces = ['', ' ', '\n', ';', "'", '"', '$$', '/*', '*/', '-- ', '(', ')', ',', 'é', '😀', '\r\n', '\0', 'DROP TABLE orders;\n',
    'CREATE TABLE t (a int);\n', 'ALTER TABLE orders ADD COLUMN x int NOT NULL;', 'BEGIN;', 'COMMIT;', 'id', 'NOT NULL', 'COPY t FROM stdin;\n1\t2\n\\.\n',
    '-- lintel-ignore missing-primary-key: here\n', 'SELECT * FROM orders WHERE note = 1;'];

// UTF-16 lines as the protocol counts them.
const lineStarts = (text) => { const starts = [0]; for (let i = 0; i < text.length; i++) { if (text[i] === '\n' || (text[i] === '\r' && text[i + 1] !== '\n')) starts.push(i + 1); } return starts; };
const position = (text, at) => { const starts = lineStarts(text); let line = starts.length - 1; while (starts[line] > at) line--; return { line, character: at - starts[line] }; };
const isCut = (text, at) => (at > 0 && text.codePointAt(at - 1) > 0xffff) || (text[at - 1] === '\r' && text[at] === '\n');

function edit(text, next) {
    const changes = [];
    for (let i = 1 + next(3); i > 0; i--) {
        let from = next(text.length + 1);
        let to = Math.min(text.length, from + (next(4) ? next(12) : next(200)));
        while (isCut(text, from)) from--;
        while (isCut(text, to)) to++;
        const piece = pieces[next(pieces.length)];
        changes.push({ range: { start: position(text, from), end: position(text, to) }, text: piece });
        text = text.slice(0, from) + piece + text.slice(to);
    }
    return { text, changes };
}

console.log(`1..${rounds}`);
const edited = new Client(), fresh = new Client();
await edited.initialize({ capabilities: PUSH });
await fresh.initialize({ capabilities: PUSH });
for (let round = 0; round < rounds; round++) {
    const seed = firstSeed + round, next = random(seed), uri = `untitled:round-${seed}.sql`;
    let text = start, version = 1, problem = null;
    try {
        edited.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'pgsql', version, text } });
        for (let step = 0; step < 12 && !problem; step++) {
            const { text: after, changes } = edit(text, next);
            edited.notify('textDocument/didChange', { textDocument: { uri, version: ++version }, contentChanges: changes });
            text = after;
            if (next(3)) continue; // several changes before the server has come to the first
            const incremental = await diagnostics(edited, uri, version);
            fresh.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'pgsql', version, text } });
            const whole = await diagnostics(fresh, uri, version);
            fresh.notify('textDocument/didClose', { textDocument: { uri } });
            await diagnostics(fresh, uri);
            if (JSON.stringify(incremental) !== JSON.stringify(whole)) {
                problem = `after step ${step} of:\n${JSON.stringify(text)}\nedited: ${JSON.stringify(incremental)}\nfresh:  ${JSON.stringify(whole)}`;
            }
        }
        edited.notify('textDocument/didClose', { textDocument: { uri } });
        edited.inbox.length = 0;
    } catch (error) { problem = error.message; }
    console.log(`${problem ? 'not ok' : 'ok'} ${round + 1} - seed ${seed}`);
    if (problem) console.log(problem.split('\n').map((l) => `#   ${l.slice(0, 3000)}`).join('\n'));
    if (edited.status !== undefined || fresh.status !== undefined) { console.log('Bail out! the server has ended'); break; }
}
await edited.end();
await fresh.end();
