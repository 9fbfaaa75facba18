#include "model/print_mermaid.h"

/* Mermaid takes letters, digits, _ and - in attribute names and types; entity names may be quoted,
 * and then hold anything but quotes. */
static bool is_plain(Str name)
{
    for (uint32_t i = 0; i < name.length; i++) {
        char c = name.data[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
        if (!is_letter && !(i > 0 && ((c >= '0' && c <= '9') || c == '-')))
            return false;
    }
    return name.length > 0;
}

/* Mermaid's own words, which are names only between quotes. */
static bool is_keyword(Str name)
{
    static const char *const keywords[] = {
        "title", "accTitle", "accDescr",   "erDiagram", "style",    "classDef",
        "class", "one",      "only",       "zero",      "many",     "to",
        "u",     "end",      "optionally", "subgraph",  "direction"};
    return str_is_among_ignore_case(name, keywords, sizeof keywords / sizeof *keywords) ||
           str_starts_with(name, STR("u-"));
}

static void add_entity(Buf *out, const Schema *schema, const Table *table)
{
    bool is_default =
        str_is_empty(table->schema) || identifier_is_template(table->schema) ||
        identifier_equal(schema->dialect, table->schema, schema_default_namespace(schema));
    if (is_default && is_plain(table->name.text) && !is_keyword(table->name.text)) {
        buf_add(out, table->name.text);
        return;
    }
    buf_add_char(out, '"');
    Str parts[2] = {is_default ? (Str){0} : table->schema, table->name.text};
    for (uint32_t i = 0; i < 2; i++) {
        for (uint32_t j = 0; j < parts[i].length; j++) {
            char c = parts[i].data[j];
            bool is_harmless = (unsigned char)c >= ' ' && c != 0x7f && !strchr("\"%\\", c);
            buf_add_char(out, is_harmless ? c : '_');
        }
        if (i == 0 && parts[0].length > 0)
            buf_add_char(out, '.');
    }
    buf_add_char(out, '"');
}

/* What an attribute's word may not hold becomes _. */
static void add_word(Buf *out, Str word)
{
    bool ends_in_underscore = false;
    if (word.length == 0) {
        buf_add(out, STR("unknown"));
        return;
    }
    if ((word.data[0] >= '0' && word.data[0] <= '9') || word.data[0] == '-')
        buf_add_char(out, '_');
    for (uint32_t i = 0; i < word.length; i++) {
        char c = word.data[i];
        bool is_fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || (c == '(' && i > 0) || c == ')' || c == '[' || c == ']';
        if (is_fine)
            buf_add_char(out, c);
        else if (!ends_in_underscore)
            buf_add_char(out, '_');
        ends_in_underscore = !is_fine;
    }
    if (str_equal(word, STR("PK")) || str_equal(word, STR("FK")) || str_equal(word, STR("UK")))
        buf_add_char(out, '_');
}

static bool is_in(const ColumnVec *columns, const Column *column)
{
    for (uint32_t i = 0; i < columns->n; i++) {
        if (columns->items[i] == column)
            return true;
    }
    return false;
}

static bool is_primary(const Table *table, const Column *column)
{
    return table->primary_key && is_in(&table->primary_key->columns, column);
}

static bool is_foreign(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        if (is_in(&table->foreign_keys.items[i]->columns, column))
            return true;
    }
    return false;
}

static bool is_alone_unique(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->uniques.n; i++) {
        const ColumnVec *columns = &table->uniques.items[i]->columns;
        if (columns->n == 1 && columns->items[0] == column)
            return true;
    }
    return false;
}

static void add_columns(Buf *out, const Table *table, MermaidDetail detail)
{
    buf_add(out, STR(" {\n"));
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        bool is_key = is_primary(table, column), refers = is_foreign(table, column);
        bool is_unique = is_alone_unique(table, column);
        if (detail == MERMAID_KEYS && !is_key && !refers)
            continue;
        buf_add(out, STR("        "));
        add_word(out, column->type.canonical);
        buf_add_char(out, ' ');
        add_word(out, column->name.text);
        const char *separator = " ";
        if (is_key) {
            buf_format(out, "%sPK", separator);
            separator = ", ";
        }
        if (refers) {
            buf_format(out, "%sFK", separator);
            separator = ", ";
        }
        if (is_unique)
            buf_format(out, "%sUK", separator);
        buf_add_char(out, '\n');
    }
    buf_add(out, STR("    }\n"));
}

