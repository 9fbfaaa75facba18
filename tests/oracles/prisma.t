#!/usr/bin/env python3
"""What we read in Prisma schemas against what Prisma reads, and the tables we say they declare against the SQL
that Prisma Migrate would run. Arguments: names of schemas.

Prisma answers from its own engines, built for the web (prisma/ask.mjs). Those have no Migrate for MySQL and SQL
Server: there only what the program sees is compared."""
import glob
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
import compare
import model
import projects
from tap import Tap

SHOWN = 30  # differences of one schema that are printed
DIALECTS = {'postgres': 'postgresql', 'cockroachdb': 'postgresql'}


def prisma_files(path):
    return [path] if os.path.isfile(path) else sorted(glob.glob(os.path.join(path, '**', '*.prisma'), recursive=True))


def schemas():
    """{name: files}: ours, the sample projects', and the corpus' where it is there."""
    found = {}
    for path in sorted(glob.glob(os.path.join(HERE, 'prisma', 'schemas', '*'))):
        found[os.path.basename(path).replace('.prisma', '')] = prisma_files(path)
    tests = os.path.join(projects.TOP, 'tests')
    for top in (os.path.join(tests, 'projects'), os.path.join(tests, 'fixtures', 'prisma'), projects.CORPUS):
        for path in sorted(glob.glob(os.path.join(top, '**', '*.prisma'), recursive=True)):
            found[os.path.relpath(path, top).replace('/schema.prisma', '').replace('.prisma', '')] = [path]
    return found


def ask(wanted):
    schemas_in = [{'name': name, 'files': [[os.path.basename(path), open(path, encoding='utf-8').read()] for path in files]}
                  for name, files in wanted.items()]
    done = subprocess.run(['node', os.path.join(HERE, 'prisma', 'ask.mjs')], input=json.dumps(schemas_in).encode('utf-8'),
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode('utf-8', 'replace')[-1500:])
    return {answer['name']: answer for answer in json.loads(done.stdout.decode('utf-8'))}


# --- what the program sees: DMMF ---------------------------------------------------------------------

CLIENT_FUNCTIONS = ('uuid', 'cuid', 'nanoid', 'ulid')


def enum_labels(dmmf):
    return {enum['name']: {value['name']: value['dbName'] or value['name'] for value in enum['values']} for enum in dmmf['enums']}


def unquoted(text):
    match = re.fullmatch(r"[eE]?'((?:[^']|'')*)'", text or '')
    return match.group(1).replace("''", "'") if match else text


def constant(value, field, labels):
    """A default of DMMF as the value that the database gets."""
    if field['kind'] == 'enum':
        return labels[field['type']].get(value, value)
    if isinstance(value, bool):
        return 'true' if value else 'false'
    return value


def same_constant(value, said, field, labels):
    value, said = constant(value, field, labels), unquoted(said)
    if field['type'] in ('Int', 'BigInt', 'Float', 'Decimal'):
        return float(value) == float(said)
    if field['type'] == 'Boolean':
        return said in ((value, '1') if value == 'true' else (value, '0'))
    if field['type'] == 'Json':
        return json.loads(value) == json.loads(said)
    if field['type'] == 'DateTime':
        return value[:10] == said[:10]
    if field['type'] == 'Bytes':
        import base64
        return base64.b64decode(value).hex() == re.sub(r"^(\\x|0x|x'?)|'$", '', said)
    return str(value).replace('\\', '\\\\') == said.replace('\\', '\\\\') or str(value).replace('\\', '\\\\') == said


def same_default(field, ours, column, labels):
    """DMMF's default against the client's value of our field and the column's default."""
    wanted = field.get('default')
    said = column.get('default')
    client = (ours['default'] or {}).get('function')
    if wanted is None:
        return said is None and client in (None, 'updatedAt') and not column.get('auto_increment')
    if isinstance(wanted, list):
        text = said or ''
        return text.upper().startswith('ARRAY[') and all(str(constant(item, field, labels)).replace("'", "''") in text for item in wanted)
    if not isinstance(wanted, dict):
        if column.get('is_without_default'):
            return True
        return said is not None and same_constant(wanted, said, field, labels)
    name, arguments = wanted['name'], wanted.get('args') or []
    if name == 'autoincrement':
        return column.get('auto_increment') or said == 'unique_rowid()'
    if name == 'sequence':
        return column.get('identity') == 'by_default'
    if name == 'now':
        return (said or '').upper().startswith('CURRENT_TIMESTAMP')
    if name == 'dbgenerated':
        return said == arguments[0] if arguments and arguments[0] else said is None
    return name in CLIENT_FUNCTIONS and client == name and said is None


