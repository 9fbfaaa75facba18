/* Enumerations: labels that are written out, or the members of an enum class of Python. */
#include "base/utf8.h"
#include "frontends/python/lower.h"
#include "model/identifier.h"

enum { LABELS_MAX = 2000, ENUM_BASES_MAX = 8 };

typedef struct {
    NameVec names, values; /* parallel; a value without text is not known */
    bool is_unsure;
} Members;

/* --- classes --- */

static bool is_enum_base(Str dotted)
{
    static const Str names[] = {
        STR_INIT("enum.Enum"),       STR_INIT("enum.IntEnum"),
        STR_INIT("enum.StrEnum"),    STR_INIT("enum.Flag"),
        STR_INIT("enum.IntFlag"),    STR_INIT("backports.strenum.StrEnum"),
        STR_INIT("strenum.StrEnum"), STR_INIT("aenum.Enum"),
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_equal(dotted, names[i]))
            return true;
    }
    return false;
}

/* The enum module's class that it is made from; absent where it is none. */
static Str enum_base(PythonScope *scope, const PythonDefinition *class)
{
    for (uint32_t i = 0; i < ENUM_BASES_MAX && class; i++) {
        const PythonDefinition *next = NULL;
        for (uint32_t k = 0; k < class->arguments.n; k++) {
            Resolved base = python_resolve(scope, class->arguments.items[k]);
            if (base.kind == RESOLVED_EXTERNAL && is_enum_base(base.dotted))
                return base.dotted;
            if (base.kind == RESOLVED_CLASS)
                next = base.definition;
        }
        class = next == class ? NULL : next;
    }
    return (Str){0};
}

bool python_is_enum_class(PythonScope *scope, const PythonDefinition *class)
{
    return class->is_class && !str_is_absent(enum_base(scope, class));
}

/* auto() of a StrEnum is the name in lower case. */
static Name member_value(PythonScope *scope, const PythonStatement *s, Str base)
{
    const PythonTerm *value = s->value;
    Place place = value->place;
    if (value->kind == TERM_TUPLE && value->items.n > 0)
        return (Name){.place = place};
    bool is_auto =
        value->kind == TERM_CALL && value->left && str_equal(value->left->text, STR("auto"));
    if (is_auto && str_ends_with(base, STR("StrEnum")))
        return (Name){str_lower(scope->out, s->target->text), place};
    Name name = term_name(scope, value);
    name.place = place;
    return name;
}

static Members class_members(PythonScope *scope, const PythonDefinition *class)
{
    Members members = {0};
    Str base = enum_base(scope, class);
    for (uint32_t i = 0; i < class->body.n; i++) {
        const PythonStatement *s = class->body.items[i];
        if (s->kind == STATEMENT_IF || s->kind == STATEMENT_FOR || s->kind == STATEMENT_TRY)
            members.is_unsure = true;
        bool is_member = s->kind == STATEMENT_ASSIGNMENT && s->value && s->target &&
                         s->target->kind == TERM_NAME &&
                         !str_starts_with(s->target->text, STR("_")) &&
                         s->value->kind != TERM_LAMBDA;
        if (!is_member || members.names.n >= LABELS_MAX)
            continue;
        VEC_PUSH(scope->out, &members.names, ((Name){s->target->text, s->target->place}));
        Name value = member_value(scope, s, base);
        VEC_PUSH(scope->out, &members.values, value);
    }
    return members;
}

static void add_member(PythonScope *scope, Members *members, Str name, Place place)
{
    if (str_is_empty(name) || members->names.n >= LABELS_MAX)
        return;
    VEC_PUSH(scope->out, &members->names, ((Name){name, place}));
    VEC_PUSH(scope->out, &members->values, ((Name){.place = place}));
}

