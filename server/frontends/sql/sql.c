#include "frontends/sql/sql.h"

#include "base/hash.h"
#include "frontends/sql/lower.h"
#include "syntax/sql_lex.h"

enum {
    /* A bigger INSERT is data: its head says which table and columns, the rest is rows. */
    INSERT_WHOLE_MAX_BYTES = 64 * 1024,
    INSERT_HEAD_BYTES = 16 * 1024,
    /* How much a statement lowers to, measured on real migrations: an operation, and for each
     * byte of text so many bytes of what hangs on it. Columns are dense. */
    OPERATION_BYTES = sizeof(Operation) + 64,
    COLUMNS_GROWTH = 15,
    OTHERS_GROWTH = 4,
    TABLE_BYTES = 96,
    QUERY_BYTES = 448,
    QUERY_MAX_BYTES = 512,           /* what its text may add: rows add nothing */
    ESTIMATED_MAX_BYTES = 32 * 1024, /* longer texts are data or bodies */
};

/* --- statements --- */

static void lower_query_statement(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_QUERY, node);
    const Query *query = lower_query(l, node);
    if (!query) {
        op.kind = OP_OPAQUE;
        emit(l, &op);
        return;
    }
    op.as.query = query;
    for (uint32_t i = 0; i < query->tables.n; i++) {
        if (query->tables.items[i].is_target) {
            op.target = query->tables.items[i].table;
            break;
        }
    }
    emit(l, &op);
}

/* A SELECT … INTO t of SQL Server or PostgreSQL makes a table; its columns are the query's. */
static void lower_select(Lowering *l, NodeIndex node)
{
    NodeIndex into = field(l, field(l, node, SQL_FIELD_BODY), SQL_FIELD_INTO);
    NodeIndex name = field(l, into, SQL_FIELD_NAME);
    bool makes_table = into != NO_NODE && node_kind(l, name) == SQL_OBJECT_NAME &&
                       !l->in_function && !l->in_do_block && l->dialect != DIALECT_MYSQL;
    if (!makes_table) {
        lower_query_statement(l, node);
        return;
    }
    Operation op = operation_at(l, OP_CREATE_TABLE, node);
    op.target = lower_object_name(l, name);
    op.is_temporary = has_token(l, into, SQL_KW_TEMPORARY) || has_token(l, into, SQL_KW_TEMP) ||
                      str_starts_with(op.target.name.text, STR("#"));
    op.as.create_table.temporary = op.is_temporary;
    op.as.create_table.unlogged = has_token(l, into, SQL_KW_UNLOGGED);
    op.as.create_table.as_query = lower_query(l, node);
    emit(l, &op);
}

static void emit_plain(Lowering *l, OperationKind kind, NodeIndex node)
{
    Operation op = operation_at(l, kind, node);
    emit(l, &op);
}

/* SECURITY LABEL, CREATE CAST …: known words are known statements. */
static void lower_other(Lowering *l, NodeIndex node)
{
    if (lower_create_aggregate(l, node))
        return;
    Str text = node_text(l, node);
    SqlToken first = sql_lex_code(text, 0, l->dialect);
    bool is_known = is_known_lead(text, first);
    emit_plain(l, is_known ? OP_OPAQUE : OP_UNKNOWN, node);
}

/* Statements that change nothing but what they say of themselves. */
static bool lower_small(Lowering *l, NodeIndex node)
{
    switch (node_kind(l, node)) {
    case SQL_SET_STATEMENT:
        lower_set(l, node);
        return true;
    case SQL_RESET_STATEMENT:
        lower_reset(l, node);
        return true;
    case SQL_USE_STATEMENT:
        lower_use(l, node);
        return true;
    case SQL_TRANSACTION_STATEMENT:
        lower_transaction(l, node);
        return true;
    case SQL_TRUNCATE_STATEMENT:
        lower_truncate(l, node);
        return true;
    case SQL_REFRESH_STATEMENT:
        lower_refresh(l, node);
        return true;
    case SQL_REINDEX_STATEMENT:
        lower_reindex(l, node);
        return true;
    case SQL_MAINTENANCE_STATEMENT:
        lower_maintenance(l, node);
        return true;
    case SQL_COPY_STATEMENT:
    case SQL_CALL_STATEMENT:
    case SQL_RETURN_STATEMENT:
        lower_expression_queries(l, node);
        emit_plain(l, OP_OPAQUE, node);
        return true;
    case SQL_EXPLAIN_STATEMENT:
    case SQL_LOCK_STATEMENT:
    case SQL_PRAGMA_STATEMENT:
        emit_plain(l, OP_OPAQUE, node);
        return true;
    default:
        return false;
    }
}

