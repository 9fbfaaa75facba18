#!/usr/bin/env python3
"""`lintel consult` with a provider against aimock, a mock of both APIs that others have written (npm, by the lock file): tools
in parallel, input in small pieces (of UTF-16 units: it would tear an emoji, which no API does), and its four kinds of chaos. Skipped where node is older than aimock wants."""
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from lib import check, consult, tap, write  # noqa: E402
from mock_server import HEADINGS  # noqa: E402

PROGRAM = os.path.join(HERE, 'node_modules', '@copilotkit', 'aimock', 'dist', 'cli.js')
ENVIRONMENT = {'PATH': os.environ['PATH'], 'HOME': '/nonexistent', 'ANTHROPIC_API_KEY': 'key', 'OPENAI_API_KEY': 'key'}
REPORT = ('### Database Architecture Analysis Report\n\n' + ''.join('**%s**\n- größer 象 als nötig\n\n' % heading for heading in HEADINGS)
          + 'REPORT ENDS')
CALLS = [{'name': 'Read', 'arguments': json.dumps({'file_path': '.claude/rules.md'})},
         {'name': 'Grep', 'arguments': json.dumps({'pattern': r'CREATE TABLE \w+', 'output_mode': 'content', '-o': True})}]
FIXTURES = {'fixtures': [
    {'match': {'userMessage': 'What is asked', 'hasToolResult': False}, 'response': {'content': 'I look.', 'toolCalls': CALLS}},
    {'match': {'toolResultContains': 'CREATE TABLE orders'}, 'response': {'content': REPORT}}]}


def node_version():
    try:
        return int(subprocess.run(['node', '--version'], capture_output=True, text=True, check=True).stdout[1:].split('.')[0])
    except (OSError, subprocess.CalledProcessError, ValueError):
        return 0


class Server:
    def __init__(self, folder, *options):
        with socket.socket() as free:
            free.bind(('127.0.0.1', 0))
            self.port = free.getsockname()[1]
        self.process = subprocess.Popen(['node', PROGRAM, '-p', str(self.port), '-f', folder, '--strict', '--chunk-size', '3',
                                         '--log-level', 'silent', *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                socket.create_connection(('127.0.0.1', self.port), 1).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError('aimock does not start')

    def journal(self):
        with urllib.request.urlopen('http://127.0.0.1:%d/__aimock/journal' % self.port) as answer:
            return answer.read().decode()

    def stop(self):
        self.process.kill()
        self.process.wait()


def good(project, fixtures):
    server = Server(fixtures)
    try:
        for provider in ('anthropic', 'openai'):
            done = consult(project, ENVIRONMENT, provider, server.port, '--model', 'mock')
            check(done.returncode == 0 and done.stdout.count('- größer 象 als nötig') == 8 and 'REPORT ENDS' in done.stdout
                  and '2 turns, 2 tool calls' in done.stdout,
                  provider + ': two tools at once, then the report', [done.stdout, done.stderr])
        journal = server.journal()
        check(journal.count('RULEMARK') >= 4, 'the results came to it', [journal[:2000]])
    finally:
        server.stop()


def chaos(project, fixtures):
    for kind, part in [('drop', '(500)'), ('ratelimit', '(429)'), ('disconnect', 'no answer from'), ('malformed', '127.0.0.1')]:
        server = Server(fixtures, '--chaos-' + kind, '1')
        try:
            for provider in ('anthropic', 'openai'):
                done = consult(project, ENVIRONMENT, provider, server.port, '--model', 'mock')
                errors = done.stderr.splitlines()[1:]
                check(done.returncode == 2 and not done.stdout and len(errors) == 1 and part in errors[0],
                      '%s: %s, one sentence' % (provider, kind), [done.stdout, done.stderr])
        finally:
            server.stop()


def main():
    if node_version() < 20 or not os.path.exists(PROGRAM):
        print('1..0 # SKIP aimock wants node 20 and the packages of tests/consult')
        return
    folder = tempfile.mkdtemp(prefix='lintel-aimock-')
    try:
        project, fixtures = os.path.join(folder, 'project'), os.path.join(folder, 'fixtures')
        write(os.path.join(project, '.git', 'HEAD'), 'x\n')
        write(os.path.join(project, '.claude', 'rules.md'), 'RULEMARK\n')
        write(os.path.join(project, 'db', 'migrations', '001_shop.sql'), 'CREATE TABLE customers (id bigint PRIMARY KEY);\n'
              'CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id));\n')
        write(os.path.join(project, 'db', 'migrations', '002_note.sql'), 'ALTER TABLE orders ADD note text;\n')
        write(os.path.join(fixtures, 'consult.json'), json.dumps(FIXTURES))
        good(project, fixtures)
        chaos(project, fixtures)
    finally:
        shutil.rmtree(folder)
    tap.done()


if __name__ == '__main__':
    main()
