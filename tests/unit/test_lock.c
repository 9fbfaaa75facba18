/* What operations cost, by version; and transactions. PostgreSQL's locks were read from pg_locks.
 */
#include "model/lock.h"
#include "model/transaction.h"
#include "unit/model_unit.h"

typedef struct {
    const char *what;
    uint32_t major;
    LockLevel lock, other;
    bool scans, rewrites, builds;
} Expected;

static void expect(World *w, const Operation *op, Expected expected)
{
    ServerVersion version = {.major = expected.major};
    OperationCost cost = operation_cost(op, w->schema, version);
    if (cost.lock != expected.lock || cost.lock_on_other != expected.other ||
        cost.scans != expected.scans || cost.rewrites != expected.rewrites ||
        cost.builds_index != expected.builds)
        print_error(
            "%s on %u: lock " STR_FMT ", other " STR_FMT ", scans %d, rewrites %d, builds %d\n",
            expected.what, expected.major, STR_ARG(lock_name(cost.lock)),
            STR_ARG(lock_name(cost.lock_on_other)), cost.scans, cost.rewrites, cost.builds_index);
    assert_int_equal(cost.lock, expected.lock);
    assert_int_equal(cost.lock_on_other, expected.other);
    assert_int_equal(cost.scans, expected.scans);
    assert_int_equal(cost.rewrites, expected.rewrites);
    assert_int_equal(cost.builds_index, expected.builds);
    assert_int_equal(cost.blocks_writes, cost.lock >= LOCK_SHARE);
    assert_int_equal(cost.blocks_reads, cost.lock == LOCK_ACCESS_EXCLUSIVE);
    if (cost.rewrites || cost.builds_index)
        assert_true(cost.note.length > 0);
}

static const Expression *call(World *w, const char *function)
{
    Expression *e = ARENA_NEW(&w->arena, Expression);
    FunctionCall f = {.name = name_of(function)};
    e->kind = EXPRESSION_CALL;
    e->text = str_format(&w->arena, "%s()", function);
    VEC_PUSH(&w->arena, &e->functions, f);
    return e;
}

static void columns_cost_what_their_defaults_cost(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    must_apply(&w, create_table(&w, "t", "id int"));
    Operation *op = add_column(&w, "t", "a int");
    expect(&w, op, (Expected){"plain", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, false, false, false});
    op->as.add_column.default_value = call(&w, "now");
    expect(&w, op, (Expected){"now()", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, false, false, false});
    expect(&w, op, (Expected){"now()", 10, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, true, true, false});
    op->as.add_column.default_value = call(&w, "gen_random_uuid");
    expect(&w, op, (Expected){"uuid", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, true, true, false});
    op->as.add_column.default_value = call(&w, "nobody_knows");
    expect(&w, op, (Expected){"unknown", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, true, true, false});
    op = add_column(&w, "t", "b serial");
    expect(&w, op, (Expected){"serial", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, true, true, false});
    op = add_column(&w, "t", "c int");
    VEC_PUSH(&w.arena, &op->as.add_column.constraints,
             constraint(&w, CONSTRAINT_UNIQUE, NULL, NULL));
    expect(&w, op, (Expected){"unique", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, false, false, true});
    world_end(&w);
}

static void not_null_is_cheap_where_a_check_proves_it(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    must_apply(&w, create_table(&w, "t", "id int, done int not null"));
    Operation *op = operation(&w, OP_SET_NOT_NULL, "t");
    op->as.drop_column.column = name_of("id");
    Expected scan = {"set not null", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, true, false, false};
    Expected free = {"set not null", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, false, false, false};
    expect(&w, op, scan);
    ConstraintDef def = check(&w, "there", "(\"id\" Is  Not NULL)", "id");
    def.not_valid = true;
    must_apply(&w, add_constraint(&w, "t", def));
    expect(&w, op, scan);
    Operation *validate = operation(&w, OP_VALIDATE_CONSTRAINT, "t");
    validate->as.constraint.name = name_of("there");
    expect(&w, validate,
           (Expected){"validate", 15, LOCK_SHARE_UPDATE_EXCLUSIVE, LOCK_NONE, true, false, false});
    must_apply(&w, validate);
    expect(&w, op, free);
    scan.major = 11;
    expect(&w, op, scan);
    op->as.drop_column.column = name_of("done");
    free.major = 11;
    expect(&w, op, free);
    world_end(&w);
}

static void types_are_rewritten_where_bytes_change(void **state)
{
    (void)state;
    static const struct {
        const char *column, *type;
        bool rewrites;
    } cases[] = {
        {"v", "text", false},    {"v", "varchar(30)", false}, {"v", "varchar(10)", true},
        {"i", "bigint", true},   {"d", "int", false},         {"i", "positive", true},
        {"i", "any_int", false},
    };
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    static const char *const domains[] = {"positive", "any_int"};
    for (size_t i = 0; i < COUNT(domains); i++) {
        Operation *domain = operation(&w, OP_CREATE_TYPE, domains[i]);
        domain->as.create_type.kind = TYPE_DEF_DOMAIN;
        domain->as.create_type.base = type_parse(&w.arena, DIALECT_POSTGRESQL, STR("int"));
        if (i == 0)
            VEC_PUSH(&w.arena, &domain->as.create_type.constraints,
                     check(&w, NULL, "VALUE > 0", NULL));
        must_apply(&w, domain);
    }
    must_apply(&w, create_table(&w, "t", "v varchar(20), i int, d positive"));
    for (size_t i = 0; i < COUNT(cases); i++) {
        Operation *op = operation(&w, OP_SET_COLUMN_TYPE, "t");
        op->as.set_type.column = name_of(cases[i].column);
        op->as.set_type.type = type_parse(&w.arena, DIALECT_POSTGRESQL, str_from(cases[i].type));
        expect(&w, op,
               (Expected){cases[i].type, 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, cases[i].rewrites,
                          cases[i].rewrites, false});
    }
    world_end(&w);
}

