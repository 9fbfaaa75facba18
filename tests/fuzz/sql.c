/* Any bytes as SQL of any dialect: pieces, fragments, model and findings keep what they promise. */
#include "fuzz/analysis.h"
#include "syntax/direct.h"
#include "syntax/parser.h"
#include "syntax/sql_split.h"

const struct TSLanguage *tree_sitter_sql(void);

/* Our own driver of the grammar's tables gives tree-sitter's tree, or none. */
static void check_trees(Str text)
{
    enum { MANY_STEPS = 1 << 30 };
    static DirectParser *direct;
    static Parser *parser;
    if (!direct) {
        direct = direct_new(tree_sitter_sql());
        parser = parser_new();
    }
    Arena arena = {0};
    Tree ours;
    if (direct_parse(direct, text, MANY_STEPS, &arena, &ours)) {
        Tree theirs = parser_parse_any(parser, LANGUAGE_SQL, text, &arena);
        if (theirs.nodes[0].kind != UINT16_MAX) { /* it stayed in its budget */
            FUZZ_CHECK(ours.n_nodes == theirs.n_nodes);
            for (uint32_t i = 0; i < ours.n_nodes; i++) {
                const Node *a = &ours.nodes[i], *b = &theirs.nodes[i];
                FUZZ_CHECK(a->kind == b->kind && a->field == b->field && a->start == b->start &&
                           a->end == b->end && a->next == b->next && a->parent == b->parent &&
                           a->is_named == b->is_named && !b->has_error);
            }
        }
    }
    arena_release(&arena);
}

static void check_pieces(Str text, Dialect dialect)
{
    Arena arena = {0};
    PieceVec pieces = sql_split(&arena, text, dialect);
    uint32_t end = 0;
    for (uint32_t i = 0; i < pieces.n; i++) {
        Range range = pieces.items[i].range;
        fuzz_check_range(range, (Range){.start = end, .end = text.length});
        end = range.end;
        check_trees(str_slice(text, range.start, range.end));
    }
    arena_release(&arena);
}

static void check_file(const LoweredFile *file, Str text)
{
    uint32_t end = 0;
    for (uint32_t i = 0; i < file->fragments.n; i++) {
        const PlacedFragment *placed = &file->fragments.items[i];
        const Fragment *fragment = placed->fragment;
        Str expected = str_slice(text, placed->start, placed->start + fragment->text.length);
        FUZZ_CHECK(placed->start >= end);
        FUZZ_CHECK(str_equal(fragment->text, expected));
        end = placed->start + fragment->text.length;
        Range all = {.start = 0, .end = fragment->text.length};
        for (uint32_t k = 0; k < fragment->operations.n; k++) {
            Place place = fragment->operations.items[k].place;
            FUZZ_CHECK(place.fragment == fragment);
            fuzz_check_range(place.range, all);
        }
        for (uint32_t k = 0; k < fragment->problems.n; k++)
            fuzz_check_range(fragment->problems.items[k].place.range, all);
    }
    for (uint32_t i = 0; i < file->problems.n; i++)
        fuzz_check_range(file->problems.items[i].range, (Range){.start = 0, .end = text.length});
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    FuzzInput input = {.data = data, .size = size};
    uint32_t mode = fuzz_byte(&input);
    Dialect dialect = (Dialect)(mode % N_DIALECTS);
    Text *text = text_new(fuzz_text(&input, input.size));
    Str bytes = text_bytes(text);
    check_pieces(bytes, dialect);

    LoweredFile *file = lower_file(text, FILE_SQL, dialect, NULL);
    check_file(file, bytes);
    Arena arena = {0};
    Snapshot *snapshot = fuzz_analyse(&arena, file, (mode / N_DIALECTS) % 2 == 0);
    fuzz_check_findings(snapshot, bytes);
    /* What stands under the cursor, at a few places. */
    for (uint32_t i = 0; i < 8 && bytes.length > 0; i++) {
        Subject subject = {0};
        if (snapshot_subject_at(snapshot, 0, (uint32_t)((uint64_t)bytes.length * i / 8), &subject))
            FUZZ_CHECK(subject.table != NULL);
    }
    snapshot_release(snapshot);
    arena_release(&arena);
    text_release(text);
    return 0;
}
