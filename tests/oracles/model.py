"""What Lintel says: its commands, run and read."""
import glob
import json
import os
import subprocess


BUILDS = sorted(glob.glob(os.path.abspath('build/*/lintel')), key=os.path.getmtime)
BINARY = os.environ.get('LINTEL') or (BUILDS[-1] if BUILDS else 'lintel')


class LintelError(Exception):
    """The command did not do its work; its words are the message."""


def binary():
    return BINARY


def run(*arguments, cwd=None, accept=(0,)):
    done = subprocess.run([binary()] + list(arguments), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode not in accept:
        raise LintelError('lintel %s: exit %d: %s' % (' '.join(arguments), done.returncode,
                                                    done.stderr.decode('utf-8', 'replace').strip()[-2000:]))
    return done.stdout.decode('utf-8')


def pick(databases, dialect):
    """The one database that was meant: the one of that dialect with the most tables."""
    fitting = [database for database in databases if database['dialect'] == dialect] or databases
    if not fitting:
        raise LintelError('no database was found')
    return max(fitting, key=lambda database: len(database.get('tables') or []))


def schema(path, dialect):
    """The model as JSON, of the database of `dialect` that `path` holds."""
    return pick(json.loads(run('schema', '--format', 'json', path))['databases'], dialect)


def schema_sql(path):
    return run('schema', '--format', 'sql', path)


def consult(path):
    return json.loads(run('consult', '--provider', 'offline', '--format', 'json', path))


def findings(path):
    return json.loads(run('check', '--format', 'json', '--fail-on', 'never', path))['findings']
