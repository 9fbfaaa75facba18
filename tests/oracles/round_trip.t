#!/usr/bin/env python3
"""`lintel schema --format sql`, run into a second database, must make what the project's own files make:
everything as PostgreSQL itself prints it is compared. Arguments: names of projects."""
import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare
import model
import postgres
import projects
from tap import Tap

SHOWN = 40


def differences(one, other, ignore):
    for name in sorted((set(one) | set(other)) - set(ignore)):
        if name not in other:
            yield name, '', 'there', compare.ABSENT
        elif name not in one:
            yield name, '', compare.ABSENT, 'there'
        else:
            for fact in sorted(set(one[name]) | set(other[name])):
                a, b = one[name].get(fact, compare.ABSENT), other[name].get(fact, compare.ABSENT)
                if a != b:
                    yield name, fact, a, b


tap = Tap()
known = compare.Known()
done = []
with postgres.Cluster() as cluster:
    for project in projects.of_dialect('postgresql', sys.argv[1:]):
        if not project.is_there:
            tap.skip(project.name, 'the corpus is not here')
            continue
        name = 'round-trip:' + project.name
        try:
            with projects.WorkFolder() as folder:
                for database in ('files', 'model'):
                    cluster.create(database)
                    if project.is_supabase:
                        cluster.run_files(database, [postgres.SUPABASE])
                before = cluster.exact_catalog('files')
                cluster.run_files('files', project.prepared(folder))
                sql = model.schema_sql(project.path)
                for old, new in project.newer.items():
                    sql = sql.replace(old.strip('\n'), new.strip('\n'))
                cluster.run('model', sql)
            explained, unexplained = known.split(name, list(differences(
                cluster.exact_catalog('files'), cluster.exact_catalog('model'), before)))
        except (postgres.DatabaseError, model.LintelError) as error:
            tap.check(False, name, [str(error)])
            continue
        done.append(name)
        tap.check(not unexplained, '%s%s' % (name, ', but for %d known differences' % len(explained) if explained else ''),
                  [compare.show(difference) for difference in unexplained[:SHOWN]] +
                  (['... and %d more' % (len(unexplained) - SHOWN)] if len(unexplained) > SHOWN else []))
known.check_use(tap, done, 'round trips')
tap.done()
