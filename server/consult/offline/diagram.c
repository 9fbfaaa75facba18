/* The relationships of the tables consulted, as a Mermaid diagram. */
#include "base/buf.h"
#include "consult/offline/data_model.h"
#include "model/print_mermaid.h"

enum { MAX_RELATIONS = 40 };

static uint32_t degree(const TableFacts *facts)
{
    return facts->table->foreign_keys.n + facts->table->referenced_by.n;
}

/* Large schemas: the tables with the most relations are what the others hang on. */
static bool is_drawn(const Offline *o, const TableFacts *child, const ForeignKey *key,
                     uint32_t min_degree)
{
    const TableFacts *parent = facts_of(o, key->target);
    return parent && key->columns.n > 0 && (child->is_consulted || parent->is_consulted) &&
           degree(parent) >= min_degree && degree(child) >= min_degree;
}

static uint32_t count_relations(const Offline *o, uint32_t min_degree)
{
    uint32_t n = 0;
    for (uint32_t t = 0; t < o->tables.n; t++)
        for (uint32_t i = 0; i < o->tables.items[t]->table->foreign_keys.n; i++)
            n += is_drawn(o, o->tables.items[t], o->tables.items[t]->table->foreign_keys.items[i],
                          min_degree);
    return n;
}

static bool is_related(const Offline *o, const TableFacts *facts, uint32_t min_degree)
{
    for (uint32_t i = 0; i < facts->table->foreign_keys.n; i++)
        if (is_drawn(o, facts, facts->table->foreign_keys.items[i], min_degree))
            return true;
    for (uint32_t i = 0; i < facts->table->referenced_by.n; i++) {
        const ForeignKey *key = facts->table->referenced_by.items[i];
        const TableFacts *child = facts_of(o, key->table);
        if (child && is_drawn(o, child, key, min_degree))
            return true;
    }
    return false;
}

void draw_diagram(Offline *o)
{
    uint32_t n_all = count_relations(o, 0), min_degree = 0;
    if (n_all == 0)
        return;
    while (count_relations(o, min_degree) > MAX_RELATIONS)
        min_degree++;
    Vec(const Table *) tables = {0};
    for (uint32_t t = 0; t < o->tables.n; t++)
        if (is_related(o, o->tables.items[t], min_degree))
            VEC_PUSH(o->scratch, &tables, o->tables.items[t]->table);
    uint32_t n_drawn = count_relations(o, min_degree);
    Section *section = &o->report->sections[SECTION_DATA_MODEL];
    if (n_drawn > 0) {
        Buf buf = buf_with_max(1 << 20);
        print_mermaid(&buf, o->schema, tables.items, tables.n, MERMAID_RELATIONS_ONLY);
        section->diagram = str_copy(o->out, buf_str(&buf));
        buf_free(&buf);
    }
    if (n_drawn < n_all)
        section->diagram_note =
            n_drawn > 0
                ? str_format(o->out,
                             "%u of %u foreign keys are drawn: those between tables with at least "
                             "%u of them each.",
                             n_drawn, n_all, min_degree)
                : str_format(o->out, "The %u foreign keys are too many and too even to draw.",
                             n_all);
}
