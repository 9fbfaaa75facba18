/* MetaData(naming_convention={"ix": "ix_%(column_0_label)s", …}): the names that SQLAlchemy makes
 * for constraints and indexes, and how it shortens those that the database would not take. */
#include "frontends/python/link.h"
#include "frontends/python/md5.h"

typedef struct {
    Str ix, uq, ck, fk, pk; /* absent: none */
} NamingConvention;

/* What a name is made for. */
typedef struct {
    const LinkedTable *table;
    const IndexPartVec *parts;
    const ConstraintDef *foreign_key; /* or NULL */
    Str constraint_name;              /* as written, or absent */
} Named;

/* --- conventions --- */

static void read_convention(Link *link, const PythonTerm *dict, NamingConvention *convention)
{
    static const struct {
        const char *key, *class;
    } keys[] = {{"ix", "Index"},
                {"uq", "UniqueConstraint"},
                {"ck", "CheckConstraint"},
                {"fk", "ForeignKeyConstraint"},
                {"pk", "PrimaryKeyConstraint"}};
    Str *slots[] = {&convention->ix, &convention->uq, &convention->ck, &convention->fk,
                    &convention->pk};
    dict = python_value(&link->scope, dict);
    for (uint32_t i = 0; dict && dict->kind == TERM_DICT && i < dict->items.n && i < 64; i++) {
        const PythonTerm *pair = dict->items.items[i];
        Str key = {0}, text;
        if (pair->kind != TERM_PAIR || !term_string(&link->scope, pair->right, &text))
            continue;
        bool is_word = term_string(&link->scope, pair->left, &key);
        Str class = is_word ? (Str){0} : python_sqlalchemy_name(&link->scope, pair->left);
        for (size_t k = 0; k < sizeof keys / sizeof *keys; k++) {
            if (str_equal(key, str_from(keys[k].key)) || str_equal(class, str_from(keys[k].class)))
                *slots[k] = text;
        }
    }
}

static const NamingConvention *convention_of(Link *link, const PythonTerm *metadata)
{
    static const NamingConvention standard = {.ix = STR_INIT("ix_%(column_0_label)s")};
    const PythonTerm *given = call_argument(metadata, NO_POSITION, "naming_convention");
    if (term_is_none(given))
        return &standard;
    NamingConvention *made =
        map_get(&link->conventions, str_of((const char *)&metadata, sizeof metadata));
    if (!made) {
        made = ARENA_NEW(link->out, NamingConvention);
        read_convention(link, given, made);
        map_set(link->out, &link->conventions, orm_address(link, metadata), made);
    }
    return made;
}

/* --- tokens --- */

static Str part_name(const Named *named, uint32_t index)
{
    return index < named->parts->n ? named->parts->items[index].column.text : (Str){0};
}

/* "name", "key", "label" of one column; absent: not known. */
static Str column_word(Link *link, const Named *named, Str word, Str column)
{
    if (str_is_empty(column))
        return (Str){0};
    if (!str_equal(word, STR("label")))
        return column;
    const LinkedTable *table = named->table;
    if (str_is_empty(table->schema))
        return str_format(link->out, STR_FMT "_" STR_FMT, STR_ARG(table->name.text),
                          STR_ARG(column));
    return str_format(link->out, STR_FMT "_" STR_FMT "_" STR_FMT, STR_ARG(table->schema),
                      STR_ARG(table->name.text), STR_ARG(column));
}

static Str all_columns(Link *link, const Named *named, Str word, bool is_referred, Str separator)
{
    StrVec words = {0};
    uint32_t n = is_referred ? named->foreign_key->references_columns.n : named->parts->n;
    for (uint32_t i = 0; i < n; i++) {
        Str column = is_referred ? named->foreign_key->references_columns.items[i].text
                                 : part_name(named, i);
        Str text = column_word(link, named, word, column);
        if (str_is_absent(text))
            return text;
        VEC_PUSH(link->out, &words, text);
    }
    return n == 0 ? (Str){0} : str_join(link->out, words.items, words.n, separator);
}

/* "column_0_name", "column_0N_label", "column_0_N_name", "referred_column_0_name" */
static Str column_token(Link *link, const Named *named, Str token)
{
    bool is_referred = str_starts_with(token, STR("referred_"));
    if (is_referred) {
        if (!named->foreign_key)
            return (Str){0};
        token = str_slice(token, 9, token.length);
    }
    if (!str_starts_with(token, STR("column_")))
        return (Str){0};
    Str rest = str_slice(token, 7, token.length);
    uint32_t index = 0, at = 0;
    for (; at < rest.length && rest.data[at] >= '0' && rest.data[at] <= '9' && at < 4; at++)
        index = index * 10 + (uint32_t)(rest.data[at] - '0');
    rest = str_slice(rest, at, rest.length);
    bool joined = str_starts_with(rest, STR("N_")), spaced = str_starts_with(rest, STR("_N_"));
    if (joined || spaced) {
        Str word = str_slice(rest, spaced ? 3 : 2, rest.length);
        return all_columns(link, named, word, is_referred, spaced ? STR("_") : STR(""));
    }
    if (at == 0 || !str_starts_with(rest, STR("_")))
        return (Str){0};
    Str column = part_name(named, index);
    if (is_referred)
        column = index < named->foreign_key->references_columns.n
                     ? named->foreign_key->references_columns.items[index].text
                     : (Str){0};
    return column_word(link, named, str_slice(rest, 1, rest.length), column);
}

