#!/usr/bin/env python3
"""`lintel consult --provider anthropic|openai` against an independent mock of both APIs, in every way that they fail: the
right report, or one clear sentence; nothing outside of the project is read, nothing in it is written, no key is shown."""
import concurrent.futures
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import BINARY, TOP, check, clean_environment, consult, tap, write  # noqa: E402
from mock_server import HEADINGS, Mock  # noqa: E402

KEY = 'sk-test-THISKEYMUSTNOTBESEEN0123456789'


def make_project(folder):
    project = os.path.join(folder, 'project')
    write(os.path.join(folder, 'outside.txt'), 'OUTSIDE\n')
    write(os.path.join(project, '.git', 'HEAD'), 'ref: refs/heads/main\n')
    write(os.path.join(project, '.claude', 'rules.md'), 'Never recommend sharding.\nRULEMARK\n')
    write(os.path.join(project, '.env'), 'DATABASE_URL=postgres://u:ENVPASSWORD1@h/x\n')
    write(os.path.join(project, 'server.key'), 'KEYFILESECRET\n')
    write(os.path.join(project, 'db', 'migrations', '0001_shop.sql'),
          'CREATE TABLE customers (\n  id bigint PRIMARY KEY,\n  email text NOT NULL\n);\n'
          '-- die größe zählt\nCREATE TABLE orders (\n  id bigint PRIMARY KEY,\n  customer_id bigint REFERENCES customers (id),\n'
          '  total float\n);\n')
    write(os.path.join(project, 'db', 'migrations', '0002_note.sql'),
          "ALTER TABLE orders ADD note text DEFAULT 'NOTEMARK';\n")
    write(os.path.join(project, 'db', 'secret.sql'), "CREATE ROLE a PASSWORD 'SQLPASSWORD1';\n")
    write(os.path.join(project, 'db', 'long.sql'), '-- ' + 'x' * 60 + '\n' + '-- filler\n' * 200)
    os.symlink('../outside.txt', os.path.join(project, 'link.txt'))
    return project


def fingerprint(folder):
    """Every file below, with its content: what a run could change."""
    digest = hashlib.sha256()
    for root, folders, files in sorted(os.walk(folder)):
        folders.sort()
        for name in sorted(files) + folders:
            path = os.path.join(root, name)
            digest.update(os.path.relpath(path, folder).encode())
            if os.path.isfile(path):
                with open(path, 'rb') as file:
                    digest.update(file.read())
    return digest.hexdigest()


class World:
    def __init__(self):
        self.folder = tempfile.mkdtemp(prefix='lintel-model-')
        self.project = make_project(self.folder)
        self.home = os.path.join(self.folder, 'home')
        os.mkdir(self.home)
        self.mock = Mock()

    def run(self, provider, scenario, *words, **more):
        environment = clean_environment(self.home, **{'ANTHROPIC_API_KEY': KEY, 'OPENAI_API_KEY': KEY, **more})
        words = (*(['--model', scenario] if scenario else []), *words)
        environment = {name: value for name, value in environment.items() if value is not None}
        return consult(self.project, environment, provider, self.mock.port, *words)

    def requests_of(self, provider, scenario):
        path = '/v1/messages' if provider == 'anthropic' else '/v1/chat/completions'
        return [(headers, body) for where, headers, body in self.mock.requests
                if where == path and body['model'] == scenario]


def is_report(done, *parts):
    return (done.returncode == 0 and '\n**Checked by Lintel** ' in done.stdout and 'REPORT ENDS' in done.stdout
            and all('\n## %s\n' % heading in done.stdout for heading in HEADINGS) and 'größer 🐘 als nötig' in done.stdout
            and all(part in done.stdout.replace('\\<', '<') for part in parts))


TOOL_PARTS = ['RESULT <tool_output tool="Read" untrusted> |      1\tNever recommend sharding. |      2\tRULEMARK',
              'RESULT <tool_output tool="Glob" untrusted>', 'db/migrations/0001_shop.sql',
              'RESULT <tool_output tool="Grep" untrusted> | db/migrations/0001_shop.sql:5:-- die größe zählt']

