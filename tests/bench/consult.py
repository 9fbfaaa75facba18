#!/usr/bin/env python3
"""How long hovers take while a model writes a report: the server streams a consultation from a mock of its own on 127.0.0.1
and is hovered meanwhile, as by somebody who reads on. Prints both, beside hovers with nothing else going on.

    python3 tests/bench/consult.py [--lintel build/release/lintel] [--lines 10000]
"""
import argparse
import json
import multiprocessing
import os
import re
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, '..', 'consult')]
from generate import schema_of_lines  # noqa: E402
from lsp import Client  # noqa: E402
import mock_server  # noqa: E402

BUDGET_MS = 20
PAGES = {'workspace': {'textDocumentContent': {}}, 'window': {'workDoneProgress': True, 'showDocument': {'support': True}},
         'textDocument': {'hover': {'contentFormat': ['markdown']}}}


class Editor(Client):
    """One that reads the growing page each time it is told of it, as an editor does."""

    def start(self, url):
        """Seconds from the start of the process to the answer of `initialize`."""
        self.request('initialize', {
            'processId': os.getpid(), 'rootUri': 'file://' + self.folder, 'capabilities': PAGES,
            'initializationOptions': {'consult': {'provider': 'anthropic', 'base_url': url, 'model': 'bench'}}})
        seconds = self.read_at - self.started
        self.send({'method': 'initialized', 'params': {}})
        self.pages_read, self.longest_page, self.is_over = 0, 0, False
        return seconds

    def take(self):
        """One message; what is not an answer is dealt with."""
        message = self._read()
        if 'method' in message:
            if 'id' in message:
                self.send({'id': message['id'], 'result': {'success': True} if 'showDocument' in message['method'] else None})
            if message['method'] in ('window/showDocument', 'workspace/textDocumentContent/refresh'):
                self.send({'id': 'page', 'method': 'workspace/textDocumentContent', 'params': {'uri': message['params']['uri']}})
        elif message.get('id') == 'page':
            self.pages_read += 1
            self.longest_page = max(self.longest_page, len(message.get('result', {}).get('text', '')))
        elif message.get('id') == 'consult':
            self.is_over = True
            self.answer = message
        return message

    def hover(self, line):
        self.next_id += 1
        start = time.perf_counter()
        self.send({'id': self.next_id, 'method': 'textDocument/hover',
                   'params': {'textDocument': {'uri': self.uri}, 'position': {'line': line, 'character': 15}}})
        while self.take().get('id') != self.next_id:
            pass
        return (self.read_at - start) * 1000


def say(name, times):
    times = sorted(times)
    at = lambda share: times[min(len(times) - 1, int(len(times) * share))]
    print('%-28s %5d hovers   median %6.2f ms   99 %% %6.2f ms   longest %6.2f ms' % (
        name, len(times), at(0.5), at(0.99), times[-1]))
    return times[-1]


def serve(pipe):
    """The mock; says its port, and then that it is asked."""
    long_report = mock_server.report() * 40

    def play(mock, body, n):
        pipe.send(True)
        return {'turn': mock_server.Turn(long_report), 'chunk': 512, 'pause': 0.004}
    mock_server.SCENARIOS['bench'] = play
    pipe.send(mock_server.Mock().port)
    threading.Event().wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--lintel', default='build/release/lintel')
    parser.add_argument('--lines', type=int, default=10000)
    arguments = parser.parse_args()
    text = schema_of_lines(arguments.lines)
    tables = [i for i, line in enumerate(text.split('\n')) if re.match(r'CREATE TABLE', line)]
    # In a process of its own: here it would take turns with the client that measures.
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    port, is_asked = ours.recv(), False
    with tempfile.TemporaryDirectory() as folder:
        editor = Editor([os.path.abspath(arguments.lintel), 'lsp', '--stdio'], folder)
        print('initialize answered after    %6.2f ms' % (editor.start('http://127.0.0.1:%d' % port) * 1000))
        editor.uri = 'file://' + os.path.join(folder, 'schema.sql')
        editor.send({'method': 'textDocument/didOpen', 'params': {
            'textDocument': {'uri': editor.uri, 'languageId': 'sql', 'version': 1, 'text': text}}})
        editor.hover(tables[0])
        say('nothing else going on', [editor.hover(tables[i % len(tables)]) for i in range(300)])
        editor.send({'id': 'consult', 'method': 'workspace/executeCommand', 'params': {
            'command': 'lintel.consult', 'arguments': [{'uri': editor.uri, 'scope': 'database'}]}})
        before, streaming = [], []
        while not editor.is_over:
            is_asked = is_asked or ours.poll()
            (streaming if is_asked else before).append(editor.hover(tables[len(streaming) % len(tables)]))
            time.sleep(0.005)
        if before:
            say('while it is computed', before)
        longest = say('while the model writes', streaming)
        print('the page was read %d times, %d KiB at the end; the answer was %s' % (
            editor.pages_read, editor.longest_page >> 10, 'a report' if 'result' in editor.answer else json.dumps(editor.answer)))
        editor.close()
    print('budget of %d ms: %s' % (BUDGET_MS, 'kept' if longest <= BUDGET_MS else 'NOT kept'))


if __name__ == '__main__':
    main()
