/* models — prints what the model files of one database declare, as JSON: for the oracles and for
 * looking.
 *
 *     models [-d DIALECT] [-t] [-q] FILE...
 *
 * The files are linked together. "models" is what the program sees: classes, attributes,
 * relations; "tables" and "enums" what the database would have, in the form of `lintel schema`;
 * "unapplied" operations that could not be replayed. -t prints the time that reading and linking
 * took, on stderr; -q, instead of all else, a line for each query of the program and for each thing
 * it does with rows and sessions. */
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "cli/json_out.h"
#include "frontends/prisma/prisma.h"
#include "frontends/python/python.h"
#include "model/replay.h"
#include "text/language.h"
#include "tools/summary.h"
#include "tools/tool.h"

enum { OUTPUT_MAX_BYTES = 256 << 20 };

/* ---- models ---- */

static Str place_text(Place place)
{
    if (!place_is_set(place))
        return (Str){0};
    return str_slice(place.fragment->text, place.range.start, place.range.end);
}

static void print_names(JsonOut *json, const char *key, const NameVec *names)
{
    jsonout_open_inline(json, key, '[');
    for (uint32_t i = 0; i < names->n; i++)
        jsonout_text(json, NULL, names->items[i].text);
    jsonout_close(json, ']');
}

static void print_written(JsonOut *json, const char *key, Written written)
{
    if (written == WRITTEN_NOT)
        jsonout_null(json, key);
    else
        jsonout_bool(json, key, written == WRITTEN_TRUE);
}

static void print_client_value(JsonOut *json, const char *key, const ClientValue *value)
{
    static const char *const kinds[] = {
        [CLIENT_VALUE_CONSTANT] = "constant", [CLIENT_VALUE_CALLABLE] = "callable",
        [CLIENT_VALUE_CALLED_ONCE] = "once",  [CLIENT_VALUE_MUTABLE] = "mutable",
        [CLIENT_VALUE_SQL] = "sql",           [CLIENT_VALUE_GENERATED] = "generated",
        [CLIENT_VALUE_UNKNOWN] = "unknown",
    };
    if (value->kind == CLIENT_VALUE_NONE) {
        jsonout_null(json, key);
        return;
    }
    jsonout_open_inline(json, key, '{');
    jsonout_text(json, "kind", str_from(kinds[value->kind]));
    jsonout_text_or_null(json, "text", value->text);
    jsonout_text_or_null(json, "function", value->function);
    jsonout_close(json, '}');
}

static void print_field(JsonOut *json, const OrmField *field)
{
    jsonout_open_inline(json, NULL, '{');
    jsonout_text(json, "name", field->name.text);
    jsonout_text(json, "column", field->column.text);
    jsonout_text_or_null(json, "type", place_text(field->type));
    print_written(json, "optional", field->optional);
    print_written(json, "nullable", field->nullable);
    jsonout_bool(json, "list", field->is_list);
    jsonout_bool(json, "ignored", field->is_ignored);
    jsonout_bool(json, "inherited", field->is_inherited);
    print_client_value(json, "default", &field->default_value);
    print_client_value(json, "on_update", &field->on_update);
    jsonout_close(json, '}');
}

static void print_relation(JsonOut *json, const OrmRelation *relation)
{
    jsonout_open_inline(json, NULL, '{');
    jsonout_text(json, "name", relation->name.text);
    jsonout_text_or_null(json, "target", relation->target.text);
    jsonout_bool(json, "is_found", relation->target_model != NULL);
    jsonout_bool(json, "list", relation->is_list);
    jsonout_bool(json, "optional", relation->is_optional);
    jsonout_text_or_null(json, "relation_name", relation->relation_name.text);
    print_names(json, "fields", &relation->fields);
    print_names(json, "references", &relation->references);
    jsonout_text_or_null(json, "on_delete",
                         relation->on_delete ? referential_action_name(relation->on_delete)
                                             : (Str){0});
    jsonout_text_or_null(json, "on_update",
                         relation->on_update ? referential_action_name(relation->on_update)
                                             : (Str){0});
    jsonout_text_or_null(json, "inverse",
                         relation->inverse ? relation->inverse->name.text : (Str){0});
    jsonout_text_or_null(json, "back_populates", relation->back_populates.text);
    jsonout_text_or_null(json, "backref", relation->backref.text);
    jsonout_text_or_null(json, "secondary", relation->secondary.text);
    jsonout_text_or_null(json, "cascade", relation->cascade);
    jsonout_text_or_null(json, "lazy", relation->lazy);
    jsonout_close(json, '}');
}

