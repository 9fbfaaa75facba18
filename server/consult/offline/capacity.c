#include "consult/offline/capacity.h"

#include "model/row_size.h"

enum { MAX_ROWS = 12 };

Capacity capacity_of(const Offline *o, const TableFacts *facts)
{
    Dialect dialect = o->schema->dialect;
    RowSize size = row_size(facts->table, dialect);
    Capacity capacity = {.row_bytes = size.bytes,
                         .padding = size.padding,
                         .saved = size.saving,
                         .is_estimate = size.is_estimate};
    for (uint32_t i = 0; i < facts->table->indexes.n; i++) {
        bool is_estimate = false;
        capacity.index_bytes +=
            index_entry_size(facts->table->indexes.items[i], dialect, &is_estimate);
        capacity.is_estimate = capacity.is_estimate || is_estimate;
    }
    return capacity;
}

static uint64_t rows_of(const TableFacts *facts)
{
    return facts->assumed && facts->assumed->rows > 0 ? facts->assumed->rows : 1000000;
}

static uint64_t weight_of(const Offline *o, const TableFacts *facts)
{
    Capacity capacity = capacity_of(o, facts);
    return ((uint64_t)capacity.row_bytes + capacity.index_bytes) * rows_of(facts);
}

/* The consulted tables, heaviest first; equal ones in the order of their creation. */
static TableFactsVec heaviest(Offline *o)
{
    TableFactsVec sorted = {0};
    for (uint32_t t = 0; t < o->tables.n; t++) {
        if (!o->tables.items[t]->is_consulted)
            continue;
        VEC_PUSH(o->scratch, &sorted, o->tables.items[t]);
        uint64_t weight = weight_of(o, o->tables.items[t]);
        for (uint32_t i = sorted.n - 1; i > 0 && weight_of(o, sorted.items[i - 1]) < weight; i--) {
            TableFacts *swapped = sorted.items[i];
            sorted.items[i] = sorted.items[i - 1];
            sorted.items[i - 1] = swapped;
        }
        if (sorted.n > MAX_ROWS)
            sorted.n = MAX_ROWS;
    }
    return sorted;
}

static void add_row(Offline *o, Grid *grid, const TableFacts *facts)
{
    Dialect dialect = o->schema->dialect;
    RowSize size = row_size(facts->table, dialect);
    uint64_t rows = rows_of(facts), indexes = 0;
    bool is_estimate = size.is_estimate;
    for (uint32_t i = 0; i < facts->table->indexes.n; i++)
        indexes += index_bytes(
            index_entry_size(facts->table->indexes.items[i], dialect, &is_estimate), dialect, rows);
    StrVec row = {0};
    VEC_PUSH(o->out, &row, facts->code);
    VEC_PUSH(o->out, &row,
             str_format(o->out, "%s%u", size.is_estimate ? "about " : "", size.bytes));
    VEC_PUSH(o->out, &row,
             size.saving > 0
                 ? str_format(o->out, "%u (%u saved by another order)", size.padding, size.saving)
                 : str_format(o->out, "%u", size.padding));
    VEC_PUSH(o->out, &row, number_text(o->out, rows));
    VEC_PUSH(o->out, &row, size_text(o->out, table_bytes(size, dialect, rows)));
    VEC_PUSH(o->out, &row,
             facts->table->indexes.n == 0
                 ? STR("none")
                 : str_format(o->out, STR_FMT " (%u)", STR_ARG(size_text(o->scratch, indexes)),
                              facts->table->indexes.n));
    VEC_PUSH(o->out, &grid->rows, row);
}

void list_row_sizes(Offline *o)
{
    static const char *const header[] = {"table",   "bytes a row", "padding",
                                         "at rows", "table",       "indexes"};
    TableFactsVec tables = heaviest(o);
    if (tables.n == 0)
        return;
    uint32_t n_assumed = 0;
    for (uint32_t i = 0; i < tables.n; i++)
        n_assumed += tables.items[i]->assumed && tables.items[i]->assumed->rows > 0;
    Grid *grid = VEC_EXTEND(o->out, &o->report->sections[SECTION_PERFORMANCE].grids);
    Str whose = o->n_consulted > tables.n ? str_format(o->scratch, "The %u heaviest of %u tables",
                                                       tables.n, o->n_consulted)
                                          : STR("Row sizes");
    grid->caption =
        str_format(o->out, STR_FMT "%s:", STR_ARG(whose),
                   n_assumed == 0          ? ", at a million rows each"
                   : n_assumed == tables.n ? ", at the rows assumed in lintel.yaml"
                                           : ", at the rows assumed in lintel.yaml or a million");
    for (size_t i = 0; i < sizeof header / sizeof *header; i++)
        VEC_PUSH(o->out, &grid->header, str_from(header[i]));
    for (uint32_t i = 0; i < tables.n; i++)
        add_row(o, grid, tables.items[i]);
}
