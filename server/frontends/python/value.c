/* Calls' arguments and constants. */
#include "frontends/python/lower.h"

/* x = y + y; y = z + z; … doubles with each line: the terms that are looked at are counted. */
enum { SUM_TERMS_MAX = 256, ITEMS_MAX = 4096 };

/* --- calls --- */

static const PythonTerm *keyword_of(const PythonTerm *call, Str name)
{
    for (uint32_t i = 0; call && i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        if (item->kind == TERM_KEYWORD && str_equal(item->text, name))
            return item;
    }
    return NULL;
}

const PythonTerm *call_keyword(const PythonTerm *call, const char *name)
{
    return keyword_of(call, str_from(name));
}

const PythonTerm *call_argument(const PythonTerm *call, uint32_t position, const char *name)
{
    const PythonTerm *keyword = name ? call_keyword(call, name) : NULL;
    if (keyword)
        return keyword->left;
    if (!call || position == NO_POSITION)
        return NULL;
    for (uint32_t i = 0; i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        if (item->kind == TERM_SPLAT)
            return NULL;
        if (item->kind == TERM_KEYWORD || item->kind == TERM_DOUBLE_SPLAT)
            continue;
        if (position-- == 0)
            return item;
    }
    return NULL;
}

const PythonTerm *call_given(const PythonTerm *call, uint32_t position,
                             const PythonParameter *parameter)
{
    const PythonTerm *keyword = keyword_of(call, parameter->name.text);
    return keyword ? keyword->left : call_argument(call, position, NULL);
}

uint32_t call_n_positional(const PythonTerm *call)
{
    uint32_t n = 0;
    for (uint32_t i = 0; call && i < call->items.n; i++) {
        PythonTermKind kind = call->items.items[i]->kind;
        if (kind == TERM_SPLAT)
            break;
        n += kind != TERM_KEYWORD && kind != TERM_DOUBLE_SPLAT;
    }
    return n;
}

bool call_has_splat(const PythonTerm *call)
{
    for (uint32_t i = 0; call && i < call->items.n; i++) {
        PythonTermKind kind = call->items.items[i]->kind;
        if (kind == TERM_SPLAT || kind == TERM_DOUBLE_SPLAT)
            return true;
    }
    return false;
}

/* --- constants --- */

/* quoted_name("x", True), op.f("x"), conv("x"), _("x"): the string that they wrap. */
static const PythonTerm *unwrapped(PythonScope *scope, const PythonTerm *term)
{
    if (!term || term->kind != TERM_CALL || call_n_positional(term) == 0)
        return term;
    bool is_wrapper = call_is(scope, term, "quoted_name") || call_is(scope, term, "conv");
    if (!is_wrapper) {
        Resolved function = python_resolve(scope, term->left);
        is_wrapper = function.kind == RESOLVED_EXTERNAL &&
                     str_starts_with(function.dotted, STR("alembic.")) &&
                     str_ends_with(function.dotted, STR(".f"));
    }
    return is_wrapper ? call_argument(term, 0, NULL) : term;
}

static bool is_decimal(Str text)
{
    for (uint32_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9')
            return false;
    }
    return text.length > 0 && (text.length == 1 || text.data[0] != '0');
}

/* What a member of an enum class is assigned; NULL: it is none. */
static const PythonTerm *member_value(PythonScope *scope, const PythonTerm *member)
{
    if (!member || member->kind != TERM_ATTRIBUTE)
        return NULL;
    Resolved class = python_resolve(scope, member->left);
    Resolved value = python_resolve(scope, member);
    bool is_member = class.kind == RESOLVED_CLASS && value.kind == RESOLVED_VALUE &&
                     python_is_enum_class(scope, class.definition);
    return is_member ? value.value : NULL;
}

