/* SQLAlchemy models as operations and as what the program sees. tests/oracles/sqlalchemy.t holds
 * the tables against SQLAlchemy itself; here stands what it cannot be asked: classes, fields,
 * relations, what is not known, half-typed text, and cost. */
#include "frontends/python/python.h"

#include <stdio.h>

#include "frontends/python/module.h"
#include "fuzz/declared.h"
#include "tools/summary.h"
#include "unit/unit.h"

enum { FILES_MAX = 4 };

typedef struct {
    Arena arena;
    Parser *parser;
    Fragment *fragments[FILES_MAX];
    ModelFile files[FILES_MAX];
    uint32_t n;
    Declared declared;
} Linked;

typedef struct {
    const char *path, *text;
} Source;

static Linked link_files(Dialect dialect, const ModelFile *texts, const Str *contents, uint32_t n)
{
    Linked linked = {.n = n, .parser = parser_new()};
    for (uint32_t i = 0; i < n; i++) {
        linked.fragments[i] = python_read(linked.parser, contents[i], dialect);
        linked.files[i] = (ModelFile){.fragment = linked.fragments[i], .path = texts[i].path};
    }
    python_link(linked.files, n, dialect, &linked.arena, &linked.declared);
    check_declared(&linked.declared, linked.files, n, dialect);
    return linked;
}

static Linked link_sources(Dialect dialect, const Source *sources, uint32_t n)
{
    ModelFile files[FILES_MAX] = {0};
    Str contents[FILES_MAX];
    for (uint32_t i = 0; i < n; i++) {
        files[i].path = str_from(sources[i].path);
        contents[i] = str_from(sources[i].text);
    }
    return link_files(dialect, files, contents, n);
}

static Linked link_text(Dialect dialect, const char *text)
{
    Source source = {"app/models.py", text};
    return link_sources(dialect, &source, 1);
}

static void release(Linked *linked)
{
    for (uint32_t i = 0; i < linked->n; i++)
        fragment_release(linked->fragments[i]);
    parser_free(linked->parser);
    arena_release(&linked->arena);
}

static Str operations_of(Linked *linked)
{
    return operations_summary(&linked->arena, &linked->declared.operations);
}

static const OrmModel *model_named(const Linked *linked, const char *name)
{
    for (uint32_t i = 0; i < linked->declared.models.n; i++) {
        if (str_equal(linked->declared.models.items[i]->name.text, str_from(name)))
            return linked->declared.models.items[i];
    }
    print_error("no model %s\n", name);
    fail();
    return NULL;
}

static const OrmField *field_named(const OrmModel *model, const char *name)
{
    for (uint32_t i = 0; i < model->fields.n; i++) {
        if (str_equal(model->fields.items[i].name.text, str_from(name)))
            return &model->fields.items[i];
    }
    print_error("no field %s\n", name);
    fail();
    return NULL;
}

static const OrmRelation *relation_named(const OrmModel *model, const char *name)
{
    for (uint32_t i = 0; i < model->relations.n; i++) {
        if (str_equal(model->relations.items[i].name.text, str_from(name)))
            return &model->relations.items[i];
    }
    print_error("no relation %s\n", name);
    fail();
    return NULL;
}

#define PG   DIALECT_POSTGRESQL
#define MY   DIALECT_MYSQL
#define LITE DIALECT_SQLITE

#define HEAD                                                                                       \
    "import sqlalchemy as sa\n"                                                                    \
    "from sqlalchemy import Column, Integer, String, ForeignKey, text, func\n"                     \
    "from sqlalchemy.orm import declarative_base, relationship, Mapped, mapped_column\n"           \
    "Base = declarative_base()\n"

typedef struct {
    Dialect dialect;
    const char *text, *expected;
} Case;

static void check(const Case *cases, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Linked linked = link_text(cases[i].dialect, cases[i].text);
        Str actual = operations_of(&linked);
        if (!str_equal(actual, str_from(cases[i].expected)))
            print_error("in: %s\n", cases[i].text);
        assert_str(actual, cases[i].expected);
        release(&linked);
    }
}

/* ---- what is no table, and what is not known ---- */

