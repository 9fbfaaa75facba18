"""Alembic's revisions run by Alembic itself, on a private PostgreSQL.

A Tree is a folder of revisions and how real Alembic is brought to run it: by its own environment (Flask-Migrate), or,
for the packages of Debian, by one of ours, because theirs want a configured service. `offline` ones are printed as SQL
(`upgrade --sql`) and run by psql; others look into the database while they run, and get a connection."""
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
TOP = os.path.abspath(os.path.join(HERE, '..', '..'))
# Debian's, which has Alembic; another Python on the path has not.
PYTHON = '/usr/bin/python3' if os.path.exists('/usr/bin/python3') else sys.executable
PACKAGES = [folder for folder in (os.environ.get('LINTEL_PYTHON_PACKAGES'), '/usr/lib/python3/dist-packages') if folder]

ENVIRONMENT = '''
import os
import sqlalchemy.orm
from alembic import context

if context.is_offline_mode():
    context.configure(dialect_name='postgresql', literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()
else:
    with sqlalchemy.create_engine(os.environ['DATABASE_URL']).connect() as connection:
        context.configure(connection=connection, transaction_per_migration=True)
        with context.begin_transaction():
            context.run_migrations()
'''
UPGRADE = '''
import sys
from alembic import command
from alembic.config import Config
config = Config()
config.set_main_option('script_location', sys.argv[1])
config.set_main_option('version_locations', ' '.join(sys.argv[3:]))
config.output_buffer = sys.stdout
command.upgrade(config, 'heads', sql=sys.argv[2] == 'offline')
'''


class RevisionError(Exception):
    """Alembic did not run the revisions; its words are the message."""


def run(command, cwd, **environment):
    done = subprocess.run(command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                          env=dict(os.environ, PYTHONDONTWRITEBYTECODE='1', **environment))
    if done.returncode != 0:
        raise RevisionError(done.stderr.strip()[-1500:])
    return done.stdout


def has_alembic():
    return subprocess.run([PYTHON, '-c', 'import alembic, psycopg2, flask_migrate, flask_sqlalchemy'],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


class Tree:
    """`folder`: of the revisions, within a package."""

    def __init__(self, name, folder, offline=False):
        self.name = name
        self.folder = folder
        self.offline = offline

    @property
    def package(self):
        for packages in PACKAGES:
            if os.path.isdir(os.path.join(packages, self.folder)):
                return packages
        return None

    @property
    def missing(self):
        """Why it cannot run here, or None."""
        return None if self.package else 'python3-%s is not installed: tests/setup.sh oracles' % self.folder.split('/')[0]

    @property
    def versions(self):
        return os.path.join(self.package, self.folder)

    def prepare(self, folder):
        """What Lintel is pointed at: the revisions alone, said to be for PostgreSQL."""
        shutil.copytree(self.versions, os.path.join(folder, 'migrations', 'versions'),
                        ignore=shutil.ignore_patterns('__pycache__', '*.pyc'))
        for name, text in (('migrations/env.py', ENVIRONMENT), ('lintel.yaml', 'dialect: postgresql\n')):
            with open(os.path.join(folder, name), 'w') as file:
                file.write(text)
        return folder

    def upgrade(self, folder, cluster, database):
        script = os.path.join(folder, 'upgrade.py')
        with open(script, 'w') as file:
            file.write(UPGRADE)
        sql = run([PYTHON, script, os.path.join(folder, 'migrations'), 'offline' if self.offline else 'online', self.versions],
                  folder, PYTHONPATH=self.package, DATABASE_URL=cluster.url(database))
        if self.offline:
            cluster.run(database, sql)


class FlaskTree:
    """A Flask project of ours, by its own environment and `flask db upgrade`."""

    missing = None

    def __init__(self, name, offline):
        self.name = '%s-%s' % (name, 'offline' if offline else 'online')
        self.folder = os.path.join(TOP, 'tests', 'projects', name)
        self.offline = offline

    def prepare(self, folder):
        return self.folder

    def upgrade(self, folder, cluster, database):
        command = [PYTHON, '-m', 'flask', '--app', 'wsgi', 'db', 'upgrade'] + (['--sql'] if self.offline else [])
        sql = run(command, self.folder, DATABASE_URL=cluster.url(database))
        if self.offline:
            cluster.run(database, sql)


TREES = [
    FlaskTree('shop-flask', offline=True),
    FlaskTree('shop-flask', offline=False),
    Tree('keystone', 'keystone/common/sql/migrations/versions'),
    Tree('cinder', 'cinder/db/migrations/versions'),
    Tree('nova-api', 'nova/db/api/migrations/versions', offline=True),
    Tree('nova', 'nova/db/main/migrations/versions'),
    Tree('placement', 'placement/db/sqlalchemy/alembic/versions'),
    Tree('aodh', 'aodh/storage/sqlalchemy/alembic/versions', offline=True),
    Tree('sahara', 'sahara/db/migration/alembic_migrations/versions', offline=True),
    Tree('vitrage', 'vitrage/storage/sqlalchemy/migration/alembic_migrations/versions', offline=True),
    Tree('cloudkitty', 'cloudkitty/db/sqlalchemy/alembic/versions', offline=True),
    Tree('designate', 'designate/storage/impl_sqlalchemy/alembic/versions'),
    Tree('manila', 'manila/db/migrations/alembic/versions'),
]
