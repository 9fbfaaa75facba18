"""SQLAlchemy's DDL and our reading of the same models, compared.

Both sides are read by Lintel's SQL side or printed in its form: SQLAlchemy's statements are a schema
file for `lintel schema`, our models are printed by tests/tools/models. So types, defaults and names
compare as the databases' own (which the other oracles check)."""
import json
import os
import re
import subprocess

import model

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.dirname(os.path.dirname(HERE))


def ddl(dialect, modules, folder, pythonpath=()):
    env = dict(os.environ, PYTHONPATH=os.pathsep.join(list(pythonpath) + [folder]), PYTHONDONTWRITEBYTECODE='1')
    done = subprocess.run(['/usr/bin/python3', os.path.join(HERE, 'sqlalchemy_ddl.py'), dialect] + modules, cwd=folder,
                          env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode:
        raise RuntimeError(done.stderr.decode('utf-8', 'replace')[-1500:])
    return json.loads(done.stdout.decode('utf-8'))


def expected(dialect, modules, folder, pythonpath=()):
    made = ddl(dialect, modules, folder, pythonpath)
    return made, model.schema_of_sql(''.join(statement + ';\n\n' for statement in made['statements']), dialect)


def python_files(folder, packages, leave_out=r'/(tests?|migrations?|alembic|migration)/|/(test_|conftest)'):
    found = []
    for package in packages:
        for where, folders, names in os.walk(os.path.join(folder, package)):
            folders.sort()
            for name in sorted(names):
                path = os.path.relpath(os.path.join(where, name), folder)
                if name.endswith('.py') and not re.search(leave_out, '/' + path):
                    found.append(path)
    return found


def plain(text):
    """An expression without what printing may differ in: spaces, parentheses, casts of constants."""
    if text is None:
        return None
    text = re.sub(r'::[a-z ]+(\(\d+\))?', '', str(text))
    text = re.sub(r'\s+|[()]|CURRENT_TIMESTAMP', lambda m: 'now' if m.group(0).isupper() else '', text)
    return text.lower().replace('"', '').replace('`', '').replace('!=', '<>').replace('%%', '%')


def parts(index):
    return [(part.get('name') or plain(part.get('expression')), part.get('order') or 'asc', part.get('opclass')) for part in index['columns']]


def items(table, is_mysql=False):
    """What is compared, one by one: key -> value."""
    result = {('table',): True}
    for column in table['columns']:
        result['column', column['name']] = (
            column['type'], column['nullable'], plain(column['default']), bool(column.get('auto_increment')),
            plain(column.get('generated')) if not isinstance(column.get('generated'), dict) else
            plain(column['generated'].get('expression')), column.get('identity'))
    key = table['primary_key']
    if key:
        result['primary key',] = (key['name'], tuple(key['columns']))
    for unique in table['unique_constraints']:
        result['unique', tuple(unique['columns'])] = unique['name']
    for foreign in table['foreign_keys']:
        target = foreign['references']
        name = re.sub(r'_ibfk_\d+$', '_ibfk', foreign['name'] or '') # MySQL counts as they come
        result['foreign key', tuple(foreign['columns']), target['table']] = (
            name, target['schema'], tuple(target['columns']), foreign['on_delete'], foreign['on_update'],
            foreign['deferrable'])
    for check in table['checks']:
        result['check', plain(check['expression'])] = check['name']
    uniques = [unique['columns'] for unique in table['unique_constraints']]
    for index in table['indexes']:
        if is_mysql and index['unique'] and [part.get('name') for part in index['columns']] in uniques:
            continue # `lintel schema` lists it as both
        result['index', index['name'], tuple(parts(index))] = (
            index['unique'], index['method'], plain(index['where']), tuple(index.get('include') or ()))
    return result


def compare(want, got, failed=(), dialect='postgresql'):
    """(number of items, list of differences) over all tables of both sides."""
    unprintable = {name.split('.')[-1] for name in failed}

    def by_name(tables):
        # SQLite's schemas are files of their own: keys do not cross them, indexes stand in them
        return {(table['schema'], table['name']): table for table in tables if table['name'] not in unprintable
                and not (dialect == 'sqlite' and table['schema'])}

    left, right = by_name(want), by_name(got)
    n, differences = 0, []
    for name in sorted(set(left) | set(right), key=str):
        have = items(left[name], dialect == 'mysql') if name in left else {}
        made = items(right[name], dialect == 'mysql') if name in right else {}
        if not made or not have:
            n += max(len(have), len(made))
            differences.append('%s: %s' % (name[1], 'missing in ours' if not made else 'only in ours'))
            differences += [''] * (len(have or made) - 1)
            continue
        for key in sorted(set(have) | set(made), key=str):
            n += 1
            if have.get(key, '-') != made.get(key, '-'):
                differences.append('%s %s: SQLAlchemy %s, ours %s' % (name[1], ' '.join(map(str, key)),
                                                                    have.get(key, '-'), made.get(key, '-')))
    return n, differences