static bool string_of(PythonScope *scope, const PythonTerm *term, Str *value, uint32_t *n_terms)
{
    term = python_value(scope, unwrapped(scope, python_value(scope, term)));
    if (!term || ++*n_terms > SUM_TERMS_MAX)
        return false;
    if (term->kind == TERM_STRING) {
        *value = term->text;
        return true;
    }
    if (term->kind == TERM_ATTRIBUTE && str_equal(term->text, STR("value"))) /* Status.OPEN.value */
        return string_of(scope, member_value(scope, term->left), value, n_terms);
    bool is_str = term->kind == TERM_CALL && term->items.n == 1 && term->left &&
                  term->left->kind == TERM_NAME && str_equal(term->left->text, STR("str")) &&
                  python_resolve(scope, term->left).kind == RESOLVED_NOTHING;
    if (is_str) { /* str(DEFAULT_MTU) */
        const PythonTerm *number = python_value(scope, term->items.items[0]);
        bool is_integer = number && number->kind == TERM_NUMBER && is_decimal(number->text);
        if (is_integer)
            *value = number->text;
        return is_integer || string_of(scope, number, value, n_terms);
    }
    if (term->kind != TERM_BINARY || !str_equal(term->text, STR("+")))
        return false;
    Str parts[2];
    if (!string_of(scope, term->left, &parts[0], n_terms) ||
        !string_of(scope, term->right, &parts[1], n_terms))
        return false;
    *value = str_join(scope->out, parts, 2, STR(""));
    return true;
}

bool term_string(PythonScope *scope, const PythonTerm *term, Str *value)
{
    uint32_t n_terms = 0;
    return string_of(scope, term, value, &n_terms);
}

bool term_unsigned(PythonScope *scope, const PythonTerm *term, uint32_t *value)
{
    term = python_value(scope, term);
    if (!term || term->kind != TERM_NUMBER || term->text.length == 0 || term->text.length > 9)
        return false;
    uint32_t number = 0;
    for (uint32_t i = 0; i < term->text.length; i++) {
        char c = term->text.data[i];
        if (c < '0' || c > '9')
            return false;
        number = number * 10 + (uint32_t)(c - '0');
    }
    *value = number;
    return true;
}

bool term_boolean(PythonScope *scope, const PythonTerm *term, bool *value)
{
    term = python_value(scope, term);
    if (!term || (term->kind != TERM_TRUE && term->kind != TERM_FALSE))
        return false;
    *value = term->kind == TERM_TRUE;
    return true;
}

bool term_is_none(const PythonTerm *term)
{
    return !term || term->kind == TERM_NONE;
}

Name term_name(PythonScope *scope, const PythonTerm *term)
{
    Str text;
    if (!term || !term_string(scope, term, &text))
        return (Name){0};
    const PythonTerm *inner = unwrapped(scope, term);
    bool is_here = inner->kind == TERM_STRING;
    return (Name){text, is_here ? inner->text_place : term->place};
}

static bool items_of(PythonScope *scope, const PythonTerm *term, PythonTermVec *items,
                     uint32_t *n_terms)
{
    term = python_value(scope, term);
    if (!term || ++*n_terms > SUM_TERMS_MAX)
        return false;
    if (term->kind == TERM_BINARY && str_equal(term->text, STR("+")))
        return items_of(scope, term->left, items, n_terms) &&
               items_of(scope, term->right, items, n_terms);
    if (term->kind != TERM_LIST && term->kind != TERM_TUPLE && term->kind != TERM_SET)
        return false;
    for (uint32_t i = 0; i < term->items.n; i++) {
        const PythonTerm *item = term->items.items[i];
        if (items->n >= ITEMS_MAX)
            return false;
        if (item->kind == TERM_SPLAT) {
            if (!items_of(scope, item->left, items, n_terms))
                return false;
        } else {
            VEC_PUSH(scope->out, items, item);
        }
    }
    return true;
}

bool term_items(PythonScope *scope, const PythonTerm *term, PythonTermVec *items)
{
    uint32_t n_terms = 0;
    return items_of(scope, term, items, &n_terms);
}

bool call_flag(PythonScope *scope, const PythonTerm *call, const char *name)
{
    bool value = false;
    return term_boolean(scope, call_argument(call, NO_POSITION, name), &value) && value;
}

Written call_written(PythonScope *scope, const PythonTerm *call, const char *name)
{
    bool value;
    if (!term_boolean(scope, call_argument(call, NO_POSITION, name), &value))
        return WRITTEN_NOT;
    return value ? WRITTEN_TRUE : WRITTEN_FALSE;
}
