/* Conditions of a revision: those on the dialect are known, those on what the database holds are
 * guards, all others are not known. */
#include "frontends/python/alembic_run.h"

enum { CONDITION_DEPTH_MAX = 32, LOOK_STEPS_MAX = 400 };

static Truth truth_of(bool value)
{
    return value ? TRUTH_TRUE : TRUTH_FALSE;
}

static Truth negated(Truth truth)
{
    return truth == TRUTH_UNKNOWN ? truth : truth_of(truth == TRUTH_FALSE);
}

/* op.get_bind().dialect.name, op.get_context().dialect.name, op.get_bind().engine.name …;
 * dialect.dialect_description is "postgresql+psycopg2". */
static bool is_dialect_name(AlembicRun *run, const PythonTerm *term)
{
    static const char *const names[] = {".dialect.name", ".engine.name", ".impl.__dialect__",
                                        ".dialect_description"};
    if (!term || term->kind != TERM_ATTRIBUTE)
        return false;
    Str dotted = alembic_dotted(run, term);
    if (!str_starts_with(dotted, STR("alembic.")) && !str_starts_with(dotted, STR("sqlalchemy.")))
        return false;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (str_ends_with(dotted, str_from(names[i])))
            return true;
    }
    return false;
}

static Truth is_dialect(const AlembicRun *run, Str name)
{
    uint32_t driver = str_find(name, STR("+"), 0);
    if (driver != UINT32_MAX) /* which one is used is not known */
        return is_dialect(run, str_slice(name, 0, driver)) == TRUTH_FALSE ? TRUTH_FALSE
                                                                          : TRUTH_UNKNOWN;
    /* MariaDB answers with the one or the other */
    if (run->scope.dialect == DIALECT_MYSQL && str_equal(name, STR("mariadb")))
        return TRUTH_UNKNOWN;
    return truth_of(str_equal(name, python_dialect_name(run->scope.dialect)));
}

static Truth is_among(AlembicRun *run, const PythonTerm *list)
{
    PythonTermVec items = {0};
    Truth result = TRUTH_FALSE;
    if (!term_items(&run->scope, list, &items))
        return TRUTH_UNKNOWN;
    for (uint32_t i = 0; i < items.n; i++) {
        Str name;
        Truth truth =
            term_string(&run->scope, items.items[i], &name) ? is_dialect(run, name) : TRUTH_UNKNOWN;
        if (truth == TRUTH_TRUE)
            return TRUTH_TRUE;
        if (truth == TRUTH_UNKNOWN)
            result = TRUTH_UNKNOWN;
    }
    return result;
}

static Truth compare(AlembicRun *run, const PythonTerm *term)
{
    const PythonTerm *left = term->left, *right = term->right;
    if (is_dialect_name(run, right)) {
        const PythonTerm *swapped = left;
        left = right;
        right = swapped;
    }
    Str operator= term->text, text, other;
    bool is_equal = str_equal(operator, STR("=="));
    bool is_unequal = str_equal(operator, STR("!="));
    if (is_dialect_name(run, left)) {
        if (is_equal || is_unequal) {
            Truth truth =
                term_string(&run->scope, right, &text) ? is_dialect(run, text) : TRUTH_UNKNOWN;
            return is_equal ? truth : negated(truth);
        }
        if (str_equal(operator, STR("in")))
            return is_among(run, right);
        if (str_equal(operator, STR("not in")))
            return negated(is_among(run, right));
        return TRUTH_UNKNOWN;
    }
    if ((is_equal || is_unequal) && term_string(&run->scope, left, &text) &&
        term_string(&run->scope, right, &other))
        return truth_of(str_equal(text, other) == is_equal);
    return TRUTH_UNKNOWN;
}

static Truth condition(AlembicRun *run, const PythonTerm *term, uint32_t depth);

