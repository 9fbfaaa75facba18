#include "lsp/report_files.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/json.h"
#include "base/log.h"
#include "base/sha256.h"
#include "base/version.h"
#include "consult/state_files.h"

#define META_SUFFIX ".meta.json"

enum {
    MAX_REPORT_BYTES = 16 * 1024 * 1024,
    MAX_META_BYTES = 1024 * 1024,
    ID_LENGTH = 12, /* hex digits: enough to tell a user's reports apart */
};

static Str file_name(Arena *out, Str id, const char *suffix)
{
    return str_format(out, "reports/" STR_FMT "%s", STR_ARG(id), suffix);
}

Str report_id(Arena *out, Str root, Str database, Str markdown)
{
    Buf buf = buf_with_max(SIZE_MAX / 2);
    buf_add(&buf, root);
    buf_add_char(&buf, '\0');
    buf_add(&buf, database);
    buf_add_char(&buf, '\0');
    buf_add(&buf, markdown);
    Str id = str_slice(sha256_hex(out, buf_str(&buf)), 0, ID_LENGTH);
    buf_free(&buf);
    return id;
}

/* ---- writing ---- */

/* 64 bits do not fit into a number of JSON. */
static void add_hash(cJSON *json, const char *key, uint64_t hash)
{
    char text[24];
    snprintf(text, sizeof text, "%016" PRIx64, hash);
    json_add_str(json, key, str_from(text));
}

