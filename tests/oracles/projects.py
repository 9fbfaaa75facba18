"""The projects that the model is held against: our own, and real ones where the corpus is beside us."""
import glob
import os
import re
import shutil
import tempfile

TOP = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', '..'))
CORPUS = os.environ.get('LINTEL_CORPUS') or os.path.join(TOP, '..', 'shared', 'corpus')


class Project:
    """`path` is what Lintel is pointed at; `files` what the database runs, in the order that we say, not Lintel."""

    def __init__(self, name, dialect, path, files, is_supabase=False, newer=None):
        self.name = name
        self.dialect = dialect
        self.path = path
        self.pattern = files
        self.is_supabase = is_supabase
        self.newer = newer or {}  # words of a newer version of the database, and what comes nearest in the one we have

    @property
    def is_there(self):
        return os.path.exists(self.path)

    @property
    def files(self):
        patterns = self.pattern if isinstance(self.pattern, list) else [self.pattern]
        found = []
        for pattern in patterns:
            found += sorted(glob.glob(os.path.join(self.path, pattern) if pattern else self.path))
        return found

    def prepared(self, folder):
        """The files as the database can run them: up parts only, and newer words replaced. Copies go to `folder`."""
        result = []
        for i, path in enumerate(self.files):
            with open(path, encoding='utf-8') as file:
                text = file.read()
            changed = up_part(text)
            for old, new in self.newer.items():
                changed = changed.replace(old, new)
            if changed != text:
                path = os.path.join(folder, '%04d.sql' % i)
                with open(path, 'w', encoding='utf-8') as file:
                    file.write(changed)
                os.chmod(path, 0o644)
            result.append(path)
        return result


def up_part(text):
    """Of a goose or dbmate file, what a forward migration runs."""
    return re.split(r'(?m)^--\s*(?:\+goose\s+Down|migrate:down)\b.*$', text)[0]


class WorkFolder:
    """A temporary folder that a database server's user can read."""

    def __enter__(self):
        self.path = tempfile.mkdtemp(prefix='lintel-oracle-')
        os.chmod(self.path, 0o755)
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def cases(dialect):
    """Our own hard cases, one file each."""
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), 'cases', dialect)
    return [Project('case-%s-%s' % (dialect, os.path.basename(path)[:-4]), dialect, path, '')
            for path in sorted(glob.glob(os.path.join(folder, '*.sql')))]


def corpus(path):
    return os.path.join(CORPUS, path)


PRISMA = 'migrations/*/migration.sql'

def ours(name):
    return os.path.join(TOP, 'tests', 'projects', name)


PROJECTS = [
    Project('shop', 'postgresql', ours('shop'), 'db/migrations/*.sql'),
    Project('shop-prisma', 'postgresql', ours('shop-prisma'), 'prisma/' + PRISMA),
    # The order of Flyway's versions, not of the names.
    Project('forum', 'mysql', ours('forum'), ['sql/V?__*.sql', 'sql/V??__*.sql']),
    Project('recipes', 'sqlite', ours('recipes'), 'migrations/*.sql'),
    Project('trigger.dev', 'postgresql', corpus('trigger.dev/internal-packages/database/prisma'), PRISMA),
    Project('trigger.dev-run-ops', 'postgresql', corpus('trigger.dev/internal-packages/run-ops-database/prisma'), PRISMA),
    Project('trigger.dev-agent', 'postgresql', corpus('trigger.dev/internal-packages/dashboard-agent-db/drizzle'), '*.sql'),
    Project('amplication', 'postgresql', corpus('amplication/packages/amplication-prisma-db/prisma'), PRISMA),
    Project('amplication-plugin-api', 'postgresql', corpus('amplication/packages/amplication-plugin-api/prisma'), PRISMA),
    Project('amplication-catalog', 'postgresql', corpus('amplication/packages/data-service-generator-catalog/prisma'), PRISMA),
    Project('amplication-gateway', 'postgresql', corpus('amplication/packages/gpt-gateway/prisma'), PRISMA),
    Project('hoppscotch', 'postgresql', corpus('hoppscotch/packages/hoppscotch-backend/prisma'), PRISMA),
    Project('saas-starter-kit', 'postgresql', corpus('saas-starter-kit/prisma'), PRISMA),
    Project('chatbot-ui', 'postgresql', corpus('chatbot-ui/supabase'), 'migrations/*.sql', is_supabase=True),
    # Written for PostgreSQL 18: the server that we compare with is 15.
    Project('pagila', 'postgresql', corpus('pagila/pagila-schema.sql'), '', newer={') VIRTUAL\n': ') STORED\n'}),
    Project('sakila-postgresql', 'postgresql', corpus('sakila/pg'), '*.sql'),
    Project('memos-postgresql', 'postgresql', corpus('memos/store/migration/postgres/LATEST.sql'), ''),
    Project('openfga-postgresql', 'postgresql', corpus('openfga/assets/migrations/postgres'), '*.sql'),
    Project('sakila-mysql', 'mysql', corpus('sakila/mysql'), '*.sql'),
    Project('memos-mysql', 'mysql', corpus('memos/store/migration/mysql/LATEST.sql'), ''),
    Project('openfga-mysql', 'mysql', corpus('openfga/assets/migrations/mysql'), '*.sql',
            newer={' LOCK = NONE': '', ', LOCK=NONE': ''}),  # MySQL's, not MariaDB's
    Project('sakila-sqlite', 'sqlite', corpus('sakila/sqlite'), '*.sql'),
    Project('memos-sqlite', 'sqlite', corpus('memos/store/migration/sqlite/LATEST.sql'), ''),
    Project('openfga-sqlite', 'sqlite', corpus('openfga/assets/migrations/sqlite'), '*.sql'),
] + cases('postgresql') + cases('mysql') + cases('sqlite')


def of_dialect(dialect, wanted=None):
    """The projects of a dialect; `wanted` (names) picks some."""
    return [project for project in PROJECTS if project.dialect == dialect and (not wanted or project.name in wanted)]