static void not_known(void **state)
{
    (void)state;
    static const Case cases[] = {
        {PG, "x = 1\n", ""},
        {PG, HEAD "class Mixin:\n    a = Column(Integer)\n", ""},
        {PG, HEAD "class A(Base):\n    __abstract__ = True\n    id = Column(Integer)\n", ""},
        {PG, HEAD "class A(Base):\n    __tablename__ = compute()\n    id = Column(Integer)\n", ""},
        {PG, HEAD "def f():\n    class A(Base):\n        __tablename__ = 'a'\n", ""},
        /* a type of nobody's: the column is there, its type is not guessed */
        {PG,
         "from sqlalchemy import *\nfrom elsewhere import Thing\nt = Table('t', MetaData(), "
         "Column('a', Thing()), Column('b', String(SIZE)))\n",
         "create-table t | a ? | b ?"},
        /* a key to a table that nobody declares cannot be made */
        {PG, HEAD "class A(Base):\n    __tablename__ = 'a'\n    b = Column(ForeignKey('b.id'))\n",
         "create-table a | b ?"},
        {PG, "from flask_sqlalchemy import Model\nclass A(Model):\n    pass\n", ""},
        {PG, "import sqlalchemy as sa\nt = sa.Table('t', sa.MetaData(), autoload=True)\n", ""},
    };
    check(cases, COUNT(cases));
}

/* ---- what the database's clock fills in: the functions that SQL text has it from ---- */

static void clocks(void **state)
{
    (void)state;
    static const Case cases[] = {
        {DIALECT_SQLSERVER,
         HEAD "t = sa.Table('t', sa.MetaData(), Column('a', Integer, server_default="
              "func.getutcdate()), Column('b', Integer, server_default=text('getutcdate()')))\n",
         "create-table t | a int default current:getutcdate() | b int default "
         "current:getutcdate()"},
        {MY,
         HEAD "t = sa.Table('t', sa.MetaData(), Column('a', Integer, server_default=func.NOW()), "
              "Column('b', Integer, server_default=func.uuid()))\n",
         "create-table t | a int default current:NOW() | b int default call:uuid()"},
    };
    check(cases, COUNT(cases));
}

/* ---- keys that count, in each dialect ---- */

static void counting(void **state)
{
    (void)state;
    static const char model[] = HEAD "class A(Base):\n    __tablename__ = 'a'\n"
                                     "    id = Column(Integer, primary_key=True)\n";
    static const Case cases[] = {
        {PG, model, "create-table a | id integer serial notnull | primary(id)"},
        {MY, model, "create-table a | id int notnull auto | primary(id)"},
        {LITE, model, "create-table a | id INTEGER notnull | primary(id)"},
        {PG,
         HEAD "class A(Base):\n    __tablename__ = 'a'\n    id = Column(sa.BigInteger, "
              "primary_key=True)\nclass B(Base):\n    __tablename__ = 'b'\n    id = "
              "Column(ForeignKey('a.id'), primary_key=True)\n",
         "create-table a | id bigint serial notnull | primary(id)\ncreate-table b | id bigint "
         "notnull | foreign(id)->a(id) | primary(id)"},
        {PG,
         HEAD "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True, "
              "default=f)\n",
         "create-table a | id integer notnull | primary(id)"},
    };
    check(cases, COUNT(cases));
}

/* ---- order ---- */

static void order(void **state)
{
    (void)state;
    static const Case cases[] = {
        {PG,
         HEAD "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, primary_key=True, "
              "autoincrement=False)\n    b = Column(Integer, ForeignKey('b.id'), index=True)\n"
              "class B(Base):\n    __tablename__ = 'b'\n    id = Column(Integer, "
              "primary_key=True, autoincrement=False)\n    a = Column(Integer, "
              "ForeignKey('a.id'))\n    c = Column(Integer, ForeignKey('c.id'))\n"
              "class C(Base):\n    __tablename__ = 'c'\n    id = Column(Integer, "
              "primary_key=True, autoincrement=False)\n",
         "create-table c | id integer notnull | primary(id)\n"
         "create-table b | id integer notnull | a integer | c integer | foreign(c)->c(id) | "
         "primary(id)\n"
         "create-table a | id integer notnull | b integer | foreign(b)->b(id) | primary(id)\n"
         "add-constraint b foreign(a)->a(id)\n"
         "create-index a ix_a_b(b)"},
    };
    check(cases, COUNT(cases));
}

/* ---- across files ---- */

