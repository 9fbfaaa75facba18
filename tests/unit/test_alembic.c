/* Revisions of Alembic: what upgrade() does, as operations. */
#include "frontends/python/python.h"
#include "model/orm.h"
#include "tools/summary.h"
#include "unit/unit.h"

#define PG   DIALECT_POSTGRESQL
#define MY   DIALECT_MYSQL
#define LITE DIALECT_SQLITE

#define HEAD                                                                                       \
    "from alembic import op\nimport sqlalchemy as sa\nimport sqlalchemy.orm\n"                     \
    "from sqlalchemy.dialects import mysql, postgresql\n"                                          \
    "revision = 'a'\ndown_revision = None\n"

/* `top` (may be NULL) stands before upgrade(), `body` in it. */
static Str revision_text(Arena *arena, const char *top, const char *body)
{
    return str_format(arena, "%s%s\ndef upgrade():\n%s\n", HEAD, top ? top : "", body);
}

static const struct {
    const char *title;
    Dialect dialect;
    const char *top, *body, *expected;
} upgrades[] = {
    {"a table", PG, NULL,
     "    op.create_table('t', sa.Column('id', sa.Integer(), nullable=False), sa.Column('n', "
     "sa.String(20), server_default='x'), sa.PrimaryKeyConstraint('id'), sa.UniqueConstraint('n', "
     "name='u'), schema='s', comment='c')",
     "create-table s.t | id integer serial notnull | n character varying(20) default string:'x' | "
     "primary(id) | u:unique(n) comment 'c'"},
    {"keys, unique and index of columns", PG, NULL,
     "    op.create_table('t', sa.Column('a', sa.BigInteger, sa.ForeignKey('o.id', "
     "ondelete='CASCADE'), primary_key=True), sa.Column('b', sa.Text, unique=True), sa.Column('c', "
     "sa.Integer, index=True))",
     "create-table t | a bigint notnull foreign->o(id) delete CASCADE | b text | c integer | "
     "primary(a) | unique(b)\n"
     "create-index t ix_t_c(c)"},
    {"what counts by itself", PG, NULL,
     "    op.create_table('t', sa.Column('a', sa.Integer, primary_key=True), sa.Column('b', "
     "sa.Integer, primary_key=True))\n"
     "    op.create_table('u', sa.Column('a', sa.SmallInteger, sa.Identity(always=True), "
     "primary_key=True))\n"
     "    op.create_table('v', sa.Column('a', sa.Integer, primary_key=True, autoincrement=False))\n"
     "    op.create_table('w', sa.Column('a', sa.SmallInteger, primary_key=True))",
     "create-table t | a integer notnull | b integer notnull | primary(a,b)\n"
     "create-table u | a smallint notnull identity always | primary(a)\n"
     "create-table v | a integer notnull | primary(a)\n"
     "create-table w | a smallint serial notnull | primary(a)"},
    {"MySQL table", MY, NULL,
     "    op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('e', "
     "sa.Enum('x', 'y', name='e')), mysql_engine='InnoDB', mysql_charset='utf8mb4')",
     "create-table t | id int notnull auto | e enum('x','y') | primary(id) engine InnoDB charset "
     "utf8mb4"},
    {"SQLite table", LITE, NULL,
     "    op.create_table('t', sa.Column('id', sa.Integer, primary_key=True))",
     "create-table t | id INTEGER notnull | primary(id)"},
    {"enum types come with the table", PG, NULL,
     "    op.create_table('t', sa.Column('e', sa.Enum('x', 'y', name='mood')), sa.Column('f', "
     "postgresql.ENUM('x', name='other', create_type=False)))",
     "create-type mood if-not-exists enum(x,y)\n"
     "create-table t | e mood | f other"},
    {"enum types by themselves", PG, NULL,
     "    mood = postgresql.ENUM('x', 'y', name='mood')\n"
     "    mood.create(op.get_bind(), checkfirst=True)\n"
     "    mood.drop(op.get_bind(), checkfirst=False)",
     "create-type mood if-not-exists enum(x,y)\n"
     "drop-type mood"},
    {"no enum types elsewhere", MY, NULL, "    sa.Enum('x', name='mood').create(op.get_bind())",
     ""},
    {"columns, with statements of their own for what hangs on them", PG, NULL,
     "    op.add_column('t', sa.Column('a', sa.Integer(), sa.ForeignKey('o.id', name='fk'), "
     "nullable=False), schema='s')\n"
     "    op.add_column('t', sa.Column('b', sa.Integer(), unique=True))\n"
     "    op.add_column('t', sa.Column('c', sa.Integer(), index=True))",
     "add-column s.t | a integer notnull\n"
     "add-constraint s.t fk:foreign(a)->o(id)\n"
     "add-column t | b integer\n"
     "add-constraint t unique(b)\n"
     "add-column t | c integer\n"
     "create-index t ix_t_c(c)"},
    {"batch mode", LITE, NULL,
     "    with op.batch_alter_table('t', schema=None) as batch_op:\n"
     "        batch_op.add_column(sa.Column('a', sa.Integer(), sa.ForeignKey('o.id'), "
     "nullable=True))\n"
     "        batch_op.drop_column('b')\n"
     "        batch_op.alter_column('c', existing_type=sa.Text(), nullable=False)\n"
     "        batch_op.create_index(batch_op.f('ix_t_a'), ['a'], unique=True)\n"
     "        batch_op.drop_index('old')\n"
     "        batch_op.create_foreign_key('fk', 'o', ['a'], ['id'], ondelete='SET NULL')\n"
     "        batch_op.create_unique_constraint('u', ['a', 'b'])\n"
     "        batch_op.create_check_constraint('ck', 'a > 0')\n"
     "        batch_op.create_primary_key('pk', ['a'])\n"
     "        batch_op.drop_constraint('x', type_='unique')",
     "add-column t | a INTEGER null foreign->o(id) batch\n"
     "drop-column t b batch\n"
     "set-not-null t c batch\n"
     "create-index t unique ix_t_a(a) batch\n"
     "drop-index old batch\n"
     "add-constraint t fk:foreign(a)->o(id) delete SET NULL batch\n"
     "add-constraint t u:unique(a,b) batch\n"
     "add-constraint t ck:check other:a > 0 batch\n"
     "add-constraint t pk:primary(a) batch\n"
     "drop-constraint t x batch"},
    {"tables and comments", PG, NULL,
     "    op.drop_table('t', schema='s')\n"
     "    op.rename_table('a', 'b', schema='s')\n"
     "    op.drop_column('t', 'c')\n"
     "    op.create_table_comment('t', 'hello')\n"
     "    op.drop_table_comment('t')",
     "drop-table s.t\n"
     "rename-table s.a ->b\n"
     "drop-column t c\n"
     "comment t kind0 'hello'\n"
     "comment t kind0 '' null"},
    {"alter_column", PG, NULL,
     "    op.alter_column('t', 'a', type_=sa.BigInteger(), existing_type=sa.Integer(), "
     "nullable=False, server_default=sa.text('0'), comment='c', new_column_name='b', "
     "postgresql_using='a::bigint')",
     "set-column-type t a bigint using column:a::bigint\n"
     "set-not-null t a\n"
     "set-column-default t a number:0\n"
     "comment t kind1 a 'c'\n"
     "rename-column t a->b"},
    {"alter_column: what is not written stays", PG, NULL,
     "    op.alter_column('t', 'a', nullable=True, server_default=None)\n"
     "    op.alter_column('t', 'a', existing_type=sa.Integer())\n"
     "    op.alter_column('t', 'a', server_default=sa.Identity(always=True))",
     "drop-not-null t a\n"
     "set-column-default t a\n"
     "set-identity t a always"},
    {"alter_column on MySQL writes the definition anew", MY, NULL,
     "    op.alter_column('t', 'a', existing_type=sa.String(10), nullable=False)\n"
     "    op.alter_column('t', 'a', new_column_name='b', existing_type=sa.Integer(), "
     "existing_nullable=False, existing_server_default=sa.text('0'))\n"
     "    op.alter_column('t', 'a', server_default='1')\n"
     "    op.alter_column('t', 'a', nullable=False)",
     "replace-column t a | a varchar(10) notnull\n"
     "replace-column t a | b int notnull default number:0\n"
     "set-column-default t a string:'1'"},
    {"indexes", PG, NULL,
     "    op.create_index('i', 't', ['a', sa.text('lower(b)'), sa.text('c DESC NULLS LAST')], "
     "unique=True, schema='s', postgresql_using='btree', postgresql_where=sa.text('a > 0'), "
     "postgresql_include=['d'], postgresql_concurrently=True, if_not_exists=True)\n"
     "    op.drop_index('i', table_name='t', schema='s', if_exists=True, "
     "postgresql_concurrently=True)",
     "create-index s.t if-not-exists concurrently unique i using btree(a,<lower(b)>,c desc nulls "
     "last) include(d) where other:a > 0\n"
     "drop-index s.i if-exists concurrently"},
    {"indexes and constraints of MySQL", MY, NULL,
     "    op.create_index('i', 't', ['a'], mysql_length={'a': 10})\n"
     "    op.drop_index('i', 't')\n"
     "    op.drop_constraint('f', 't', type_='foreignkey')\n"
     "    op.drop_constraint('u', 't', type_='unique')\n"
     "    op.drop_constraint(None, 't', type_='primary')",
     "create-index t i(a(10))\n"
     "drop-index i on t\n"
     "drop-constraint t f foreign\n"
     "drop-index u on t\n"
     "drop-constraint t  primary"},
    {"constraints", PG, NULL,
     "    op.create_foreign_key(None, 't', 'o', ['a', 'b'], ['x', 'y'], source_schema='s', "
     "referent_schema='r', onupdate='CASCADE', deferrable=True, initially='DEFERRED')\n"
     "    op.create_unique_constraint('u', 't', ['a'], deferrable=True)\n"
     "    op.create_check_constraint('c', 't', sa.text('a > 0'), postgresql_not_valid=True)\n"
     "    op.create_primary_key('p', 't', ['a'])\n"
     "    op.create_exclude_constraint('x', 't', ('room', '='), ('during', '&&'), using='gist', "
     "where=sa.text('a > 0'))\n"
     "    op.drop_constraint('c', 't', type_='check')",
     "add-constraint s.t foreign(a,b)->r.o(x,y) update CASCADE deferrable deferred\n"
     "add-constraint t u:unique(a) deferrable\n"
     "add-constraint t c:check other:a > 0 notvalid\n"
     "add-constraint t p:primary(a)\n"
     "add-constraint t x:exclude using gist(room with =,during with &&) where other:a > 0\n"
     "drop-constraint t c"},
    {"SQL", PG,
     "SQL = \"\"\"\n"
     "CREATE TABLE d (id int);\n"
     "CREATE INDEX ON d (id)\n"
     "\"\"\"",
     "    op.execute('DROP TABLE a')\n"
     "    op.execute(sa.text(\"UPDATE t SET a = 1 WHERE b = :x\").bindparams(x=1))\n"
     "    op.get_bind().execute('SELECT 1; SELECT 2')\n"
     "    conn = op.get_bind()\n"
     "    conn.exec_driver_sql('DROP TABLE b')\n"
     "    sa.orm.Session(bind=conn).execute(sa.text('DROP TABLE c'))\n"
     "    op.execute(SQL)\n"
     "    op.bulk_insert(t, [{'a': 1}])",
     "drop-table a\n"
     "query t\n"
     "query\n"
     "query\n"
     "drop-table b\n"
     "drop-table c\n"
     "create-table d | id integer\n"
     "create-index d ?(id)\n"
     "opaque"},
    {"SQL in pieces, with holes, or made of objects", PG, NULL,
     "    op.execute(f'DROP TABLE {unknown()}; DROP TABLE z')\n"
     "    op.execute('ALTER TABLE ' 'a DROP ' 'COLUMN b')\n"
     "    op.execute('ALTER TA' 'BLE a DROP COLUMN c')\n"
     "    op.execute('COMMENT ON TABLE t IS \\'it\\'\\'s\\'')\n"
     "    op.execute(t.update().values(a=1))",
     "opaque\n"
     "drop-table z\n"
     "drop-column a b\n"
     "drop-column a c\n"
     "comment t kind0 'it's'\n"
     "opaque"},
    {"loops over what is written", PG, "COLUMNS = {'g': ['h', 'i']}",
     "    for table in ('a', 'b'):\n"
     "        op.create_index(f'ix_{table}_x', table, ['x'])\n"
     "    for name, column in [('c', 'd'), ('e', 'f')]:\n"
     "        op.drop_column(name, column)\n"
     "    for name, columns in COLUMNS.items():\n"
     "        for column in columns:\n"
     "            op.drop_column(name, column)\n"
     "    for i, n in enumerate(['q']):\n"
     "        op.drop_table('t_%s' % n)\n"
     "    for t in inspector.get_table_names():\n"
     "        op.drop_table(t)\n"
     "        op.drop_table('sure')",
     "create-index a ix_a_x(x)\n"
     "create-index b ix_b_x(x)\n"
     "drop-column c d\n"
     "drop-column e f\n"
     "drop-column g h\n"
     "drop-column g i\n"
     "drop-table t_q\n"
     "drop-table sure conditional"},
    {"strings with holes", PG, NULL,
     "    t = 'a'\n"
     "    op.drop_table(f'x_{t}')\n"
     "    op.drop_table(f'{{{t}}}_{ t }')\n"
     "    op.drop_table(f\"\"\"{t}_{2}\"\"\")\n"
     "    op.drop_table(f'{t!r}')\n"
     "    op.drop_table(f'{t:>5}')\n"
     "    op.drop_table(f'{t.x}')\n"
     "    op.drop_table(f'\\t{t}')\n"
     "    op.drop_table('sure')",
     "drop-table x_a\n"
     "drop-table {a}_a\n"
     "drop-table sure"},
    {"functions of the file", PG,
     "def big(name, column='id'):\n"
     "    op.add_column(name, sa.Column(column, sa.BigInteger))\n"
     "def columns():\n"
     "    return [sa.Column('a', sa.Integer), key()]\n"
     "def key():\n"
     "    return sa.Column('id', sa.Integer, primary_key=True)",
     "    big('a', 'x')\n"
     "    big(name='b')\n"
     "    op.create_table('t', *columns())",
     "add-column a | x bigint\n"
     "add-column b | id bigint\n"
     "create-table t | a integer | id integer serial notnull | primary(id)"},
    {"conditions on the dialect", PG, "from alembic import context",
     "    bind = op.get_bind()\n"
     "    if bind.dialect.name == 'postgresql':\n"
     "        op.drop_table('a')\n"
     "    else:\n"
     "        op.drop_table('b')\n"
     "    if bind.dialect.name in ('mysql', 'mariadb') or bind.engine.name != 'postgresql':\n"
     "        op.drop_table('c')\n"
     "    if op.get_context().dialect.name.startswith('postgres') and not "
     "context.is_offline_mode():\n"
     "        op.drop_table('d')",
     "drop-table a\n"
     "drop-table d"},
    {"other conditions, and guards", PG, NULL,
     "    if FLAG():\n"
     "        op.drop_table('a')\n"
     "    else:\n"
     "        op.drop_table('b')\n"
     "    if not sa.inspect(op.get_bind()).has_table('c'):\n"
     "        op.create_table('c', sa.Column('x', sa.Integer))\n"
     "    try:\n"
     "        op.drop_index('d')\n"
     "    except Exception:\n"
     "        pass\n"
     "    try:\n"
     "        op.drop_index('e')\n"
     "    except Exception:\n"
     "        raise",
     "drop-table a conditional\n"
     "drop-table b conditional\n"
     "create-table c if-not-exists | x integer\n"
     "drop-index d if-exists\n"
     "drop-index e"},
    {"what follows a return", PG, NULL,
     "    if maybe():\n"
     "        return\n"
     "    op.drop_table('a')",
     "drop-table a conditional"},
    {"what follows a look and a return", PG, NULL,
     "    if sa.inspect(op.get_bind()).has_table('a'):\n"
     "        return\n"
     "    op.create_table('a', sa.Column('x', sa.Integer))",
     "create-table a if-not-exists | x integer"},
    {"continue, names of branches, raise", PG, NULL,
     "    for t in ('a', 'b'):\n"
     "        if t == 'a':\n"
     "            continue\n"
     "        op.drop_table(t)\n"
     "    name = 'x'\n"
     "    if maybe():\n"
     "        name = 'y'\n"
     "    op.drop_table(name)\n"
     "    raise ValueError()\n"
     "    op.drop_table('never')",
     "drop-table b"},
    {"an autocommit block", PG, NULL,
     "    with op.get_context().autocommit_block():\n"
     "        op.create_index('i', 't', ['a'], postgresql_concurrently=True)\n"
     "    op.drop_table('b')",
     "commit\n"
     "create-index t concurrently i(a)\n"
     "begin\n"
     "drop-table b"},
    {"tables that create themselves", PG, NULL,
     "    t = sa.Table('t', sa.MetaData(), sa.Column('id', sa.Integer, primary_key=True))\n"
     "    t.create(op.get_bind())\n"
     "    t.drop(op.get_bind(), checkfirst=True)",
     "create-table t | id integer serial notnull | primary(id)\n"
     "drop-table t if-exists"},
    {"nothing that is not known", PG, NULL,
     "    globals()['upgrade_%s' % engine_name]()\n"
     "    op.create_table(name_of(), sa.Column('a', sa.Integer))\n"
     "    op.drop_column('t', x)\n"
     "    op.unknown('t')\n"
     "    op.create_index('i', 't', columns)\n"
     "    other.drop_table('t')",
     ""},
};

