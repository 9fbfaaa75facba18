#include "frontends/sql/lower.h"

PartitionBy lower_partition_by(Lowering *l, NodeIndex node)
{
    NodeIndex columns = field(l, node, SQL_FIELD_COLUMNS);
    NodeIndex method = field(l, node, SQL_FIELD_METHOD);
    PartitionBy partition = {.strategy = lower_case(l, node_text(l, method)),
                             .parts = lower_index_parts(l, columns),
                             .place = node_place(l, node)};
    NodeIndex last = columns != NO_NODE ? columns : method;
    if (last != NO_NODE)
        partition.text =
            str_slice(l->tree->text, l->tree->nodes[method].start, l->tree->nodes[last].end);
    return partition;
}

bool lower_table_option(Lowering *l, NodeIndex node, TableOptions *options)
{
    Str name = node_text(l, field(l, node, SQL_FIELD_NAME));
    NodeIndex value_node = field(l, node, SQL_FIELD_VALUE);
    Str value = value_node == NO_NODE ? (Str){0} : literal_text(l, value_node);
    if (str_equal_ignore_case(name, STR("engine")))
        options->engine = lower_case(l, value);
    else if (str_equal_ignore_case(name, STR("charset")) ||
             str_equal_ignore_case(name, STR("character")))
        options->character_set = lower_case(l, value);
    else if (str_equal_ignore_case(name, STR("collate")))
        options->collation = lower_case(l, value);
    else if (str_equal_ignore_case(name, STR("comment")))
        options->comment = value;
    else
        return false;
    return true;
}

/* --- LIKE --- */

static void include_all(LikeClause *like, bool value)
{
    like->defaults = like->constraints = like->indexes = like->identity = value;
    like->generated = like->comments = like->storage = like->statistics = value;
}

static void apply_like_option(const Lowering *l, NodeIndex node, LikeClause *like)
{
    Str option = node_text(l, field(l, node, SQL_FIELD_OPTION));
    bool value = has_token(l, node, SQL_KW_INCLUDING);
    if (str_equal_ignore_case(option, STR("all")))
        include_all(like, value);
    else if (str_equal_ignore_case(option, STR("defaults")))
        like->defaults = value;
    else if (str_equal_ignore_case(option, STR("constraints")))
        like->constraints = value;
    else if (str_equal_ignore_case(option, STR("indexes")))
        like->indexes = value;
    else if (str_equal_ignore_case(option, STR("identity")))
        like->identity = value;
    else if (str_equal_ignore_case(option, STR("generated")))
        like->generated = value;
    else if (str_equal_ignore_case(option, STR("comments")))
        like->comments = value;
    else if (str_equal_ignore_case(option, STR("storage")))
        like->storage = value;
    else if (str_equal_ignore_case(option, STR("statistics")))
        like->statistics = value;
}

static void add_like(Lowering *l, TableDef *table, NodeIndex node)
{
    LikeClause like = {.table = lower_object_name(l, field(l, node, SQL_FIELD_TABLE))};
    if (l->dialect == DIALECT_MYSQL)
        include_all(&like, true);
    FOR_EACH_CHILD(l, option, node) {
        if (node_kind(l, option) == SQL_LIKE_OPTION)
            apply_like_option(l, option, &like);
    }
    VEC_PUSH(l->out, &table->likes, like);
}

/* --- elements --- */

/* SQL Server: DEFAULT v FOR c belongs to its column. */
static void apply_default(Lowering *l, TableDef *table, NodeIndex node)
{
    Name name = lower_name(l, field(l, node, SQL_FIELD_COLUMN));
    for (uint32_t i = 0; i < table->columns.n; i++) {
        ColumnDef *column = &table->columns.items[i];
        if (str_equal_ignore_case(column->name.text, name.text)) {
            column->default_value = lower_expression(l, field(l, node, SQL_FIELD_VALUE));
            column->default_place = node_place(l, node);
        }
    }
}

/* Columns are most of a schema: their array is made to measure. */
static void reserve_columns(Lowering *l, TableDef *table, NodeIndex elements)
{
    uint32_t n = table->columns.n;
    FOR_EACH_CHILD(l, child, elements)
        n += node_kind(l, child) == SQL_COLUMN_DEFINITION && n < PARTS_MAX;
    if (table->columns.n == 0 && n > 0) {
        table->columns.items = ARENA_ARRAY(l->out, ColumnDef, n);
        table->columns.capacity = n;
    }
}

static void add_column(Lowering *l, TableDef *table, NodeIndex node)
{
    if (table->columns.n >= PARTS_MAX)
        return;
    ColumnDef column = lower_column(l, node);
    if (!str_is_empty(column.name.text)) /* else it is being typed */
        VEC_PUSH(l->out, &table->columns, column);
}