/* enum.Enum("Status", "a b c"), a list of names or of pairs, a dictionary */
static Members functional_members(PythonScope *scope, const PythonTerm *call)
{
    Members members = {0};
    const PythonTerm *names = python_value(scope, call_argument(call, 1, "names"));
    Str text;
    PythonTermVec items = {0};
    if (term_string(scope, names, &text)) {
        uint32_t start = 0;
        for (uint32_t i = 0; i <= text.length; i++) {
            bool is_end = i == text.length || text.data[i] == ' ' || text.data[i] == ',';
            if (is_end) {
                add_member(scope, &members, str_slice(text, start, i), names->place);
                start = i + 1;
            }
        }
        return members;
    }
    if (names && names->kind == TERM_DICT)
        items = names->items;
    else if (!term_items(scope, names, &items))
        members.is_unsure = true;
    for (uint32_t i = 0; i < items.n; i++) {
        const PythonTerm *item = items.items[i];
        const PythonTerm *key = item;
        if (item->kind == TERM_PAIR)
            key = item->left;
        else if (item->kind == TERM_TUPLE && item->items.n > 0)
            key = item->items.items[0];
        Name name = term_name(scope, key);
        members.is_unsure |= name_is_absent(name);
        add_member(scope, &members, name.text, name.place);
    }
    return members;
}

/* --- values_callable --- */

static Str take_word(Str *rest)
{
    *rest = str_trim(*rest);
    uint32_t n = 0;
    while (n < rest->length) {
        char c = rest->data[n];
        bool is_word =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
        if (!is_word)
            break;
        n++;
    }
    Str word = str_slice(*rest, 0, n);
    *rest = str_slice(*rest, n, rest->length);
    return word;
}

/* `[e.value for e in obj]`, or list(…) of the same: the values in order. */
static bool is_list_of_values(Str text)
{
    text = str_trim(text);
    if (str_starts_with(text, STR("list(")))
        text = str_slice(text, 5, text.length);
    else if (str_starts_with(text, STR("[")))
        text = str_slice(text, 1, text.length);
    else
        return false;
    Str first = take_word(&text);
    if (!str_starts_with(text, STR(".value")) || str_is_empty(first))
        return false;
    text = str_slice(text, 6, text.length);
    bool has_for = str_equal(take_word(&text), STR("for"));
    bool is_same = str_equal(take_word(&text), first);
    bool has_in = str_equal(take_word(&text), STR("in"));
    bool has_source = !str_is_empty(take_word(&text));
    text = str_trim(text);
    return has_for && is_same && has_in && has_source && text.length == 1;
}

/* What the callable makes of the members is their values; false: nobody knows. */
static bool gives_values(PythonScope *scope, const PythonTerm *callable)
{
    callable = python_value(scope, callable);
    const PythonTerm *body = NULL;
    if (callable && callable->kind == TERM_LAMBDA) {
        body = callable->left;
    } else if (callable) {
        Resolved resolved = python_resolve(scope, callable);
        if (resolved.kind == RESOLVED_FUNCTION)
            body = python_returned(resolved.definition);
    }
    return body && is_list_of_values(python_text(body->place));
}

/* --- types --- */

static bool members_of(PythonScope *scope, const PythonTerm *term, Members *members, Str *name)
{
    Resolved resolved = python_resolve(scope, term);
    if (resolved.kind == RESOLVED_CLASS && python_is_enum_class(scope, resolved.definition)) {
        *members = class_members(scope, resolved.definition);
        *name = resolved.definition->name.text;
        return true;
    }
    bool is_call = resolved.kind == RESOLVED_VALUE && resolved.value->kind == TERM_CALL;
    if (!is_call)
        return false;
    Resolved callee = python_resolve(scope, resolved.value->left);
    if (callee.kind != RESOLVED_EXTERNAL || !is_enum_base(callee.dotted))
        return false;
    *members = functional_members(scope, resolved.value);
    return term_string(scope, call_argument(resolved.value, 0, "value"), name);
}

/* Positional strings, one list of them, or a class. */
static bool labels_of_call(PythonScope *scope, const PythonTerm *call, NameVec *labels,
                           Str *class_name)
{
    PythonTermVec given = {0};
    for (uint32_t i = 0; call && i < call->items.n; i++) {
        const PythonTerm *item = call->items.items[i];
        if (item->kind == TERM_SPLAT) {
            if (!term_items(scope, item->left, &given))
                return false;
        } else if (item->kind == TERM_DOUBLE_SPLAT) {
            return false;
        } else if (item->kind != TERM_KEYWORD) {
            VEC_PUSH(scope->out, &given, item);
        }
    }
    if (given.n == 0 || given.n > LABELS_MAX)
        return false;
    Members members = {0};
    Str ignored;
    if (given.n == 1 && !term_string(scope, given.items[0], &ignored)) {
        PythonTermVec items = {0};
        const PythonTerm *callable = call_argument(call, NO_POSITION, "values_callable");
        if (members_of(scope, given.items[0], &members, class_name)) {
            bool wants_values = !term_is_none(callable);
            if (members.is_unsure || (wants_values && !gives_values(scope, callable)))
                return true; /* its name is known */
            *labels = wants_values ? members.values : members.names;
            for (uint32_t i = 0; i < labels->n; i++) {
                if (name_is_absent(labels->items[i]))
                    labels->n = 0;
            }
            return true;
        }
        if (!term_items(scope, given.items[0], &items))
            return false;
        given = items;
    }
    for (uint32_t i = 0; i < given.n; i++) {
        Name label = term_name(scope, given.items[i]);
        if (name_is_absent(label))
            return false;
        VEC_PUSH(scope->out, labels, label);
    }
    return true;
}

