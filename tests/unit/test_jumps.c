/* Definitions, references and highlights in SQL, Prisma and Python, and between them. */
#include "engine/input.h"
#include "engine/jumps.h"
#include "fixtures/run.h"
#include "unit/unit.h"

typedef struct {
    const char *file;
    const char *at; /* in that file, with a | for the cursor */
    const char *expected;
} Case;

static Snapshot *analyse_script(Arena *arena, const char *script)
{
    ChunkVec chunks = {0};
    cut_script(arena, STR("0001.sql"), SOURCE_MIGRATION, str_from(script), 0, &chunks);
    RunOptions options = {.dialect = DIALECT_POSTGRESQL, .levels = rule_levels(arena, NULL)};
    return analyse_chunks(arena, &options, &chunks);
}

static uint32_t source_named(const Snapshot *snapshot, const char *path)
{
    for (uint32_t i = 0; i < snapshot->sources.n; i++) {
        if (str_equal(snapshot->sources.items[i].path, str_from(path)))
            return i;
    }
    fail_msg("no source %s", path);
    return 0;
}

static bool find_cursor(Arena *arena, const Snapshot *snapshot, const Case *c,
                        LocatedOccurrence *found)
{
    Str marked = str_from(c->at);
    uint32_t bar = str_find(marked, STR("|"), 0);
    assert_int_not_equal(bar, UINT32_MAX);
    Str plain = str_format(arena, STR_FMT STR_FMT, STR_ARG(str_slice(marked, 0, bar)),
                           STR_ARG(str_slice(marked, bar + 1, marked.length)));
    uint32_t source = source_named(snapshot, c->file);
    uint32_t at = str_find(text_bytes(snapshot->sources.items[source].file->text), plain, 0);
    if (at == UINT32_MAX)
        fail_msg("%s is not in %s", c->at, c->file);
    return occurrence_at(snapshot, source, at + bar, found);
}

/* "path:line text" of each, joined by " | "; lines count from the one with the file's name. */
static Str told(Arena *arena, const Snapshot *snapshot, const LocatedOccurrenceVec *list)
{
    Str all = STR("");
    for (uint32_t i = 0; i < list->n; i++) {
        const Location *location = &list->items[i].location;
        const Source *source = &snapshot->sources.items[location->source];
        Str name =
            str_slice(text_bytes(source->file->text), location->range.start, location->range.end);
        uint32_t line = text_line_at(source->file->text, location->range.start);
        all = str_format(arena, STR_FMT "%s" STR_FMT ":%u " STR_FMT, STR_ARG(all),
                         i > 0 ? " | " : "", STR_ARG(source->path), line, STR_ARG(name));
    }
    return all;
}

typedef LocatedOccurrenceVec Jump(Arena *out, const Snapshot *snapshot,
                                  const LocatedOccurrence *from);

static LocatedOccurrenceVec all_definitions(Arena *out, const Snapshot *snapshot,
                                            const LocatedOccurrence *from)
{
    return jump_definitions(out, snapshot, from, false);
}

static LocatedOccurrenceVec definitions_beside_squawk(Arena *out, const Snapshot *snapshot,
                                                      const LocatedOccurrence *from)
{
    return jump_definitions(out, snapshot, from, true);
}

static LocatedOccurrenceVec references_beside_squawk(Arena *out, const Snapshot *snapshot,
                                                     const LocatedOccurrence *from)
{
    return jump_references(out, snapshot, from, true, true);
}

static LocatedOccurrenceVec all_references(Arena *out, const Snapshot *snapshot,
                                           const LocatedOccurrence *from)
{
    return jump_references(out, snapshot, from, true, false);
}

static LocatedOccurrenceVec uses_only(Arena *out, const Snapshot *snapshot,
                                      const LocatedOccurrence *from)
{
    return jump_references(out, snapshot, from, false, false);
}

