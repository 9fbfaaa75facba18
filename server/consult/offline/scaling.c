/* Section 4: sizes, and what they make necessary or not. */
#include "consult/offline/capacity.h"
#include "consult/offline/data_model.h"
#include "consult/offline/technology.h"

enum { N_LISTED = 6 };

/* From about this size on a table's indexes no longer fit into the memory of a usual server,
 * and dropping old rows one by one costs more than it frees. */
static const uint64_t partition_bytes = 50000000000;

/* ---- volume ---- */

static void advise_volume(Offline *o)
{
    uint64_t now = 0, year = 0, per_million = 0;
    uint32_t n_assumed = 0;
    const TableFacts *widest = NULL;
    uint64_t widest_bytes = 0;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        if (!facts->is_consulted)
            continue;
        Capacity capacity = capacity_of(o, facts);
        uint64_t bytes = (uint64_t)capacity.row_bytes + capacity.index_bytes;
        per_million += bytes * 1000000;
        if (bytes > widest_bytes) {
            widest_bytes = bytes;
            widest = facts;
        }
        if (facts->assumed && facts->assumed->rows > 0) {
            n_assumed++;
            now += bytes * facts->assumed->rows;
            year += bytes * (facts->assumed->rows + facts->assumed->growth_per_month * 12);
        }
    }
    if (!widest)
        return;
    ItemDraft *item = item_new(o, SECTION_SCALING, PRIORITY_NONE, (Str){0});
    if (n_assumed > 0) {
        item_say(o, item,
                 "With the rows assumed in lintel.yaml for %s the database holds " STR_FMT
                 ", in a year " STR_FMT ".",
                 str_to_c(o->scratch, count_of(o, n_assumed, "table", NULL)),
                 STR_ARG(size_text(o->scratch, now)), STR_ARG(size_text(o->scratch, year)));
        item_say(o, item,
                 year < partition_bytes * 4
                     ? "One server carries " STR_FMT ": no sharding and no second store."
                     : STR_FMT " are still one server's, but backups and index builds take hours: "
                               "the largest tables decide.",
                 STR_ARG(size_text(o->scratch, year)));
    } else {
        bool is_one = o->n_consulted == 1;
        Str rest = is_one ? STR("")
                          : str_format(o->scratch,
                                       "; the widest is " STR_FMT " (%llu bytes a row with them)",
                                       STR_ARG(widest->code), (unsigned long long)widest_bytes);
        item_say(
            o, item, "A million rows in %s%s would be " STR_FMT " with %s indexes" STR_FMT "; %s",
            is_one ? "" : "each of ", str_to_c(o->scratch, these_tables(o)),
            STR_ARG(size_text(o->scratch, per_million)), is_one ? "its" : "their", STR_ARG(rest),
            o->schema->dialect == DIALECT_SQLITE
                ? "one file carries that, with one writer at a time."
                : "one server carries ten times that, so there is no ground for sharding or a "
                  "second store.");
    }
}

/* ---- what grows ---- */

static Str partition_rows(Offline *o, const TableFacts *facts)
{
    Capacity capacity = capacity_of(o, facts);
    uint64_t bytes = (uint64_t)capacity.row_bytes + capacity.index_bytes;
    uint64_t rows = partition_bytes / (bytes > 0 ? bytes : 1);
    uint64_t unit = 1; /* two digits are more than the estimate is worth */
    while (rows / unit >= 100)
        unit *= 10;
    return number_text(o->scratch, rows / unit * unit);
}

static bool key_has(const Table *table, const Column *column)
{
    for (uint32_t i = 0; table->primary_key && i < table->primary_key->columns.n; i++)
        if (table->primary_key->columns.items[i] == column)
            return true;
    return false;
}

static bool is_searchable(const Table *table, const Column *column)
{
    for (uint32_t i = 0; i < table->indexes.n; i++)
        if (table->indexes.items[i]->parts.n > 0 &&
            table->indexes.items[i]->parts.items[0].column == column)
            return true;
    return false;
}

