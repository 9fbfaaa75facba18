// check.mjs - type-check messages that the server sent, with the protocol's own TypeScript types.
//
// Each message becomes a typed object literal in one generated file, which `tsc --strict` then
// judges: a misspelt or superfluous member, a missing one, a wrong number of an enumeration or a
// wrong variant of a union is an error of the compiler. Used by tests/sessions/run.mjs.

import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const here = path.dirname(fileURLToPath(import.meta.url));

// What the server may send; a method that is not here is an error.
const results = {
    'initialize': 'lsp.InitializeResult',
    'shutdown': 'null',
    'textDocument/hover': 'lsp.Hover | null',
    'textDocument/definition': 'lsp.Definition | lsp.LocationLink[] | null',
    'textDocument/references': 'lsp.Location[] | null',
    'textDocument/documentHighlight': 'lsp.DocumentHighlight[] | null',
    'textDocument/documentSymbol': 'lsp.DocumentSymbol[] | lsp.SymbolInformation[] | null',
    'workspace/symbol': 'lsp.SymbolInformation[] | null',
    'textDocument/foldingRange': 'lsp.FoldingRange[] | null',
    'textDocument/codeLens': 'lsp.CodeLens[] | null',
    'textDocument/documentLink': 'lsp.DocumentLink[] | null',
    'codeLens/resolve': 'lsp.CodeLens',
    'textDocument/completion': 'lsp.CompletionList | null',
    'textDocument/inlayHint': 'lsp.InlayHint[] | null',
    'textDocument/codeAction': '(lsp.Command | lsp.CodeAction)[] | null',
    'textDocument/diagnostic': 'lsp.DocumentDiagnosticReport',
    'workspace/diagnostic': 'lsp.WorkspaceDiagnosticReport',
    'workspace/executeCommand': 'lsp.LSPAny',
    'workspace/textDocumentContent': 'lsp.TextDocumentContentResult',
};
const params = {
    'textDocument/publishDiagnostics': 'lsp.PublishDiagnosticsParams',
    '$/progress': '{ token: number | string; value: lsp.WorkDoneProgressBegin | lsp.WorkDoneProgressReport | lsp.WorkDoneProgressEnd }',
    'window/showMessage': 'lsp.ShowMessageParams',
    'window/showMessageRequest': 'lsp.ShowMessageRequestParams',
    'window/logMessage': 'lsp.LogMessageParams',
    'window/showDocument': 'lsp.ShowDocumentParams',
    'window/workDoneProgress/create': 'lsp.WorkDoneProgressCreateParams',
    'workspace/configuration': 'lsp.ConfigurationParams',
    'client/registerCapability': 'lsp.RegistrationParams',
    'workspace/diagnostic/refresh': 'undefined',
    'workspace/codeLens/refresh': 'undefined',
    'workspace/textDocumentContent/refresh': 'lsp.TextDocumentContentRefreshParams',
};
const registrations = {
    'workspace/didChangeWatchedFiles': 'lsp.DidChangeWatchedFilesRegistrationOptions',
    'workspace/didChangeConfiguration': 'lsp.DidChangeConfigurationRegistrationOptions',
};

// One literal for each message: {type, value, where}; problems that need no compiler as strings.
// `trace` is a list of {from: "client" | "server", msg, session}, in order.
export function literals(trace) {
    const list = [], problems = [], asked = new Map(), seen = new Set();
    const add = (type, value, where) => {
        const text = value === undefined ? 'undefined' : JSON.stringify(value);
        if (seen.has(type + text)) return;
        seen.add(type + text);
        list.push({ type, text, where });
    };
    let session;
    for (const { from, msg, session: name } of trace) {
        if (name !== session) { asked.clear(); session = name; }
        if (from === 'client') {
            if (msg && msg.method && msg.id !== undefined) asked.set(JSON.stringify(msg.id), msg.method);
            continue;
        }
        const where = `${name}: ${msg.method ?? 'answer to ' + asked.get(JSON.stringify(msg.id))}`;
        if (msg.jsonrpc !== '2.0') problems.push(`${where}: jsonrpc is not 2.0`);
        const known = msg.method ? ['jsonrpc', 'id', 'method', 'params'] : ['jsonrpc', 'id', 'result', 'error'];
        for (const key of Object.keys(msg)) if (!known.includes(key)) problems.push(`${where}: has a member ${key}`);
        if (msg.method) {
            if (!(msg.method in params)) { problems.push(`${where}: a method that the server should not send`); continue; }
            add(params[msg.method], msg.params, where);
            for (const item of msg.method === 'client/registerCapability' ? msg.params.registrations : []) {
                if (item.method in registrations) add(registrations[item.method], item.registerOptions, where);
                else problems.push(`${where}: registers ${item.method}`);
            }
            continue;
        }
        if (('result' in msg) === ('error' in msg)) problems.push(`${where}: not exactly one of result and error`);
        if ('error' in msg) { add('lsp.ResponseErrorLiteral', msg.error, where); continue; }
        const method = asked.get(JSON.stringify(msg.id));
        if (!(method in results)) problems.push(`${where}: answers a request that was not made`);
        else add(results[method], msg.result, where);
    }
    return { list, problems };
}

// Returns the list of problems found; empty when all is well.
export function typeCheck(trace, folder) {
    const { list, problems } = literals(trace);
    fs.mkdirSync(folder, { recursive: true });
    const file = path.join(folder, 'messages.ts');
    const lines = ["import type * as lsp from 'vscode-languageserver-protocol';"];
    const start = lines.length + 1;
    list.forEach((item, i) => {
        // ResponseErrorLiteral is not exported by the package's entry.
        const type = item.type.replace('lsp.ResponseErrorLiteral', '{ code: number; message: string; data?: lsp.LSPAny }');
        lines.push(`export const m${i}: ${type} = ${item.text};`);
    });
    fs.writeFileSync(file, lines.join('\n') + '\n');
    fs.writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({
        compilerOptions: { strict: true, noEmit: true, skipLibCheck: true, module: 'node16', moduleResolution: 'node16',
            target: 'es2022', types: [], preserveSymlinks: true },
        files: ['messages.ts'],
    }));
    const link = path.join(folder, 'node_modules');
    fs.rmSync(link, { force: true });
    fs.symlinkSync(path.join(here, 'node_modules'), link);
    const run = spawnSync(process.execPath, [path.join(here, 'node_modules/typescript/bin/tsc'), '-p', folder, '--pretty', 'false'], { encoding: 'utf8' });
    const output = (run.stdout ?? '') + (run.stderr ?? '');
    if (run.status !== 0 && !output.trim()) problems.push(`tsc ended with ${run.status}`);
    for (const line of output.split('\n').filter(Boolean)) {
        const found = /messages\.ts\((\d+),/.exec(line);
        problems.push(found ? `${list[found[1] - start]?.where}: ${line}` : line);
    }
    return { problems, n: list.length };
}