static bool lower_definition(Lowering *l, NodeIndex node)
{
    static const struct {
        uint16_t kind;
        void (*lower)(Lowering *l, NodeIndex node);
    } table[] = {
        {SQL_CREATE_TABLE, lower_create_table},
        {SQL_ALTER_TABLE, lower_alter_table},
        {SQL_CREATE_INDEX, lower_create_index},
        {SQL_DROP_STATEMENT, lower_drop},
        {SQL_CREATE_VIEW, lower_create_view},
        {SQL_ALTER_OBJECT, lower_alter_object},
        {SQL_CREATE_TYPE, lower_create_type},
        {SQL_ALTER_TYPE, lower_alter_type},
        {SQL_CREATE_DOMAIN, lower_create_domain},
        {SQL_ALTER_DOMAIN, lower_alter_domain},
        {SQL_CREATE_SEQUENCE, lower_create_sequence},
        {SQL_ALTER_SEQUENCE, lower_alter_sequence},
        {SQL_CREATE_FUNCTION, lower_create_function},
        {SQL_CREATE_TRIGGER, lower_create_trigger},
        {SQL_DO_STATEMENT, lower_do},
        {SQL_CREATE_POLICY, lower_create_policy},
        {SQL_ALTER_POLICY, lower_alter_policy},
        {SQL_COMMENT_STATEMENT, lower_comment},
        {SQL_CREATE_SCHEMA, lower_create_schema},
        {SQL_CREATE_EXTENSION, lower_create_extension},
        {SQL_CREATE_OBJECT, lower_create_object},
        {SQL_RENAME_STATEMENT, lower_rename},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (node_kind(l, node) == table[i].kind) {
            table[i].lower(l, node);
            return true;
        }
    }
    return false;
}

static void lower_default_privileges(Lowering *l, NodeIndex node)
{
    NodeIndex grant = field(l, node, SQL_FIELD_STATEMENT);
    if (grant != NO_NODE)
        lower_grant(l, grant, true);
    else
        emit_plain(l, OP_OPAQUE, node);
}

void lower_statement(Lowering *l, NodeIndex node)
{
    switch (node_kind(l, node)) {
    case SQL_QUERY:
        lower_select(l, node);
        break;
    case SQL_INSERT_STATEMENT:
    case SQL_UPDATE_STATEMENT:
    case SQL_DELETE_STATEMENT:
    case SQL_MERGE_STATEMENT:
        lower_query_statement(l, node);
        break;
    case SQL_GRANT_STATEMENT:
    case SQL_REVOKE_STATEMENT:
        lower_grant(l, node, false);
        break;
    case SQL_ALTER_DEFAULT_PRIVILEGES:
        lower_default_privileges(l, node);
        break;
    case SQL_OTHER_STATEMENT:
        lower_other(l, node);
        break;
    default:
        if (!lower_definition(l, node) && !lower_small(l, node))
            emit_plain(l, OP_UNKNOWN, node);
        break;
    }
}

/* --- texts --- */

static bool is_statement(const Lowering *l, NodeIndex node)
{
    uint16_t kind = node_kind(l, node);
    return l->tree->nodes[node].is_named && kind != SQL_COMMENT && kind != SQL_META_COMMAND &&
           kind != SQL_COPY_DATA;
}

static void lower_statement_at(Lowering *l, NodeIndex node)
{
    l->statement = node_place(l, node);
    lower_statement(l, node);
    l->statement_index++;
}

/* The tree in hand is put aside while another text is parsed and `visit` called. */
static void with_tree(Lowering *l, Str text, uint32_t base, void (*visit)(Lowering *l))
{
    const Tree *outer_tree = l->tree;
    uint32_t outer_base = l->base;
    Place outer_statement = l->statement;
    Tree tree = parser_parse(l->parser, LANGUAGE_SQL, text, l->scratch);
    l->tree = &tree;
    l->base = base;
    visit(l);
    l->tree = outer_tree;
    l->base = outer_base;
    l->statement = outer_statement;
}

