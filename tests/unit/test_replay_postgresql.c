/* Replay as PostgreSQL does it: names, cascades, inheritance. Names and refusals were compared with
 * PostgreSQL 15. */
#include "unit/model_unit.h"

static void a_table_has_what_it_declares(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    Operation *op = create_table(&w, "orders", "id serial, customer_id int not null, note text");
    VEC_PUSH(&w.arena, &op->as.create_table.constraints,
             constraint(&w, CONSTRAINT_PRIMARY_KEY, NULL, "id"));
    must_apply(&w, op);
    const Table *t = table_named(&w, "orders");
    assert_non_null(t);
    assert_str(t->schema, "public");
    assert_str(column_names(&w, t), "id, customer_id, note");
    const Column *id = table_column(t, STR("id"));
    assert_false(id->is_nullable);
    assert_true(id->is_serial);
    assert_non_null(id->sequence);
    assert_str(id->sequence->name.text, "orders_id_seq");
    assert_str(id->type.canonical, "integer");
    assert_false(table_column(t, STR("customer_id"))->is_nullable);
    assert_true(table_column(t, STR("note"))->is_nullable);
    assert_str(t->primary_key->name.text, "orders_pkey");
    assert_ptr_equal(t->primary_key->index->constraint, t->primary_key);
    assert_true(t->origin == op);
    must_refuse(&w, create_table(&w, "orders", "id int"), REPLAY_EXISTS);
    Operation *again = create_table(&w, "orders", "x int");
    again->if_not_exists = true;
    must_apply(&w, again);
    assert_null(table_column(t, STR("x")));
    world_end(&w);
}

static void unnamed_things_get_the_servers_names(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    must_apply(&w, create_table(&w, "r", "id int"));
    must_apply(&w, add_constraint(&w, "r", constraint(&w, CONSTRAINT_PRIMARY_KEY, NULL, "id")));
    must_apply(&w, create_table(&w, "t", "a int, b int, c text, r_id int"));
    const Table *t = table_named(&w, "t");
    static const struct {
        ConstraintKind kind;
        const char *columns, *expected;
    } keys[] = {
        {CONSTRAINT_UNIQUE, "a", "t_a_key"},
        {CONSTRAINT_UNIQUE, "a", "t_a_key1"},
        {CONSTRAINT_UNIQUE, "a, b", "t_a_b_key"},
        {CONSTRAINT_PRIMARY_KEY, "b", "t_pkey"},
    };
    for (size_t i = 0; i < COUNT(keys); i++) {
        must_apply(&w,
                   add_constraint(&w, "t", constraint(&w, keys[i].kind, NULL, keys[i].columns)));
        assert_non_null(table_key(t, str_from(keys[i].expected)));
    }
    must_apply(&w, add_constraint(&w, "t", foreign_key(&w, NULL, "r_id", "r")));
    must_apply(&w, add_constraint(&w, "t", foreign_key(&w, NULL, "r_id", "r")));
    assert_non_null(table_foreign_key(t, STR("t_r_id_fkey")));
    assert_non_null(table_foreign_key(t, STR("t_r_id_fkey1")));
    must_apply(&w, add_constraint(&w, "t", check(&w, NULL, "a > 0", "a")));
    must_apply(&w, add_constraint(&w, "t", check(&w, NULL, "a < 9", "a")));
    must_apply(&w, add_constraint(&w, "t", check(&w, NULL, "true", NULL)));
    assert_non_null(table_check(t, STR("t_a_check")));
    assert_non_null(table_check(t, STR("t_a_check1")));
    assert_non_null(table_check(t, STR("t_check")));
    must_apply(&w, create_index(&w, "t", NULL, "a, c"));
    must_apply(&w, create_index(&w, "t", NULL, "a, c"));
    assert_non_null(index_named(t, "t_a_c_idx"));
    assert_non_null(index_named(t, "t_a_c_idx1"));
    Operation *op = create_index(&w, "t", NULL, "");
    IndexPart part = {.expression = expression_on(&w, "lower(c)", "c")};
    VEC_PUSH(&w.arena, &op->as.create_index.parts, part);
    IndexPart sum = {.expression = expression_on(&w, "(a + b)", "a")};
    VEC_PUSH(&w.arena, &op->as.create_index.parts, sum);
    must_apply(&w, op);
    assert_non_null(index_named(t, "t_lower_expr_idx"));
    world_end(&w);
}

