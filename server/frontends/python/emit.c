/* Tables as operations, in an order in which a database takes them: what a table refers to comes
 * before it, a foreign key that closes a circle after all tables, indexes last. */
#include "frontends/python/link.h"
#include "model/identifier.h"

enum { VISIT_NOT, VISIT_OPEN, VISIT_DONE, TYPE_CHAIN_MAX = 16 };

static Operation operation_of(const Link *link, OperationKind kind, Place place)
{
    return (Operation){.kind = kind,
                       .dialect = link->scope.dialect,
                       .place = place,
                       .statement = place,
                       .statement_index = link->declared->operations.n};
}

static QualifiedName table_name(const LinkedTable *table)
{
    QualifiedName name = {.name = table->name, .place = table->name.place};
    if (!str_is_absent(table->schema))
        name.schema = (Name){table->schema, table->name.place};
    return name;
}

static void emit(Link *link, Operation *operation)
{
    operation->statement_index = link->declared->operations.n;
    VEC_PUSH(link->out, &link->declared->operations, *operation);
}

/* --- keys --- */

/* The table that a key refers to. A name without a schema is in that of the MetaData. */
static LinkedTable *referred_table(Link *link, const LinkedTable *table, ConstraintDef *key)
{
    Name *schema = &key->references.schema;
    if (name_is_absent(*schema)) {
        Str standard = orm_metadata_schema(link, table->metadata);
        if (!str_is_absent(standard))
            *schema = (Name){standard, key->references.name.place};
    }
    LinkedTable *found = orm_find_table(link, schema->text, key->references.name.text);
    /* a table of which no column is known is none that we can speak of */
    bool is_same = found && str_equal(found->schema, schema->text) && found->columns.n > 0;
    return is_same ? found : NULL;
}

static LinkedColumn *find_column(const LinkedTable *table, Str name)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (str_equal(table->columns.items[i].column.column.name.text, name))
            return &table->columns.items[i];
    }
    return NULL;
}

static bool has_column(const LinkedTable *table, Str name)
{
    return map_get(&table->column_names, name) != NULL;
}

/* Keys are names of attributes where those differ from their columns. */
static void translate_parts(const LinkedTable *table, IndexPartVec *parts)
{
    for (uint32_t i = 0; i < parts->n; i++) {
        Name *column = &parts->items[i].column;
        if (name_is_absent(*column) || has_column(table, column->text))
            continue;
        const Name *known = map_get(&table->attributes, column->text);
        if (known)
            column->text = known->text;
    }
}

/* Drops foreign keys to tables that nobody declares, and fills in what they leave out. */
static void settle_keys(Link *link, LinkedTable *table)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < table->constraints.n; i++) {
        ConstraintDef key = table->constraints.items[i];
        translate_parts(table, &key.parts);
        if (key.kind == CONSTRAINT_FOREIGN_KEY) {
            LinkedTable *target = referred_table(link, table, &key);
            if (!target) {
                table->is_partial = true;
                continue;
            }
            for (uint32_t k = 0; k < key.references_columns.n; k++) {
                Name *column = &key.references_columns.items[k];
                const Name *known = has_column(target, column->text)
                                        ? NULL
                                        : map_get(&target->attributes, column->text);
                if (known)
                    column->text = known->text;
            }
            if (key.references_columns.n == 0 && key.parts.n == 1) /* ForeignKey("users") */
                VEC_PUSH(link->out, &key.references_columns, key.parts.items[0].column);
        }
        table->constraints.items[n++] = key;
    }
    table->constraints.n = n;
    for (uint32_t i = 0; i < table->indexes.n; i++)
        translate_parts(table, &table->indexes.items[i].parts);
}

