#!/usr/bin/env python3
"""The comparison itself: what it takes for equal, what it must not, and that it sees each kind of difference."""
import copy
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import compare
from tap import Tap

SAME = [
    ("'new'::text", "'new'"),
    ("'a'::character varying(20)", "'a'"),
    ("(total >= (0)::numeric)", "total >= 0"),
    ("((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))", "status IN ('a', 'b')"),
    ("((name)::text ~~ 'x%'::text)", "name LIKE 'x%'"),
    ("'-1'::integer", "-1"),
    ("CURRENT_TIMESTAMP", "now()"),
    ("(deleted_at IS NULL)", '"public"."orders"."deleted_at" is null'),
    ("lower((email)::text)", "LOWER(email)"),
    ("CAST(a AS double precision) + 1", "a::float8 + 1"),
    ("'1 day'::interval", "INTERVAL '1 day'"),
    ("ARRAY[]::text[]", "ARRAY[]::TEXT[]"),
    ("timezone('utc'::text, now())", "now() at time zone 'utc'"),
    ("((a >= 1) AND (a <= 5))", "a BETWEEN 1 AND 5"),
    ("'it''s'", "E'it''s'"),
]
DIFFERENT = [
    ("'a'", "'b'"), ("a > 1", "a >= 1"), ("a IS NULL", "a IS NOT NULL"), ("now()", "clock_timestamp()"), ("lower(a)", "upper(a)"),
    ("status IN ('a', 'b')", "status IN ('a')"), ("0", "NULL"), ("'1'", "'1 '"), ("a AND b", "a OR b"),
]

CATALOG = {'dialect': 'postgresql', 'extensions': ['plpgsql', 'citext'], 'functions': [{'schema': 'public', 'name': 'f'}],
           'enums': [{'schema': 'public', 'name': 'mood', 'values': ['sad', 'ok']}], 'tables': [{
    'schema': 'public', 'name': 'orders', 'kind': 'table', 'comment': 'all orders',
    'columns': [
        {'name': 'id', 'type': 'bigint', 'nullable': False, 'default': None, 'identity': 'always', 'generated': None, 'auto_increment': False, 'comment': None},
        {'name': 'total', 'type': 'numeric(10,2)', 'nullable': True, 'default': "'0'::numeric", 'identity': None, 'generated': None, 'auto_increment': False, 'comment': None}],
    'primary_key': {'name': 'orders_pkey', 'columns': ['id']}, 'unique_constraints': [{'name': 'orders_total_key', 'columns': ['total']}],
    'indexes': [{'name': 'orders_total_idx', 'unique': False, 'method': 'btree', 'include': [], 'where': '(total > 0)',
                 'columns': [{'name': 'total', 'expression': None, 'order': 'desc', 'nulls': 'first', 'opclass': None}]}],
    'foreign_keys': [{'name': 'orders_id_fkey', 'columns': ['id'], 'references': {'schema': 'public', 'table': 'other', 'columns': ['id']},
                      'on_delete': 'cascade', 'on_update': 'no_action', 'deferrable': False, 'validated': True}],
    'checks': [{'name': 'orders_total_check', 'expression': '(total >= (0)::numeric)'}], 'partition_by': None, 'partition_of': None,
    'row_security': True, 'policies': [{'name': 'own', 'command': 'select', 'permissive': True, 'roles': ['anon'], 'using': 'true', 'with_check': None}]}]}


def change(path, value):
    """A copy of the catalog with the thing at `path` set to `value`."""
    result = copy.deepcopy(CATALOG)
    part = result
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    return result


TABLE = ['tables', 0]
CHANGES = [
    (['tables'], []), (TABLE + ['comment'], None), (TABLE + ['columns', 0, 'type'], 'integer'), (TABLE + ['columns', 0, 'identity'], None),
    (TABLE + ['columns', 1, 'nullable'], False), (TABLE + ['columns', 1, 'default'], None), (TABLE + ['columns', 1, 'name'], 'sum'),
    (TABLE + ['columns', 1, 'generated'], 'id + 1'), (TABLE + ['primary_key'], None), (TABLE + ['primary_key', 'name'], 'pk'),
    (TABLE + ['unique_constraints'], []), (TABLE + ['indexes'], []), (TABLE + ['indexes', 0, 'unique'], True), (TABLE + ['indexes', 0, 'where'], None),
    (TABLE + ['indexes', 0, 'columns', 0, 'order'], 'asc'), (TABLE + ['indexes', 0, 'columns', 0, 'nulls'], 'last'),
    (TABLE + ['indexes', 0, 'columns', 0, 'opclass'], 'text_pattern_ops'), (TABLE + ['foreign_keys', 0, 'on_delete'], 'set_null'),
    (TABLE + ['foreign_keys', 0, 'references', 'table'], 'others'), (TABLE + ['foreign_keys', 0, 'validated'], False), (TABLE + ['checks'], []),
    (TABLE + ['checks', 0, 'expression'], 'total > 0'), (TABLE + ['row_security'], False), (TABLE + ['policies'], []),
    (TABLE + ['policies', 0, 'roles'], []), (TABLE + ['policies', 0, 'using'], 'false'), (TABLE + ['partition_by'], 'RANGE (id)'),
    (['enums', 0, 'values'], ['ok', 'sad']), (['extensions'], ['plpgsql']), (['functions'], []),
]
EQUAL_CHANGES = [
    (TABLE + ['columns', 1, 'default'], '0'), (TABLE + ['checks', 0, 'expression'], 'total >= 0'), (TABLE + ['indexes', 0, 'where'], 'orders.total > 0'),
    (['extensions'], [{'name': 'citext'}]), (TABLE + ['foreign_keys', 0, 'on_update'], None), (TABLE + ['foreign_keys', 0, 'on_delete'], 'CASCADE'),
]

tap = Tap()
for one, other in SAME:
    tap.check(compare.loose(one) == compare.loose(other), '%s is %s' % (one, other), [compare.loose(one), compare.loose(other)])
for one, other in DIFFERENT:
    tap.check(compare.loose(one) != compare.loose(other), '%s is not %s' % (one, other))
tap.check(not compare.differences(CATALOG, CATALOG), 'nothing differs from itself')
for path, value in CHANGES:
    found = compare.differences(CATALOG, change(path, value))
    tap.check(len(found) >= 1, 'seen: %s = %r' % ('.'.join(map(str, path)), value))
for path, value in EQUAL_CHANGES:
    found = compare.differences(CATALOG, change(path, value))
    tap.check(not found, 'no difference: %s = %r' % ('.'.join(map(str, path)), value), map(compare.show, found))
tap.done()
