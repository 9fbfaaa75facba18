#!/usr/bin/env python3
"""MCP servers that hang, crash, flood, drip, lie and hide, over pipes and over HTTP: each ends in the answer or in one clear
sentence, in time, with no process left."""
import concurrent.futures
import functools
import os
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from hostile_server import SECRET, serve_http  # noqa: E402
from mcp_lib import World, check, is_clean, tap  # noqa: E402

SERVER = os.path.join(HERE, 'hostile_server.py')
# What the server does -> what is printed, or what the one sentence of the error holds.
ANSWERED = {'plain': 'good', 'malformed': 'good', 'wrong-ids': 'good', 'asks': 'good', 'deep': 'good', 'noisy-start': 'good',
            'crash-once': 'good', 'strange': '(the result is empty)', 'nasty-tools': 'good',
            'kinds': '[image image/png, 6 bytes]\n[audio audio/wav, 3 bytes]\npage <https://example.org/p>\n[file:///r]\ninside'}
FAILED = {'hang': 'does not answer in time', 'rubbish-forever': 'does not answer in time', 'drip': 'does not answer in time',
          'crash': 'its program has ended', 'huge-line': 'more than 8 MiB', 'flood': 'too much', 'asks-forever': 'asks without end',
          'error': 'it refuses (-32000): no', 'crash-at-start': 'its program has ended (no module named x', 'endless-pages': 'no tool echo',
          'future': 'a revision of the protocol that Lintel does not', 'hang-at-start': 'does not answer in time',
          'hang-at-list': 'does not answer in time'}
FAILED_HTTP = {'hang': 'does not answer in time', 'drip': 'does not answer in time', 'rubbish-forever': 'does not answer in time',
               'huge-line': 'too much', 'flood': 'too much', 'error': 'it refuses (-32000): no',
               'asks-forever': 'asks without end', 'silent': 'does not answer in time'}


def is_one_sentence(done, part):
    lines = done.stderr.strip().splitlines()
    return (done.returncode == 2 and not done.stdout and len(lines) == 1 and part in lines[0] and len(lines[0]) < 700
            and is_clean(done.stderr) and 'hunter2' not in done.stderr)


def is_gone(note):
    """No process that noted its number is left."""
    try:
        with open(note, encoding='utf-8') as file:
            numbers = [int(line) for line in file]
    except FileNotFoundError:  # it was over before it had begun
        return True
    for _ in range(40):
        alive = [number for number in numbers if os.path.exists('/proc/%d' % number)]
        if not alive:
            return True
        time.sleep(0.05)
    return False


def at_once(jobs):
    """The results of calls that mostly wait, in their order."""
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        return list(pool.map(lambda job: job(), jobs))


def judge(where, mode, done):
    wanted = ANSWERED.get(mode) or ('good' if mode in ('stubborn-plain', 'session-lost') else None)
    if wanted:
        check(done.returncode == 0 and done.stdout == wanted + '\n', '%s: %s: the answer' % (where, mode), [done.stdout[:500], done.stderr])
    else:
        wanted = 'does not answer in time' if mode == 'stubborn-hang' else (FAILED_HTTP if where == 'HTTP' else FAILED)[mode]
        check(is_one_sentence(done, wanted), '%s: %s: %s' % (where, mode, wanted), [done.stdout[:500], done.stderr[:1000]])
    check(done.seconds < 60, '%s: %s: in time' % (where, mode), [done.seconds])


def patience(mode):
    """Milliseconds for a call: short where they pass, long where a slow machine must not matter."""
    return 1500 if mode in ('hang', 'rubbish-forever', 'drip', 'stubborn-hang') else 40000


def start_patience(mode):
    return {'MCP_TIMEOUT': '1500'} if mode.startswith('hang-at') or mode == 'silent' else {}


def pipes(world):
    modes = [*ANSWERED, *FAILED, 'stubborn-hang', 'stubborn-plain', 'large', 'escapes', 'many-tools']
    notes = {mode: os.path.join(world.folder, 'note-' + mode) for mode in modes}
    world.servers({mode: {'command': sys.executable, 'args': [SERVER, mode, notes[mode]], 'timeout': patience(mode)} for mode in modes})
    for mode in modes:
        world.approve(mode)
    results = at_once([functools.partial(world.call, mode, 'echo', **start_patience(mode)) for mode in modes])
    for mode, done in zip(modes, results):
        if mode == 'large':
            check(done.returncode == 0 and 90000 < len(done.stdout.encode()) < 110000 and 'cut here' in done.stdout
                  and '\ufffd' not in done.stdout, 'pipes: a large result is cut between two characters', [len(done.stdout)])
        elif mode == 'escapes':
            check(done.returncode == 0 and is_clean(done.stdout) and 'RED' in done.stdout, 'pipes: escapes are taken out', [done.stdout])
        elif mode != 'many-tools':
            judge('pipes', mode, done)
        check(is_gone(notes[mode]), 'pipes: %s: no process is left' % mode)
    listed = world.run('mcp', 'tools', 'nasty-tools')
    check(listed.returncode == 0 and is_clean(listed.stdout) and [line.split()[0] for line in listed.stdout.splitlines()] == [
        'echo', 'badname', 'described'], 'tools that are malformed, too deep or too large are left out', [listed.stdout[:600]])
    many = world.run('mcp', 'tools', 'many-tools')
    check(len(many.stdout.splitlines()) == 256, 'of many tools the first 256 are there')


def http(world):
    modes = ['plain', 'wrong-ids', 'asks', 'malformed', 'session-lost', 'kinds', *FAILED_HTTP]
    remote = {mode: serve_http(mode) for mode in modes}
    world.servers({mode: {'type': 'http', 'url': remote[mode].url, 'timeout': patience(mode)} for mode in modes})
    for mode in modes:
        world.approve(mode)
    results = at_once([functools.partial(world.call, mode, 'echo', **start_patience(mode)) for mode in modes])
    for mode, done in zip(modes, results):
        judge('HTTP', mode, done)
        if done.returncode == 0:
            check(remote[mode].deleted == 1, 'HTTP: %s: the session is ended' % mode, [remote[mode].deleted])
        remote[mode].shutdown()
    answers = {message['id']: message for message, _ in remote['asks'].seen if 'method' not in message}
    check(answers.get('q0', {}).get('result') == {} and len(answers) == 5
          and all(answers['q%d' % i]['error']['code'] == -32601 for i in range(1, 5)),
          'HTTP: a ping is answered, all else is refused', [answers])
    check(remote['session-lost'].n_sessions == 2, 'HTTP: a lost session is followed by another one')
    for status, wanted in ((302, 'redirects are not followed'), (401, 'wants a key or a login'), (404, '(404'), (500, '(500')):
        server = serve_http('status', status)
        done = world.call(server.url, 'echo')
        check(is_one_sentence(done, wanted), 'HTTP: %d: %s' % (status, wanted), [done.stdout[:500], done.stderr[:1000]])
        server.shutdown()
    done = world.call('http://127.0.0.1:1/mcp', 'echo')
    check(is_one_sentence(done, '127.0.0.1'), 'HTTP: nobody is there', [done.stderr])
    world.servers({'login': {'type': 'http', 'url': 'http://user:pass@127.0.0.1:1/mcp'}})
    done = world.call('login', 'echo')
    check(is_one_sentence(done, 'a name or a password'), 'HTTP: no credentials in a URL', [done.stderr])


def main():
    assert 'hunter2' in SECRET
    world = World()
    try:
        pipes(world)
        http(world)
    finally:
        world.close()
    tap.done()


if __name__ == '__main__':
    main()
