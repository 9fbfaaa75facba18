/* Prisma schemas as operations, in each dialect: names, types, defaults, keys and actions as Prisma
 * Migrate has them; and models as the program sees them. tests/oracles/prisma.t holds the same
 * against Prisma itself; here stands what its engine cannot be asked, and what is half-typed. */
#include "frontends/prisma/prisma.h"

#include <stdio.h>

#include "fuzz/declared.h"
#include "tools/summary.h"
#include "unit/unit.h"

enum { FILES_MAX = 2 };

typedef struct {
    Arena arena;
    Fragment *fragments[FILES_MAX];
    ModelFile files[FILES_MAX];
    uint32_t n;
    Declared declared;
} Linked;

static Linked link_texts(Dialect dialect, const Str *texts, uint32_t n)
{
    Linked linked = {.n = n};
    for (uint32_t i = 0; i < n; i++) {
        linked.fragments[i] = prisma_read(texts[i], dialect);
        linked.files[i] = (ModelFile){.fragment = linked.fragments[i], .path = STR("a.prisma")};
    }
    prisma_link(linked.files, n, dialect, &linked.arena, &linked.declared);
    check_declared(&linked.declared, linked.files, n, dialect);
    return linked;
}

static void release(Linked *linked)
{
    for (uint32_t i = 0; i < linked->n; i++)
        fragment_release(linked->fragments[i]);
    arena_release(&linked->arena);
}

static Str operations_of(Linked *linked)
{
    return operations_summary(&linked->arena, &linked->declared.operations);
}

typedef struct {
    Dialect dialect;
    const char *schema, *expected;
} Case;

static void check(const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Str text = str_from(cases[i].schema);
        Linked linked = link_texts(cases[i].dialect, &text, 1);
        Str actual = operations_of(&linked);
        if (!str_equal(actual, str_from(cases[i].expected)))
            print_error("in: %s\n", cases[i].schema);
        assert_str(actual, cases[i].expected);
        release(&linked);
    }
}

#define PG   DIALECT_POSTGRESQL
#define MY   DIALECT_MYSQL
#define LITE DIALECT_SQLITE
#define MS   DIALECT_SQLSERVER

/* ---- what the oracle cannot be asked: MySQL and SQL Server ---- */

static void mysql(void **state)
{
    (void)state;
    static const Case cases[] = {
        {MY,
         "model A {\n id Int @id @default(autoincrement())\n s String @unique\n b Boolean "
         "@default(true)\n}",
         "create-table A | id int notnull auto primary | s varchar(191) notnull | b tinyint(1) "
         "notnull default boolean:true\n"
         "create-index A unique A_s_key(s)"},
        {MY,
         "model A {\n id Int @id\n a DateTime @default(now())\n b DateTime @default(now()) "
         "@db.Timestamp(0)\n}",
         "create-table A | id int notnull primary | a datetime(3) notnull default "
         "current:CURRENT_TIMESTAMP(3) | b timestamp notnull default current:CURRENT_TIMESTAMP(0)"},
        {MY,
         "enum E {\n X @map(\"x y\")\n Y\n}\nmodel A {\n id Int @id\n e E @default(X)\n j Json "
         "@default(\"{}\")\n}",
         "create-table A | id int notnull primary | e enum('x y','Y') notnull default string:'x y' "
         "| j json notnull"},
        {MY,
         "model A {\n id Int @id @db.UnsignedInt\n s String @db.Text\n d Decimal\n t Boolean "
         "@db.TinyInt\n @@index([s(length: 9, sort: Desc)])\n @@fulltext([s], map: \"f\")\n}",
         "create-table A | id int unsigned notnull primary | s text notnull | d decimal(65,30) "
         "notnull | t tinyint(1) notnull\n"
         "create-index A A_s_idx(s(9) desc)\n"
         "create-index A fulltext f(s)"},
        {MY,
         "model A {\n id Int @id\n bs B[]\n}\nmodel B {\n id String @id @db.Char(3)\n as A[]\n}",
         "create-table A | id int notnull primary\n"
         "create-table B | id char(3) notnull primary\n"
         "create-table _AToB | A int notnull | B char(3) notnull\n"
         "create-index _AToB unique _AToB_AB_unique(A,B)\n"
         "create-index _AToB _AToB_B_index(B)\n"
         "add-constraint _AToB _AToB_A_fkey:foreign(A)->A(id) delete CASCADE update CASCADE\n"
         "add-constraint _AToB _AToB_B_fkey:foreign(B)->B(id) delete CASCADE update CASCADE"},
    };
    check(cases, COUNT(cases));
}