static bool is_wanted(const Table *table, const Table *const *tables, uint32_t n_tables)
{
    if (!tables)
        return table_is_base(table) && !table->is_temporary && !table->partition_of;
    for (uint32_t i = 0; i < n_tables; i++) {
        if (tables[i] == table)
            return true;
    }
    return false;
}

/* Left: one or, where the column is nullable, at most one. Right: many, or one where the foreign
 * key is unique. */
static void add_relation(Buf *out, const Schema *schema, const ForeignKey *foreign_key)
{
    bool is_optional = false;
    for (uint32_t i = 0; i < foreign_key->columns.n; i++)
        is_optional |= foreign_key->columns.items[i]->is_nullable;
    bool is_single = table_is_unique_on(foreign_key->table, &foreign_key->columns);
    buf_add(out, STR("    "));
    add_entity(out, schema, foreign_key->target);
    buf_format(out, " %s--%s ", is_optional ? "|o" : "||", is_single ? "o|" : "o{");
    add_entity(out, schema, foreign_key->table);
    buf_add(out, STR(" : \""));
    for (uint32_t i = 0; i < foreign_key->columns.n; i++) {
        Str name = foreign_key->columns.items[i]->name.text;
        if (i > 0)
            buf_add(out, STR(", "));
        for (uint32_t j = 0; j < name.length; j++)
            buf_add_char(out, name.data[j] == '"' || name.data[j] == '\n' ? '_' : name.data[j]);
    }
    buf_add(out, STR("\"\n"));
}

/* True where a relation of the diagram names the table. */
static bool is_related(const Table *table, const Table *const *tables, uint32_t n_tables)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *foreign_key = table->foreign_keys.items[i];
        if (foreign_key->target && !foreign_key->inherited_from &&
            is_wanted(foreign_key->target, tables, n_tables))
            return true;
    }
    for (uint32_t i = 0; i < table->referenced_by.n; i++) {
        const ForeignKey *foreign_key = table->referenced_by.items[i];
        if (!foreign_key->inherited_from && is_wanted(foreign_key->table, tables, n_tables))
            return true;
    }
    return false;
}

static void add_table(Buf *out, const Schema *schema, const Table *table,
                      const Table *const *tables, uint32_t n_tables, MermaidDetail detail)
{
    bool has_columns = detail != MERMAID_RELATIONS_ONLY && table->columns.n > 0;
    if (!has_columns && is_related(table, tables, n_tables))
        return;
    buf_add(out, STR("    "));
    add_entity(out, schema, table);
    if (has_columns)
        add_columns(out, table, detail);
    else
        buf_add_char(out, '\n');
}

static void add_relations(Buf *out, const Schema *schema, const Table *table,
                          const Table *const *tables, uint32_t n_tables)
{
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *foreign_key = table->foreign_keys.items[i];
        if (foreign_key->target && !foreign_key->inherited_from &&
            is_wanted(foreign_key->target, tables, n_tables))
            add_relation(out, schema, foreign_key);
    }
}

void print_mermaid(Buf *out, const Schema *schema, const Table *const *tables, uint32_t n_tables,
                   MermaidDetail detail)
{
    buf_add(out, STR("erDiagram\n"));
    if (tables) {
        for (uint32_t i = 0; i < n_tables; i++)
            add_table(out, schema, tables[i], tables, n_tables, detail);
        for (uint32_t i = 0; i < n_tables; i++)
            add_relations(out, schema, tables[i], tables, n_tables);
        return;
    }
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        if (is_wanted(e->value, NULL, 0))
            add_table(out, schema, e->value, NULL, 0, detail);
    }
    for (MapEntry *e = map_next(&schema->tables, NULL); e; e = map_next(&schema->tables, e)) {
        if (is_wanted(e->value, NULL, 0))
            add_relations(out, schema, e->value, NULL, 0);
    }
}
