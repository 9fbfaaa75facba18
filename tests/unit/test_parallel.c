#include "loop/parallel.h"
#include "unit/unit.h"

enum { MANY = 10000 };

static void count(void *context, uint32_t index)
{
    uint32_t *counts = context;
    counts[index]++;
}

static void each_index_is_worked_on_once(void **state)
{
    (void)state;
    static uint32_t counts[MANY];
    static const uint32_t sizes[] = {0, 1, 2, 3, 100, MANY};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        memset(counts, 0, sizeof counts);
        parallel_for(sizes[i], count, counts);
        for (uint32_t j = 0; j < MANY; j++)
            assert_int_equal(counts[j], j < sizes[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_index_is_worked_on_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
