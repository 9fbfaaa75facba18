"""A private MariaDB: in a temporary folder, on a unix socket only, gone when we are.

Where MariaDB prints a type in another way than MySQL 8 does (int(11) for int, longtext for json), the
catalog is given in MySQL's way, because that is what the model speaks."""
import json
import os
import pwd
import shutil
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))


class DatabaseError(Exception):
    """The database refused something; its words are the message."""


class Server:
    def __init__(self):
        path = os.environ.get('PATH', '') + ':/usr/sbin:/usr/libexec'
        self.server = shutil.which('mariadbd', path=path) or shutil.which('mysqld', path=path)
        self.install = shutil.which('mariadb-install-db', path=path)
        self.client = shutil.which('mariadb', path=path) or shutil.which('mysql', path=path)
        if not (self.server and self.install and self.client):
            raise DatabaseError('no MariaDB server programs: run tests/setup.sh test')

    def __enter__(self):
        self.process = None
        self.folder = tempfile.mkdtemp(prefix='lintel-my-', dir='/tmp')
        self.socket = os.path.join(self.folder, 'socket')
        as_user = []
        if os.geteuid() == 0:  # the server refuses to run as root
            user = pwd.getpwnam('nobody')
            os.chown(self.folder, user.pw_uid, user.pw_gid)
            as_user = ['runuser', '-u', 'nobody', '--']
        os.chmod(self.folder, 0o755)
        data = os.path.join(self.folder, 'data')
        self.log = open(os.path.join(self.folder, 'log'), 'w+')
        try:
            subprocess.run(as_user + [self.install, '--no-defaults', '--datadir=' + data, '--skip-test-db',
                                      '--auth-root-authentication-method=normal', '--skip-name-resolve'],
                           cwd=self.folder, stdout=self.log, stderr=subprocess.STDOUT, check=True)
            self.process = subprocess.Popen(
                as_user + [self.server, '--no-defaults', '--datadir=' + data, '--socket=' + self.socket, '--skip-networking',
                           '--pid-file=' + os.path.join(self.folder, 'pid'), '--innodb-flush-log-at-trx-commit=0',
                           '--innodb-flush-method=nosync', '--innodb-buffer-pool-size=32M', '--skip-log-bin',
                           '--character-set-server=utf8mb4', '--lower-case-table-names=0'],
                cwd=self.folder, stdout=self.log, stderr=subprocess.STDOUT)
            self._wait()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _wait(self):
        deadline = time.monotonic() + 60
        while True:
            done = subprocess.run([self.client, '--no-defaults', '--socket=' + self.socket, '-u', 'root', '-e', 'SELECT 1'],
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            if done.returncode == 0:
                return
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.log.flush()
                with open(os.path.join(self.folder, 'log')) as log:
                    raise DatabaseError('the server did not start: ' + log.read()[-2000:])
            time.sleep(0.05)

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            # Ask it by its own protocol: the process we started may be the one that changed user for it.
            subprocess.run([self.client, '--no-defaults', '--socket=' + self.socket, '-u', 'root', '-e', 'SHUTDOWN'],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, arguments, text):
        done = subprocess.run([self.client, '--no-defaults', '--socket=' + self.socket, '-u', 'root', '--batch', '--raw',
                               '--skip-column-names', '--default-character-set=utf8mb4'] + arguments,
                              input=text, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if done.returncode != 0:
            raise DatabaseError(done.stderr.strip())
        return done.stdout

    def create(self, database):
        self._run([], 'DROP DATABASE IF EXISTS `%s`; CREATE DATABASE `%s` CHARACTER SET utf8mb4;' % (database, database))

    def run(self, database, sql):
        return self._run([database], sql)

    def run_files(self, database, paths):
        for path in paths:
            with open(path, encoding='utf-8') as file:
                try:
                    self._run([database], file.read())
                except DatabaseError as error:
                    raise DatabaseError('%s: %s' % (path, error)) from None

    def catalog(self, database):
        with open(os.path.join(HERE, 'catalog_mariadb.sql'), encoding='utf-8') as file:
            queries = file.read().replace('@database', "'%s'" % database)
        lines = [json.loads(line) for line in self._run([database], queries).splitlines() if line]
        return build_catalog(lines)


def mysql_type(text):
    """MariaDB's COLUMN_TYPE as MySQL 8 prints it: integers without a display width, but for tinyint(1)."""
    for name in ('tinyint', 'smallint', 'mediumint', 'int', 'bigint', 'year'):
        if text.startswith(name + '(') and not text.startswith('tinyint(1)'):
            text = name + text[text.index(')') + 1:]
    return text


def mysql_default(text):
    """information_schema's COLUMN_DEFAULT of MariaDB is an expression: NULL as a word, strings in quotes."""
    if text is None or text == 'NULL':
        return None
    return text


def build_catalog(lines):
    """Rows of catalog_mariadb.sql, each {"part": ..., ...}, to the form of `lintel schema --format json`."""
    tables = {}
    for row in lines:
        part = row.pop('part')
        if part == 'table':
            tables[row['name']] = dict(row, schema=None, columns=[], primary_key=None, unique_constraints=[], indexes=[],
                                       foreign_keys=[], checks=[], partition_of=None, row_security=False, policies=[])
            continue
        table = tables[row.pop('table')]
        if part == 'column':
            row['type'] = mysql_type(row['type'])
            row['default'] = mysql_default(row['default'])
            table['columns'].append(row)
        elif part == 'index':
            keys = row['columns']
            if row['name'] == 'PRIMARY':
                table['primary_key'] = {'name': 'PRIMARY', 'columns': [key['name'] for key in keys]}
            else:
                table['indexes'].append(row)
        elif part == 'foreign_key':
            table['foreign_keys'].append(row)
        elif part == 'check':
            table['checks'].append(row)
    for table in tables.values():
        # MariaDB keeps json as longtext with a check of its own; MySQL has the type.
        is_json = {check['expression'] for check in table['checks'] if check['expression'].startswith('json_valid(`')}
        for column in table['columns']:
            if 'json_valid(`%s`)' % column['name'] in is_json and column['type'] == 'longtext':
                column['type'] = 'json'
        table['checks'] = [check for check in table['checks'] if check['expression'] not in is_json]
    return {'dialect': 'mysql', 'tables': list(tables.values()), 'enums': [], 'functions': None, 'extensions': []}