static Str meta_text(Arena *out, const StoredReport *stored)
{
    cJSON *json = cJSON_CreateObject();
    json_add_str(json, "version", STR(LINTEL_VERSION));
    json_add_str(json, "title", stored->title);
    cJSON_AddNumberToObject(json, "made_at", (double)stored->made_at);
    if (!str_is_absent(stored->root))
        json_add_str(json, "root", stored->root);
    json_add_str(json, "database", stored->database);
    cJSON_AddBoolToObject(json, "is_whole", stored->is_whole);
    add_hash(json, "fingerprint", stored->fingerprint);
    cJSON *words = cJSON_AddArrayToObject(json, "tables");
    for (MapEntry *e = map_next(&stored->words, NULL); e; e = map_next(&stored->words, e)) {
        const TableWord *word = e->value;
        cJSON *item = cJSON_CreateObject();
        json_add_str(item, "name", e->key);
        json_add_str(item, "text", word->text);
        add_hash(item, "fingerprint", word->fingerprint);
        json_push(words, item);
    }
    Buf buf = buf_with_max(MAX_META_BYTES);
    json_print(json, &buf);
    cJSON_Delete(json);
    Str text = buf.overflowed ? (Str){0} : str_copy(out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

void report_files_write(StoredReport *stored)
{
    Arena scratch = {0};
    Error err;
    Str path, other;
    bool is_written = state_file_write(&scratch, file_name(&scratch, stored->id, ".md"),
                                       stored->markdown, &path, &err) &&
                      (str_is_absent(stored->json) ||
                       state_file_write(&scratch, file_name(&scratch, stored->id, ".json"),
                                        stored->json, &other, &err));
    /* Last: what it tells of is there then. */
    Str meta = meta_text(&scratch, stored);
    if (is_written && !str_is_absent(meta))
        is_written = state_file_write(&scratch, file_name(&scratch, stored->id, META_SUFFIX), meta,
                                      &other, &err);
    if (is_written)
        stored->markdown_path = str_copy(&stored->arena, path);
    else
        LOG_WARN("lsp", "%s", err.text);
    arena_release(&scratch);
}

/* ---- reading ---- */

static bool read_hash(const cJSON *json, const char *key, uint64_t *hash)
{
    Str text = json_str(json, key);
    uint32_t high, low;
    if (text.length != 16 || !str_hex(text, 0, 8, &high) || !str_hex(text, 8, 8, &low))
        return false;
    *hash = (uint64_t)high << 32 | low;
    return true;
}

static Str member(StoredReport *stored, const cJSON *json, const char *key)
{
    return str_copy(&stored->arena, json_str(json, key));
}

static bool read_meta(StoredReport *stored, const cJSON *json)
{
    const double latest = 4102444800.0; /* the year 2100: later times are nonsense */
    const cJSON *made_at = json_get(json, "made_at");
    if (!cJSON_IsNumber(made_at) || made_at->valuedouble < 0 || made_at->valuedouble > latest ||
        str_is_absent(json_str(json, "database")) || str_is_absent(json_str(json, "title")))
        return false;
    stored->made_at = (int64_t)made_at->valuedouble;
    stored->title = member(stored, json, "title");
    stored->root = member(stored, json, "root");
    stored->database = member(stored, json, "database");
    stored->is_whole = json_is_true(json, "is_whole");
    stored->has_fingerprints = str_equal(json_str(json, "version"), STR(LINTEL_VERSION)) &&
                               read_hash(json, "fingerprint", &stored->fingerprint);
    const cJSON *item;
    cJSON_ArrayForEach(item, json_get(json, "tables"))
    {
        Str name = member(stored, item, "name");
        TableWord *word = ARENA_NEW(&stored->arena, TableWord);
        word->text = member(stored, item, "text");
        stored->has_fingerprints &= read_hash(item, "fingerprint", &word->fingerprint);
        if (!str_is_empty(name) && !str_is_empty(word->text))
            map_set(&stored->arena, &stored->words, name, word);
    }
    return true;
}

static bool is_id(Str id)
{
    for (uint32_t i = 0; i < id.length; i++) {
        if (str_hex_digit(id.data[i]) < 0)
            return false;
    }
    return id.length == ID_LENGTH;
}

static StoredReport *read_report(Arena *scratch, Str id)
{
    Error err;
    Str text;
    if (!state_file_read(scratch, file_name(scratch, id, META_SUFFIX), MAX_META_BYTES, &text, &err))
        return NULL;
    cJSON *json = json_parse(str_to_c(scratch, text), text.length);
    StoredReport *stored = ARENA_OWNER_NEW(StoredReport);
    stored->id = str_copy(&stored->arena, id);
    stored->markdown_path = state_file_path(&stored->arena, file_name(scratch, id, ".md"));
    bool is_fine = read_meta(stored, json);
    cJSON_Delete(json);
    if (is_fine)
        return stored;
    stored_report_free(stored);
    return NULL;
}

StoredReport *report_files_list(uint32_t most, const atomic_bool *cancel)
{
    Arena scratch = {0};
    StoredReport *newest = NULL;
    StrVec names = state_files_list(&scratch, STR("reports"), STR(META_SUFFIX));
    for (uint32_t i = 0; i < names.n && i < most && !atomic_load(cancel); i++) {
        Str name = names.items[i];
        Str id = str_slice(name, 0, name.length - (uint32_t)strlen(META_SUFFIX));
        StoredReport *stored = is_id(id) ? read_report(&scratch, id) : NULL;
        if (!stored)
            continue;
        StoredReport **link = &newest;
        while (*link && (*link)->made_at >= stored->made_at)
            link = &(*link)->older;
        stored->older = *link;
        *link = stored;
    }
    arena_release(&scratch);
    return newest;
}

bool report_files_read(StoredReport *stored)
{
    Arena scratch = {0};
    Error err;
    Str markdown, json;
    bool is_read = state_file_read(&scratch, file_name(&scratch, stored->id, ".md"),
                                   MAX_REPORT_BYTES, &markdown, &err);
    if (is_read &&
        !str_equal(report_id(&scratch, stored->root, stored->database, markdown), stored->id))
        is_read = error_set(&err, ERR_FAILED, "the report " STR_FMT " is not what was written",
                            STR_ARG(stored->id));
    if (is_read) {
        stored->markdown = str_copy(&stored->texts, markdown);
        if (state_file_read(&scratch, file_name(&scratch, stored->id, ".json"), MAX_REPORT_BYTES,
                            &json, &err))
            stored->json = str_copy(&stored->texts, json);
    } else {
        LOG_WARN("lsp", "%s", err.text);
    }
    arena_release(&scratch);
    return is_read;
}
