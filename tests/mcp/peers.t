#!/usr/bin/env python3
"""Our client with servers that others have written (npm, by the lock file): everything, filesystem and context7, over pipes and over
HTTP, in both eras of the protocol. Nothing of it leaves the machine: context7 is asked what it can only refuse."""
import concurrent.futures
import json
import os
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from mcp_lib import World, check, module, node, skip_all, tap  # noqa: E402

EVERYTHING = ('@modelcontextprotocol', 'server-everything', 'dist', 'index.js')
FILES = ('@modelcontextprotocol', 'server-filesystem', 'dist', 'index.js')
CONTEXT7 = ('@upstash', 'context7-mcp', 'dist', 'index.js')
# Where a fetch would go; nobody listens there.
NOWHERE = {'CONTEXT7_API_URL': 'http://127.0.0.1:1', 'HTTPS_PROXY': 'http://127.0.0.1:1', 'https_proxy': 'http://127.0.0.1:1'}


def names(done):
    return [line.split()[0] for line in done.stdout.splitlines()]


def free_port():
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        return free.getsockname()[1]


def everything(check, world, where, how):
    listed = names(world.run('mcp', 'tools', where))
    check({'echo', 'get-sum', 'get-structured-content', 'trigger-long-running-operation'} <= set(listed), how + ': everything lists its tools', [listed])
    done = world.call(where, 'echo', {'message': 'größer 🐘'})
    check(done.stdout == 'Echo: größer 🐘\n', how + ': echo', [done.stdout, done.stderr])
    done = world.run('mcp', 'call', where, 'get-structured-content', '{"location":"Chicago"}', '--format', 'json')
    check('temperature' in json.loads(done.stdout)['structuredContent'], how + ': structured content', [done.stdout, done.stderr])
    done = world.call(where, 'get-tiny-image')
    check('[image image/png, ' in done.stdout, how + ': an image is named', [done.stdout[:200]])
    done = world.call(where, 'get-resource-links', {'count': 2})
    check(done.stdout.count('<demo://') == 2, how + ': links', [done.stdout[:300]])
    done = world.call(where, 'get-sum', {'a': 'x'})
    check(done.returncode == 1 and 'validation' in done.stdout, how + ': wrong arguments are a result', [done.stdout, done.stderr])
    done = world.call(where, 'trigger-long-running-operation', {'duration': 1, 'steps': 4})
    check('completed' in done.stdout.lower(), how + ': a long call', [done.stdout, done.stderr])


def files(check, world):
    check('write_file' in names(world.run('mcp', 'tools', 'files')), 'pipes: filesystem lists its tools')
    done = world.call('files', 'read_text_file', {'path': os.path.join(world.project, 'note.txt')})
    check(done.stdout == 'from the file\n', 'pipes: filesystem reads', [done.stdout, done.stderr])
    done = world.call('files', 'read_text_file', {'path': '/etc/passwd'})
    check(done.returncode == 1 and 'ccess denied' in done.stdout, 'pipes: and refuses what is outside', [done.stdout])


def context7(check, world, where, how, version):
    done = world.run('mcp', 'tools', where)
    check(names(done) == ['resolve-library-id', 'query-docs'] and 'speaks revision ' + version in done.stderr,
          '%s: context7 lists its tools in %s' % (how, version), [done.stdout, done.stderr])
    done = world.call(where, 'resolve-library-id', {'query': 'x', 'libraryName': 'prisma'})
    check(done.returncode == 0 and 'rror' in done.stdout, '%s: it answers, here that it cannot reach its own server' % how, [done.stdout, done.stderr])
    done = world.call(where, 'query-docs', {})
    check('libraryId' in done.stdout + done.stderr and done.returncode != 0, '%s: missing arguments are refused' % how, [done.stdout, done.stderr])


class Peer:
    def __init__(self, program, words, environment, port):
        self.process = subprocess.Popen([program, *words], env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                socket.create_connection(('127.0.0.1', port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        raise RuntimeError('it does not listen')

    def __enter__(self):
        return self

    def __exit__(self, *problem):
        self.process.kill()
        self.process.wait()


def main():
    program = node()
    if not program or not os.path.exists(module(*CONTEXT7)):
        skip_all('the packages of tests/mcp are not there, or not for this machine')
    world, ports = World(), (free_port(), free_port())
    url = 'http://localhost:%d/mcp' % ports[1]
    world.write('note.txt', 'from the file\n')
    world.servers({
        'everything': {'command': program, 'args': [module(*EVERYTHING), 'stdio']},
        'files': {'command': program, 'args': [module(*FILES), world.project]},
        'older': {'command': program, 'args': [module(*CONTEXT7)], 'env': NOWHERE},
        'newer': {'command': program, 'args': [module(*CONTEXT7)], 'env': NOWHERE, 'mcpNegotiation': 'auto'},
        'older-url': {'type': 'http', 'url': url, 'mcpNegotiation': 'legacy-first'},
        'newer-url': {'type': 'http', 'url': url}})
    for name in ('everything', 'files', 'older', 'newer', 'older-url', 'newer-url'):
        world.approve(name)
    groups = [(everything, 'everything', 'pipes'), (everything, 'http://127.0.0.1:%d/mcp' % ports[0], 'HTTP'), (files,),
              (context7, 'older', 'pipes', '2025-11-25'), (context7, 'newer', 'pipes', '2026-07-28'),
              (context7, 'older-url', 'HTTP', '2025-11-25'), (context7, 'newer-url', 'HTTP', '2026-07-28')]
    seen = [[] for _ in groups]

    def run(number):
        group, *words = groups[number]
        group(lambda *outcome: seen[number].append(outcome), world, *words)
    try:
        with Peer(program, [module(*EVERYTHING), 'streamableHttp'], {'PORT': str(ports[0])}, ports[0]), \
                Peer(program, [module(*CONTEXT7), '--transport', 'http', '--port', str(ports[1])], NOWHERE, ports[1]), \
                concurrent.futures.ThreadPoolExecutor(4) as pool:
            list(pool.map(run, range(len(groups))))
    finally:
        world.close()
    for outcomes in seen:
        for outcome in outcomes:
            check(*outcome)
    tap.done()


if __name__ == '__main__':
    main()
