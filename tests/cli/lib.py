"""What the tests of the command line share: running it in a folder of given files, and TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
LINTEL = os.environ.get('LINTEL') or os.path.join(TOP, 'build', 'debug', 'lintel')


class Tap:
    def __init__(self):
        self.n = self.failed = 0

    def ok(self, is_ok, name, *details):
        self.n += 1
        self.failed += not is_ok
        print('%s %d - %s' % ('ok' if is_ok else 'not ok', self.n, name), flush=True)
        if not is_ok:
            for detail in details:
                for line in str(detail).splitlines()[:20]:
                    print('#   ' + line)

    def same(self, actual, expected, name):
        self.ok(actual == expected, name, 'expected %r' % (expected,), 'but was  %r' % (actual,))

    def done(self):
        print('1..%d' % self.n)
        sys.exit(1 if self.failed else 0)


class Folder:
    """A temporary folder with files: {path: text or bytes}."""

    def __init__(self, files=()):
        self.files = dict(files)

    def __enter__(self):
        self.path = os.path.realpath(tempfile.mkdtemp(prefix='lintel-cli-'))
        for path, content in self.files.items():
            self.write(path, content)
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)

    def write(self, path, content):
        full = os.path.join(self.path, path)
        os.makedirs(os.path.dirname(full), exist_ok=True)
        with open(full, 'wb') as file:
            file.write(content if isinstance(content, bytes) else content.encode('utf-8'))

    def run(self, *arguments, stdin=b'', timeout=120, env=None):
        """(exit status, stdout, stderr)"""
        done = subprocess.run([LINTEL] + list(arguments), cwd=self.path, input=stdin, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, timeout=timeout, env=dict(os.environ, **(env or {})))
        return done.returncode, done.stdout.decode('utf-8', 'surrogateescape'), done.stderr.decode('utf-8', 'replace')

    def check(self, *arguments, stdin=b''):
        """The findings as (file, line, column, rule)."""
        status, out, err = self.run('check', '--format', 'json', '--fail-on', 'never', *arguments, stdin=stdin)
        if status != 0:
            return [('exit', status, err.strip())]
        return [(f['file'], f['range']['start']['line'], f['range']['start']['column'], f['rule'])
                for f in json.loads(out)['findings']]


BAD = 'CREATE TABLE t (price real);\n'  # missing-primary-key, float-money
GOOD = 'CREATE TABLE t (id bigint PRIMARY KEY);\n'
