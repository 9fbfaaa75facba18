/* The Prisma schema language as blocks, entries, attributes and values: what is whole, and what is
 * kept of what is not. */
#include "syntax/prisma_syntax.h"

#include "syntax/prisma_lex.h"
#include "unit/unit.h"

/* ---- a schema as one line ---- */

typedef struct {
    Arena *arena;
    Str source, text;
} Printer;

static void add(Printer *p, Str text)
{
    p->text = str_join(p->arena, (const Str[]){p->text, text}, 2, STR(""));
}

static void add_value(Printer *p, const PrismaValue *value);

static void add_arguments(Printer *p, const PrismaArgumentVec *arguments)
{
    for (uint32_t i = 0; i < arguments->n; i++) {
        if (i)
            add(p, STR(", "));
        if (arguments->items[i].label.text.length > 0) {
            add(p, arguments->items[i].label.text);
            add(p, STR(": "));
        }
        add_value(p, arguments->items[i].value);
    }
}

static void add_value(Printer *p, const PrismaValue *value)
{
    static const char *const open[] = {
        [PRISMA_STRING] = "'", [PRISMA_NUMBER] = "#", [PRISMA_NAME] = "",
        [PRISMA_CALL] = "",    [PRISMA_ARRAY] = "[",  [PRISMA_OBJECT] = "{"};
    static const char *const close[] = {
        [PRISMA_STRING] = "'", [PRISMA_NUMBER] = "", [PRISMA_NAME] = "",
        [PRISMA_CALL] = ")",   [PRISMA_ARRAY] = "]", [PRISMA_OBJECT] = "}"};
    add(p, str_from(open[value->kind]));
    add(p, value->text);
    if (value->kind == PRISMA_CALL)
        add(p, STR("("));
    add_arguments(p, &value->arguments);
    add(p, str_from(close[value->kind]));
}

static void add_attribute(Printer *p, const PrismaAttribute *attribute, const char *mark)
{
    add(p, str_from(mark));
    add(p, attribute->name.text);
    if (attribute->arguments.n > 0) {
        add(p, STR("("));
        add_arguments(p, &attribute->arguments);
        add(p, STR(")"));
    }
}

static void add_entry(Printer *p, const PrismaEntry *entry)
{
    if (entry->documentation.length > 0)
        add(p, str_format(p->arena, "<" STR_FMT "> ", STR_ARG(entry->documentation)));
    if (entry->kind == PRISMA_BLOCK_ATTRIBUTE) {
        add_attribute(p, &entry->attributes.items[0], "@@");
        return;
    }
    add(p, entry->name.text);
    if (entry->value) {
        add(p, STR(" = "));
        add_value(p, entry->value);
    }
    if (entry->unsupported.text.length > 0)
        add(p, str_format(p->arena, ":unsupported " STR_FMT, STR_ARG(entry->unsupported.text)));
    else if (entry->type.text.length > 0)
        add(p, str_format(p->arena, ":" STR_FMT, STR_ARG(entry->type.text)));
    add(p, entry->is_list ? STR("[]") : STR(""));
    add(p, entry->is_optional ? STR("?") : STR(""));
    for (uint32_t i = 0; i < entry->attributes.n; i++)
        add_attribute(p, &entry->attributes.items[i], " @");
}

static Str printed(Arena *arena, Str source)
{
    static const char *const kinds[] = {[PRISMA_DATASOURCE] = "datasource",
                                        [PRISMA_GENERATOR] = "generator",
                                        [PRISMA_MODEL] = "model",
                                        [PRISMA_VIEW] = "view",
                                        [PRISMA_ENUM] = "enum",
                                        [PRISMA_TYPE] = "type"};
    Arena scratch = {0};
    PrismaSyntax syntax = prisma_parse(arena, &scratch, source);
    arena_release(&scratch);
    Printer p = {.arena = arena, .source = source, .text = STR("")};
    for (uint32_t i = 0; i < syntax.blocks.n; i++) {
        const PrismaBlock *block = &syntax.blocks.items[i];
        if (i)
            add(&p, STR(" / "));
        if (block->documentation.length > 0)
            add(&p, str_format(arena, "<" STR_FMT "> ", STR_ARG(block->documentation)));
        add(&p, str_format(arena, "%s " STR_FMT "%s", kinds[block->kind], STR_ARG(block->name.text),
                           block->is_closed ? "" : " open"));
        for (uint32_t j = 0; j < block->entries.n; j++) {
            add(&p, STR("; "));
            add_entry(&p, &block->entries.items[j]);
        }
    }
    return p.text;
}