static void sqlserver(void **state)
{
    (void)state;
    static const Case cases[] = {
        {MS,
         "model A {\n id Int @id @default(autoincrement())\n s String @unique\n b Boolean "
         "@default(true)\n m String @db.NVarChar(Max)\n}",
         "create-table A | id int notnull auto A_pkey:primary clustered | s nvarchar(1000) notnull "
         "| b bit notnull default boolean:1 | m nvarchar(max) notnull | A_s_key:unique(s)"},
        {MS,
         "model A {\n id Int @id(clustered: false)\n b B @relation(fields: [bId], references: "
         "[id])\n bId Int\n @@unique([bId, id], clustered: true)\n}\nmodel B {\n id Int @id\n as "
         "A[]\n}",
         "create-table A | id int notnull A_pkey:primary | bId int notnull | "
         "A_bId_id_key:unique(bId,id) clustered\n"
         "create-table B | id int notnull B_pkey:primary clustered\n"
         "add-constraint A A_bId_fkey:foreign(bId)->B(id) delete NO ACTION update CASCADE"},
    };
    check(cases, COUNT(cases));
}

/* ---- relations ---- */

static void relations(void **state)
{
    (void)state;
    static const Case cases[] = {
        {PG,
         "model A {\n id Int @id\n b B? @relation(fields: [bId], references: [id])\n bId Int?\n c "
         "B @relation(\"c\", fields: [cId], references: [id])\n cId Int\n}\nmodel B {\n id Int "
         "@id\n as A[]\n cs A[] @relation(\"c\")\n}",
         "create-table A | id integer notnull A_pkey:primary | bId integer | cId integer notnull\n"
         "create-table B | id integer notnull B_pkey:primary\n"
         "add-constraint A A_bId_fkey:foreign(bId)->B(id) delete SET NULL update CASCADE\n"
         "add-constraint A A_cId_fkey:foreign(cId)->B(id) delete RESTRICT update CASCADE"},
        /* an optional relation over a column that is needed holds on to its row */
        {PG,
         "model A {\n x Int @id\n b B? @relation(fields: [bId], references: [x])\n bId "
         "Int\n}\nmodel B {\n x Int @id\n as A[]\n}",
         "create-table A | x integer notnull A_pkey:primary | bId integer notnull\n"
         "create-table B | x integer notnull B_pkey:primary\n"
         "add-constraint A A_bId_fkey:foreign(bId)->B(x) delete RESTRICT update CASCADE"},
        {LITE,
         "model A {\n id Int @id\n b B @relation(fields: [bId], references: [id], onDelete: "
         "Cascade)\n bId Int\n}\nmodel B {\n id Int @id\n as A[]\n}",
         "create-table A | id INTEGER notnull auto primary autoincrement | bId INTEGER notnull | "
         "A_bId_fkey:foreign(bId)->B(id) delete CASCADE update CASCADE\n"
         "create-table B | id INTEGER notnull auto primary autoincrement"},
        /* the other side may be missing while it is being typed */
        {PG,
         "model A {\n id Int @id\n b B @relation(fields: [bId], references: [id])\n bId "
         "Int\n}\nmodel B {\n id Int @id\n}",
         "create-table A | id integer notnull A_pkey:primary | bId integer notnull\n"
         "create-table B | id integer notnull B_pkey:primary\n"
         "add-constraint A A_bId_fkey:foreign(bId)->B(id) delete RESTRICT update CASCADE"},
        /* no foreign key to a view, none over columns that are not there, none of unequal length */
        {PG,
         "model A {\n id Int @id\n v V @relation(fields: [id], references: [id])\n b B "
         "@relation(fields: [no], references: [id])\n c B @relation(\"c\", fields: [id, id], "
         "references: [id])\n}\nmodel B {\n id Int @id\n}\nview V {\n id Int @unique\n a A?\n}",
         "create-table A | id integer notnull A_pkey:primary\n"
         "create-table B | id integer notnull B_pkey:primary"},
    };
    check(cases, COUNT(cases));
}

/* ---- half-typed ---- */

