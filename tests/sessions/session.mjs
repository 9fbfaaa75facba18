// session.mjs - reads and plays one .session file. README.md says how they are written.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawn } from 'node:child_process';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Client } from './client.mjs';

export function parse(text) {
    const steps = [], options = { files: {}, args: [], manual: [], env: [], wantsMock: false };
    let file = null, open = null;
    text.split('\n').forEach((line, i) => {
        const at = i + 1;
        if (file !== null && line.startsWith('|')) { options.files[file] += line.slice(line[1] === ' ' ? 2 : 1) + '\n'; return; }
        if (open && /^ {2,}\S/.test(line)) { open.text += line.trim(); return; }
        file = open = null;
        if (!line.trim() || line.startsWith('#')) return;
        const found = /^(@file|@args|@manual|@mock|@env|@initialize|@write|@remove|@git|@restart|>raw|!<|=|>|<)\s*(.*)$/.exec(line);
        if (!found) throw new Error(`line ${at}: neither a step nor a directive: ${line}`);
        const [, kind, rest] = found;
        if (kind === '@file') options.files[file = rest] = '';
        else if (kind === '@args') options.args = rest.split(/\s+/);
        else if (kind === '@manual') options.manual = rest.split(/\s+/);
        else if (kind === '@mock') options.wantsMock = true;
        else if (kind === '@env') options.env.push(rest);
        else steps.push(open = { kind, text: rest, at });
    });
    return { steps, options };
}

// Replaces {name} by what was bound to it; a string that is nothing else takes its type too.
function fill(value, bound) {
    if (typeof value === 'string') {
        const whole = /^\{(\w+)\}$/.exec(value);
        if (whole && whole[1] in bound) return bound[whole[1]];
        return value.replace(/\{(\w+)\}/g, (all, name) => (name in bound ? bound[name] : all));
    }
    if (Array.isArray(value)) return value.map((item) => fill(item, bound));
    if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([k, v]) => [fill(k, bound), fill(v, bound)]));
    return value;
}

// Null when `actual` has all that `expected` says, else where it has not.
export function mismatch(expected, actual, bound, where = 'message') {
    if (expected === '*') return actual === undefined ? `${where} is missing` : null;
    if (expected === '-') return actual === undefined ? null : `${where} is there`;
    if (typeof expected === 'string') {
        const name = /^\{(\w+)\}$/.exec(expected);
        if (name && actual !== undefined) { bound[name[1]] = actual; return null; }
        const pattern = /^\/(.*)\/$/s.exec(expected);
        if (pattern && typeof actual === 'string' && new RegExp(pattern[1], 's').test(actual)) return null;
    }
    if (Array.isArray(expected)) {
        if (!Array.isArray(actual)) return `${where} is no array`;
        if (expected[0] === '...') {
            for (const item of expected.slice(1)) {
                if (!actual.some((a) => !mismatch(item, a, { ...bound }, where))) return `${where} has nothing like ${JSON.stringify(item)}`;
            }
            return null;
        }
        if (expected.length !== actual.length) return `${where} has ${actual.length} items`;
        for (let i = 0; i < expected.length; i++) {
            const problem = mismatch(expected[i], actual[i], bound, `${where}[${i}]`);
            if (problem) return problem;
        }
        return null;
    }
    if (expected && typeof expected === 'object') {
        if (!actual || typeof actual !== 'object') return `${where} is no object`;
        for (const [key, value] of Object.entries(expected)) {
            const problem = mismatch(value, actual[key], bound, `${where}.${key}`);
            if (problem) return problem;
        }
        return null;
    }
    return expected === actual ? null : `${where} is ${JSON.stringify(actual)?.slice(0, 300)}`;
}

async function expect(client, expected, bound) {
    let closest = '';
    const matches = (msg) => {
        const trial = { ...bound };
        const problem = mismatch(expected, msg, trial);
        if (!problem) { Object.assign(bound, trial); return true; }
        if ((expected.id !== undefined && expected.id === msg.id && !msg.method === !expected.method) ||
            (expected.method && expected.method === msg.method)) closest = `${problem}, in ${JSON.stringify(msg).slice(0, 1500)}`;
        return false;
    };
    // An answer comes once: when it does not match there is nothing to wait for.
    const isAnswer = expected.id !== undefined && !expected.method && typeof expected.id !== 'string';
    if (isAnswer) {
        const msg = await client.take((m) => m.id === expected.id && !m.method, `answer ${expected.id}`);
        if (!matches(msg)) throw new Error(closest || `unexpected: ${JSON.stringify(msg).slice(0, 1500)}`);
        return;
    }
    try {
        await client.take(matches, JSON.stringify(expected).slice(0, 300));
    } catch (error) {
        throw new Error(closest ? `${error.message}\nclosest: ${closest}` : error.message);
    }
}

function sendRaw(client, text) {
    const bytes = text.replace(/\\(r|n|x([0-9a-f]{2}))/g,
        (all, c, hex) => (hex ? String.fromCharCode(parseInt(hex, 16)) : c === 'r' ? '\r' : '\n'));
    try { // what is a message all the same belongs into the trace
        const msg = JSON.parse(bytes.slice(bytes.indexOf('{')));
        if (msg.method) client.trace.push({ from: 'client', msg });
    } catch { /* it is none */ }
    client.raw(Buffer.from(bytes, 'latin1'));
}

