/* op.create_table and op.add_column, with what SQLAlchemy does of itself: types of enums, keys that
 * count by themselves, indexes of columns. */
#include "frontends/python/alembic_run.h"

/* --- types of enums --- */

void alembic_create_type(AlembicRun *run, const PythonType *type, const QualifiedName *table,
                         bool if_not_exists, Place place)
{
    if (run->scope.dialect != DIALECT_POSTGRESQL || type->labels.n == 0)
        return;
    Operation *operation = alembic_emit(run, OP_CREATE_TYPE, place);
    Name schema = type->enum_schema;
    if (name_is_absent(schema) && type->inherits_schema && table)
        schema = table->schema;
    operation->target =
        (QualifiedName){.schema = schema, .name = type->enum_name, .place = type->enum_name.place};
    operation->if_not_exists = if_not_exists;
    operation->as.create_type.kind = TYPE_DEF_ENUM;
    operation->as.create_type.labels = type->labels;
}

/* --- what a table is made of --- */

typedef Vec(PythonColumn) ColumnVecOfCall;

typedef struct {
    AlembicRun *run;
    QualifiedName name;
    TableDef def;
    ColumnVecOfCall columns;
    IndexDefVec indexes; /* Index(…) among the arguments */
} NewTable;

static void add_element(NewTable *table, const PythonTerm *item)
{
    PythonScope *scope = &table->run->scope;
    const PythonTerm *call = python_value(scope, item);
    call = alembic_fold(table->run, call);
    Str class =
        call && call->kind == TERM_CALL ? python_sqlalchemy_name(scope, call->left) : (Str){0};
    PythonColumn column;
    ConstraintDef constraint;
    IndexDef index;
    if (str_equal(class, STR("Column"))) {
        if (python_column(scope, call, &column) && !str_is_empty(column.column.name.text))
            VEC_PUSH(scope->out, &table->columns, column);
    } else if (str_equal(class, STR("Index"))) {
        if (python_index(scope, call, 1, &index))
            VEC_PUSH(scope->out, &table->indexes, index);
    } else if (!str_is_absent(class) && python_constraint(scope, call, &constraint)) {
        VEC_PUSH(scope->out, &table->def.constraints, constraint);
    } else {
        table->def.is_partial = true;
    }
}

/* The positional arguments from `first` on. */
static void add_elements(NewTable *table, const PythonTerm *call, uint32_t first)
{
    PythonScope *scope = &table->run->scope;
    uint32_t position = 0;
    for (uint32_t i = 0; i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        PythonTermVec spread = {0};
        if (item->kind == TERM_KEYWORD || item->kind == TERM_DOUBLE_SPLAT)
            continue;
        if (item->kind == TERM_SPLAT) {
            table->def.is_partial |= !term_items(scope, item->left, &spread);
            for (uint32_t k = 0; k < spread.n; k++)
                add_element(table, spread.items[k]);
        } else if (position++ >= first) {
            add_element(table, item);
        }
    }
}

/* --- the key --- */

static const ConstraintDef *primary_key(const TableDef *def)
{
    for (uint32_t i = 0; i < def->constraints.n; i++) {
        if (def->constraints.items[i].kind == CONSTRAINT_PRIMARY_KEY)
            return &def->constraints.items[i];
    }
    return NULL;
}

/* primary_key=True on columns is one constraint of the table. */
static void add_primary_key(NewTable *table)
{
    if (primary_key(&table->def))
        return;
    ConstraintDef key = {.kind = CONSTRAINT_PRIMARY_KEY};
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const PythonColumn *column = &table->columns.items[i];
        if (!column->is_primary_key)
            continue;
        VEC_PUSH(table->run->out, &key.parts,
                 ((IndexPart){.column = column->column.name, .place = column->column.name.place}));
        if (!place_is_set(key.place)) {
            const PythonTerm *keyword = call_keyword(column->call, "primary_key");
            key.place = keyword ? keyword->place : column->column.place;
            key.kind_place = key.place;
        }
    }
    if (key.parts.n > 0)
        VEC_PUSH(table->run->out, &table->def.constraints, key);
}

