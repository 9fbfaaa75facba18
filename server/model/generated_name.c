#include "model/generated_name.h"

#include "model/schema_edit.h"

enum {
    NAME_MAX_BYTES = 63, /* NAMEDATALEN - 1 */
    PATIENT_TRIES = 100, /* numbers tried one by one before jumping ahead: see next_free */
};

/* ---- PostgreSQL ---- */

/* `s` cut to at most `limit` bytes, not within a character. */
static Str clip(Str s, uint32_t limit)
{
    if (s.length <= limit)
        return s;
    while (limit > 0 && ((unsigned char)s.data[limit] & 0xC0) == 0x80)
        limit--;
    return str_slice(s, 0, limit);
}

Str generated_name_make(Arena *out, Str first, Str second, Str label)
{
    uint32_t overhead = label.length + 1 + (second.length > 0 ? 1 : 0);
    uint32_t available = overhead < NAME_MAX_BYTES ? NAME_MAX_BYTES - overhead : 0;
    /* The longer part gives way, byte by byte; what is longer than the whole name counts alike. */
    uint32_t n_first = first.length <= NAME_MAX_BYTES ? first.length : NAME_MAX_BYTES + 1;
    uint32_t n_second = second.length <= NAME_MAX_BYTES ? second.length : NAME_MAX_BYTES + 1;
    while (n_first + n_second > available) {
        if (n_first > n_second)
            n_first--;
        else
            n_second--;
    }
    const Str parts[3] = {clip(first, n_first), clip(second, n_second), label};
    return second.length > 0 ? str_join(out, parts, 3, STR("_"))
                             : str_join(out, (const Str[2]){parts[0], label}, 2, STR("_"));
}

typedef struct {
    uint32_t n_holders; /* constraints that have the name */
    uint32_t last_tried;
} NameState;

static bool constraint_exists(const Schema *schema, Str name_space, Str name)
{
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, schema->dialect, name_space);
    identifier_key_add(&key, schema->dialect, name);
    const NameState *state = map_get(&schema->constraint_names, identifier_key_text(&key));
    return state && state->n_holders > 0;
}

static NameState *name_state(Schema *schema, Str name_space, Str name)
{
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, schema->dialect, name_space);
    identifier_key_add(&key, schema->dialect, name);
    NameState *state = map_get(&schema->constraint_names, identifier_key_text(&key));
    if (!state) {
        state = ARENA_NEW(schema->arena, NameState);
        Str kept = str_copy(schema->arena, identifier_key_text(&key));
        map_set(schema->arena, &schema->constraint_names, kept, state);
    }
    return state;
}

void schema_hold_constraint_name(Schema *schema, Str name_space, Str name)
{
    if (schema->dialect == DIALECT_POSTGRESQL && name.length > 0)
        name_state(schema, name_space, name)->n_holders++;
}

void schema_drop_constraint_name(Schema *schema, Str name_space, Str name)
{
    if (schema->dialect != DIALECT_POSTGRESQL || name.length == 0)
        return;
    NameState *state = name_state(schema, name_space, name);
    if (state->n_holders > 0)
        state->n_holders--;
}

typedef enum { FREE_RELATION = 1, FREE_CONSTRAINT = 2 } Freedom;

/* PostgreSQL tries 1, 2, 3 …; after many, the last number tried is remembered, so that a
 * thousand unnamed checks do not take a million look-ups. */
static Str next_free(Schema *schema, Str name_space, Str first, Str second, const char *label,
                     unsigned freedom)
{
    Str name = generated_name_make(schema->arena, first, second, str_from(label));
    NameState *state = NULL;
    for (uint32_t number = 1;; number++) {
        bool is_taken =
            ((freedom & FREE_RELATION) && schema_relation_exists(schema, name_space, name)) ||
            ((freedom & FREE_CONSTRAINT) && constraint_exists(schema, name_space, name));
        if (!is_taken)
            return name;
        if (number == 1)
            state = name_state(schema, name_space, name);
        if (number == PATIENT_TRIES && state && state->last_tried > number)
            number = state->last_tried;
        if (state && number > state->last_tried)
            state->last_tried = number;
        Str numbered = str_format(schema->arena, "%s%u", label, number);
        name = generated_name_make(schema->arena, first, second, numbered);
    }
}

