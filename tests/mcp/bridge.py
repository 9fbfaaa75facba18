"""An MCP server of standard input and output behind a URL, for a suite that knows only URLs: what is posted goes to the program, its
answer comes back, unread but for the id. Not a server of the protocol's HTTP transport: sessions, streams and headers are the suite's
business with servers that have them."""
import http.server
import json
import subprocess
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *arguments):
        pass

    def reply(self, status, body=b''):
        self.send_response(status)
        if body:
            self.send_header('content-type', 'application/json')
        self.send_header('content-length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.reply(405)

    do_DELETE = do_GET

    def do_POST(self):
        message = json.loads(self.rfile.read(int(self.headers['content-length'])))
        bridge = self.server.bridge
        with bridge.lock:
            bridge.process.stdin.write(json.dumps(message).encode() + b'\n')
            bridge.process.stdin.flush()
            if 'id' not in message or 'method' not in message:
                self.reply(202)
                return
            answer = bridge.process.stdout.readline()
        code = json.loads(answer).get('error', {}).get('code')
        is_newer = 'io.modelcontextprotocol/protocolVersion' in message.get('params', {}).get('_meta', {})
        self.reply(404 if is_newer and code == -32601 else 400 if code in (-32602, -32020, -32021, -32022) else 200, answer)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


class Bridge:
    def __init__(self, words, folder, environment):
        self.lock = threading.Lock()
        self.process = subprocess.Popen(words, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.server = Server(('127.0.0.1', 0), Handler)
        self.server.bridge = self
        self.url = 'http://127.0.0.1:%d/mcp' % self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.process.stdin.close()
        return self.process.wait(timeout=20)