static void upgrade_is_what_the_database_gets(void **state)
{
    (void)state;
    Parser *parser = parser_new();
    for (size_t i = 0; i < COUNT(upgrades); i++) {
        Arena arena = {0};
        Str text = revision_text(&arena, upgrades[i].top, upgrades[i].body);
        Fragment *fragment = python_read(parser, text, upgrades[i].dialect);
        Str actual = operations_summary(&arena, &fragment->operations);
        if (!str_equal(actual, str_from(upgrades[i].expected)))
            print_error("%s\n", upgrades[i].title);
        assert_str(actual, upgrades[i].expected);
        assert_non_null(fragment->migration);
        fragment_release(fragment);
        arena_release(&arena);
    }
    parser_free(parser);
}

/* Any dialect, every prefix: whatever is kept, it lies within the text. */
static void half_typed_revisions_are_safe(void **state)
{
    (void)state;
    Parser *parser = parser_new();
    for (size_t i = 0; i < COUNT(upgrades); i++) {
        Arena arena = {0};
        Str text = revision_text(&arena, upgrades[i].top, upgrades[i].body);
        uint32_t start = (uint32_t)strlen(HEAD);
        for (uint32_t n = start; n <= text.length; n++) {
            Fragment *fragment =
                python_read(parser, str_slice(text, 0, n), (Dialect)(n % N_DIALECTS));
            for (uint32_t k = 0; k < fragment->operations.n; k++) {
                const Operation *operation = &fragment->operations.items[k];
                assert_true(operation->place.range.end <= n);
                assert_true(operation->target.name.place.range.end <= n);
            }
            fragment_release(fragment);
        }
        arena_release(&arena);
    }
    parser_free(parser);
}