static void across_files(void **state)
{
    (void)state;
    static const Source sources[] = {
        {"backend/app/__init__.py", "from .base import Base as TheBase\nfrom .base import *\n"},
        {"backend/app/base.py",
         "import enum\nfrom sqlalchemy import Column, Integer, String as Text\n"
         "from sqlalchemy.ext.declarative import declarative_base\nBase = declarative_base()\n"
         "SIZE = 20\nclass Colour(enum.Enum):\n    RED = 'r'\n    BLUE = 'b'\n"
         "class Named:\n    name = Column(Text(SIZE), nullable=False)\n"},
        {"backend/app/models/thing.py",
         "from app import TheBase, Named\nfrom ..base import Colour, SIZE as WIDTH\n"
         "import app.base as b\nimport sqlalchemy as sa\n"
         "class Thing(Named, TheBase):\n    __tablename__ = 'things'\n"
         "    id = sa.Column(sa.Integer, primary_key=True, autoincrement=False)\n"
         "    colour = sa.Column(sa.Enum(Colour))\n    wide = sa.Column(sa.String(WIDTH + 0))\n"
         "    other = sa.Column(sa.String(b.SIZE), sa.ForeignKey('things.name'))\n"},
    };
    Linked linked = link_sources(PG, sources, 3);
    assert_str(operations_of(&linked),
               "create-type colour enum(RED,BLUE)\n"
               "create-table things | name character varying(20) notnull | id integer notnull | "
               "colour colour | wide ? | other character varying(20) | "
               "foreign(other)->things(name) | primary(id)");
    const OrmField *name = field_named(model_named(&linked, "Thing"), "name");
    assert_true(name->is_inherited);
    assert_ptr_equal(name->place.fragment, linked.fragments[1]);
    release(&linked);
}

/* ---- what the program sees ---- */

static void fields(void **state)
{
    (void)state;
    Linked linked = link_text(
        PG, HEAD "import datetime, uuid\nfrom datetime import datetime as dt\n"
                 "from typing import Optional\nclass A(Base):\n    __tablename__ = 'a'\n"
                 "    id: Mapped[int] = mapped_column(primary_key=True)\n"
                 "    once: Mapped[dt] = mapped_column(default=dt.utcnow())\n"
                 "    each: Mapped[dt] = mapped_column(default=dt.utcnow, onupdate=lambda: 1)\n"
                 "    list = Column('l', sa.JSON, default=[], nullable=True)\n"
                 "    made = Column(sa.JSON, default=dict)\n"
                 "    sql = Column(Integer, default=func.now())\n"
                 "    zero = Column(Integer, default=0)\n"
                 "    maybe: Mapped[Optional[int]] = mapped_column(nullable=False)\n"
                 "    bare: Mapped[int]\n");
    const OrmModel *model = model_named(&linked, "A");
    assert_str(model->table.text, "a");
    assert_str(model->indent, "    ");
    assert_int_equal(model->fields.n, 9);
    static const struct {
        const char *name, *column, *function;
        ClientValueKind kind;
    } cases[] = {
        {"id", "id", "", CLIENT_VALUE_NONE},
        {"once", "once", "datetime.datetime.utcnow", CLIENT_VALUE_CALLED_ONCE},
        {"each", "each", "datetime.datetime.utcnow", CLIENT_VALUE_CALLABLE},
        {"list", "l", "", CLIENT_VALUE_MUTABLE},
        {"made", "made", "dict", CLIENT_VALUE_CALLABLE},
        {"sql", "sql", "", CLIENT_VALUE_SQL},
        {"zero", "zero", "", CLIENT_VALUE_CONSTANT},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        const OrmField *field = field_named(model, cases[i].name);
        assert_str(field->column.text, cases[i].column);
        assert_int_equal(field->default_value.kind, cases[i].kind);
        assert_str(field->default_value.function, cases[i].function);
    }
    assert_int_equal(field_named(model, "each")->on_update.kind, CLIENT_VALUE_CALLABLE);
    const OrmField *maybe = field_named(model, "maybe");
    assert_int_equal(maybe->optional, WRITTEN_TRUE);
    assert_int_equal(maybe->nullable, WRITTEN_FALSE);
    assert_true(maybe->has_annotation && maybe->is_mapped_column && maybe->has_arguments);
    Str text = linked.fragments[0]->text;
    assert_true(text.data[maybe->insertion.range.start] == ')');
    const OrmField *bare = field_named(model, "bare");
    assert_int_equal(bare->optional, WRITTEN_FALSE);
    assert_false(place_is_set(bare->insertion));
    release(&linked);
}

