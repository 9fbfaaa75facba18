"""Writes SQL of any size that looks like a growing product's, the same each time. About 38 bytes a line, as the
schemas of real products have.

    python3 generate.py schema 5000 > schema.sql        a schema of about that many lines
    python3 generate.py bytes 1048576 > large.sql       a schema of about that many bytes
    python3 generate.py migration > migration.sql       one migration of 60 lines
    python3 generate.py migrations 1048576 FOLDER       numbered migrations, that many bytes in all
"""
import os
import random
import sys

NOUNS = ('account address article attachment audit badge basket batch booking branch budget campaign card carrier category channel '
         'charge claim comment contact contract coupon course credit customer delivery deposit device discount document domain '
         'employee event export feature feed file folder form forum gateway grade group holiday image import incident inquiry '
         'invoice item journal label lead ledger lesson level license listing location log machine mailing market member '
         'mention menu merchant message metric milestone note notice offer operator option order organization package page partner '
         'payment payout permission person picture plan player playlist point policy post price product profile project promotion '
         'proposal provider purchase question queue quote rating receipt region release reminder rental report request review '
         'reward role room route rule salary sample schedule season seat segment sensor service session setting shift shipment '
         'signal site slot sponsor staff statement station step stock store story student subscription supplier survey tag '
         'task tax team template tenant term test theme thread ticket token topic tour track trade training transfer trip unit '
         'upload usage user vehicle vendor version video visit voucher wallet warehouse webhook widget workflow zone').split()
COLUMNS = [
    ('title', 'text NOT NULL'), ('name', 'varchar(120) NOT NULL'), ('description', 'text'), ('status', "text NOT NULL DEFAULT 'new'"),
    ('email', 'text'), ('phone', 'varchar(32)'), ('amount', 'numeric(12,2) NOT NULL DEFAULT 0'), ('currency', "char(3) NOT NULL DEFAULT 'EUR'"),
    ('quantity', 'integer NOT NULL DEFAULT 1'), ('position', 'integer'), ('is_active', 'boolean NOT NULL DEFAULT true'), ('settings', "jsonb NOT NULL DEFAULT '{}'"),
    ('metadata', 'json'), ('external_id', 'uuid'), ('slug', 'text'), ('starts_at', 'timestamptz'), ('ends_at', 'timestamptz'), ('due_on', 'date'),
    ('score', 'double precision'), ('rate', 'numeric(6,4)'), ('notes', 'text'), ('locale', "varchar(8) DEFAULT 'en'"), ('url', 'text'),
    ('weight', 'real'), ('tags', "text[] NOT NULL DEFAULT '{}'"), ('ip', 'inet'), ('checksum', 'bytea'), ('attempts', 'smallint NOT NULL DEFAULT 0'),
]