/* ---- what a file says of itself ---- */

static Str names(Arena *arena, const NameVec *all)
{
    StrVec texts = {0};
    for (uint32_t i = 0; i < all->n; i++)
        VEC_PUSH(arena, &texts, all->items[i].text);
    return str_join(arena, texts.items, texts.n, STR(","));
}

static Str written(Place place)
{
    return place.fragment ? str_slice(place.fragment->text, place.range.start, place.range.end)
                          : STR("-");
}

static Str file_summary(Arena *arena, const MigrationFile *file)
{
    if (!file)
        return STR("no revision");
    return str_format(arena,
                      STR_FMT " <- " STR_FMT " | " STR_FMT " | " STR_FMT " | " STR_FMT " | " STR_FMT
                              "%s " STR_FMT "%s%s | " STR_FMT " | " STR_FMT,
                      STR_ARG(file->revision.text), STR_ARG(names(arena, &file->down_revisions)),
                      STR_ARG(names(arena, &file->depends_on)),
                      STR_ARG(names(arena, &file->branch_labels)), STR_ARG(file->message),
                      STR_ARG(written(file->upgrade)), file->upgrade_is_empty ? " empty" : "",
                      STR_ARG(written(file->downgrade)), file->downgrade_is_empty ? " empty" : "",
                      file->downgrade_raises ? " raises" : "",
                      STR_ARG(written(file->autogenerate_comment)),
                      STR_ARG(operations_summary(arena, &file->downgrade_operations)));
}

