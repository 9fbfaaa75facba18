/* Folding: local names, parameters and loop variables are put into terms, strings are put together
 *
 *     for column in ('customer_id', 'order_id'):
 *         op.create_index(f'ix_tickets_{column}', 'tickets', [column])
 *
 * becomes, in the first round, op.create_index('ix_tickets_customer_id', 'tickets',
 * ['customer_id']). A term in which nothing is known stays the very same; others are copied along
 * the way down to what changed, and keep their places. The steps of a file are counted, because a
 * few lines of nested loops and functions can mean any number of terms. */
#include "frontends/python/alembic_run.h"

enum {
    STEPS_MAX = 400000,           /* terms and statements of a file; real ones need a hundredth */
    CALL_DEPTH_MAX = 12,          /* functions that return terms, within each other */
    UNROLLED_MAX = 512,           /* rounds of a loop */
    STRING_MAX_BYTES = 64 * 1024, /* of a string that is put together */
};

static const PythonTerm unknown_term = {.kind = TERM_OTHER};

bool alembic_is_spent(const AlembicRun *run)
{
    return run->steps >= STEPS_MAX;
}

static PythonTerm *copy_of(AlembicRun *run, const PythonTerm *term)
{
    PythonTerm *copy = ARENA_NEW(run->out, PythonTerm);
    *copy = *term;
    return copy;
}

static const PythonTerm *string_at(AlembicRun *run, const PythonTerm *term, Str text)
{
    PythonTerm *string = copy_of(run, term);
    string->kind = TERM_STRING;
    string->text = text;
    string->text_place = term->place;
    string->sql = NULL;
    string->left = string->right = NULL;
    string->items = (PythonTermVec){0};
    return string;
}

static const PythonTerm *truth_at(AlembicRun *run, const PythonTerm *term, bool value)
{
    PythonTerm *truth = copy_of(run, term);
    truth->kind = value ? TERM_TRUE : TERM_FALSE;
    truth->left = truth->right = NULL;
    truth->items = (PythonTermVec){0};
    return truth;
}

/* --- strings --- */

typedef struct {
    AlembicRun *run;
    StrVec pieces;
    uint32_t length;
    bool is_known;
} Joined;

static void add_piece(Joined *joined, Str piece)
{
    joined->length += piece.length;
    joined->is_known &= joined->length <= STRING_MAX_BYTES;
    VEC_PUSH(joined->run->out, &joined->pieces, piece);
}

static void add_value(Joined *joined, const PythonTerm *value)
{
    Str text;
    if (value && value->kind == TERM_NUMBER)
        add_piece(joined, value->text);
    else if (value && term_string(&joined->run->scope, value, &text))
        add_piece(joined, text);
    else
        joined->is_known = false;
}

static const PythonTerm *joined_term(Joined *joined, const PythonTerm *otherwise)
{
    if (!joined->is_known)
        return otherwise;
    AlembicRun *run = joined->run;
    return string_at(run, otherwise,
                     str_join(run->out, joined->pieces.items, joined->pieces.n, STR("")));
}

static const PythonTerm *value_named(AlembicRun *run, const PythonTerm *dict, Str name)
{
    for (uint32_t i = 0; dict->kind == TERM_DICT && i < dict->items.n; i++) {
        const PythonTerm *pair = dict->items.items[i];
        Str key;
        if (pair->kind == TERM_PAIR && term_string(&run->scope, pair->left, &key) &&
            str_equal(key, name))
            return pair->right;
    }
    return NULL;
}