typedef struct {
    const char *source, *expected;
} Case;

static void check(const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Arena arena = {0};
        Str actual = printed(&arena, str_from(cases[i].source));
        if (!str_equal(actual, str_from(cases[i].expected)))
            print_error("in: %s\n", cases[i].source);
        assert_str(actual, cases[i].expected);
        arena_release(&arena);
    }
}

/* ---- what is whole ---- */

static void blocks(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"", ""},
        {"datasource db {\n provider = \"mysql\" // c\n url = env(\"X\")\n}\n",
         "datasource db; provider = 'mysql'; url = env('X')"},
        {"generator g {\n a = [\"x\", \"y\"]\n b = true\n c = -1.5\n}",
         "generator g; a = ['x', 'y']; b = true; c = #-1.5"},
        {"datasource db {\n extensions = [pg, b(map: \"c\", version: \"1\")]\n}",
         "datasource db; extensions = [pg, b(map: 'c', version: '1')]"},
        {"enum E {\n A\n B @map(\"b\")\n @@map(\"e\")\n}\nview V {\n id Int\n}\ntype T {\n s "
         "String\n}",
         "enum E; A; B @map('b'); @@map('e') / view V; id:Int / type T; s:String"},
        {"model A {\r\n id Int @id\r\n}\r\nmodel B {\r id Int\r}",
         "model A; id:Int @id / model B; id:Int"},
        {"model model {\n model Int\n enum String\n type type\n}",
         "model model; model:Int; enum:String; type:type"},
        {"model A { id Int @id }", "model A; id:Int @id"},
        {"model A\n{\n id Int\n}", "model A; id:Int"},
        {"model A {\n} model B {\n}", "model A / model B"},
    };
    check(cases, COUNT(cases));
}

static void fields(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"model A {\n a Int?\n b Int []\n c String ?\n d Unsupported(\"circle\")[]\n}",
         "model A; a:Int?; b:Int[]; c:String?; d:unsupported circle[]"},
        {"model A {\n a String @db.VarChar(20) @default(\"x\") @map(\"y\")\n}",
         "model A; a:String @db.VarChar(#20) @default('x') @map('y')"},
        {"model A {\n a Int @ id @default ( autoincrement ( ) )\n}",
         "model A; a:Int @id @default(autoincrement())"},
        {"model A {\n b B @relation(\"n\", fields: [x, y], references: [p, q], onDelete: "
         "SetNull)\n}",
         "model A; b:B @relation('n', fields: [x, y], references: [p, q], onDelete: SetNull)"},
        {"model A {\n a Float[] @default([1, -2.5, 3])\n b E @default(X)\n c Boolean "
         "@default(false)\n}",
         "model A; a:Float[] @default([#1, #-2.5, #3]); b:E @default(X); c:Boolean "
         "@default(false)"},
        {"model A {\n @@index([a(sort: Desc), b(ops: raw(\"x\")), c(length: 5)], map: \"m\", type: "
         "Gin)\n}",
         "model A; @@index([a(sort: Desc), b(ops: raw('x')), c(length: #5)], map: 'm', type: Gin)"},
        {"model A {\n @@unique([a], where: { b: null, c: { not: true } })\n}",
         "model A; @@unique([a], where: {b: null, c: {not: true}})"},
        {"model A {\n @@index([address.street])\n}", "model A; @@index([address.street])"},
        /* not Prisma's, but plain: brackets and attributes that go on in the next line */
        {"model A {\n @@index([\n a, // c\n b\n ])\n c Int\n  @id\n  @map(\"d\")\n}",
         "model A; @@index([a, b]); c:Int @id @map('d')"},
    };
    check(cases, COUNT(cases));
}