async function play(client, step, bound) {
    const json = () => {
        try { return fill(JSON.parse(step.text), bound); } catch (error) { throw new Error(`not JSON: ${error.message}: ${step.text}`); }
    };
    if (step.kind === '>raw') sendRaw(client, step.text);
    else if (step.kind === '>') client.send(json());
    else if (step.kind === '<') await expect(client, json(), bound);
    else if (step.kind === '!<') {
        // Nothing like it has come, nor comes before the answer to one more request.
        const id = `sync-${step.at}`;
        client.send({ id, method: '$/sync' });
        await client.take((m) => m.id === id, 'the answer to a request');
        const found = client.inbox.find((m) => !mismatch(json(), m, { ...bound }));
        if (found) throw new Error(`came but should not: ${JSON.stringify(found).slice(0, 1000)}`);
    } else if (step.kind === '@initialize') {
        const extra = step.text ? json() : {};
        client.send({ id: 0, method: 'initialize', params: { processId: null, rootUri: bound.ws, capabilities: {}, ...extra } });
        await expect(client, { id: 0, result: { capabilities: {} } }, bound);
        client.send({ method: 'initialized', params: {} });
    } else if (step.kind === '@write') {
        const [, name, text] = /^(\S+)\s?(.*)$/.exec(step.text);
        fs.writeFileSync(path.join(bound.wspath, name), text + '\n');
    } else if (step.kind === '@remove') {
        fs.rmSync(path.join(bound.wspath, step.text));
    } else if (step.kind === '@git') {
        git(bound.wspath, step.text.split(/\s+/));
    } else if (step.kind === '=') {
        const [, what, value] = /^(exit|close)\s*(\S*)$/.exec(step.text) ?? [];
        if (what === 'close') client.process.stdin.end();
        else {
            const status = await client.exited;
            if (String(status) !== value) throw new Error(`ended with ${status}\n${client.stderr}`);
        }
    }
}

// Nobody's configuration, no clock.
function git(folder, args) {
    const settings = ['-c', 'user.name=test', '-c', 'user.email=test', '-c', 'init.defaultBranch=main', '-c', 'core.autocrlf=false'];
    const env = { PATH: process.env.PATH, HOME: folder, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_DATE: '@1 +0000', GIT_COMMITTER_DATE: '@1 +0000' };
    const run = spawnSync('git', [...settings, ...args], { cwd: folder, env, encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`git ${args.join(' ')}: ${run.error ?? run.stderr}`);
}

// The server ends with its input.
async function end(client) {
    client.process.stdin.end();
    await client.exited;
    if (typeof client.status === 'string' || client.status > 1) throw new Error(`ended with ${client.status}\n${client.stderr}`);
    if (client.problems.length) throw new Error(client.problems.join('\n'));
}

// A server of both APIs of language models on 127.0.0.1; resolves to [its process, its URL].
function startMock() {
    const script = path.join(path.dirname(fileURLToPath(import.meta.url)), '../consult/mock_server.py');
    const mock = spawn('python3', [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    return new Promise((resolve, reject) => {
        let said = '';
        mock.stdout.on('data', (d) => {
            said += d;
            const found = /^(http:\/\/\S+)/.exec(said);
            if (found) resolve([mock, found[1]]);
        });
        mock.on('exit', () => reject(new Error('the mock server ended')));
    });
}

// Returns {problem: null | string, trace}.
export async function run(file) {
    const { steps, options } = parse(fs.readFileSync(file, 'utf8'));
    const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'lintel-session-')));
    const ws = path.join(root, 'ws');
    fs.mkdirSync(ws);
    const [mock, url] = options.wantsMock ? await startMock() : [];
    const bound = { ws: pathToFileURL(ws).href, root, wspath: ws, mock: url };
    for (const [name, text] of Object.entries(options.files)) {
        fs.mkdirSync(path.dirname(path.join(ws, name)), { recursive: true });
        fs.writeFileSync(path.join(ws, name), mock ? text.replaceAll('{mock}', url) : text);
    }
    const env = { HOME: root, XDG_STATE_HOME: path.join(root, 'state') };
    for (const line of options.env) {
        const [, name, value] = /^(\w+)\s*(.*)$/.exec(line);
        env[name] = fill(value, bound);
    }
    const start = () => new Client({ args: options.args, manual: options.manual, env, cwd: ws });
    let client = start(), problem = null, at = 0;
    const trace = [];
    try {
        for (const step of steps) {
            at = step.at;
            if (step.kind !== '@restart') { await play(client, step, bound); continue; }
            await end(client);
            trace.push(...client.trace);
            client = start();
        }
        at = 'the end';
        await end(client);
    } catch (error) {
        problem = `at line ${at}: ${error.message}`;
        client.kill();
        await client.exited;
    }
    mock?.removeAllListeners('exit').kill();
    fs.rmSync(root, { recursive: true, force: true });
    const name = path.basename(file, '.session');
    return { problem, trace: [...trace, ...client.trace].map((entry) => ({ ...entry, session: name })) };
}