class Reading:
    """The differences between DMMF and what we read of one schema."""

    def __init__(self, dmmf, ours, dialect):
        self.dmmf = dmmf
        self.ours = ours
        self.dialect = dialect
        self.labels = enum_labels(dmmf)
        self.models = {one['name']: one for one in ours['models']}
        self.tables = {(table['schema'] or '', table['name']): table for table in ours['tables']}
        self.found = []
        self.n_facts = 0

    def same(self, name, fact, expected, actual):
        self.n_facts += 1
        if expected != actual:
            self.found.append('%s %s: Prisma has %s, we %s' % (name, fact, json.dumps(expected), json.dumps(actual)))

    def run(self):
        self.same('schema', 'models', sorted(one['name'] for one in self.dmmf['models']),
                  sorted(one['name'] for one in self.ours['models'] if not one['ignored']))
        if self.dialect == 'postgresql':
            self.same('schema', 'enums', sorted((enum['dbName'] or enum['name'], list(self.labels[enum['name']].values())) for enum in self.dmmf['enums']),
                      sorted((enum['name'], enum['values']) for enum in self.ours['enums']))
        for wanted in self.dmmf['models']:
            if wanted['name'] in self.models:
                self.model(wanted, self.models[wanted['name']])
        return self.found

    def table_of(self, one):
        default = {'postgresql': 'public', 'sqlserver': 'dbo'}.get(self.dialect, '')
        return self.tables.get((one['schema'] or default, one['table']))

    def model(self, wanted, ours):
        name = wanted['name']
        self.same(name, 'table', wanted['dbName'] or name, ours['table'])
        self.same(name, 'schema', wanted.get('schema'), ours['schema'])
        visible = [field for field in ours['fields'] if not field['ignored'] and not field['type'].startswith('Unsupported')]
        scalars = [field for field in wanted['fields'] if field['kind'] != 'object']
        self.same(name, 'fields', [field['name'] for field in scalars], [field['name'] for field in visible])
        table = self.table_of(ours)
        columns = {column['name']: column for column in (table or {'columns': []})['columns']}
        by_name = {field['name']: field for field in visible}
        for field in scalars:
            if field['name'] in by_name:
                self.field(name, field, by_name[field['name']], columns, ours['view'])
        self.relations(wanted, ours)
        if not ours['view']:
            self.keys(wanted, ours, table)

    def field(self, model_name, wanted, ours, columns, is_view):
        name = '%s.%s' % (model_name, wanted['name'])
        self.same(name, 'column', wanted.get('dbName') or wanted['name'], ours['column'])
        self.same(name, 'type', wanted['type'], ours['type'])
        self.same(name, 'is a list', wanted['isList'], ours['list'])
        self.same(name, 'is required', wanted['isRequired'], not ours['optional'])
        self.same(name, 'is updated', wanted['isUpdatedAt'], (ours['on_update'] or {}).get('function') == 'updatedAt')
        if is_view:
            return
        column = columns.get(ours['column'])
        self.same(name, 'has a column', True, column is not None)
        if not column:
            return
        no_constants = self.dialect == 'mysql' and column['type'] in ('json', 'blob', 'longblob')
        counts = self.dialect == 'sqlite' and wanted['isId'] and not wanted['hasDefaultValue']  # SQLite's integer keys always do
        self.same(name, 'default', True,
                  bool(same_default(wanted, ours, dict(column, is_without_default=no_constants, auto_increment=column['auto_increment'] and not counts), self.labels)) or
                  [wanted.get('default'), column['default'], ours['default']])
        if not wanted['isList']:
            self.same(name, 'column is nullable', not wanted['isRequired'], column['nullable'])

    def relations(self, wanted, ours):
        objects = [field for field in wanted['fields'] if field['kind'] == 'object']
        visible = [one for one in ours['relations'] if not self.is_ignored(one['target'])]
        self.same(wanted['name'], 'relations', [field['name'] for field in objects], [one['name'] for one in visible])
        by_name = {one['name']: one for one in visible}
        actions = {'NoAction': 'NO ACTION', 'SetNull': 'SET NULL', 'SetDefault': 'SET DEFAULT', 'Cascade': 'CASCADE', 'Restrict': 'RESTRICT'}
        for field in objects:
            one = by_name.get(field['name'])
            if not one:
                continue
            name = '%s.%s' % (wanted['name'], field['name'])
            self.same(name, 'target', field['type'], one['target'])
            self.same(name, 'is a list', field['isList'], one['list'])
            self.same(name, 'is required', field['isRequired'], not one['optional'])
            self.same(name, 'relation', field['relationName'],
                      one['relation_name'] or 'To'.join(sorted([wanted['name'], field['type']])))
            self.same(name, 'fields', field['relationFromFields'], one['fields'])
            self.same(name, 'references', field['relationToFields'], one['references'])
            self.same(name, 'on delete', actions.get(field.get('relationOnDelete')), one['on_delete'])
            self.same(name, 'on update', actions.get(field.get('relationOnUpdate')), one['on_update'])
            others = [other['name'] for other_model in self.dmmf['models'] if other_model['name'] == field['type']
                      for other in other_model['fields'] if other.get('relationName') == field['relationName']]
            if field['type'] == wanted['name']:
                others.remove(field['name'])
            self.same(name, 'inverse', others[0] if others else None, one['inverse'])

    def is_ignored(self, model_name):
        return model_name in self.models and self.models[model_name]['ignored']

    def keys(self, wanted, ours, table):
        """Prisma lists @id, @unique, @@index … alike; each against the table's key or index of that name or columns."""
        if not table:
            self.same(wanted['name'], 'has a table', True, False)
            return
        column_of = {field['name']: field['column'] for field in ours['fields']}
        said = []
        if table['primary_key']:
            said.append(('id', table['primary_key']['columns'], table['primary_key']['name'], None, []))
        for unique in table['unique_constraints']:
            said.append(('unique', unique['columns'], unique['name'], None, []))
        for index in table['indexes']:
            kind = 'unique' if index['unique'] else 'fulltext' if index['fulltext'] else 'normal'
            said.append((kind, [part['name'] for part in index['columns']], index['name'], index['method'],
                         [(part['order'] == 'desc', part['length'], part['opclass']) for part in index['columns']]))
        if self.dialect == 'mysql':  # an index that MySQL makes for a foreign key is nobody's
            said = [one for one in said if not one[2] or not one[2].endswith('_fkey')]
        listed = [index for index in self.dmmf['indexes'] if index['model'] == wanted['name']]
        hidden = self.hidden_columns(ours)
        self.same(wanted['name'], 'keys and indexes',
                  sorted((index['type'], [column_of.get(field['name']) for field in index['fields']]) for index in listed),
                  sorted((kind, columns) for kind, columns, _, _, _ in said if not hidden & set(columns)))
        for index in listed:
            columns = [column_of.get(field['name']) for field in index['fields']]
            same = [one for one in said if one[0] == index['type'] and one[1] == columns and index.get('dbName') in (None, one[2])]
            name = '%s %s(%s)' % (wanted['name'], index['type'], ', '.join(str(column) for column in columns))
            is_named = index['type'] != 'id' or self.dialect in ('postgresql', 'sqlserver')
            if is_named:
                self.same(name, 'name is there', True, bool(same))
            if index.get('algorithm') and same:
                self.same(name, 'method', index['algorithm'].lower(), same[0][3])
            if same and same[0][4]:
                self.same(name, 'parts', [(field.get('sortOrder') == 'desc', field.get('length') or 0) for field in index['fields']],
                          [part[:2] for part in same[0][4]])

    def hidden_columns(self, ours):
        """DMMF does not show keys over what the client does not see."""
        return {field['column'] for field in ours['fields'] if field['ignored'] or field['type'].startswith('Unsupported')}