static Str token_value(Link *link, const Named *named, Str token)
{
    if (str_equal(token, STR("table_name")))
        return named->table->name.text;
    if (str_equal(token, STR("constraint_name")))
        return named->constraint_name;
    if (str_equal(token, STR("referred_table_name")))
        return named->foreign_key ? named->foreign_key->references.name.text : (Str){0};
    return column_token(link, named, token);
}

/* The convention with its %(tokens)s replaced; absent where one of them is not known. */
static Str expand(Link *link, const Named *named, Str convention)
{
    StrVec parts = {0};
    uint32_t at = 0;
    for (;;) {
        uint32_t open = str_find(convention, STR("%("), at);
        if (open == UINT32_MAX)
            break;
        uint32_t close = str_find(convention, STR(")s"), open);
        if (close == UINT32_MAX)
            return (Str){0};
        Str value = token_value(link, named, str_slice(convention, open + 2, close));
        if (str_is_absent(value))
            return (Str){0};
        Str before = str_slice(convention, at, open);
        VEC_PUSH(link->out, &parts, before);
        VEC_PUSH(link->out, &parts, value);
        at = close + 2;
    }
    Str rest = str_slice(convention, at, convention.length);
    VEC_PUSH(link->out, &parts, rest);
    return str_join(link->out, parts.items, parts.n, STR(""));
}

static uint32_t longest_name(Dialect dialect)
{
    switch (dialect) {
    case DIALECT_POSTGRESQL:
        return 63;
    case DIALECT_MYSQL:
        return 64;
    case DIALECT_SQLSERVER:
        return 128;
    case DIALECT_SQLITE:
        return UINT32_MAX;
    }
    return UINT32_MAX;
}

static Str shortened(Link *link, Str name)
{
    uint32_t longest = longest_name(link->scope.dialect);
    if (name.length <= longest)
        return name;
    char digits[32];
    md5_hex(name, digits);
    return str_format(link->out, STR_FMT "_" STR_FMT, STR_ARG(str_slice(name, 0, longest - 8)),
                      STR_ARG(str_of(digits + 28, 4)));
}

/* Sets the name where the convention says one. A written name is kept, but for a convention that
 * is made around it. */
static void apply(Link *link, const Named *named, Str convention, Name *name, Place place)
{
    if (str_is_absent(convention))
        return;
    bool takes_name = str_contains(convention, STR("%(constraint_name)s"));
    if (!name_is_absent(*name) && !takes_name)
        return;
    Str made = expand(link, named, convention);
    if (str_is_absent(made))
        return;
    name->text = shortened(link, made);
    if (!place_is_set(name->place))
        name->place = place;
}

/* --- tables --- */

/* conv("x") and op.f("x") are final. */
static void name_constraint(Link *link, LinkedTable *table, const NamingConvention *convention,
                            ConstraintDef *constraint)
{
    Named named = {
        .table = table, .parts = &constraint->parts, .constraint_name = constraint->name.text};
    Str chosen = {0};
    switch (constraint->kind) {
    case CONSTRAINT_PRIMARY_KEY:
        chosen = convention->pk;
        break;
    case CONSTRAINT_UNIQUE:
        chosen = convention->uq;
        break;
    case CONSTRAINT_FOREIGN_KEY:
        named.foreign_key = constraint;
        chosen = convention->fk;
        break;
    case CONSTRAINT_CHECK:
        chosen = convention->ck;
        break;
    case CONSTRAINT_EXCLUDE:
    case CONSTRAINT_NOT_NULL:
        break;
    }
    apply(link, &named, chosen, &constraint->name, constraint->place);
}

void orm_name_parts(Link *link, LinkedTable *table)
{
    const NamingConvention *convention = convention_of(link, table->metadata);
    for (uint32_t i = 0; i < table->constraints.n; i++)
        name_constraint(link, table, convention, &table->constraints.items[i]);
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        IndexDef *index = &table->indexes.items[i];
        Named named = {.table = table, .parts = &index->parts};
        apply(link, &named, convention->ix, &index->name, index->place);
    }
}
