/* Section 1: what is there, what hangs on what, what hurts first. */
#include "consult/offline/data_model.h"
#include "consult/offline/technology.h"

enum { N_LISTED = 6 };

/* ---- what it is built with ---- */

/* "`schema.prisma`", "`shop/models/orders.py` and 10 other model files". */
static Str declared_by(Offline *o)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < o->snapshot->sources.n; i++) {
        const Source *source = &o->snapshot->sources.items[i];
        if (source->role == SOURCE_MODEL || source->role == SOURCE_SCHEMA)
            VEC_PUSH(o->scratch, &names,
                     report_code(o->scratch, short_path(o, shown_path(o, source->path))));
    }
    if (names.n <= 2)
        return list_codes(o, &names, 2);
    return str_format(o->scratch, "%u files from " STR_FMT " to " STR_FMT, names.n,
                      STR_ARG(names.items[0]), STR_ARG(names.items[names.n - 1]));
}

static void say_declared(Offline *o, ItemDraft *item)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < o->snapshot->findings.n; i++)
        n += str_equal(o->snapshot->findings.items[i].group, rule_group_name(GROUP_DRIFT));
    if (n == 0)
        item_say(o, item, "It is declared by " STR_FMT ", in step with the migrations.",
                 STR_ARG(declared_by(o)));
    else
        item_say(o, item,
                 "It is declared by " STR_FMT "; the migrations differ from it in %u place%s.",
                 STR_ARG(declared_by(o)), n, n == 1 ? "" : "s");
}

static void remark_stack(Offline *o)
{
    ItemDraft *item = item_new(o, SECTION_CURRENT_STATE, PRIORITY_NONE, (Str){0});
    const ProjectDatabase *database = o->input->database;
    uint32_t n_migrations = count_sources(o, SOURCE_MIGRATION);
    uint32_t n_definitions = count_sources(o, SOURCE_SCHEMA);
    uint32_t n_models = count_sources(o, SOURCE_MODEL);
    Str title = dialect_title(o->schema->dialect);
    Orm orm;
    if (n_migrations > 0)
        item_say(o, item, STR_FMT ", as %s%s leave%s it.", STR_ARG(title),
                 str_to_c(o->scratch, count_of(o, n_migrations, "migration", NULL)),
                 database && database->layout != LAYOUT_FILE
                     ? str_to_c(o->scratch, str_format(o->scratch, " (" STR_FMT ")",
                                                       STR_ARG(layout_title(database->layout))))
                     : "",
                 n_migrations == 1 ? "s" : "");
    else if (n_models > 0)
        item_say(o, item, STR_FMT ", as " STR_FMT " declare%s it.", STR_ARG(title),
                 STR_ARG(declared_by(o)), n_models == 1 ? "s" : "");
    else
        item_say(o, item, STR_FMT ", as %s of definitions describe%s it.", STR_ARG(title),
                 str_to_c(o->scratch, count_of(o, n_definitions, "file", NULL)),
                 n_definitions == 1 ? "s" : "");
    if (n_migrations > 0 && n_models + n_definitions > 0)
        say_declared(o, item);
    if (offline_orm(o, &orm) && orm.fact)
        item_say(o, item, "%s: " STR_FMT ".", orm.title, STR_ARG(stack_cite(o, orm.fact)));
    static const char *const images[] = {"postgres", "postgis", "pgvector", "timescaledb",
                                         "mysql",    "mariadb", NULL};
    const StackFact *image = stack_any(o, images);
    if (image)
        item_say(o, item, "Development runs " STR_FMT "%s" STR_FMT ".",
                 STR_ARG(stack_cite(o, image)), str_is_empty(image->version) ? "" : ", version ",
                 STR_ARG(report_prose(o->scratch, image->version)));
}

/* ---- relationships ---- */

/* The foreign keys that lead to the table from others; that of several partitions counts once. */
static uint32_t count_referencing(Offline *o, const TableFacts *facts)
{
    StrMap known = {0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < facts->table->referenced_by.n; i++) {
        const ForeignKey *key = facts->table->referenced_by.items[i];
        const TableFacts *from = facts_of(o, key->table);
        Str column = key->columns.n > 0 ? key->columns.items[0]->name.text : STR("");
        Str name =
            from ? str_format(o->scratch, STR_FMT "\n" STR_FMT, STR_ARG(from->key), STR_ARG(column))
                 : (Str){0};
        if (!from || from == facts || map_get(&known, name))
            continue;
        map_set(o->scratch, &known, name, o);
        n++;
    }
    return n;
}