static void long_names_are_cut_to_63_bytes(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    const char *table = "a_table_with_a_name_that_is_nearly_as_long_as_a_name_can_be_here";
    Str name = str_slice(str_from(table), 0, 63);
    Operation *op = create_table(&w, NULL, "a_column_with_a_long_name_too int, b int");
    op->target.name.text = name;
    must_apply(&w, op);
    Operation *index = create_index(&w, NULL, NULL, "a_column_with_a_long_name_too, b");
    index->target.name.text = name;
    must_apply(&w, index);
    const Table *t = schema_table(w.schema, (Str){0}, name);
    assert_str(t->indexes.items[0]->name.text,
               "a_table_with_a_name_that_is_n_a_column_with_a_long_name_too_idx");
    world_end(&w);
}

static void a_unique_like_the_primary_key_is_one_index(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    Operation *op = create_table(&w, "t", "id int");
    ConstraintDefVec *own = &op->as.create_table.columns.items[0].constraints;
    VEC_PUSH(&w.arena, own, constraint(&w, CONSTRAINT_UNIQUE, NULL, NULL));
    VEC_PUSH(&w.arena, own, constraint(&w, CONSTRAINT_PRIMARY_KEY, NULL, NULL));
    must_apply(&w, op);
    assert_int_equal(table_named(&w, "t")->indexes.n, 1);
    assert_str(table_named(&w, "t")->indexes.items[0]->name.text, "t_pkey");
    world_end(&w);
}

/* customers <- orders, a view over orders */
static void shop(World *w)
{
    world_start(w, DIALECT_POSTGRESQL);
    Operation *customers = create_table(w, "customers", "id int, email text");
    VEC_PUSH(&w->arena, &customers->as.create_table.constraints,
             constraint(w, CONSTRAINT_PRIMARY_KEY, NULL, "id"));
    must_apply(w, customers);
    Operation *orders = create_table(w, "orders", "id int, customer_id int, total numeric(10,2)");
    VEC_PUSH(&w->arena, &orders->as.create_table.constraints,
             foreign_key(w, NULL, "customer_id", "customers"));
    VEC_PUSH(&w->arena, &orders->as.create_table.constraints,
             check(w, NULL, "total >= 0", "total"));
    must_apply(w, orders);
    must_apply(w, create_index(w, "orders", "orders_customer", "customer_id"));
    Query *query = ARENA_NEW(&w->arena, Query);
    TableUse use = {.table = qualified(w, "orders"), .alias = name_of("o")};
    VEC_PUSH(&w->arena, &query->tables, use);
    Expression *total = ARENA_NEW(&w->arena, Expression);
    total->kind = EXPRESSION_COLUMN;
    total->text = STR("o.total");
    ColumnReference reference = {.qualifier = name_of("o"), .column = name_of("total")};
    VEC_PUSH(&w->arena, &total->columns, reference);
    OutputColumn output = {.name = name_of("amount"), .expression = total};
    VEC_PUSH(&w->arena, &query->outputs, output);
    Operation *view = operation(w, OP_CREATE_VIEW, "totals");
    view->as.create_view.query = query;
    view->as.create_view.text = STR("SELECT o.total AS amount FROM orders o");
    must_apply(w, view);
}

static void a_view_has_typed_columns(void **state)
{
    (void)state;
    World w;
    shop(&w);
    const Table *view = table_named(&w, "totals");
    assert_int_equal(view->kind, TABLE_VIEW);
    assert_str(column_names(&w, view), "amount");
    assert_str(view->columns.items[0]->type.canonical, "numeric(10,2)");
    assert_true(view->columns.items[0]->is_type_exact);
    assert_ptr_equal(view->depends_on.items[0], table_named(&w, "orders"));
    world_end(&w);
}