/* "range (`payment_date`)" */
static Str partition_key(Offline *o, const Table *table)
{
    StrVec names = {0};
    for (uint32_t i = 0; i < table->partition_by.parts.n; i++) {
        const IndexPart *part = &table->partition_by.parts.items[i];
        VEC_PUSH(
            o->scratch, &names,
            report_code(o->scratch, part->expression ? part->expression->text : part->column.text));
    }
    return str_format(o->scratch, STR_FMT "%s" STR_FMT,
                      STR_ARG(report_prose(o->scratch, table->partition_by.strategy)),
                      names.n > 0 ? " of " : "", STR_ARG(list_codes(o, &names, 3)));
}

/* What there is of partitions, and where rows will find none. */
static void say_partitions(Offline *o, ItemDraft *item, const TableFacts *facts)
{
    const Table *table = facts->table;
    Str strategy = partition_key(o, table);
    if (table->partitions.n == 0) {
        item_say(o, item,
                 STR_FMT " is partitioned by " STR_FMT
                         ", and the sources hold none of its partitions.",
                 STR_ARG(facts->code), STR_ARG(strategy));
        return;
    }
    bool has_default = false;
    for (uint32_t i = 0; i < table->partitions.n; i++)
        has_default =
            has_default ||
            str_equal_ignore_case(table->partitions.items[i]->partition_bound, STR("default"));
    const Table *last = table->partitions.items[table->partitions.n - 1];
    item_say(o, item, STR_FMT " is partitioned by " STR_FMT " into %s.", STR_ARG(facts->code),
             STR_ARG(strategy),
             str_to_c(o->scratch, count_of(o, table->partitions.n, "partition", NULL)));
    if (str_equal(table->partition_by.strategy, STR("range")) && !has_default &&
        !str_is_empty(last->partition_bound))
        item_say(o, item,
                 "The last one in the sources takes " STR_FMT
                 ": rows beyond it are refused until there is a next one.",
                 STR_ARG(report_code(o->scratch, last->partition_bound)));
}

/* When the table gets to where partitions pay, as far as rows are assumed. */
static void say_when(Offline *o, ItemDraft *item, const TableFacts *facts)
{
    uint64_t growth = facts->assumed ? facts->assumed->growth_per_month : 0;
    if (growth == 0)
        return;
    Capacity size = capacity_of(o, facts);
    uint64_t limit = partition_bytes / ((uint64_t)size.row_bytes + size.index_bytes + 1);
    uint64_t rows = facts->assumed->rows;
    Str when = rows >= limit ? STR("now")
                             : str_format(o->scratch, "in %llu months",
                                          (unsigned long long)((limit - rows) / growth + 1));
    item_say(o, item,
             "With the assumed " STR_FMT " rows and " STR_FMT " more a month that is " STR_FMT ".",
             STR_ARG(number_text(o->scratch, rows)), STR_ARG(number_text(o->scratch, growth)),
             STR_ARG(when));
}