static void check_jumps(const char *script, Jump *jump, const Case *cases, size_t n)
{
    Arena arena = {0};
    Snapshot *snapshot = analyse_script(&arena, script);
    for (size_t i = 0; i < n; i++) {
        LocatedOccurrence from;
        Str got = STR("nothing");
        if (find_cursor(&arena, snapshot, &cases[i], &from)) {
            LocatedOccurrenceVec found = jump(&arena, snapshot, &from);
            got = told(&arena, snapshot, &found);
        }
        if (!str_equal(got, str_from(cases[i].expected)))
            print_error("at %s\n", cases[i].at);
        assert_str(got, cases[i].expected);
    }
    snapshot_release(snapshot);
    arena_release(&arena);
}

#define CHECK_JUMPS(script, jump, cases)                                                           \
    check_jumps((script), (jump), (cases), sizeof(cases) / sizeof *(cases))

/* ---- SQL ---- */

static const char history[] = "-- 0001.sql\n"
                              "CREATE TABLE clients (id bigint PRIMARY KEY, mail text);\n"
                              "CREATE TABLE orders (\n"
                              "    id bigint PRIMARY KEY,\n"
                              "    client_id bigint REFERENCES clients (id),\n"
                              "    CHECK (client_id > 0));\n"
                              "INSERT INTO clients (id, mail) VALUES (1, 'a');\n"
                              "-- 0002.sql\n"
                              "ALTER TABLE clients RENAME TO customers;\n"
                              "ALTER TABLE customers RENAME COLUMN mail TO email;\n"
                              "CREATE INDEX customers_email_idx ON customers (email);\n"
                              "-- queries.sql\n"
                              "SELECT c.email, o.id FROM customers c\n"
                              "JOIN orders o ON o.client_id = c.id WHERE c.email = 'x';\n"
                              "DELETE FROM CUStomers;\n";

static void definitions_in_sql(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"0001.sql", "REFERENCES cli|ents", "0001.sql:1 clients"},
        {"0001.sql", "clients (i|d)", "0001.sql:1 id"},
        {"0001.sql", "CHECK (client|_id", "0001.sql:4 client_id"},
        {"0001.sql", "(id, ma|il)", "0001.sql:1 mail"},
        {"0002.sql", "TABLE cli|ents", "0001.sql:1 clients"},
        {"0002.sql", "TO cust|omers", "0001.sql:1 clients"},
        {"0002.sql", "COLUMN ma|il", "0001.sql:1 mail"},
        {"0002.sql", "(em|ail)", "0001.sql:1 mail"},
        {"queries.sql", "FROM cust|omers", "0001.sql:1 clients"},
        {"queries.sql", "|c.email = ", "0001.sql:1 clients"},
        {"queries.sql", "c.ema|il = ", "0001.sql:1 mail"},
        {"queries.sql", "o.i|d FROM", "0001.sql:3 id"},
        {"queries.sql", "SEL|ECT", "nothing"},
        /* on the definition: itself, so that the editor shows references instead */
        {"0001.sql", "TABLE cli|ents", "0001.sql:1 clients"},
    };
    CHECK_JUMPS(history, all_definitions, cases);
}

/* What squawk's server answers within a file is left to it; it does not follow renames, and does
 * not look into bodies. */
static void beside_squawk(void **state)
{
    (void)state;
    static const char script[] = "-- 0001.sql\n"
                                 "CREATE TABLE clients (id bigint PRIMARY KEY, mail text);\n"
                                 "CREATE INDEX clients_mail ON clients (mail);\n"
                                 "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS\n"
                                 "$$ DELETE FROM clients WHERE mail = 'x' $$;\n"
                                 "ALTER TABLE clients RENAME TO customers;\n"
                                 "COMMENT ON TABLE customers IS 'x';\n"
                                 "-- queries.sql\n"
                                 "SELECT c.mail FROM customers c;\n";
    static const Case leads[] = {
        {"0001.sql", "INDEX clients_mail ON cli|ents", ""},
        {"0001.sql", "(ma|il)", ""},
        {"0001.sql", "DELETE FROM cli|ents", "0001.sql:1 clients"},
        {"0001.sql", "ON TABLE cust|omers", "0001.sql:1 clients"},
        {"queries.sql", "c.ma|il", "0001.sql:1 mail"},
    };
    CHECK_JUMPS(script, definitions_beside_squawk, leads);
    static const Case uses[] = {
        {"0001.sql", "KEY, ma|il", "0001.sql:4 mail | queries.sql:1 mail"},
        {"queries.sql", "c.ma|il", "0001.sql:1 mail | 0001.sql:2 mail | 0001.sql:4 mail"},
    };
    CHECK_JUMPS(script, references_beside_squawk, uses);
}