static void print_model(JsonOut *json, const OrmModel *model)
{
    jsonout_open(json, NULL, '{');
    jsonout_text_or_null(json, "name", model->name.text);
    jsonout_text_or_null(json, "schema", model->schema);
    jsonout_text(json, "table", model->table.text);
    jsonout_bool(json, "view", model->is_view);
    jsonout_bool(json, "ignored", model->is_ignored);
    jsonout_bool(json, "partial", model->is_partial);
    jsonout_bool(json, "creates_table", model->operation != NULL);
    jsonout_open(json, "fields", '[');
    for (uint32_t i = 0; i < model->fields.n; i++)
        print_field(json, &model->fields.items[i]);
    jsonout_close(json, ']');
    jsonout_open(json, "relations", '[');
    for (uint32_t i = 0; i < model->relations.n; i++)
        print_relation(json, &model->relations.items[i]);
    jsonout_close(json, ']');
    jsonout_close(json, '}');
}

/* ---- tables ---- */

static void print_columns_of(JsonOut *json, const char *key, const ColumnVec *columns)
{
    jsonout_open_inline(json, key, '[');
    for (uint32_t i = 0; i < columns->n; i++)
        jsonout_text(json, NULL, columns->items[i]->name.text);
    jsonout_close(json, ']');
}

static Str expression_text(const Expression *expression)
{
    return expression ? expression->text : (Str){0};
}

static Str empty_is_absent(Str text)
{
    return str_is_empty(text) ? (Str){0} : text;
}

static void print_column(JsonOut *json, const Column *column)
{
    static const char *const identities[] = {
        [IDENTITY_ALWAYS] = "always", [IDENTITY_BY_DEFAULT] = "by_default"};
    jsonout_open_inline(json, NULL, '{');
    jsonout_text(json, "name", column->name.text);
    jsonout_text_or_null(json, "type", empty_is_absent(column->type.canonical));
    jsonout_bool(json, "nullable", column->is_nullable);
    jsonout_text_or_null(json, "default", expression_text(column->default_value));
    jsonout_text_or_null(json, "on_update", expression_text(column->on_update));
    jsonout_text_or_null(json, "identity", str_from(identities[column->identity]));
    jsonout_text_or_null(json, "generated", expression_text(column->generated_expression));
    jsonout_bool(json, "auto_increment", column->is_serial || column->auto_increment);
    jsonout_text_or_null(json, "comment", empty_is_absent(column->comment));
    jsonout_close(json, '}');
}

static void print_key(JsonOut *json, const char *name, const Key *key)
{
    jsonout_open_inline(json, name, '{');
    jsonout_text_or_null(json, "name", empty_is_absent(key->name.text));
    print_columns_of(json, "columns", &key->columns);
    jsonout_close(json, '}');
}

static void print_part(JsonOut *json, const KeyPart *part)
{
    static const char *const orders[] = {[ORDER_ASCENDING] = "asc", [ORDER_DESCENDING] = "desc"};
    const IndexPart *written = part->part;
    jsonout_open_inline(json, NULL, '{');
    if (part->column)
        jsonout_text(json, "name", part->column->name.text);
    else
        jsonout_text_or_null(json, "expression",
                             expression_text(written ? written->expression : NULL));
    jsonout_text_or_null(json, "order", written ? str_from(orders[written->order]) : (Str){0});
    jsonout_null(json, "nulls");
    jsonout_text_or_null(json, "opclass", written ? empty_is_absent(written->opclass) : (Str){0});
    jsonout_number(json, "length", written ? written->prefix_length : 0);
    jsonout_close(json, '}');
}

static void print_index(JsonOut *json, const Index *index)
{
    jsonout_open_inline(json, NULL, '{');
    jsonout_text(json, "name", index->name.text);
    jsonout_bool(json, "unique", index->unique);
    jsonout_bool(json, "fulltext", index->kind == INDEX_FULLTEXT);
    jsonout_text_or_null(json, "method", empty_is_absent(index->method));
    jsonout_open_inline(json, "columns", '[');
    for (uint32_t i = 0; i < index->parts.n; i++)
        print_part(json, &index->parts.items[i]);
    jsonout_close(json, ']');
    print_columns_of(json, "include", &index->include);
    jsonout_text_or_null(json, "where", expression_text(index->where));
    jsonout_close(json, '}');
}

