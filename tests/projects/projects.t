#!/usr/bin/env python3
"""The sample projects: what is found in each is exactly what its expected.json lists.

--bless writes the files anew; read the difference before committing it.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
LINTEL = os.environ.get('LINTEL') or os.path.join(HERE, '..', '..', 'build', 'debug', 'lintel')
FACTS = ('file', 'line', 'rule', 'severity')
n_tests = 0


def ok(is_ok, name, details=()):
    global n_tests
    n_tests += 1
    print('%s %d - %s' % ('ok' if is_ok else 'not ok', n_tests, name))
    if not is_ok:
        for detail in details:
            print('#   %s' % (detail,))


def run(folder, *arguments):
    return subprocess.run([LINTEL] + list(arguments), cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def found_in(folder):
    done = run(folder, 'check', '--format', 'json', '--fail-on', 'never')
    if done.returncode != 0:
        return None, done.stderr.decode('utf-8', 'replace')
    findings = json.loads(done.stdout.decode('utf-8'))['findings']
    return [dict(kept(f), message=f['message']) for f in findings], ''



def kept(finding):
    return {'file': finding['file'], 'line': finding['range']['start']['line'], 'rule': finding['rule'],
            'severity': finding['severity']}


def key(finding):
    return tuple(finding[fact] for fact in FACTS)


def write(path, findings):
    with open(path, 'w', encoding='utf-8') as file:
        lines = ',\n'.join('  ' + json.dumps(finding, ensure_ascii=False) for finding in findings)
        file.write('[\n%s\n]\n' % lines)


def main():
    projects = sorted(name for name in os.listdir(HERE) if os.path.isdir(os.path.join(HERE, name)))
    for project in projects:
        folder = os.path.join(HERE, project)
        path = os.path.join(folder, 'expected.json')
        found, trouble = found_in(folder)
        if found is None:
            ok(False, project, [trouble])
            continue
        told = {(f['rule'], f.pop('message')) for f in found}
        if '--bless' in sys.argv:
            write(path, found)
        with open(path, encoding='utf-8') as file:
            expected = json.load(file)
        missing = [f for f in expected if expected.count(f) > found.count(f)]
        extra = [f for f in found if found.count(f) > expected.count(f)]
        ok(not missing and not extra, '%s: %d findings, as expected' % (project, len(expected)),
           ['missing %s:%s %s %s' % key(f) for f in missing] + ['not expected %s:%s %s %s' % key(f) for f in extra])
        # A file by itself is judged with the project around it: together they say the same. What models and
        # migrations both have is told at the model, but at the migration where only that one is asked for.
        files = sorted({f['file'] for f in found})
        alone = []
        for name in files:
            done = run(folder, 'check', '--format', 'json', '--fail-on', 'never', name)
            alone += [] if done.returncode else json.loads(done.stdout.decode('utf-8'))['findings']
        places = [kept(f) for f in alone]
        lost = [f for f in found if found.count(f) > places.count(f)]
        new = [f for f in alone if kept(f) not in found and (f['rule'], f['message']) not in told]
        ok(not lost and not new, '%s: each file alone is judged like all together' % project,
           ['lost %s:%s %s %s' % key(f) for f in lost] + ['new %s:%s %s %s' % key(kept(f)) for f in new])
        # What a schema prints is a schema again.
        done = run(folder, 'schema', '--format', 'json')
        tables = [d['tables'] for d in json.loads(done.stdout.decode('utf-8'))['databases']] if done.returncode == 0 else []
        ok(len(tables) == 1 and len(tables[0]) >= 8, '%s: one database with its tables' % project,
           [done.stderr.decode('utf-8', 'replace')])
    print('1..%d' % n_tests)


main()
