/* Applying changes. Each change counts its positions in the text that the changes before it
 * made, so the plain way makes a new Text, with its table of lines, per change. A rename or
 * replace-all in an editor sends thousands at once, from the end of the document to its
 * start. For those the table of the first text stays right for all that is still to come, so
 * a run of changes, each wholly before the one before it, is collected and applied in one
 * pass. "Wholly before" leaves at least one unchanged byte between two changes: then the end
 * of a line that a position is clamped to is the same in both texts. */
#include "lsp/documents.h"

#include "base/json.h"
#include "base/log.h"
#include "lsp/uri.h"

Document *documents_find(const Documents *documents, Str uri)
{
    for (Document *document = documents->first; document; document = document->next) {
        if (str_equal(document->uri, uri))
            return document;
    }
    Arena arena = arena_with_capacity((size_t)uri.length + 64);
    Document *found = documents_find_path(documents, uri_to_path(&arena, uri));
    arena_release(&arena);
    return found;
}

Document *documents_find_path(const Documents *documents, Str path)
{
    if (str_is_absent(path))
        return NULL;
    for (Document *document = documents->first; document; document = document->next) {
        if (!str_is_absent(document->path) && str_equal(document->path, path))
            return document;
    }
    return NULL;
}

Document *documents_open(Documents *documents, Str uri, Str language, int32_t version, Str text)
{
    Document *old = documents_find(documents, uri);
    if (old)
        documents_close(documents, old);
    Document *document = ARENA_OWNER_NEW(Document);
    document->uri = str_copy(&document->arena, uri);
    document->path = uri_to_path(&document->arena, document->uri);
    document->language = str_copy(&document->arena, language);
    document->version = version;
    document->text = text_new(text);
    document->next = documents->first;
    documents->first = document;
    return document;
}

void documents_close(Documents *documents, Document *document)
{
    Document **link = &documents->first;
    while (*link != document)
        link = &(*link)->next;
    *link = document->next;
    text_release(document->text);
    arena_owner_free(&document->arena);
}

void documents_free(Documents *documents)
{
    while (documents->first)
        documents_close(documents, documents->first);
}

/* ---- changes ---- */

typedef struct {
    Range range;
    Str text;
} Change;
typedef Vec(Change) ChangeVec;

static void replace_text(Document *document, Text *text)
{
    text_release(document->text);
    document->text = text;
    document->is_no_source = false;
}

/* Applies a run, whose first change is the last in the text. */
static void apply_run(Document *document, ChangeVec *run)
{
    if (run->n == 1) {
        Change *only = &run->items[0];
        replace_text(document, text_replace(document->text, only->range, only->text));
    } else if (run->n > 1) {
        Buf result = buf_with_max(UINT32_MAX);
        Str old = text_bytes(document->text);
        uint32_t at = 0;
        for (uint32_t i = run->n; i-- > 0;) {
            Change *change = &run->items[i];
            buf_add(&result, str_slice(old, at, change->range.start));
            buf_add(&result, change->text);
            at = change->range.end;
        }
        buf_add(&result, str_slice(old, at, old.length));
        if (!result.overflowed)
            replace_text(document, text_new(buf_str(&result)));
        buf_free(&result);
    }
    run->n = 0;
}

bool document_apply(Document *document, const cJSON *changes, int32_t version,
                    PositionEncoding encoding, Arena *scratch)
{
    bool is_sound = true;
    ChangeVec run = {0};
    PositionMapper mapper = position_mapper(document->text, encoding, scratch);
    const cJSON *item;
    cJSON_ArrayForEach(item, changes)
    {
        const cJSON *text = json_get(item, "text");
        const cJSON *json_range = json_get(item, "range");
        if (!cJSON_IsString(text)) {
            is_sound = false;
            continue;
        }
        if (!json_range) {
            run.n = 0; /* the whole text: what was collected does not matter */
            replace_text(document, text_new(json_text(scratch, text)));
            mapper = position_mapper(document->text, encoding, scratch);
            continue;
        }
        Change change = {.text = json_text(scratch, text)};
        if (!position_range_from_json(&mapper, json_range, &change.range)) {
            is_sound = false;
            continue;
        }
        if (run.n > 0 && change.range.end >= VEC_LAST(&run)->range.start) {
            apply_run(document, &run);
            mapper = position_mapper(document->text, encoding, scratch);
            position_range_from_json(&mapper, json_range, &change.range);
        }
        VEC_PUSH(scratch, &run, change);
    }
    apply_run(document, &run);
    document->version = version;
    document->is_changed = true;
    return is_sound;
}