static Truth combine(AlembicRun *run, const PythonTerm *term, uint32_t depth)
{
    bool is_and = str_equal(term->text, STR("and"));
    if (!is_and && !str_equal(term->text, STR("or")))
        return TRUTH_UNKNOWN;
    Truth decisive = is_and ? TRUTH_FALSE : TRUTH_TRUE;
    Truth left = condition(run, term->left, depth + 1);
    Truth right = condition(run, term->right, depth + 1);
    if (left == decisive || right == decisive)
        return decisive;
    return left == TRUTH_UNKNOWN || right == TRUTH_UNKNOWN ? TRUTH_UNKNOWN : negated(decisive);
}

/* context.is_offline_mode(), op.get_bind().dialect.name.startswith("postgres") */
static Truth asked(AlembicRun *run, const PythonTerm *call)
{
    Str dotted = alembic_dotted(run, call->left), text;
    if (str_starts_with(dotted, STR("alembic.")) && str_ends_with(dotted, STR(".is_offline_mode")))
        return TRUTH_FALSE; /* a database is connected */
    bool is_start = call->left && call->left->kind == TERM_ATTRIBUTE &&
                    str_equal(call->left->text, STR("startswith")) &&
                    is_dialect_name(run, call->left->left) &&
                    term_string(&run->scope, call_argument(call, 0, NULL), &text);
    return is_start ? truth_of(str_starts_with(python_dialect_name(run->scope.dialect), text))
                    : TRUTH_UNKNOWN;
}

static Truth condition(AlembicRun *run, const PythonTerm *term, uint32_t depth)
{
    if (!term || depth > CONDITION_DEPTH_MAX || alembic_is_spent(run))
        return TRUTH_UNKNOWN;
    term = python_value(&run->scope, term);
    run->steps++;
    PythonTermKind kind = term->kind;
    if (kind == TERM_TRUE)
        return TRUTH_TRUE;
    if (kind == TERM_FALSE || kind == TERM_NONE)
        return TRUTH_FALSE;
    if (kind == TERM_LIST || kind == TERM_TUPLE || kind == TERM_DICT)
        return truth_of(term->items.n > 0);
    if (kind == TERM_STRING)
        return truth_of(term->text.length > 0);
    if (kind == TERM_UNARY && str_equal(term->text, STR("not")))
        return negated(condition(run, term->left, depth + 1));
    if (kind == TERM_COMPARISON)
        return compare(run, term);
    if (kind == TERM_BINARY)
        return combine(run, term, depth);
    return kind == TERM_CALL ? asked(run, term) : TRUTH_UNKNOWN;
}

/* Names that only a look into the database's catalog has. */
static bool is_look(Str name)
{
    static const char *const names[] = {
        "has_table",      "has_index",        "has_column",        "get_table_names",
        "table_names",    "get_columns",      "get_indexes",       "get_foreign_keys",
        "inspect",        "inspector",        "from_engine",       "get_unique_constraints",
        "get_inspector",  "get_enums",        "get_pk_constraint", "get_check_constraints",
        "column_exists",  "index_exists",     "table_exists",      "constraint_exists",
        "get_view_names", "get_schema_names", "has_sequence",
    };
    return str_is_among(name, names, sizeof names / sizeof *names);
}

static bool looks_within(AlembicRun *run, const PythonTerm *term, uint32_t *steps)
{
    if (!term || ++*steps > LOOK_STEPS_MAX)
        return false;
    if ((term->kind == TERM_NAME || term->kind == TERM_ATTRIBUTE) && is_look(term->text))
        return true;
    if (looks_within(run, term->left, steps) || looks_within(run, term->right, steps))
        return true;
    for (uint32_t i = 0; i < term->items.n; i++) {
        if (looks_within(run, term->items.items[i], steps))
            return true;
    }
    return false;
}

Truth alembic_condition(AlembicRun *run, const PythonTerm *term, bool *looks)
{
    if (looks) {
        uint32_t steps = 0;
        *looks = looks_within(run, term, &steps);
        run->steps += steps;
    }
    return condition(run, term, 0);
}
