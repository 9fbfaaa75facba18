/* Names and numbers as people read them. */
#include "base/buf.h"
#include "consult/offline/offline.h"

Str column_code(Offline *o, const Column *column)
{
    return report_code(o->out,
                       str_format(o->scratch, STR_FMT "." STR_FMT,
                                  STR_ARG(title_of(o, column->table)), STR_ARG(column->name.text)));
}

Str list_codes(Offline *o, const StrVec *names, uint32_t shown)
{
    Buf buf = buf_with_max(1 << 16);
    /* "and 1 more" is as long as the name */
    uint32_t n = names->n <= shown + 1 ? names->n : shown;
    for (uint32_t i = 0; i < n; i++) {
        if (i > 0)
            buf_add(&buf, i + 1 == names->n ? STR(" and ") : STR(", "));
        buf_add(&buf, names->items[i]);
    }
    if (n < names->n)
        buf_format(&buf, " and %u more", names->n - n);
    Str text = str_copy(o->out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

Str list_phrases(Offline *o, const StrVec *phrases, uint32_t shown)
{
    uint32_t n = phrases->n <= shown + 1 ? phrases->n : shown;
    Str text = str_join(o->scratch, phrases->items, n, STR("; "));
    return n == phrases->n ? str_copy(o->out, text)
                           : str_format(o->out, STR_FMT "; and %u more of the kind", STR_ARG(text),
                                        phrases->n - n);
}

Str consulted_tables(Offline *o)
{
    enum { SHOWN = 2 };
    StrVec names = {0};
    for (uint32_t t = 0; t < o->tables.n; t++)
        if (o->tables.items[t]->is_consulted)
            VEC_PUSH(o->scratch, &names, o->tables.items[t]->code);
    if (names.n == 0)
        return STR("0 tables");
    Str text = list_codes(o, &names, SHOWN);
    return names.n > SHOWN + 1 ? str_format(o->out, STR_FMT " tables", STR_ARG(text)) : text;
}

Str these_tables(Offline *o)
{
    return o->n_consulted == 1 ? STR("this table")
                               : str_format(o->out, "these %u tables", o->n_consulted);
}

Str first_and_others(Offline *o, const StrVec *names, const char *others)
{
    if (names->n == 1)
        return names->items[0];
    const char *plural = str_ends_with(str_from(others), STR("x")) ? "es" : "s";
    return str_format(o->out, STR_FMT " and %u other %s%s", STR_ARG(names->items[0]), names->n - 1,
                      others, names->n == 2 ? "" : plural);
}

Str count_of(Offline *o, uint64_t n, const char *singular, const char *plural)
{
    if (n == 1)
        return str_format(o->out, "1 %s", singular);
    if (plural)
        return str_format(o->out, "%llu %s", (unsigned long long)n, plural);
    return str_format(o->out, "%llu %ss", (unsigned long long)n, singular);
}

Str fill(Offline *o, const char *text, Str names, uint32_t n)
{
    Buf buf = buf_with_max(1 << 16);
    for (const char *at = text; *at; at++) {
        if (at[0] == '{' && at[1] == '}') {
            buf_add(&buf, names);
            at++;
        } else if (at[0] == '{' && at[1] == 'n' && at[2] == '}') {
            buf_format(&buf, "%u", n);
            at += 2;
        } else {
            buf_add_char(&buf, *at);
        }
    }
    Str filled = str_copy(o->out, buf_str(&buf));
    buf_free(&buf);
    return filled;
}

/* A message may start with a name of the user's, which keeps its case; so only words that
 * our own messages start with are capitalised. */
Str message_of(Offline *o, const Finding *finding)
{
    static const char *const starts[] = {
        "this ",        "the ",       "there ",   "adding ",   "building ", "changing ",
        "dropping ",    "making ",    "drops ",   "deletes ",  "programs ", "existing ",
        "column ",      "columns ",   "updates ", "deleting ", "reading ",  "all rows ",
        "no revision ", "downgrade ", "backref ", "onDelete "};
    Str text = report_prose(o->scratch, finding->message);
    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        if (str_starts_with(text, str_from(starts[i])))
            return str_format(o->out, "%c" STR_FMT ".", text.data[0] - 32,
                              STR_ARG(str_slice(text, 1, text.length)));
    return str_format(o->out, STR_FMT ".", STR_ARG(text));
}

/* One decimal below 10, none above; `step` between units. */
static Str scaled(Arena *out, uint64_t n, uint64_t step, const char *const *units)
{
    uint64_t unit = 1;
    uint32_t which = 0;
    while (n / unit >= step && units[which + 1]) {
        unit *= step;
        which++;
    }
    uint64_t tenths = (n % unit) * 10 / unit;
    if (which > 0 && n / unit < 10 && tenths > 0)
        return str_format(out, "%llu.%llu%s", (unsigned long long)(n / unit),
                          (unsigned long long)tenths, units[which]);
    return str_format(out, "%llu%s", (unsigned long long)((n + unit / 2) / unit), units[which]);
}

Str size_text(Arena *out, uint64_t bytes)
{
    static const char *const units[] = {" bytes", " kB", " MB", " GB", " TB", NULL};
    return scaled(out, bytes, 1000, units);
}

Str number_text(Arena *out, uint64_t n)
{
    static const char *const units[] = {"", " k", " M", " bn", NULL};
    return scaled(out, n, 1000, units);
}

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_letter_or_digit(char c)
{
    return is_upper(c) || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           (unsigned char)c >= 0x80;
}

StrVec name_words(Arena *out, Str name)
{
    StrVec words = {0};
    uint32_t start = 0;
    for (uint32_t i = 0; i <= name.length; i++) {
        bool is_end = i == name.length || !is_letter_or_digit(name.data[i]);
        /* createdAt, HTTPRequest: a capital after a small letter, or before one */
        bool is_hump =
            !is_end && i > start && is_upper(name.data[i]) &&
            (!is_upper(name.data[i - 1]) || (i + 1 < name.length && !is_upper(name.data[i + 1]) &&
                                             is_letter_or_digit(name.data[i + 1])));
        if (!is_end && !is_hump)
            continue;
        if (i > start)
            VEC_PUSH(out, &words, str_lower(out, str_slice(name, start, i)));
        start = is_end ? i + 1 : i;
    }
    return words;
}

bool has_word(const StrVec *words, const char *word)
{
    for (uint32_t i = 0; i < words->n; i++)
        if (str_equal(words->items[i], str_from(word)))
            return true;
    return false;
}