/* primary_key=True, unique=True, index=True, and the checks that types bring. */
static void add_column_keys(Link *link, LinkedTable *table)
{
    ConstraintDef primary = {.kind = CONSTRAINT_PRIMARY_KEY};
    bool has_primary = false;
    for (uint32_t i = 0; i < table->constraints.n; i++)
        has_primary |= table->constraints.items[i].kind == CONSTRAINT_PRIMARY_KEY;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        LinkedColumn *column = &table->columns.items[i];
        PythonColumn *own = &column->column;
        IndexPart part = {.column = own->column.name, .place = own->column.name.place};
        if (own->is_primary_key && !has_primary) {
            VEC_PUSH(link->out, &primary.parts, part);
            if (!place_is_set(primary.place))
                primary.place = primary.kind_place = own->column.place;
        }
        if (own->is_index) {
            IndexDef index = {.unique = own->is_unique, .place = own->index_place};
            if (!place_is_set(index.place))
                index.place = own->column.place;
            VEC_PUSH(link->out, &index.parts, part);
            VEC_PUSH(link->out, &table->indexes, index);
        } else if (own->is_unique) {
            Place place = place_is_set(own->unique_place) ? own->unique_place : own->column.place;
            ConstraintDef unique = {.kind = CONSTRAINT_UNIQUE, .place = place, .kind_place = place};
            VEC_PUSH(link->out, &unique.parts, part);
            VEC_PUSH(link->out, &table->constraints, unique);
        }
    }
    if (primary.parts.n > 0)
        VEC_PUSH(link->out, &table->constraints, primary);
}

static void add_type_checks(Link *link, LinkedTable *table)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const PythonColumn *own = &table->columns.items[i].column;
        if (!own->type.has_check)
            continue;
        Arena *out = link->out;
        Dialect dialect = link->scope.dialect;
        StrVec values = {0};
        for (uint32_t k = 0; k < own->type.labels.n; k++) {
            Str value = sql_string(out, dialect, own->type.labels.items[k].text);
            VEC_PUSH(out, &values, value);
        }
        Str list = values.n > 0 ? str_join(out, values.items, values.n, STR(", ")) : STR("0, 1");
        Expression *check = ARENA_NEW(out, Expression);
        check->kind = EXPRESSION_OTHER;
        check->text =
            str_format(out, STR_FMT " IN (" STR_FMT ")",
                       STR_ARG(sql_identifier(out, dialect, own->column.name.text)), STR_ARG(list));
        check->place = own->column.place;
        VEC_PUSH(out, &check->columns, ((ColumnReference){.column = own->column.name}));
        ConstraintDef constraint = {.kind = CONSTRAINT_CHECK,
                                    .name = own->type.check_name,
                                    .check = check,
                                    .place = own->column.place,
                                    .kind_place = own->column.place};
        VEC_PUSH(out, &table->constraints, constraint);
    }
}

/* --- columns --- */

static const ConstraintDef *key_of_column(const LinkedTable *table, Str column)
{
    for (uint32_t i = 0; i < table->constraints.n; i++) {
        const ConstraintDef *key = &table->constraints.items[i];
        for (uint32_t k = 0; key->kind == CONSTRAINT_FOREIGN_KEY && k < key->parts.n; k++) {
            if (str_equal(key->parts.items[k].column.text, column))
                return key;
        }
    }
    return NULL;
}

/* A column without a type takes that of what it refers to. */
static void take_referred_type(Link *link, LinkedTable *table, LinkedColumn *column)
{
    const LinkedTable *at_table = table;
    Str at = column->column.column.name.text;
    for (uint32_t i = 0; i < TYPE_CHAIN_MAX; i++) {
        const ConstraintDef *key = key_of_column(at_table, at);
        if (!key)
            break;
        uint32_t position = 0;
        while (position < key->parts.n && !str_equal(key->parts.items[position].column.text, at))
            position++;
        if (position >= key->references_columns.n)
            break;
        ConstraintDef copy = *key;
        at_table = referred_table(link, at_table, &copy);
        at = key->references_columns.items[position].text;
        const LinkedColumn *target = at_table ? find_column(at_table, at) : NULL;
        if (!target)
            break;
        if (!target->column.type.is_null) {
            PythonType type = target->column.type;
            Place place = column->column.column.place;
            column->column.column.type = type.type;
            column->column.column.type.place = place;
            column->column.type.is_integer = type.is_integer;
            return;
        }
    }
    column->column.column.type = (ColumnType){.family = TYPE_UNKNOWN};
}

