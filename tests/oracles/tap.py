"""Test Anything Protocol, as little as a script needs."""
import sys


class Tap:
    def __init__(self):
        self.n = 0
        self.failed = 0

    def check(self, is_ok, name, details=()):
        """One test; `details` are lines that explain a failure."""
        self.n += 1
        self.failed += not is_ok
        print('%s %d - %s' % ('ok' if is_ok else 'not ok', self.n, name))
        if not is_ok:
            for line in details:
                self.note(line)
        sys.stdout.flush()

    def skip(self, name, reason):
        self.n += 1
        print('ok %d - %s # SKIP %s' % (self.n, name, reason))
        sys.stdout.flush()

    @staticmethod
    def note(text):
        for line in str(text).splitlines() or ['']:
            print('#   ' + line)

    def done(self):
        print('1..%d' % self.n)
        sys.exit(1 if self.failed else 0)
