#!/usr/bin/env python3
"""Our reading of SQLAlchemy models against SQLAlchemy itself, for PostgreSQL, MySQL and SQLite.

Samples of ours use every construct that we read, with SQLAlchemy 1.4 (Debian 12's) and 2.0 (where
`tests/setup.sh` could fetch it): all must be equal. Programs from Debian are compared where they are installed
(`tests/setup.sh oracles`): the differences must be those of KNOWN, each with its reason, and below a hundredth.
Arguments: names of cases."""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import model
import sqlalchemy_models as models
from tap import Tap

PACKAGES = '/usr/lib/python3/dist-packages'
SAMPLES = os.path.join(models.HERE, 'sqlalchemy')
NEXT = os.path.join(models.TOP, 'build', 'sqlalchemy2', 'usr', 'lib', 'python3', 'dist-packages')
ALL = ['postgresql', 'mysql', 'sqlite']

# case, folder, modules to import, files (none: all of the folder), versions, dialects, what must be installed
SAMPLE_CASES = [
    ('classic', 'classic', ['shop.base', 'shop.people', 'shop.tables'],
     ['shop/__init__.py', 'shop/base.py', 'shop/enums.py', 'shop/people.py', 'shop/tables.py'], [1, 2], ALL, 'sqlalchemy'),
    ('postgresql-only', 'classic', ['shop.postgresql_only'], ['shop/postgresql_only.py'], [1, 2], ['postgresql'],
     'sqlalchemy'),
    ('mysql-only', 'classic', ['shop.mysql_only'], ['shop/mysql_only.py'], [1, 2], ['mysql'], 'sqlalchemy'),
    ('modern', 'modern', ['blog.base', 'blog.models'], None, [2], ALL, 'sqlalchemy'),
    ('flask', 'flask', ['extensions', 'models'], None, [1, 2], ALL, 'flask_sqlalchemy'),
    ('sqlmodel', 'sqlmodel', ['models'], None, [1], ALL, 'sqlmodel'),
]

# case, what is read (files and folders), modules to import (none: all that make columns)
PROGRAM_CASES = [
    ('keystone', ['keystone'], None),
    ('mailman', ['mailman'], None),
    ('neutron', ['neutron', 'neutron_lib'], ['neutron.db.migration.models.head', 'neutron_lib.db.model_base']),
    ('nova-main', ['nova/db/main', 'nova/db/types.py'], ['nova.db.main.models']),
    ('nova-api', ['nova/db/api', 'nova/db/types.py'], ['nova.db.api.models']),
    ('buildbot', ['buildbot/db', 'buildbot/util/sautils.py'], ['buildbot.db.model']),
    ('ironic', ['ironic/db'], ['ironic.db.sqlalchemy.models']),
    ('glance', ['glance/db'], ['glance.db.sqlalchemy.models', 'glance.db.sqlalchemy.models_metadef']),
    ('cinder', ['cinder/db'], ['cinder.db.sqlalchemy.models']),
]

# A difference begins with one of these: why.
KNOWN = {
    'neutron': {
        'ml2_vlan_allocations check vlan_id>=1andvlan_id<=4094':
            'the text of the check is made with % from two constants: strings are joined, not formatted',
    },
}


def tell(tap, name, n, differences, known):
    left = [text for text in differences if not any(text.startswith(begin) for begin in known)]
    tap.check(not left, '%s: %d facts, %d known differences' % (name, n, len(differences) - len(left)),
              [text for text in left if text][:40])


def enums_of(side):
    return {(enum['schema'], enum['name']): enum['values'] for enum in side['enums']}


def samples(tap, wanted):
    for case, folder, modules, files, versions, dialects, needs in SAMPLE_CASES:
        if wanted and case not in wanted:
            continue
        where = os.path.join(SAMPLES, folder)
        read = files or models.python_files(where, ['.'])
        for version in versions:
            path = [NEXT] if version == 2 else []
            have = os.path.isdir(os.path.join(NEXT if version == 2 else PACKAGES, 'sqlalchemy'))
            if not have or not os.path.exists(os.path.join(PACKAGES, needs)):
                tap.skip('%s, SQLAlchemy %d' % (case, version), 'not installed: tests/setup.sh test')
                continue
            for dialect in dialects:
                made, want = models.expected(dialect, modules, where, path)
                got = model.declared(dialect, read, where)
                name = '%s, %s, SQLAlchemy %s' % (case, dialect, made['version'])
                problems = list(made['imports_failed'].items()) + list(made['failed'].items())
                tap.check(not problems and not got['unapplied'], name + ': both sides can be made',
                          problems + got['unapplied'])
                n, differences = models.compare(want['tables'], got['tables'], (), dialect)
                if dialect == 'postgresql' and enums_of(want) != enums_of(got):
                    differences.append('enums: %s, ours %s' % (enums_of(want), enums_of(got)))
                tell(tap, name, n, differences, {})


def modules_of(files):
    """Those that make columns or tables, as what they are imported by."""
    found = []
    for path in files:
        with open(os.path.join(PACKAGES, path), encoding='utf-8') as source:
            text = source.read()
        if ('sqlalchemy' in text or 'sql.' in text or 'Model' in text) and ('Column(' in text or 'Table(' in text):
            found.append(path[:-3].replace('/', '.').replace('.__init__', ''))
    return found


def programs(tap, wanted):
    for case, read, modules in PROGRAM_CASES:
        if wanted and case not in wanted:
            continue
        if not os.path.exists(os.path.join(PACKAGES, read[0])):
            tap.skip(case, 'not installed: tests/setup.sh oracles')
            continue
        files = [path for path in read if path.endswith('.py')]
        files += models.python_files(PACKAGES, [path for path in read if not path.endswith('.py')])
        for dialect in ['postgresql', 'mysql']:
            made, want = models.expected(dialect, modules or modules_of(files), PACKAGES)
            got = model.declared(dialect, files, PACKAGES)
            name = '%s, %s' % (case, dialect)
            tap.check(want['tables'] and not made['imports_failed'] and not made['failed'], name + ': SQLAlchemy has it',
                      list(made['imports_failed'].items()) + list(made['failed'].items()))
            tap.check(not got['unapplied'], name + ': our operations can be carried out', got['unapplied'])
            n, differences = models.compare(want['tables'], got['tables'], made['failed'], dialect)
            tell(tap, name, n, differences, KNOWN.get(case, {}))
            tap.check(len(differences) * 100 <= n, '%s: 99 %% of %d tables are equal' % (name, len(want['tables'])))


def main():
    tap = Tap()
    if not os.path.exists(model.models_tool()):
        print('1..0 # SKIP build/<mode>/tests/tools/models is not built')
        return
    if not os.path.isdir(os.path.join(PACKAGES, 'sqlalchemy')):
        print('1..0 # SKIP SQLAlchemy is not installed: tests/setup.sh test')
        return
    samples(tap, sys.argv[1:])
    programs(tap, sys.argv[1:])
    tap.done()


main()