/* "ix_%s_%s" % (a, b), "%(a)s" % {…} */
static const PythonTerm *fold_percent(AlembicRun *run, const PythonTerm *term)
{
    Str format;
    if (!term_string(&run->scope, term->left, &format))
        return term;
    const PythonTerm *right = python_value(&run->scope, term->right);
    PythonTermVec values = {0};
    if (right->kind == TERM_TUPLE)
        values = right->items;
    else
        VEC_PUSH(run->out, &values, right);
    Joined joined = {.run = run, .is_known = true};
    uint32_t start = 0, next = 0;
    for (uint32_t i = 0; i + 1 < format.length && joined.is_known; i++) {
        if (format.data[i] != '%')
            continue;
        add_piece(&joined, str_slice(format, start, i));
        char kind = format.data[++i];
        if (kind == '(') {
            uint32_t end = str_find(format, STR(")"), i);
            joined.is_known &= end != UINT32_MAX && end + 1 < format.length;
            if (!joined.is_known)
                break;
            add_value(&joined, value_named(run, right, str_slice(format, i + 1, end)));
            i = end + 1;
            kind = format.data[i];
        } else if (kind == '%') {
            add_piece(&joined, STR("%"));
        } else {
            add_value(&joined, next < values.n ? values.items[next] : NULL);
            next++;
        }
        joined.is_known &= kind == '%' || kind == 's' || kind == 'd' || kind == 'r';
        joined.is_known &= kind != 'r'; /* with quotes around */
        start = i + 1;
    }
    add_piece(&joined, str_slice(format, start, format.length));
    return joined_term(&joined, term);
}

/* What stands between the braces of a format: a name, a position, nothing; absent for more. */
static Str hole_name(Str hole)
{
    hole = str_trim(hole);
    for (uint32_t i = 0; i < hole.length; i++) {
        char c = hole.data[i];
        bool is_part =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (c >= '0' && c <= '9');
        if (!is_part)
            return (Str){0};
    }
    return str_is_empty(hole) ? STR("") : hole;
}

/* "ix_{}_{name}".format(a, name=b) */
static const PythonTerm *fold_format(AlembicRun *run, const PythonTerm *call)
{
    Str format;
    if (!term_string(&run->scope, call->left->left, &format))
        return call;
    Joined joined = {.run = run, .is_known = true};
    uint32_t start = 0, next = 0;
    for (uint32_t i = 0; i < format.length && joined.is_known; i++) {
        char c = format.data[i];
        if (c != '{' && c != '}')
            continue;
        add_piece(&joined, str_slice(format, start, i));
        start = i + 1;
        if (i + 1 < format.length && format.data[i + 1] == c) {
            add_piece(&joined, str_slice(format, i, i + 1));
            start = ++i + 1;
            continue;
        }
        uint32_t end = c == '{' ? str_find(format, STR("}"), i) : UINT32_MAX;
        Str name = end == UINT32_MAX ? (Str){0} : hole_name(str_slice(format, i + 1, end));
        if (str_is_absent(name)) {
            joined.is_known = false;
        } else if (name.length && (name.data[0] < '0' || name.data[0] > '9')) {
            add_value(&joined, call_argument(call, NO_POSITION, str_to_c(run->out, name)));
            i = end;
        } else {
            uint32_t position = name.length ? (uint32_t)(name.data[0] - '0') : next++;
            add_value(&joined, name.length > 1 ? NULL : call_argument(call, position, NULL));
            i = end;
        }
        start = i + 1;
    }
    add_piece(&joined, str_slice(format, start, format.length));
    return joined_term(&joined, call);
}

static const PythonTerm *local_value(AlembicRun *run, Str name)
{
    const PythonTerm *local = map_get(run->names, name);
    if (local)
        return local;
    Resolved resolved = python_resolve_name(&run->scope, run->fragment->python, name);
    return resolved.kind == RESOLVED_VALUE ? resolved.value : NULL;
}

/* f"ix_{table}_{column}". Only plain names in the holes, one piece. */
static const PythonTerm *fold_formatted(AlembicRun *run, const PythonTerm *term)
{
    Joined joined = {.run = run, .is_known = term->items.n > 0};
    for (uint32_t i = 0; i < term->items.n && joined.is_known; i++) {
        const PythonTerm *item = term->items.items[i];
        if (item->kind == TERM_NAME)
            item = local_value(run, item->text);
        else if (item->kind != TERM_STRING)
            item = NULL;
        add_value(&joined, item);
    }
    return joined_term(&joined, term);
}

