// client.mjs - a language client for tests: starts the server, frames messages, keeps a trace.
//
// No test needs a clock: waiting is for a message, with a deadline that only a failure reaches.

import { spawn } from 'node:child_process';

export const DEADLINE_MS = Number(process.env.LINTEL_TEST_DEADLINE_MS ?? 60000);

export class Client {
    // options: args, env, cwd, autoAnswer (default true)
    constructor(options = {}) {
        this.trace = [];      // {from, msg}
        this.inbox = [];      // server messages that nobody has taken
        this.waiters = [];
        this.nextId = 1;
        this.problems = [];   // violations of the framing
        this.keepAnswers = new Set(options.manual ?? []);
        this.buffer = Buffer.alloc(0);
        const program = process.env.LINTEL ?? 'build/debug/lintel';
        this.process = spawn(program, ['lsp', '--stdio', ...(options.args ?? [])],
            {
                // A sanitizer's report must not look like an exit without a shutdown.
                env: { ...process.env, ASAN_OPTIONS: `${process.env.ASAN_OPTIONS ?? ''}:exitcode=99`, ...options.env },
                cwd: options.cwd,
            });
        this.stderr = '';
        this.process.stderr.on('data', (d) => { this.stderr = (this.stderr + d).slice(-20000); });
        this.process.stdout.on('data', (d) => this.#take(d));
        this.process.stdin.on('error', () => {});
        this.exited = new Promise((resolve) => this.process.on('close', (code, signal) => {
            this.status = code ?? signal;
            this.#wake();
            resolve(this.status);
        }));
    }

    #take(data) {
        this.buffer = this.buffer.length ? Buffer.concat([this.buffer, data]) : data;
        for (;;) {
            const end = this.buffer.indexOf('\r\n\r\n');
            if (end < 0) return;
            const header = this.buffer.subarray(0, end).toString('latin1');
            const found = /^Content-Length: (\d+)$/.exec(header);
            if (!found) { this.problems.push(`bad header: ${JSON.stringify(header)}`); this.buffer = Buffer.alloc(0); return; }
            const start = end + 4, length = Number(found[1]);
            if (this.buffer.length < start + length) return;
            const body = this.buffer.subarray(start, start + length);
            this.buffer = this.buffer.subarray(start + length);
            let text;
            try {
                text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(body);
                this.#receive(JSON.parse(text));
            } catch (error) {
                this.problems.push(`bad body: ${error.message}: ${JSON.stringify(body.toString('latin1')).slice(0, 200)}`);
            }
        }
    }

    #receive(msg) {
        this.trace.push({ from: 'server', msg });
        if (msg.method && msg.id !== undefined && !this.keepAnswers.has(msg.method)) {
            let result = null;
            if (msg.method === 'workspace/configuration') result = msg.params.items.map(() => null);
            if (msg.method === 'window/showDocument') result = { success: true };
            this.send({ id: msg.id, result });
        }
        this.inbox.push(msg);
        this.#wake();
    }

    #wake() {
        const waiters = this.waiters;
        this.waiters = [];
        for (const wake of waiters) wake();
    }

    send(msg) {
        msg = { jsonrpc: '2.0', ...msg };
        this.trace.push({ from: 'client', msg });
        const body = Buffer.from(JSON.stringify(msg));
        this.raw(Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]));
    }

    raw(bytes) { this.process.stdin.write(bytes); }

    // The first message not yet taken that `matches`; taken away.
    async take(matches, what = 'a message') {
        const deadline = Date.now() + DEADLINE_MS;
        for (;;) {
            const i = this.inbox.findIndex(matches);
            if (i >= 0) return this.inbox.splice(i, 1)[0];
            const left = deadline - Date.now();
            if (this.status !== undefined) throw new Error(`the server ended (${this.status}) before ${what}\n${this.stderr}`);
            if (left <= 0) throw new Error(`no ${what} within ${DEADLINE_MS} ms; waiting: ${JSON.stringify(this.inbox).slice(0, 3000)}\n${this.stderr}`);
            await new Promise((resolve) => {
                const timer = setTimeout(resolve, left);
                this.waiters.push(() => { clearTimeout(timer); resolve(); });
            });
        }
    }

    async request(method, params) {
        const id = this.nextId++;
        this.send({ id, method, params });
        const msg = await this.take((m) => m.id === id && !m.method, `answer to ${method}`);
        if (msg.error) throw Object.assign(new Error(`${method}: ${msg.error.message}`), { code: msg.error.code });
        return msg.result;
    }

    notify(method, params) { this.send({ method, params }); }

    async initialize(params = {}) {
        const result = await this.request('initialize', { processId: null, rootUri: null, capabilities: {}, ...params });
        this.notify('initialized', {});
        return result;
    }

    async end() {
        if (this.status === undefined) {
            await this.request('shutdown');
            this.notify('exit');
        }
        return this.exited;
    }

    kill() { if (this.status === undefined) this.process.kill('SIGKILL'); }
}

// The diagnostics of a document at a version, pushed.
export async function diagnostics(client, uri, version) {
    const msg = await client.take((m) => m.method === 'textDocument/publishDiagnostics' && m.params.uri === uri &&
        (version === undefined || m.params.version === version), `diagnostics of ${uri} ${version}`);
    return msg.params.diagnostics;
}

export const PUSH = { textDocument: { publishDiagnostics: { versionSupport: true, relatedInformation: true } } };