static void constraints_and_indexes_cost_what_they_read(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    must_apply(&w, create_table(&w, "r", "id int"));
    must_apply(&w, add_constraint(&w, "r", constraint(&w, CONSTRAINT_PRIMARY_KEY, NULL, "id")));
    must_apply(&w, create_table(&w, "t", "id int, r_id int"));
    ConstraintDef key = foreign_key(&w, "fk", "r_id", "r");
    expect(&w, add_constraint(&w, "t", key),
           (Expected){"fk", 15, LOCK_SHARE_ROW_EXCLUSIVE, LOCK_SHARE_ROW_EXCLUSIVE, true, false,
                      false});
    key.not_valid = true;
    expect(&w, add_constraint(&w, "t", key),
           (Expected){"fk not valid", 15, LOCK_SHARE_ROW_EXCLUSIVE, LOCK_SHARE_ROW_EXCLUSIVE, false,
                      false, false});
    must_apply(&w, add_constraint(&w, "t", key));
    Operation *validate = operation(&w, OP_VALIDATE_CONSTRAINT, "t");
    validate->as.constraint.name = name_of("fk");
    expect(&w, validate,
           (Expected){"validate fk", 15, LOCK_SHARE_UPDATE_EXCLUSIVE, LOCK_ROW_SHARE, true, false,
                      false});
    Operation *drop = operation(&w, OP_DROP_CONSTRAINT, "t");
    drop->as.constraint.name = name_of("fk");
    expect(&w, drop,
           (Expected){"drop fk", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_ACCESS_EXCLUSIVE, false, false,
                      false});
    expect(&w, add_constraint(&w, "t", constraint(&w, CONSTRAINT_UNIQUE, NULL, "id")),
           (Expected){"unique", 15, LOCK_ACCESS_EXCLUSIVE, LOCK_NONE, false, false, true});
    Operation *index = create_index(&w, "t", NULL, "id");
    expect(&w, index, (Expected){"index", 15, LOCK_SHARE, LOCK_NONE, false, false, true});
    index->as.create_index.concurrently = true;
    expect(
        &w, index,
        (Expected){"concurrently", 15, LOCK_SHARE_UPDATE_EXCLUSIVE, LOCK_NONE, false, false, true});
    Operation *attach = operation(&w, OP_ATTACH_PARTITION, "t");
    expect(
        &w, attach,
        (Expected){"attach", 11, LOCK_ACCESS_EXCLUSIVE, LOCK_ACCESS_EXCLUSIVE, true, false, false});
    expect(&w, attach,
           (Expected){"attach", 12, LOCK_SHARE_UPDATE_EXCLUSIVE, LOCK_ACCESS_EXCLUSIVE, true, false,
                      false});
    world_end(&w);
}

/* No kind of operation, target or dialect is unknown. */
static void everything_has_a_cost(void **state)
{
    (void)state;
    static const char *const targets[] = {"t", "nothing", ""};
    for (int dialect = 0; dialect < N_DIALECTS; dialect++) {
        World w;
        world_start(&w, (Dialect)dialect);
        must_apply(&w, create_table(&w, "t", "id int"));
        for (int kind = OP_UNKNOWN; kind <= OP_SAVEPOINT; kind++) {
            assert_true(operation_kind_name((OperationKind)kind).length > 0);
            for (size_t i = 0; i < COUNT(targets); i++) {
                const Operation *op = operation(&w, (OperationKind)kind, targets[i]);
                OperationCost cost = operation_cost(op, w.schema, (ServerVersion){.major = 0});
                assert_true(lock_name(cost.lock).length > 0);
            }
        }
        world_end(&w);
    }
}

static void transactions_open_and_close(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    assert_true(transaction_start(TRANSACTION_PER_FILE, 1).is_open);
    assert_false(transaction_start(TRANSACTION_PER_MULTI_FILE, 1).is_open);
    assert_true(transaction_start(TRANSACTION_PER_MULTI_FILE, 2).is_open);
    Transaction t = transaction_start(TRANSACTION_UNKNOWN, 9);
    assert_false(t.is_open);
    Operation *set = operation(&w, OP_SET, NULL);
    set->as.set.name = name_of("lock_timeout");
    set->as.set.value = STR("'5s'");
    set->as.set.is_local = true;
    transaction_advance(&t, operation(&w, OP_BEGIN, NULL), TRANSACTION_UNKNOWN);
    assert_true(t.is_open && t.is_explicit);
    transaction_advance(&t, set, TRANSACTION_UNKNOWN);
    assert_true(t.sets_lock_timeout);
    transaction_advance(&t, create_table(&w, "t", "id int"), TRANSACTION_UNKNOWN);
    assert_int_equal(t.n_operations, 1);
    transaction_advance(&t, operation(&w, OP_COMMIT, NULL), TRANSACTION_UNKNOWN);
    assert_false(t.is_open);
    assert_false(t.sets_lock_timeout);
    world_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_cost_what_their_defaults_cost),
        cmocka_unit_test(not_null_is_cheap_where_a_check_proves_it),
        cmocka_unit_test(types_are_rewritten_where_bytes_change),
        cmocka_unit_test(constraints_and_indexes_cost_what_they_read),
        cmocka_unit_test(everything_has_a_cost),
        cmocka_unit_test(transactions_open_and_close),
    };
    return cmocka_run_group_tests_name("lock", tests, NULL, NULL);
}