static void print_foreign_key(JsonOut *json, const ForeignKey *key)
{
    static const char *const actions[] = {"no_action", "no_action", "restrict",
                                          "cascade",   "set_null",  "set_default"};
    jsonout_open_inline(json, NULL, '{');
    jsonout_text_or_null(json, "name", empty_is_absent(key->name.text));
    print_columns_of(json, "columns", &key->columns);
    jsonout_open_inline(json, "references", '{');
    jsonout_text_or_null(json, "schema",
                         key->target ? empty_is_absent(key->target->schema) : (Str){0});
    jsonout_text(json, "table", key->target ? key->target->name.text : key->target_name.name.text);
    print_columns_of(json, "columns", &key->target_columns);
    jsonout_close(json, '}');
    jsonout_text(json, "on_delete", str_from(actions[key->on_delete]));
    jsonout_text(json, "on_update", str_from(actions[key->on_update]));
    jsonout_bool(json, "deferrable", key->deferrable);
    jsonout_bool(json, "validated", key->is_validated);
    jsonout_close(json, '}');
}

static void print_checks(JsonOut *json, const Table *table)
{
    jsonout_open(json, "checks", '[');
    for (uint32_t i = 0; i < table->checks.n; i++) {
        jsonout_open_inline(json, NULL, '{');
        jsonout_text_or_null(json, "name", empty_is_absent(table->checks.items[i]->name.text));
        jsonout_text_or_null(json, "expression",
                             expression_text(table->checks.items[i]->expression));
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
}

static void print_table(JsonOut *json, const Table *table)
{
    jsonout_open(json, NULL, '{');
    jsonout_text_or_null(json, "schema", empty_is_absent(table->schema));
    jsonout_text(json, "name", table->name.text);
    jsonout_text(json, "kind", STR("table"));
    jsonout_text_or_null(json, "comment", empty_is_absent(table->comment));
    jsonout_open(json, "columns", '[');
    for (uint32_t i = 0; i < table->columns.n; i++)
        print_column(json, table->columns.items[i]);
    jsonout_close(json, ']');
    if (table->primary_key)
        print_key(json, "primary_key", table->primary_key);
    else
        jsonout_null(json, "primary_key");
    jsonout_open(json, "unique_constraints", '[');
    for (uint32_t i = 0; i < table->uniques.n; i++)
        print_key(json, NULL, table->uniques.items[i]);
    jsonout_close(json, ']');
    jsonout_open(json, "indexes", '[');
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        if (!table->indexes.items[i]->constraint)
            print_index(json, table->indexes.items[i]);
    }
    jsonout_close(json, ']');
    jsonout_open(json, "foreign_keys", '[');
    for (uint32_t i = 0; i < table->foreign_keys.n; i++)
        print_foreign_key(json, table->foreign_keys.items[i]);
    jsonout_close(json, ']');
    print_checks(json, table);
    jsonout_close(json, '}');
}

static void print_schema(JsonOut *json, const Schema *schema)
{
    jsonout_open(json, "tables", '[');
    for (MapEntry *entry = map_next(&schema->tables, NULL); entry;
         entry = map_next(&schema->tables, entry))
        print_table(json, entry->value);
    jsonout_close(json, ']');
    jsonout_open(json, "enums", '[');
    for (MapEntry *entry = map_next(&schema->types, NULL); entry;
         entry = map_next(&schema->types, entry)) {
        const Type *type = entry->value;
        if (type->kind != TYPE_DEF_ENUM)
            continue;
        jsonout_open_inline(json, NULL, '{');
        jsonout_text_or_null(json, "schema", empty_is_absent(type->schema));
        jsonout_text(json, "name", type->name.text);
        print_names(json, "values", &type->labels);
        jsonout_close(json, '}');
    }
    jsonout_close(json, ']');
}

/* ---- what the program does ---- */

static void print_line(const ModelFile *files, uint32_t n, Place place, Str text)
{
    uint32_t line = 1;
    Str path = STR("?");
    for (uint32_t i = 0; i < n; i++)
        path = files[i].fragment == place.fragment ? files[i].path : path;
    for (uint32_t i = 0; place_is_set(place) && i < place.range.start; i++)
        line += place.fragment->text.data[i] == '\n';
    printf(STR_FMT ":%u: " STR_FMT "\n", STR_ARG(path), line, STR_ARG(text));
}