# --- what the database gets: the SQL of Migrate --------------------------------------------------------

def table_differences(wanted, said, dialect):
    for one in (wanted, said):
        one['dialect'] = dialect
        one['functions'] = one['extensions'] = None
    return [difference for difference in compare.differences(wanted, said) if not difference[0].startswith('enum ') or dialect == 'postgresql']


def main():
    tap = Tap()
    wanted = {name: files for name, files in schemas().items() if not sys.argv[1:] or name in sys.argv[1:]}
    answers = ask(wanted)
    for name, files in wanted.items():
        answer = answers[name]
        if 'error' in answer:
            tap.check(False, '%s: Prisma takes it' % name, answer['error'].splitlines())
            continue
        dialect = DIALECTS.get(answer['provider'], answer['provider'])
        said = model.declared(dialect, files)
        tap.check(not said['unapplied'], '%s: what it declares can be made' % name, said['unapplied'][:SHOWN])
        reading = Reading(answer['dmmf'], said, dialect)
        found = reading.run()
        tap.check(not found, '%s: %d models, %d facts as Prisma reads them' % (name, len(answer['dmmf']['models']), reading.n_facts), found[:SHOWN])
        if answer['sql'] is None:
            continue
        differences = table_differences(model.schema_of_sql(answer['sql'], dialect), said, dialect)
        tap.check(not differences, '%s: %d tables as Prisma Migrate makes them' % (name, len(said['tables'])),
                  [compare.show(difference).replace('the database has', 'Migrate has').replace('the model', 'we') for difference in differences[:SHOWN]])
    if not os.path.isdir(projects.CORPUS):
        tap.skip('the corpus', 'it is not here')
    tap.done()


main()
