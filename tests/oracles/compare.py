"""Compares the model with a database's catalog, fact by fact.

Both come in the form of `lintel schema --format json`. A difference is (object, fact, catalog's value,
model's value). Expressions are compared loosely here, since a database prints its own parse of them; the
round trip (round_trip.t) compares them exactly."""
import fnmatch
import json
import os
import re

HERE = os.path.dirname(os.path.abspath(__file__))
ABSENT = '(absent)'


# --- expressions -----------------------------------------------------------------------------------

TOKEN = re.compile(r"""
    (?P<string>[eE]?'(?:[^'\\]|''|\\.)*') | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`) | (?P<number>\d+(?:\.\d*)?|\.\d+)
  | (?P<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*) | (?P<cast>::) | (?P<operator>[-+*/<>=~!@\#%^&|?]+) | (?P<other>[^\s])
""", re.X)
TYPE_WORDS = {'varying', 'precision', 'without', 'with', 'time', 'zone'}
SAME_OPERATOR = {'!=': '<>', 'like': '~~', 'ilike': '~~*'}


def loose(text):
    """An expression without what a database adds to or takes from it: casts, parentheses, qualifiers,
    quotes of names, case, white space, and the few forms that PostgreSQL rewrites."""
    if text is None:
        return None
    tokens = [(match.lastgroup, match.group()) for match in TOKEN.finditer(str(text))]
    result = []
    i = 0
    while i < len(tokens):
        kind, value = tokens[i]
        lower = value.lower()
        following = tokens[i + 1][1].lower() if i + 1 < len(tokens) else ''
        if kind == 'cast':
            i = skip_type(tokens, i + 1)
            continue
        if lower == 'cast' and following == '(':
            # CAST(x AS type): drop the word; its AS and type go where they are met
            depth, j = 0, i + 1
            while j < len(tokens):
                depth += {'(': 1, ')': -1}.get(tokens[j][1], 0)
                if depth == 0:
                    break
                if depth == 1 and tokens[j][1].lower() == 'as':
                    end = skip_type(tokens, j + 1)
                    del tokens[j:end]
                    break
                j += 1
            i += 1
            continue
        if kind == 'quoted':
            kind, value = 'word', value[1:-1].replace(value[0] * 2, value[0])
            lower = value
        if kind == 'word' and following == '.' and i + 2 < len(tokens):
            i += 2
            continue
        if kind == 'word' and lower in ('interval', 'date', 'timestamp', 'timestamptz', 'time') and following.startswith("'"):
            i += 1
            continue
        if kind == 'string':
            inner = value[value.index("'") + 1:-1]
            result.append(inner if re.fullmatch(r'-?\d+(\.\d+)?', inner) else "'" + inner.replace("''", "'") + "'")
        elif value in '()':
            pass
        else:
            result.append(SAME_OPERATOR.get(lower, lower))
        i += 1
    flat = ' '.join(result)
    flat = re.sub(r'not ~~', '!~~', flat)
    flat = re.sub(r'= any array \[ (.*?) \]', r'in \1', flat)
    flat = re.sub(r'<> all array \[ (.*?) \]', r'not in \1', flat)
    flat = re.sub(r'(\S+) not in (\S+)', r'\1 <> \2', flat) if ',' not in flat else flat
    flat = re.sub(r'(\S+) between (\S+) and (\S+)', r'\1 >= \2 and \1 <= \3', flat)
    flat = re.sub(r'(\S+) at time zone (\S+)', r'timezone \2 , \1', flat)
    flat = re.sub(r"(nextval ')[^'.]+\.", r'\1', flat)  # printed by the search path of whoever asks
    flat = flat.replace("nextval 'public.", "nextval '")
    flat = re.sub(r'\b(current_timestamp|localtimestamp)\b', 'now', flat)
    return flat.replace('- ', '-')


def skip_type(tokens, i):
    """The index after a type name that starts at `i`."""
    i += 1
    while i + 1 < len(tokens) and tokens[i][1] == '.':
        i += 2
    while i < len(tokens):
        value = tokens[i][1].lower()
        if value in TYPE_WORDS:
            i += 1
        elif value == '(' and i + 1 < len(tokens) and tokens[i + 1][0] == 'number':
            while tokens[i][1] != ')':
                i += 1
            i += 1
        elif value == '[':
            while tokens[i][1] != ']':
                i += 1
            i += 1
        else:
            break
    return i


# --- one side to comparable facts -------------------------------------------------------------------

def word(value):
    return None if value is None else str(value).lower().replace(' ', '_')


def default_of(column, dialect):
    value = column.get('default')
    if column.get('auto_increment') and value and str(value).lower().startswith('nextval('):
        return None
    if value is not None and str(value).lower() == 'null':
        return None
    value = loose(value)
    if dialect == 'postgresql' and column.get('type') == 'boolean':
        value = {'0': 'false', '1': 'true'}.get(value, value)
    if dialect == 'mysql' and value:
        value = value.replace('now', 'current_timestamp')
        value = {'true': '1', 'false': '0'}.get(value, value)
    return value


