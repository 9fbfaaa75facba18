/* lowering.h — what the tests of the SQL frontend share: a statement, and the lines that it
 * should give. Everything is static: a test program is one source file. */
#ifndef TESTS_LOWERING_H
#define TESTS_LOWERING_H

#include "frontends/sql/sql.h"
#include "syntax/sql_split.h"
#include "tools/summary.h"
#include "unit/unit.h"

#define PG   DIALECT_POSTGRESQL
#define MY   DIALECT_MYSQL
#define LITE DIALECT_SQLITE
#define MS   DIALECT_SQLSERVER

typedef struct {
    Dialect dialect;
    const char *sql;
    const char *expected; /* lines */
} LowerCase;

typedef Str (*Summary)(Arena *arena, const Fragment *fragment);

static inline Str operations_of(Arena *arena, const Fragment *fragment)
{
    return operations_summary(arena, &fragment->operations);
}

static inline Str queries_of(Arena *arena, const Fragment *fragment)
{
    StrVec lines = {0};
    for (uint32_t i = 0; i < fragment->queries.n; i++)
        VEC_PUSH(arena, &lines, query_summary(arena, fragment->queries.items[i]));
    return str_join(arena, lines.items, lines.n, STR("\n"));
}

static inline Str problems_of(Arena *arena, const Fragment *fragment)
{
    StrVec lines = {0};
    for (uint32_t i = 0; i < fragment->problems.n; i++) {
        const TextProblem *problem = &fragment->problems.items[i];
        Range range = problem->place.range;
        VEC_PUSH(arena, &lines,
                 str_format(arena, STR_FMT " %u-%u: " STR_FMT, STR_ARG(problem->rule), range.start,
                            range.end, STR_ARG(problem->message)));
    }
    return str_join(arena, lines.items, lines.n, STR("\n"));
}

/* Each statement of `sql`, cut as a file would be, summed up and joined by lines. */
static inline Str lowered(Arena *arena, Parser *parser, Str sql, Dialect dialect, Summary summary)
{
    PieceVec pieces = sql_split(arena, sql, dialect);
    StrVec lines = {0};
    for (uint32_t i = 0; i < pieces.n; i++) {
        if (pieces.items[i].kind != PIECE_STATEMENT)
            continue;
        Range range = pieces.items[i].range;
        Fragment *fragment = sql_lower(parser, str_slice(sql, range.start, range.end), dialect);
        Str line = summary(arena, fragment);
        if (line.length > 0)
            VEC_PUSH(arena, &lines, str_copy(arena, line));
        fragment_release(fragment);
    }
    return str_join(arena, lines.items, lines.n, STR("\n"));
}

static inline void check_lowered(const LowerCase *cases, size_t n, Summary summary)
{
    Parser *parser = parser_new();
    for (size_t i = 0; i < n; i++) {
        Arena arena = {0};
        Str sql = str_from(cases[i].sql);
        Str actual = lowered(&arena, parser, sql, cases[i].dialect, summary);
        if (!str_equal(actual, str_from(cases[i].expected)))
            print_error("in: %s\n", cases[i].sql);
        assert_str(actual, cases[i].expected);
        arena_release(&arena);
    }
    parser_free(parser);
}

#endif
