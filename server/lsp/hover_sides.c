/* What a hover says of a database that is described twice: what is declared and not migrated, and
 * where the two differ. */
#include "lsp/hover.h"
#include "model/diff.h"

enum { MAX_SHOWN = 6 };

static void start(Hover *hover, bool is_first)
{
    if (is_first)
        buf_add(hover->out, STR("\n\n"));
    else
        hover_line(hover);
}

static void column_side(Hover *hover, const char *side, const Column *column)
{
    buf_format(hover->out, "%s ", side);
    hover_name(hover, column->type.canonical);
    buf_add(hover->out, column->is_nullable ? STR(", null allowed") : STR(", not null"));
    if (column->default_value) {
        buf_add(hover->out, STR(", default "));
        hover_name(hover, column->default_value->text);
    }
}

static bool is_of_column(DifferenceKind kind)
{
    return kind == DIFFERENCE_TYPE || kind == DIFFERENCE_NULLABILITY || kind == DIFFERENCE_DEFAULT;
}

static bool differs(const DifferenceVec *differences, const Column *column)
{
    for (uint32_t i = 0; i < differences->n; i++) {
        if (is_of_column(differences->items[i].kind) && differences->items[i].to.column == column)
            return true;
    }
    return false;
}

/* Columns that only one side has, or that differ, by name. */
static void table_sides(Hover *hover, const DifferenceVec *differences, const Table *declared)
{
    uint32_t n = 0;
    const Column *last = NULL;
    for (uint32_t i = 0; i < differences->n; i++) {
        const Difference *difference = &differences->items[i];
        bool is_column = difference->kind == DIFFERENCE_COLUMN || is_of_column(difference->kind);
        const Column *column =
            difference->to.column ? difference->to.column : difference->from.column;
        if (difference->to.table != declared || !is_column || column == last)
            continue;
        last = column;
        if (n++ >= MAX_SHOWN)
            continue;
        start(hover, n == 1);
        hover_name(hover, column->name.text);
        buf_add(hover->out, difference->way == DIFFERENCE_MISSING
                                ? STR(" is declared, not migrated")
                            : difference->way == DIFFERENCE_EXTRA
                                ? STR(" is migrated, not declared")
                                : STR(" differs between the model and the migrations"));
    }
    if (n > MAX_SHOWN)
        buf_format(hover->out, " and %u more", n - MAX_SHOWN);
}

void hover_sides(Hover *hover, const Subject *subject)
{
    const Database *database = &hover->view->snapshot->database;
    if (!database->migrated || !database->declared)
        return;
    if (!subject->declared_table) {
        bool is_migrated = schema_counterpart(database->migrated, subject->table) == subject->table;
        start(hover, true);
        hover_emphasis(hover,
                       is_migrated ? STR("migrated, not declared") : STR("declared, not migrated"));
        return;
    }
    if (!subject->column) {
        table_sides(hover, &database->differences, subject->declared_table);
        return;
    }
    if (!differs(&database->differences, subject->declared_column))
        return;
    start(hover, true);
    column_side(hover, "Declared:", subject->declared_column);
    start(hover, false);
    column_side(hover, "Migrated:", subject->column);
    buf_add(hover->out, STR(", "));
    hover_cite(hover, subject->column->place);
}
