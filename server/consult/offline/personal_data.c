/* Secrets and personal data, by the names of columns that can hold them. */
#include "consult/offline/data_model.h"
#include "rules/advice.h"

typedef enum { DATA_NONE, DATA_PASSWORD, DATA_SECRET, DATA_PERSONAL } DataKind;

static bool can_hold_text(const Column *column)
{
    return (type_is_text(column->type.family) || column->type.family == TYPE_BLOB ||
            column->type.family == TYPE_INET || column->type.family == TYPE_OTHER) &&
           column->generated == GENERATED_NONE;
}

static bool has_one_of(const StrVec *words, const char *const *wanted)
{
    for (; *wanted; wanted++)
        if (has_word(words, *wanted))
            return true;
    return false;
}

static bool has_pair(const StrVec *words, const char *first, const char *second)
{
    for (uint32_t i = 0; i + 1 < words->n; i++)
        if (str_equal(words->items[i], str_from(first)) &&
            str_equal(words->items[i + 1], str_from(second)))
            return true;
    return false;
}

static DataKind kind_of(Offline *o, const Column *column)
{
    static const char *const transformed[] = {"hash",   "hashed", "digest", "encrypted", "crypt",
                                              "cipher", "salt",   "bcrypt", "verifier",  NULL};
    /* Words that say the column is about the thing, not the thing: token_type, email_template. */
    static const char *const about[] = {
        "type",   "id",        "status",   "count",  "template", "kind",     "at",       "policy",
        "format", "length",    "verified", "prefix", "name",     "url",      "subject",  "limit",
        "usage",  "enabled",   "uri",      "label",  "domain",   "endpoint", "strategy", "provider",
        "method", "algorithm", "hint",     "scope",  "scopes",   "mode",     NULL};
    static const char *const personal[] = {
        "email",   "phone",     "mobile",   "telephone", "ssn",      "iban",      "passport",
        "surname", "firstname", "lastname", "dob",       "birthday", "birthdate", NULL};
    StrVec words = name_words(o->scratch, column->name.text);
    if (words.n == 0 || has_one_of(&words, transformed))
        return DATA_NONE;
    bool is_date = column->type.family == TYPE_DATE || column->type.family == TYPE_TIMESTAMP;
    if (has_pair(&words, "date", "of") || has_pair(&words, "birth", "date") ||
        (is_date && (has_word(&words, "birthday") || has_word(&words, "dob") ||
                     has_word(&words, "birthdate"))))
        return has_word(&words, "birth") || has_word(&words, "birthday") ||
                       has_word(&words, "dob") || has_word(&words, "birthdate")
                   ? DATA_PERSONAL
                   : DATA_NONE;
    if (!can_hold_text(column))
        return DATA_NONE;
    if (has_pair(&words, "first", "name") || has_pair(&words, "last", "name") ||
        has_pair(&words, "full", "name") || has_pair(&words, "ip", "address") ||
        has_pair(&words, "street", "address") || has_pair(&words, "postal", "address"))
        return DATA_PERSONAL;
    if (has_one_of(&words, about))
        return DATA_NONE;
    if (has_word(&words, "password") || has_word(&words, "passwd") || has_word(&words, "pwd"))
        return DATA_PASSWORD;
    if (has_word(&words, "token") || has_word(&words, "secret") || has_pair(&words, "api", "key") ||
        has_pair(&words, "private", "key") || has_word(&words, "apikey"))
        return DATA_SECRET;
    return has_one_of(&words, personal) ? DATA_PERSONAL : DATA_NONE;
}

/* ---- passwords and secrets ---- */

static void advise_many_passwords(Offline *o, const ColumnVec *columns)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < columns->n; i++)
        VEC_PUSH(o->scratch, &names, column_code(o, columns->items[i]));
    ItemDraft *item = item_new(o, SECTION_DATA_MODEL, PRIORITY_HIGH,
                               str_format(o->scratch, STR_FMT " hold passwords, by their names",
                                          STR_ARG(list_codes(o, &names, 2))));
    item->topics = STR("password privacy security");
    item_say(o, item,
             "Where " STR_FMT
             " are hashes, names that end in `_hash` would say so to everybody who reads the "
             "schema; where they have to be sent on, encrypt them in the program, with a key "
             "that the database does not hold.",
             STR_ARG(list_codes(o, &names, 12)));
    for (uint32_t i = 0; i < columns->n; i++) {
        item_cite(o, item, columns->items[i]->name.place);
        item_about(o, item, facts_of(o, columns->items[i]->table));
    }
}