static void what_is_depended_on_is_not_dropped(void **state)
{
    (void)state;
    World w;
    shop(&w);
    must_refuse(&w, operation(&w, OP_DROP_TABLE, "customers"), REPLAY_DEPENDENTS);
    must_refuse(&w, operation(&w, OP_DROP_TABLE, "orders"), REPLAY_DEPENDENTS);
    must_refuse(&w, drop_column(&w, "orders", "total"), REPLAY_DEPENDENTS);
    must_refuse(&w, drop_column(&w, "customers", "id"), REPLAY_DEPENDENTS);
    assert_non_null(table_named(&w, "customers"));
    Operation *op = operation(&w, OP_DROP_TABLE, "customers");
    DependentVec dependents = operation_dependents(&w.arena, w.schema, op);
    assert_int_equal(dependents.n, 1);
    assert_str(dependents.items[0].what, "foreign key orders_customer_id_fkey on orders");
    op->cascade = true;
    must_apply(&w, op);
    const Table *orders = table_named(&w, "orders");
    assert_null(table_named(&w, "customers"));
    assert_int_equal(orders->foreign_keys.n, 0);
    world_end(&w);
}

static void two_tables_of_one_drop_may_hold_on_to_each_other(void **state)
{
    (void)state;
    World w;
    shop(&w);
    must_apply(&w, operation(&w, OP_DROP_VIEW, "totals"));
    const char *names[] = {"customers", "orders"};
    QualifiedNameVec targets = {0};
    for (size_t i = 0; i < COUNT(names); i++)
        VEC_PUSH(&w.arena, &targets, qualified(&w, names[i]));
    for (size_t i = 0; i < COUNT(names); i++) {
        Operation *op = operation(&w, OP_DROP_TABLE, names[i]);
        op->targets = targets;
        must_apply(&w, op);
    }
    assert_int_equal(w.schema->tables.n, 0);
    world_end(&w);
}

static void a_column_takes_its_indexes_and_constraints(void **state)
{
    (void)state;
    World w;
    shop(&w);
    must_apply(&w, drop_column(&w, "orders", "customer_id"));
    const Table *orders = table_named(&w, "orders");
    assert_int_equal(orders->indexes.n, 0);
    assert_int_equal(orders->foreign_keys.n, 0);
    assert_int_equal(table_named(&w, "customers")->referenced_by.n, 0);
    Operation *op = drop_column(&w, "orders", "total");
    op->cascade = true;
    must_apply(&w, op);
    assert_int_equal(orders->checks.n, 0);
    assert_null(table_named(&w, "totals"));
    world_end(&w);
}

static void a_renamed_column_is_renamed_everywhere(void **state)
{
    (void)state;
    World w;
    shop(&w);
    must_apply(&w, rename_to(&w, OP_RENAME_COLUMN, "orders", "total", "amount_due"));
    const Table *orders = table_named(&w, "orders");
    assert_str(orders->checks.items[0]->expression->text, "amount_due >= 0");
    assert_str(table_named(&w, "totals")->view->text,
               "SELECT o.amount_due AS amount FROM orders o");
    must_apply(&w, rename_to(&w, OP_RENAME_COLUMN, "orders", "customer_id", "buyer_id"));
    assert_str(orders->indexes.items[0]->parts.items[0].column->name.text, "buyer_id");
    assert_str(orders->foreign_keys.items[0]->columns.items[0]->name.text, "buyer_id");
    must_refuse(&w, rename_to(&w, OP_RENAME_COLUMN, "orders", "buyer_id", "id"), REPLAY_EXISTS);
    must_refuse(&w, rename_to(&w, OP_RENAME_COLUMN, "orders", "gone", "x"), REPLAY_MISSING_COLUMN);
    must_apply(&w, rename_to(&w, OP_RENAME_TABLE, "orders", NULL, "purchases"));
    assert_ptr_equal(table_named(&w, "purchases"), orders);
    assert_null(table_named(&w, "orders"));
    world_end(&w);
}

