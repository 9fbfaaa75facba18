/* Schemas, extensions, and what a session sets. */
#include "model/replay_steps.h"

bool replay_create_schema(Replay *r)
{
    Name name = r->operation->target.name;
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, r->schema->dialect, name.text);
    if (r->schema->dialect == DIALECT_MYSQL)
        return true; /* a database: it matters when it is used */
    if (map_get(&r->schema->schemas, identifier_key_text(&key))) {
        bool is_builtin = str_equal(name.text, schema_default_namespace(r->schema));
        if (r->operation->if_not_exists || is_builtin)
            return true; /* a dump creates public, too */
        return replay_fail(r, REPLAY_EXISTS, name, "schema \"" STR_FMT "\" already exists",
                           STR_ARG(name.text));
    }
    schema_add_namespace(r->schema, name);
    return true;
}

static void remove_all_in(Schema *schema, Str name_space)
{
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        Table *table = e->value;
        if (identifier_equal(schema->dialect, table->schema, name_space))
            schema_remove_table(schema, table);
    }
    for (MapEntry *e = map_next(&schema->types, NULL); e; e = map_next(&schema->types, e)) {
        Type *type = e->value;
        if (identifier_equal(schema->dialect, type->schema, name_space))
            schema_remove_type(schema, type);
    }
    for (MapEntry *e = map_next(&schema->sequences, NULL); e; e = map_next(&schema->sequences, e)) {
        Sequence *sequence = e->value;
        if (identifier_equal(schema->dialect, sequence->schema, name_space))
            schema_remove_sequence(schema, sequence);
    }
    for (uint32_t i = schema->functions.n; i > 0; i--) {
        if (identifier_equal(schema->dialect, schema->functions.items[i - 1]->schema, name_space))
            VEC_REMOVE(&schema->functions, i - 1);
    }
}

bool replay_drop_schema(Replay *r)
{
    Name name = r->operation->target.name;
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, r->schema->dialect, name.text);
    if (r->schema->dialect == DIALECT_MYSQL) {
        bool is_home = str_equal_ignore_case(name.text, r->schema->home_database);
        remove_all_in(r->schema, is_home ? STR("") : name.text);
        return true;
    }
    if (!map_get(&r->schema->schemas, identifier_key_text(&key))) {
        if (r->operation->if_exists)
            return true;
        return replay_fail(r, REPLAY_MISSING_OTHER, name, "schema \"" STR_FMT "\" does not exist",
                           STR_ARG(name.text));
    }
    if (!replay_may_drop(r, name))
        return false;
    remove_all_in(r->schema, name.text);
    map_remove(&r->schema->schemas, identifier_key_text(&key));
    return true;
}

bool replay_rename_schema(Replay *r)
{
    Schema *schema = r->schema;
    Name from = r->operation->target.name, to = r->operation->as.rename.to;
    IdentifierKey key;
    identifier_key_start(&key);
    identifier_key_add(&key, schema->dialect, from.text);
    if (str_equal(from.text, to.text))
        return true;
    if (!map_remove(&schema->schemas, identifier_key_text(&key)))
        return replay_fail(r, REPLAY_MISSING_OTHER, from, "schema \"" STR_FMT "\" does not exist",
                           STR_ARG(from.text));
    schema_add_namespace(schema, to);
    /* Moving appends to the map that is walked: what was moved is no longer in `from`. */
    for (MapEntry *e = map_next(&schema->tables, NULL); e;) {
        Table *table = e->value;
        bool moves = str_equal(table->schema, from.text);
        if (moves)
            schema_move_table(schema, table, to.text, table->name);
        e = map_next(&schema->tables, moves ? NULL : e);
    }
    for (MapEntry *e = map_next(&schema->types, NULL); e;) {
        Type *type = e->value;
        bool moves = str_equal(type->schema, from.text);
        if (moves)
            schema_move_type(schema, type, to.text, type->name);
        e = map_next(&schema->types, moves ? NULL : e);
    }
    for (MapEntry *e = map_next(&schema->sequences, NULL); e;) {
        Sequence *sequence = e->value;
        bool moves = str_equal(sequence->schema, from.text);
        if (moves)
            schema_move_sequence(schema, sequence, to.text, sequence->name);
        e = map_next(&schema->sequences, moves ? NULL : e);
    }
    for (uint32_t i = 0; i < schema->functions.n; i++) {
        if (str_equal(schema->functions.items[i]->schema, from.text))
            schema->functions.items[i]->schema = to.text;
    }
    return true;
}