static bool refers_elsewhere(const TableDef *def, const ColumnDef *column)
{
    for (uint32_t i = 0; i < column->constraints.n; i++) {
        if (column->constraints.items[i].kind == CONSTRAINT_FOREIGN_KEY)
            return true;
    }
    for (uint32_t i = 0; i < def->constraints.n; i++) {
        const ConstraintDef *constraint = &def->constraints.items[i];
        for (uint32_t k = 0; constraint->kind == CONSTRAINT_FOREIGN_KEY && k < constraint->parts.n;
             k++) {
            if (str_equal(constraint->parts.items[k].column.text, column->name.text))
                return true;
        }
    }
    return false;
}

static PythonColumn *column_named(NewTable *table, Str name)
{
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (str_equal(table->columns.items[i].column.name.text, name))
            return &table->columns.items[i];
    }
    return NULL;
}

/* The one column of the key that SQLAlchemy lets the database count: the only one, where it is an
 * integer that nothing else fills, or one that says so. */
static PythonColumn *counting_column(NewTable *table, const ConstraintDef *key)
{
    for (uint32_t i = 0; i < key->parts.n; i++) {
        PythonColumn *column = column_named(table, key->parts.items[i].column.text);
        if (column && column->autoincrement == WRITTEN_TRUE && column->type.is_integer)
            return column;
    }
    PythonColumn *column =
        key->parts.n == 1 ? column_named(table, key->parts.items[0].column.text) : NULL;
    bool is_free = column && column->autoincrement == WRITTEN_NOT && column->type.is_integer &&
                   (!column->has_default || column->has_sequence) &&
                   !column->column.default_value && !column->default_is_unknown &&
                   !refers_elsewhere(&table->def, &column->column);
    return is_free ? column : NULL;
}

static void let_count(AlembicRun *run, PythonColumn *column)
{
    ColumnDef *def = &column->column;
    if (def->identity != IDENTITY_NONE || column->has_sequence)
        return;
    if (run->scope.dialect == DIALECT_POSTGRESQL) {
        Str name = def->type.family == TYPE_BIGINT     ? STR("bigserial")
                   : def->type.family == TYPE_SMALLINT ? STR("smallserial")
                                                       : STR("serial");
        Place place = def->type.place;
        def->type = type_make(run->out, DIALECT_POSTGRESQL, (Str){0}, name, NULL, 0, 0, false);
        def->type.place = place;
    } else if (run->scope.dialect != DIALECT_SQLITE) {
        def->auto_increment = true;
    }
}

/* --- emitting --- */

static void read_options(NewTable *table, const PythonTerm *call)
{
    PythonScope *scope = &table->run->scope;
    TableDef *def = &table->def;
    Str text;
    if (term_string(scope, call_argument(call, NO_POSITION, "comment"), &text))
        def->comment = text;
    def->if_not_exists = call_flag(scope, call, "if_not_exists");
    if (scope->dialect != DIALECT_MYSQL)
        return;
    static const char *const charsets[] = {"mysql_charset", "mysql_default_charset",
                                           "mysql_character_set"};
    for (size_t i = 0; i < sizeof charsets / sizeof *charsets; i++) {
        if (term_string(scope, call_argument(call, NO_POSITION, charsets[i]), &text))
            def->character_set = str_lower(scope->out, text);
    }
    if (term_string(scope, call_argument(call, NO_POSITION, "mysql_engine"), &text))
        def->engine = text;
    if (term_string(scope, call_argument(call, NO_POSITION, "mysql_collate"), &text))
        def->collation = text;
}

static void add_unique(NewTable *table, const PythonColumn *column)
{
    Place place = column->unique_place;
    ConstraintDef unique = {.kind = CONSTRAINT_UNIQUE, .place = place, .kind_place = place};
    VEC_PUSH(table->run->out, &unique.parts,
             ((IndexPart){.column = column->column.name, .place = column->column.name.place}));
    VEC_PUSH(table->run->out, &table->def.constraints, unique);
}

/* index=True: named as SQLAlchemy names it where no convention is known; with unique=True it is
 * one unique index. */
static void emit_column_index(AlembicRun *run, const QualifiedName *table,
                              const PythonColumn *column)
{
    Str prefix = name_is_absent(table->schema)
                     ? STR("")
                     : str_format(run->out, STR_FMT "_", STR_ARG(table->schema.text));
    Place place = column->index_place;
    IndexDef index = {.unique = column->is_unique, .place = place};
    index.name = (Name){str_format(run->out, "ix_" STR_FMT STR_FMT "_" STR_FMT, STR_ARG(prefix),
                                   STR_ARG(table->name.text), STR_ARG(column->column.name.text)),
                        place};
    VEC_PUSH(run->out, &index.parts,
             ((IndexPart){.column = column->column.name, .place = column->column.name.place}));
    Operation *operation = alembic_emit(run, OP_CREATE_INDEX, place);
    operation->target = *table;
    operation->as.create_index = index;
}

