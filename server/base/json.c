#include "base/json.h"

#include <stdarg.h>

#include "base/utf8.h"

/* U+FDD0, which Unicode keeps for a program's own use; three bytes in UTF-8. */
static const Str nul_stand_in = STR_INIT("\xEF\xB7\x90");

/* The code unit of "\uXXXX" at `at`, or -1. */
static int32_t unit_at(const char *text, uint32_t length, uint32_t at)
{
    uint32_t unit;
    if (length - at < 6 || text[at] != '\\' || text[at + 1] != 'u' ||
        !str_hex(str_of(text, length), at + 2, 4, &unit))
        return -1;
    return (int32_t)unit;
}

/* Replaces escapes that cJSON cannot take by others of the same length. */
static void rewrite_escapes(char *text, uint32_t length)
{
    char *end = text + length;
    for (char *p = text; (p = memchr(p, '\\', (size_t)(end - p)));) {
        uint32_t at = (uint32_t)(p - text);
        int32_t unit = unit_at(text, length, at);
        if (unit < 0) {
            p = end - p < 2 ? end : p + 2; /* any other escape: two bytes */
            continue;
        }
        p += 6;
        if (unit == 0) {
            memcpy(text + at, "\\uFDD0", 6);
        } else if (unit >= 0xDC00 && unit <= 0xDFFF) {
            memcpy(text + at, "\\uFFFD", 6);
        } else if (unit >= 0xD800 && unit < 0xDC00) {
            int32_t low = length - at < 12 ? -1 : unit_at(text, length, at + 6);
            if (low >= 0xDC00 && low <= 0xDFFF)
                p += 6;
            else
                memcpy(text + at, "\\uFFFD", 6);
        }
    }
}

cJSON *json_parse(char *text, uint32_t length)
{
    if (memchr(text, 0, length))
        return NULL;
    rewrite_escapes(text, length);
    const char *end = NULL;
    cJSON *tree = cJSON_ParseWithLengthOpts(text, length, &end, 0);
    if (!tree)
        return NULL;
    for (; end < text + length; end++) {
        if (!strchr(" \t\r\n", *end)) { /* something behind the value */
            cJSON_Delete(tree);
            return NULL;
        }
    }
    return tree;
}

cJSON *json_read(Str text)
{
    Arena scratch = {0};
    cJSON *tree = json_parse(str_to_c(&scratch, text), text.length);
    arena_release(&scratch);
    return tree;
}

Str json_text(Arena *out, const cJSON *string)
{
    Str s = json_as_str(string);
    uint32_t found = str_find(s, nul_stand_in, 0);
    if (found == UINT32_MAX)
        return s;
    char *copy = arena_alloc_raw(out, s.length);
    uint32_t length = 0;
    for (uint32_t from = 0; from < s.length;) {
        uint32_t until = found == UINT32_MAX ? s.length : found;
        memcpy(copy + length, s.data + from, until - from);
        length += until - from;
        if (found == UINT32_MAX)
            break;
        copy[length++] = 0;
        from = found + nul_stand_in.length;
        found = str_find(s, nul_stand_in, from);
    }
    return str_of(copy, length);
}

const cJSON *json_get(const cJSON *object, const char *key)
{
    return cJSON_IsObject(object) ? cJSON_GetObjectItemCaseSensitive(object, key) : NULL;
}

const cJSON *json_path(const cJSON *object, ...)
{
    va_list keys;
    va_start(keys, object);
    for (const char *key; object && (key = va_arg(keys, const char *));)
        object = json_get(object, key);
    va_end(keys);
    return object;
}

Str json_as_str(const cJSON *string)
{
    return cJSON_IsString(string) ? str_from(string->valuestring) : (Str){0};
}

Str json_str(const cJSON *object, const char *key)
{
    return json_as_str(json_get(object, key));
}

bool json_is_true(const cJSON *object, const char *key)
{
    return cJSON_IsTrue(json_get(object, key));
}

bool json_int(const cJSON *object, const char *key, int32_t *value)
{
    const cJSON *item = json_get(object, key);
    if (!cJSON_IsNumber(item))
        return false;
    double number = item->valuedouble;
    if (!(number >= -2147483648.0 && number <= 2147483647.0) || number != (double)(int32_t)number)
        return false;
    *value = (int32_t)number;
    return true;
}

bool json_has(const cJSON *array, const char *string)
{
    if (!cJSON_IsArray(array))
        return false;
    const cJSON *item;
    cJSON_ArrayForEach(item, array)
    {
        if (str_equal(json_as_str(item), str_from(string)))
            return true;
    }
    return false;
}

cJSON *json_string(Str s)
{
    Arena arena = arena_with_capacity((size_t)s.length * 3 + 1);
    char *copy = arena_alloc_raw(&arena, (size_t)s.length * 3 + 1);
    size_t length = 0;
    for (uint32_t at = 0; at < s.length;) {
        unsigned char first = (unsigned char)s.data[at];
        uint32_t n_bytes = 1;
        if (first >= 0x80)
            utf8_decode(s, at, &n_bytes);
        if (first == 0 || (first >= 0x80 && n_bytes == 1)) {
            memcpy(copy + length, "\xEF\xBF\xBD", 3);
            length += 3;
        } else {
            memcpy(copy + length, s.data + at, n_bytes);
            length += n_bytes;
        }
        at += n_bytes;
    }
    copy[length] = 0;
    cJSON *string = cJSON_CreateString(copy);
    arena_release(&arena);
    return string;
}

void json_add_str(cJSON *object, const char *key, Str s)
{
    cJSON_AddItemToObject(object, key, json_string(s));
}

void json_add(cJSON *object, const char *key, cJSON *item)
{
    cJSON_AddItemToObject(object, key, item);
}

void json_push(cJSON *array, cJSON *item)
{
    cJSON_AddItemToArray(array, item);
}

static void print_at_once(const cJSON *tree, Buf *out)
{
    char *text = cJSON_PrintUnformatted(tree);
    if (!text)
        return;
    buf_add(out, str_from(text));
    cJSON_free(text);
}

/* True where a list of what is printed already stands at most so many levels below. */
static bool holds_raw_list(const cJSON *tree, unsigned n_levels)
{
    if (cJSON_IsArray(tree))
        return tree->child && cJSON_IsRaw(tree->child);
    for (const cJSON *item = tree->child; item && n_levels > 0; item = item->next) {
        if (holds_raw_list(item, n_levels - 1))
            return true;
    }
    return false;
}

static void print_key(const cJSON *item, Buf *out)
{
    cJSON *key = cJSON_CreateStringReference(item->string);
    print_at_once(key, out);
    cJSON_Delete(key);
    buf_add_char(out, ':');
}

void json_print(const cJSON *tree, Buf *out)
{
    enum { LEVELS = 2 }; /* a message, its params or result, the list */
    if (!holds_raw_list(tree, LEVELS)) {
        print_at_once(tree, out);
        return;
    }
    /* The list may be many megabytes, and is not wanted in memory once more. */
    bool is_object = cJSON_IsObject(tree);
    buf_add_char(out, is_object ? '{' : '[');
    for (const cJSON *item = tree->child; item; item = item->next) {
        if (item != tree->child)
            buf_add_char(out, ',');
        if (is_object)
            print_key(item, out);
        if (cJSON_IsRaw(item))
            buf_add(out, str_from(item->valuestring));
        else
            json_print(item, out);
    }
    buf_add_char(out, is_object ? '}' : ']');
}