static void advise_passwords(Offline *o, const ColumnVec *columns)
{
    enum { MAX_SINGLE = 2 };
    if (columns->n > MAX_SINGLE) {
        advise_many_passwords(o, columns);
        return;
    }
    for (uint32_t i = 0; i < columns->n; i++) {
        const Column *column = columns->items[i];
        ItemDraft *item = item_new(o, SECTION_DATA_MODEL, PRIORITY_HIGH,
                                   str_format(o->scratch, STR_FMT " holds passwords, by its name",
                                              STR_ARG(column_code(o, column))));
        item->topics = STR("password privacy security");
        item_say(
            o, item,
            "If " STR_FMT " is a hash, %s would say so to everybody who reads the "
            "schema; if not, nothing else in this report matters as much.",
            STR_ARG(column_code(o, column)),
            str_to_c(o->scratch, report_code(o->scratch, str_format(o->scratch, STR_FMT "_hash",
                                                                    STR_ARG(column->name.text)))));
        item_cite(o, item, column->name.place);
        item_about(o, item, facts_of(o, column->table));
    }
}

static void advise_secrets(Offline *o, const ColumnVec *columns)
{
    if (columns->n == 0)
        return;
    StrVec names = {0};
    for (uint32_t i = 0; i < columns->n; i++)
        VEC_PUSH(o->scratch, &names, column_code(o, columns->items[i]));
    ItemDraft *item =
        item_new(o, SECTION_DATA_MODEL, PRIORITY_MEDIUM,
                 columns->n == 1 ? str_format(o->scratch, STR_FMT " is a secret in a plain column",
                                              STR_ARG(names.items[0]))
                                 : str_format(o->scratch, STR_FMT " stand in plain columns",
                                              STR_ARG(first_and_others(o, &names, "secret"))));
    item->topics = STR("token secret key privacy security encryption");
    item_say(o, item,
             "Whoever reads a backup or a replica can use what " STR_FMT
             " hold%s; store a digest where the value is only compared, and encrypt it in the "
             "program where it is sent on.",
             STR_ARG(list_codes(o, &names, 8)), columns->n == 1 ? "s" : "");
    for (uint32_t i = 0; i < columns->n; i++) {
        item_cite(o, item, columns->items[i]->name.place);
        item_about(o, item, facts_of(o, columns->items[i]->table));
    }
}

/* ---- personal data ---- */

static void advise_personal(Offline *o, const ColumnVec *columns)
{
    StrVec names = {0}, tables = {0};
    for (uint32_t i = 0; i < columns->n; i++) {
        VEC_PUSH(o->scratch, &names, column_code(o, columns->items[i]));
        Str table = facts_of(o, columns->items[i]->table)->code;
        bool is_known = false;
        for (uint32_t k = 0; k < tables.n && !is_known; k++)
            is_known = str_equal(tables.items[k], table);
        if (!is_known)
            VEC_PUSH(o->scratch, &tables, table);
    }
    if (tables.n < 2)
        return;
    ItemDraft *item = item_new(o, SECTION_DATA_MODEL, PRIORITY_LOW,
                               str_format(o->scratch, "Personal data is in %u columns of " STR_FMT,
                                          columns->n, STR_ARG(list_codes(o, &tables, 3))));
    item->topics = STR("personal privacy gdpr compliance");
    item_say(o, item,
             "By their names: " STR_FMT
             ". A request for erasure or for a copy has to reach " STR_FMT ".",
             STR_ARG(list_codes(o, &names, 10)), STR_ARG(list_codes(o, &tables, 10)));
    for (uint32_t i = 0; i < columns->n; i++) {
        item_cite(o, item, columns->items[i]->name.place);
        item_about(o, item, facts_of(o, columns->items[i]->table));
    }
}

/* ---- addresses that identify people ---- */

static bool is_in_unique(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->indexes.n; i++) {
        const Index *index = table->indexes.items[i];
        if (!index->unique)
            continue;
        for (uint32_t k = 0; k < index->parts.n; k++) {
            const KeyPart *part = &index->parts.items[k];
            if (part->column == column)
                return true;
            const Expression *expression = part->part ? part->part->expression : NULL;
            for (uint32_t c = 0; expression && c < expression->columns.n; c++)
                if (str_equal_ignore_case(expression->columns.items[c].column.text,
                                          column->name.text))
                    return true;
        }
    }
    return false;
}

/* Queries that search the address in small letters are served by the same index. */
static void say_lookups(Offline *o, ItemDraft *item, const Column *column)
{
    for (uint32_t i = 0; i < o->accesses.n; i++) {
        const Access *access = &o->accesses.items[i];
        for (uint32_t k = 0; k < access->wrapped.n; k++) {
            if (access->wrapped.items[k] != column)
                continue;
            item_say(o, item, "An index on its small letters also serves the query at " STR_FMT ".",
                     STR_ARG(cited_place(o, access->place)));
            item_cite(o, item, access->place);
            VEC_PUSH(o->scratch, &o->lowered, column);
            return;
        }
    }
}

