#!/usr/bin/env python3
"""Advice is good when it works: every statement of an offline report's roadmap runs, in order, on a real PostgreSQL
after the project's own files; and when the statements are added to the project as migrations, the findings that
they answer are gone and nothing new is found in them. Arguments: names of projects."""
import os
import re
import shutil
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model
import postgres
import projects
from tap import Tap


def copy_of(project, folder):
    """The project in a folder of its own; returns the path to give to Lintel, relative to it."""
    if os.path.isfile(project.path):
        shutil.copy(project.path, folder)
        return os.path.basename(project.path)
    # Under its own name: the name can be what a layout is known by.
    target = os.path.join(folder, os.path.basename(project.path))
    shutil.copytree(project.path, target)
    return os.path.basename(project.path)


def add_migration(project, root, path, number, sql):
    """Adds `sql` as the project's next migration; returns the file's name from `root`."""
    files = project.files
    if project.pattern.endswith(projects.PRISMA):
        above = project.pattern[:-len(projects.PRISMA)]
        name = os.path.join(path, above, 'migrations', '99991231%06d_advice' % number, 'migration.sql')
        os.makedirs(os.path.dirname(os.path.join(root, name)))
    elif os.path.isfile(project.path) or len(files) == 1:
        name = path if os.path.isfile(project.path) else os.path.join(path, os.path.relpath(files[-1], project.path))
    else:
        name = os.path.join(path, os.path.dirname(os.path.relpath(files[-1], project.path)), next_name(os.path.basename(files[-1]), number))
    with open(files[-1], encoding='utf-8') as file:
        mark = re.search(r'(?m)^-- *(migrate:up|\+goose Up)', file.read())
    with open(os.path.join(root, name), 'a', encoding='utf-8') as file:
        file.write('\n' if file.tell() else mark.group() + '\n' if mark else '')
        file.write(sql + '\n')
    return name


def next_name(last, number):
    """A file name that follows `last`: its leading digits counted on."""
    start = next(i for i, c in enumerate(last) if c.isdigit())
    end = start
    while end < len(last) and last[end].isdigit():
        end += 1
    return '%s%0*d%sadvice.sql' % (last[:start], end - start, int(last[start:end]) + number, '__' if last[end:end + 2] == '__' else '_')


def key(finding):
    """What identifies a finding: of `check`'s, and of those that a statement says it answers."""
    line = finding['line'] if 'line' in finding else finding['range']['start']['line']
    return finding['rule'], os.path.normpath(finding['file']), line


def terminated(statement):
    return statement['sql'].rstrip().rstrip(';') + ';'


def check_project(tap, cluster, project):
    name = project.name
    with projects.WorkFolder() as folder, projects.WorkFolder() as root:
        cluster.create('advice')
        if project.is_supabase:
            cluster.run_files('advice', [postgres.SUPABASE])
        cluster.run_files('advice', project.prepared(folder))

        path = copy_of(project, root)
        os.chdir(root)
        report = model.consult(path)
        statements = [statement for step in report['roadmap'] for statement in step['statements']]
        refused = []
        for statement in statements:
            try:
                cluster.run('advice', terminated(statement))
            except postgres.DatabaseError as error:
                refused += [statement['sql'], '  ' + str(error)]
        tap.check(not refused, '%s: %d statements of %d steps run on the database' % (name, len(statements), len(report['roadmap'])), refused)
        wrong = ['%s: applies is %s' % (statement['sql'], statement['check'].get('applies'))
                 for statement in statements if statement['check'].get('applies') is not True]
        tap.check(not wrong, '%s: the report claims that each applies' % name, wrong)

        before = {key(finding) for finding in model.findings(path)}
        answered = {key(finding) for statement in statements for finding in statement['answers']}
        answered |= {key(step['finding']) for step in report['roadmap'] if step.get('finding')}
        tap.check(answered <= before, '%s: the %d findings that they answer are those that `check` reports' % (name, len(answered)),
                  sorted(map(str, answered - before)))
        # One statement is one migration: that is how those must be run that may not be in a transaction.
        added = {os.path.normpath(add_migration(project, root, path, i + 1, terminated(statement))): statement
                 for i, statement in enumerate(statements)}
        after = model.findings(path)
        left = answered & {key(finding) for finding in after}
        tap.check(not left, '%s: those findings are gone once the statements are migrations' % name, sorted(map(str, left)))
        if project.pattern != projects.PRISMA and len(project.files) == 1:
            return  # appended to the one file: what is found there has other lines now
        new = []
        for finding in after:
            statement = added.get(os.path.normpath(finding['file']))
            if not statement or finding['severity'] not in ('warning', 'error'):
                continue
            said = {one['rule'] for one in statement['check']['findings']}
            if statement['outside_transaction']:
                said.add('concurrently-in-transaction')  # the report says how to run it, the layout may not allow it
            # Models have to follow: the report says so in its eighth section.
            if finding['rule'] not in said and finding['group'] != 'drift':
                new.append('%s: %s: %s' % (finding['file'], finding['rule'], finding['message']))
        tap.check(not new, '%s: nothing is found in the statements but what the report says itself' % name, new)


tap = Tap()
top = os.getcwd()
with postgres.Cluster() as cluster:
    for project in projects.of_dialect('postgresql', sys.argv[1:]):
        if not project.is_there:
            tap.skip(project.name, 'the corpus is not here')
            continue
        try:
            check_project(tap, cluster, project)
        except (postgres.DatabaseError, model.LintelError, KeyError, TypeError) as error:
            tap.check(False, '%s: advice' % project.name, [repr(error)])
        finally:
            os.chdir(top)
tap.done()