static void emit_table(NewTable *table, const PythonTerm *call, Place place)
{
    AlembicRun *run = table->run;
    if (str_is_empty(table->name.name.text))
        return;
    read_options(table, call);
    add_primary_key(table);
    const ConstraintDef *key = primary_key(&table->def);
    PythonColumn *counting = key ? counting_column(table, key) : NULL;
    if (counting)
        let_count(run, counting);
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const PythonColumn *column = &table->columns.items[i];
        if (column->type.is_enum && !column->type.is_created_apart)
            alembic_create_type(run, &column->type, &table->name, true, column->type.place);
        if (column->is_unique && !column->is_index)
            add_unique(table, column);
        VEC_PUSH(run->out, &table->def.columns, column->column);
    }
    Operation *operation = alembic_emit(run, OP_CREATE_TABLE, place);
    operation->target = table->name;
    operation->if_not_exists = table->def.if_not_exists;
    operation->as.create_table = table->def;
    operation->as.create_table.body = call->place;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (table->columns.items[i].is_index)
            emit_column_index(run, &table->name, &table->columns.items[i]);
    }
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        Operation *index = alembic_emit(run, OP_CREATE_INDEX, table->indexes.items[i].place);
        index->target = table->name;
        index->as.create_index = table->indexes.items[i];
    }
}

void alembic_create_table(const AlembicCall *c)
{
    NewTable table = {.run = c->run, .name = alembic_table(c)};
    add_elements(&table, c->call, 1);
    emit_table(&table, c->call, c->call->place);
}

/* Table("name", metadata, Column(…), …).create(bind) */
void alembic_create_table_object(AlembicRun *run, const PythonTerm *object, const PythonTerm *call)
{
    AlembicCall c = {run, object, NULL, 0};
    NewTable table = {.run = run, .name = alembic_table(&c)};
    if (name_is_absent(table.name.name))
        table.name.name = term_name(&run->scope, call_argument(object, 0, "name"));
    table.def.if_not_exists = call_flag(&run->scope, call, "checkfirst");
    add_elements(&table, object, 2);
    emit_table(&table, object, object->place);
}

/* --- one column --- */

static void emit_constraint(AlembicRun *run, const QualifiedName *table,
                            const ConstraintDef *constraint, Place place)
{
    Operation *operation = alembic_emit(run, OP_ADD_CONSTRAINT, place);
    operation->target = *table;
    operation->as.add_constraint = *constraint;
    operation->as.add_constraint.is_inline = false;
}

/* Alembic adds the column first, then its foreign key and unique constraint, each by a statement of
 * its own; SQLite has none of these, there batch mode writes the table anew. */
void alembic_add_column(const AlembicCall *c)
{
    AlembicRun *run = c->run;
    const PythonTerm *call = python_value(&run->scope, alembic_argument(c, 1, "column"));
    call = alembic_fold(run, call);
    QualifiedName name = alembic_table(c);
    PythonColumn column;
    bool is_column = call_is(&run->scope, call, "Column") &&
                     python_column(&run->scope, call, &column) &&
                     !str_is_empty(column.column.name.text);
    if (str_is_empty(name.name.text) || !is_column)
        return;
    bool is_apart = run->scope.dialect != DIALECT_SQLITE;
    ConstraintDefVec constraints = column.column.constraints;
    if (is_apart)
        column.column.constraints = (ConstraintDefVec){0};
    Operation *operation = alembic_emit(run, OP_ADD_COLUMN, c->call->place);
    operation->target = name;
    operation->if_not_exists = call_flag(&run->scope, c->call, "if_not_exists");
    operation->as.add_column = column.column;
    for (uint32_t i = 0; is_apart && i < constraints.n; i++)
        emit_constraint(run, &name, &constraints.items[i], constraints.items[i].place);
    if (column.is_unique && !column.is_index) {
        NewTable table = {.run = run};
        add_unique(&table, &column);
        emit_constraint(run, &name, &table.def.constraints.items[0], column.unique_place);
    }
    if (column.is_index)
        emit_column_index(run, &name, &column);
}