# scenario, parts of the report or (NULL report) of the one sentence on stderr, number of requests
GOOD = [('report', [], 1), ('tools', TOOL_PARTS, 3), ('thinking', TOOL_PARTS, 3), ('pings', TOOL_PARTS, 3), ('bytes', TOOL_PARTS, 3),
        ('crlf', TOOL_PARTS, 3), ('pieces', TOOL_PARTS, 3), ('whole', TOOL_PARTS, 3), ('late', TOOL_PARTS, 3),
        ('truncated', [], 3), ('truncated-call', ['MAX 32000'], 2), ('broken-call', ['error: the arguments were not valid JSON'], 2),
        ('ends-when-told', ['TOLD', 'near its limit'], None), ('repeats', ['you have asked this before'], 5), ('empty', [], 2),
        ('529-once', ['AFTER 1'], 2), ('529-after', ['AFTER 1'], 2), ('529-ms', ['AFTER 1'], 2), ('429-date', ['AFTER 1'], 2),
        ('429-once', ['AFTER 1'], 2), ('500-once', ['AFTER 1'], 2), ('error-once', ['AFTER 1'], 2),
        ('cut-once', ['AFTER 1'], 2), ('malformed-once', ['AFTER 1'], 2), ('reset-once', ['AFTER 1'], 2), ('no-end', [], 1)]
BAD = [('529', 'is overloaded (529): Overloaded', 3), ('429', 'is rate limited (429): slow down', 3),
       ('529-long', 'Overloaded; it asks to wait 3600 s', 1), ('429-long', 'spend limit; it asks to wait 3600 s', 1), ('401', 'does not accept the key (401): invalid x-api-key', 1),
       ('401-echo', 'does not accept the key (401)', 1), ('404', 'does not know the model or the path (404): model not found', 1),
       ('400', 'refused the request (400): tools.0: bad', 1), ('413', 'finds the request too large (413)', 1),
       ('302', 'answers from another place (302)', 1), ('no-retry', 'failed (503): gone for good', 1),
       ('error', 'Overloaded in the middle', 3), ('cut', 'no answer from', 3), ('malformed', 'an event of the answer is not JSON', 3),
       ('not-a-stream', 'did not answer with a stream of events', 1), ('huge-event', 'sent an event that is too large', 1),
       ('refusal', 'refused to answer: I would rather not.', 1), ('always-empty', 'gives empty answers', 2),
       ('endless', 'reached its limit without a report', None)]
ANTHROPIC_ONLY = [('paused', ['UNCHANGED'], 2), ('window', ['old results were dropped'], 4), ('cache-refused', [], 2)]


def good_case(world, provider, scenario, parts, n):
    done = world.run(provider, scenario)
    requests = world.requests_of(provider, scenario)
    lines = [done.returncode, done.stderr, *done.stdout.splitlines()[-25:], '%d requests' % len(requests)]
    return is_report(done, *parts) and (n is None or len(requests) == n), '%s %s: the report' % (provider, scenario), lines


def bad_case(world, provider, scenario, part, n):
    done = world.run(provider, scenario)
    requests = world.requests_of(provider, scenario)
    # One line says what will be sent, one why there is no report.
    errors = done.stderr.splitlines()[1:]
    is_good = (done.returncode == 2 and done.stdout == '' and len(errors) == 1 and errors[0].startswith('lintel: ')
               and part in errors[0] and (n is None or len(requests) == n))
    return is_good, '%s %s: one sentence' % (provider, scenario), [done.returncode, done.stdout[:200], done.stderr, len(requests)]


def scenarios(world):
    jobs = []
    for provider in ('anthropic', 'openai'):
        jobs += [(good_case, world, provider, *case) for case in GOOD]
        jobs += [(bad_case, world, provider, *case) for case in BAD]
    jobs += [(good_case, world, 'anthropic', *case) for case in ANTHROPIC_ONLY]
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for result in pool.map(lambda job: job[0](*job[1:]), jobs):
            check(*result)


