/* Sizes measured on PostgreSQL 15 with a million rows: pg_relation_size and the fillfactor of 90.
 */
#include "model/row_size.h"
#include "unit/model_unit.h"

static void rows_take_what_postgresql_takes(void **state)
{
    (void)state;
    static const struct {
        const char *columns;
        uint32_t bytes, padding, saving;
    } cases[] = {
        {"a int not null", 36, 0, 0},
        {"order_id int not null, product_id int not null, quantity smallint not null, "
         "price double precision not null",
         52, 6, 0},
        {"a boolean not null, b bigint not null, c boolean not null, d bigint not null", 60, 14, 8},
        {"a uuid not null, b bigint not null", 52, 0, 0},
        {"a smallint not null, b int not null", 36, 2, 0},
        {"a timestamptz not null, b boolean not null", 44, 0, 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        World w;
        world_start(&w, DIALECT_POSTGRESQL);
        must_apply(&w, create_table(&w, "t", cases[i].columns));
        RowSize size = row_size(table_named(&w, "t"), DIALECT_POSTGRESQL);
        if (size.bytes != cases[i].bytes)
            print_error("%s\n", cases[i].columns);
        assert_int_equal(size.bytes, cases[i].bytes);
        assert_int_equal(size.padding, cases[i].padding);
        assert_int_equal(size.saving, cases[i].saving);
        assert_false(size.is_estimate);
        world_end(&w);
    }
}

static void a_text_is_as_long_as_its_default(void **state)
{
    (void)state;
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    Operation *op = create_table(&w, "orders",
                                 "id int not null, customer_id int not null, status text not null, "
                                 "total double precision not null, placed_at timestamptz not null");
    Expression *value = ARENA_NEW(&w.arena, Expression);
    *value = (Expression){.kind = EXPRESSION_STRING, .text = STR("'new'"), .constant = STR("new")};
    op->as.create_table.columns.items[2].default_value = value;
    must_apply(&w, op);
    const Table *orders = table_named(&w, "orders");
    RowSize size = row_size(orders, DIALECT_POSTGRESQL);
    assert_int_equal(size.bytes, 60);
    assert_int_equal(size.padding, 3);
    assert_int_equal(size.saving, 0);
    assert_true(size.is_estimate);
    assert_str(size.padded->name.text, "total");
    assert_int_equal(table_bytes(size, DIALECT_POSTGRESQL, 1000000), 60235776);
    world_end(&w);
}

static void index_entries_take_what_postgresql_takes(void **state)
{
    (void)state;
    static const struct {
        const char *columns;
        uint32_t bytes;
        uint64_t million;
    } cases[] = {
        {"a", 20, 22487040},    /* int */
        {"b", 20, 22487040},    /* bigint */
        {"a, b", 28, 0},        /* int, padding, bigint */
        {"a, c", 20, 22487040}, /* int, int */
        {"u", 28, 0},           /* uuid */
    };
    World w;
    world_start(&w, DIALECT_POSTGRESQL);
    must_apply(&w, create_table(&w, "t", "a int, b bigint, c int, u uuid"));
    for (size_t i = 0; i < COUNT(cases); i++) {
        must_apply(&w, create_index(&w, "t", NULL, cases[i].columns));
        const Index *index = table_named(&w, "t")->indexes.items[i];
        bool is_estimate;
        uint32_t bytes = index_entry_size(index, DIALECT_POSTGRESQL, &is_estimate);
        assert_int_equal(bytes, cases[i].bytes);
        assert_false(is_estimate);
        uint64_t million = index_bytes(bytes, DIALECT_POSTGRESQL, 1000000);
        if (cases[i].million > 0)
            assert_true(million > cases[i].million * 99 / 100 &&
                        million < cases[i].million * 101 / 100);
    }
    world_end(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_take_what_postgresql_takes),
        cmocka_unit_test(a_text_is_as_long_as_its_default),
        cmocka_unit_test(index_entries_take_what_postgresql_takes),
    };
    return cmocka_run_group_tests_name("row_size", tests, NULL, NULL);
}
