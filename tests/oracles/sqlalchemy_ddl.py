"""What SQLAlchemy makes of models: the DDL of all tables of the modules named, for one dialect.

    python3 sqlalchemy_ddl.py DIALECT MODULE...

Run in a process of its own, with PYTHONPATH saying which SQLAlchemy and where the models are. Prints
JSON: {"version", "statements": [...], "failed": {table: reason}, "imports_failed": {module: reason}}."""
import importlib
import json
import os
import sys
import warnings

warnings.simplefilter('ignore')

import sqlalchemy
import sqlalchemy.orm
from sqlalchemy import MetaData, create_mock_engine

URLS = {'postgresql': 'postgresql://', 'mysql': 'mysql+pymysql://', 'sqlite': 'sqlite://'}


def metadatas(modules):
    """Every MetaData that a module of ours holds, in itself or in a class or table."""
    found = []

    def add(value):
        if isinstance(value, MetaData) and all(value is not other for other in found):
            found.append(value)

    for module in modules:
        for value in list(vars(module).values()):
            if isinstance(value, MetaData):
                add(value)
                continue
            try:
                add(getattr(value, 'metadata', None))
            except Exception:
                pass
    return found


def main():
    dialect, names = sys.argv[1], sys.argv[2:]
    modules, imports_failed = [], {}
    for name in names:
        try:
            modules.append(importlib.import_module(name))
        except BaseException as error:
            imports_failed[name] = '%s: %s' % (type(error).__name__, error)
    try:
        sqlalchemy.orm.configure_mappers()
    except BaseException:
        pass
    statements, failed = [], {}

    def keep(statement, *_args, **_kwargs):
        text = str(statement.compile(dialect=engine.dialect)).strip()
        if text not in statements:
            statements.append(text)

    engine = create_mock_engine(URLS[dialect], keep)
    for metadata in metadatas(modules):
        for table in metadata.sorted_tables:
            before = len(statements)
            try:
                metadata.create_all(engine, tables=[table], checkfirst=False)
            except BaseException as error:
                del statements[before:]
                failed[table.fullname] = '%s: %s' % (type(error).__name__, str(error)[:200])
    json.dump({'version': sqlalchemy.__version__, 'statements': statements, 'failed': failed,
               'imports_failed': imports_failed}, sys.stdout)


main()