Str generated_relation_name(Schema *schema, Str name_space, Str first, Str second,
                            const char *label, bool is_constraint)
{
    unsigned freedom = FREE_RELATION | (is_constraint ? (unsigned)FREE_CONSTRAINT : 0u);
    return next_free(schema, name_space, first, second, label, freedom);
}

Str generated_constraint_name(Schema *schema, Str name_space, Str first, Str second,
                              const char *label)
{
    return next_free(schema, name_space, first, second, label, FREE_CONSTRAINT);
}

/* One element's name, made different from the ones before by a number. */
static void add_part_name(Arena *out, StrVec *names, Str name)
{
    Str candidate = name;
    for (uint32_t number = 1; number < 1000; number++) {
        bool is_taken = false;
        for (uint32_t i = 0; i < names->n && !is_taken; i++)
            is_taken = str_equal(names->items[i], candidate);
        if (!is_taken)
            break;
        Str digits = str_format(out, "%u", number);
        candidate =
            str_format(out, STR_FMT STR_FMT, STR_ARG(clip(name, NAME_MAX_BYTES - digits.length)),
                       STR_ARG(digits));
    }
    VEC_PUSH(out, names, candidate);
}

Str generated_parts_name(Arena *out, const KeyPartVec *parts, const ColumnVec *include)
{
    enum { NAMES_MAX = 64 }; /* more do not fit into a name */
    StrVec names = {0};
    for (uint32_t i = 0; i < parts->n && names.n < NAMES_MAX; i++) {
        const KeyPart *part = &parts->items[i];
        Str name = STR("expr");
        if (part->column) {
            name = part->column->name.text;
        } else if (part->part && part->part->expression) {
            Str own = generated_expression_name(out, part->part->expression);
            if (own.length > 0)
                name = own;
        } else if (part->part) {
            name = part->part->column.text;
        }
        add_part_name(out, &names, name);
    }
    for (uint32_t i = 0; include && i < include->n && names.n < NAMES_MAX; i++)
        add_part_name(out, &names, include->items[i]->name.text);
    Str joined = STR("");
    for (uint32_t i = 0; i < names.n && joined.length < NAME_MAX_BYTES + 1; i++) {
        joined =
            i == 0 ? names.items[0]
                   : str_format(out, STR_FMT "_" STR_FMT, STR_ARG(joined), STR_ARG(names.items[i]));
    }
    return joined;
}

/* ---- MySQL, SQLite, SQL Server ---- */

static bool has_index(const Table *table, Str name)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        if (str_equal_ignore_case(table->indexes.items[i]->name.text, name))
            return true;
    }
    return false;
}

/* The first column's name, then with _2, _3 … while an index has it. */
static Str mysql_index_name(Schema *schema, const Table *table, const KeyPartVec *parts)
{
    Str base = STR("functional_index");
    if (parts->n > 0 && parts->items[0].column)
        base = parts->items[0].column->name.text;
    Str name = base;
    bool is_reserved = str_equal_ignore_case(base, STR("PRIMARY"));
    for (uint32_t number = 2; is_reserved || has_index(table, name); number++) {
        name = str_format(schema->arena, STR_FMT "_%u", STR_ARG(base), number);
        is_reserved = false;
    }
    return name;
}

static Str sqlite_autoindex_name(Schema *schema, const Table *table)
{
    uint32_t number = 1;
    for (uint32_t i = 0; i < table->indexes.n; i++)
        number += table->indexes.items[i]->constraint ? 1u : 0u;
    return str_format(schema->arena, "sqlite_autoindex_" STR_FMT "_%u", STR_ARG(table->name.text),
                      number);
}

/* One more than the largest number that `prefix` has among the table's names. */
static uint32_t number_after(Str name, Str prefix, uint32_t so_far)
{
    if (name.length <= prefix.length ||
        !str_equal_ignore_case(str_slice(name, 0, prefix.length), prefix))
        return so_far;
    uint32_t number = 0;
    for (uint32_t i = prefix.length; i < name.length; i++) {
        if (name.data[i] < '0' || name.data[i] > '9' || number > 1000000)
            return so_far;
        number = number * 10 + (uint32_t)(name.data[i] - '0');
    }
    return number >= so_far ? number + 1 : so_far;
}

