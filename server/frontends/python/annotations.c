/* Mapped[Optional[str]], Mapped[intpk], Mapped[List["Child"]]: what annotations say. */
#include "frontends/python/link.h"

enum { WRAPPERS_MAX = 12, SAME_DEPTH_MAX = 6 };

static Str dotted_of(Link *link, const PythonTerm *term)
{
    Resolved resolved = python_resolve(&link->scope, term);
    return resolved.kind == RESOLVED_EXTERNAL ? resolved.dotted : (Str){0};
}

/* typing's name, or the builtin one: "Optional", "List", "list"; absent for others. */
static Str generic_name(Link *link, const PythonTerm *term)
{
    Str dotted = dotted_of(link, term);
    if (str_starts_with(dotted, STR("typing.")))
        return str_slice(dotted, 7, dotted.length);
    if (str_starts_with(dotted, STR("typing_extensions.")))
        return str_slice(dotted, 18, dotted.length);
    bool is_plain = str_is_absent(dotted) && term && term->kind == TERM_NAME;
    bool is_builtin =
        is_plain && (str_equal(term->text, STR("list")) || str_equal(term->text, STR("set")) ||
                     str_equal(term->text, STR("Optional")) || str_equal(term->text, STR("List")));
    return is_builtin ? term->text : (Str){0};
}

static bool is_list_name(Str name)
{
    return str_equal(name, STR("List")) || str_equal(name, STR("list")) ||
           str_equal(name, STR("Set")) || str_equal(name, STR("set")) ||
           str_equal(name, STR("Sequence")) || str_equal(name, STR("Collection"));
}

/* X | None and Union[X, None]: the X; NULL: it is another union. */
static const PythonTerm *without_none(const PythonTerm *const *parts, uint32_t n, bool *has_none)
{
    const PythonTerm *kept = NULL;
    *has_none = false;
    for (uint32_t i = 0; i < n; i++) {
        if (parts[i] && parts[i]->kind == TERM_NONE)
            *has_none = true;
        else if (kept)
            return NULL;
        else
            kept = parts[i];
    }
    return kept;
}

static void take_annotated(Link *link, const PythonTerm *term, Annotation *a)
{
    for (uint32_t i = 1; i < term->items.n; i++) {
        const PythonTerm *item = python_value(&link->scope, term->items.items[i]);
        if (call_is(&link->scope, item, "mapped_column") && a->n_columns < 4)
            a->columns[a->n_columns++] = item;
    }
}

/* One wrapper off: returns what is inside, or NULL where the term is none. */
static const PythonTerm *unwrap(Link *link, const PythonTerm *term, Annotation *a)
{
    bool has_none;
    if (term->kind == TERM_BINARY && str_equal(term->text, STR("|"))) {
        const PythonTerm *parts[] = {term->left, term->right};
        const PythonTerm *inner = without_none(parts, 2, &has_none);
        if (inner && has_none)
            a->optional = WRITTEN_TRUE;
        return inner;
    }
    if (term->kind == TERM_SUBSCRIPT && term->items.n > 0) {
        Str sqlalchemy = python_sqlalchemy_name(&link->scope, term->left);
        bool is_dynamic = str_equal(sqlalchemy, STR("DynamicMapped")) ||
                          str_equal(sqlalchemy, STR("WriteOnlyMapped"));
        if (is_dynamic || str_equal(sqlalchemy, STR("Mapped"))) {
            a->is_mapped = true;
            a->is_dynamic |= is_dynamic;
            a->is_write_only |= str_equal(sqlalchemy, STR("WriteOnlyMapped"));
            a->is_list |= is_dynamic;
            return term->items.items[0];
        }
        Str name = generic_name(link, term->left);
        if (str_equal(name, STR("Optional"))) {
            a->optional = WRITTEN_TRUE;
            return term->items.items[0];
        }
        if (str_equal(name, STR("Union"))) {
            const PythonTerm *inner = without_none(term->items.items, term->items.n, &has_none);
            if (inner && has_none)
                a->optional = WRITTEN_TRUE;
            return inner;
        }
        if (str_equal(name, STR("Annotated"))) {
            take_annotated(link, term, a);
            return term->items.items[0];
        }
        if (is_list_name(name)) {
            a->is_list = true;
            return term->items.items[0];
        }
    }
    if (term->kind == TERM_NAME || term->kind == TERM_ATTRIBUTE) {
        const PythonTerm *value = python_value(&link->scope, term);
        bool is_type =
            value != term && value && (value->kind == TERM_SUBSCRIPT || value->kind == TERM_BINARY);
        return is_type ? value : NULL; /* intpk = Annotated[int, …] */
    }
    return NULL;
}