static void a_constraint_and_its_index_have_one_name(void **state)
{
    (void)state;
    World w;
    shop(&w);
    must_apply(&w, rename_to(&w, OP_RENAME_CONSTRAINT, "customers", "customers_pkey", "pk"));
    const Table *t = table_named(&w, "customers");
    assert_str(t->primary_key->name.text, "pk");
    assert_str(t->primary_key->index->name.text, "pk");
    must_apply(&w, rename_to(&w, OP_RENAME_INDEX, "pk", NULL, "pk2"));
    assert_str(t->primary_key->name.text, "pk2");
    must_refuse(&w, operation(&w, OP_DROP_INDEX, "pk2"), REPLAY_DEPENDENTS);
    Operation *op = operation(&w, OP_CREATE_INDEX, "customers");
    op->as.create_index.name = name_of("u");
    op->as.create_index.unique = true;
    add_parts(&w, &op->as.create_index.parts, "email");
    must_apply(&w, op);
    ConstraintDef key = constraint(&w, CONSTRAINT_UNIQUE, "email_key", NULL);
    key.using_index = name_of("u");
    must_apply(&w, add_constraint(&w, "customers", key));
    assert_null(index_named(t, "u"));
    const Index *index = index_named(t, "email_key");
    assert_ptr_equal(index ? index->constraint : NULL, t->uniques.items[0]);
    world_end(&w);
}

static void a_partition_gets_what_its_table_has(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    Operation *parent = create_table(&w, "m", "id int, day date");
    parent->as.create_table.partition_by.strategy = STR("range");
    VEC_PUSH(&w.arena, &parent->as.create_table.constraints,
             constraint(&w, CONSTRAINT_PRIMARY_KEY, NULL, "id, day"));
    must_apply(&w, parent);
    must_apply(&w, create_index(&w, "m", NULL, "day"));
    Operation *part = create_table(&w, "m_y1", "");
    part->as.create_table.partition_of = qualified(&w, "m");
    part->as.create_table.partition_bound = STR("DEFAULT");
    must_apply(&w, part);
    Operation *second = create_table(&w, "m_y2", "");
    second->as.create_table.partition_of = qualified(&w, "m");
    must_apply(&w, second);
    assert_int_equal(table_named(&w, "m_y1")->indexes.n, 2);
    assert_int_equal(table_named(&w, "m_y2")->indexes.n, 2);
    const Table *m = table_named(&w, "m"), *y1 = table_named(&w, "m_y1");
    assert_str(column_names(&w, y1), "id, day");
    assert_str(y1->primary_key->name.text, "m_y1_pkey");
    const Index *inherited = index_named(y1, "m_y1_day_idx"), *day = index_named(m, "m_day_idx");
    assert_non_null(day);
    assert_ptr_equal(inherited ? inherited->inherited_from : NULL, day);
    must_apply(&w, add_column(&w, "m", "note text"));
    assert_str(column_names(&w, y1), "id, day, note");
    must_apply(&w, rename_to(&w, OP_RENAME_COLUMN, "m", "note", "remark"));
    assert_str(column_names(&w, y1), "id, day, remark");
    must_apply(&w, drop_column(&w, "m", "remark"));
    assert_str(column_names(&w, y1), "id, day");
    must_apply(&w, operation(&w, OP_DROP_INDEX, "m_day_idx"));
    assert_null(index_named(y1, "m_y1_day_idx"));
    must_apply(&w, operation(&w, OP_DROP_TABLE, "m"));
    assert_null(table_named(&w, "m_y1"));
    world_end(&w);
}

static void heirs_cannot_close_a_circle(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    must_apply(&w, create_table(&w, "a", "id int"));
    Operation *b = create_table(&w, "b", "");
    VEC_PUSH(&w.arena, &b->as.create_table.inherits, qualified(&w, "a"));
    must_apply(&w, b);
    Operation *op = operation(&w, OP_SET_INHERIT, "a");
    op->as.inherit.parent = qualified(&w, "b");
    op->as.inherit.add = true;
    apply(&w, op);
    op = operation(&w, OP_ATTACH_PARTITION, "a");
    op->as.partition.partition = qualified(&w, "a");
    must_refuse(&w, op, REPLAY_EXISTS);
    must_apply(&w, add_column(&w, "a", "note text"));
    assert_str(column_names(&w, table_named(&w, "b")), "id, note");
    must_refuse(&w, operation(&w, OP_DROP_TABLE, "a"), REPLAY_DEPENDENTS);
    Operation *drop = operation(&w, OP_DROP_TABLE, "a");
    drop->cascade = true;
    must_apply(&w, drop);
    assert_int_equal(w.schema->tables.n, 0);
    world_end(&w);
}