static void advise_growth(Offline *o, StrVec *unasked)
{
    bool is_any = false, has_partitions = o->schema->dialect != DIALECT_SQLITE;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        const Table *table = facts->table;
        if (!facts->is_consulted || facts->shape != SHAPE_EVENT)
            continue;
        is_any = true;
        ItemDraft *item =
            item_new(o, SECTION_SCALING, PRIORITY_LOW,
                     str_format(o->scratch, STR_FMT " grows for ever", STR_ARG(facts->code)));
        item->topics = STR("partition partitioning retention archive");
        item_about(o, item, facts);
        item_cite(o, item, facts->time->name.place);
        Str time = report_code(o->scratch, facts->time->name.text);
        if (!str_is_absent(table->partition_by.strategy)) {
            say_partitions(o, item, facts);
            continue;
        }
        item_say(o, item,
                 "Say how long rows of " STR_FMT " are kept: until about " STR_FMT " rows (" STR_FMT
                 " with their indexes) a nightly delete by " STR_FMT " is enough%s%s.",
                 STR_ARG(facts->code), STR_ARG(partition_rows(o, facts)),
                 STR_ARG(size_text(o->scratch, partition_bytes)), STR_ARG(time),
                 is_searchable(table, facts->time) ? "" : ", with an index on it",
                 has_partitions ? "; beyond that, dropping a monthly partition takes a moment"
                                : "");
        say_when(o, item, facts);
        if (has_partitions && table->primary_key && !key_has(table, facts->time))
            item_say(
                o, item, "Its key would have to take " STR_FMT " in%s.", STR_ARG(time),
                table->referenced_by.n == 0
                    ? ""
                    : str_to_c(o->scratch,
                               str_format(o->scratch, ", and %s with it",
                                          str_to_c(o->scratch, count_of(o, table->referenced_by.n,
                                                                        "reference to it",
                                                                        "references to it")))));
    }
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *facts = o->tables.items[t];
        if (!facts->is_consulted || facts->shape == SHAPE_EVENT ||
            str_is_absent(facts->table->partition_by.strategy))
            continue;
        is_any = true;
        ItemDraft *item = item_new(o, SECTION_SCALING, PRIORITY_NONE, (Str){0});
        say_partitions(o, item, facts);
        item_cite(o, item, facts->table->name.place);
        item_about(o, item, facts);
    }
    if (!is_any)
        VEC_PUSH(o->scratch, unasked,
                 STR("partitions (none is a log or a series of events with a time)"));
}

/* ---- replicas and caches ---- */

static bool is_report(const Query *query)
{
    bool finds = false;
    for (uint32_t i = 0; i < query->filters.n && !finds; i++)
        finds = query->filters.items[i].comparison == COMPARE_EQUAL;
    return query->kind == QUERY_SELECT && query->has_group_by && !finds;
}

static void advise_replica(Offline *o, StrVec *unasked)
{
    ItemDraft *item = NULL;
    uint32_t n_reports = 0;
    const Query *last = NULL;
    for (uint32_t i = 0; i < o->accesses.n; i++) {
        const Query *query = o->accesses.items[i].query;
        if (!query || query == last || !is_report(query))
            continue;
        last = query;
        n_reports++;
        if (!item)
            item = item_new(o, SECTION_SCALING, PRIORITY_NONE, (Str){0});
        item->topics = STR("read replica");
        item_cite(o, item, query->place);
    }
    if (item)
        item_say(
            o, item,
            "Read replica: %s over whole tables; if reports ever slow the rest down, %s what "
            "a replica would take.",
            str_to_c(o->scratch, count_of(o, n_reports, "query aggregates", "queries aggregate")),
            n_reports == 1 ? "it is" : "they are");
    else
        VEC_PUSH(o->scratch, unasked,
                 o->n_queries == 0 ? STR("read replica (no query is known)")
                                   : STR("read replica (no known query aggregates over a whole "
                                         "table)"));
}