static void half_typed(void **state)
{
    (void)state;
    static const Case cases[] = {
        {PG, "model A {\n", ""},
        {PG, "model A {\n id\n b Missing\n}", ""},
        {PG, "model A {\n id Int @id\n s Str\n @@index([id, s])\n @@unique([nothing])\n}",
         "create-table A | id integer notnull A_pkey:primary"},
        {PG, "model A {\n id Int @id\n}\nmodel A {\n x Int\n}",
         "create-table A | id integer notnull A_pkey:primary"},
        {PG, "model A {\n id Int @id\n id String\n e E @default(\n}\nenum E {\n X\n",
         "create-type E enum(X)\n"
         "create-table A | id integer notnull A_pkey:primary | e \"E\" notnull"},
        {PG,
         "model A {\n s String @default(dbgenerated(\")(\"))\n t String @default(dbgenerated(\"a; "
         "DROP TABLE b\"))\n}",
         "create-table A | s text notnull | t text notnull default column:a"},
        {PG, "datasource db {\n provider = \"mongodb\"\n}\nmodel A {\n id Int @id\n}", ""},
        {MY, "model A {\n id Int @id\n l String[]\n}", "create-table A | id int notnull primary"},
    };
    check(cases, COUNT(cases));
}

/* ---- several files ---- */

static void several_files(void **state)
{
    (void)state;
    static const Str texts[] = {
        STR_INIT("model A {\n id Int @id @pg.SmallInt\n b B @relation(fields: [id], references: "
                 "[id])\n e E\n}"),
        STR_INIT(
            "datasource pg {\n provider = \"postgresql\"\n relationMode = "
            "\"foreignKeys\"\n}\nmodel B {\n id Int @id @pg.SmallInt\n a A?\n}\nenum E {\n X\n}"),
    };
    Linked linked = link_texts(PG, texts, 2);
    assert_str(operations_of(&linked),
               "create-type E enum(X)\n"
               "create-table A | id smallint notnull A_pkey:primary | e \"E\" notnull\n"
               "create-table B | id smallint notnull B_pkey:primary\n"
               "add-constraint A A_id_fkey:foreign(id)->B(id) delete RESTRICT update CASCADE");
    assert_int_equal(linked.declared.models.n, 2);
    const OrmRelation *relation = &linked.declared.models.items[0]->relations.items[0];
    assert_ptr_equal(relation->target_model, linked.declared.models.items[1]);
    assert_ptr_equal(relation->inverse, &linked.declared.models.items[1]->relations.items[0]);
    release(&linked);
}

/* ---- models ---- */

static Str place_text(Place place)
{
    return place_is_set(place) ? str_slice(place.fragment->text, place.range.start, place.range.end)
                               : (Str){0};
}

static void models(void **state)
{
    (void)state;
    Str text =
        STR("model User {\n  id String @id @default(cuid()) @map(\"user_id\")\n  at DateTime "
            "@updatedAt\n  n Int? @default(1) @ignore\n  posts Post[]\n  @@map(\"users\")\n}\n"
            "model Post {\n  id Int @id\n  user User? @relation(\"w\", fields: [uid], references: "
            "[id], onDelete: Cascade)\n  uid String?\n  @@ignore\n}\n");
    Linked linked = link_texts(PG, &text, 1);
    const OrmModel *user = linked.declared.models.items[0], *post = linked.declared.models.items[1];
    assert_str(user->table.text, "users");
    assert_str(place_text(user->table.place), "\"users\"");
    assert_ptr_equal(user->operation, &linked.declared.operations.items[0]);
    const OrmField *id = &user->fields.items[0], *at = &user->fields.items[1];
    assert_str(id->column.text, "user_id");
    assert_str(place_text(id->column.place), "\"user_id\"");
    assert_str(place_text(id->type), "String");
    assert_int_equal(id->default_value.kind, CLIENT_VALUE_GENERATED);
    assert_str(id->default_value.text, "cuid()");
    assert_str(id->default_value.function, "cuid");
    assert_int_equal(at->on_update.kind, CLIENT_VALUE_GENERATED);
    assert_int_equal(at->default_value.kind, CLIENT_VALUE_GENERATED);
    assert_true(user->fields.items[2].is_ignored);
    assert_int_equal(user->fields.items[2].optional, WRITTEN_TRUE);
    assert_int_equal(user->fields.items[2].default_value.kind, CLIENT_VALUE_NONE);
    assert_true(post->is_ignored);
    const OrmRelation *relation = &post->relations.items[0];
    assert_str(relation->relation_name.text, "w");
    assert_int_equal(relation->on_delete, ACTION_CASCADE);
    assert_int_equal(relation->on_update, ACTION_UNSPECIFIED);
    assert_null(relation->inverse); /* the other side has another name: none */
    assert_ptr_equal(relation->target_model, user);
    Str behind = str_slice(text, relation->insertion.range.start, text.length);
    assert_true(str_starts_with(behind, STR(")\n  uid")) && relation->has_arguments);
    uint32_t at_end = user->insertion.range.start;
    assert_true(str_starts_with(str_slice(text, at_end, text.length), STR("\n}")));
    release(&linked);
}

