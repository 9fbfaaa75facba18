#!/usr/bin/env python3
"""Queries as we read them in a program against the SQL that SQLAlchemy sends for them.

Each function of sqlalchemy/queries/program.py is run on an empty SQLite database, with SQLAlchemy 1.4 and, where it was
fetched, 2.0. What was sent, read by our SQL frontend, must say the same as the function read by our Python frontend: the kind,
the tables, what is filtered, joined, ordered and written, and whether there is a limit. Constants are parameters there.
The functions of loops.py run on few rows and on more: where the second takes more queries we must have found a use of the
rows that asks again, and nowhere else."""
import ast
import json
import os
import re
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))
sys.path.insert(0, HERE)
from tap import Tap

FOLDER = os.path.join(HERE, 'sqlalchemy', 'queries')
BUILD = os.environ.get('LINTEL_BUILD', os.path.join(TOP, 'build', 'debug'))
NEXT = os.path.join(TOP, 'build', 'sqlalchemy2', 'usr', 'lib', 'python3', 'dist-packages')

# Runs in the Python that has SQLAlchemy; prints what each function sent.
RUN = '''
import inspect, json, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])
import models, program, sqlalchemy
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
engine = create_engine("sqlite://")
models.Base.metadata.create_all(engine)
sent = []
event.listen(engine, "before_cursor_execute", lambda c, cursor, statement, *rest: sent.append(statement))
result = {}
for name, function in inspect.getmembers(program, inspect.isfunction):
    if function.__module__ != "program":
        continue
    del sent[:]
    with Session(engine) as session:
        function(session)
    result[name] = list(sent)
print(json.dumps([sqlalchemy.__version__, result]))
'''

# The same for loops: how many SELECTs each function sends with 6 users and with 12.
COUNT = '''
import contextlib, inspect, io, json, sys, warnings
warnings.simplefilter("ignore")
sys.path.insert(0, sys.argv[1])
import loops, models
from sqlalchemy import create_engine, event
from sqlalchemy.orm import Session
result = {}
for n in (6, 12):
    for name, function in inspect.getmembers(loops, inspect.isfunction):
        if function.__module__ != "loops":
            continue
        engine = create_engine("sqlite://")
        models.Base.metadata.create_all(engine)
        sent = []
        with Session(engine) as session:
            for i in range(1, n + 1):
                city = models.City(id=i, name="c%d" % i)
                user = models.User(id=i, mail="m%d" % i, age=i, city=city)
                session.add_all([city, user, models.Post(author=user, title="t%d" % i)])
            session.commit()
        event.listen(engine, "before_cursor_execute", lambda c, cursor, statement, *rest: sent.append(statement))
        with Session(engine) as session, contextlib.redirect_stdout(io.StringIO()):
            function(session)
        result.setdefault(name, []).append(sum(s.startswith("SELECT") for s in sent))
print(json.dumps(result))
'''


def parts(summary):
    """The facts of one line of tools/summary.h, with those of its subqueries."""
    inner = []
    while True:
        found = re.search(r'; \{([^{}]*)\}', summary)
        if not found:
            break
        inner.append(found.group(1))
        summary = summary[:found.start()] + summary[found.end():]
    clauses = [clause.strip() for clause in summary.split('; ') if clause.strip()]
    head = clauses[0]
    kind, _, tables = head.partition(' from ')
    kind = kind.split()[0]
    names, facts = [], {'kind': kind, 'tables': [], 'where': [], 'join': [], 'order': [], 'group': [], 'write': [], 'limit': False}
    for table in tables.split(', ') if tables else []:
        words = [w for w in table.split() if w not in ('comma', 'inner', 'left', 'cross', 'on', 'target', 'cte')]
        subquery = bool(words) and words[0].startswith('(subquery)')
        names.append(words[0] if words and not subquery else '')
        if words and not subquery:
            outer = ' outer' if 'left' in table.split() else ''
            facts['tables'].append(words[0] + outer)

    def column(text):
        number, _, name = text.partition('.')
        return (names[int(number)] if number.isdigit() and int(number) < len(names) else '?') + '.' + name

    for clause in clauses[1:]:
        word, _, rest = clause.partition(' ')
        if word == 'limit':
            facts['limit'] = True
        elif word == 'write':
            facts['write'] = sorted(set(rest.split(',')))
        elif word in ('where', 'join', 'order', 'group'):
            for use in re.split(r', (?=[0-9?]+\.)', rest) if rest else []:
                use = re.sub(r" '[^']*'", '', use).replace('like-prefix', 'like')
                if word == 'join':
                    left, right = re.match(r'(\S+) = (\S+)', use).groups()
                    facts['join'].append(' = '.join(sorted([column(left), column(right)])))
                else:
                    name, _, what = use.partition(' ')
                    facts[word].append((column(name) + ' ' + what).strip())
    for one in inner:
        more = parts(one)
        for key in ('tables', 'where', 'join', 'group'):
            facts[key] += more[key]
        facts['order'] += more['order']
        facts['limit'] |= more['limit']
    for key in ('tables', 'where', 'join'):
        facts[key] = sorted(facts[key])
    return facts