static const struct {
    const char *text, *expected;
} files[] = {
    {"\"\"\"\n  add users  \n\nRevision ID: a\n\"\"\"\nfrom alembic import op\n"
     "revision: str = 'a'\ndown_revision: Union[str, None] = 'b'\nbranch_labels = ('l',)\n"
     "depends_on = None\ndef upgrade() -> None:\n"
     "    # ### commands auto generated by Alembic - please adjust! ###\n    op.drop_table('t')\n"
     "def downgrade() -> None:\n    op.drop_table('u')\n    op.execute('DROP TABLE v')\n",
     "a <- b |  | l | add users | upgrade downgrade | "
     "# ### commands auto generated by Alembic - please adjust! ### | "
     "drop-table u\ndrop-table v"},
    {"revision = 'm'\ndown_revision = ('a', 'b')\ndepends_on = 'c'\n"
     "def upgrade():\n    \"nothing\"\n    pass\ndef downgrade():\n    raise "
     "NotImplementedError()\n",
     "m <- a,b | c |  |  | upgrade empty downgrade raises | - | "},
    {"revision = 'm'\ndef upgrade():\n    ...\ndef downgrade():\n    return None\n",
     "m <-  |  |  |  | upgrade empty downgrade empty | - | "},
    {"revision = 'm'\ndef upgrade():\n    x()\n", "m <-  |  |  |  | upgrade - | - | "},
    {"revision = 'm'\ndef downgrade():\n    pass\ndef upgraded(): pass\n", "no revision"},
    {"def upgrade():\n    pass\nrevision = name()\n", "no revision"},
    /* Flask-Migrate with several databases: the one without a name is the application's */
    {"from alembic import op\nrevision = 'm'\n"
     "def upgrade(engine_name):\n    globals()['upgrade_%s' % engine_name]()\n"
     "def downgrade(engine_name):\n    globals()['downgrade_%s' % engine_name]()\n"
     "def upgrade_():\n    op.drop_table('a')\ndef downgrade_():\n    op.drop_table('b')\n"
     "def upgrade_users():\n    op.drop_table('c')\n",
     "m <-  |  |  |  | upgrade downgrade | - | drop-table b"},
};

