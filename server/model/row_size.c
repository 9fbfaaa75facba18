#include "model/row_size.h"

enum {
    MAX_ALIGNMENT = 8,
    TUPLE_HEADER = 23, /* before the null bitmap */
    LINE_POINTER = 4,
    INDEX_HEADER = 8,
    PAGE = 8192,
    PAGE_HEADER = 24,
    INDEX_SPECIAL = 16, /* at the end of a B-tree page */
    LEAF_FILL_PERCENT = 90,
};

static uint32_t align(uint32_t at, uint32_t alignment)
{
    return (at + alignment - 1) / alignment * alignment;
}

/* ---- one column ---- */

/* Text is as long as what it holds, which the name often tells. In characters. */
static uint32_t length_by_name(Str name)
{
    static const struct {
        const char *word;
        uint32_t length;
    } known[] = {
        {"email", 24},  {"password", 60}, {"hash", 60},    {"token", 43},    {"url", 60},
        {"uri", 60},    {"link", 60},     {"phone", 12},   {"slug", 20},     {"title", 40},
        {"body", 400},  {"content", 400}, {"descr", 120},  {"comment", 120}, {"message", 200},
        {"note", 120},  {"bio", 160},     {"address", 40}, {"status", 8},    {"state", 8},
        {"type", 8},    {"kind", 8},      {"role", 8},     {"code", 8},      {"currency", 3},
        {"country", 8}, {"locale", 5},    {"lang", 5},     {"color", 7},     {"name", 16},
        {"uuid", 36},   {"_id", 25},      {"ip", 14},      {"agent", 110},
    };
    for (uint32_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (str_contains(name, str_from(known[i].word)))
            return known[i].length;
    }
    return str_equal(name, STR("id")) ? 25 : 32;
}

static uint32_t text_length(const Column *column)
{
    uint32_t length = length_by_name(column->name.text);
    if (column->default_value && column->default_value->kind == EXPRESSION_STRING) {
        /* The values of such a column are words like the default. */
        uint32_t word = column->default_value->constant.length;
        length = word > 4 ? word : 4;
    }
    if (column->type.length > 0 && length > column->type.length)
        length = column->type.length;
    return length;
}

typedef struct {
    uint32_t size, alignment;
    bool is_estimate;
} ColumnSize;

static const ColumnType *stored_type(const Column *column)
{
    const ColumnType *type = &column->type;
    if (column->user_type && column->user_type->kind == TYPE_DEF_DOMAIN && type->array_dims == 0)
        type = &column->user_type->base;
    return type;
}

static ColumnSize column_size(const Column *column, Dialect dialect)
{
    ColumnSize result;
    const ColumnType *type = stored_type(column);
    result.size = type_size(type, dialect, &result.alignment, &result.is_estimate);
    bool is_plain_text =
        (type->family == TYPE_TEXT || type->family == TYPE_VARCHAR) && type->array_dims == 0;
    if (result.is_estimate && is_plain_text) {
        uint32_t length = text_length(column);
        result.size = length + (length > 126 ? 4u : 1u);
        result.alignment = length > 126 && dialect == DIALECT_POSTGRESQL ? 4 : 1;
    }
    return result;
}

/* ---- PostgreSQL ---- */

static bool is_virtual(const Column *column)
{
    return column->generated == GENERATED_VIRTUAL;
}

static uint32_t header_size(const Table *table)
{
    bool has_nulls = false;
    for (uint32_t i = 0; i < table->columns.n; i++)
        has_nulls |= table->columns.items[i]->is_nullable;
    uint32_t bitmap = has_nulls ? (table->columns.n + 7) / 8 : 0;
    return align(TUPLE_HEADER + bitmap, MAX_ALIGNMENT);
}

/* The columns' bytes in the order of least padding: widest alignment first. */
static uint32_t best_data_size(const Table *table)
{
    uint32_t at = 0;
    for (uint32_t alignment = MAX_ALIGNMENT; alignment > 0; alignment /= 2) {
        for (uint32_t i = 0; i < table->columns.n; i++) {
            ColumnSize size = column_size(table->columns.items[i], DIALECT_POSTGRESQL);
            if (size.alignment == alignment && !is_virtual(table->columns.items[i]))
                at = align(at, alignment) + size.size;
        }
    }
    return at;
}