/* A partition may have a foreign key that its table has not. */
static bool is_alone(const Table *table)
{
    for (uint32_t i = 0; i < table->partitions.n; i++)
        if (!is_alone(table->partitions.items[i]))
            return false;
    return table->foreign_keys.n == 0 && table->referenced_by.n == 0;
}

typedef struct {
    StrVec hubs;    /* "`a` (from 3)", the most referenced first */
    StrVec alone;   /* neither reference nor referenced */
    StrVec unknown; /* targets that the sources do not define */
    uint32_t n_keys, n_unknown, n_to_self;
} Relations;

/* The foreign keys that partitions have and their table has not, each once. */
static uint32_t count_partition_keys(Offline *o, const Table *table)
{
    StrMap known = {0};
    uint32_t n = 0;
    for (uint32_t i = 0; i < table->partitions.n && table->foreign_keys.n == 0; i++) {
        const ForeignKeyVec *keys = &table->partitions.items[i]->foreign_keys;
        for (uint32_t k = 0; k < keys->n; k++) {
            Str column = keys->items[k]->columns.n > 0 ? keys->items[k]->columns.items[0]->name.text
                                                       : (Str){0};
            if (str_is_empty(column) || map_get(&known, column))
                continue;
            map_set(o->scratch, &known, column, o);
            n++;
        }
    }
    return n;
}

static void count_keys(Offline *o, const TableFacts *facts, Relations *relations)
{
    const Table *table = facts->table;
    relations->n_keys += table->foreign_keys.n + count_partition_keys(o, table);
    for (uint32_t i = 0; i < table->foreign_keys.n; i++) {
        const ForeignKey *key = table->foreign_keys.items[i];
        relations->n_to_self += key->target == table;
        relations->n_unknown += key->target == NULL;
        Str name = report_code(o->scratch, key->target_name.name.text);
        bool is_known = key->target != NULL;
        for (uint32_t k = 0; k < relations->unknown.n && !is_known; k++)
            is_known = str_equal(relations->unknown.items[k], name);
        if (!is_known)
            VEC_PUSH(o->scratch, &relations->unknown, name);
    }
    if (is_alone(table))
        VEC_PUSH(o->scratch, &relations->alone, facts->code);
}

static void find_hubs(Offline *o, ItemDraft *item, Relations *relations)
{
    enum { MAX_HUBS = 3 };
    StrMap taken = {0};
    for (uint32_t said = 0; said < MAX_HUBS; said++) {
        const TableFacts *best = NULL;
        uint32_t most = 0;
        for (uint32_t t = 0; t < o->tables.n; t++) {
            const TableFacts *facts = o->tables.items[t];
            if (!facts->is_consulted || map_get(&taken, facts->key) ||
                facts->table->referenced_by.n <= most)
                continue; /* it cannot have more */
            uint32_t n = count_referencing(o, facts);
            best = n > most ? facts : best;
            most = n > most ? n : most;
        }
        if (!best)
            return;
        map_set(o->scratch, &taken, best->key, o);
        VEC_PUSH(o->scratch, &relations->hubs,
                 o->n_consulted == 1
                     ? str_format(o->out, "%s to " STR_FMT,
                                  str_to_c(o->scratch, count_of(o, most, "foreign key leads",
                                                                "foreign keys lead")),
                                  STR_ARG(best->code))
                 : relations->n_keys == 1
                     ? best->code
                     : str_format(o->out, STR_FMT " (from %u)", STR_ARG(best->code), most));
        item_cite(o, item, best->table->name.place);
    }
}

/* Of one table: those that lead to others. */
static uint32_t n_out(const Relations *relations)
{
    return relations->n_keys - relations->n_to_self;
}

static void say_ties(Offline *o, ItemDraft *item, const Relations *relations)
{
    Str keys = count_of(o, relations->n_keys, "foreign key", NULL);
    uint32_t n_tied = o->n_consulted - relations->alone.n;
    if (o->n_consulted == 1)
        item_say(o, item, STR_FMT "; %s out of it.", STR_ARG(relations->hubs.items[0]),
                 n_out(relations) == 0
                     ? "none leads"
                     : str_to_c(o->scratch, count_of(o, n_out(relations), "leads", "lead")));
    else
        item_say(o, item, STR_FMT " tie%s %s together; %s to " STR_FMT ".", STR_ARG(keys),
                 relations->n_keys == 1 ? "s" : "",
                 str_to_c(o->scratch,
                          relations->alone.n > 0
                              ? str_format(o->scratch, "%u of %u tables", n_tied, o->n_consulted)
                              : str_format(o->scratch, "the %u tables", o->n_consulted)),
                 relations->n_keys == 1   ? "it leads"
                 : relations->hubs.n == 1 ? "they lead"
                                          : "most lead",
                 STR_ARG(list_codes(o, &relations->hubs, 3)));
    if (relations->alone.n == 1)
        item_say(o, item, STR_FMT " stands by itself.", STR_ARG(relations->alone.items[0]));
    else if (relations->alone.n > 1)
        item_say(o, item, "%u stand by themselves: " STR_FMT ".", relations->alone.n,
                 STR_ARG(list_codes(o, &relations->alone, N_LISTED)));
}