bool replay_create_extension(Replay *r)
{
    Name name = r->operation->target.name;
    for (uint32_t i = 0; i < r->schema->extensions.n; i++) {
        if (!str_equal(r->schema->extensions.items[i].name, name.text))
            continue;
        if (r->operation->if_not_exists)
            return true;
        return replay_fail(r, REPLAY_EXISTS, name, "extension \"" STR_FMT "\" already exists",
                           STR_ARG(name.text));
    }
    if (r->schema->extensions.n >= TABLE_PARTS_MAX)
        return true;
    Extension extension = {.name = name.text, .origin = r->operation};
    VEC_PUSH(r->arena, &r->schema->extensions, extension);
    return true;
}

bool replay_drop_extension(Replay *r)
{
    Name name = r->operation->target.name;
    for (uint32_t i = 0; i < r->schema->extensions.n; i++) {
        if (str_equal(r->schema->extensions.items[i].name, name.text)) {
            VEC_REMOVE(&r->schema->extensions, i);
            return true;
        }
    }
    return true; /* plpgsql and what images bring along are not in the files */
}

static void set_search_path(Replay *r)
{
    Schema *schema = r->schema;
    StrVec path = {0};
    for (uint32_t i = 0; i < r->operation->as.set.items.n; i++) {
        Str item = r->operation->as.set.items.items[i];
        if (item.length > 0 && !str_equal(item, STR("$user")))
            VEC_PUSH(r->arena, &path, item);
    }
    /* With an empty path PostgreSQL finds nothing; people then write every schema. */
    if (path.n == 0)
        VEC_PUSH(r->arena, &path, STR("public"));
    if (r->operation->as.set.is_local && !schema->search_path_is_local) {
        schema->search_path_is_local = true;
        schema->session_search_path = schema->search_path;
    } else if (!r->operation->as.set.is_local) {
        schema->search_path_is_local = false;
    }
    schema->search_path = path;
}

bool replay_set(Replay *r)
{
    Str name = r->operation->as.set.name.text;
    Str value = str_trim(r->operation->as.set.value);
    if (r->schema->dialect == DIALECT_POSTGRESQL && str_equal(name, STR("search_path")))
        set_search_path(r);
    if (r->schema->dialect == DIALECT_MYSQL &&
        (str_equal_ignore_case(name, STR("foreign_key_checks")) ||
         str_ends_with(name, STR(".foreign_key_checks")) ||
         str_equal_ignore_case(name, STR("@@foreign_key_checks"))))
        r->schema->foreign_keys_unchecked =
            str_equal(value, STR("0")) || str_equal_ignore_case(value, STR("off"));
    return true;
}

bool replay_use(Replay *r)
{
    Schema *schema = r->schema;
    Str name = r->operation->target.name.text;
    if (schema->dialect != DIALECT_MYSQL || name.length == 0)
        return true;
    /* The first database is home, unless tables were made before it was named. */
    if (schema->home_database.length == 0 && schema->tables.n == 0)
        schema->home_database = name;
    schema->database = name;
    return true;
}

bool replay_end_transaction(Replay *r)
{
    if (r->schema->search_path_is_local) {
        r->schema->search_path = r->schema->session_search_path;
        r->schema->search_path_is_local = false;
    }
    return true;
}