static void relations(void **state)
{
    (void)state;
    Linked linked = link_text(
        PG, HEAD "from typing import List, Optional\n"
                 "links = sa.Table('links', Base.metadata, Column('a', ForeignKey('a.id')), "
                 "Column('b', ForeignKey('b.id')))\n"
                 "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, "
                 "primary_key=True)\n"
                 "    bs = relationship('app.models.B', secondary=links, back_populates='as_', "
                 "lazy='dynamic')\n"
                 "    cs = relationship('C', back_populates='a', cascade='all, delete-orphan', "
                 "passive_deletes=True)\n"
                 "class B(Base):\n    __tablename__ = 'b'\n    id = Column(Integer, "
                 "primary_key=True)\n"
                 "    as_: Mapped[List['A']] = relationship(secondary='links', "
                 "back_populates='bs')\n"
                 "class C(Base):\n    __tablename__ = 'c'\n    id = Column(Integer, "
                 "primary_key=True)\n    a_id = Column(ForeignKey('a.id'))\n"
                 "    a: Mapped[Optional[A]] = relationship(back_populates='cs', "
                 "foreign_keys=[a_id])\n    none = relationship('Nobody', **options)\n");
    const OrmRelation *bs = relation_named(model_named(&linked, "A"), "bs");
    const OrmRelation *as = relation_named(model_named(&linked, "B"), "as_");
    assert_str(bs->target.text, "B");
    assert_str(bs->secondary.text, "links");
    assert_str(bs->lazy, "dynamic");
    assert_true(bs->is_list);
    assert_ptr_equal(bs->inverse, as);
    assert_ptr_equal(as->inverse, bs);
    assert_ptr_equal(as->target_model, model_named(&linked, "A"));
    const OrmRelation *cs = relation_named(model_named(&linked, "A"), "cs");
    assert_str(cs->cascade, "all, delete-orphan");
    assert_int_equal(cs->passive_deletes, WRITTEN_TRUE);
    assert_true(cs->is_list);
    const OrmRelation *a = relation_named(model_named(&linked, "C"), "a");
    assert_true(a->is_optional && !a->is_list);
    assert_int_equal(a->fields.n, 1);
    assert_str(a->fields.items[0].text, "a_id");
    const OrmRelation *none = relation_named(model_named(&linked, "C"), "none");
    assert_true(none->is_partial && !none->target_model);
    release(&linked);
}

static void inheritance(void **state)
{
    (void)state;
    Linked linked =
        link_text(PG, HEAD "class A(Base):\n    __tablename__ = 'a'\n    id = Column(Integer, "
                           "primary_key=True)\nclass B(A):\n    more = Column(Integer)\n"
                           "class Unknown(elsewhere.Mixin, Base):\n    __tablename__ = 'u'\n"
                           "    id = Column(Integer, primary_key=True)\n");
    const OrmModel *a = model_named(&linked, "A"), *b = model_named(&linked, "B");
    assert_ptr_equal(b->parent, a);
    assert_null(b->operation);
    assert_non_null(a->operation);
    assert_int_equal(a->operation->as.create_table.columns.n, 2);
    assert_int_equal(b->fields.n, 1);
    assert_false(a->is_partial);
    assert_true(model_named(&linked, "Unknown")->is_partial);
    release(&linked);
}

/* ---- prefixes and cost ---- */

typedef struct {
    const char *base, *path; /* of base the path imports */
    Dialect dialect;
} SampleFile;

static const SampleFile sample_files[] = {
    {"classic/shop/enums.py", "classic/shop/base.py", PG},
    {"classic/shop/base.py", "classic/shop/people.py", MY},
    {"classic/shop/base.py", "classic/shop/tables.py", PG},
    {"classic/shop/enums.py", "classic/shop/postgresql_only.py", PG},
    {"classic/shop/enums.py", "classic/shop/mysql_only.py", MY},
    {"modern/blog/__init__.py", "modern/blog/base.py", LITE},
    {"modern/blog/base.py", "modern/blog/models.py", PG},
    {"flask/extensions.py", "flask/models.py", LITE},
    {"sqlmodel/models.py", "sqlmodel/models.py", PG},
};

typedef struct {
    Arena arena;
    ModelFile named[2];
    Str contents[2];
} Sample;

