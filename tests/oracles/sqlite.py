"""SQLite, by its command line: a database in a file of a temporary folder."""
import json
import os
import shutil
import subprocess
import tempfile


class DatabaseError(Exception):
    """The database refused something; its words are the message."""


class Database:
    def __init__(self):
        if not shutil.which('sqlite3'):
            raise DatabaseError('no sqlite3: run tests/setup.sh test')

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix='lintel-lite-')
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, database):
        return os.path.join(self.folder, database + '.db')

    def _run(self, database, arguments, text):
        done = subprocess.run(['sqlite3', '-batch', '-bail'] + arguments + [self._path(database)], input=text,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0 or done.stderr:
            raise DatabaseError(done.stderr.strip())
        return done.stdout

    def create(self, database):
        if os.path.exists(self._path(database)):
            os.remove(self._path(database))

    def run(self, database, sql):
        return self._run(database, [], sql)

    def run_files(self, database, paths):
        for path in paths:
            with open(path, encoding='utf-8') as file:
                try:
                    self._run(database, [], file.read())
                except DatabaseError as error:
                    raise DatabaseError('%s: %s' % (path, error)) from None

    def _rows(self, database, sql):
        return json.loads(self._run(database, ['-json'], sql) or '[]')

    def catalog(self, database):
        tables = {}
        for row in self._rows(database, "SELECT name, type, sql FROM sqlite_schema WHERE type IN ('table', 'view')"
                                        " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"):
            sql = (row['sql'] or '').upper()
            if sql.startswith('CREATE VIRTUAL'):
                continue
            tables[row['name']] = dict(schema=None, name=row['name'], kind=row['type'], comment=None, columns=[], primary_key=None,
                                       unique_constraints=[], indexes=[], foreign_keys=[], checks=None, partition_by=None,
                                       partition_of=None, row_security=False, policies=[], sql=sql)
        for row in self._rows(database, 'SELECT m.name AS "table", x.* FROM sqlite_schema m, pragma_table_xinfo(m.name) x'
                                        " WHERE m.type IN ('table', 'view') ORDER BY m.name, x.cid"):
            table = tables.get(row['table'])
            if not table:
                continue
            table['columns'].append(dict(
                name=row['name'], type=row['type'], nullable=not row['notnull'],
                default=row['dflt_value'] if row['hidden'] == 0 else None, identity=None,
                generated='?' if row['hidden'] in (2, 3) else None, comment=None,
                auto_increment='AUTOINCREMENT' in table['sql'] and row['pk'] == 1))
            if row['pk']:
                key = table['primary_key'] or {'name': None, 'columns': {}}
                key['columns'][row['pk']] = row['name']
                table['primary_key'] = key
        for table in tables.values():
            del table['sql']
            if table['primary_key']:
                columns = table['primary_key']['columns']
                for column in table['columns']:
                    # The row's own number is never NULL, though the pragma does not say so.
                    if list(columns.values()) == [column['name']] and column['type'].upper() == 'INTEGER':
                        column['nullable'] = False
                table['primary_key']['columns'] = [columns[i] for i in sorted(columns)]
        indexes = {}
        for row in self._rows(database, 'SELECT m.name AS "table", l.name AS "index", l."unique", l.origin, l.partial, s.sql,'
                                        ' x.seqno, x.name AS "column", x.cid, x."desc"'
                                        ' FROM sqlite_schema m, pragma_index_list(m.name) l LEFT JOIN sqlite_schema s ON s.name = l.name,'
                                        " pragma_index_xinfo(l.name) x WHERE m.type = 'table' AND x.key ORDER BY m.name, l.name, x.seqno"):
            index = indexes.setdefault((row['table'], row['index']), dict(row, keys=[]))
            index['keys'].append(row)
        for (table, name), index in indexes.items():
            if table not in tables or index['origin'] == 'pk':
                continue
            if index['origin'] == 'u':
                tables[table]['unique_constraints'].append({'name': None, 'columns': [key['column'] for key in index['keys']]})
                continue
            where = None
            if index['partial']:
                at = index['sql'].upper().rindex('WHERE')
                where = index['sql'][at + 5:].strip()
            tables[table]['indexes'].append(dict(
                name=name, unique=bool(index['unique']), method=None, include=[], where=where,
                columns=[dict(name=key['column'], expression='?' if key['cid'] == -2 else None,
                              order='desc' if key['desc'] else 'asc', nulls=None, opclass=None) for key in index['keys']]))
        keys = {}
        for row in self._rows(database, 'SELECT m.name AS "owner", f.* FROM sqlite_schema m, pragma_foreign_key_list(m.name) f'
                                        " WHERE m.type = 'table' ORDER BY m.name, f.id, f.seq"):
            key = keys.setdefault((row['owner'], row['id']), dict(
                name=None, columns=[], references=dict(schema=None, table=row['table'], columns=[]),
                on_delete=row['on_delete'].lower().replace(' ', '_'), on_update=row['on_update'].lower().replace(' ', '_'),
                deferrable=None, validated=True))
            key['columns'].append(row['from'])
            if row['to'] is not None:
                key['references']['columns'].append(row['to'])
        for (owner, _), key in keys.items():
            target = tables.get(key['references']['table'])
            if not key['references']['columns'] and target and target['primary_key']:
                key['references']['columns'] = target['primary_key']['columns']
            if owner in tables:
                tables[owner]['foreign_keys'].append(key)
        return {'dialect': 'sqlite', 'tables': list(tables.values()), 'enums': [], 'functions': None, 'extensions': []}