static void references_in_sql(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"0001.sql", "TABLE cli|ents",
         "0001.sql:1 clients | 0001.sql:4 clients | 0001.sql:6 clients | 0002.sql:1 clients | "
         "0002.sql:1 customers | 0002.sql:2 customers | 0002.sql:3 customers | "
         "queries.sql:1 customers | queries.sql:3 CUStomers"},
        {"queries.sql", "c.ema|il = ",
         "0001.sql:1 mail | 0001.sql:6 mail | 0002.sql:2 mail | 0002.sql:2 email | "
         "0002.sql:3 email | queries.sql:1 email | queries.sql:2 email"},
    };
    CHECK_JUMPS(history, all_references, cases);
    static const Case without[] = {
        {"0001.sql", "    client|_id", "0001.sql:5 client_id | queries.sql:2 client_id"},
    };
    CHECK_JUMPS(history, uses_only, without);
}

static void highlights_stay_in_the_file(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"queries.sql", "FROM cust|omers",
         "queries.sql:1 c | queries.sql:1 customers | queries.sql:1 c | queries.sql:2 c | "
         "queries.sql:3 CUStomers"},
        {"0002.sql", "(em|ail)", "0002.sql:2 mail | 0002.sql:2 email | 0002.sql:3 email"},
    };
    CHECK_JUMPS(history, jump_highlights, cases);
}

/* A name that went from one table to another by renames means what it meant at the time. */
static void names_that_wander(void **state)
{
    (void)state;
    static const char script[] = "-- 0001.sql\n"
                                 "CREATE TABLE a (x int, y int);\n"
                                 "CREATE TABLE b (x int);\n"
                                 "ALTER TABLE a RENAME TO t;\n"
                                 "ALTER TABLE b RENAME TO a;\n"
                                 "ALTER TABLE t RENAME TO b;\n"
                                 "ALTER TABLE b RENAME COLUMN x TO z;\n"
                                 "ALTER TABLE b RENAME COLUMN y TO x;\n";
    static const Case cases[] = {
        {"0001.sql", "TABLE |a (",
         "0001.sql:1 a | 0001.sql:3 a | 0001.sql:3 t | 0001.sql:5 t | "
         "0001.sql:5 b | 0001.sql:6 b | 0001.sql:7 b"},
        {"0001.sql", "TABLE |b (", "0001.sql:2 b | 0001.sql:4 b | 0001.sql:4 a"},
        {"0001.sql", "a (|x int", "0001.sql:1 x | 0001.sql:6 x | 0001.sql:6 z"},
        {"0001.sql", "x int, |y", "0001.sql:1 y | 0001.sql:7 y | 0001.sql:7 x"},
        {"0001.sql", "b (|x int", "0001.sql:2 x"},
    };
    CHECK_JUMPS(script, all_references, cases);
}

/* A name that is written with escapes, one that is too long to look for, and one that comes by many
 * names. */
static void names_that_are_hard_to_look_for(void **state)
{
    (void)state;
    static const char script[] = "-- 0001.sql\n"
                                 "CREATE TABLE \"a\"\"b\" (x int);\n"
                                 "SELECT x FROM \"a\"\"b\";\n"
                                 "CREATE TABLE t1 (x int);\n"
                                 "ALTER TABLE t1 RENAME TO t2;\n"
                                 "ALTER TABLE t2 RENAME TO t3;\n"
                                 "ALTER TABLE t3 RENAME TO t4;\n"
                                 "ALTER TABLE t4 RENAME TO t5;\n"
                                 "ALTER TABLE t5 RENAME TO t6;\n"
                                 "ALTER TABLE t6 RENAME TO t7;\n"
                                 "ALTER TABLE t7 RENAME TO t8;\n"
                                 "ALTER TABLE t8 RENAME TO t9;\n"
                                 "ALTER TABLE t9 RENAME TO ten;\n"
                                 "-- queries.sql\n"
                                 "SELECT x FROM ten;\n";
    static const Case cases[] = {
        {"0001.sql", "TABLE \"a|", "0001.sql:1 \"a\"\"b\" | 0001.sql:2 \"a\"\"b\""},
        {"queries.sql", "SELECT |x", "0001.sql:3 x | queries.sql:1 x"},
    };
    CHECK_JUMPS(script, all_references, cases);
}

