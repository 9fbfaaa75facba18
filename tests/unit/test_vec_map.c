/* Vec and StrMap: the map is compared with the plainest thing that could work, a list that is
 * searched from the start, over a long run of random operations. */
#include "base/map.h"
#include "base/vec.h"
#include "unit/unit.h"

typedef Vec(int) IntVec;

static void vec_keeps_what_was_pushed(void **state)
{
    (void)state;
    Arena arena = {0};
    IntVec numbers = {0};
    for (int i = 0; i < 1000; i++) {
        VEC_PUSH(&arena, &numbers, i);
        if (i % 3 == 0)
            (void)arena_alloc(&arena, 8); /* so that growing cannot always be in place */
    }
    assert_int_equal(numbers.n, 1000);
    for (int i = 0; i < 1000; i++)
        assert_int_equal(numbers.items[i], i);
    assert_int_equal(*VEC_LAST(&numbers), 999);
    assert_int_equal(*VEC_EXTEND(&arena, &numbers), 0);
    arena_release(&arena);
}

static void vec_remove_keeps_the_order(void **state)
{
    (void)state;
    Arena arena = {0};
    IntVec numbers = {0};
    for (int i = 0; i < 5; i++)
        VEC_PUSH(&arena, &numbers, i);
    VEC_REMOVE(&numbers, 4);
    VEC_REMOVE(&numbers, 0);
    VEC_REMOVE(&numbers, 1);
    assert_int_equal(numbers.n, 2);
    assert_int_equal(numbers.items[0], 1);
    assert_int_equal(numbers.items[1], 3);
    assert_int_equal(*VEC_EXTEND(&arena, &numbers), 0); /* what was removed does not come back */
    arena_release(&arena);
}

enum { N_KEYS = 300 };

typedef struct {
    Str keys[N_KEYS]; /* in order of insertion */
    void *values[N_KEYS];
    uint32_t n;
} PlainMap;

static uint32_t plain_find(const PlainMap *plain, Str key)
{
    for (uint32_t i = 0; i < plain->n; i++) {
        if (str_equal(plain->keys[i], key))
            return i;
    }
    return UINT32_MAX;
}

static void plain_set(PlainMap *plain, Str key, void *value)
{
    uint32_t at = plain_find(plain, key);
    if (at == UINT32_MAX)
        at = plain->n++;
    plain->keys[at] = key;
    plain->values[at] = value;
}

static void *plain_remove(PlainMap *plain, Str key)
{
    uint32_t at = plain_find(plain, key);
    if (at == UINT32_MAX)
        return NULL;
    void *value = plain->values[at];
    plain->n--;
    for (uint32_t i = at; i < plain->n; i++) {
        plain->keys[i] = plain->keys[i + 1];
        plain->values[i] = plain->values[i + 1];
    }
    return value;
}

static void assert_same(const StrMap *map, const PlainMap *plain)
{
    assert_int_equal(map->n, plain->n);
    uint32_t i = 0;
    for (MapEntry *entry = map_next(map, NULL); entry; entry = map_next(map, entry), i++) {
        assert_true(i < plain->n);
        assert_true(str_equal(entry->key, plain->keys[i]));
        assert_ptr_equal(entry->value, plain->values[i]);
    }
    assert_int_equal(i, plain->n);
}

static void map_equals_a_plain_list(void **state)
{
    (void)state;
    Arena arena = {0};
    StrMap map = {0};
    PlainMap plain = {0};
    static int values[N_KEYS * 2];
    uint32_t random = 12345;
    assert_null(map_get(&map, STR("none")));
    assert_null(map_remove(&map, STR("none")));
    for (int step = 0; step < 20000; step++) {
        random = random * 1664525u + 1013904223u;
        /* Mostly removing at times, mostly adding at others. */
        bool is_adding = (random >> 28) < ((step / 2000) % 2 ? 4u : 12u);
        Str key = str_format(&arena, "key%u", (random >> 8) % N_KEYS);
        void *value = &values[(random >> 16) % COUNT(values)];
        if (is_adding) {
            map_set(&arena, &map, key, value);
            plain_set(&plain, key, value);
        } else {
            assert_ptr_equal(map_remove(&map, key), plain_remove(&plain, key));
        }
        uint32_t at = plain_find(&plain, key);
        assert_ptr_equal(map_get(&map, key), at == UINT32_MAX ? NULL : plain.values[at]);
        if (step % 97 == 0)
            assert_same(&map, &plain);
    }
    assert_same(&map, &plain);
    arena_release(&arena);
}

static void map_takes_any_bytes_as_key(void **state)
{
    (void)state;
    Arena arena = {0};
    StrMap map = {0};
    static int a, b, c;
    map_set(&arena, &map, STR(""), &a);
    map_set(&arena, &map, STR("x\0y"), &b);
    map_set(&arena, &map, STR("x\0z"), &c);
    assert_ptr_equal(map_get(&map, (Str){0}), &a);
    assert_ptr_equal(map_get(&map, STR("x\0y")), &b);
    assert_ptr_equal(map_get(&map, STR("x\0z")), &c);
    assert_null(map_get(&map, STR("x")));
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vec_keeps_what_was_pushed),
        cmocka_unit_test(vec_remove_keeps_the_order),
        cmocka_unit_test(map_equals_a_plain_list),
        cmocka_unit_test(map_takes_any_bytes_as_key),
    };
    return cmocka_run_group_tests_name("vec and map", tests, NULL, NULL);
}
