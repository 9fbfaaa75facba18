/* transaction.h — whether an operation runs in a transaction, and since when.
 *
 * A migration tool may wrap every file in one; the text may open and close its own. */
#ifndef MODEL_TRANSACTION_H
#define MODEL_TRANSACTION_H

#include "model/schema.h"

typedef enum {
    TRANSACTION_UNKNOWN,        /* loose files: only what the text says counts */
    TRANSACTION_NONE,           /* the tool runs statements one by one */
    TRANSACTION_PER_FILE,       /* the tool wraps each file */
    TRANSACTION_PER_MULTI_FILE, /* a file of several statements is one simple query, hence
                                 * one implicit transaction; a single statement is not */
} TransactionMode;

typedef struct {
    bool is_open;
    bool is_explicit;                               /* by BEGIN in the text, not by the tool */
    Place opened_at;                                /* the BEGIN, where explicit */
    uint32_t n_operations;                          /* before this one in the transaction */
    bool sets_lock_timeout, sets_statement_timeout; /* in this session or transaction */
    bool lock_timeout_is_local, statement_timeout_is_local; /* SET LOCAL: ends with it */
} Transaction;

/* The state before the first operation of a source with `n_statements` statements. */
Transaction transaction_start(TransactionMode mode, uint32_t n_statements);
/* The state after `operation`. */
void transaction_advance(Transaction *transaction, const Operation *operation,
                         TransactionMode mode);

#endif
