"""A language client that only measures: one thread, blocking reads, a monotonic clock."""
import json
import os
import subprocess
import time


class Client:
    """One server process with one document. Times are seconds from the moment before a message is written (or the
    process started) to the moment the last byte of its answer has been read; what this client then takes to parse it
    is no part of them."""

    def __init__(self, command, folder):
        self.folder = folder
        self.buffer = b''
        self.next_id = 0
        self.environment = dict(os.environ, HOME=folder, XDG_CACHE_HOME=folder, XDG_RUNTIME_DIR=folder, TMPDIR=folder)
        self.started = time.perf_counter()
        # close_fds=False lets Python start it by vfork: we measure the server, not the copying of our own memory map.
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                                        cwd=folder, env=self.environment, close_fds=False, bufsize=0)
        self.input = self.process.stdin
        self.output = self.process.stdout.fileno()

    def send(self, message):
        body = json.dumps(dict(message, jsonrpc='2.0')).encode()
        data = b'Content-Length: %d\r\n\r\n%s' % (len(body), body)
        view = memoryview(data)
        while view:
            view = view[self.input.write(view):]

    def receive(self):
        """The next message; a request of the server is answered on the way."""
        while True:
            message = self._read()
            if 'method' in message and 'id' in message:
                result = None
                if message['method'] == 'workspace/configuration':
                    # Prisma's server dies of a null.
                    result = [{} if item.get('section') == 'prisma' else None for item in message['params'].get('items', [])]
                self.send({'id': message['id'], 'result': result})
                continue
            return message

    def _read(self):
        while b'\r\n\r\n' not in self.buffer:
            self._fill()
        head, self.buffer = self.buffer.split(b'\r\n\r\n', 1)
        length = next(int(line.split(b':')[1]) for line in head.split(b'\r\n') if line.lower().startswith(b'content-length'))
        parts, got = [self.buffer], len(self.buffer)
        while got < length:
            part = os.read(self.output, 1 << 20)
            if not part:
                raise EOFError('the server died')
            parts.append(part)
            got += len(part)
        self.read_at = time.perf_counter()
        data = b''.join(parts)
        self.buffer = data[length:]
        return json.loads(data[:length])

    def _fill(self):
        part = os.read(self.output, 1 << 20)
        if not part:
            raise EOFError('the server died')
        self.buffer += part

    def request(self, method, params):
        self.next_id += 1
        self.send({'id': self.next_id, 'method': method, 'params': params})
        while True:
            message = self.receive()
            if message.get('id') == self.next_id:
                if 'error' in message:
                    raise RuntimeError('%s: %s' % (method, message['error']))
                return message['result']

    def initialize(self):
        result = self.request('initialize', {
            'processId': os.getpid(), 'rootUri': 'file://' + self.folder,
            'workspaceFolders': [{'uri': 'file://' + self.folder, 'name': 'bench'}],
            'capabilities': {'general': {'positionEncodings': ['utf-16']},
                             'workspace': {'configuration': True, 'workspaceFolders': True},
                             'textDocument': {'synchronization': {}, 'publishDiagnostics': {'versionSupport': True},
                                              'diagnostic': {'dynamicRegistration': False}}}})
        seconds = self.read_at - self.started
        self.pulls = bool(result['capabilities'].get('diagnosticProvider'))
        sync = result['capabilities'].get('textDocumentSync')
        self.is_incremental = (sync.get('change') if isinstance(sync, dict) else sync) == 2
        self.send({'method': 'initialized', 'params': {}})
        return seconds

    def open(self, name, text):
        """Opens the document; returns (seconds until its diagnostics are here, their number)."""
        self.uri = 'file://' + os.path.join(self.folder, name)
        self.lines = text.split('\n')
        self.version = 1
        start = time.perf_counter()
        self.send({'method': 'textDocument/didOpen', 'params': {
            'textDocument': {'uri': self.uri, 'languageId': 'prisma' if name.endswith('.prisma') else 'sql', 'version': 1, 'text': text}}})
        n = self._diagnostics()
        return self.read_at - start, n

    def edit(self, line, character, old_length, new):
        """Replaces characters of one line; returns seconds until the diagnostics are here."""
        text = self.lines[line]
        self.lines[line] = text[:character] + new + text[character + old_length:]
        self.version += 1
        if self.is_incremental:
            change = {'range': {'start': {'line': line, 'character': character},
                                'end': {'line': line, 'character': character + old_length}}, 'text': new}
        else:
            change = {'text': '\n'.join(self.lines)}
        start = time.perf_counter()
        self.send({'method': 'textDocument/didChange', 'params': {
            'textDocument': {'uri': self.uri, 'version': self.version}, 'contentChanges': [change]}})
        self._diagnostics()
        return self.read_at - start

    def _diagnostics(self):
        if self.pulls:
            return len(self.request('textDocument/diagnostic', {'textDocument': {'uri': self.uri}}).get('items', []))
        while True:
            message = self.receive()
            if message.get('method') == 'textDocument/publishDiagnostics' and message['params']['uri'] == self.uri:
                if message['params'].get('version') in (None, self.version):
                    return len(message['params']['diagnostics'])

    def peak_memory(self):
        """MiB: the most that the process ever held."""
        with open('/proc/%d/status' % self.process.pid) as status:
            for line in status:
                if line.startswith('VmHWM:'):
                    return int(line.split()[1]) / 1024
        return 0.0

    def close(self):
        try:
            self.request('shutdown', None)
            self.send({'method': 'exit', 'params': None})
        except (EOFError, OSError, RuntimeError):
            pass
        self.input.close()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:  # one that does not exit when told to
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