Str generated_key_name(Schema *schema, const Table *table, bool is_primary, const KeyPartVec *parts,
                       const ColumnVec *include)
{
    switch (schema->dialect) {
    case DIALECT_POSTGRESQL:
        if (is_primary)
            return generated_relation_name(schema, table->schema, table->name.text, (Str){0},
                                           "pkey", true);
        return generated_relation_name(schema, table->schema, table->name.text,
                                       generated_parts_name(schema->arena, parts, include), "key",
                                       true);
    case DIALECT_MYSQL:
        return is_primary ? STR("PRIMARY") : mysql_index_name(schema, table, parts);
    case DIALECT_SQLITE:
        return sqlite_autoindex_name(schema, table);
    case DIALECT_SQLSERVER:
        break;
    }
    return str_format(schema->arena, "%s__" STR_FMT, is_primary ? "PK" : "UQ",
                      STR_ARG(table->name.text));
}

Str generated_index_name(Schema *schema, const Table *table, const KeyPartVec *parts,
                         const ColumnVec *include)
{
    if (schema->dialect == DIALECT_MYSQL)
        return mysql_index_name(schema, table, parts);
    return generated_relation_name(schema, table->schema, table->name.text,
                                   generated_parts_name(schema->arena, parts, include), "idx",
                                   false);
}

Str generated_foreign_key_name(Schema *schema, const Table *table, const NameVec *columns)
{
    if (schema->dialect == DIALECT_SQLITE)
        return (Str){0};
    if (schema->dialect == DIALECT_MYSQL) {
        Str prefix = str_format(schema->arena, STR_FMT "_ibfk_", STR_ARG(table->name.text));
        uint32_t number = 1;
        for (uint32_t i = 0; i < table->foreign_keys.n; i++)
            number = number_after(table->foreign_keys.items[i]->name.text, prefix, number);
        return str_format(schema->arena, STR_FMT "%u", STR_ARG(prefix), number);
    }
    Str joined = STR("");
    for (uint32_t i = 0; i < columns->n && joined.length <= NAME_MAX_BYTES; i++) {
        joined = i == 0 ? columns->items[0].text
                        : str_format(schema->arena, STR_FMT "_" STR_FMT, STR_ARG(joined),
                                     STR_ARG(columns->items[i].text));
    }
    if (schema->dialect == DIALECT_SQLSERVER)
        return str_format(schema->arena, "FK__" STR_FMT "__" STR_FMT, STR_ARG(table->name.text),
                          STR_ARG(joined));
    return generated_constraint_name(schema, table->schema, table->name.text, joined, "fkey");
}

/* The one column that the expression uses; NULL where it uses none or several. */
static const Column *only_column(const Table *table, const Expression *expression)
{
    const Column *only = NULL;
    for (uint32_t i = 0; i < expression->columns.n; i++) {
        const Column *column = table_column(table, expression->columns.items[i].column.text);
        if (!column || column == only)
            continue;
        if (only)
            return NULL;
        only = column;
    }
    return only;
}

Str generated_check_name(Schema *schema, const Table *table, const Expression *expression)
{
    if (schema->dialect == DIALECT_SQLITE)
        return (Str){0};
    if (schema->dialect == DIALECT_MYSQL) {
        Str prefix = str_format(schema->arena, STR_FMT "_chk_", STR_ARG(table->name.text));
        uint32_t number = 1;
        for (uint32_t i = 0; i < table->checks.n; i++)
            number = number_after(table->checks.items[i]->name.text, prefix, number);
        return str_format(schema->arena, STR_FMT "%u", STR_ARG(prefix), number);
    }
    const Column *column = expression ? only_column(table, expression) : NULL;
    Str middle = column ? column->name.text : (Str){0};
    if (schema->dialect == DIALECT_SQLSERVER)
        return str_format(schema->arena, "CK__" STR_FMT "__" STR_FMT, STR_ARG(table->name.text),
                          STR_ARG(middle));
    return generated_constraint_name(schema, table->schema, table->name.text, middle, "check");
}