static void an_enum_keeps_the_order_of_its_labels(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    Operation *op = operation(&w, OP_CREATE_TYPE, "mood");
    const char *labels[] = {"sad", "happy"};
    for (size_t i = 0; i < COUNT(labels); i++)
        VEC_PUSH(&w.arena, &op->as.create_type.labels, name_of(labels[i]));
    must_apply(&w, op);
    must_apply(&w, create_table(&w, "t", "m mood, ms mood[]"));
    const Table *t = table_named(&w, "t");
    assert_int_equal(t->columns.items[0]->type.family, TYPE_ENUM);
    assert_str(t->columns.items[1]->type.canonical, "mood[]");
    op = operation(&w, OP_ADD_ENUM_VALUE, "mood");
    op->as.add_enum_value.label = name_of("so-so");
    op->as.add_enum_value.neighbour = name_of("happy");
    op->as.add_enum_value.is_before = true;
    must_apply(&w, op);
    must_refuse(&w, op, REPLAY_EXISTS);
    const Type *mood = schema_find_type(w.schema, (Str){0}, STR("mood"));
    assert_int_equal(mood->labels.n, 3);
    assert_str(mood->labels.items[1].text, "so-so");
    must_apply(&w, rename_to(&w, OP_RENAME_TYPE, "mood", NULL, "Mood"));
    assert_str(t->columns.items[0]->type.canonical, "\"Mood\"");
    must_refuse(&w, operation(&w, OP_DROP_TYPE, "Mood"), REPLAY_DEPENDENTS);
    world_end(&w);
}

static void a_missing_target_is_found_when_it_arrives(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    Operation *op = create_table(&w, "b", "a_id int");
    VEC_PUSH(&w.arena, &op->as.create_table.constraints, foreign_key(&w, NULL, "a_id", "a"));
    must_refuse(&w, op, REPLAY_MISSING_TABLE);
    const Table *b = table_named(&w, "b");
    assert_non_null(b);
    assert_null(b->foreign_keys.items[0]->target);
    Operation *a = create_table(&w, "a", "id int");
    VEC_PUSH(&w.arena, &a->as.create_table.constraints,
             constraint(&w, CONSTRAINT_PRIMARY_KEY, NULL, "id"));
    must_apply(&w, a);
    assert_ptr_equal(b->foreign_keys.items[0]->target, table_named(&w, "a"));
    assert_int_equal(b->foreign_keys.items[0]->target_columns.n, 1);
    assert_int_equal(table_named(&w, "a")->referenced_by.n, 1);
    world_end(&w);
}

static Operation *search_path(World *w, const char *first, bool is_local)
{
    Operation *op = operation(w, OP_SET, NULL);
    op->as.set.name = name_of("search_path");
    op->as.set.is_local = is_local;
    VEC_PUSH(&w->arena, &op->as.set.items, str_from(first));
    return op;
}

static void the_search_path_says_where_names_are(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    must_apply(&w, operation(&w, OP_CREATE_SCHEMA, "app"));
    must_apply(&w, search_path(&w, "app", true));
    must_apply(&w, create_table(&w, "t", "id int"));
    assert_str(table_named(&w, "t")->schema, "app");
    must_apply(&w, operation(&w, OP_COMMIT, NULL));
    assert_null(table_named(&w, "t"));
    assert_non_null(schema_table(w.schema, STR("app"), STR("t")));
    must_apply(&w, rename_to(&w, OP_RENAME_SCHEMA, "app", NULL, "shop"));
    assert_non_null(schema_table(w.schema, STR("shop"), STR("t")));
    Operation *drop = operation(&w, OP_DROP_SCHEMA, "shop");
    must_refuse(&w, drop, REPLAY_DEPENDENTS);
    drop->cascade = true;
    must_apply(&w, drop);
    assert_int_equal(w.schema->tables.n, 0);
    world_end(&w);
}