/* --- calls of the file's own functions --- */

StrMap *alembic_bind_arguments(AlembicRun *run, const PythonDefinition *function,
                               const PythonTerm *call)
{
    StrMap *names = ARENA_NEW(run->out, StrMap);
    for (uint32_t i = 0; i < function->parameters.n; i++) {
        const PythonParameter *parameter = &function->parameters.items[i];
        const PythonTerm *value = call_given(call, i, parameter);
        if (!value)
            value = call_has_splat(call) ? NULL : parameter->default_value;
        map_set(run->out, names, parameter->name.text,
                value ? (void *)copy_of(run, value) : (void *)copy_of(run, &unknown_term));
    }
    return names;
}

/* What a function of the file returns, where nothing but assignments stands before it. */
static const PythonTerm *returned(AlembicRun *run, const PythonDefinition *function,
                                  const PythonTerm *call)
{
    if (run->call_depth >= CALL_DEPTH_MAX || !function->has_body)
        return NULL;
    StrMap *outer = run->names;
    uint32_t n_bound = run->bound.n;
    run->names = alembic_bind_arguments(run, function, call);
    run->call_depth++;
    const PythonTerm *value = NULL;
    for (uint32_t i = 0; i < function->body.n; i++) {
        const PythonStatement *statement = function->body.items[i];
        if (statement->kind == STATEMENT_RETURN) {
            value = alembic_fold(run, statement->value);
            break;
        }
        if (statement->kind != STATEMENT_ASSIGNMENT)
            break;
        alembic_bind(run, statement->target, alembic_fold(run, statement->value));
    }
    run->call_depth--;
    run->bound.n = n_bound;
    run->names = outer;
    return value;
}

/* --- lists and dictionaries --- */

static const PythonTerm *fold_subscript(AlembicRun *run, const PythonTerm *term)
{
    const PythonTerm *object = python_value(&run->scope, term->left);
    if (!object || term->items.n != 1)
        return term;
    const PythonTerm *key = term->items.items[0];
    Str name;
    uint32_t index;
    if (object->kind == TERM_DICT && term_string(&run->scope, key, &name)) {
        const PythonTerm *value = value_named(run, object, name);
        return value ? value : term;
    }
    bool is_list = object->kind == TERM_LIST || object->kind == TERM_TUPLE;
    if (is_list && term_unsigned(&run->scope, key, &index) && index < object->items.n)
        return object->items.items[index];
    return term;
}

static void push_keywords(AlembicRun *run, const PythonTerm *dict, PythonTermVec *items)
{
    for (uint32_t i = 0; i < dict->items.n; i++) {
        const PythonTerm *pair = dict->items.items[i];
        Str name;
        if (pair->kind != TERM_PAIR || !term_string(&run->scope, pair->left, &name))
            continue;
        PythonTerm *keyword = copy_of(run, pair);
        keyword->kind = TERM_KEYWORD;
        keyword->text = name;
        keyword->text_place = pair->left->place;
        keyword->left = pair->right;
        keyword->right = NULL;
        VEC_PUSH(run->out, items, keyword);
    }
}

/* The items folded, *list and **dict spread out where they are known; true where any changed. */
static bool fold_items(AlembicRun *run, const PythonTermVec *from, PythonTermVec *to)
{
    bool is_changed = false;
    for (uint32_t i = 0; i < from->n && !alembic_is_spent(run); i++) {
        const PythonTerm *item = from->items[i];
        const PythonTerm *folded = alembic_fold(run, item);
        is_changed |= folded != item;
        const PythonTerm *inner =
            folded && (folded->kind == TERM_SPLAT || folded->kind == TERM_DOUBLE_SPLAT)
                ? python_value(&run->scope, folded->left)
                : NULL;
        bool is_list = inner && folded->kind == TERM_SPLAT &&
                       (inner->kind == TERM_LIST || inner->kind == TERM_TUPLE);
        if (is_list) {
            run->steps += inner->items.n;
            for (uint32_t k = 0; k < inner->items.n && !alembic_is_spent(run); k++)
                VEC_PUSH(run->out, to, inner->items.items[k]);
            is_changed = true;
        } else if (inner && folded->kind == TERM_DOUBLE_SPLAT && inner->kind == TERM_DICT) {
            run->steps += inner->items.n;
            push_keywords(run, inner, to);
            is_changed = true;
        } else {
            VEC_PUSH(run->out, to, folded);
        }
    }
    return is_changed;
}

