#!/usr/bin/env python3
"""A consultation in the editor is cancelled, or the server told to end, at every step where it waits: for a connection, for the first
word, in the middle of the answer, before it tries again, for a command that gives the key, for an MCP server that starts, for a tool.
The answer comes, no child is left, and nothing waits on: each of these waits would last half a minute or more.
"""
import json
import os
import select
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from lib import BINARY, check, tap, write  # noqa: E402
from mock_server import Mock  # noqa: E402

PATIENCE = 10  # seconds; with a sanitizer on a busy machine. What it took is printed
SLOW = """import json, sys, time
for line in sys.stdin:
    message = json.loads(line)
    method = message.get('method')
    if method == 'initialize' and sys.argv[1] == 'starts':
        time.sleep(600)
    if method == 'tools/call':
        time.sleep(600)
    if 'id' in message:
        result = {'initialize': {'protocolVersion': '2025-11-25', 'capabilities': {'tools': {}}, 'serverInfo': {'name': 'slow', 'version': '1'}},
                  'tools/list': {'tools': [{'name': 'wait', 'description': 'waits', 'inputSchema': {'type': 'object'},
                                            'annotations': {'readOnlyHint': True}}]}}.get(method, {})
        print(json.dumps({'jsonrpc': '2.0', 'id': message['id'], 'result': result}), flush=True)
"""
AGENT = '---\nname: database-architect\ndescription: x\ntools: Read, mcp__slow__wait\n---\nArchitect.\n'


class Editor:
    """A language client that reads in a thread of its own; questions are answered with the first action."""

    def __init__(self, project, home, settings):
        names = ('ANTHROPIC_', 'OPENAI_', 'LINTEL_', 'XDG_', 'HTTP', 'http', 'ALL_PROXY', 'all_proxy')
        environment = {name: value for name, value in os.environ.items() if not name.startswith(names)}
        self.process = subprocess.Popen([BINARY, 'lsp', '--stdio'], cwd=project, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env={**environment, 'HOME': home})
        self.messages, self.arrived = [], threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.send({'id': 1, 'method': 'initialize', 'params': {'processId': None, 'rootUri': 'file://' + project, 'capabilities': {},
                                                              'initializationOptions': {'consult': settings}}})
        self.wait(lambda message: message.get('id') == 1)
        self.send({'method': 'initialized', 'params': {}})

    def send(self, message):
        body = json.dumps({'jsonrpc': '2.0', **message}).encode()
        self.process.stdin.write(b'Content-Length: %d\r\n\r\n%s' % (len(body), body))
        self.process.stdin.flush()

    def read(self):
        while True:
            head = self.process.stdout.readline()
            if not head:
                return
            self.process.stdout.readline()
            message = json.loads(self.process.stdout.read(int(head.split(b':')[1])))
            if 'method' in message and 'id' in message:
                actions = message['params'].get('actions') or [None]
                self.send({'id': message['id'], 'result': actions[0]})
            with self.arrived:
                self.messages.append(message)
                self.arrived.notify_all()

    def wait(self, matches):
        """The first message that matches; None after a minute."""
        with self.arrived:
            self.arrived.wait_for(lambda: any(matches(message) for message in self.messages), 60)
            return next((message for message in self.messages if matches(message)), None)

    def consult(self, uri, says):
        """Starts a consultation; True when its progress says that."""
        self.send({'id': 'consult', 'method': 'workspace/executeCommand', 'params': {
            'command': 'lintel.consult', 'arguments': [{'uri': uri}], 'workDoneToken': 'token'}})
        return self.wait(lambda message: message.get('method') == '$/progress' and says in message['params']['value'].get('message', '')) is not None


def children_of(pid):
    found = []
    for task in os.listdir('/proc/%d/task' % pid):
        with open('/proc/%d/task/%s/children' % (pid, task)) as file:
            found += [int(child) for child in file.read().split()]
    return found


def is_alive(pid):
    try:
        with open('/proc/%d/stat' % pid) as file:
            return file.read().rsplit(')', 1)[1].split()[0] != 'Z'
    except OSError:
        return False


