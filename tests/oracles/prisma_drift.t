#!/usr/bin/env python3
"""The drift between a Prisma schema and its migrations, against Prisma Migrate's own: the migrations run on a private
PostgreSQL, and Migrate says what it would do to make that database what the schema declares. Our drift rules must
report exactly that; what differs stands in prisma/known.tsv with its reason. Arguments: names of projects."""
import glob
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import compare
import model
import postgres
import projects
from tap import Tap


def prisma_projects():
    for project in projects.of_dialect('postgresql', sys.argv[1:]):
        schemas = sorted(glob.glob(os.path.join(project.path, '**', '*.prisma'), recursive=True)) if os.path.isdir(project.path) else []
        if schemas or not project.is_there and 'prisma' in project.path:
            yield project, schemas


# --- what Migrate would do ----------------------------------------------------------------------------

NAME = r'"((?:[^"]|"")+)"'
COLUMN = re.compile(NAME)
STATEMENTS = [
    (r'ALTER TABLE %s ADD CONSTRAINT %s FOREIGN KEY \(([^)]*)\)' % (NAME, NAME), lambda m, i: 'foreign key from %s (%s)' % (m[1], columns(m[3]))),
    (r'ALTER TABLE %s DROP CONSTRAINT %s' % (NAME, NAME), lambda m, i: 'constraint %s of %s' % (m[2], m[1])),
    (r'ALTER TABLE %s ADD CONSTRAINT %s PRIMARY KEY' % (NAME, NAME), lambda m, i: 'primary key on %s' % m[1]),
    (r'DROP INDEX %s' % NAME, lambda m, i: 'index on %s' % i.get(m[1], m[1])),
    (r'CREATE (?:UNIQUE )?INDEX %s ON %s(?: USING \w+ ?)?\((.*)\)' % (NAME, NAME), lambda m, i: 'index on %s (%s)' % (m[2], columns(m[3]))),
    (r'ALTER INDEX %s RENAME' % NAME, lambda m, i: 'name of index %s' % m[1]),
    (r'ALTER TYPE %s ADD VALUE \'(.*)\'' % NAME, lambda m, i: 'value %s of %s' % (m[2], m[1])),
    (r'CREATE TABLE %s' % NAME, lambda m, i: 'table %s' % m[1]),
    (r'DROP TABLE %s' % NAME, lambda m, i: 'table %s' % m[1]),
]
ACTIONS = [
    (r'ADD COLUMN +%s' % NAME, 'column'), (r'DROP COLUMN %s' % NAME, 'column'), (r'ALTER COLUMN %s (?:DROP|SET) DEFAULT' % NAME, 'default of'),
    (r'ALTER COLUMN %s (?:DROP|SET) NOT NULL' % NAME, 'nullability of'), (r'ALTER COLUMN %s SET DATA TYPE' % NAME, 'type of'),
]


def columns(text):
    return ', '.join(COLUMN.findall(text))


def migrate_facts(sql, indexes):
    """One line of words for each thing that Migrate would change; statements that we cannot read as they are."""
    facts = set()
    text = re.sub(r'(?m)^--.*$', '', re.sub(r'/\*.*?\*/', '', sql, flags=re.S))
    for statement in text.split(';\n'):
        statement = ' '.join(statement.split())
        if not statement:
            continue
        for pattern, fact in STATEMENTS:
            match = re.match(pattern, statement)
            if match:
                facts.add(fact(match, indexes))
                break
        else:
            match = re.match(r'ALTER TABLE %s (.*)' % NAME, statement)
            actions = match and {'%s %s.%s' % (what, match[1], name) for pattern, what in ACTIONS for name in re.findall(pattern, match[2])}
            facts |= actions or {statement}
    return facts


def index_names(database):
    return {index['name']: '%s (%s)' % (table['name'], ', '.join(part.get('name') or '?' for part in index['columns']))
            for table in database['tables'] for index in (table.get('indexes') or []) + (table.get('unique_constraints') or [])
            for index in [dict(index, columns=[part if isinstance(part, dict) else {'name': part} for part in index['columns']])]}


# --- what our rules report ------------------------------------------------------------------------------

MESSAGES = [
    (r'the foreign key from (\S+) \((.*?)\) to ', 'foreign key from {0} ({1})'),
    (r'the (?:\w+ )?(?:index|key) on (\S+) \((.*?)\) ', 'index on {0} ({1})'),
    (r'the enum (\S+) is \w+ with \'(.*?)\'', 'value {1} of {0}'),
    (r'the default of (\S+) ', 'default of {0}'),
    (r'the table (\S+) ', 'table {0}'),
    (r'(\w+\.\w+) is (?:declared, but no|made|migrated|there)', 'column {0}'),
]


def our_facts(path):
    for finding in model.findings(path):
        if not finding['rule'].startswith('drift-'):
            continue
        for pattern, words in MESSAGES:
            match = re.match(pattern, finding['message'])
            if match:
                yield words.format(*match.groups())
                break
        else:
            yield finding['rule'] + ': ' + finding['message']


def main():
    tap = Tap()
    known = compare.Known(os.path.join(HERE, 'prisma', 'known.tsv'), n_patterns=1)
    done = []
    with postgres.Cluster() as cluster:
        for project, schemas in prisma_projects():
            if not project.is_there:
                tap.skip(project.name, 'the corpus is not here')
                continue
            database = project.name.replace('.', '_').replace('-', '_')
            cluster.create(database)
            cluster.run_files(database, project.files)
            asked = subprocess.run(['node', os.path.join(HERE, 'prisma', 'drift.mjs'), cluster.folder, database] + schemas,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if asked.returncode != 0:
                tap.check(False, '%s: Prisma Migrate compares' % project.name, asked.stderr.decode('utf-8', 'replace').splitlines()[-12:])
                continue
            wanted = migrate_facts(asked.stdout.decode('utf-8'), index_names(model.schema(project.path, 'postgresql')))
            said = set(our_facts(project.path))
            _, unexplained = known.split(project.name, [(fact,) for fact in sorted(wanted ^ said)])
            differences = ['%s: %s' % (fact, 'Migrate would change it' if fact in wanted else 'only we report it') for fact, in unexplained]
            done.append(project.name)
            tap.check(not differences, '%s: %d drifts, as Prisma Migrate sees them' % (project.name, len(said)), differences)
    known.check_use(tap, done, 'projects')
    tap.done()


main()
