#!/usr/bin/env python3
"""Our replay of Alembic's revisions against what Alembic makes of them on a real PostgreSQL. Arguments: names of trees.

A type that the revision takes from another module of its program is unknown to us, on purpose: it is counted, not
compared. All else must be equal, but for what known.tsv explains."""
import os
import shutil
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare
import model
import postgres
import revisions
from tap import Tap

SHOWN = 40


def is_unknown_type(difference):
    _, fact, _, said = difference
    return fact.endswith(' type') and said is None


def examine(tap, known, cluster, tree, folder):
    database = tree.name.replace('-', '_')
    cluster.create(database)
    ignore = set(compare.facts_of_database(cluster.catalog(database)))
    path = tree.prepare(folder)
    try:
        tree.upgrade(folder, cluster, database)
    except (revisions.RevisionError, postgres.DatabaseError) as error:
        tap.check(False, '%s: Alembic runs its revisions' % tree.name, [str(error)])
        return False
    catalog = cluster.catalog(database)
    catalog['tables'] = [table for table in catalog['tables'] if table['name'] != 'alembic_version']
    said = model.schema(path, 'postgresql')
    differences = list(compare.differences(catalog, said, ignore))
    unknown = [difference for difference in differences if is_unknown_type(difference)]
    explained, unexplained = known.split(tree.name, [d for d in differences if d not in unknown])
    tap.check(not unexplained and catalog['tables'], '%s: %d tables as Alembic made them (%d types unknown, %d known differences)' % (
        tree.name, len(catalog['tables']), len(unknown), len(explained)),
        [compare.show(difference) for difference in unexplained[:SHOWN]] + (['and more'] if len(unexplained) > SHOWN else []))
    return True


def main():
    tap = Tap()
    known = compare.Known()
    wanted = [tree for tree in revisions.TREES if not sys.argv[1:] or tree.name in sys.argv[1:]]
    if not revisions.has_alembic():
        print('1..0 # SKIP Alembic, Flask-Migrate and psycopg2 are not installed: tests/setup.sh test')
        return
    done = []
    with postgres.Cluster() as cluster:
        for tree in wanted:
            if tree.missing:
                tap.skip(tree.name, tree.missing)
                continue
            folder = tempfile.mkdtemp(prefix='lintel-alembic-')
            try:
                if examine(tap, known, cluster, tree, folder):
                    done.append(tree.name)
            finally:
                shutil.rmtree(folder, ignore_errors=True)
    known.check_use(tap, done, 'trees')
    tap.done()


main()