static void add_elements(Lowering *l, TableDef *table, NodeIndex elements)
{
    if (elements == NO_NODE)
        return;
    table->body = node_place(l, elements);
    reserve_columns(l, table, elements);
    FOR_EACH_CHILD(l, element, elements) {
        uint16_t kind = node_kind(l, element);
        if (kind == SQL_COLUMN_DEFINITION)
            add_column(l, table, element);
        else if (is_table_constraint(kind))
            VEC_PUSH(l->out, &table->constraints, lower_constraint(l, element));
        else if (kind == SQL_INDEX_DEFINITION)
            VEC_PUSH(l->out, &table->indexes, lower_index_definition(l, element));
        else if (kind == SQL_LIKE_CLAUSE)
            add_like(l, table, element);
        else if (kind == SQL_DEFAULT_CONSTRAINT)
            apply_default(l, table, element);
    }
}

/* --- clauses --- */

static void add_partition_of(Lowering *l, TableDef *table, NodeIndex node)
{
    table->partition_of = lower_object_name(l, field(l, node, SQL_FIELD_PARENT));
    add_elements(l, table, field(l, node, SQL_FIELD_ELEMENTS));
    NodeIndex bound = field(l, node, SQL_FIELD_BOUND);
    if (bound != NO_NODE)
        table->partition_bound = node_text(l, bound);
}

static void add_as_query(Lowering *l, TableDef *table, NodeIndex node)
{
    NodeIndex query = field(l, node, SQL_FIELD_QUERY);
    if (node_kind(l, query) == SQL_QUERY)
        table->as_query = lower_query(l, query);
}

static void add_clause(Lowering *l, TableDef *table, TableOptions *options, NodeIndex node)
{
    switch (node_kind(l, node)) {
    case SQL_PARTITION_OF:
        add_partition_of(l, table, node);
        break;
    case SQL_OF_TYPE:
        add_elements(l, table, field(l, node, SQL_FIELD_ELEMENTS));
        break;
    case SQL_LIKE_TABLE:
        add_like(l, table, node);
        break;
    case SQL_PARTITION_BY:
        table->partition_by = lower_partition_by(l, node);
        break;
    case SQL_INHERITS:
        FOR_EACH_CHILD(l, parent, node) {
            if (node_field(l, parent) == SQL_FIELD_TABLE)
                VEC_PUSH(l->out, &table->inherits, lower_object_name(l, parent));
        }
        break;
    case SQL_WITHOUT_ROWID:
        table->without_rowid = true;
        break;
    case SQL_STRICT:
        table->strict = true;
        break;
    case SQL_AS_QUERY:
        add_as_query(l, table, node);
        break;
    case SQL_WITH_DATA:
        table->with_no_data = has_token(l, node, SQL_KW_NO);
        break;
    case SQL_TABLE_OPTION:
        lower_table_option(l, node, options);
        break;
    default:
        break;
    }
}

/* #orders is SQL Server's way to say TEMPORARY, temp.orders one of SQLite's. */
static bool is_temporary_name(const Lowering *l, const QualifiedName *name)
{
    if (l->dialect == DIALECT_SQLSERVER)
        return str_starts_with(name->name.text, STR("#"));
    Str schema = name->schema.text;
    if (l->dialect == DIALECT_SQLITE)
        return str_equal_ignore_case(schema, STR("temp"));
    return l->dialect == DIALECT_POSTGRESQL && str_equal(schema, STR("pg_temp"));
}

void lower_create_table(Lowering *l, NodeIndex node)
{
    Operation op = operation_at(l, OP_CREATE_TABLE, node);
    TableDef *table = &op.as.create_table;
    TableOptions options = {0};
    op.target = lower_object_name(l, field(l, node, SQL_FIELD_NAME));
    op.keyword = token_place(l, node, SQL_KW_TABLE);
    op.if_not_exists |= has_token(l, node, SQL_KW_IF);
    op.is_temporary = has_token(l, node, SQL_KW_TEMPORARY) || has_token(l, node, SQL_KW_TEMP) ||
                      is_temporary_name(l, &op.target);
    table->temporary = op.is_temporary;
    table->if_not_exists = op.if_not_exists;
    table->unlogged = has_token(l, node, SQL_KW_UNLOGGED);
    table->is_foreign = has_token(l, node, SQL_KW_FOREIGN);
    add_elements(l, table, field(l, node, SQL_FIELD_ELEMENTS));
    FOR_EACH_CHILD(l, clause, node)
        add_clause(l, table, &options, clause);
    table->engine = options.engine;
    table->character_set = options.character_set;
    table->collation = options.collation;
    table->comment = options.comment;
    if (has_token(l, node, SQL_KW_VIRTUAL)) /* a module's own table: its columns are its own */
        op.kind = OP_OPAQUE;
    emit(l, &op);
}
