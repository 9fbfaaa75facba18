#!/usr/bin/env python3
"""Hostile and broken files: findings come, nothing crashes or hangs, time grows linearly."""
import os
import random
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import GOOD, TOP, Folder, Tap

tap = Tap()
random.seed(7)


def survives(name, text, rule=None, seconds=60):
    """check and schema end with a status of theirs, in time; `rule` is among the findings."""
    with Folder({'a.sql': text}) as folder:
        started = time.time()
        try:
            status, out, err = folder.run('check', '--brief', 'a.sql', timeout=seconds)
            other = folder.run('schema', '--format', 'json', 'a.sql', timeout=seconds)[0]
        except Exception as trouble:
            tap.ok(False, name, trouble)
            return 0
        is_found = rule is None or '[%s]' % rule in out
        tap.ok(status in (0, 1) and other == 0 and is_found, name, status, other, out[:2000], err[-3000:])
        return time.time() - started


survives('an empty file', '')
survives('only white space', ' \n\t\r\n')
survives('only a byte order mark', '\ufeff')
survives('NUL bytes', b'CREATE TABLE t (\0a int);', 'binary-file')
survives('a NUL far behind', GOOD.encode() * 1000 + b'\0', 'binary-file')
survives('UTF-16', GOOD.encode('utf-16'), 'utf-16')
survives('Latin-1', "COMMENT ON TABLE t IS 'caf\xe9';".encode('latin-1'), 'invalid-utf8')
survives('truncated UTF-8', "SELECT 'caf\u00e9".encode()[:-1], 'invalid-utf8')
survives('an unterminated string', "CREATE TABLE t (a text DEFAULT 'x);\n" + GOOD, 'unterminated-quote')
survives('an unterminated comment', GOOD + '/* here\n' + GOOD)
survives('an unterminated dollar quote', 'CREATE FUNCTION f() RETURNS int AS $x$ ' + GOOD)
survives('200 KB of random bytes', bytes(random.randrange(256) for _ in range(200 * 1024)))
survives('200 KB of random printable bytes', bytes(random.randrange(32, 127) for _ in range(200 * 1024)))
survives('20,000 parentheses', 'SELECT ' + '(' * 20000 + '1' + ')' * 20000 + ';')
survives('20,000 open parentheses', 'CREATE TABLE t (a int CHECK ' + '(' * 20000)
survives('20,000 brackets', 'SELECT ' + '[' * 20000)
survives('a line of 2 MB', 'CREATE TABLE t (a text DEFAULT \'%s\');' % ('x' * 2000000))
survives('2 MB of statements on one line', 'CREATE TABLE t (price real); ' * (2000000 // 29))
survives('a name of 1 MB', 'CREATE TABLE %s (a int);' % ('n' * 1000000))
survives('100,000 semicolons', ';' * 100000)
survives('50,000 columns', 'CREATE TABLE t (%s);' % ', '.join('c%d int' % i for i in range(50000)))
survives('nested subqueries', 'SELECT * FROM ' + '(SELECT * FROM ' * 2000 + 't' + ') x' * 2000 + ';')
survives('nested CASE', 'SELECT ' + 'CASE WHEN 1 THEN ' * 3000 + '1' + ' END' * 3000 + ';')
survives('CRLF everywhere', GOOD.replace('\n', '\r\n') * 100)
survives('a table that inherits itself', 'CREATE TABLE t (a int) INHERITS (t);\nCREATE TABLE u (LIKE u);')
survives('a view of itself', 'CREATE VIEW v AS SELECT * FROM v;\nCREATE OR REPLACE VIEW v AS SELECT * FROM v;')
survives('dropping while it is used', 'CREATE TABLE a (id int PRIMARY KEY);CREATE TABLE b (a_id int REFERENCES a);DROP TABLE a CASCADE;DROP TABLE a;')

# Each prefix of a file that has a little of everything.
with open(os.path.join(TOP, 'tests', 'projects', 'shop', 'db', 'migrations', '20230606120000_search.sql'), 'rb') as file:
    sample = file.read()
with Folder() as folder:
    broken = []
    for end in range(0, len(sample), 29):
        folder.write('a.sql', sample[:end])
        status, out, err = folder.run('check', '--brief', 'a.sql')
        if status not in (0, 1):
            broken.append((end, status, err[-500:]))
    tap.same(broken, [], 'every 29th prefix of a migration')

# Twice the text, twice the time: with room for a busy machine.
for name, make in [
        ('statements', lambda n: 'CREATE TABLE t%d (id bigint PRIMARY KEY, price real);\n' * 1 % n),
        ('broken statements', lambda n: 'CREATE TABLE (((%d;\n' % n),
        ('open quotes', lambda n: "SELECT 'a%d;\n" % n)]:
    times = []
    for count in (2000, 8000):
        with Folder({'a.sql': ''.join(make(i) for i in range(count))}) as folder:
            started = time.time()
            folder.run('check', '--brief', 'a.sql')
            times.append(time.time() - started)
    tap.ok(times[1] < 14 * times[0] + 1, 'four times as many %s take %.1f times as long' % (name, times[1] / times[0]), times)

# Names of files that are no text.
with Folder() as folder:
    name = b'caf\xe9.sql'
    try:
        with open(os.path.join(folder.path.encode(), name), 'w') as file:
            file.write('CREATE TABLE t (price real);')
    except OSError:
        tap.ok(True, 'a file name that is not UTF-8 # SKIP the file system refuses it')
    else:
        status, out, err = folder.run('check', '--format', 'json')
        tap.ok(status == 1 and '\ufffd.sql' in out, 'a file name that is not UTF-8', status, out[:300], err)
tap.done()
