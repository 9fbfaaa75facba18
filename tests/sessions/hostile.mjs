// hostile.mjs - texts that nobody should write, opened and edited: diagnostics come, the server answers, memory stays
// bounded and time grows linearly. TAP.

import fs from 'node:fs';
import { Client, diagnostics, PUSH } from './client.mjs';

// Reproducible random bytes.
function random(seed) {
    let state = seed >>> 0;
    return () => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return state >>> 8; };
}
const bytes = (n, seed) => { const next = random(seed); return Buffer.from(Array.from({ length: n }, () => next() & 255)); };
const longLine = (n) => { let s = ''; for (let i = 0; s.length < n; i++) s += `CREATE TABLE wide${i} (name text, é😀 text); `; return s; };

const table = 'CREATE TABLE good (id bigint PRIMARY KEY);\n';
const texts = {
    'nothing': '',
    'a byte order mark': '\ufeff' + table,
    'a byte order mark alone': '\ufeff',
    'CRLF': table.replaceAll('\n', '\r\n').repeat(50),
    'CR alone': table.replaceAll('\n', '\r').repeat(50),
    'NULs': 'CREATE TABLE a\0b (id int);\0\n' + table,
    'lone surrogates': 'CREATE TABLE "\ud800" (id int); -- \udc00\n' + table,
    '20,000 nested parentheses': 'SELECT ' + '('.repeat(20000) + '1' + ')'.repeat(20000) + ';\n' + table,
    '20,000 opening parentheses': 'CREATE TABLE t (id int CHECK ' + '('.repeat(20000) + '\n' + table,
    '20,000 nested CASE': 'SELECT ' + 'CASE WHEN '.repeat(20000) + '1;\n' + table,
    '20,000 BEGINs': 'BEGIN\n'.repeat(20000) + table,
    'a 2 MB line': longLine(2e6),
    'a 2 MB string': `INSERT INTO t VALUES ('${'x'.repeat(2e6)}');\n` + table,
    'an unterminated quote': "INSERT INTO t VALUES ('open\n" + table,
    'an unterminated identifier': 'CREATE TABLE "open\n' + table,
    'an unterminated comment': '/* open\n' + table,
    'an unterminated dollar quote': 'DO $body$ BEGIN\n' + table,
    '100,000 comment openings': '/*'.repeat(100000),
    '200 KB of random bytes': bytes(200000, 1).toString('latin1'),
    '200 KB of random bytes as broken UTF-8': bytes(200000, 2).toString('utf8'),
    '50,000 semicolons': ';'.repeat(50000),
    '30,000 quotes': "'".repeat(30001),
    '30,000 dollars': '$'.repeat(30001),
};

let n = 0, failed = 0;
const tap = (problem, name) => {
    console.log(`${problem ? 'not ok' : 'ok'} ${++n} - ${name}`);
    if (problem) { failed++; console.log(String(problem).split('\n').slice(0, 30).map((l) => `#   ${l}`).join('\n')); }
};
// User and system time, of all threads: what else the machine does hardly counts.
const processorMs = (pid) => {
    const fields = fs.readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10; // of a clock that ticks a hundred times a second
};
const peakBytes = (pid) => Number(/VmHWM:\s+(\d+)/.exec(fs.readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;

async function attempt(name, text) {
    const client = new Client();
    try {
        await client.initialize({ capabilities: { ...PUSH, textDocument: { ...PUSH.textDocument, hover: {} } } });
        const uri = 'file:///nowhere/hostile.sql';
        client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
        await diagnostics(client, uri, 1);
        // It still answers, in the middle and at the end, and after an edit in both places.
        for (const line of [0, 1, 1000000]) {
            await client.request('textDocument/hover', { textDocument: { uri }, position: { line, character: 9 } });
        }
        client.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [
            { range: { start: { line: 99999, character: 0 }, end: { line: 99999, character: 0 } }, text: '\n;\n' + table },
            { range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }, text: '' },
        ] });
        await diagnostics(client, uri, 2);
        const status = await client.end();
        if (status !== 0) throw new Error(`ended with ${status}\n${client.stderr}`);
        if (client.problems.length) throw new Error(client.problems.join('\n'));
        tap(null, name);
    } catch (error) {
        client.kill();
        tap(error.message, name);
    }
}

const isSanitized = /asan|tsan/.test(`${process.env.LINTEL_BUILD} ${process.env.LINTEL}`);

// Four times the text may take about four times as long, and a bounded multiple of its size in memory. The bound that we
// want is 20 for whatever the text is. Today's, `most`, are above it where a text is nothing but very short statements,
// each kept with its facts.
async function growth(name, make, small, most) {
    if (isSanitized) small /= 4;
    const measure = async (size) => {
        const client = new Client();
        await client.initialize({ capabilities: PUSH });
        const uri = 'file:///nowhere/growing.sql', text = make(size);
        // What the process costs before it has seen a text.
        client.notify('textDocument/didOpen', { textDocument: { uri: 'file:///nowhere/empty.sql', languageId: 'sql', version: 1, text: ';' } });
        await diagnostics(client, 'file:///nowhere/empty.sql', 1);
        const before = peakBytes(client.process.pid), start = processorMs(client.process.pid);
        client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
        await diagnostics(client, uri, 1);
        const ms = processorMs(client.process.pid) - start, memory = peakBytes(client.process.pid) - before;
        await client.end();
        return { ms, memory, size: Buffer.byteLength(text) };
    };
    try {
        const one = await measure(small), four = await measure(small * 4);
        const ratio = four.ms / Math.max(one.ms, 10);
        // Quadratic would be 16.
        console.log(`# ${name}: ${one.ms} ms of the processor, four times the text ${four.ms} ms; ${(four.memory / four.size).toFixed(1)} times its size in memory`);
        if (ratio > 11 && four.ms > 500) throw new Error(`four times the text took ${ratio.toFixed(1)} times as long`);
        if (!isSanitized && four.memory > most * four.size) throw new Error(`${(four.memory / four.size).toFixed(1)} times the text in memory, more than ${most}`);
        tap(null, `${name}: time and memory grow with the text`);
    } catch (error) { tap(error.message, `${name}: time and memory grow with the text`); }
}

const growing = [
    ['tables', (size) => { let s = ''; for (let i = 0; s.length < size; i++) s += `CREATE TABLE t${i} (id bigint PRIMARY KEY, a${i} text, b int REFERENCES t${i >> 1} (id));\n`; return s; }, 200000, 140],
    ['one long line', longLine, 100000, 110],
    ['parentheses', (size) => 'SELECT ' + '('.repeat(size), 100000, 20],
    ['open quotes', (size) => "SELECT 'a\n".repeat(size / 10), 100000, 23],
    ['random bytes', (size) => bytes(size, 3).toString('latin1'), 50000, 10],
    ['inserts', (size) => "INSERT INTO t (a, b) VALUES (1, 'some text'), (2, 'more');\n".repeat(size / 60), 200000, 32],
];

console.log(`1..${Object.keys(texts).length + growing.length}`);
for (const [name, text] of Object.entries(texts)) await attempt(name, text);
for (const [name, make, small, most] of growing) await growth(name, make, small, most);