static void comments(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"/// one\n/// two\nmodel A {\n /// f\n a Int /// g\n // no\n b Int\n}",
         "<one\ntwo> model A; <f\ng> a:Int; b:Int"},
        {"/// gone\n\nmodel A {\n /// x\n // y\n a Int\n /// i\n @@id([a])\n}",
         "model A; <x> a:Int; <i> @@id([a])"},
        {"model A {\n a String @default(\"http://x\") // c\n /* b\n c Int */ d Int\n}",
         "model A; a:String @default('http://x'); d:Int"},
    };
    check(cases, COUNT(cases));
}

static void strings(void **state)
{
    (void)state;
    static const struct {
        const char *token, *value;
    } cases[] = {
        {"\"\"", ""},
        {"\"", ""},
        {"\"abc", "abc"},
        {"\"a\\\"b\\\\c\\n\\t\\r\\/\"", "a\"b\\c\n\t\r/"},
        {"\"\\u00e4\\u20AC\"", "\u00e4\u20ac"},
        {"\"\\ud83d\\ude00\"", "\U0001F600"},
        {"\"\\ud83dx\"", "\uFFFDx"},
        {"\"\\u12\"", "12"},
        {"\"a\\\"", "a\""},
        {"\"\\", "\\"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Arena arena = {0};
        assert_str(prisma_string_value(&arena, str_from(cases[i].token)), cases[i].value);
        arena_release(&arena);
    }
}

/* ---- what is not ---- */

static void half_typed(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"model", ""},
        {"model A", ""},
        {"model A {", "model A open"},
        {"model A {\n na", "model A open; na"},
        {"model A {\n name Str\n id Int @", "model A open; name:Str; id:Int"},
        {"model A {\n a Int @default(\n b String\n}", "model A; a:Int @default; b:String"},
        {"model A {\n a Int @default(now(\n b String\n}",
         "model A; a:Int @default(now()); b:String"},
        {"model A {\n a B @relation(fields: [\n b String\n}",
         "model A; a:B @relation(fields: []); b:String"},
        {"model A {\n a B @relation(fields: , references: [id])\n}",
         "model A; a:B @relation(references: [id])"},
        {"model A {\n a String @default(\"x\n b Int\n}", "model A; a:String @default('x'); b:Int"},
        {"model A {\n @@index([a,\n}", "model A; @@index([a])"},
        {"model A {\n @@\n b Int\n}", "model A; b:Int"},
        {"model A {\n = ) ]\n b Int\n}", "model A; b:Int"},
        {"model A {\n a Int ! x @id\n}", "model A; a:Int @id"},
        {"model A {\n a Int\nmodel B {\n b Int\n}", "model A open; a:Int / model B; b:Int"},
        {"}\nmodel A {\n}\n}\n}\nmodel B {\n}", "model A / model B"},
        {"model A {\n a /* open\n b Int\n}", "model A; a; b:Int"},
        {"datasource db {\n provider =\n url = \"x\"\n}", "datasource db; provider; url = 'x'"},
        {"hello world\nmodel A {\n}", "model A"},
        {"enum E {\n A B\n C\n}", "enum E; A; C"},
        {"model A {\n a Unsupported(\n b Int\n}", "model A; a; b:Int"},
    };
    check(cases, COUNT(cases));
}

/* ---- ranges ---- */

