#include "frontends/sql/sql.h"

#include "base/hash.h"
#include "frontends/sql/lower.h"
#include "syntax/sql_lex.h"

enum {
    /* A bigger INSERT is data: its head says which table and columns, the rest is rows. */
    INSERT_WHOLE_MAX_BYTES = 64 * 1024,
    INSERT_HEAD_BYTES = 16 * 1024,
};

/* --- emitting --- */

Operation operation_at(const Lowering *l, OperationKind kind, NodeIndex node)
{
    return (Operation){.kind = kind,
                       .dialect = l->dialect,
                       .place = node_place(l, node),
                       .statement = l->statement,
                       .statement_index = l->statement_index,
                       .is_conditional = l->is_conditional,
                       .in_do_block = l->in_do_block};
}

static bool creates(OperationKind kind)
{
    return kind == OP_CREATE_TABLE || kind == OP_ADD_COLUMN || kind == OP_ADD_CONSTRAINT ||
           kind == OP_CREATE_INDEX || kind == OP_CREATE_TYPE || kind == OP_ADD_ENUM_VALUE ||
           kind == OP_CREATE_SEQUENCE || kind == OP_CREATE_VIEW || kind == OP_CREATE_FUNCTION ||
           kind == OP_CREATE_TRIGGER || kind == OP_CREATE_POLICY || kind == OP_CREATE_SCHEMA ||
           kind == OP_CREATE_EXTENSION || kind == OP_ATTACH_PARTITION;
}

/* What changes no schema is run or not: there is no "where needed" to it. */
static bool changes_schema(OperationKind kind)
{
    return kind != OP_UNKNOWN && kind != OP_OPAQUE && kind != OP_QUERY && kind != OP_TRUNCATE &&
           kind != OP_SET && kind != OP_USE && kind != OP_BEGIN && kind != OP_COMMIT &&
           kind != OP_ROLLBACK && kind != OP_SAVEPOINT && kind != OP_REFRESH_VIEW &&
           kind != OP_REINDEX && kind != OP_GRANT && kind != OP_REVOKE && kind != OP_COMMENT;
}

void guard_operation(Operation *operation)
{
    if (creates(operation->kind))
        operation->if_not_exists = true;
    else if (changes_schema(operation->kind))
        operation->if_exists = true;
}

void emit(Lowering *l, const Operation *operation)
{
    if (l->in_function) /* it happens when the function is called, if ever */
        return;
    VEC_PUSH(l->out, &l->fragment->operations, *operation);
    Operation *added = VEC_LAST(&l->fragment->operations);
    if (!l->is_guarded)
        return;
    guard_operation(added);
    if (!changes_schema(added->kind))
        added->is_conditional = true;
}

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

/* CREATE AGGREGATE, SECURITY LABEL …: known words are known statements. */
static void lower_other(Lowering *l, NodeIndex node)
{
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

static void visit_statements(Lowering *l)
{
    FOR_EACH_CHILD(l, node, 0)
    {
        if (is_statement(l, node))
            lower_statement_at(l, node);
    }
}

static void visit_queries(Lowering *l)
{
    lower_expression_queries(l, 0);
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

uint64_t sql_fragment_hash(Str text, Dialect dialect)
{
    return hash_bytes(text.data, text.length, (uint64_t)dialect + 1);
}

Fragment *sql_lower(Parser *parser, Str text, Dialect dialect)
{
    Fragment *fragment = fragment_new(text, sql_fragment_hash(text, dialect));
    Lowering l = {.parser = parser,
                  .fragment = fragment,
                  .out = &fragment->arena,
                  .scratch = parser_scratch(parser),
                  .dialect = dialect};
    Str whole = without_version_marks(&l, fragment->text);
    lower_text(&l, parsed_part(&l, whole), 0);
    find_text_problems(&l, fragment->text);
    arena_reset(l.scratch);
    return fragment;
}
