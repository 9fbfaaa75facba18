#!/usr/bin/env python3
"""Advice is good when it works: every statement of an offline report's roadmap runs, in order, on a real PostgreSQL
after the project's own files; and when the statements are added to the project as migrations, the findings that
they answer are gone and nothing new is found in them. Arguments: names of projects."""
import os
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
    if project.pattern == projects.PRISMA:
        name = os.path.join(path, 'migrations', '99991231%06d_advice' % number, 'migration.sql')
        os.makedirs(os.path.dirname(os.path.join(root, name)))
    elif os.path.isfile(project.path) or len(files) == 1:
        name = path if os.path.isfile(project.path) else os.path.join(path, os.path.relpath(files[-1], project.path))
    else:
        name = os.path.join(path, os.path.dirname(os.path.relpath(files[-1], project.path)), next_name(os.path.basename(files[-1]), number))
    with open(os.path.join(root, name), 'a', encoding='utf-8') as file:
        file.write(('\n' if file.tell() else '') + sql + '\n')
    return name


def next_name(last, number):
    """A file name that follows `last`: its leading digits counted on."""
    start = next(i for i, c in enumerate(last) if c.isdigit())
    end = start
    while end < len(last) and last[end].isdigit():
        end += 1
    return '%s%0*d%sadvice.sql' % (last[:start], end - start, int(last[start:end]) + number, '__' if last[end:end + 2] == '__' else '_')


def same_finding(finding, answered):
    return finding['rule'] == answered['rule'] and os.path.normpath(finding['file']) == os.path.normpath(answered['file']) \
        and finding['range']['start']['line'] == answered['line']


def statements_of(step):
    return [statement['sql'].rstrip().rstrip(';') + ';' for statement in step['statements']]


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
        steps = report['roadmap']
        number = sum(len(step['statements']) for step in steps)
        refused = []
        for step in steps:
            for sql in statements_of(step):
                try:
                    cluster.run('advice', sql)
                except postgres.DatabaseError as error:
                    refused += ['step %s: %s' % (step['step'], sql), str(error)]
        tap.check(not refused, '%s: %d statements of %d steps run on the database' % (name, number, len(steps)), refused)
        wrong = ['step %s: %s: applies is %s' % (step['step'], s['sql'], s['check'].get('applies'))
                 for step in steps for s in step['statements'] if s['check'].get('applies') is not True]
        tap.check(not wrong, '%s: the report claims that each applies' % name, wrong)

        before = model.findings(path)
        answered = [(step, step['finding']) for step in steps if step.get('finding')]
        unknown = ['step %s: %s' % (step['step'], finding) for step, finding in answered
                   if not any(same_finding(one, finding) for one in before)]
        tap.check(not unknown, '%s: %d steps answer findings that `check` reports' % (name, len(answered)), unknown)
        added = [add_migration(project, root, path, i + 1, '\n'.join(statements_of(step))) for i, step in enumerate(steps) if step['statements']]
        after = model.findings(path)
        left = ['step %s: %s' % (step['step'], finding) for step, finding in answered
                if any(same_finding(one, finding) for one in after)]
        tap.check(not left, '%s: those findings are gone once the statements are migrations' % name, left)
        if project.pattern == projects.PRISMA or len(project.files) > 1:
            new = ['%s:%s %s: %s' % (one['file'], one['range']['start']['line'], one['rule'], one['message'])
                   for one in after if os.path.normpath(one['file']) in {os.path.normpath(file) for file in added}
                   and one['severity'] in ('warning', 'error')]
            tap.check(not new, '%s: nothing is found in what was recommended' % name, new)


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
