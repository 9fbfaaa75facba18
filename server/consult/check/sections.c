/* Which lines belong to which of the eight sections. */
#include "consult/check/parts.h"

/* Letters and digits only, so that "&" for "and", dashes and colons do not matter. */
static bool is_same_title(Str title, Str wanted)
{
    uint32_t i = 0;
    for (uint32_t k = 0; k < wanted.length; k++) {
        char w = wanted.data[k];
        if (w == ' ' || w == '-') {
            while (i < title.length && strchr(" -_/", title.data[i]))
                i++;
            continue;
        }
        if (i < title.length && title.data[i] == '&' &&
            str_starts_with(str_slice(wanted, k, wanted.length), STR("and"))) {
            i++;
            k += 2;
            continue;
        }
        if (i == title.length || (title.data[i] | 0x20) != (w | 0x20))
            return false;
        i++;
    }
    char next = i < title.length ? title.data[i] : ' ';
    return !((next | 0x20) >= 'a' && (next | 0x20) <= 'z');
}

int part_of_title(Str title)
{
    for (int i = 0; i < N_SECTIONS; i++)
        if (is_same_title(title, section_title((SectionKind)i)))
            return i;
    return PART_HEAD;
}

static bool begins_suggestions(Arena *scratch, const Piece *piece)
{
    if (piece->kind == PIECE_HEADING) {
        Str title = str_lower(scratch, piece->title);
        return str_starts_with(title, STR("suggestion")) ||
               str_contains(title, STR("solely for human"));
    }
    return piece->kind == PIECE_TEXT &&
           str_contains(str_lower(scratch, piece->line), STR("solely for human"));
}

PartVec parts_find(Arena *out, const Document *document)
{
    PartVec parts = {0};
    Arena scratch = {0};
    VEC_PUSH(out, &parts, ((Part){.kind = PART_HEAD}));
    for (uint32_t i = 0; i < document->pieces.n; i++) {
        const Piece *piece = &document->pieces.items[i];
        int kind = piece->kind == PIECE_HEADING ? part_of_title(piece->title) : PART_HEAD;
        bool is_heading = kind != PART_HEAD;
        if (!is_heading && VEC_LAST(&parts)->kind != PART_SUGGESTIONS &&
            begins_suggestions(&scratch, piece))
            kind = PART_SUGGESTIONS;
        if (kind == PART_HEAD)
            continue;
        VEC_LAST(&parts)->end = i;
        /* The heading itself is written anew; what opens the suggestions may be more than one. */
        bool is_own = is_heading || piece->kind == PIECE_HEADING;
        VEC_PUSH(out, &parts, ((Part){.kind = kind, .first = is_own ? i + 1 : i}));
    }
    VEC_LAST(&parts)->end = document->pieces.n;
    arena_release(&scratch);
    return parts;
}

void check_find_parts(ReportCheck *check)
{
    check->parts = parts_find(check->out, &check->document);
    check->part_of_piece = ARENA_ARRAY(check->scratch, int, check->document.pieces.n + 1);
    for (uint32_t i = 0; i < check->document.pieces.n; i++)
        check->part_of_piece[i] = PART_HEAD;
    for (uint32_t i = 0; i < check->parts.n; i++)
        for (uint32_t k = check->parts.items[i].first; k < check->parts.items[i].end; k++)
            check->part_of_piece[k] = check->parts.items[i].kind;
}

int check_part_of(const ReportCheck *check, uint32_t piece)
{
    return piece < check->document.pieces.n ? check->part_of_piece[piece] : PART_HEAD;
}

/* ---- a correction ---- */

static void add_part(Buf *out, const Document *document, int kind, const PartVec *parts)
{
    for (uint32_t i = 0; i < parts->n; i++) {
        const Part *part = &parts->items[i];
        if (part->kind != kind)
            continue;
        for (uint32_t k = part->first; k < part->end; k++) {
            const Piece *piece = &document->pieces.items[k];
            if (piece->kind == PIECE_CODE) {
                Document one = {.pieces = {.items = document->pieces.items + k, .n = 1}};
                document_write(out, &one, 0, 1);
            } else if (piece->kind == PIECE_RULE)
                buf_add(out, STR("\n---\n"));
            else
                buf_format(out, STR_FMT "\n", STR_ARG(piece->line));
        }
    }
}

static bool has_part(const PartVec *parts, int kind)
{
    for (uint32_t i = 0; i < parts->n; i++)
        if (parts->items[i].kind == kind)
            return true;
    return false;
}

Str check_merge(Arena *out, Str text, Str correction)
{
    Arena scratch = {0};
    Document old = document_read(&scratch, text), new = document_read(&scratch, correction);
    PartVec old_parts = parts_find(&scratch, &old), new_parts = parts_find(&scratch, &new);
    Buf buf = buf_with_max((size_t)DOCUMENT_MAX_BYTES * 4);
    add_part(&buf, &old, PART_HEAD, &old_parts);
    for (int kind = 0; kind < N_SECTIONS; kind++) {
        bool is_new = has_part(&new_parts, kind);
        if (!is_new && !has_part(&old_parts, kind))
            continue;
        buf_format(&buf, "\n## " STR_FMT "\n\n", STR_ARG(section_title((SectionKind)kind)));
        add_part(&buf, is_new ? &new : &old, kind, is_new ? &new_parts : &old_parts);
    }
    const PartVec *last = has_part(&new_parts, PART_SUGGESTIONS) ? &new_parts : &old_parts;
    if (has_part(last, PART_SUGGESTIONS)) {
        buf_add(&buf, STR("\n## Suggestions\n\n"));
        add_part(&buf, last == &new_parts ? &new : &old, PART_SUGGESTIONS, last);
    }
    Str merged = str_copy(out, buf_str(&buf));
    buf_free(&buf);
    arena_release(&scratch);
    return merged;
}