def what_is_sent(world):
    headers, body = world.requests_of('anthropic', 'report')[0]
    text = str(body)
    check(headers.get('x-api-key') == KEY and headers['anthropic-version'] == '2023-06-01', 'the key is in the head')
    check(KEY not in text, 'and not in the body')
    check('RULEMARK' in text and 'customer_id bigint' in text and 'missing-fk-index' in text and '# Purpose' in str(body['system']),
          'rules, tables, findings and agent are sent', [text[:3000]])
    check('ENVPASSWORD1' not in text and 'SQLPASSWORD1' not in text and world.folder not in text,
          'no secret and no path of the machine is sent')
    check([tool['name'] for tool in body['tools']] == ['Read', 'Glob', 'Grep', 'WebSearch', 'WebFetch'], 'the tools that exist',
          body['tools'])
    headers, body = world.requests_of('openai', 'report')[0]
    check(headers.get('authorization') == 'Bearer ' + KEY and body['max_tokens'] > 0, 'the same for the other API')
    sizes = [body['max_tokens'] for _, body in world.requests_of('anthropic', 'truncated-call')]
    check(len(sizes) == 2 and sizes[1] == 2 * sizes[0], 'a call that was cut off is asked for again with more room', sizes)
    n_limit = len(world.requests_of('anthropic', 'endless'))
    check(n_limit == 40, 'a model that never ends is ended', [n_limit])


def what_the_brief_has(world):
    """Of sample projects with models, migrations and queries: both sides, and what the queries ask."""
    def brief(project):
        n = len(world.mock.requests)
        done = consult(os.path.join(TOP, 'tests', 'projects', project), {'PATH': os.environ['PATH'], 'HOME': world.home}, 'anthropic',
                       world.mock.port, '--model', 'report', paths=())
        check(done.returncode == 0, project + ': a report', [done.stderr])
        text = str(world.mock.requests[n][2]['messages'][0]['content'][0]['text'])
        return dict(part.split('\n', 1) for part in text.split('\n## ')[1:])
    parts = brief('shop-prisma')
    check('[drift-missing-column] Ticket.priority' in parts['Declared and migrated'] and 'drift-' not in parts["Findings of Lintel's rules"],
          'the brief says once where both sides differ', [parts.keys(), parts.get('Declared and migrated')])
    parts = brief('shop')
    check('- customers: 1 query, 0 writing; email (inside a function 1)' in parts['What the queries ask of each table']
          and 'status (= 3, no index begins with it)' in parts['What the queries ask of each table'], 'and what queries ask of each table',
          [parts.get('What the queries ask of each table')])
    check('3000000 rows assumed, 150000 more rows a month assumed' in parts['Tables'] and 'bytes a row' in parts['Tables'], 'and sizes')
    order = list(parts)
    check(order.index('Tables') < order.index('What the queries ask of each table') < order.index("Findings of Lintel's rules")
          < order.index('The report that Lintel computed'), 'the most relevant first', order)


def hostile(world):
    before = fingerprint(world.folder)
    for provider in ('anthropic', 'openai'):
        done = world.run(provider, 'hostile')
        results = [line for line in done.stdout.splitlines() if line.startswith('RESULT ')]
        check(done.returncode == 0 and len(results) == 13, provider + ': a hostile model still gets its answers', [done.stderr, *results])
        wanted = ['outside of the project', 'outside of the project', 'DATABASE_URL=[not shown]', 'secrets', 'leads out', 'not fetched',
                  'not fetched', 'not fetched', 'not an address', 'no such tool', 'no such tool', 'redacted', 'not configured']
        for part, result in zip(wanted, results):
            check(part in result, '%s: %s' % (provider, part), [result])
        everything = str(world.requests_of(provider, 'hostile')) + done.stdout + done.stderr
        check(not re.search('OUTSIDE|ENVPASSWORD1|SQLPASSWORD1|KEYFILESECRET|root:x', everything),
              provider + ': no secret and nothing from outside has left')
    check(world.mock.gets == [], 'the machine itself was not asked', world.mock.gets)
    check(fingerprint(world.folder) == before, 'no file was written, changed or removed')


