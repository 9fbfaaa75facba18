#!/usr/bin/env python3
"""A consultation in the editor and on the command line with a real inference server: llama.cpp's, with a model of our own that knows one
conversation (tiny_model.py). What was written by nobody here: tokenizer, sampler, template, tool parser, both APIs, the stream.

    tests/live/live.py FOLDER       FOLDER: where fetch.sh has put it
"""
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'consult'))
from editor import Editor  # noqa: E402
from lib import BINARY, check, tap, write  # noqa: E402
from mock_server import HEADINGS  # noqa: E402

CAPABILITIES = {'window': {'workDoneProgress': True, 'showDocument': {'support': True}},
                'workspace': {'textDocumentContent': {'dynamicRegistration': False}}}


def start_server(folder, model):
    """llama-server with the libraries beside it; (process, port)."""
    with socket.socket() as probe:
        probe.bind(('127.0.0.1', 0))
        port = probe.getsockname()[1]
    libraries = [path for path, _, files in os.walk(os.path.join(folder, 'usr', 'lib')) if any('.so' in name for name in files)]
    loader = next(os.path.join(path, name) for path, _, files in os.walk(folder) for name in files if name.startswith('ld-linux'))
    with open('/proc/cpuinfo', encoding='utf-8') as file:
        is_newer = ' avx2 ' in file.read()
    wanted = ['libggml-cpu-haswell.so'] * is_newer + ['libggml-cpu-x64.so', 'libggml-cpu-armv8.0_1.so', 'libggml-cpu.so']
    there = {name: os.path.join(path, name) for path, _, files in os.walk(folder) for name in files}
    backend = next(there[name] for name in wanted if name in there)
    log = open(os.path.join(os.path.dirname(model), 'server.log'), 'w', encoding='utf-8')
    process = subprocess.Popen([loader, '--library-path', ':'.join(libraries), os.path.join(folder, 'usr', 'bin', 'llama-server'), '-m', model,
                                '--jinja', '--host', '127.0.0.1', '--port', str(port), '-c', '65536', '--parallel', '1', '--temp', '0'],
                               stdout=log, stderr=log, env={'PATH': os.environ['PATH'], 'HOME': os.path.dirname(model), 'GGML_BACKEND_PATH': backend})
    for _ in range(300):
        try:
            with urllib.request.urlopen('http://127.0.0.1:%d/health' % port, timeout=5) as answer:
                if answer.status == 200:
                    return process, port
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                break
        time.sleep(0.2)
    with open(log.name, encoding='utf-8') as file:
        raise SystemExit('llama-server did not start:\n' + file.read()[-2000:])


def is_whole(text):
    return all('## %s' % heading in text and 'Point %d: keep the table small.' % number in text for number, heading in enumerate(HEADINGS, 1))


def in_the_editor(provider, base, project, home):
    editor = Editor(project, home, {'provider': provider, 'base_url': base, 'model': 'tiny'}, CAPABILITIES)
    uri = 'file://' + os.path.join(project, 'db', 'migrations', '0001_shop.sql')
    try:
        is_writing = editor.consult(uri, 'turn 2: writing')
        answer = editor.wait(lambda message: message.get('id') == 'consult') or {}
        said = [message['params']['value'].get('message', '') for message in editor.messages if message.get('method') == '$/progress']
        check(any('Read .claude/rules.md' in one for one in said) and is_writing, provider + ', editor: it looks at a file, and its report grows', said)
        editor.send({'id': 'page', 'method': 'workspace/textDocumentContent', 'params': {'uri': answer.get('result', {}).get('uri', '')}})
        page = (editor.wait(lambda message: message.get('id') == 'page') or {}).get('result', {}).get('text', '')
        check(is_whole(page) and '**Checked by Lintel**' in page and '2 turns, 1 tool call' in page, provider + ', editor: the report, checked',
              [str(answer), *page.splitlines()])
        editor.send({'id': 'end', 'method': 'shutdown'})
        editor.send({'method': 'exit'})
        check(editor.process.wait(30) == 0, provider + ', editor: it ends')
    finally:
        editor.process.kill()


def on_the_command_line(provider, base, project, home):
    done = subprocess.run([BINARY, 'consult', '--provider', provider, '--model', 'tiny', '--base-url', base, 'db/migrations'], cwd=project,
                          env={'PATH': os.environ['PATH'], 'HOME': home}, capture_output=True, text=True, timeout=300, check=False)
    check(done.returncode == 0 and is_whole(done.stdout) and '2 turns, 1 tool call' in done.stdout, provider + ', command line: the report',
          [done.stderr, *done.stdout.splitlines()])


def main():
    folder = os.path.realpath(tempfile.mkdtemp(prefix='lintel-live-'))
    server = None
    try:
        model = os.path.join(folder, 'tiny.gguf')
        subprocess.run([sys.executable, os.path.join(HERE, 'tiny_model.py'), model], check=True)
        server, port = start_server(os.path.realpath(sys.argv[1]), model)
        project, home = os.path.join(folder, 'project'), os.path.join(folder, 'home')
        os.mkdir(home)
        write(os.path.join(project, '.git', 'HEAD'), 'ref: refs/heads/main\n')
        write(os.path.join(project, '.claude', 'rules.md'), 'Never recommend sharding.\n')
        write(os.path.join(project, 'db', 'migrations', '0001_shop.sql'), 'CREATE TABLE orders (id bigint PRIMARY KEY, total float);\n')
        for provider, base in (('anthropic', 'http://127.0.0.1:%d' % port), ('openai', 'http://127.0.0.1:%d/v1' % port)):
            on_the_command_line(provider, base, project, home)
            in_the_editor(provider, base, project, home)
    finally:
        if server:
            server.kill()
            server.wait()
        shutil.rmtree(folder, ignore_errors=True)
    tap.done()


if __name__ == '__main__':
    main()