static void advise_cache(Offline *o, StrVec *unasked)
{
    static const char *const caches[] = {"redis", "ioredis", "valkey", "memcached", NULL};
    const StackFact *cache = stack_any(o, caches);
    StrVec lookups = {0};
    for (uint32_t t = 0; t < o->tables.n; t++)
        if (o->tables.items[t]->is_consulted && o->tables.items[t]->shape == SHAPE_LOOKUP)
            VEC_PUSH(o->scratch, &lookups, o->tables.items[t]->code);
    if (lookups.n == 0 && !cache) {
        VEC_PUSH(o->scratch, unasked, STR("cache (none is a small lookup table)"));
        return;
    }
    ItemDraft *item = item_new(o, SECTION_SCALING, PRIORITY_NONE, (Str){0});
    item->topics = STR("cache caching redis memcached");
    if (lookups.n > 0)
        item_say(o, item,
                 "Cache: " STR_FMT
                 " %s small by nature and looked up by what references %s; a program can "
                 "hold %s in memory%s.",
                 STR_ARG(list_codes(o, &lookups, N_LISTED)), lookups.n == 1 ? "is" : "are",
                 lookups.n == 1 ? "it" : "them", lookups.n == 1 ? "it" : "them",
                 cache ? str_to_c(o->scratch, str_format(o->scratch, ", without a trip to " STR_FMT,
                                                         STR_ARG(stack_cite(o, cache))))
                       : "");
    else
        item_say(o, item,
                 "Cache: " STR_FMT " is there; no table here is a small lookup that asks for it.",
                 STR_ARG(stack_cite(o, cache)));
}

/* What people ask about and this schema does not need, in one line. */
static void remark_unasked(Offline *o, const StrVec *unasked)
{
    if (unasked->n == 0)
        return;
    ItemDraft *item = item_new(o, SECTION_SCALING, PRIORITY_NONE, (Str){0});
    item->topics = STR("partition partitioning read replica cache caching");
    item_say(o, item, "%s need%s no " STR_FMT ".", str_to_c(o->scratch, consulted_tables(o)),
             o->n_consulted == 1 ? "s" : "",
             STR_ARG(str_join(o->scratch, unasked->items, unasked->n,
                              unasked->n == 2 ? STR(" and no ") : STR(", no "))));
}

/* ---- the column that most tables share ---- */

/* What data is usually divided by. */
static bool is_named_like_tenant(Offline *o, Str name)
{
    static const char *const nouns[] = {"tenant",    "organization", "organisation", "org",
                                        "workspace", "account",      "company",      "team",
                                        "project",   "shop",         "customer",     "user"};
    StrVec words = name_words(o->scratch, name);
    for (size_t i = 0; words.n > 0 && i < sizeof nouns / sizeof *nouns; i++) {
        Str last = words.items[words.n - 1], noun = str_from(nouns[i]);
        if (str_starts_with(last, noun) && last.length <= noun.length + 1)
            return true;
    }
    return false;
}

static void advise_tenant(Offline *o)
{
    const TableFacts *best = NULL;
    uint32_t n_best = 0;
    for (uint32_t t = 0; t < o->tables.n; t++) {
        const TableFacts *parent = o->tables.items[t];
        uint32_t n = 0;
        for (uint32_t c = 0; c < o->tables.n; c++) {
            bool references = false;
            const ForeignKeyVec *keys = &o->tables.items[c]->table->foreign_keys;
            for (uint32_t k = 0; k < keys->n && !references && o->tables.items[c] != parent; k++)
                references = keys->items[k]->target == parent->table;
            n += references;
        }
        if (n > n_best) {
            n_best = n;
            best = parent;
        }
    }
    if (!best || n_best < 5 || n_best * 5 < o->tables.n * 2 ||
        o->input->scope.kind != SCOPE_DATABASE || !is_named_like_tenant(o, best->table->name.text))
        return;
    ItemDraft *item = item_new(o, SECTION_SCALING, PRIORITY_NONE, (Str){0});
    item->topics = STR("sharding tenant");
    item_say(
        o, item,
        "%u of %u tables reference " STR_FMT
        " directly: if the data ever has to be split over servers, that is the line to cut along.",
        n_best, o->tables.n, STR_ARG(best->code));
    item_cite(o, item, best->table->name.place);
    item_about(o, item, best);
}

void offline_scaling(Offline *o)
{
    advise_volume(o);
    StrVec unasked = {0};
    advise_growth(o, &unasked);
    advise_tenant(o);
    advise_replica(o, &unasked);
    advise_cache(o, &unasked);
    remark_unasked(o, &unasked);
}