static void remark_relations(Offline *o)
{
    Relations relations = {0};
    for (uint32_t t = 0; t < o->tables.n; t++)
        if (o->tables.items[t]->is_consulted)
            count_keys(o, o->tables.items[t], &relations);
    ItemDraft *item = item_new(o, SECTION_CURRENT_STATE, PRIORITY_NONE, (Str){0});
    find_hubs(o, item, &relations);
    if (relations.hubs.n > 0)
        say_ties(o, item, &relations);
    else if (o->n_consulted == 1 && n_out(&relations) > 0)
        item_say(o, item, "No foreign key leads to %s; %s out of it.",
                 str_to_c(o->scratch, consulted_tables(o)),
                 str_to_c(o->scratch, count_of(o, n_out(&relations), "leads", "lead")));
    else if (o->n_consulted == 1)
        item_say(o, item, "No foreign key leads to %s or out of it.",
                 str_to_c(o->scratch, consulted_tables(o)));
    else
        item_say(o, item, "No foreign key ties %s together.",
                 str_to_c(o->scratch, consulted_tables(o)));
    if (relations.n_unknown > 0)
        item_say(o, item, "%s to " STR_FMT ", which the sources do not define.",
                 str_to_c(o->scratch, count_of(o, relations.n_unknown, "foreign key leads",
                                               "foreign keys lead")),
                 STR_ARG(list_codes(o, &relations.unknown, N_LISTED)));
    if (relations.n_to_self > 0 && relations.hubs.n == 0)
        item_say(o, item, "%s back to the table itself.",
                 str_to_c(o->scratch, count_of(o, relations.n_to_self, "foreign key leads",
                                               "foreign keys lead")));
}

/* ---- what else is there ---- */

static void remark_others(Offline *o)
{
    uint32_t n_views = 0, n_triggers = 0, n_policies = 0, n_partitions = 0;
    for (MapEntry *e = map_next(&o->schema->tables, NULL); e; e = map_next(&o->schema->tables, e)) {
        const Table *table = e->value;
        n_views += table->kind == TABLE_VIEW || table->kind == TABLE_MATERIALIZED_VIEW;
        n_triggers += table->triggers.n;
        n_policies += table->policies.n;
        n_partitions += table->partition_of != NULL;
    }
    StrVec parts = {0};
    if (n_views > 0)
        VEC_PUSH(o->scratch, &parts, count_of(o, n_views, "view", NULL));
    if (o->schema->functions.n > 0)
        VEC_PUSH(o->scratch, &parts, count_of(o, o->schema->functions.n, "function", NULL));
    if (n_triggers > 0)
        VEC_PUSH(o->scratch, &parts, count_of(o, n_triggers, "trigger", NULL));
    if (n_policies > 0)
        VEC_PUSH(o->scratch, &parts, count_of(o, n_policies, "policy", "policies"));
    if (n_partitions > 0)
        VEC_PUSH(o->scratch, &parts, count_of(o, n_partitions, "partition", NULL));
    if (parts.n == 0 || o->input->scope.kind != SCOPE_DATABASE)
        return;
    ItemDraft *item = item_new(o, SECTION_CURRENT_STATE, PRIORITY_NONE, (Str){0});
    item_say(o, item, "Beside the tables: " STR_FMT ".", STR_ARG(list_codes(o, &parts, N_LISTED)));
}

/* ---- what hurts first ---- */

/* A title inside a sentence: its first word without a capital, but for the names of products. */
static Str within_sentence(Offline *o, Str title)
{
    static const char *const products[] = {"SQLite", "Prisma", "Supabase", "PostgreSQL", "MySQL"};
    for (size_t i = 0; i < sizeof products / sizeof *products; i++)
        if (str_starts_with(title, str_from(products[i])))
            return title;
    if (str_is_empty(title) || title.data[0] < 'A' || title.data[0] > 'Z')
        return title;
    return str_format(o->out, "%c" STR_FMT, title.data[0] - 'A' + 'a',
                      STR_ARG(str_slice(title, 1, title.length)));
}

