"""Writes Prisma schemas of any size that look like a growing product's, the same each time.

    python3 generate_prisma.py 1500 > schema.prisma     a schema of about that many lines
"""
import random
import sys

import generate

FIELDS = [
    ('title', 'String'), ('name', 'String @db.VarChar(120)'), ('description', 'String?'), ('status', 'Status @default(NEW)'),
    ('email', 'String?'), ('phone', 'String? @db.VarChar(32)'), ('amount', 'Decimal @default(0) @db.Decimal(12, 2)'),
    ('currency', 'String @default("EUR")'), ('quantity', 'Int @default(1)'), ('position', 'Int?'), ('isActive', 'Boolean @default(true) @map("is_active")'),
    ('settings', 'Json @default("{}")'), ('metadata', 'Json?'), ('externalId', 'String? @db.Uuid'), ('slug', 'String? @unique'),
    ('startsAt', 'DateTime? @map("starts_at")'), ('endsAt', 'DateTime? @db.Timestamptz(3)'), ('dueOn', 'DateTime? @db.Date'),
    ('score', 'Float?'), ('notes', 'String?'), ('locale', 'String? @default("en")'), ('url', 'String?'), ('tags', 'String[]'),
    ('checksum', 'Bytes?'), ('attempts', 'Int @default(0) @db.SmallInt'),
]
HEAD = '''generator client {
  provider = "prisma-client-js"
}

datasource db {
  provider = "postgresql"
}

enum Status {
  NEW
  OPEN
  DONE
}

'''


def model_name(n):
    one, other = generate.NOUNS[(n * 37) % len(generate.NOUNS)], generate.NOUNS[(n * 101 + n // len(generate.NOUNS)) % len(generate.NOUNS)]
    return one.capitalize() + other.capitalize() + (str(n) if n >= len(generate.NOUNS) else '')


def schema_of_lines(n_lines):
    """Fields, relations to earlier models with their other sides, indexes for most of them, comments for some."""
    chance = random.Random(7)
    models = []  # (name, lines of fields, lines of attributes)
    while sum(len(fields) + len(attributes) + 4 for _, fields, attributes in models) < n_lines - HEAD.count('\n'):
        name = model_name(len(models) + 1)
        fields = ['id String @id @default(cuid())']
        attributes = []
        for other, other_fields, _ in chance.sample(models, min(len(models), chance.randint(0, 2))):
            own = other[0].lower() + other[1:]
            fields += ['%s %s @relation(fields: [%sId], references: [id], onDelete: Cascade)' % (own, other, own), '%sId String' % own]
            other_fields.append('%ss %s[]' % (name[0].lower() + name[1:], name))
            if chance.random() < 0.7:
                attributes.append('@@index([%sId])' % own)
        fields += ['%s %s' % field for field in chance.sample(FIELDS, chance.randint(4, 11))]
        if chance.random() < 0.3:
            fields.insert(1, '/// What the customer calls it.')
        fields += ['createdAt DateTime @default(now())', 'updatedAt DateTime @updatedAt']
        if chance.random() < 0.4:
            attributes.append('@@index([createdAt(sort: Desc), id])')
        models.append((name, fields, attributes))
    return HEAD + '\n'.join('model %s {\n%s}\n' % (name, ''.join('  %s\n' % line for line in fields + ([''] + attributes if attributes else [])))
                            for name, fields, attributes in models)


if __name__ == '__main__':
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.write(schema_of_lines(int(sys.argv[1])))