def full_backlog():
    """A port of this machine that answers no connection."""
    listener = socket.socket()
    listener.bind(('127.0.0.1', 0))
    listener.listen(0)
    others = []
    for _ in range(4):
        other = socket.socket()
        other.setblocking(False)
        other.connect_ex(listener.getsockname())
        others.append(other)
    select.select([], others, [], 0.5)
    return listener, others


def play(folder, name, settings, says, way, has_child=False):
    """Consults until the progress says that, then ends it by `way`."""
    project, home = os.path.join(folder, 'project'), tempfile.mkdtemp(dir=folder)
    uri = 'file://' + os.path.join(project, 'db', 'migrations', '0001_shop.sql')
    editor = Editor(project, home, settings)
    try:
        is_there = editor.consult(uri, says)
        start_by = time.monotonic() + 60
        time.sleep(0.3)  # into the wait
        children = children_of(editor.process.pid)
        while has_child and not children and time.monotonic() < start_by:
            time.sleep(0.05)
            children = children_of(editor.process.pid)
        start = time.monotonic()
        if way == 'cancel':
            editor.send({'method': 'window/workDoneProgress/cancel', 'params': {'token': 'token'}})
            answer = editor.wait(lambda message: message.get('id') == 'consult') or {}
            is_over = answer.get('error', {}).get('code') == -32800
        else:
            editor.send({'id': 'end', 'method': 'shutdown'})
            editor.send({'method': 'exit'})
            try:
                is_over = editor.process.wait(60) == 0
            except subprocess.TimeoutExpired:
                is_over = False
        seconds = time.monotonic() - start
        time.sleep(0.1)
        left = [pid for pid in children if is_alive(pid)]
        check(is_there and is_over and seconds < PATIENCE and not left, '%s: %s, %.2f s' % (way, name, seconds),
              [is_there, is_over, seconds, left, *map(str, editor.messages[-4:])])
        check(not has_child or children, 'its program was running' if has_child else 'it needs no program')
    finally:
        editor.process.kill()
        editor.process.wait()


def main():
    folder = os.path.realpath(tempfile.mkdtemp(prefix='lintel-cancel-'))
    try:
        project = os.path.join(folder, 'project')
        write(os.path.join(project, '.git', 'HEAD'), 'ref: refs/heads/main\n')
        write(os.path.join(project, 'db', 'migrations', '0001_shop.sql'), 'CREATE TABLE orders (id bigint PRIMARY KEY);\n')
        write(os.path.join(folder, 'slow.py'), SLOW)
        mock = Mock()
        listener, others = full_backlog()
        local = {'provider': 'anthropic', 'base_url': 'http://127.0.0.1:%d' % mock.port}
        nobody = {**local, 'base_url': 'http://127.0.0.1:%d' % listener.getsockname()[1], 'model': 'report'}
        plain = [('a connection', nobody, 'turn 1'), ('the first word', {**local, 'model': 'silent'}, 'turn 1'),
                 ('the rest of an answer', {**local, 'model': 'stalls'}, 'writing'), ('another try', {**local, 'model': '429-wait'}, 'again in'),
                 ('the key', {'provider': 'anthropic', 'api_key_command': 'sleep 600'}, 'consent')]
        for way in ('cancel', 'exit'):
            for name, settings, says in plain:
                play(folder, name, settings, says, way, name == 'the key')
        write(os.path.join(project, '.claude', 'agents', 'database-architect.md'), AGENT)
        for way in ('cancel', 'exit'):
            for name, step, says in [('an MCP server', 'starts', 'starting'), ('a tool', 'calls', 'wait')]:
                write(os.path.join(project, '.mcp.json'), json.dumps({'mcpServers': {'slow': {
                    'command': sys.executable, 'args': [os.path.join(folder, 'slow.py'), step]}}}))
                play(folder, name, {**local, 'model': 'calls-slow'}, says, way, True)
        for other in others:
            other.close()
        listener.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    tap.done()


main()
