#include "model/transaction.h"

#include "base/panic.h"

static Transaction implicit(bool is_open)
{
    return (Transaction){.is_open = is_open};
}

Transaction transaction_start(TransactionMode mode, uint32_t n_statements)
{
    switch (mode) {
    case TRANSACTION_PER_FILE:
        return implicit(true);
    case TRANSACTION_PER_MULTI_FILE:
        return implicit(n_statements > 1);
    case TRANSACTION_UNKNOWN:
    case TRANSACTION_NONE:
        return implicit(false);
    }
    UNREACHABLE();
}

/* A timeout of 0 switches it off; RESET and DEFAULT give back the server's, which we do not know.
 */
static bool sets_timeout(const Operation *operation)
{
    Str value = str_trim(operation->as.set.value);
    return value.length > 0 && !str_equal(value, STR("0")) && !str_equal(value, STR("'0'")) &&
           !str_equal_ignore_case(value, STR("default"));
}

static void end(Transaction *transaction, TransactionMode mode)
{
    transaction->is_open = false;
    transaction->is_explicit = false;
    transaction->opened_at = (Place){0};
    transaction->n_operations = 0;
    transaction->sets_lock_timeout &= !transaction->lock_timeout_is_local;
    transaction->sets_statement_timeout &= !transaction->statement_timeout_is_local;
    /* A COMMIT ends the tool's transaction, too; what follows in a file that is sent as one
     * simple query is wrapped again. */
    if (mode == TRANSACTION_PER_MULTI_FILE)
        transaction->is_open = true;
}

void transaction_advance(Transaction *transaction, const Operation *operation, TransactionMode mode)
{
    if (operation->kind == OP_BEGIN) {
        if (!transaction->is_explicit) {
            transaction->is_open = true;
            transaction->is_explicit = true;
            transaction->opened_at = operation->statement;
            transaction->n_operations = 0;
        }
        return;
    }
    if (operation->kind == OP_COMMIT || operation->kind == OP_ROLLBACK) {
        end(transaction, mode);
        return;
    }
    if (operation->kind == OP_SET) {
        Str name = operation->as.set.name.text;
        if (str_equal_ignore_case(name, STR("lock_timeout")) ||
            str_equal_ignore_case(name, STR("lock_wait_timeout"))) {
            transaction->sets_lock_timeout = sets_timeout(operation);
            transaction->lock_timeout_is_local = operation->as.set.is_local;
        }
        if (str_equal_ignore_case(name, STR("statement_timeout"))) {
            transaction->sets_statement_timeout = sets_timeout(operation);
            transaction->statement_timeout_is_local = operation->as.set.is_local;
        }
        return;
    }
    if (transaction->is_open)
        transaction->n_operations++;
}
