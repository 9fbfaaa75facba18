#!/usr/bin/env python3
"""Commands, options, help, exit statuses and error texts."""
import json
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lib import BAD, GOOD, TOP, Folder, Tap

tap = Tap()
with Folder({'good.sql': GOOD, 'bad.sql': BAD, 'empty/readme.txt': '', 'warn.sql': BAD}) as folder:
    os.mkfifo(os.path.join(folder.path, 'pipe.sql'))

    # help and version
    status, out, err = folder.run('--help')
    commands = re.findall(r'(?m)^  (\w+) +\S', out)
    tap.ok(status == 0 and err == '' and 'check' in commands and 'schema' in commands and 'lsp' in commands, 'help lists the commands', out, err)
    for command in commands:
        status, out, err = folder.run(command, '--help')
        tap.ok(status == 0 and out.startswith('lintel ' + command) and err == '', '%s --help' % command, out, err)
    status, out, err = folder.run('--version')
    has_commit = re.search(r'(?m)^commit        [0-9a-f]{7,40}(-dirty)?$', out) is not None
    tap.same(has_commit, os.path.exists(os.path.join(TOP, '.git')), '--version names the commit where there is one')
    tap.ok(status == 0 and re.match(r'lintel \d+\.\d+\.\d+\n', out) and 'tree-sitter ABI' in out, '--version says what was built in', out)

    # wrong usage: exit 2, a hint, nothing on stdout
    for arguments, hint in [
            ([], 'which command'),
            (['chekc'], 'did you mean check'),
            (['zzz'], 'there is no command zzz'),
            (['check', '--formt', 'json'], 'did you mean --format'),
            (['check', '--zzz'], 'check has no option --zzz'),
            (['check', '--format'], '--format wants FORMAT behind it'),
            (['check', '--format', 'xml'], '--format xml: it is one of text, json'),
            (['check', '--brief=yes'], '--brief takes no value'),
            (['check', '--fail-on', 'often'], 'it is one of error, warning'),
            (['check', '--stdin-filename', 'a.sql'], '--stdin-filename wants -'),
            (['check', '-', 'bad.sql'], 'stands alone'),
            (['check', 'nowhere.sql'], 'cannot read nowhere.sql: there is no such file or folder'),
            (['check', 'bad.sql', 'nowhere'], 'cannot read nowhere'),
            (['check', 'empty'], 'there is no schema in empty'),
            (['check', 'pipe.sql'], 'cannot read pipe.sql: it is not a regular file'),
            (['schema', 'nowhere.sql'], 'cannot read nowhere.sql'),
            (['schema', 'empty'], 'there is no schema in empty'),
            (['explain'], 'explain wants one rule'),
            (['explain', 'float-mony'], 'did you mean float-money'),
            (['explain', 'zzzzzzzzz'], 'there is no rule zzzzzzzzz'),
            (['rules', 'x'], 'rules takes no argument'),
            (['config'], 'config wants --schema'),
            (['root'], 'root wants one file'),
            (['root', 'empty'], 'root wants a file; empty is a folder')]:
        status, out, err = folder.run(*arguments)
        tap.ok(status == 2 and hint in err and out == '', 'lintel %s' % ' '.join(arguments), status, out, err)

    # exit status
    for arguments, expected in [
            (['good.sql'], 0), (['bad.sql'], 1), (['--fail-on', 'error', 'bad.sql'], 0), (['--fail-on=never', 'bad.sql'], 0),
            (['--fail-on', 'hint', 'bad.sql'], 1), (['good.sql', 'bad.sql'], 1), (['--', 'good.sql'], 0)]:
        status, out, err = folder.run('check', *arguments)
        tap.same(status, expected, 'check %s' % ' '.join(arguments))
    if os.getuid() == 0:
        tap.ok(True, 'unreadable files # SKIP root reads everything')
    else:
        os.chmod(os.path.join(folder.path, 'good.sql'), 0)
        status, out, err = folder.run('check', 'good.sql')
        tap.ok(status == 2 and 'good.sql' in err, 'unreadable files', status, err)
        os.chmod(os.path.join(folder.path, 'good.sql'), 0o644)

    # text
    status, out, err = folder.run('check', 'bad.sql')
    tap.ok('\x1b' not in out and 'bad.sql:1:23: warning: ' in out and '^^^^' in out and '[float-money]' in out and 'help: ' in out,
           'text: a message, an excerpt, help, no colours off a terminal', out)
    status, out, err = folder.run('check', '--brief', 'bad.sql')
    tap.ok(len(out.splitlines()) == 2 and all(re.match(r'bad\.sql:1:\d+: warning: .* \[[a-z-]+\]$', line) for line in out.splitlines()),
           '--brief: one line for each', out)
    status, out, err = folder.run('check', 'good.sql')
    tap.same(out, 'nothing found in 1 file\n', 'text: nothing found')

    # standard input stands in for a file
    tap.same(folder.check('-', stdin=BAD.encode()), [('stdin.sql', 1, 14, 'missing-primary-key'), ('stdin.sql', 1, 23, 'float-money')], 'standard input')
    tap.same(folder.check('--stdin-filename', 'bad.sql', '-', stdin=GOOD.encode()), [], 'standard input in place of a file')

    # rules and explain
    status, out, err = folder.run('rules', '--format', 'json')
    rules = json.loads(out)['rules']
    tap.ok(status == 0 and len(rules) > 30 and all(rule['what'] and rule['group'] for rule in rules), 'rules as JSON')
    status, text, err = folder.run('rules')
    status, page, err = folder.run('rules', '--format', 'markdown')
    tap.ok(all(rule['id'] in text and '### ' + rule['id'] in page for rule in rules), 'rules as text and Markdown name every rule')
    bad = [rule['id'] for rule in rules if folder.run('explain', rule['id'])[0] != 0]
    tap.same(bad, [], 'explain knows every rule')
    alias = next((rule['aliases'][0] for rule in rules if rule['aliases']), None)
    tap.ok(alias is None or folder.run('explain', alias)[0] == 0, 'explain knows aliases')

    # the configuration's schema
    status, out, err = folder.run('config', '--schema')
    schema = json.loads(out)
    tap.ok('float-money' in schema['properties']['rules']['properties'] and schema['additionalProperties'] is False and
           schema['properties']['postgresql']['properties']['version']['default'] == '15', 'the schema of lintel.yaml', out[:500])

# what editors ask before they start the server
MODEL = 'from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n\n\nclass A(Base):\n    __tablename__ = "a"\n'
with Folder({'shop/.git/HEAD': '', 'shop/app/models.py': MODEL, 'shop/app/views.py': 'import json\n', 'plain/.git/HEAD': '',
             'plain/app/views.py': 'import json\n', 'plain/query.sql': 'SELECT 1;\n', 'alone/views.py': '', 'alone/models.py': MODEL,
             'lone/views.py': '', 'lone/a.sql': GOOD}) as folder:
    for path, expected in [
            ('shop/app/models.py', (0, 'shop')), ('shop/app/views.py', (0, 'shop')), ('shop/app/new.py', (0, 'shop')),
            ('plain/app/views.py', (1, None)), ('plain/query.sql', (0, 'plain')), ('plain/new.prisma', (0, 'plain')),
            ('alone/views.py', (0, None)), ('lone/a.sql', (0, None)), ('nowhere/at/all.py', (1, None))]:
        status, out, err = folder.run('root', path)
        root = os.path.join(folder.path, expected[1]) + '\n' if expected[1] else ''
        tap.ok((status, out, err) == (expected[0], root, ''), 'root %s' % path, status, out, err)
tap.done()
