/* D11: amounts of money in binary floating point. By names alone, so only where a name says it. */
#include "rules/advice.h"
#include "rules/words.h"

/* Words that mean money wherever they stand. */
static const char money_words[] =
    "price prices cost costs salary salaries wage wages fee fees balance revenue income payment "
    "payout "
    "refund subtotal budget deposit earnings profit msrp usd eur gbp chf";
/* Words that may mean money: only beside something else that does. */
static const char perhaps_money_words[] = "total amount tax discount charge credit debit tip";
/* Words that make it a ratio, a count or a measure after all. */
static const char other_words[] = "rate ratio percent percentage pct factor multiplier count "
                                  "number num weight score hours minutes "
                                  "seconds days duration distance quantity qty probability "
                                  "confidence index ms bytes size tokens points "
                                  "length width height volume area temperature latency time energy "
                                  "power load level white similarity "
                                  "model cpu memory kg grams calories km miles "
                                  /* a double counts cents exactly */
                                  "cents cent minor";
/* Tables in which a total or an amount is money. */
static const char trade_words[] = "order orders invoice invoices payment payments cart carts line "
                                  "lines sale sales purchase purchases "
                                  "transaction transactions account accounts billing bill bills "
                                  "subscription subscriptions expense "
                                  "expenses payroll quote quotes receipt receipts ledger refund "
                                  "refunds donation donations wallet "
                                  "wallets payout payouts charge charges checkout";

static bool table_trades(Arena *out, const Table *table)
{
    StrVec name = words_of(out, table->name.text);
    if (words_have(&name, trade_words))
        return true;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        StrVec words = words_of(out, table->columns.items[i]->name.text);
        if (words_have(&words, money_words) || words_have(&words, "currency"))
            return true;
    }
    return false;
}

static bool is_money(Arena *out, const Column *column)
{
    StrVec words = words_of(out, column->name.text);
    if (words_have(&words, other_words))
        return false;
    if (words_have(&words, money_words))
        return true;
    /* "total" and "discount_amount", not "total_length" */
    return words.n > 0 && word_is_in(words.items[words.n - 1], perhaps_money_words) &&
           table_trades(out, column->table);
}

static void advise(RuleContext *context, Finding *finding, const Schema *schema,
                   const Column *column)
{
    Str type =
        rule_dialect(context) == DIALECT_POSTGRESQL ? STR("numeric(12,2)") : STR("decimal(12,2)");
    if (rule_dialect(context) == DIALECT_SQLITE)
        return; /* no exact type but INTEGER, which changes the meaning of every value */
    if (advice_can_edit_type(context, column)) {
        Fix *fix = report_fix(context, finding, "Make it " STR_FMT, STR_ARG(type));
        fix_replace(context, fix, column->type.place, type);
    }
    if (!rule_wants_remedies(context) || !advice_can_change_type(schema, column))
        return;
    Remedy *remedy = advise_type(context, finding, schema, column, type, (Str){0});
    remedy->risk = str_format(rule_arena(context),
                              STR_FMT ", and rounds to two digits: choose the digits first",
                              STR_ARG(remedy->risk));
}

static void on_table(RuleContext *context, const Table *table, const Schema *schema)
{
    if (!table_is_base(table) || table->kind == TABLE_FOREIGN || table->is_temporary ||
        table->partition_of)
        return;
    for (uint32_t i = 0; i < table->columns.n; i++) {
        const Column *column = table->columns.items[i];
        if (!type_is_float(column->type.family) || column->type.array_dims > 0 ||
            column->is_inherited || !column->is_type_exact)
            continue;
        Arena *out = rule_arena(context);
        if (!is_money(out, column))
            continue;
        Finding *finding = report(
            context, place_is_set(column->type.place) ? column->type.place : column->place,
            STR_FMT "." STR_FMT " looks like money and is " STR_FMT
                    ", which cannot hold 0.10: sums drift%s",
            STR_ARG(table_title(out, schema, table)), STR_ARG(column->name.text),
            STR_ARG(column->type.written),
            rule_dialect(context) == DIALECT_SQLITE ? "; store whole cents in an INTEGER" : "");
        report_table(context, finding, table, column);
        advise(context, finding, schema, column);
    }
}

const Rule rule_float_money = {
    .id = "float-money",
    .since = "0.1",
    .group = GROUP_DESIGN,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .what = "an amount of money, by its name, in a floating-point column",
    .why = "Binary floating point has no 0.10. Each value is a little off, sums of many rows are "
           "visibly off, and 0.1 + 0.2 = 0.3 is false.",
    .instead = "numeric(12,2), with the digits your currency and your unit prices need; or whole "
               "cents in a bigint. In SQLite, whole cents in an INTEGER.",
    .bad = "CREATE TABLE order_lines (\n"
           "    id bigint PRIMARY KEY,\n"
           "    unit_price double precision NOT NULL\n"
           ");\n",
    .good = "CREATE TABLE order_lines (\n"
            "    id bigint PRIMARY KEY,\n"
            "    unit_price numeric(12,2) NOT NULL\n"
            ");\n",
    .sources = "https://www.postgresql.org/docs/current/datatype-numeric.html#DATATYPE-FLOAT "
               "https://dev.mysql.com/doc/refman/8.0/en/problems-with-float.html",
    .on_table = on_table,
};
