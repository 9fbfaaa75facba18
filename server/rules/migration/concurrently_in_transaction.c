/* M04: CONCURRENTLY needs to commit in between, so a transaction block refuses it. */
#include "rules/advice.h"
#include "rules/around.h"

static bool is_concurrent(const Operation *operation, const char **verb)
{
    if (operation->kind == OP_CREATE_INDEX) {
        *verb = "CREATE INDEX CONCURRENTLY";
        return operation->as.create_index.concurrently;
    }
    if (operation->kind == OP_DROP_INDEX)
        *verb = "DROP INDEX CONCURRENTLY";
    else if (operation->kind == OP_REINDEX)
        *verb = "REINDEX CONCURRENTLY";
    else if (operation->kind == OP_DETACH_PARTITION)
        *verb = "DETACH PARTITION CONCURRENTLY";
    else
        return false;
    return operation->concurrently;
}

static void on_operation(RuleContext *context, const Operation *operation, const Schema *before,
                         const Transaction *transaction)
{
    (void)before;
    const char *verb = NULL;
    if (!is_concurrent(operation, &verb) || !(transaction->is_open || operation->in_do_block))
        return;
    Place place = operation->kind == OP_CREATE_INDEX &&
                          place_is_set(operation->as.create_index.concurrently_place)
                      ? operation->as.create_index.concurrently_place
                      : operation->place;
    if (operation->in_do_block) {
        report(context, place, "%s fails inside a DO block: it cannot run in a function", verb);
        return;
    }
    if (transaction->is_explicit) {
        Finding *finding =
            report(context, place, "%s fails inside the transaction that is open here", verb);
        report_related(context, finding, transaction->opened_at, "the transaction begins here");
        return;
    }
    if (context->transactions == TRANSACTION_PER_MULTI_FILE) {
        report(context, place,
               "%s fails here: the statements of this migration are sent together and run as one "
               "transaction",
               verb);
        return;
    }
    report(context, place, "%s fails here: the migration tool runs this file in a transaction",
           verb);
}

const Rule rule_concurrently_in_transaction = {
    .id = "concurrently-in-transaction",
    .squawk = "ban-concurrent-index-creation-in-transaction",
    .since = "0.1",
    .group = GROUP_MIGRATION,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_POSTGRESQL,
    .what = "a CONCURRENTLY statement inside a transaction, where PostgreSQL refuses it",
    .why = "CONCURRENTLY works in several transactions of its own and waits for others in "
           "between. Inside BEGIN and COMMIT, or a migration that the tool wraps in a "
           "transaction, it stops with an error, and the migration with it.",
    .instead = "Give the statement a migration of its own and switch the tool's transaction off "
               "for it (most tools have a comment or a setting for that, Alembic has "
               "`autocommit_block()`). Where a file with one statement is run without a "
               "transaction, leave it the only one.",
    .bad = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);\n"
           "-- next migration\n"
           "BEGIN;\n"
           "CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n"
           "COMMIT;\n",
    .good = "CREATE TABLE orders (id bigint PRIMARY KEY, customer_id bigint);\n"
            "-- next migration\n"
            "CREATE INDEX CONCURRENTLY orders_customer_id_idx ON orders (customer_id);\n",
    .sources =
        "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
    .on_operation = on_operation,
};