static PythonType varchar_type(PythonScope *scope, const NameVec *labels, uint32_t length)
{
    for (uint32_t i = 0; i < labels->n; i++) {
        uint32_t n = utf8_count(labels->items[i].text);
        length = n > length ? n : length;
    }
    if (length == 0)
        return python_unknown_type();
    return python_written_type(scope, str_format(scope->out, "VARCHAR(%u)", length));
}

static PythonType mysql_enum(PythonScope *scope, const NameVec *labels)
{
    Str *arguments = ARENA_ARRAY(scope->out, Str, labels->n + 1u);
    for (uint32_t i = 0; i < labels->n; i++)
        arguments[i] = sql_string(scope->out, scope->dialect, labels->items[i].text);
    return (PythonType){.type = type_make(scope->out, scope->dialect, (Str){0}, STR("enum"),
                                          arguments, labels->n, 0, false)};
}

static PythonType named_enum(PythonScope *scope, Name name, Name schema)
{
    Str written = sql_identifier(scope->out, scope->dialect, name.text);
    PythonType result = {.is_enum = true, .enum_name = name, .enum_schema = schema};
    result.type = type_make(scope->out, scope->dialect, schema.text, written, NULL, 0, 0, false);
    return result;
}

static PythonType enum_type(PythonScope *scope, const PythonTerm *call, NameVec labels,
                            Str class_name, bool is_native)
{
    Name name = term_name(scope, call_argument(call, NO_POSITION, "name"));
    if (name_is_absent(name) && !str_is_absent(class_name))
        name.text = str_lower(scope->out, class_name);
    PythonType result;
    if (is_native && scope->dialect == DIALECT_POSTGRESQL) {
        if (name_is_absent(name) || labels.n == 0)
            return python_unknown_type();
        result =
            named_enum(scope, name, term_name(scope, call_argument(call, NO_POSITION, "schema")));
        bool creates = true;
        const PythonTerm *create_type = call_argument(call, NO_POSITION, "create_type");
        if (term_boolean(scope, create_type, &creates))
            result.is_created_apart = !creates;
        result.inherits_schema = call_flag(scope, call, "inherit_schema") ||
                                 !term_is_none(call_argument(call, NO_POSITION, "metadata"));
    } else if (is_native && scope->dialect == DIALECT_MYSQL) {
        result = labels.n > 0 ? mysql_enum(scope, &labels) : python_unknown_type();
    } else {
        uint32_t length = 0;
        (void)term_unsigned(scope, call_argument(call, NO_POSITION, "length"), &length);
        if (labels.n == 0)
            return python_unknown_type();
        result = varchar_type(scope, &labels, length);
        result.has_check = call_flag(scope, call, "create_constraint");
        result.check_name = name;
    }
    result.labels = labels;
    return result;
}

PythonType python_enum_type(PythonScope *scope, const PythonTerm *call, Str dialect_name)
{
    NameVec labels = {0};
    Str class_name = {0};
    if (!call || !labels_of_call(scope, call, &labels, &class_name))
        return python_unknown_type();
    bool is_literal = str_equal(dialect_name, STR("literal"));
    bool is_native = !is_literal;
    const PythonTerm *native = call_argument(call, NO_POSITION, "native_enum");
    if (!term_is_none(native) && !term_boolean(scope, native, &is_native))
        return python_unknown_type();
    return enum_type(scope, call, labels, class_name, is_native);
}

PythonType python_enum_class_type(PythonScope *scope, const PythonDefinition *class)
{
    Members members = class_members(scope, class);
    if (members.is_unsure)
        members.names.n = 0;
    return enum_type(scope, NULL, members.names, class->name.text, true);
}
