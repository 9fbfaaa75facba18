#include <string.h>

#include "base/arena.h"
#include "unit/unit.h"

static bool is_zero(const void *data, size_t n)
{
    const unsigned char *bytes = data;
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] != 0)
            return false;
    }
    return true;
}

static void objects_are_zero_aligned_and_apart(void **state)
{
    (void)state;
    Arena arena = {0};
    unsigned char *previous = NULL;
    size_t previous_size = 0;
    /* Sizes around the alignment, the first chunk, and larger than any chunk. */
    const size_t sizes[] = {0, 1, 15, 16, 17, 4000, 4096, 4097, 70000, 3u << 20, 1};
    for (size_t i = 0; i < COUNT(sizes); i++) {
        unsigned char *object = arena_alloc(&arena, sizes[i]);
        assert_non_null(object);
        assert_int_equal((uintptr_t)object % _Alignof(max_align_t), 0);
        assert_true(is_zero(object, sizes[i]));
        memset(object, 0xAB, sizes[i]);
        if (previous_size > 0)
            assert_int_equal(previous[previous_size - 1], 0xAB);
        previous = object;
        previous_size = sizes[i];
    }
    assert_true(arena.total >= (3u << 20));
    arena_release(&arena);
    assert_null(arena.newest);
    assert_int_equal(arena.total, 0);
}

static void growing_keeps_the_old_bytes_and_clears_the_new(void **state)
{
    (void)state;
    Arena arena = {0};
    for (int is_newest = 0; is_newest < 2; is_newest++) {
        unsigned char *block = arena_alloc(&arena, 10);
        memset(block, 7, 10);
        if (!is_newest)
            memset(arena_alloc(&arena, 32), 9, 32);
        unsigned char *larger = arena_grow(&arena, block, 10, 100);
        assert_int_equal(is_newest, larger == block);
        for (int i = 0; i < 10; i++)
            assert_int_equal(larger[i], 7);
        assert_true(is_zero(larger + 10, 90));
    }
    assert_true(is_zero(arena_grow(&arena, NULL, 0, 50), 50));
    arena_release(&arena);
}

static void growing_over_the_end_of_a_chunk_moves(void **state)
{
    (void)state;
    Arena arena = arena_with_capacity(64);
    char *block = arena_alloc(&arena, 60);
    memset(block, 'x', 60);
    char *moved = arena_grow(&arena, block, 60, 6000);
    assert_ptr_not_equal(moved, block);
    assert_int_equal(moved[59], 'x');
    assert_int_equal(moved[60], 0);
    arena_release(&arena);
}

static void reset_reuses_memory_that_reads_as_zero(void **state)
{
    (void)state;
    Arena arena = {0};
    for (int i = 0; i < 100; i++)
        memset(arena_alloc(&arena, 1000), 0xFF, 1000);
    arena_reset(&arena);
    size_t total = arena.total;
    assert_true(is_zero(arena_alloc(&arena, 1000), 1000));
    assert_int_equal(arena.total, total);
    arena_release(&arena);
    arena_release(&arena);
    arena_reset(&arena);
}

typedef struct {
    Arena arena;
    int number;
    char *text;
} Owner;

static void an_owner_lives_in_its_own_arena(void **state)
{
    (void)state;
    Owner *owner = ARENA_OWNER_NEW(Owner);
    assert_int_equal(owner->number, 0);
    for (int i = 0; i < 100; i++) {
        owner->text = arena_alloc(&owner->arena, 1000);
        memset(owner->text, 'x', 1000);
    }
    assert_int_equal(owner->number, 0);
    arena_owner_free(&owner->arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_zero_aligned_and_apart),
        cmocka_unit_test(growing_keeps_the_old_bytes_and_clears_the_new),
        cmocka_unit_test(growing_over_the_end_of_a_chunk_moves),
        cmocka_unit_test(reset_reuses_memory_that_reads_as_zero),
        cmocka_unit_test(an_owner_lives_in_its_own_arena),
    };
    return cmocka_run_group_tests_name("arena", tests, NULL, NULL);
}