/* --- all terms --- */

static const PythonTerm *fold_call(AlembicRun *run, const PythonTerm *call)
{
    if (call->left && call->left->kind == TERM_ATTRIBUTE && call->left->left &&
        str_equal(call->left->text, STR("format")))
        return fold_format(run, call);
    if (!call->left || call->left->kind != TERM_NAME)
        return call;
    Resolved function = python_resolve(&run->scope, call->left);
    const PythonTerm *value =
        function.kind == RESOLVED_FUNCTION ? returned(run, function.definition, call) : NULL;
    return value ? value : call;
}

static const PythonTerm *folded_parts(AlembicRun *run, const PythonTerm *term)
{
    const PythonTerm *left = alembic_fold(run, term->left);
    const PythonTerm *right = alembic_fold(run, term->right);
    PythonTermVec items = {0};
    bool is_changed = fold_items(run, &term->items, &items);
    if (!is_changed && left == term->left && right == term->right)
        return term;
    PythonTerm *copy = copy_of(run, term);
    copy->left = left;
    copy->right = right;
    copy->items = items;
    return copy;
}

const PythonTerm *alembic_fold(AlembicRun *run, const PythonTerm *term)
{
    if (!term || alembic_is_spent(run))
        return term;
    run->steps++;
    if (term->kind == TERM_NAME) {
        const PythonTerm *value = map_get(run->names, term->text);
        return value ? value : term;
    }
    if (term->kind == TERM_FORMATTED)
        return fold_formatted(run, term);
    bool has_own_names = term->kind == TERM_LAMBDA || term->kind == TERM_COMPREHENSION;
    if (has_own_names || (!term->left && !term->right && term->items.n == 0))
        return term;
    const PythonTerm *folded = folded_parts(run, term);
    if (folded->kind == TERM_CALL)
        return fold_call(run, folded);
    if (folded->kind == TERM_BINARY && str_equal(folded->text, STR("%")))
        return fold_percent(run, folded);
    if (folded->kind == TERM_SUBSCRIPT)
        return fold_subscript(run, folded);
    bool is_question = folded->kind == TERM_COMPARISON ||
                       (folded->kind == TERM_UNARY && str_equal(folded->text, STR("not")));
    Truth answer = is_question ? alembic_condition(run, folded, NULL) : TRUTH_UNKNOWN;
    if (answer != TRUTH_UNKNOWN)
        return truth_at(run, folded, answer == TRUTH_TRUE);
    if (folded->kind == TERM_CONDITIONAL && folded->items.n == 1) {
        Truth truth = alembic_condition(run, folded->items.items[0], NULL);
        return truth == TRUTH_TRUE ? folded->left : truth == TRUTH_FALSE ? folded->right : folded;
    }
    return folded;
}

Str alembic_dotted(AlembicRun *run, const PythonTerm *function)
{
    Resolved resolved = python_resolve(&run->scope, function);
    return resolved.kind == RESOLVED_EXTERNAL ? resolved.dotted : (Str){0};
}

/* --- loops and targets --- */

static const PythonTerm *pair_of(AlembicRun *run, const PythonTerm *at, const PythonTerm *first,
                                 const PythonTerm *second)
{
    PythonTerm *pair = copy_of(run, at);
    pair->kind = TERM_TUPLE;
    pair->left = pair->right = NULL;
    pair->items = (PythonTermVec){0};
    VEC_PUSH(run->out, &pair->items, first);
    VEC_PUSH(run->out, &pair->items, second);
    return pair;
}