static void print_program(const Declared *declared, const ModelFile *files, uint32_t n)
{
    static const char *const kinds[] = {"lazy-load", "query-in-loop", "commit-in-loop",
                                        "shared-session", "failed-session"};
    Arena arena = {0};
    for (uint32_t i = 0; i < n; i++) {
        for (uint32_t k = 0; k < files[i].fragment->queries.n; k++) {
            const Query *query = files[i].fragment->queries.items[k];
            print_line(files, n, query->place,
                       str_format(&arena, "text: " STR_FMT, STR_ARG(query_summary(&arena, query))));
        }
    }
    for (uint32_t i = 0; i < declared->queries.n; i++) {
        const Query *query = declared->queries.items[i];
        print_line(files, n, query->place,
                   str_format(&arena, STR_FMT "%s", STR_ARG(query_summary(&arena, query)),
                              query->is_partial ? "; partial" : ""));
    }
    for (uint32_t i = 0; i < declared->uses.n; i++) {
        const ProgramUse *use = &declared->uses.items[i];
        print_line(files, n, use->place,
                   str_format(&arena, "use %s " STR_FMT, kinds[use->kind],
                              STR_ARG(place_text(use->place))));
    }
    arena_release(&arena);
}

/* ---- the whole ---- */

static void print_declared(const Declared *declared, Dialect dialect)
{
    Arena arena = {0};
    Schema *schema = schema_new(&arena, dialect);
    Buf buf = buf_with_max(OUTPUT_MAX_BYTES);
    JsonOut json = {.out = &buf};
    jsonout_open(&json, NULL, '{');
    jsonout_open(&json, "unapplied", '[');
    for (uint32_t i = 0; i < declared->operations.n; i++) {
        ReplayProblem problem = {0};
        if (!replay_operation(schema, &declared->operations.items[i], &arena, &problem))
            jsonout_text(&json, NULL, problem.message);
    }
    jsonout_close(&json, ']');
    jsonout_open(&json, "models", '[');
    for (uint32_t i = 0; i < declared->models.n; i++)
        print_model(&json, declared->models.items[i]);
    jsonout_close(&json, ']');
    print_schema(&json, schema);
    jsonout_close(&json, '}');
    fwrite(buf.data, 1, buf.length, stdout);
    buf_free(&buf);
    arena_release(&arena);
}

int main(int argc, char **argv)
{
    Dialect dialect = DIALECT_POSTGRESQL;
    bool is_timed = false, prints_program = false;
    int option;
    while ((option = getopt(argc, argv, "d:tq")) != -1) {
        if (option == 't')
            is_timed = true;
        else if (option == 'q')
            prints_program = true;
        else if (option != 'd' || !dialect_from_name(str_from(optarg), &dialect))
            return 2;
    }
    Arena arena = {0};
    Parser *parser = parser_new();
    uint32_t n = (uint32_t)(argc - optind);
    ModelFile *files = ARENA_ARRAY(&arena, ModelFile, n + 1);
    Fragment **owned = ARENA_ARRAY(&arena, Fragment *, n + 1);
    uint32_t n_prisma = 0;
    uint64_t read_us = 0;
    for (uint32_t i = 0; i < n; i++) {
        Str path = str_from(argv[optind + (int)i]);
        Str text = must_read_file(&arena, argv[optind + (int)i]);
        bool is_prisma = file_language(path) == FILE_PRISMA;
        n_prisma += is_prisma;
        uint64_t start = now_us();
        owned[i] = is_prisma ? prisma_read(text, dialect) : python_read(parser, text, dialect);
        read_us += now_us() - start;
        files[i] = (ModelFile){.fragment = owned[i], .path = path};
    }
    Declared declared = {0};
    uint64_t start = now_us();
    if (n_prisma > 0)
        prisma_link(files, n, dialect, &arena, &declared);
    else
        python_link(files, n, dialect, &arena, &declared);
    if (is_timed)
        fprintf(stderr, "read %" PRIu64 " us, link %" PRIu64 " us, %u operations, %zu bytes\n",
                read_us, now_us() - start, declared.operations.n, arena.total);
    if (prints_program)
        print_program(&declared, files, n);
    else
        print_declared(&declared, dialect);
    for (uint32_t i = 0; i < n; i++)
        fragment_release(owned[i]);
    parser_free(parser);
    arena_release(&arena);
    return 0;
}