static void remark_pain(Offline *o)
{
    ItemDraft *item = item_new(o, SECTION_CURRENT_STATE, PRIORITY_NONE, (Str){0});
    StrVec titles = {0};
    for (int priority = PRIORITY_HIGH; priority >= PRIORITY_MEDIUM && titles.n < 4; priority--)
        for (uint32_t i = 0; i < o->items.n && titles.n < 4; i++) {
            const ItemDraft *draft = o->items.items[i];
            if (draft->item.priority != (Priority)priority ||
                draft->section == SECTION_CURRENT_STATE)
                continue;
            VEC_PUSH(o->scratch, &titles, within_sentence(o, draft->item.title));
            for (uint32_t k = 0; k < draft->item.evidence.n && k < 1; k++)
                VEC_PUSH(o->out, &item->item.evidence, draft->item.evidence.items[k]);
        }
    uint32_t counts[SEVERITY_ERROR + 1] = {0};
    uint32_t n_history = 0;
    for (uint32_t i = 0; i < o->findings.n; i++) {
        const Finding *finding = o->findings.items[i];
        if (is_migration_source(o, finding->location.source) &&
            (str_equal(finding->group, rule_group_name(GROUP_MIGRATION)) ||
             str_equal(finding->group, rule_group_name(GROUP_QUERY))))
            n_history++;
        else
            counts[finding->severity]++;
    }
    if (titles.n == 0) {
        item_say(o, item,
                 "Nothing here will hurt soon: what this report recommends for %s is of low "
                 "priority.",
                 str_to_c(o->scratch, consulted_tables(o)));
        return;
    }
    item_say(o, item, "What will hurt first: " STR_FMT ".",
             STR_ARG(str_join(o->out, titles.items, titles.n, STR("; "))));
    Str history = n_history == 0
                      ? STR("")
                      : str_format(o->scratch, "; about how migrations got there: %u", n_history);
    item_say(o, item, "Findings about the schema as it stands: %s, %s, %s, %s" STR_FMT ".",
             str_to_c(o->scratch, count_of(o, counts[SEVERITY_ERROR], "error", NULL)),
             str_to_c(o->scratch, count_of(o, counts[SEVERITY_WARNING], "warning", NULL)),
             str_to_c(o->scratch, count_of(o, counts[SEVERITY_INFO], "info", NULL)),
             str_to_c(o->scratch, count_of(o, counts[SEVERITY_HINT], "hint", NULL)),
             STR_ARG(history));
}

/* ---- the question ---- */

/* The offline consultant reads names in a question, not sentences. */
static void remark_question(Offline *o)
{
    if (str_is_empty(o->input->question))
        return;
    StrVec words = name_words(o->scratch, o->input->question);
    StrVec titles = {0}, tables = {0};
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        StrVec own = name_words(o->scratch, facts->table->name.text);
        bool is_asked = own.n > 0;
        for (uint32_t i = 0; i < own.n && is_asked; i++)
            is_asked = has_word(&words, str_to_c(o->scratch, own.items[i]));
        if (!is_asked)
            continue;
        VEC_PUSH(o->scratch, &tables, facts->code);
        for (uint32_t i = 0; i < o->items.n; i++) {
            bool is_about = false;
            for (uint32_t k = 0; k < o->items.items[i]->item.tables.n && !is_about; k++)
                is_about = str_equal(o->items.items[i]->item.tables.items[k], facts->key);
            if (is_about && !str_is_absent(o->items.items[i]->item.title) && titles.n < 12)
                VEC_PUSH(o->scratch, &titles, o->items.items[i]->item.title);
        }
    }
    ItemDraft *item = item_new(o, SECTION_CURRENT_STATE, PRIORITY_NONE, (Str){0});
    if (tables.n == 0)
        item_say(o, item,
                 "The question names none of the %u tables, and the offline consultant reads only "
                 "names.",
                 o->tables.n);
    else if (titles.n == 0)
        item_say(o, item,
                 "The question names " STR_FMT ", of which this report has nothing to recommend.",
                 STR_ARG(list_codes(o, &tables, N_LISTED)));
    else
        item_say(o, item, "The question names " STR_FMT "; about %s: " STR_FMT ".",
                 STR_ARG(list_codes(o, &tables, N_LISTED)), tables.n == 1 ? "it" : "them",
                 STR_ARG(str_join(o->out, titles.items, titles.n, STR("; "))));
}

void offline_current_state(Offline *o)
{
    remark_question(o);
    remark_stack(o);
    remark_relations(o);
    remark_others(o);
    remark_pain(o);
}