/* The column that counts by itself: the only integer key, where nothing else gives it a value. */
static LinkedColumn *counting_column(const LinkedTable *table)
{
    const ConstraintDef *primary = NULL;
    for (uint32_t i = 0; i < table->constraints.n; i++) {
        if (table->constraints.items[i].kind == CONSTRAINT_PRIMARY_KEY)
            primary = &table->constraints.items[i];
    }
    for (uint32_t i = 0; primary && i < primary->parts.n; i++) {
        LinkedColumn *column = find_column(table, primary->parts.items[i].column.text);
        if (!column)
            continue;
        const PythonColumn *own = &column->column;
        Str word = {0};
        const PythonTerm *written = call_argument(own->call, NO_POSITION, "autoincrement");
        if (written && written->kind == TERM_STRING)
            word = written->text;
        bool ignores_key = str_equal(word, STR("ignore_fk"));
        if (own->autoincrement == WRITTEN_TRUE || (ignores_key && own->type.is_integer))
            return column;
        bool is_free = own->autoincrement == WRITTEN_NOT && own->type.is_integer &&
                       (!own->has_default || own->has_sequence) && !own->column.default_value &&
                       !own->default_is_unknown;
        if (primary->parts.n == 1 && is_free && !key_of_column(table, own->column.name.text))
            return column;
    }
    return NULL;
}

static void make_counting(Link *link, LinkedColumn *column)
{
    ColumnDef *def = &column->column.column;
    Place place = def->type.place;
    bool is_plain_sequence = column->column.has_sequence &&
                             !call_flag(&link->scope, column->column.sequence, "optional");
    if (def->identity != IDENTITY_NONE)
        return;
    switch (link->scope.dialect) {
    case DIALECT_POSTGRESQL:
        if (is_plain_sequence || def->type.family == TYPE_UNKNOWN)
            return; /* CREATE SEQUENCE, and the client asks it */
        def->type = type_parse(link->out, DIALECT_POSTGRESQL,
                               def->type.family == TYPE_BIGINT     ? STR("BIGSERIAL")
                               : def->type.family == TYPE_SMALLINT ? STR("SMALLSERIAL")
                                                                   : STR("SERIAL"));
        def->type.place = place;
        break;
    case DIALECT_MYSQL:
    case DIALECT_SQLSERVER:
        def->auto_increment = true;
        break;
    case DIALECT_SQLITE: /* an INTEGER PRIMARY KEY does it anyway */
        break;
    }
}

/* --- types and sequences --- */

static bool is_first(Link *link, const char *what, Str schema, Str name)
{
    Str key =
        str_format(link->out, "%s:" STR_FMT "." STR_FMT, what, STR_ARG(schema), STR_ARG(name));
    if (map_get(&link->created, key))
        return false;
    map_set(link->out, &link->created, key, link);
    return true;
}

static void emit_enum(Link *link, const LinkedTable *table, LinkedColumn *column)
{
    PythonType *type = &column->column.type;
    if (!type->is_enum || column->column.column.type.family == TYPE_UNKNOWN)
        return;
    Str schema = type->enum_schema.text;
    if (type->inherits_schema && str_is_empty(schema) && !str_is_empty(table->schema)) {
        schema = table->schema;
        ColumnType *written = &column->column.column.type;
        Place place = written->place;
        uint8_t dims = written->array_dims;
        Str quoted = sql_identifier(link->out, link->scope.dialect, type->enum_name.text);
        *written = type_make(link->out, link->scope.dialect, schema, quoted, NULL, 0, dims, false);
        written->place = place;
    }
    if (type->is_created_apart || !is_first(link, "type", schema, type->enum_name.text))
        return;
    Place place = place_is_set(type->place) ? type->place : column->place;
    Operation op = operation_of(link, OP_CREATE_TYPE, place);
    op.target = (QualifiedName){.name = type->enum_name, .place = place};
    if (!place_is_set(op.target.name.place))
        op.target.name.place = place;
    if (!str_is_empty(schema))
        op.target.schema = (Name){schema, place};
    op.as.create_type.kind = TYPE_DEF_ENUM;
    op.as.create_type.labels = type->labels;
    emit(link, &op);
}

