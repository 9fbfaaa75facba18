#!/usr/bin/env python3
"""`lintel mcp` as a server: driven by the protocol's inspector and by its own client in both eras (npm), and by hand where those are
too polite. It answers what the commands print, stays in its folder, and writes nothing."""
import hashlib
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from mcp_lib import BINARY, TOP, World, check, module, node, tap  # noqa: E402

VERSION = 'io.modelcontextprotocol/protocolVersion'
NEWER = {VERSION: '2026-07-28', 'io.modelcontextprotocol/clientCapabilities': {}}
RISKY = 'ALTER TABLE orders ADD COLUMN total int NOT NULL;\n'


class Server:
    def __init__(self, world, folder=None):
        self.process = subprocess.Popen([BINARY, 'mcp'], cwd=folder or world.project, env=world.environment(), stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def raw(self, data):
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def read(self):
        return json.loads(self.process.stdout.readline())

    def ask(self, method, params=None, number=1, **more):
        self.raw(json.dumps({'jsonrpc': '2.0', 'id': number, 'method': method, 'params': params or {}, **more}).encode() + b'\n')
        return self.read()

    def newer(self, method, params=None, number=1):
        return self.ask(method, {**(params or {}), '_meta': NEWER}, number)

    def tool(self, name, **arguments):
        return self.newer('tools/call', {'name': name, 'arguments': arguments})['result']

    def close(self):
        rest, complaints = self.process.communicate(timeout=30)
        return self.process.returncode, rest, complaints.decode()


def text_of(result):
    return result['content'][0]['text']


def fingerprint(folder):
    digest = hashlib.sha256()
    for root, folders, files in sorted(os.walk(folder)):
        folders.sort()
        for name in sorted(files):
            path = os.path.join(root, name)
            digest.update(path.encode())
            if not os.path.islink(path):
                with open(path, 'rb') as file:
                    digest.update(file.read())
    return digest.hexdigest()


def eras(world):
    server = Server(world)
    answer = server.ask('tools/list')
    check(answer['error']['code'] == -32602, 'neither a handshake nor a revision: refused', [answer])
    for wanted, given in (('2024-11-05', '2024-11-05'), ('2025-03-26', '2025-03-26'), ('2025-11-25', '2025-11-25'), ('2099-01-01', '2025-11-25')):
        answer = server.ask('initialize', {'protocolVersion': wanted, 'capabilities': {}, 'clientInfo': {'name': 'x', 'version': '1'}})
        check(answer['result']['protocolVersion'] == given and 'lint' in answer['result']['instructions'], 'handshake for %s' % wanted, [answer])
        called = server.ask('tools/call', {'name': 'lint', 'arguments': {}})['result']
        check(('structuredContent' in called) == (given > '2025-06') and 'resultType' not in called,
              'data for %s only where the revision has it' % given, [list(called)])
    server.raw(b'{"jsonrpc":"2.0","method":"notifications/initialized"}\n')
    check(server.ask('ping') == {'jsonrpc': '2.0', 'id': 1, 'result': {}}, 'ping; a notification has no answer')
    answer = server.newer('tools/list', number='größe')
    check(answer['id'] == 'größe' and answer['result']['resultType'] == 'complete' and answer['result']['ttlMs'] >= 0
          and answer['result']['_meta']['io.modelcontextprotocol/serverInfo']['name'] == 'lintel', 'the newer era beside it', [answer])
    for method, params, code in (('ping', None, -32601), ('initialize', None, -32601), ('no/such', None, -32601), ('resources/list', None, -32601),
                                 ('tools/call', {'name': 'write'}, -32602), ('tools/call', {'name': 'lint', 'arguments': []}, -32602)):
        answer = server.newer(method, params)
        check(answer['error']['code'] == code, 'newer: %s %s: %d' % (method, params or '', code), [answer])
    answer = server.ask('tools/list', {'_meta': {VERSION: '1900-01-01'}})
    check(answer['error']['code'] == -32022 and answer['error']['data'] == {'supported': ['2026-07-28'], 'requested': '1900-01-01'},
          'an unknown revision is told which there are', [answer])
    check(server.close()[0] == 0, 'it ends with its input')


def rubbish(world):
    server = Server(world)
    for line, code in ((b'not JSON', -32700), (b'{"jsonrpc":"2.0","id":1', -32700), (b'[]', -32600), (b'7', -32600), (b'{"id":1,"method":"ping"}', -32600),
                       (b'{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600), (b'\xff\xfe\x00', -32700), (b'[' * 100000, -32700)):
        server.raw(line + b'\n')
        answer = server.read()
        check(answer['error']['code'] == code and answer['id'] is None, '%r: %d' % (line[:30], code), [answer])
    server.raw(b'\n\r\n{"jsonrpc":"2.0","id":5,"result":{}}\n{"jsonrpc":"2.0","id":6,"method":"ping"}\r\n')
    check(server.read() == {'jsonrpc': '2.0', 'id': 6, 'result': {}}, 'empty lines and answers are passed over')
    server.raw(b'x' * (9 << 20) + b'\n')
    check('too long' in server.read()['error']['message'], 'a line that is too long')
    server.raw(b'{"jsonrpc":"2.0","id":7,"me')
    server.raw(b'thod":"ping"}')
    server.process.stdin.close()
    server.process.stdin = None
    code, rest, complaints = server.close()
    check(code == 0 and json.loads(rest)['id'] == 7 and not complaints, 'cut in two, and without a line end: answered', [rest, complaints])


def tools(world):
    world.write('db/migrations/0003_total.sql', RISKY)
    world.write('../outside.sql', RISKY)
    os.symlink('../outside.sql', os.path.join(world.project, 'link.sql'))
    world.write('lintel.yaml', 'consult:\n  agent: keeper\n')
    world.write('.claude/agents/keeper.md', '---\nname: keeper\ndescription: x\n---\nYou advise.\n')
    world.write('.claude/rules/first.md', '---\npaths: db/migrations/0001*\n---\nignore missing-fk-index\n')
    world.write('db/.claude/rules.md', 'ignore add-not-null-column\n')
    before = fingerprint(world.folder)
    server = Server(world)
    result = server.tool('lint')
    found = result['structuredContent']['findings']
    check(any(f['rule'] == 'add-not-null-column' and f['file'] == 'db/migrations/0003_total.sql' for f in found)
          and '[add-not-null-column]' in text_of(result), 'lint finds what is risky, as text and as data', [result])
    printed = json.loads(world.run('check', '--format', 'json').stdout)
    check(found == printed['findings'] and result['structuredContent']['summary'] == printed['summary'], 'and says what lintel check says')
    result = server.tool('lint', severity='error', limit=1)
    check([f['severity'] for f in result['structuredContent']['findings']] == ['error'], 'only errors, only one', [result])
    result = server.tool('lint', limit=1)
    check(result['structuredContent']['left_out'] == len(found) - 1 and 'more are not shown' in text_of(result), 'how many were left out', [result])
    result = server.tool('lint', text='ALTER TABLE orders ADD COLUMN größe int NOT NULL;\n', file_name='db/migrations/0004_new.sql')
    check([f['rule'] for f in result['structuredContent']['findings']] == ['add-not-null-column']
          and result['structuredContent']['findings'][0]['file'] == 'db/migrations/0004_new.sql', 'a text that is not saved, at its place in the history', [result])
    result = server.tool('lint', paths=['db/migrations/0001_shop.sql'])
    check({f['file'] for f in result['structuredContent']['findings']} <= {'db/migrations/0001_shop.sql'}, 'one file')
    result = server.tool('schema')
    check('customers' in text_of(result) and 'orders' in text_of(result) and 'total' in text_of(result), 'schema', [result])
    check('erDiagram' in text_of(server.tool('schema', format='mermaid')), 'schema as a diagram')
    check(server.tool('schema', format='json')['structuredContent'] == json.loads(world.run('schema', '--format', 'json').stdout), 'schema as data')
    result = server.tool('schema', table='public.orders')
    check('CREATE TABLE orders' in text_of(result) and 'customers (' not in text_of(result).replace('REFERENCES customers (', ''), 'one table as SQL', [result])
    check('**Why.**' in text_of(server.tool('explain', rule='add-not-null-column')), 'explain')
    result = server.tool('report')
    check('# Database Architecture Analysis Report' in text_of(result) and len(result['structuredContent']['reports']) == 1, 'report', [text_of(result)[:300]])
    check('table `orders`' in text_of(server.tool('report', table='orders', question='Is the key right?')), 'report about one table')
    for path in ([], ['db'], ['db/migrations'], ['db/migrations/0001_shop.sql']):
        check(text_of(server.tool('report', **{'path': word for word in path})) == world.run('consult', *path).stdout,
              'report %s says what lintel consult says, with its agent and rules' % ''.join(path))
    for name, arguments, part in (
            ('lint', {'paths': ['../outside.sql']}, 'not in the working folder'), ('lint', {'paths': ['/etc']}, 'not in the working folder'),
            ('lint', {'paths': ['link.sql']}, 'not in the working folder'), ('lint', {'paths': ['db/../../outside.sql']}, 'not in the working folder'),
            ('lint', {'text': 'SELECT 1', 'file_name': '../x.sql'}, 'not in the working folder'), ('lint', {'paths': 7}, 'not a list of paths'),
            ('lint', {'paths': [7]}, 'not a path'), ('lint', {'paths': ['none.sql']}, 'no such file'), ('lint', {'paths': ['a\0b']}, 'NUL'),
            ('lint', {'severity': 'bad'}, 'severity is'), ('lint', {'limit': 0}, 'limit is'), ('lint', {'text': 7}, 'text is not a text'),
            ('lint', {'text': 'x', 'paths': ['db']}, 'either paths or text'), ('schema', {'table': 'nope'}, 'there is no table nope'),
            ('schema', {'format': 'xml'}, 'format is'), ('explain', {}, 'rule is missing'), ('explain', {'rule': 'add-not-null-colum'}, 'did you mean'),
            ('report', {'table': 'nope'}, 'nope'), ('report', {'path': ['db', 'db']}, 'one file or folder')):
        result = server.tool(name, **arguments)
        check(result.get('isError') is True and part in text_of(result) and 'structuredContent' not in result, '%s %s: %s' % (name, arguments, part), [result])
    code, _, complaints = server.close()
    check(code == 0 and not complaints, 'nothing on standard error', [complaints])
    check(fingerprint(world.folder) == before, 'nothing was written')
    empty = Server(world, world.home)
    check('there is no schema' in text_of(empty.tool('lint')), 'a folder without a schema')
    empty.close()


def inspector(world, program):
    words = [program, module('@modelcontextprotocol', 'inspector', 'clients', 'cli', 'build', 'index.js'), BINARY, 'mcp', '--method']

    def inspect(*more):
        done = subprocess.run(words + list(more), cwd=world.project, env=world.environment(), capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, json.loads(done.stdout) if done.stdout.startswith('{') else {}, done.stdout + done.stderr
    code, listed, said = inspect('tools/list', '--strict')
    check(code == 0 and [tool['name'] for tool in listed['tools']] == ['lint', 'schema', 'explain', 'report'],
          'inspector: the tools, and their schemas are portable', [said[-600:]])
    check(all(tool['annotations']['readOnlyHint'] for tool in listed.get('tools', [])), 'inspector: all of them read')
    code, called, said = inspect('tools/call', '--tool-name', 'explain', '--tool-arg', 'rule=missing-fk-index')
    check(code == 0 and 'missing-fk-index' in json.dumps(called), 'inspector: explain', [said[-600:]])
    code, called, said = inspect('tools/call', '--tool-name', 'lint', '--tool-arg', 'severity=error')
    check(code == 0 and 'add-not-null-column' in json.dumps(called), 'inspector: lint', [said[-600:]])


def own_client(world, program):
    calls = [['lint', {}], ['schema', {'format': 'json'}], ['report', {}], ['explain', {'rule': 'x'}], ['no-such', {}]]
    for mode, version in (('legacy', '2025-11-25'), ('auto', '2026-07-28'), ('2026-07-28', '2026-07-28')):
        done = subprocess.run([program, os.path.join(HERE, 'sdk_client.mjs'), mode, json.dumps(calls), BINARY, 'mcp'], cwd=world.project,
                              env=world.environment(), capture_output=True, text=True, timeout=60, check=False)
        seen = json.loads(done.stdout or '{}')
        results = seen.get('results', [{}] * 5)
        check(seen.get('version') == version and len(seen['tools']) == 4 and seen['instructions'], 'its own client, %s: it settles on %s' % (mode, version),
              [done.stdout[:300], done.stderr[-600:]])
        check(all('structuredContent' in result for result in results[:3]) and results[3].get('isError') and results[4].get('code') == -32602,
              'its own client, %s: results, data that fits its schema, errors' % mode, [str(result)[:200] for result in results])


def plugin():
    with open(os.path.join(TOP, 'agents', '.claude-plugin', 'plugin.json'), encoding='utf-8') as file:
        manifest = json.load(file)
    version = subprocess.run([BINARY, '--version'], capture_output=True, text=True, check=True).stdout
    with open(os.path.join(TOP, 'agents', manifest['mcpServers']), encoding='utf-8') as file:
        server = json.load(file)['mcpServers']['lintel']
    check(' %s' % manifest['version'] in version and manifest['name'] == 'lintel', 'the plugin has the program\'s version', [version])
    check(all(os.path.isfile(os.path.join(TOP, 'agents', path)) for path in manifest['agents']), 'its agents are there')
    check(all([entry['command'], *entry['args']] == ['lintel', 'lsp'] and entry['extensionToLanguage']
              for entry in manifest['lspServers'].values()), 'its language server is ours')
    check([server['command'], *server['args']] == ['lintel', 'mcp'], 'and it starts this server')


def main():
    world = World()
    try:
        eras(world)
        rubbish(world)
        tools(world)
        program = node()
        if program and os.path.exists(module('@modelcontextprotocol', 'inspector')):
            inspector(world, program)
            own_client(world, program)
        else:
            tap.skip('inspector and client', 'the packages of tests/mcp are not there, or not for this machine')
        plugin()
    finally:
        world.close()
    tap.done()


if __name__ == '__main__':
    main()