/* ---- Prisma ---- */

static const char prisma[] =
    "-- 0001.sql\n"
    "CREATE TABLE customers (id bigint PRIMARY KEY);\n"
    "CREATE TABLE orders (id bigint PRIMARY KEY,\n"
    "    customer_id bigint NOT NULL REFERENCES customers (id));\n"
    "// schema.prisma\n"
    "model Customer {\n"
    "  id     BigInt  @id\n"
    "  orders Order[]\n"
    "  @@map(\"customers\")\n"
    "}\n"
    "model Order {\n"
    "  id         BigInt   @id\n"
    "  customerId BigInt   @map(\"customer_id\")\n"
    "  customer   Customer @relation(fields: [customerId], references: [id])\n"
    "  @@index([customerId])\n"
    "  @@map(\"orders\")\n"
    "}\n";

static void definitions_from_and_to_prisma(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"schema.prisma", "fields: [cust|omerId]", "schema.prisma:8 customerId"},
        {"schema.prisma", "references: [i|d]", "schema.prisma:2 id"},
        {"schema.prisma", "@@index([cust|omerId]", "schema.prisma:8 customerId"},
        /* from the model to what the migrations made of it */
        {"schema.prisma", "  cust|omerId BigInt", "0001.sql:3 customer_id"},
        {"schema.prisma", "@map(\"cust|omer_id\")", "0001.sql:3 customer_id"},
        {"schema.prisma", "@@map(\"cust|omers\")", "0001.sql:1 customers"},
        /* and back */
        {"0001.sql", "TABLE cust|omers", "schema.prisma:1 Customer"},
        {"0001.sql", "    cust|omer_id", "schema.prisma:8 customerId"},
        {"0001.sql", "REFERENCES cust|omers", "0001.sql:1 customers | schema.prisma:1 Customer"},
        /* Prisma's own server follows the names of models */
        {"schema.prisma", "customer   Cust|omer @", ""},
        {"schema.prisma", "model Cust|omer", ""},
    };
    CHECK_JUMPS(prisma, all_definitions, cases);
}

static void references_from_prisma(void **state)
{
    (void)state;
    static const Case cases[] = {
        /* what Prisma's own server lists is left to it */
        {"schema.prisma", "model Cust|omer",
         "0001.sql:1 customers | 0001.sql:3 customers | schema.prisma:4 \"customers\""},
        {"0001.sql", "REFERENCES cust|omers",
         "0001.sql:1 customers | 0001.sql:3 customers | schema.prisma:1 Customer | "
         "schema.prisma:4 \"customers\" | schema.prisma:9 Customer"},
        {"schema.prisma", "@map(\"cust|omer_id\")",
         "0001.sql:3 customer_id | schema.prisma:8 customerId | "
         "schema.prisma:8 \"customer_id\" | schema.prisma:9 customerId | "
         "schema.prisma:10 customerId"},
    };
    CHECK_JUMPS(prisma, all_references, cases);
}

/* ---- Python ---- */

