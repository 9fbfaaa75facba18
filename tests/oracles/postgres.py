"""A private PostgreSQL: in a temporary folder, on a unix socket only, gone when we are.

with Cluster() as cluster:
    cluster.create('one')
    cluster.run_files('one', ['0001.sql', '0002.sql'])
    cluster.catalog('one')        # the form of `lintel schema --format json`
"""
import glob
import json
import os
import pwd
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
# What a hosted project finds in its database before its first migration, as far as files refer to it.
SUPABASE = os.path.join(HERE, 'supabase_prelude.sql')


class DatabaseError(Exception):
    """The database refused something; its words are the message."""


def find_programs():
    """The folder of the server programs of PostgreSQL 15, or of the newest there is."""
    for folder in ['/usr/lib/postgresql/15/bin'] + sorted(glob.glob('/usr/lib/postgresql/*/bin'), reverse=True):
        if os.path.exists(os.path.join(folder, 'initdb')):
            return folder
    found = shutil.which('initdb')
    return os.path.dirname(found) if found else None


class Cluster:
    def __init__(self):
        self.programs = self.server_programs = find_programs()
        if not self.programs:
            raise DatabaseError('no PostgreSQL server programs: run tests/setup.sh test')

    def _private_programs(self):
        """The server's programs in a tree of our own.

        A server looks for its extensions beside its own binary. So we copy three binaries, link all else,
        and add our stand-ins for extensions that are not installed: nothing in the system changes."""
        original = self.programs
        if not original.startswith('/usr/lib/postgresql/'):
            return
        version = original.split('/')[4]
        binaries = self.folder + original
        os.makedirs(binaries)
        for name in ('postgres', 'initdb', 'pg_ctl'):
            shutil.copy2(os.path.join(original, name), binaries)
        os.symlink('/usr/lib/postgresql/%s/lib' % version, self.folder + '/usr/lib/postgresql/%s/lib' % version)
        share = '/usr/share/postgresql/%s' % version
        os.makedirs(self.folder + share + '/extension')
        for name in os.listdir(share):
            if name != 'extension':
                os.symlink(os.path.join(share, name), self.folder + share + '/' + name)
        for name in os.listdir(share + '/extension'):
            os.symlink(os.path.join(share, 'extension', name), self.folder + share + '/extension/' + name)
        for path in glob.glob(os.path.join(HERE, 'extensions', '*.sql')):
            name = os.path.basename(path)[:-len('.sql')]
            control = self.folder + share + '/extension/%s.control' % name
            if not os.path.exists(control):
                shutil.copy(path, self.folder + share + '/extension/%s--0.sql' % name)
                with open(control, 'w') as file:
                    file.write("default_version = '0'\nrelocatable = false\n")
        self.server_programs = binaries

    def __enter__(self):
        # A short path: a socket's may not be longer than 107 bytes.
        self.folder = tempfile.mkdtemp(prefix='lintel-pg-', dir='/tmp')
        self.as_user = []
        if os.geteuid() == 0:  # the server refuses to run as root
            user = self._server_user()
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            self.as_user = ['runuser', '-u', user.pw_name, '--']
        self.data = os.path.join(self.folder, 'data')
        try:
            self._private_programs()
            os.chmod(self.folder, 0o755)
            self._server(['initdb', '-D', self.data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8',
                          '--locale=C.UTF-8'])
            with open(os.path.join(self.data, 'postgresql.auto.conf'), 'a') as config:
                # Nothing here has to outlive a crash.
                config.write("listen_addresses = ''\nunix_socket_directories = '%s'\n"
                             "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nautovacuum = off\n"
                             "shared_buffers = 64MB\nmax_connections = 30\nwal_level = minimal\nmax_wal_senders = 0\n"
                             "timezone = 'UTC'\nlog_min_messages = panic\n" % self.folder)
            self._server(['pg_ctl', '-D', self.data, '-w', '-t', '60', '-l', os.path.join(self.folder, 'log'), 'start'])
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        if os.path.exists(os.path.join(self.data, 'postmaster.pid')):
            self._server(['pg_ctl', '-D', self.data, '-m', 'immediate', 'stop'], check=False)
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _server_user():
        for name in ('postgres', 'nobody'):
            try:
                return pwd.getpwnam(name)
            except KeyError:
                pass
        raise DatabaseError('neither a user postgres nor a user nobody')

    def _server(self, command, check=True):
        command = self.as_user + [os.path.join(self.server_programs, command[0])] + command[1:]
        done = subprocess.run(command, cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if check and done.returncode != 0:
            raise DatabaseError('%s: %s' % (' '.join(command), done.stdout.strip()))

    def _psql(self, database, arguments, text=None):
        command = [os.path.join(self.programs, 'psql'), '-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1',
                   '-h', self.folder, '-U', 'postgres', '-d', database] + arguments
        done = subprocess.run(command, input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                              env=dict(os.environ, PGOPTIONS='-c client_min_messages=error', PGCLIENTENCODING='UTF8'))
        if done.returncode != 0:
            raise DatabaseError(done.stderr.strip())
        return done.stdout

    def create(self, database):
        """An empty database, with the built-in functions that newer versions have and defaults may name."""
        self._psql('postgres', ['-c', 'DROP DATABASE IF EXISTS "%s"' % database, '-c', 'CREATE DATABASE "%s" TEMPLATE template0' % database])
        self._psql(database, ['-c', 'SET allow_system_table_mods = on', '-f', os.path.join(HERE, 'newer_functions.sql')])

    def url(self, database):
        """For programs that connect by themselves, as SQLAlchemy writes it."""
        return 'postgresql://postgres@/%s?host=%s' % (database, self.folder)

    def copy(self, original, database):
        self._psql('postgres', ['-c', 'DROP DATABASE IF EXISTS "%s"' % database,
                                '-c', 'CREATE DATABASE "%s" TEMPLATE "%s"' % (database, original)])

    def run(self, database, sql):
        """Runs statements one after the other, each in a transaction of its own unless they say otherwise."""
        return self._psql(database, ['-f', '-'], sql)

    def run_files(self, database, paths):
        """Runs each file as a new session would, in one process."""
        arguments = []
        for path in paths:
            arguments += ['-f', path, '-c', 'DISCARD ALL']
        if arguments:
            self._psql(database, arguments)

    def query_json(self, database, path):
        return json.loads(self._psql(database, ['-f', path]))

    def catalog(self, database):
        return self.query_json(database, os.path.join(HERE, 'catalog_postgres.sql'))

    def exact_catalog(self, database):
        """Everything as PostgreSQL itself prints it: for comparing two of its own databases."""
        return self.query_json(database, os.path.join(HERE, 'exact_postgres.sql'))