static RowSize postgresql_row(const Table *table)
{
    RowSize result = {.bytes = 0};
    uint32_t at = 0;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        if (is_virtual(column))
            continue;
        ColumnSize size = column_size(column, DIALECT_POSTGRESQL);
        uint32_t padding = align(at, size.alignment) - at;
        result.padding += padding;
        result.is_estimate |= size.is_estimate;
        if (padding > result.padded_bytes) {
            result.padded = column;
            result.padded_bytes = padding;
        }
        at += padding + size.size;
    }
    uint32_t header = header_size(table);
    uint32_t now = align(header + at, MAX_ALIGNMENT);
    uint32_t best = align(header + best_data_size(table), MAX_ALIGNMENT);
    result.bytes = now + LINE_POINTER;
    result.saving = best < now ? now - best : 0;
    return result;
}

/* ---- others ---- */

enum {
    INNODB_OVERHEAD = 5 + 6 + 7, /* record header, transaction id, roll pointer */
    INNODB_ROWID = 6,            /* where there is no key */
    SQLITE_OVERHEAD = 6,         /* lengths of record and header, row number */
    SQLSERVER_OVERHEAD = 9,      /* status, length, column count, slot */
};

static RowSize packed_row(const Table *table, Dialect dialect)
{
    RowSize result = {.is_estimate = true};
    for (uint32_t i = 0; i < table->columns.n; i++) {
        if (is_virtual(table->columns.items[i]))
            continue;
        result.bytes += column_size(table->columns.items[i], dialect).size;
        if (dialect == DIALECT_SQLITE)
            result.bytes++; /* each value's type */
    }
    uint32_t bitmap = (table->columns.n + 7) / 8;
    if (dialect == DIALECT_MYSQL)
        result.bytes += INNODB_OVERHEAD + bitmap + (table->primary_key ? 0u : INNODB_ROWID);
    else if (dialect == DIALECT_SQLITE)
        result.bytes += SQLITE_OVERHEAD;
    else
        result.bytes += SQLSERVER_OVERHEAD + bitmap;
    return result;
}

RowSize row_size(const Table *table, Dialect dialect)
{
    return dialect == DIALECT_POSTGRESQL ? postgresql_row(table) : packed_row(table, dialect);
}

/* ---- indexes ---- */

static uint32_t expression_size(bool *is_estimate)
{
    *is_estimate = true;
    return 24;
}

uint32_t index_entry_size(const Index *index, Dialect dialect, bool *is_estimate)
{
    uint32_t at = dialect == DIALECT_POSTGRESQL ? INDEX_HEADER : 6;
    bool is_aligned = dialect == DIALECT_POSTGRESQL;
    *is_estimate = !is_aligned || !str_equal(index->method, STR("btree"));
    for (uint32_t i = 0; i < index->parts.n + index->include.n; i++) {
        const Column *column = i < index->parts.n ? index->parts.items[i].column
                                                  : index->include.items[i - index->parts.n];
        if (!column) {
            at += expression_size(is_estimate);
            continue;
        }
        ColumnSize size = column_size(column, dialect);
        *is_estimate |= size.is_estimate;
        at = (is_aligned ? align(at, size.alignment) : at) + size.size;
    }
    if (is_aligned)
        return align(at, MAX_ALIGNMENT) + LINE_POINTER;
    /* An InnoDB entry ends with the primary key, a SQLite entry with the row number. */
    const Key *primary = index->table ? index->table->primary_key : NULL;
    if (dialect == DIALECT_MYSQL && primary && primary->index != index) {
        for (uint32_t i = 0; i < primary->columns.n; i++)
            at += column_size(primary->columns.items[i], dialect).size;
    } else if (dialect == DIALECT_SQLITE) {
        at += 4;
    }
    return at;
}

/* ---- totals ---- */

static uint64_t pages(uint64_t n, uint32_t per_page)
{
    if (per_page == 0)
        return n; /* larger than a page: stored out of line, a page each is a fair guess */
    return (n + per_page - 1) / per_page;
}

uint64_t table_bytes(RowSize size, Dialect dialect, uint64_t n_rows)
{
    if (dialect != DIALECT_POSTGRESQL)
        return n_rows * size.bytes * 16 / 15; /* InnoDB fills pages to 15/16; others are near */
    return pages(n_rows, (PAGE - PAGE_HEADER) / (size.bytes > 0 ? size.bytes : 1)) * PAGE;
}

uint64_t index_bytes(uint32_t entry_size, Dialect dialect, uint64_t n_rows)
{
    if (entry_size == 0)
        return 0;
    if (dialect != DIALECT_POSTGRESQL)
        return n_rows * entry_size * 16 / 15;
    uint32_t usable = (PAGE - PAGE_HEADER - INDEX_SPECIAL) * LEAF_FILL_PERCENT / 100;
    uint64_t leaves = pages(n_rows, usable / entry_size);
    /* One entry for each leaf in the levels above, and the page that describes the index. */
    return (leaves + pages(leaves, usable / entry_size) + 1) * PAGE;
}