/* CREATE SCHEMA s CREATE TABLE t …: what is created within the statement is created in s. */
static void place_in_schema(Lowering *l, uint32_t first_operation)
{
    OperationVec *operations = &l->fragment->operations;
    Name schema = {0};
    for (uint32_t i = first_operation; i < operations->n; i++) {
        Operation *op = &operations->items[i];
        if (op->kind == OP_CREATE_SCHEMA)
            schema = op->target.name;
        else if (name_is_absent(op->target.schema) && !name_is_absent(op->target.name))
            op->target.schema = schema;
    }
}

/* What stands behind an error is what is left of the same statement: only what has a
 * structure of its own is read. A text that gives nothing at all is unknown as a whole. */
static void visit_statements(Lowering *l)
{
    uint32_t first_operation = l->fragment->operations.n;
    bool has_error = l->tree->nodes[0].is_error; /* the parser gave up */
    FOR_EACH_CHILD(l, node, 0) {
        has_error |= is_broken(l, node);
        bool is_rest = has_error && node_kind(l, node) == SQL_OTHER_STATEMENT;
        if (is_statement(l, node) && !is_broken(l, node) && !is_rest)
            lower_statement_at(l, node);
    }
    if (has_token(l, 0, SQL_CREATE_SCHEMA))
        place_in_schema(l, first_operation);
    if (has_error && l->fragment->operations.n == first_operation) {
        l->statement = node_place(l, 0);
        emit_plain(l, OP_UNKNOWN, 0);
        l->statement_index++;
    }
}

static void visit_queries(Lowering *l)
{
    FOR_EACH_CHILD(l, node, 0) {
        if (node_kind(l, node) == SQL_QUERY)
            lower_query(l, node);
    }
}

void lower_text(Lowering *l, Str text, uint32_t base)
{
    with_tree(l, text, base, visit_statements);
}

void lower_text_queries(Lowering *l, Str text, uint32_t base)
{
    with_tree(l, text, base, visit_queries);
}

/* --- the whole --- */

/* MySQL runs what stands in versioned comments: their marks become spaces, in a copy with
 * the same offsets. Other texts are taken as they are. */
static Str without_version_marks(Lowering *l, Str text)
{
    if (l->dialect != DIALECT_MYSQL ||
        (!str_contains(text, STR("/*!")) && !str_contains(text, STR("/*M!"))))
        return text;
    char *out = arena_alloc_raw(l->out, text.length + 1u);
    memcpy(out, text.data, text.length);
    for (uint32_t at = 0;;) {
        SqlToken token = sql_lex(text, at, l->dialect);
        if (token.kind == SQL_TOKEN_END)
            break;
        at = token.end;
        Str comment = sql_token_text(text, token);
        bool is_code =
            str_starts_with(comment, STR("/*!")) || str_starts_with(comment, STR("/*M!"));
        if (token.kind != SQL_TOKEN_COMMENT || !is_code || token.is_open)
            continue;
        uint32_t inside = token.start + (text.data[token.start + 2] == 'M' ? 4 : 3);
        while (inside < token.end && text.data[inside] >= '0' && text.data[inside] <= '9')
            inside++;
        memset(out + token.start, ' ', inside - token.start);
        memset(out + token.end - 2, ' ', 2);
    }
    return str_of(out, text.length);
}

/* The part of a statement that is parsed: all of it, but of a big INSERT only its first rows. */
static Str parsed_part(const Lowering *l, Str text)
{
    if (text.length <= INSERT_WHOLE_MAX_BYTES)
        return text;
    SqlToken first = sql_lex_code(text, 0, l->dialect);
    if (!sql_token_in(text, first, " INSERT REPLACE "))
        return text;
    uint32_t end = INSERT_HEAD_BYTES;
    while (end > 0 && text.data[end - 1] != ')')
        end--; /* after a row; or nothing ends there, and the cut is as good as any */
    return str_slice(text, 0, end > 0 ? end : INSERT_HEAD_BYTES);
}

/* Half-typed text lacks its closing parentheses. With them the parser loses one item instead
 * of all; they stand behind the text, where no position is. */