static void what_is_rolled_back_is_marked(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    Operation *set = operation(&w, OP_SAVEPOINT, "s");
    Operation *back = operation(&w, OP_SAVEPOINT, "s");
    back->as.savepoint.action = SAVEPOINT_ROLLBACK;
    const Operation *ops[] = {
        create_table(&w, "a", "id int"),  operation(&w, OP_BEGIN, NULL),
        create_table(&w, "b", "id int"),  set,
        create_table(&w, "c", "id int"),  back,
        create_table(&w, "d", "id int"),  operation(&w, OP_COMMIT, NULL),
        operation(&w, OP_BEGIN, NULL),    create_table(&w, "e", "id int"),
        operation(&w, OP_ROLLBACK, NULL), create_table(&w, "f", "id int"),
        operation(&w, OP_ROLLBACK, NULL),
    };
    static const bool expected[COUNT(ops)] = {[4] = true, [9] = true};
    bool undone[COUNT(ops)];
    replay_mark_undone(ops, COUNT(ops), &w.arena, undone);
    for (size_t i = 0; i < COUNT(ops); i++) {
        if (undone[i] != expected[i])
            print_error("operation %zu\n", i);
        assert_int_equal(undone[i], expected[i]);
    }
    world_end(&w);
}

/* Every kind of operation, with names that are there and not, must leave the schema whole. */
static void nonsense_is_survived(void **state)
{
    (void)state;
    World w;
    static const char *const names[] = {"customers", "orders", "totals", "nothing", ""};
    for (int kind = OP_UNKNOWN; kind <= OP_SAVEPOINT; kind++) {
        for (size_t i = 0; i < COUNT(names); i++) {
            for (int cascade = 0; cascade < 2; cascade++) {
                shop(&w);
                Operation *op = operation(&w, (OperationKind)kind, names[i]);
                op->cascade = cascade != 0;
                apply(&w, op);
                apply(&w, op);
                operation_dependents(&w.arena, w.schema, op);
                must_apply(&w, create_table(&w, "later", "id int"));
                world_end(&w);
            }
        }
    }
}

static void many_operations_take_little_time(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    /* Unnamed checks, wide tables and missing targets are where a naive fold is quadratic. */
    must_apply(&w, create_table(&w, "t", "id int"));
    for (uint32_t i = 0; i < 20000; i++) {
        Operation *op = operation(&w, OP_ADD_COLUMN, "t");
        op->as.add_column =
            (ColumnDef){.name = {.text = str_format(&w.arena, "c%u", i)},
                        .type = type_parse(&w.arena, DIALECT_POSTGRESQL, STR("int"))};
        must_apply(&w, op);
        apply(&w, add_constraint(&w, "t", check(&w, NULL, "true", NULL)));
    }
    assert_int_equal(table_named(&w, "t")->columns.n, 20001);
    world_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_has_what_it_declares),
        cmocka_unit_test(unnamed_things_get_the_servers_names),
        cmocka_unit_test(long_names_are_cut_to_63_bytes),
        cmocka_unit_test(a_unique_like_the_primary_key_is_one_index),
        cmocka_unit_test(a_view_has_typed_columns),
        cmocka_unit_test(what_is_depended_on_is_not_dropped),
        cmocka_unit_test(two_tables_of_one_drop_may_hold_on_to_each_other),
        cmocka_unit_test(a_column_takes_its_indexes_and_constraints),
        cmocka_unit_test(a_renamed_column_is_renamed_everywhere),
        cmocka_unit_test(a_constraint_and_its_index_have_one_name),
        cmocka_unit_test(a_partition_gets_what_its_table_has),
        cmocka_unit_test(heirs_cannot_close_a_circle),
        cmocka_unit_test(an_enum_keeps_the_order_of_its_labels),
        cmocka_unit_test(a_missing_target_is_found_when_it_arrives),
        cmocka_unit_test(the_search_path_says_where_names_are),
        cmocka_unit_test(what_is_rolled_back_is_marked),
        cmocka_unit_test(nonsense_is_survived),
        cmocka_unit_test(many_operations_take_little_time),
    };
    return cmocka_run_group_tests_name("replay_postgresql", tests, NULL, NULL);
}