class Writer:
    def __init__(self, seed=7):
        self.random = random.Random(seed)
        self.tables = {}  # name: its columns
        self.n = 0

    def table_name(self):
        self.n += 1
        one = NOUNS[(self.n * 37) % len(NOUNS)]
        other = NOUNS[(self.n * 101 + self.n // len(NOUNS)) % len(NOUNS)]
        if self.n % 2 and one not in self.tables and one not in ('group', 'order', 'user'):  # reserved words
            return one
        return '%s_%s' % (one, other) if '%s_%s' % (one, other) not in self.tables else '%s_%s_%d' % (one, other, self.n)

    def create_table(self):
        """Statements that create one table with its indexes and comments."""
        name = self.table_name()
        columns = self.random.sample(COLUMNS, self.random.randint(4, 11))
        lines = ['    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY']
        parents = self.random.sample(sorted(self.tables), min(len(self.tables), self.random.randint(0, 2)))
        for parent in parents:
            lines.append('    %s_id bigint NOT NULL REFERENCES %s (id) ON DELETE CASCADE' % (parent, parent))
        lines += ['    %s %s' % column for column in columns]
        lines += ['    created_at timestamptz NOT NULL DEFAULT now()', '    updated_at timestamptz NOT NULL DEFAULT now()']
        names = [column[0] for column in columns]
        if 'amount' in names:
            lines.append('    CONSTRAINT %s_amount_check CHECK (amount >= 0)' % name)
        text = 'CREATE TABLE %s (\n%s\n);\n' % (name, ',\n'.join(lines))
        if self.random.random() < 0.3:
            text = '-- What we keep of each %s.\n' % name.replace('_', ' ') + text
        for parent in parents:
            if self.random.random() < 0.7:
                text += 'CREATE INDEX %s_%s_id_idx ON %s (%s_id);\n' % (name, parent, name, parent)
        if 'status' in names:
            text += "CREATE INDEX %s_status_idx ON %s (status, created_at DESC) WHERE status <> 'done';\n" % (name, name)
        if 'slug' in names:
            text += 'CREATE UNIQUE INDEX %s_slug_idx ON %s (lower(slug));\n' % (name, name)
        if self.random.random() < 0.3:
            text += "COMMENT ON TABLE %s IS 'The %ss of a customer; one row each.';\n" % (name, name.replace('_', ' '))
        text += '\n'
        self.tables[name] = names
        return text

    def change(self):
        """Statements that change a table that is there."""
        table = self.random.choice(sorted(self.tables))
        kind = self.random.randrange(6)
        fresh = [column for column in COLUMNS if column[0] not in self.tables[table]]
        if kind == 0 and fresh:
            name, definition = self.random.choice(fresh)
            self.tables[table].append(name)
            return 'ALTER TABLE %s ADD COLUMN %s %s;\n' % (table, name, definition.replace(' NOT NULL', '') if 'DEFAULT' not in definition else definition)
        fresh = [column for column in fresh if column[0] != 'metadata']  # json has no order to index by
        if kind == 1 and fresh:
            name, definition = self.random.choice(fresh)
            self.tables[table].append(name)
            self.n += 1
            return 'ALTER TABLE %s ADD COLUMN %s %s;\nCREATE INDEX CONCURRENTLY %s_%s_%d_idx ON %s (%s);\n' % (
                table, name, definition.replace(' NOT NULL', '').split(' DEFAULT')[0], table, name, self.n, table, name)
        if kind == 2:
            self.n += 1
            return 'ALTER TABLE %s ADD CONSTRAINT %s_time_%d_check CHECK (updated_at >= created_at) NOT VALID;\nALTER TABLE %s VALIDATE CONSTRAINT %s_time_%d_check;\n' % (
                table, table, self.n, table, table, self.n)
        if kind == 3:
            return "UPDATE %s SET updated_at = now() WHERE created_at > '2024-01-01' AND id IN (SELECT id FROM %s ORDER BY id LIMIT 100);\n" % (table, table)
        if kind == 4 and self.tables[table]:
            return 'ALTER TABLE %s ALTER COLUMN updated_at SET DEFAULT clock_timestamp();\n' % table
        return 'CREATE OR REPLACE VIEW recent_%s AS\nSELECT t.id, t.created_at FROM %s t WHERE t.created_at > now() - interval \'30 days\';\n' % (table, table)

    def migration(self, n_lines):
        text = 'SET lock_timeout = \'2s\';\n\n'
        while text.count('\n') < n_lines:
            text += self.create_table() if self.random.random() < 0.5 or not self.tables else self.change() + '\n'
        return text


def schema(writer, is_enough):
    parts, lines, size = [], 0, 0
    while not is_enough(lines, size):
        part = writer.create_table()
        parts.append(part)
        lines += part.count('\n')
        size += len(part)
    return ''.join(parts)


def schema_of_lines(n):
    return schema(Writer(), lambda lines, size: lines >= n)


def schema_of_bytes(n):
    return schema(Writer(), lambda lines, size: size >= n)


def one_migration():
    return Writer(44).migration(58)


def write_migrations(n_bytes, folder):
    writer, size, number = Writer(11), 0, 0
    os.makedirs(folder, exist_ok=True)
    while size < n_bytes:
        number += 1
        text = writer.migration(writer.random.randint(10, 120))
        size += len(text)
        with open(os.path.join(folder, '%04d_change.sql' % number), 'w') as file:
            file.write(text)
    return number


if __name__ == '__main__':
    if sys.argv[1:2] == ['schema']:
        sys.stdout.write(schema_of_lines(int(sys.argv[2])))
    elif sys.argv[1:2] == ['bytes']:
        sys.stdout.write(schema_of_bytes(int(sys.argv[2])))
    elif sys.argv[1:2] == ['migration']:
        sys.stdout.write(one_migration())
    elif sys.argv[1:2] == ['migrations']:
        print(write_migrations(int(sys.argv[2]), sys.argv[3]), 'files')
    else:
        sys.exit(__doc__)