def keys_and_words(world):
    def run(*words, **more):
        return world.run('anthropic', *words, **more)
    done = run('401-echo')
    check('THISKEYMUSTNOTBESEEN' not in done.stdout + done.stderr, 'a key that a server echoes is not shown', [done.stderr])
    done = run('escapes')
    check(is_report(done, 'AREDB') and not re.search('[\x1b\u202e\u200b]|REPORTPASS1', done.stdout),
          'what hides and what is secret is taken out of the report')
    done = run('report', ANTHROPIC_API_KEY=None, ANTHROPIC_AUTH_TOKEN='tokenword')
    check(world.requests_of('anthropic', 'report')[-1][0].get('authorization') == 'Bearer tokenword', 'a token is a bearer', [done.stderr])
    own = [BINARY, 'consult', '--provider', 'anthropic', 'db/migrations']

    def own_cloud(**more):
        environment = {'PATH': os.environ['PATH'], 'HOME': world.home, **more}
        return subprocess.run(own, cwd=world.project, env=environment, capture_output=True, text=True, timeout=60, check=False)
    dead = {'https_proxy': 'http://127.0.0.1:1'}
    check('there is no key for api.anthropic.com' in own_cloud(**dead).stderr, 'without a key the cloud is not asked')
    for command, part in [('exit 3', 'failed (exit status 3)'), ('true', 'printed no key'), ('yes', 'printed more than a key'),
                          ('echo two words', 'is not one word'), ('echo secretkeyword', 'no answer from api.anthropic.com')]:
        done = own_cloud(LINTEL_API_KEY_COMMAND=command, **dead)
        check(done.returncode == 2 and part in done.stderr and 'secretkeyword' not in done.stderr, 'key command: ' + command, [done.stderr])
    check('api.anthropic.com' in done.stderr.splitlines()[0] and 'claude-sonnet-5-5' in done.stderr.splitlines()[0],
          'before anything is sent, host and model are named', [done.stderr])
    done = world.run('openai', None)
    check(done.returncode == 2 and 'no model is named' in done.stderr, 'a server without a default model wants one named', [done.stderr])
    done = run('report', '--format', 'json')
    report = json.loads(done.stdout) if done.returncode == 0 else {}
    check([section['title'] for section in report.get('sections', [])] == HEADINGS and 'written by `mock-model`' in report['consultant']
          and report['markdown'] and report['marks'] == [], 'the same as JSON', [done.stderr, done.stdout[:1000]])
    done = run('report', '--table', 'nothing')
    check(done.returncode == 2 and 'there is no table nothing' in done.stderr, 'a table that is not there')
    run('report', '--table', 'orders')
    sent = '\n'.join(block['text'] for block in world.requests_of('anthropic', 'report')[-1][1]['messages'][0]['content'])
    found = sent.split("## Findings of Lintel's rules")[-1].split('## ')[0]
    check('[missing-fk-index]' in found and '[float-money]' in found, 'about one table, its findings are sent', found.splitlines())
    done = run('report', '--question', 'Is it QUESTIONMARK?')
    check(is_report(done) and 'QUESTIONMARK' in str(world.requests_of('anthropic', 'report')[-1][1]), 'the question is asked')
    write(os.path.join(world.project, 'lintel.yaml'), 'consult:\n  model: report\n  limits:\n    turns: 3\n')
    done = run(None)
    check(is_report(done), 'the configuration may name the model', [done.stderr])
    n_before = len(world.requests_of('anthropic', 'endless'))
    run('endless')
    check(len(world.requests_of('anthropic', 'endless')) - n_before == 3, 'and the limits')
    os.remove(os.path.join(world.project, 'lintel.yaml'))


def main():
    world = World()
    try:
        before = fingerprint(world.folder)
        scenarios(world)
        check(world.mock.refused == [], 'no request was one that a strict server refuses', world.mock.refused)
        check(fingerprint(world.folder) == before, 'no run has written into the workspace')
        what_is_sent(world)
        what_the_brief_has(world)
        hostile(world)
        keys_and_words(world)
    finally:
        shutil.rmtree(world.folder)
    tap.done()


if __name__ == '__main__':
    main()