def lines_of(tool, *arguments):
    done = subprocess.run([os.path.join(BUILD, 'tests', 'tools', tool)] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True)
    return done.stdout.decode().splitlines()


def facts_of_sql(statements):
    with tempfile.NamedTemporaryFile('w', suffix='.sql') as file:
        file.write(';\n'.join(statements) + ';\n')
        file.flush()
        found = lines_of('lower', '-d', 'sqlite', '-q', file.name)
    summaries = [re.sub(r'^\s*query:?\s*', '', line) for line in found if re.match(r'\s*(query:?\s*)?(select|update|delete|insert)\b', line)]
    return [parts(s) for s in summaries]


def read(name):
    """The function and the line for each query and each use of a file of the program."""
    path = os.path.join(FOLDER, name)
    with open(path) as file:
        tree = ast.parse(file.read())
    spans = [(node.lineno, node.end_lineno, node.name) for node in tree.body if isinstance(node, ast.FunctionDef)]
    spans += [(node.lineno, node.end_lineno, 'of_a_class') for node in tree.body if isinstance(node, ast.ClassDef)]
    for line in lines_of('models', '-d', 'sqlite', '-q', os.path.join(FOLDER, 'models.py'), path):
        place, _, summary = line.partition(': ')
        file, number = place.rsplit(':', 1)
        if file.endswith(name):
            yield [n for first, last, n in spans if first <= int(number) <= last][0], summary


def facts_of_program():
    """The function's name to its facts, of the outermost query only."""
    result = {}
    for name, summary in read('program.py'):
        if summary.startswith('use '):
            continue
        summary = re.sub(r'^text: ', '', summary)
        partial = summary.endswith('; partial')
        facts = parts(re.sub(r'; partial$', '', summary))
        facts['partial'] = partial
        result.setdefault(name, []).append(facts)
    return result


def run(tap, program, python_path):
    environment = dict(os.environ, PYTHONPATH=python_path, PYTHONDONTWRITEBYTECODE='1')
    done = subprocess.run(['/usr/bin/python3', '-c', program, FOLDER], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
    if done.returncode:
        tap.check(False, 'SQLAlchemy runs the program', done.stderr.decode().splitlines()[-5:])
        return None
    return json.loads(done.stdout.decode().splitlines()[-1])


def check(tap, python_path):
    done = run(tap, RUN, python_path)
    if not done:
        return
    version, sent = done
    ours = facts_of_program()
    for name in sorted(sent):
        theirs, mine = facts_of_sql(sent[name]), ours.get(name, [])
        wrong = []
        if any(facts.pop('partial', False) for facts in mine):
            wrong.append('marked as partial')
        if len(theirs) != 1 or len(mine) != 1:
            wrong.append('%d sent, %d read' % (len(theirs), len(mine)))
        else:
            wrong += ['%s: %s sent, %s read' % (key, theirs[0][key], mine[0][key]) for key in theirs[0]
                      if theirs[0][key] != mine[0][key]]
        tap.check(not wrong, '%s: %s' % (version, name), wrong + (sent[name] if wrong else []))
    counts = run(tap, COUNT, python_path) or {}
    found = {}
    for name, summary in read('loops.py'):
        if summary.startswith('use '):
            found.setdefault(name, []).append(summary)
    for name in sorted(counts):
        few, many = counts[name]
        tap.check((many > few) == bool(found.get(name)), '%s: %s sends %d queries, then %d' % (version, name, few, many),
                  found.get(name, ['nothing is found']))


def main():
    tap = Tap()
    if subprocess.run(['/usr/bin/python3', '-c', 'import sqlalchemy'], stderr=subprocess.DEVNULL).returncode:
        tap.skip('queries', 'SQLAlchemy is not installed: tests/setup.sh oracles')
    else:
        check(tap, '')
        if os.path.isdir(NEXT):
            check(tap, NEXT)
    tap.done()


if __name__ == '__main__':
    main()