static void a_file_says_who_it_is(void **state)
{
    (void)state;
    Parser *parser = parser_new();
    for (size_t i = 0; i < COUNT(files); i++) {
        Arena arena = {0};
        Fragment *fragment = python_read(parser, str_from(files[i].text), PG);
        assert_str(file_summary(&arena, fragment->migration), files[i].expected);
        fragment_release(fragment);
        arena_release(&arena);
    }
    parser_free(parser);
}

/* ---- where things stand ---- */

static const struct {
    const char *body, *column, *place;
} places[] = {
    {"    op.execute('ALTER TABLE a ADD COLUMN b int')", "b", "b"},
    {"    op.execute(\n        'ALTER TABLE a '\n        \"ADD COLUMN bcd int\")", "bcd", "bcd"},
    {"    op.execute(\"\"\"\n        -- why\n        ALTER TABLE a\n ADD COLUMN b int\n\"\"\")",
     "b", "b"},
    {"    op.execute('ALTER TABLE a\\n\\tADD COLUMN b int')", "b", "b"},
    {"    op.execute(r'ALTER TABLE a ADD COLUMN \"b c\" int')", "b c", "\"b c\""},
    {"    op.execute(f'ALTER TABLE a ADD COLUMN bb int')", "bb", "bb"},
    {"    op.execute(sa.text('ALTER TABLE a ADD COLUMN b int DEFAULT 1\\\\:\\\\:int'))", "b", "b"},
    {"    op.add_column('a', sa.Column('b', sa.Integer))", "b", "b"},
};