static void ranges(void **state)
{
    (void)state;
    Str source = STR("model A {\n  id Int @id @map(\"x\") // c\n}\n");
    Arena arena = {0}, scratch = {0};
    PrismaSyntax syntax = prisma_parse(&arena, &scratch, source);
    const PrismaBlock *block = &syntax.blocks.items[0];
    const PrismaEntry *entry = &block->entries.items[0];
    const PrismaValue *map =
        prisma_argument(&prisma_attribute(entry, STR("map"))->arguments, STR("name"), 0);
    const struct {
        Range range;
        const char *text;
    } cases[] = {
        {block->range, "model A {\n  id Int @id @map(\"x\") // c\n}"},
        {block->name.range, "A"},
        {entry->range, "id Int @id @map(\"x\")"},
        {entry->type.range, "Int"},
        {prisma_attribute(entry, STR("id"))->range, "@id"},
        {prisma_attribute(entry, STR("id"))->name.range, "id"},
        {map->range, "\"x\""},
    };
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_str(str_slice(source, cases[i].range.start, cases[i].range.end), cases[i].text);
    assert_str(block->indent, "  ");
    assert_str(str_slice(source, block->insert_at, source.length), "\n}\n");
    arena_release(&arena);
    arena_release(&scratch);
}

static void insertions(void **state)
{
    (void)state;
    static const struct {
        const char *source, *rest, *indent;
    } cases[] = {
        {"model A {\n}\n", "\n}\n", "  "},
        {"model A { // c\n}\n", "\n}\n", "  "},
        {"model A {\n\tid Int /// d\n\n  // e\n}\n", "\n\n  // e\n}\n", "\t"},
        {"model A { id Int }", " }", " "},
        {"model A {\r\n  id Int\r\n}", "\r\n}", "  "},
        {"model A {\n  id Int", "", "  "},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str source = str_from(cases[i].source);
        Arena arena = {0}, scratch = {0};
        PrismaSyntax syntax = prisma_parse(&arena, &scratch, source);
        const PrismaBlock *block = &syntax.blocks.items[0];
        assert_str(str_slice(source, block->insert_at, source.length), cases[i].rest);
        assert_str(block->indent, cases[i].indent);
        arena_release(&arena);
        arena_release(&scratch);
    }
}

/* ---- hostile texts cost linear time ---- */

static size_t bytes_needed(const char *piece, uint32_t n)
{
    Arena arena = {0}, scratch = {0};
    Str *pieces = ARENA_ARRAY(&scratch, Str, n + 1);
    pieces[0] = STR("model A {\n");
    for (uint32_t i = 1; i <= n; i++)
        pieces[i] = str_from(piece);
    prisma_parse(&arena, &scratch, str_join(&scratch, pieces, n + 1, STR("")));
    size_t needed = arena.total + scratch.total;
    arena_release(&arena);
    arena_release(&scratch);
    return needed;
}

/* Twice the text may take about twice the memory; and the whole test a moment, which it would not
 * with anything quadratic in it. */
static void hostile(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "[",
        "(",
        "{",
        "a(",
        "@a(",
        "@a([\n",
        "/*",
        "/* */",
        "\"",
        "\\",
        "///\n",
        "\n",
        "a\n",
        "a @",
        "@@a([b, ",
        "model A {\n",
        "a b @c(\n\n\n",
        "a.b",
        "-",
        "a: ",
        "}",
        "{\n",
        "@default([[[[[[[[[[[[[[[[[[[[[[[[",
        "\"\\u12",
        "\xff",
    };
    enum { N = 40000 };
    for (size_t i = 0; i < COUNT(pieces); i++) {
        size_t once = bytes_needed(pieces[i], N), twice = bytes_needed(pieces[i], 2 * N);
        if (twice > 4 * once)
            print_error("\"%s\": %zu bytes, twice the text %zu\n", pieces[i], once, twice);
        assert_true(twice <= 4 * once);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks),     cmocka_unit_test(fields),     cmocka_unit_test(comments),
        cmocka_unit_test(strings),    cmocka_unit_test(half_typed), cmocka_unit_test(ranges),
        cmocka_unit_test(insertions), cmocka_unit_test(hostile),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
