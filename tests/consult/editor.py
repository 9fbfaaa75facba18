"""A language client for tests of consultations."""
import json
import subprocess
import threading

from lib import BINARY, clean_environment


class Editor:
    """A language client that reads in a thread of its own; questions are answered with the first action."""

    def __init__(self, project, home, settings, capabilities=None):
        self.process = subprocess.Popen([BINARY, 'lsp', '--stdio'], cwd=project, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, env=clean_environment(home))
        self.messages, self.arrived = [], threading.Condition()
        threading.Thread(target=self.read, daemon=True).start()
        self.send({'id': 1, 'method': 'initialize', 'params': {'processId': None, 'rootUri': 'file://' + project, 'capabilities': capabilities or {},
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