/* NOT NULL DEFAULT '': rows without an address share the empty one. */
static bool may_be_empty(const Column *column)
{
    return column->default_value && str_equal(column->default_value->text, STR("''"));
}

static void advise_unique_email(Offline *o, const TableFacts *facts, Column *column)
{
    ItemDraft *item =
        item_new(o, SECTION_DATA_MODEL, PRIORITY_MEDIUM,
                 str_format(o->scratch, STR_FMT " identifies people but is not unique",
                            STR_ARG(column_code(o, column))));
    item->topics = STR("unique email");
    item_say(o, item,
             "Two rows of " STR_FMT " with one address may appear, and which of them it means is "
             "chance%s.",
             STR_ARG(facts->code),
             may_be_empty(column)
                 ? "; an empty one, which is the default, may stand in as many as there are"
                 : "");
    item_cite(o, item, column->name.place);
    item_about(o, item, facts);
    if (o->schema->dialect != DIALECT_POSTGRESQL)
        return;
    say_lookups(o, item, column);
    ColumnVec columns = {.items = &column, .n = 1};
    Str on = sql_table_name(o->scratch, o->schema, facts->table);
    Str where =
        may_be_empty(column)
            ? str_format(o->scratch, " WHERE " STR_FMT " <> ''",
                         STR_ARG(sql_identifier(o->scratch, o->schema->dialect, column->name.text)))
            : STR("");
    Str list = sql_column_list(o->scratch, o->schema->dialect, &columns);
    Str name =
        sql_identifier(o->scratch, o->schema->dialect,
                       advice_index_name(o->scratch, o->schema, facts->table, &columns, "key"));
    StepDraft *step = step_new(o, item, CLASS_CONSTRAINT,
                               str_format(o->scratch, "Make " STR_FMT " unique, whatever its case",
                                          STR_ARG(column_code(o, column))));
    step_run(o, step,
             str_format(o->scratch,
                        "CREATE UNIQUE INDEX CONCURRENTLY " STR_FMT " ON " STR_FMT
                        " (lower(" STR_FMT "))" STR_FMT ";",
                        STR_ARG(name), STR_ARG(on), STR_ARG(list), STR_ARG(where)),
             true, NULL);
    step_about(o, step, facts);
    step->verify =
        str_format(o->out, "an insert into " STR_FMT " with the same address in capitals fails",
                   STR_ARG(facts->code));
    step->undo = report_code(
        o->out, str_format(o->scratch, "DROP INDEX CONCURRENTLY " STR_FMT ";", STR_ARG(name)));
    step->risk = str_format(
        o->out,
        "fails, and leaves an invalid index, where an address is doubled; find them "
        "first: " STR_FMT,
        STR_ARG(report_code(o->scratch, str_format(o->scratch,
                                                   "SELECT lower(" STR_FMT ") FROM " STR_FMT STR_FMT
                                                   " GROUP BY 1 HAVING count(*) > 1;",
                                                   STR_ARG(list), STR_ARG(on), STR_ARG(where)))));
}

/* Only where the table is plainly one of accounts: it has a password, or is called so. */
static bool holds_accounts(Offline *o, const Table *table, const ColumnVec *passwords)
{
    static const char *const names[] = {"user",     "users",  "customer", "customers", "account",
                                        "accounts", "member", "members",  NULL};
    StrVec words = name_words(o->scratch, table->name.text);
    if (words.n == 1 && has_one_of(&words, names))
        return true;
    for (uint32_t i = 0; i < passwords->n; i++)
        if (passwords->items[i]->table == table)
            return true;
    return false;
}

void advise_personal_data(Offline *o)
{
    ColumnVec kinds[DATA_PERSONAL + 1] = {{0}};
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const Table *table = o->tables.items[t]->table;
        for (uint32_t i = 0; o->tables.items[t]->is_consulted && i < table->columns.n; i++) {
            DataKind kind = kind_of(o, table->columns.items[i]);
            if (kind != DATA_NONE)
                VEC_PUSH(o->scratch, &kinds[kind], table->columns.items[i]);
        }
    }
    advise_passwords(o, &kinds[DATA_PASSWORD]);
    for (uint32_t i = 0; i < kinds[DATA_PERSONAL].n; i++) {
        Column *column = kinds[DATA_PERSONAL].items[i];
        const TableFacts *facts = facts_of(o, column->table);
        if (str_equal_ignore_case(column->name.text, STR("email")) && !column->is_nullable &&
            holds_accounts(o, column->table, &kinds[DATA_PASSWORD]) &&
            !is_in_unique(column->table, column) &&
            str_is_absent(column->table->partition_by.strategy))
            advise_unique_email(o, facts, column);
    }
    advise_secrets(o, &kinds[DATA_SECRET]);
    advise_personal(o, &kinds[DATA_PERSONAL]);
}