static void places_stand_in_the_python_text(void **state)
{
    (void)state;
    Parser *parser = parser_new();
    for (size_t i = 0; i < COUNT(places); i++) {
        Arena arena = {0};
        Str text = revision_text(&arena, NULL, places[i].body);
        Fragment *fragment = python_read(parser, text, PG);
        if (fragment->operations.n != 1)
            print_error("%s\n", places[i].body);
        assert_int_equal(fragment->operations.n, 1);
        const Operation *operation = &fragment->operations.items[0];
        assert_int_equal(operation->kind, OP_ADD_COLUMN);
        assert_str(operation->as.add_column.name.text, places[i].column);
        assert_str(written(operation->as.add_column.name.place), places[i].place);
        fragment_release(fragment);
        arena_release(&arena);
    }
    parser_free(parser);
}

/* ---- what only other modules know ---- */

static void the_unknown_is_marked(void **state)
{
    (void)state;
    Arena arena = {0};
    Parser *parser = parser_new();
    Str text = revision_text(
        &arena, "import constants",
        "    op.add_column('t', sa.Column('a', sa.Text, server_default=constants.A))\n"
        "    op.add_column('t', sa.Column('a', constants.Type(), server_default=None))\n"
        "    op.create_table('u', sa.Column('a', sa.Text), *constants.COLUMNS)\n"
        "    op.create_table('v', sa.Column('a', sa.Text), constants.column())\n"
        "    op.create_table('w', sa.Column('a', sa.Text), sa.UniqueConstraint('a'))\n");
    Fragment *fragment = python_read(parser, text, PG);
    assert_int_equal(fragment->operations.n, 5);
    const Operation *operations = fragment->operations.items;
    assert_true(operations[0].as.add_column.default_is_unknown);
    assert_null(operations[0].as.add_column.default_value);
    assert_false(operations[1].as.add_column.default_is_unknown);
    assert_int_equal(operations[1].as.add_column.type.family, TYPE_UNKNOWN);
    assert_true(operations[2].as.create_table.is_partial);
    assert_true(operations[3].as.create_table.is_partial);
    assert_false(operations[4].as.create_table.is_partial);
    fragment_release(fragment);
    parser_free(parser);
    arena_release(&arena);
}