static const Expression *number_expression(Link *link, const PythonTerm *term)
{
    uint32_t value;
    if (!term_unsigned(&link->scope, term, &value))
        return NULL;
    return python_sql_expression(&link->scope, python_value(&link->scope, term));
}

static void emit_sequence(Link *link, const LinkedTable *table, const LinkedColumn *column)
{
    const PythonTerm *call = column->column.sequence;
    if (!call || link->scope.dialect == DIALECT_MYSQL || link->scope.dialect == DIALECT_SQLITE ||
        call_flag(&link->scope, call, "optional"))
        return;
    Name name = term_name(&link->scope, call_argument(call, 0, "name"));
    Str schema = orm_metadata_schema(link, table->metadata);
    (void)term_string(&link->scope, call_argument(call, NO_POSITION, "schema"), &schema);
    if (name_is_absent(name) || !is_first(link, "sequence", schema, name.text))
        return;
    Operation op = operation_of(link, OP_CREATE_SEQUENCE, call->place);
    op.target = (QualifiedName){.name = name, .place = name.place};
    if (!str_is_empty(schema))
        op.target.schema = (Name){schema, name.place};
    op.as.sequence.start = number_expression(link, call_argument(call, 1, "start"));
    op.as.sequence.increment = number_expression(link, call_argument(call, 2, "increment"));
    emit(link, &op);
}

/* --- tables --- */

static Str partition_strategy(Link *link, Str text)
{
    uint32_t end = 0;
    while (end < text.length && text.data[end] != ' ' && text.data[end] != '(')
        end++;
    return str_lower(link->out, str_slice(text, 0, end));
}

static void emit_table(Link *link, LinkedTable *table)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        emit_enum(link, table, &table->columns.items[i]);
        emit_sequence(link, table, &table->columns.items[i]);
    }
    Operation op = operation_of(link, OP_CREATE_TABLE, table->place);
    op.target = table_name(table);
    TableDef *def = &op.as.create_table;
    def->comment = table->comment;
    def->engine = table->engine;
    def->character_set = table->character_set;
    def->collation = table->collation;
    def->body = table->place;
    def->is_partial = table->is_partial;
    if (!str_is_empty(table->partition_by) && link->scope.dialect == DIALECT_POSTGRESQL) {
        def->partition_by = (PartitionBy){.strategy = partition_strategy(link, table->partition_by),
                                          .text = table->partition_by,
                                          .place = table->place};
    }
    for (uint32_t i = 0; i < table->columns.n; i++)
        VEC_PUSH(link->out, &def->columns, table->columns.items[i].column.column);
    for (uint32_t i = 0; i < table->constraints.n; i++) {
        ConstraintDef *constraint = &table->constraints.items[i];
        if (constraint->kind == CONSTRAINT_PRIMARY_KEY)
            constraint->has_auto_increment =
                table->sqlite_autoincrement && link->scope.dialect == DIALECT_SQLITE;
        const LinkedTable *target = constraint->kind == CONSTRAINT_FOREIGN_KEY
                                        ? referred_table(link, table, constraint)
                                        : NULL;
        bool is_late = target && target != table && target->visit != VISIT_DONE;
        if (!is_late) {
            VEC_PUSH(link->out, &def->constraints, *constraint);
            continue;
        }
        Operation late = operation_of(link, OP_ADD_CONSTRAINT, constraint->place);
        late.target = op.target;
        late.as.add_constraint = *constraint;
        VEC_PUSH(link->out, &link->late, late);
    }
    table->operation_index = link->declared->operations.n;
    emit(link, &op);
    table->visit = VISIT_DONE;
}