Annotation orm_annotation(Link *link, const PythonTerm *term)
{
    Annotation a = {.inner = term};
    for (uint32_t i = 0; i < WRAPPERS_MAX && a.inner; i++) {
        bool was_mapped = a.is_mapped;
        Written was_optional = a.optional;
        const PythonTerm *inner = unwrap(link, a.inner, &a);
        if (!inner)
            break;
        a.inner = inner;
        if (a.is_mapped != was_mapped || a.optional != was_optional)
            a.whole = inner;
    }
    if (!a.whole)
        a.whole = a.inner;
    if (term && a.optional == WRITTEN_NOT)
        a.optional = WRITTEN_FALSE;
    return a;
}

/* --- type_annotation_map --- */

static bool same_type(Link *link, const PythonTerm *a, const PythonTerm *b, uint32_t depth)
{
    if (!a || !b || depth > SAME_DEPTH_MAX)
        return false;
    if (a->kind == TERM_SUBSCRIPT && b->kind == TERM_SUBSCRIPT) {
        if (a->items.n != b->items.n || !same_type(link, a->left, b->left, depth + 1))
            return false;
        for (uint32_t i = 0; i < a->items.n && i < 8; i++) {
            if (!same_type(link, a->items.items[i], b->items.items[i], depth + 1))
                return false;
        }
        return true;
    }
    if (a->kind == TERM_NUMBER && b->kind == TERM_NUMBER)
        return str_equal(a->text, b->text);
    bool are_names = (a->kind == TERM_NAME || a->kind == TERM_ATTRIBUTE) &&
                     (b->kind == TERM_NAME || b->kind == TERM_ATTRIBUTE);
    if (!are_names)
        return false;
    Resolved left = python_resolve(&link->scope, a), right = python_resolve(&link->scope, b);
    if (left.kind != right.kind)
        return false;
    switch (left.kind) {
    case RESOLVED_EXTERNAL:
        return str_equal(left.dotted, right.dotted);
    case RESOLVED_CLASS:
    case RESOLVED_FUNCTION:
        return left.definition == right.definition;
    case RESOLVED_VALUE:
        return left.value == right.value;
    case RESOLVED_NOTHING:
        return str_equal(a->text, b->text);
    case RESOLVED_MODULE:
        return false;
    }
    return false;
}

static const PythonTerm *mapped_type(Link *link, const PythonTerm *map, const PythonTerm *key)
{
    for (uint32_t i = 0; map && map->kind == TERM_DICT && i < map->items.n && i < 200; i++) {
        const PythonTerm *pair = map->items.items[i];
        if (pair->kind == TERM_PAIR && same_type(link, pair->left, key, 0))
            return pair->right;
    }
    return NULL;
}

PythonType orm_annotated_type(Link *link, const LinkedClass *class, const Annotation *annotation)
{
    if (class->type_map) {
        const PythonTerm *key = annotation->whole;
        for (uint32_t i = 0; i < WRAPPERS_MAX && key; i++) {
            const PythonTerm *type = mapped_type(link, class->type_map, key);
            if (type)
                return python_type(&link->scope, type);
            Annotation ignored = {0};
            key = unwrap(link, key, &ignored);
            if (ignored.is_list)
                break;
        }
        if (class->type_map->kind != TERM_DICT)
            return python_unknown_type();
    }
    if (annotation->is_list)
        return (PythonType){.is_null = true};
    return python_annotated_type(&link->scope, annotation->inner);
}