static Sample sample_of(const SampleFile *file)
{
    Sample sample = {0};
    const char *paths[] = {file->base, file->path};
    for (int k = 0; k < 2; k++) {
        Str parts[] = {STR("tests/oracles/sqlalchemy/"), str_from(paths[k])};
        Str whole = str_join(&sample.arena, parts, 2, STR(""));
        sample.contents[k] = unit_file(&sample.arena, str_to_c(&sample.arena, whole));
        sample.named[k].path = str_from(paths[k]);
    }
    return sample;
}

/* Prefixes of each sample, with the module that it imports whole. */
static void prefixes(void **state)
{
    (void)state;
    enum { STEP = 41 }; /* every one takes a minute: see the fuzzer's README for that */
    for (size_t i = 0; i < COUNT(sample_files); i++) {
        Sample sample = sample_of(&sample_files[i]);
        Str text = sample.contents[1];
        assert_true(text.length > 100);
        for (uint32_t end = 0; end <= text.length; end += STEP) {
            sample.contents[1] = str_slice(text, 0, end);
            Linked linked = link_files(sample_files[i].dialect, sample.named, sample.contents, 2);
            release(&linked);
        }
        arena_release(&sample.arena);
    }
}

/* ---- half-typed text ---- */

/* In some class of that name; tables without a class have an empty one. */
static bool has_field(const Declared *declared, Str class, Str name)
{
    for (uint32_t i = 0; i < declared->models.n; i++) {
        const OrmModel *model = declared->models.items[i];
        for (uint32_t k = 0; k < model->fields.n && str_equal(model->name.text, class); k++) {
            if (str_equal(model->fields.items[k].name.text, name))
                return true;
        }
    }
    return false;
}

/* The columns of every class are as before, but for one attribute. */
static void assert_kept(const Linked *before, const Linked *after, Str lost, Str broken)
{
    for (uint32_t i = 0; i < before->declared.models.n; i++) {
        const OrmModel *model = before->declared.models.items[i];
        for (uint32_t k = 0; k < model->fields.n; k++) {
            Str name = model->fields.items[k].name.text;
            if (str_equal(name, lost) || has_field(&after->declared, model->name.text, name))
                continue;
            print_error("%.*s.%.*s is lost by: %.*s\n", STR_ARG(model->name.text), STR_ARG(name),
                        STR_ARG(broken));
            fail();
        }
    }
}

typedef struct {
    Sample *sample;
    const Linked *whole;
    Dialect dialect;
    Str text;
    uint32_t n;
} Breaking;

/* Without the byte at `at`, which stands in `line`. */
static void break_at(Breaking *b, uint32_t at, Range line, Str lost)
{
    Str parts[] = {str_slice(b->text, 0, at), str_slice(b->text, at + 1, b->text.length)};
    Arena arena = {0};
    b->sample->contents[1] = str_join(&arena, parts, 2, STR(""));
    Linked linked = link_files(b->dialect, b->sample->named, b->sample->contents, 2);
    assert_kept(b->whole, &linked, lost,
                str_slice(b->sample->contents[1], line.start, line.end - 1));
    release(&linked);
    arena_release(&arena);
    b->n++;
}

static void break_line(Breaking *b, Range line, const char *characters, Str lost)
{
    for (const char *c = characters; *c; c++) {
        uint32_t at = line.end;
        while (at > line.start && b->text.data[at - 1] != *c)
            at--;
        if (at > line.start)
            break_at(b, at - 1, line, lost);
    }
}

static void break_class(Breaking *b, const PythonDefinition *class)
{
    Range head = {class->name.place.range.start, class->name.place.range.end};
    while (b->text.data[head.end - 1] != '\n')
        head.end++;
    break_line(b, head, "):", (Str){0});
    for (uint32_t i = 0; i < class->body.n; i++) {
        const PythonStatement *s = class->body.items[i];
        Str name = s->target && s->target->kind == TERM_NAME ? s->target->text : (Str){0};
        /* A class without its table's name is none. */
        if (s->kind != STATEMENT_ASSIGNMENT || str_starts_with(name, STR("__")))
            continue;
        Range line = s->place.range;
        break_at(b, line.end - 1, line, name);
        break_line(b, line, ")('\"=", name);
    }
}

/* What is wrong in one statement costs no other: its last character, bracket or quote is not
 * there yet. */