static Str with_parentheses_closed(Lowering *l, Str text, uint32_t n_open)
{
    enum { MISSING_MAX = 32 }; /* more is no half-typed statement */
    static const Str closing = STR_INIT("\n))))))))))))))))))))))))))))))))");
    if (n_open == 0 || n_open > MISSING_MAX || text.length < l->fragment->text.length)
        return text;
    Str parts[] = {text, str_slice(closing, 0, n_open + 1)};
    return str_join(l->out, parts, 2, STR(""));
}

static bool has_word(Str text, Str upper, Str lower)
{
    return str_contains(text, upper) || str_contains(text, lower);
}

/* Their parts are large, however short the text is. */
static size_t bytes_of_keys(Str text)
{
    bool has_key = has_word(text, STR("KEY"), STR("key"));
    bool has_references = has_word(text, STR("REFERENCES"), STR("references"));
    return ((size_t)has_key + has_references) * (sizeof(ConstraintDef) + sizeof(IndexPart));
}

/* Room for what the statement will give: a good guess keeps a fragment in one chunk, and
 * that chunk full. */
static size_t estimated_bytes(Str text, Dialect dialect)
{
    size_t length = text.length < ESTIMATED_MAX_BYTES ? text.length : ESTIMATED_MAX_BYTES;
    SqlToken first = sql_lex_code(text, 0, dialect);
    SqlToken second = sql_lex_code(text, first.end, dialect);
    if (sql_token_in(text, first, " DROP BEGIN COMMIT SET TRUNCATE RENAME "))
        return OPERATION_BYTES;
    if (sql_token_in(text, first, " INSERT REPLACE "))
        return OPERATION_BYTES + QUERY_BYTES +
               (length < QUERY_MAX_BYTES ? length : QUERY_MAX_BYTES);
    if (sql_token_is(text, first, "CREATE") && sql_token_is(text, second, "TABLE"))
        return OPERATION_BYTES + TABLE_BYTES + length * COLUMNS_GROWTH + bytes_of_keys(text);
    return OPERATION_BYTES + length * OTHERS_GROWTH;
}

Fragment *sql_lower(Parser *parser, Str text, Dialect dialect)
{
    size_t estimate = estimated_bytes(text, dialect);
    uint64_t hash = hash_bytes(text.data, text.length, (uint64_t)dialect + 1);
    Fragment *fragment = fragment_new_sized(text, hash, estimate);
    fragment->arena.next_capacity = estimate / 4; /* what is missing is less than what was there */
    fragment->operations.items = ARENA_ARRAY(&fragment->arena, Operation, 1);
    fragment->operations.capacity = 1; /* first, for its size: it would not fit into what is left */
    Lowering l = {.parser = parser,
                  .fragment = fragment,
                  .out = &fragment->arena,
                  .scratch = parser_scratch(parser),
                  .dialect = dialect};
    uint32_t n_open = find_text_problems(&l, fragment->text);
    Str whole = parsed_part(&l, without_version_marks(&l, fragment->text));
    lower_text(&l, with_parentheses_closed(&l, whole, n_open), 0);
    arena_reset(l.scratch);
    return fragment;
}

void sql_lower_program_query(Parser *parser, Fragment *fragment, Str text, uint32_t base,
                             Dialect dialect)
{
    Lowering l = {.parser = parser,
                  .fragment = fragment,
                  .out = &fragment->arena,
                  .scratch = parser_scratch(parser),
                  .dialect = dialect,
                  .in_program = true};
    uint32_t n_operations = fragment->operations.n, n_problems = fragment->problems.n;
    lower_text(&l, parsed_part(&l, without_version_marks(&l, text)), base);
    fragment->operations.n = n_operations; /* what it would do, the program does when it runs */
    fragment->problems.n = n_problems;
    arena_reset(l.scratch);
}

void sql_lower_within(Parser *parser, Fragment *fragment, Str text, uint32_t base, Dialect dialect)
{
    Lowering l = {.parser = parser,
                  .fragment = fragment,
                  .out = &fragment->arena,
                  .scratch = parser_scratch(parser),
                  .dialect = dialect};
    lower_text(&l, parsed_part(&l, without_version_marks(&l, text)), base);
    arena_reset(l.scratch);
}