def index_columns(index):
    parts = []
    for part in index.get('columns') or []:
        order = part.get('order') or 'asc'
        nulls = part.get('nulls') or ('first' if order == 'desc' else 'last')
        name = part.get('name') or loose(part.get('expression'))
        if part.get('opclass'):
            name += ' ' + part['opclass'].split('.')[-1]
        if index.get('method') in (None, 'btree') and order == 'desc':
            name += ' desc'
        if index.get('method') == 'btree' and (nulls == 'first') != (order == 'desc'):
            name += ' nulls ' + nulls
        parts.append(name)
    return parts


def table_key(table, dialect):
    name = table['name']
    if dialect == 'postgresql':
        return '%s.%s' % (table.get('schema') or 'public', name)
    return name.lower() if dialect == 'sqlite' else name


def facts_of_table(table, dialect):
    """{fact name: value}; a value of None is the same as no fact."""
    facts = {'kind': table.get('kind')}
    is_view = table.get('kind') in ('view', 'materialized_view')
    facts['columns'] = [column['name'] for column in table.get('columns') or []]
    for column in table.get('columns') or []:
        prefix = 'column %s ' % column['name']
        facts[prefix + 'type'] = column.get('type')
        if is_view:
            continue
        facts[prefix + 'nullable'] = column.get('nullable')
        facts[prefix + 'default'] = default_of(column, dialect)
        facts[prefix + 'identity'] = word(column.get('identity'))
        facts[prefix + 'generated'] = bool(column.get('generated'))
        facts[prefix + 'auto_increment'] = bool(column.get('auto_increment'))
        facts[prefix + 'comment'] = column.get('comment') or None
    if is_view and table.get('kind') == 'view':
        return facts
    has_key_names = dialect == 'postgresql'
    key = table.get('primary_key')
    facts['primary key'] = [key['name'] if has_key_names else None, key['columns']] if key else None
    key_names = {key['name']} if key else set()
    for i, unique in enumerate(sorted(table.get('unique_constraints') or [], key=lambda u: (u['name'] or '', u['columns']))):
        key_names.add(unique['name'])
        if dialect == 'mysql':
            continue  # in MySQL a unique constraint is its index
        facts['unique %s' % (unique['name'] if has_key_names else ','.join(unique['columns']))] = unique['columns']
    for index in table.get('indexes') or []:
        if index['name'] in key_names and dialect != 'mysql' or index['name'] == 'PRIMARY':
            continue
        if dialect == 'sqlite' and str(index['name']).startswith('sqlite_autoindex'):
            continue
        prefix = 'index %s ' % index['name']
        facts[prefix + 'columns'] = index_columns(index)
        facts[prefix + 'unique'] = bool(index.get('unique'))
        if dialect == 'postgresql':
            facts[prefix + 'method'] = index.get('method') or 'btree'
        facts[prefix + 'include'] = index.get('include') or []
        facts[prefix + 'where'] = loose(index.get('where'))
    for key in table.get('foreign_keys') or []:
        name = key['name'] if dialect != 'sqlite' else ','.join(key['columns']) + ' to ' + key['references']['table'].lower()
        references = key['references']
        facts['foreign key %s' % name] = {
            'columns': key['columns'],
            'references': (references['schema'] or 'public') + '.' + references['table'] if dialect == 'postgresql' else references['table'].lower(),
            'referenced columns': references['columns'],
            # MySQL's two words for the same thing
            'on delete': (word(key.get('on_delete')) or 'no_action').replace('restrict', 'no_action' if dialect == 'mysql' else 'restrict'),
            'on update': (word(key.get('on_update')) or 'no_action').replace('restrict', 'no_action' if dialect == 'mysql' else 'restrict'),
            'deferrable': bool(key.get('deferrable')) if dialect == 'postgresql' else None,
            'validated': key.get('validated') is not False,
        }
    if table.get('checks') is not None:
        for check in table['checks']:
            name = check['name'] if dialect == 'postgresql' else loose(check['expression'])
            facts['check %s' % name] = loose(check['expression'])
    if dialect == 'postgresql':
        by = table.get('partition_by')
        facts['partition by'] = loose(by if not isinstance(by, dict) else '%s (%s)' % (by.get('strategy'), by.get('columns')))
        of = table.get('partition_of')
        facts['partition of'] = (of if not isinstance(of, dict) else '%s.%s' % (of['schema'], of['name'])) if of else None
        if facts['partition of'] and '.' not in facts['partition of']:
            facts['partition of'] = 'public.' + facts['partition of']
        facts['row security'] = bool(table.get('row_security'))
        for policy in table.get('policies') or []:
            facts['policy %s' % policy['name']] = {
                'command': word(policy.get('command')) or 'all',
                'permissive': policy.get('permissive') is not False,
                'roles': sorted(role for role in policy.get('roles') or [] if role != 'public'),
                'using': loose(policy.get('using')), 'with check': loose(policy.get('with_check'))}
    if not is_view:
        facts['comment'] = table.get('comment') or None
    return facts