static const char python[] =
    "# 0001_init.py\n"
    "from alembic import op\n"
    "import sqlalchemy as sa\n"
    "revision = 'a'\n"
    "down_revision = None\n"
    "def upgrade():\n"
    "    op.create_table('users',\n"
    "        sa.Column('id', sa.Integer(), primary_key=True),\n"
    "        sa.Column('mail', sa.String(80)))\n"
    "    op.create_table('notes',\n"
    "        sa.Column('id', sa.Integer(), primary_key=True),\n"
    "        sa.Column('user_id', sa.Integer(), sa.ForeignKey('users.id')))\n"
    "    op.create_index('ix_mail', 'users', ['mail'])\n"
    "    op.execute(\"UPDATE users SET mail = ''\")\n"
    "def downgrade():\n"
    "    op.drop_table('users')\n"
    "# models.py\n"
    "from sqlalchemy import Column, ForeignKey, Index, Integer, String\n"
    "from sqlalchemy.orm import declarative_base, relationship\n"
    "Base = declarative_base()\n"
    "class User(Base):\n"
    "    __tablename__ = 'users'\n"
    "    id = Column(Integer, primary_key=True)\n"
    "    email = Column('mail', String(80))\n"
    "    notes = relationship('Note', back_populates='user')\n"
    "class Note(Base):\n"
    "    __tablename__ = 'notes'\n"
    "    __table_args__ = (Index('ix', 'user_id'),)\n"
    "    id = Column(Integer, primary_key=True)\n"
    "    user_id = Column(Integer, ForeignKey('users.id'))\n"
    "    user = relationship(User, foreign_keys=[user_id], back_populates='notes')\n";

static void definitions_from_and_to_python(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"models.py", "ForeignKey('us|ers.id')", "models.py:4 User"},
        {"models.py", "ForeignKey('users.i|d')", "models.py:6 id"},
        {"models.py", "relationship('No|te'", "models.py:9 Note"},
        {"models.py", "back_populates='us|er'", "models.py:14 user"},
        {"models.py", "back_populates='no|tes'", "models.py:8 notes"},
        {"models.py", "Index('ix', 'use|r_id'", "models.py:13 user_id"},
        /* from the model to what the migrations made of it */
        {"models.py", "__tablename__ = 'us|ers'", "0001_init.py:6 users"},
        {"models.py", "Column('ma|il'", "0001_init.py:8 mail"},
        /* a Python server follows names of its own */
        {"models.py", "relationship(Us|er,", ""},
        {"models.py", "class Us|er", ""},
        {"models.py", "    em|ail =", ""},
        {"models.py", "foreign_keys=[us|er_id]", ""},
        /* a revision's names are strings */
        {"0001_init.py", "op.create_table('us|ers'", "models.py:4 User"},
        {"0001_init.py", "sa.Column('ma|il'", "models.py:7 email"},
        {"0001_init.py", "ForeignKey('us|ers.id')", "0001_init.py:6 users | models.py:4 User"},
        {"0001_init.py", "UPDATE us|ers", "0001_init.py:6 users | models.py:4 User"},
        {"0001_init.py", "SET ma|il", "0001_init.py:8 mail | models.py:7 email"},
    };
    CHECK_JUMPS(python, all_definitions, cases);
}

static void references_from_python(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"models.py", "ForeignKey('us|ers.id')",
         "0001_init.py:6 users | 0001_init.py:11 users | 0001_init.py:12 users | "
         "0001_init.py:13 users | models.py:4 User | models.py:5 users | models.py:13 users | "
         "models.py:14 User"},
        /* without what a Python server lists by itself */
        {"models.py", "class Us|er",
         "0001_init.py:6 users | 0001_init.py:11 users | 0001_init.py:12 users | "
         "0001_init.py:13 users | models.py:5 users | models.py:13 users"},
        {"models.py", "    em|ail =",
         "0001_init.py:8 mail | 0001_init.py:12 mail | 0001_init.py:13 mail | models.py:7 mail"},
    };
    CHECK_JUMPS(python, all_references, cases);
    static const Case highlights[] = {
        {"models.py", "class Us|er", ""},
        {"models.py", "ForeignKey('us|ers.id')",
         "models.py:4 User | models.py:5 users | models.py:13 users | models.py:14 User"},
    };
    CHECK_JUMPS(python, jump_highlights, highlights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(definitions_in_sql),
        cmocka_unit_test(beside_squawk),
        cmocka_unit_test(references_in_sql),
        cmocka_unit_test(highlights_stay_in_the_file),
        cmocka_unit_test(names_that_wander),
        cmocka_unit_test(names_that_are_hard_to_look_for),
        cmocka_unit_test(definitions_from_and_to_prisma),
        cmocka_unit_test(references_from_prisma),
        cmocka_unit_test(definitions_from_and_to_python),
        cmocka_unit_test(references_from_python),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