/* ---- every prefix ---- */

static void every_prefix(void **state)
{
    (void)state;
    static const struct {
        const char *path;
        Dialect dialect;
    } files[] = {
        {"tests/oracles/prisma/schemas/postgresql.prisma", PG},
        {"tests/oracles/prisma/schemas/cockroachdb.prisma", PG},
        {"tests/oracles/prisma/schemas/names.prisma", PG},
        {"tests/oracles/prisma/schemas/relation_mode.prisma", PG},
        {"tests/oracles/prisma/schemas/several/base.prisma", PG},
        {"tests/oracles/prisma/schemas/several/shop.prisma", PG},
        {"tests/oracles/prisma/schemas/mysql.prisma", MY},
        {"tests/oracles/prisma/schemas/sqlite.prisma", LITE},
        {"tests/oracles/prisma/schemas/sqlserver.prisma", MS},
    };
    enum { OTHER_DIALECTS_EACH = 13 }; /* prefixes that are read in every dialect */
    for (size_t i = 0; i < COUNT(files); i++) {
        Arena arena = {0};
        Str text = unit_file(&arena, files[i].path);
        assert_true(text.length > 100);
        for (uint32_t end = 0; end <= text.length; end++) {
            Str prefix = str_slice(text, 0, end);
            for (int other = 0; other < N_DIALECTS; other++) {
                Dialect dialect = (Dialect)other;
                if (dialect != files[i].dialect && end % OTHER_DIALECTS_EACH != 0)
                    continue;
                Linked linked = link_texts(dialect, &prefix, 1);
                release(&linked);
            }
        }
        arena_release(&arena);
    }
}

/* ---- hostile texts cost linear time ---- */

static size_t bytes_needed(const char *head, const char *piece, uint32_t n)
{
    Arena arena = {0};
    Str text = unit_repeated(&arena, head, piece, n);
    Linked linked = link_texts(DIALECT_MYSQL, &text, 1);
    size_t needed = linked.arena.total + linked.fragments[0]->arena.total;
    release(&linked);
    arena_release(&arena);
    return needed;
}

static void hostile(void **state)
{
    (void)state;
    static const struct {
        const char *head, *piece;
    } cases[] = {
        {"model A {\n id Int @id\n", " a A[]\n"},
        {"model A {\n id Int @id\n", " a# A[]\n"},
        {"model A {\n id Int @id\n", " a# Int @unique\n"},
        {"model A {\n id Int @id\n", " @@index([id])\n"},
        {"model A {\n id Int @id\n", " @@id([id])\n"},
        {"model A {\n id Int @id @@index([", "id, "},
        {"model A {\n id Int @id\n", " a# A @relation(fields: [id], references: [id])\n"},
        {"", "model A# {\n id Int @id\n a# A0[]\n}\n"},
        {"", "enum E# {\n X#\n}\n"},
        {"enum E {\n", " X#\n"},
        {"model A {\n id Int ", "@default(dbgenerated(\"1\"))"},
    };
    enum { N = 2000 };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t once = bytes_needed(cases[i].head, cases[i].piece, N);
        size_t twice = bytes_needed(cases[i].head, cases[i].piece, 2 * N);
        if (twice > 4 * once)
            print_error("%s: %zu bytes, twice the text %zu\n", cases[i].piece, once, twice);
        assert_true(twice <= 4 * once);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mysql),         cmocka_unit_test(sqlserver),
        cmocka_unit_test(relations),     cmocka_unit_test(half_typed),
        cmocka_unit_test(several_files), cmocka_unit_test(models),
        cmocka_unit_test(every_prefix),  cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
