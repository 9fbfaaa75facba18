"""The model against a real database, project by project: the body of postgres.t, mariadb.t and sqlite.t."""
import sys

import compare
import model
import projects
from tap import Tap

SHOWN = 40  # differences of one project that are printed


def run(dialect, server, prepare=None):
    """`server` is entered for all projects; `prepare(server, database, project)` goes before a project's files."""
    tap = Tap()
    known = compare.Known()
    wanted = projects.of_dialect(dialect, sys.argv[1:])
    done = []
    with server as running:
        for project in wanted:
            if not project.is_there:
                tap.skip(project.name, 'the corpus is not here')
                continue
            database = 'sakila' if project.name == 'sakila-mysql' else project.name.replace('.', '_').replace('-', '_')
            ignore = set()
            try:
                with projects.WorkFolder() as folder:
                    running.create(database)
                    if prepare:
                        prepare(running, database, project)
                    before = running.catalog(database)
                    ignore = set(compare.facts_of_database(before))
                    running.run_files(database, project.prepared(folder))
                catalog = running.catalog(database)
            except Exception as error:  # the database's own refusal: the project's files do not run as they are
                tap.check(False, '%s: its files run on the database' % project.name, [str(error)])
                continue
            try:
                said = model.schema(project.path, dialect)
            except (model.LintelError, ValueError, KeyError) as error:
                tap.check(False, '%s: lintel schema' % project.name, [repr(error)])
                continue
            explained, unexplained = known.split(project.name, compare.differences(catalog, said, ignore))
            done.append(project.name)
            tap.check(not unexplained, '%s: %d tables as the database has them%s' % (
                project.name, len(catalog['tables']), ', but for %d known differences' % len(explained) if explained else ''),
                [compare.show(difference) for difference in unexplained[:SHOWN]] +
                (['... and %d more' % (len(unexplained) - SHOWN)] if len(unexplained) > SHOWN else []))
    known.check_use(tap, done, 'projects')
    tap.done()