typedef enum { DICT_KEYS, DICT_VALUES, DICT_ITEMS } DictView;

static bool iterate_dict(AlembicRun *run, const PythonTerm *dict, DictView view,
                         PythonTermVec *items)
{
    for (uint32_t i = 0; i < dict->items.n; i++) {
        const PythonTerm *pair = dict->items.items[i];
        if (pair->kind != TERM_PAIR)
            return false;
        VEC_PUSH(run->out, items,
                 view == DICT_KEYS     ? pair->left
                 : view == DICT_VALUES ? pair->right
                                       : pair_of(run, pair, pair->left, pair->right));
    }
    return items->n <= UNROLLED_MAX;
}

static bool iterate_call(AlembicRun *run, const PythonTerm *call, PythonTermVec *items)
{
    const PythonTerm *function = call->left;
    if (!function)
        return false;
    if (function->kind == TERM_ATTRIBUTE && call->items.n == 0) {
        const PythonTerm *dict = python_value(&run->scope, function->left);
        bool is_items = str_equal(function->text, STR("items"));
        bool is_values = str_equal(function->text, STR("values"));
        if (dict && dict->kind == TERM_DICT &&
            (is_items || is_values || str_equal(function->text, STR("keys"))))
            return iterate_dict(run, dict,
                                is_items    ? DICT_ITEMS
                                : is_values ? DICT_VALUES
                                            : DICT_KEYS,
                                items);
        return false;
    }
    bool is_enumerate = function->kind == TERM_NAME && str_equal(function->text, STR("enumerate"));
    bool is_same = function->kind == TERM_NAME && (str_equal(function->text, STR("list")) ||
                                                   str_equal(function->text, STR("tuple")));
    PythonTermVec inner = {0};
    if ((!is_enumerate && !is_same) || call->items.n != 1 ||
        !alembic_iterate(run, call->items.items[0], &inner))
        return false;
    for (uint32_t i = 0; i < inner.n; i++)
        VEC_PUSH(run->out, items,
                 is_same ? inner.items[i]
                         : pair_of(run, inner.items[i], &unknown_term, inner.items[i]));
    return true;
}

bool alembic_iterate(AlembicRun *run, const PythonTerm *folded, PythonTermVec *items)
{
    const PythonTerm *value = python_value(&run->scope, folded);
    if (!value || ++run->steps >= STEPS_MAX)
        return false;
    if (value->kind == TERM_CALL)
        return iterate_call(run, value, items);
    if (value->kind == TERM_DICT)
        return iterate_dict(run, value, DICT_KEYS, items);
    PythonTermVec unfolded = {0};
    if (!term_items(&run->scope, value, &unfolded) || unfolded.n > UNROLLED_MAX)
        return false;
    for (uint32_t i = 0; i < unfolded.n; i++) {
        const PythonTerm *item = alembic_fold(run, unfolded.items[i]);
        VEC_PUSH(run->out, items, item);
    }
    return true;
}

void alembic_bind(AlembicRun *run, const PythonTerm *target, const PythonTerm *value)
{
    if (!target || ++run->steps >= STEPS_MAX)
        return;
    if (target->kind == TERM_NAME) {
        AlembicBinding binding = {target->text, map_get(run->names, target->text)};
        VEC_PUSH(run->out, &run->bound, binding);
        map_set(run->out, run->names, target->text, copy_of(run, value ? value : &unknown_term));
        return;
    }
    if (target->kind != TERM_TUPLE && target->kind != TERM_LIST)
        return;
    bool fits = value && (value->kind == TERM_TUPLE || value->kind == TERM_LIST) &&
                value->items.n == target->items.n;
    for (uint32_t i = 0; i < target->items.n; i++)
        alembic_bind(run, target->items.items[i], fits ? value->items.items[i] : NULL);
}
