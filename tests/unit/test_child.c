/* Another program: what goes in and comes out, and that it is over when it should be. */
#include "loop/child.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/types.h>

#include "base/buf.h"
#include "loop/loop.h"
#include "unit/unit.h"

static Child *start(const char *script)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    Error err = {0};
    Child *child = child_start(arguments, NULL, &err);
    assert_non_null(child);
    return child;
}

static const ChildWait patient = {.timeout_ms = 20000};

/* Everything it says, until it ends. */
static Str read_all(Arena *out, Child *child)
{
    Buf said = buf_with_max(1 << 24);
    Str bytes;
    while (child_read(child, patient, &bytes) == CHILD_SAID)
        buf_add(&said, bytes);
    Str copy = str_copy(out, buf_str(&said));
    buf_free(&said);
    return copy;
}

static void says_and_ends(void **state)
{
    (void)state;
    Arena arena = {0};
    Error err = {0};
    Child *child = start("read x; echo got $x; echo oops >&2; exit 7");
    assert_true(child_write(child, STR("word\n"), patient, &err));
    assert_str(read_all(&arena, child), "got word\n");
    assert_int_equal(child_end(child, 5000), 7);
    arena_release(&arena);
}

static void complaints_are_kept(void **state)
{
    (void)state;
    Arena arena = {0};
    Child *child = start("i=0; while [ $i -lt 3000 ]; do echo line $i >&2; i=$((i+1)); done");
    assert_str(read_all(&arena, child), "");
    Str bytes;
    assert_int_equal(child_read(child, patient, &bytes), CHILD_ENDED);
    assert_true(child_complaints(child).length <= CHILD_MAX_COMPLAINT_BYTES);
    /* Its output ended with its life; the complaints came before. */
    assert_int_equal(child_end(child, 5000), 0);
    arena_release(&arena);
}

/* More than the pipes hold, in both directions at once. */
static void neither_waits_for_the_other(void **state)
{
    (void)state;
    Arena arena = {0};
    Error err = {0};
    enum { SIZE = 1 << 20 };
    char *bytes = arena_alloc_raw(&arena, SIZE);
    memset(bytes, 'x', SIZE);
    Child *child = start("cat");
    assert_true(child_write(child, str_of(bytes, SIZE), patient, &err));
    child_close_input(child);
    assert_int_equal(read_all(&arena, child).length, SIZE);
    assert_int_equal(child_end(child, 5000), 0);
    arena_release(&arena);
}

static void a_program_that_is_not_there(void **state)
{
    (void)state;
    const char *const arguments[] = {"lintel-no-such-program", NULL};
    Error err = {0};
    Child *child = child_start(arguments, NULL, &err);
    if (child) { /* where posix_spawn cannot tell (valgrind's), it ends like a shell that cannot */
        assert_int_equal(child_end(child, 5000), 127);
        return;
    }
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_true(str_contains(str_from(err.text), STR("lintel-no-such-program")));
}

static void its_environment(void **state)
{
    (void)state;
    Arena arena = {0};
    Error err = {0};
    setenv("LINTEL_TEST_SECRET", "secret", 1);
    const char *const arguments[] = {"/bin/sh", "-c", "echo \"$A[$LINTEL_TEST_SECRET]\"", NULL};
    const char *const environment[] = {"A=b", NULL};
    Child *child = child_start(arguments, environment, &err);
    assert_non_null(child);
    assert_str(read_all(&arena, child), "b[]\n");
    assert_int_equal(child_end(child, 5000), 0);
    arena_release(&arena);
}

static void silence_and_cancelling(void **state)
{
    (void)state;
    Error err = {0};
    Str bytes;
    atomic_bool cancel = false;
    Child *child = start("exec sleep 600");
    uint64_t begin = loop_now_ms();
    ChildWait wait = {.timeout_ms = 60, .cancel = &cancel};
    assert_int_equal(child_read(child, wait, &bytes), CHILD_SILENT);
    atomic_store(&cancel, true);
    wait.timeout_ms = 60000;
    assert_int_equal(child_read(child, wait, &bytes), CHILD_CANCELLED);
    assert_false(child_write(child, STR("x"), wait, &err));
    assert_int_equal(err.code, ERR_CANCELLED);
    assert_int_equal(child_end(child, 0), -1);
    assert_true(loop_now_ms() - begin < 1000);
}

static void one_that_does_not_read(void **state)
{
    (void)state;
    Arena arena = {0};
    Error err = {0};
    enum { SIZE = 1 << 20 };
    Child *child = start("exec sleep 600");
    ChildWait wait = {.timeout_ms = 100};
    assert_false(child_write(child, str_of(arena_alloc(&arena, SIZE), SIZE), wait, &err));
    assert_int_equal(err.code, ERR_FAILED);
    child_end(child, 0);
    child = start("exit 0");
    while (child_write(child, STR("x"), patient, &err)) /* until its end is noticed */
        ;
    assert_true(str_contains(str_from(err.text), STR("no longer reads")));
    child_end(child, 0);
    arena_release(&arena);
}

static void one_that_says_too_much(void **state)
{
    (void)state;
    Error err = {0};
    Child *child = start("exec yes 0123456789");
    enum { SIZE = 1 << 20 };
    Arena arena = {0};
    /* It never reads, so writing goes on until its output is too much. */
    assert_false(child_write(child, str_of(arena_alloc(&arena, SIZE), SIZE), patient, &err));
    assert_true(str_contains(str_from(err.text), STR("too much")));
    Str bytes;
    assert_int_equal(child_read(child, patient, &bytes), CHILD_BROKEN);
    child_end(child, 0);
    arena_release(&arena);
}

/* It ignores the closed input and SIGTERM, and so does what it started. */
static void a_deaf_family(void **state)
{
    (void)state;
    Arena arena = {0};
    Str bytes;
    Child *child = start("trap '' TERM; (trap '' TERM; echo $$; while :; do sleep 1; done) & "
                         "while :; do sleep 1; done");
    assert_int_equal(child_read(child, patient, &bytes), CHILD_SAID);
    pid_t group = (pid_t)strtol(str_to_c(&arena, bytes), NULL, 10);
    assert_true(group > 1);
    assert_int_equal(kill(-group, 0), 0);
    uint64_t begin = loop_now_ms();
    assert_int_equal(child_end(child, 100), -1);
    assert_true(loop_now_ms() - begin < 1000);
    /* Killed ones that nobody has waited for yet still count for a moment. */
    for (int i = 0; i < 1000 && kill(-group, 0) == 0; i++) {
        const char *const arguments[] = {"sleep", "0.01", NULL};
        Error err = {0};
        Child *pause = child_start(arguments, NULL, &err);
        assert_non_null(pause);
        assert_int_equal(child_end(pause, 5000), 0);
    }
    assert_int_equal(kill(-group, 0), -1);
    assert_int_equal(errno, ESRCH);
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_and_ends),
        cmocka_unit_test(complaints_are_kept),
        cmocka_unit_test(neither_waits_for_the_other),
        cmocka_unit_test(a_program_that_is_not_there),
        cmocka_unit_test(its_environment),
        cmocka_unit_test(silence_and_cancelling),
        cmocka_unit_test(one_that_does_not_read),
        cmocka_unit_test(one_that_says_too_much),
        cmocka_unit_test(a_deaf_family),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