/* ---- hostile texts ---- */

static Str repeated(Arena *arena, const char *before, const char *part, uint32_t n,
                    const char *after)
{
    StrVec parts = {0};
    VEC_PUSH(arena, &parts, str_from(HEAD));
    VEC_PUSH(arena, &parts, str_from(before));
    for (uint32_t i = 0; i < n; i++)
        VEC_PUSH(arena, &parts, str_from(part));
    VEC_PUSH(arena, &parts, str_from(after));
    return str_join(arena, parts.items, parts.n, STR(""));
}

/* Nested loops and functions mean more statements than anybody could run; they end. */
static void what_means_too_much_is_cut_off(void **state)
{
    (void)state;
    static const struct {
        const char *before, *part;
        uint32_t n;
        const char *after;
    } hostile[] = {
        {"X = (1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28,29,30)\n"
         "def upgrade():\n for a in X:\n  for b in X:\n   for c in X:\n    for d in X:\n"
         "     for e in X:\n",
         "      op.drop_table('t')\n", 10, ""},
        {"def f():\n    g(); g(); g(); g()\ndef g():\n    f(); f(); f(); f()\ndef upgrade():\n",
         "    f()\n", 100, ""},
        {"def f(x):\n    return [f(x), f(x), f(x)]\ndef upgrade():\n",
         "    op.create_table('t', *f(1))\n", 100, ""},
        {"def upgrade():\n    a = 'x'\n", "    a = a + a\n", 200, "    op.drop_table(a)\n"},
        {"def upgrade():\n    a = 'x'\n", "    a = '%s%s' % (a, a)\n", 200,
         "    op.drop_table(a)\n"},
        {"def upgrade():\n    a = ['x']\n", "    a += a\n", 200,
         "    for b in a:\n        op.drop_table(b)\n"},
        {"def upgrade():\n    op.execute(", "'a' ", 20000, ")\n"},
        {"def upgrade():\n    op.execute(f'", "{a}", 20000, "')\n"},
        {"def upgrade():\n    op.execute(\"\"\"", "SELECT 1;", 5000, "\"\"\")\n"},
        {"def upgrade():\n    op.create_table('t'", ", sa.Column('a', sa.Integer)", 5000, ")\n"},
        {"def upgrade():\n", "  if x:\n   return\n  else:\n   pass\n", 5000, ""},
        {"def upgrade():\n    op", ".get_bind()", 5000, ".execute('x')\n"},
    };
    Parser *parser = parser_new();
    for (size_t i = 0; i < COUNT(hostile); i++) {
        Arena arena = {0};
        Str text =
            repeated(&arena, hostile[i].before, hostile[i].part, hostile[i].n, hostile[i].after);
        Fragment *fragment = python_read(parser, text, PG);
        assert_true(fragment->operations.n < 200000);
        fragment_release(fragment);
        arena_release(&arena);
    }
    parser_free(parser);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(upgrade_is_what_the_database_gets),
        cmocka_unit_test(half_typed_revisions_are_safe),
        cmocka_unit_test(a_file_says_who_it_is),
        cmocka_unit_test(places_stand_in_the_python_text),
        cmocka_unit_test(the_unknown_is_marked),
        cmocka_unit_test(what_means_too_much_is_cut_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