def facts_of_database(database):
    dialect = database['dialect']
    objects = {'table ' + table_key(table, dialect): facts_of_table(table, dialect) for table in database.get('tables') or []}
    for enum in database.get('enums') or []:
        objects['enum %s.%s' % (enum.get('schema') or 'public', enum['name'])] = {'values': enum['values']}
    if dialect == 'postgresql' and database.get('extensions') is not None:
        for extension in database['extensions']:
            objects['extension ' + (extension if isinstance(extension, str) else extension['name'])] = {}
    functions = database.get('functions')
    if functions is not None:
        for function in functions:
            objects['function %s.%s' % (function.get('schema') or 'public', function['name'])] = {}
    return objects


def without_default_opclasses(model, catalog):
    """The model, with operator classes that were written out, and are the default anyway, left out as the catalog does."""
    defaults = {(table['schema'], index['name'], i): part.get('default_opclass')
                for table in catalog['tables'] for index in table['indexes'] or [] for i, part in enumerate(index['columns'] or [])}
    for table in model.get('tables') or []:
        for index in table.get('indexes') or []:
            for i, part in enumerate(index.get('columns') or []):
                if part.get('opclass') and part['opclass'].split('.')[-1] == defaults.get((table.get('schema'), index['name'], i)):
                    part['opclass'] = None
    return model


def differences(catalog, model, ignore=()):
    """[(object, fact, in the catalog, in the model)]; objects in `ignore` are not compared."""
    expected, actual = facts_of_database(catalog), facts_of_database(without_default_opclasses(model, catalog))
    if catalog.get('functions') is None:
        actual = {name: facts for name, facts in actual.items() if not name.startswith('function ')}
    if catalog['dialect'] != 'postgresql':
        actual = {name: facts for name, facts in actual.items() if name.startswith('table ')}
    found = []
    for name in sorted(set(expected) | set(actual)):
        if name in ignore or name == 'extension plpgsql':  # always there, whether or not a dump says so
            continue
        if name not in actual:
            found.append((name, '', 'there', ABSENT))
        elif name not in expected:
            found.append((name, '', ABSENT, 'there'))
        else:
            found += [(name,) + difference for difference in fact_differences(expected[name], actual[name], catalog['dialect'] != 'sqlite')]
    return found


def fact_differences(expected, actual, knows_checks):
    is_view = expected.get('kind') in ('view', 'materialized_view')
    for fact in sorted(set(expected) | set(actual)):
        one, other = expected.get(fact), actual.get(fact)
        if one == other:
            continue
        if is_view and fact.endswith(' type') and other in (None, '', 'unknown'):
            continue  # the model does not claim to know
        if fact.startswith('check ') and not knows_checks:
            continue
        if fact.startswith('index ') and fact.endswith(' columns') and one and other and len(one) == len(other) and \
                all(a == b or a == '?' for a, b in zip(one, other)):
            continue
        yield fact, ABSENT if fact not in expected else one, ABSENT if fact not in actual else other


# --- known differences ------------------------------------------------------------------------------

class Known:
    """A known.tsv: PROJECT, a pattern for each of the first parts of a difference (OBJECT, FACT), REASON. Patterns are
    the shell's. Each line must be of use."""

    def __init__(self, path=os.path.join(HERE, 'known.tsv'), n_patterns=2):
        self.lines = []
        if os.path.exists(path):
            with open(path, encoding='utf-8') as file:
                for line in file:
                    if line.strip() and not line.startswith('#'):
                        project, *patterns, reason = line.rstrip('\n').split('\t')
                        assert len(patterns) == n_patterns, line
                        self.lines.append([project, patterns, reason, 0])

    def split(self, project, found):
        """(explained, unexplained) of `found`."""
        explained, unexplained = [], []
        for difference in found:
            for line in self.lines:
                if fnmatch.fnmatchcase(project, line[0]) and all(map(fnmatch.fnmatchcase, difference, line[1])):
                    line[3] += 1
                    explained.append(difference + (line[2],))
                    break
            else:
                unexplained.append(difference)
        return explained, unexplained

    def check_use(self, tap, projects, what):
        """One test: every line about `projects`, which were compared, has explained something."""
        unused = [line for line in self.lines if line[3] == 0 and any(fnmatch.fnmatchcase(name, line[0]) for name in projects)]
        tap.check(not unused, 'every known difference of these %s is still one' % what,
                  ['\t'.join([line[0], *line[1]]) for line in unused])


def show(difference):
    name, fact, expected, actual = difference[:4]
    return '%s%s: the database has %s, the model %s' % (
        name, ' ' + fact if fact else '', json.dumps(expected, ensure_ascii=False), json.dumps(actual, ensure_ascii=False))