static void half_typed(void **state)
{
    (void)state;
    uint32_t n = 0;
    for (size_t i = 0; i < COUNT(sample_files); i++) {
        Sample sample = sample_of(&sample_files[i]);
        Dialect dialect = sample_files[i].dialect;
        Linked whole = link_files(dialect, sample.named, sample.contents, 2);
        Breaking b = {.sample = &sample, .whole = &whole, .dialect = dialect};
        b.text = sample.contents[1];
        const PythonModule *module = whole.fragments[1]->python;
        for (uint32_t k = 0; k < module->body.n; k++) {
            if (module->body.items[k]->kind == STATEMENT_CLASS)
                break_class(&b, module->body.items[k]->definition);
        }
        n += b.n;
        release(&whole);
        arena_release(&sample.arena);
    }
    print_message("%u half-typed files\n", n);
    assert_true(n > 500);
}

static size_t bytes_needed(const char *head, const char *piece, uint32_t n)
{
    Arena arena = {0};
    Str text = unit_repeated(&arena, head, piece, n);
    ModelFile file = {.path = STR("m.py")};
    Linked linked = link_files(PG, &file, &text, 1);
    size_t bytes = linked.arena.total + linked.fragments[0]->arena.total;
    release(&linked);
    arena_release(&arena);
    return bytes;
}

static void hostile(void **state)
{
    (void)state;
    static const struct {
        const char *head, *piece;
    } cases[] = {
        {HEAD "x = ", "("},
        {HEAD "x = ", "["},
        {HEAD "x = 'a'", " + 'a'"},
        {HEAD "x0 = 'a'\n", "x# = x# + x#\n"},
        {HEAD "a = b\nb = a\n", "c# = a\n"},
        {HEAD, "class A#(A#):\n    __tablename__ = 'a'\n"},
        {HEAD "class A(Base):\n    __tablename__ = 'a'\n", "    c# = Column(Integer)\n"},
        {HEAD "t = sa.Table('t', m", ", Column('c#', Integer)"},
        {HEAD, "from m# import *\n"},
        {HEAD "x: ", "Mapped[Optional["},
        {HEAD "class A(Base):\n    __tablename__ = 'a'\n    a = Column(Integer", ", Integer"},
        {HEAD, "if a:\n    pass\nelif b:\n    pass\n"},
        {HEAD "class A(Base):\n    __tablename__ = 'a'\n    __table_args__ = (",
         "sa.UniqueConstraint('a'),"},
        {HEAD "def f():\n", " if x:\n  "},
        {HEAD "x = Column(\n", "x# = 'a\n"},
        {HEAD "x = Column(\n", "class A#(B):\n    x = C(\n"},
        {HEAD "x = Column(\n", "@a(\n"},
        {HEAD "import enum\nclass E(enum.Enum):\n", "    V# = #\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        size_t some = bytes_needed(cases[i].head, cases[i].piece, 1000);
        size_t more = bytes_needed(cases[i].head, cases[i].piece, 4000);
        if (more > some * 8)
            print_error("%zu then %zu bytes: %s\n", some, more, cases[i].piece);
        assert_true(more <= some * 8);
    }
}

/* A name that a long class binds twice is what it was at each place that uses it. */
static void long_class(void **state)
{
    (void)state;
    enum { COLUMNS = 100 };
    Arena arena = {0};
    Str text = unit_repeated(&arena,
                             HEAD "class A(Base):\n    __tablename__ = 'a'\n    size = 10\n"
                                  "    a = Column(String(size))\n    size = 20\n"
                                  "    b = Column(String(size))\n",
                             "    c# = Column(String(size))\n", COLUMNS);
    ModelFile file = {.path = STR("m.py")};
    Linked linked = link_files(PG, &file, &text, 1);
    Str operations = operations_of(&linked);
    assert_true(
        str_contains(operations, STR("a character varying(10) | b character varying(20) | c0"
                                     " character varying(20)")));
    assert_true(str_contains(operations, STR("c99 character varying(20)")));
    release(&linked);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(not_known),    cmocka_unit_test(counting),   cmocka_unit_test(order),
        cmocka_unit_test(across_files), cmocka_unit_test(fields),     cmocka_unit_test(relations),
        cmocka_unit_test(inheritance),  cmocka_unit_test(prefixes),   cmocka_unit_test(hostile),
        cmocka_unit_test(long_class),   cmocka_unit_test(half_typed), cmocka_unit_test(clocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