static LinkedTable *next_dependency(Link *link, LinkedTable *table)
{
    while (table->next_key < table->constraints.n) {
        ConstraintDef *key = &table->constraints.items[table->next_key++];
        LinkedTable *target =
            key->kind == CONSTRAINT_FOREIGN_KEY ? referred_table(link, table, key) : NULL;
        if (target && target->visit == VISIT_NOT)
            return target;
    }
    return NULL;
}

/* Depth first, with a stack of our own: chains of tables may be long. */
static void emit_sorted(Link *link, LinkedTable *first)
{
    LinkedTableVec stack = {0};
    if (first->visit != VISIT_NOT)
        return;
    first->visit = VISIT_OPEN;
    VEC_PUSH(link->out, &stack, first);
    while (stack.n > 0) {
        LinkedTable *table = *VEC_LAST(&stack);
        LinkedTable *target = next_dependency(link, table);
        if (target) {
            target->visit = VISIT_OPEN;
            VEC_PUSH(link->out, &stack, target);
        } else {
            emit_table(link, table);
            stack.n--;
        }
    }
}

static bool parts_are_columns(const LinkedTable *table, const IndexPartVec *parts)
{
    for (uint32_t i = 0; i < parts->n; i++) {
        const IndexPart *part = &parts->items[i];
        if (!part->expression && !has_column(table, part->column.text))
            return false;
    }
    return true;
}

/* What names a column that we do not see cannot be carried out. */
static void drop_unknown_parts(LinkedTable *table)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < table->constraints.n; i++) {
        if (parts_are_columns(table, &table->constraints.items[i].parts))
            table->constraints.items[n++] = table->constraints.items[i];
        else
            table->is_partial = true;
    }
    table->constraints.n = n;
    n = 0;
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        if (parts_are_columns(table, &table->indexes.items[i].parts))
            table->indexes.items[n++] = table->indexes.items[i];
        else
            table->is_partial = true;
    }
    table->indexes.n = n;
}

static void prepare(Link *link, LinkedTable *table)
{
    add_column_keys(link, table);
    add_type_checks(link, table);
    settle_keys(link, table);
    drop_unknown_parts(table);
    for (uint32_t i = 0; i < table->constraints.n; i++) {
        const ConstraintDef *key = &table->constraints.items[i];
        for (uint32_t k = 0; key->kind == CONSTRAINT_PRIMARY_KEY && k < key->parts.n; k++) {
            LinkedColumn *column = find_column(table, key->parts.items[k].column.text);
            if (column)
                column->column.column.not_null = true;
        }
    }
    orm_name_parts(link, table);
}

static void finish_columns(Link *link, LinkedTable *table)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        LinkedColumn *column = &table->columns.items[i];
        if (column->column.type.is_null)
            take_referred_type(link, table, column);
    }
    LinkedColumn *counting = counting_column(table);
    if (counting)
        make_counting(link, counting);
}

void orm_emit(Link *link)
{
    for (uint32_t i = 0; i < link->tables.n; i++)
        prepare(link, link->tables.items[i]);
    for (uint32_t i = 0; i < link->tables.n; i++)
        finish_columns(link, link->tables.items[i]);
    for (uint32_t i = 0; i < link->tables.n; i++) {
        if (link->tables.items[i]->columns.n > 0)
            emit_sorted(link, link->tables.items[i]);
    }
    for (uint32_t i = 0; i < link->late.n; i++)
        emit(link, &link->late.items[i]);
    for (uint32_t i = 0; i < link->tables.n; i++) {
        LinkedTable *table = link->tables.items[i];
        for (uint32_t k = 0; k < table->indexes.n && table->columns.n > 0; k++) {
            Operation op = operation_of(link, OP_CREATE_INDEX, table->indexes.items[k].place);
            op.target = table_name(table);
            op.as.create_index = table->indexes.items[k];
            op.as.create_index.concurrently = false; /* create_all makes them with the table */
            emit(link, &op);
        }
    }
}
