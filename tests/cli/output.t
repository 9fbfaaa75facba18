#!/usr/bin/env python3
"""What check and schema print: shape, order, positions, stability, configuration."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import BAD, GOOD, TOP, Folder, Tap

tap = Tap()

# --- the shape of JSON ---
SHAPE = {'file', 'rule', 'group', 'severity', 'message', 'help', 'url', 'range', 'related', 'fixes'}
with Folder({'a.sql': 'CREATE TABLE customers (id bigint PRIMARY KEY);\nCREATE TABLE orders (id bigint PRIMARY KEY,\n'
                      '  customer_id bigint REFERENCES customers (id));\n',
             'b.sql': BAD}) as folder:
    status, out, err = folder.run('check', '--format', 'json')
    report = json.loads(out)
    tap.same(sorted(report), ['findings', 'summary', 'version'], 'check: the top level')
    tap.ok(all(set(finding) == SHAPE for finding in report['findings']), 'check: every finding has every member')
    tap.same(report['summary'], {'files': 2, 'errors': 0, 'warnings': 3, 'infos': 0, 'hints': 0}, 'check: the summary')
    order = [(f['file'], f['range']['start']['line'], f['range']['start']['column'], f['rule']) for f in report['findings']]
    tap.same(order, sorted(order), 'check: by file, position and rule')
    tap.ok(all(p['line'] >= 1 and p['column'] >= 1 for f in report['findings'] for p in f['range'].values()), 'check: positions count from 1')
    tap.same(folder.run('check', '--format', 'json')[1], out, 'check: the same bytes again')
    tap.same(folder.run('check', '--format', 'json', folder.path)[1], out, 'check: an absolute path prints relative ones')
    related = [f for f in report['findings'] if f['related']]
    tap.ok(all(set(r) == {'file', 'range', 'message'} for f in related for r in f['related']), 'check: related places')
    edits = [edit for f in report['findings'] for fix in f['fixes'] for edit in fix['edits']]
    tap.ok(all(set(edit) == {'file', 'range', 'text'} for edit in edits), 'check: edits of fixes')
    tap.same(folder.check('b.sql'), [f for f in folder.check() if f[0] == 'b.sql'], 'check: one file of two')
    sub = os.path.join(folder.path, 'sub')
    os.mkdir(sub)
    tap.same(folder.check('sub/../b.sql'), folder.check('b.sql'), 'check: .. in a path')

# --- columns are code points; CRLF, CR and a byte order mark ---
for name, text, expected in [
        ('ascii', 'CREATE TABLE t (price real);', (1, 23)),
        ('accents before', "/* \u00e9\u00e9\u00e9 */ CREATE TABLE t (price real);", (1, 33)),
        ('beyond the BMP', "/* \U0001f600 */ CREATE TABLE t (price real);", (1, 31)),
        ('CRLF', 'CREATE TABLE t (\r\n  price real\r\n);\r\n', (2, 9)),
        ('CR', 'CREATE TABLE t (\r  price real\r);\r', (2, 9)),
        ('byte order mark', '\ufeffCREATE TABLE t (price real);', (1, 24))]:
    with Folder({'a.sql': text}) as folder:
        found = [f[1:3] for f in folder.check() if f[3] == 'float-money']
        tap.same(found, [expected], 'positions: ' + name)

# --- excerpts of long lines: what is around the mark, by code points ---
for name, before, after in [('at its start', '', 400), ('in its middle', '/* ' + '\u00e9\U0001f600' * 3000 + ' */ ', 5000), ('at its end', '/* ' + 'x' * 100000 + ' */ ', 0)]:
    with Folder({'a.sql': before + 'CREATE TABLE t (price real);' + (' -- ' + '\u00fc' * after if after else '') + '\n'}) as folder:
        out = folder.run('check', 'a.sql')[1]
        lines = out.split('\n')
        marked = next(i for i, line in enumerate(lines) if '^^^^' in line)
        tap.ok(max(map(len, lines)) < 200, 'long line, marked %s: nothing is shown whole' % name, lines)
        at = lines[marked].index('^')
        tap.same(lines[marked - 1][at:at + lines[marked].count('^')], 'real', 'long line, marked %s: the mark is under it' % name)
        tap.same(('\u2026' in lines[marked - 1].split('|', 1)[1][:3], lines[marked - 1].endswith('\u2026')), (bool(before), bool(after)),
                 'long line, marked %s: an ellipsis where it is cut' % name)

# --- findings follow the layout: a migration is judged with those before it ---
with Folder({'migrations/1_a.sql': 'CREATE TABLE t (id bigint PRIMARY KEY, a int);', 'migrations/2_b.sql': 'CREATE INDEX i ON t (a);',
             '.git/x': '', 'q.sql': 'DELETE FROM t;'}) as folder:
    tap.same(folder.check('migrations/2_b.sql'), [('migrations/2_b.sql', 1, 1, 'create-index-not-concurrently')], 'a file of a history')
    tap.same(folder.check('q.sql'), [('q.sql', 1, 1, 'missing-where')], 'a file of queries')
    tap.same(len(folder.check()), 2, 'all of it')
    tap.same(len(folder.check('migrations')), 1, 'a folder of it')
    tap.same(len(folder.check('migrations', 'q.sql', 'migrations/2_b.sql')), 2, 'named twice, said once')
    folder.write('migrations/.gitignore', '3_*\n')
    folder.write('migrations/3_c.sql', BAD)
    tap.same(len(folder.check()), 2, 'an ignored file is not looked at')
    tap.same(len(folder.check('migrations/3_c.sql')), 2, 'but when it is named')
    folder.write('migrations/4_d.down.sql', 'DROP TABLE t;')
    tap.same(folder.check('migrations/4_d.down.sql'), [], 'the way down is not judged')

# --- configuration ---
with Folder({'lintel.yaml': 'rules:\n  float-money: off\n  missing-primary-key: error\n', 'a.sql': BAD, 'sub/lintel.yaml': 'rules: {design: off}\n',
             'sub/b.sql': BAD}) as folder:
    status, out, err = folder.run('check', '--brief', '--fail-on', 'error')
    tap.ok(status == 1 and out.splitlines() == ['a.sql:1:14: error: t has no primary key [missing-primary-key]'], 'levels; the nearest file wins', status, out)
    folder.write('lintel.yaml', 'rulez:\n  a: off\nrules:\n  float-mony: off\npostgresql: {version: x}\n')
    tap.same([f for f in folder.check() if f[0] == 'lintel.yaml'],
             [('lintel.yaml', 1, 1, 'config-unknown-key'), ('lintel.yaml', 4, 3, 'unknown-rule'), ('lintel.yaml', 5, 23, 'config-bad-value')],
             'what is wrong in lintel.yaml is a finding in it')
    folder.write('lintel.yaml', 'rules: {\n')
    tap.ok(('lintel.yaml', 'config-syntax') in [(f[0], f[3]) for f in folder.check()], 'what is not YAML is a finding')

# --- schema ---
with Folder({'a.sql': "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE a (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, m mood);\n"
                      "CREATE TABLE b (a_id bigint REFERENCES a (id) ON DELETE CASCADE, n numeric(4,1) DEFAULT 0 CHECK (n >= 0));\n"
                      "CREATE INDEX b_n ON b (n DESC) WHERE n > 1;\nCREATE VIEW v AS SELECT id FROM a;\nCREATE TEMP TABLE x (y int);\n"}) as folder:
    status, out, err = folder.run('schema', '--format', 'json')
    database = json.loads(out)['databases'][0]
    tables = {table['name']: table for table in database['tables']}
    tap.same(sorted(tables), ['a', 'b', 'v'], 'schema: tables and views, no temporary ones')
    tap.same(database['enums'], [{'schema': 'public', 'name': 'mood', 'values': ['sad', 'ok']}], 'schema: enums')
    tap.same(tables['a']['columns'][0], {'name': 'id', 'type': 'bigint', 'nullable': False, 'default': None, 'identity': 'always',
                                         'generated': None, 'auto_increment': False, 'comment': None}, 'schema: a column')
    tap.same((tables['a']['file'], tables['a']['line'], tables['a']['primary_key']), ('a.sql', 2, {'name': 'a_pkey', 'columns': ['id']}), 'schema: a table')
    tap.same(tables['b']['foreign_keys'], [{'name': 'b_a_id_fkey', 'columns': ['a_id'], 'references': {'schema': 'public', 'table': 'a', 'columns': ['id']},
                                            'on_delete': 'cascade', 'on_update': 'no_action', 'deferrable': False, 'validated': True}], 'schema: a foreign key')
    tap.same(tables['b']['indexes'], [{'name': 'b_n', 'unique': False, 'method': 'btree',
                                       'columns': [{'name': 'n', 'order': 'desc', 'nulls': None, 'opclass': None}], 'include': [], 'where': 'n > 1'}], 'schema: an index')
    tap.same(tables['b']['checks'], [{'name': 'b_n_check', 'expression': 'n >= 0'}], 'schema: a check')
    tap.same(folder.run('schema', '--format', 'json')[1], out, 'schema: the same bytes again')
    tap.ok('foreign key (a_id) to a (id), on delete CASCADE' in folder.run('schema')[1], 'schema: text')
    tap.ok(folder.run('schema', '--format', 'mermaid')[1].startswith('erDiagram'), 'schema: Mermaid')
    status, sql, err = folder.run('schema', '--format', 'sql')
    folder.write('again/b.sql', sql)
    again = json.loads(folder.run('schema', '--format', 'json', 'again')[1])['databases'][0]
    drop = lambda d: json.loads(json.dumps([{k: v for k, v in t.items() if k not in ('file', 'line')} for t in d['tables']])
                                .replace('(n > 1)', 'n > 1'))  # parentheses say nothing
    tap.same(drop(again), drop(database), 'schema: the SQL that it prints makes the same schema')
    folder.write('words/w.sql', 'CREATE TABLE "class" (id bigint PRIMARY KEY, "PK" int);\nCREATE TABLE "a""\r%\n" (id int PRIMARY KEY);\n')
    tap.same(folder.run('schema', '--format', 'mermaid', 'words')[1].split('\n')[1:],
             ['    "class" {', '        bigint id PK', '        integer PK_', '    }', '    "a____" {', '        integer id PK', '    }', ''],
             'schema: what Mermaid takes for its own words')
tap.done()
