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
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from editor import Editor  # noqa: E402
from lib import check, tap, write  # noqa: E402
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
