"""What Lintel says: its commands, run and read."""
import glob
import json
import os
import subprocess
import tempfile


BUILDS = sorted(glob.glob(os.path.abspath('build/*/lintel')), key=os.path.getmtime)
BINARY = os.environ.get('LINTEL') or (BUILDS[-1] if BUILDS else 'lintel')


class LintelError(Exception):
    """The command did not do its work; its words are the message."""


def run(*arguments, cwd=None, accept=(0,)):
    done = subprocess.run([BINARY] + list(arguments), cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
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


def schema_of_sql(sql, dialect):
    """The model as JSON, of what statements of `dialect` make."""
    with tempfile.TemporaryDirectory(prefix='lintel-sql-') as folder:
        with open(os.path.join(folder, 'schema.sql'), 'w', encoding='utf-8') as file:
            file.write(sql)
        with open(os.path.join(folder, 'lintel.yaml'), 'w', encoding='utf-8') as file:
            file.write('databases:\n  - name: it\n    dialect: %s\n    kind: schema\n    paths: [schema.sql]\n' % dialect)
        return schema(folder, dialect)


def models_tool():
    return os.path.join(os.path.dirname(os.path.abspath(BINARY)), 'tests', 'tools', 'models')


def declared(dialect, files, cwd=None):
    """What model files declare together, as tests/tools/models prints it."""
    done = subprocess.run([models_tool(), '-d', dialect] + files, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    if done.returncode != 0:
        raise LintelError('models: exit %d: %s' % (done.returncode, done.stderr.decode('utf-8', 'replace')[-1500:]))
    return json.loads(done.stdout.decode('utf-8'))


def findings(path):
    return json.loads(run('check', '--format', 'json', '--fail-on', 'never', path))['findings']
