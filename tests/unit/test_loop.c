/* The loop with its worker: what is promised of jobs, notes, timers, output and the end. */
#include "loop/job.h"

#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "unit/unit.h"

typedef struct {
    Loop *loop;
    int to_loop, from_loop; /* our ends */
    int input, output;      /* its ends */
    Buf seen;               /* what happened, in order */
    bool has_ended;
} World;

static void on_input(void *context, Str bytes)
{
    World *world = context;
    buf_add(&world->seen, bytes);
    if (str_contains(bytes, STR("stop")))
        loop_stop(world->loop);
}

static void on_input_end(void *context)
{
    World *world = context;
    world->has_ended = true;
    loop_stop(world->loop);
}

static World *world_new(unsigned n_workers)
{
    static World world;
    world = (World){.seen = buf_with_max(100000)};
    int in[2], out[2];
    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    world.input = in[0];
    world.to_loop = in[1];
    world.from_loop = out[0];
    world.output = out[1];
    world.loop = loop_new(&(LoopOptions){.input = in[0],
                                         .output = out[1],
                                         .n_workers = n_workers,
                                         .on_input = on_input,
                                         .on_input_end = on_input_end,
                                         .context = &world});
    return &world;
}

static void world_free(World *world)
{
    if (world->loop)
        loop_free(world->loop);
    close(world->input);
    close(world->output);
    close(world->to_loop);
    close(world->from_loop);
    buf_free(&world->seen);
}

static void say(World *world, const char *text)
{
    assert_int_equal(write(world->to_loop, text, strlen(text)), (ssize_t)strlen(text));
}

static void input_and_its_end(void **state)
{
    (void)state;
    World *world = world_new(0);
    say(world, "hello");
    close(world->to_loop);
    world->to_loop = -1;
    loop_run(world->loop);
    assert_str(buf_str(&world->seen), "hello");
    assert_true(world->has_ended);
    world_free(world);
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

typedef struct {
    Job job;
    World *world;
    char name;
    unsigned n_notes;
    bool waits_for_cancel;
} TestJob;

typedef struct {
    JobNote note;
    World *world;
    char name;
} TestNote;

static TestNote notes[64];
static atomic_uint n_notes;

static void deliver(JobNote *base)
{
    TestNote *note = (TestNote *)base;
    buf_add_char(&note->world->seen, note->name);
}

static void drop_note(JobNote *base)
{
    (void)base;
}

static void run(Job *base)
{
    TestJob *job = (TestJob *)base;
    for (unsigned i = 0; i < job->n_notes; i++) {
        TestNote *note = &notes[atomic_fetch_add(&n_notes, 1) % COUNT(notes)];
        *note = (TestNote){.note = {.deliver = deliver, .drop = drop_note},
                           .world = job->world,
                           .name = job->name};
        job_notify(base, &note->note);
    }
    while (job->waits_for_cancel && !atomic_load(&base->is_cancelled))
        pause_ms(1);
}

static void done(Job *base)
{
    TestJob *job = (TestJob *)base;
    buf_add_char(&job->world->seen, (char)(job->name - 'a' + 'A'));
    if (job->name == 'z')
        loop_stop(job->world->loop);
}

static void dropped(Job *base)
{
    TestJob *job = (TestJob *)base;
    buf_add_char(&job->world->seen, '-');
}

static void submit(World *world, TestJob *job, char name, unsigned n, bool is_background)
{
    *job = (TestJob){
        .job = {.run = run, .done = done, .drop = dropped, .is_background = is_background},
        .world = world,
        .name = name,
        .n_notes = n};
    loop_submit(world->loop, &job->job);
}

static void jobs_inline(void **state)
{
    (void)state;
    World *world = world_new(0);
    TestJob jobs[4];
    submit(world, &jobs[0], 'a', 2, false);
    submit(world, &jobs[1], 'z', 0, true); /* waits for the others */
    submit(world, &jobs[2], 'b', 1, false);
    submit(world, &jobs[3], 'c', 0, false);
    assert_str(buf_str(&world->seen), ""); /* nothing runs inside loop_submit */
    loop_run(world->loop);
    assert_str(buf_str(&world->seen), "aaAbBCZ");
    world_free(world);
}

static void jobs_on_threads(void **state)
{
    (void)state;
    World *world = world_new(2);
    TestJob jobs[4];
    submit(world, &jobs[0], 'a', 20, true);
    submit(world, &jobs[1], 'b', 20, false);
    submit(world, &jobs[2], 'c', 20, false);
    submit(world, &jobs[3], 'z', 1, true); /* behind the other background job */
    loop_run(world->loop);
    Str seen = buf_str(&world->seen);
    /* each job's notes come before its end */
    assert_int_equal(seen.data[seen.length - 1], 'Z');
    unsigned counts[3] = {0};
    for (uint32_t i = 0; i < seen.length; i++) {
        if (seen.data[i] >= 'a' && seen.data[i] <= 'c')
            counts[seen.data[i] - 'a']++;
        if (seen.data[i] >= 'A' && seen.data[i] <= 'C')
            assert_int_equal(counts[seen.data[i] - 'A'], 20);
    }
    world_free(world);
}

static void a_long_job_does_not_hold_up_a_short_one(void **state)
{
    (void)state;
    World *world = world_new(2);
    TestJob longer = {.job = {.run = run, .done = done, .drop = dropped, .is_background = true},
                      .world = world,
                      .name = 'a',
                      .waits_for_cancel = true};
    loop_submit(world->loop, &longer.job);
    TestJob shorter;
    submit(world, &shorter, 'z', 0, false);
    loop_run(world->loop);
    assert_str(buf_str(&world->seen), "Z");
    assert_true(loop_free(world->loop)); /* cancels the long one */
    world->loop = NULL;
    assert_str(buf_str(&world->seen), "Z-");
    world_free(world);
}

typedef struct {
    World *world;
    char name;
    TimerId cancels;
} TestTimer;

static void fired(void *context)
{
    TestTimer *timer = context;
    buf_add_char(&timer->world->seen, timer->name);
    loop_timer_cancel(timer->world->loop, timer->cancels);
    if (timer->name == 'z')
        loop_stop(timer->world->loop);
}

/* Not even a background job waits for one that waits; and what is queued behind that comes back
 * when it is cancelled. */
static void a_job_that_waits_holds_up_nobody(void **state)
{
    (void)state;
    World *world = world_new(2);
    TestJob waiting[2];
    for (int i = 0; i < 2; i++) {
        waiting[i] = (TestJob){.job = {.run = run, .done = done, .drop = dropped, .waits = true},
                               .world = world,
                               .name = (char)('a' + i),
                               .n_notes = (unsigned)i,
                               .waits_for_cancel = true};
        loop_submit(world->loop, &waiting[i].job);
    }
    TestJob background, shorter;
    submit(world, &background, 'z', 0, true);
    loop_run(world->loop);
    assert_str(buf_str(&world->seen), "Z");
    world_free(world);

    world = world_new(2);
    for (int i = 0; i < 2; i++) {
        waiting[i].world = world;
        atomic_store(&waiting[i].job.is_cancelled, false);
        loop_submit(world->loop, &waiting[i].job);
    }
    job_cancel(&waiting[1].job);
    TestTimer z = {world, 'z', 0};
    loop_timer(world->loop, 30, fired, &z);
    loop_run(world->loop);
    assert_str(buf_str(&world->seen), "Bz"); /* it never ran: no note */
    submit(world, &shorter, 'c', 0, false);
    assert_true(loop_free(world->loop)); /* cancels the first */
    world->loop = NULL;
    world_free(world);
}

static void jobs_that_wait_inline(void **state)
{
    (void)state;
    World *world = world_new(0);
    TestJob waiting = {.job = {.run = run, .done = done, .drop = dropped, .waits = true},
                       .world = world,
                       .name = 'z',
                       .n_notes = 1};
    loop_submit(world->loop, &waiting.job);
    loop_run(world->loop);
    assert_str(buf_str(&world->seen), "zZ");
    world_free(world);
}

static atomic_bool deaf_may_end, deaf_has_ended;

static void run_deaf(Job *base)
{
    (void)base;
    while (!atomic_load(&deaf_may_end))
        pause_ms(1);
    atomic_store(&deaf_has_ended, true);
}

static void the_end_comes_even_when_a_job_does_not_listen(void **state)
{
    (void)state;
    static TestJob deaf;               /* outlives this function, as its thread does */
    static Loop *volatile left_behind; /* for the leak checker: it is known, and stays in memory */
    World *world = world_new(2);
    deaf = (TestJob){.job = {.run = run_deaf, .done = done, .drop = dropped}, .world = world};
    loop_submit(world->loop, &deaf.job);
    TestJob stop;
    submit(world, &stop, 'z', 0, false);
    loop_run(world->loop);
    left_behind = world->loop;
    assert_false(loop_free(left_behind)); /* comes back, though the job never does */
    world->loop = NULL;
    atomic_store(&deaf_may_end, true);
    while (!atomic_load(&deaf_has_ended))
        pause_ms(1);
    world_free(world);
}

static void timers_in_order(void **state)
{
    (void)state;
    World *world = world_new(0);
    TestTimer z = {world, 'z', 0}, a = {world, 'a', 0}, b = {world, 'b', 0},
              never = {world, 'n', 0};
    uint64_t start = loop_now_ms();
    loop_timer(world->loop, 60, fired, &z);
    a.cancels = loop_timer(world->loop, 40, fired, &never);
    loop_timer(world->loop, 0, fired, &a);
    loop_timer(world->loop, 20, fired, &b);
    loop_timer_cancel(world->loop, 0);
    loop_timer_cancel(world->loop, 12345);
    loop_run(world->loop);
    assert_str(buf_str(&world->seen), "abz");
    assert_true(loop_now_ms() - start >= 60);
    world_free(world);
}

/* More output than a pipe holds: written as it is read, without blocking. */
static void output_waits_for_its_reader(void **state)
{
    (void)state;
    World *world = world_new(0);
    enum { MANY = 1000000 };
    Buf big = buf_with_max(MANY);
    for (int i = 0; i < MANY; i++)
        buf_add_char(&big, (char)('a' + i % 26));
    loop_write(world->loop, buf_str(&big));
    TestTimer z = {world, 'z', 0};
    loop_timer(world->loop, 30, fired, &z);
    loop_run(world->loop); /* nobody reads: ends all the same, after half a second */
    char bytes[4096];
    fcntl(world->from_loop, F_SETFL, O_NONBLOCK);
    size_t total = 0;
    for (ssize_t n; (n = read(world->from_loop, bytes, sizeof bytes)) > 0;) {
        assert_memory_equal(bytes, big.data + total, (size_t)n);
        total += (size_t)n;
    }
    assert_true(total > 0 && total < MANY);
    buf_free(&big);
    world_free(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(input_and_its_end),
        cmocka_unit_test(jobs_inline),
        cmocka_unit_test(jobs_on_threads),
        cmocka_unit_test(a_long_job_does_not_hold_up_a_short_one),
        cmocka_unit_test(a_job_that_waits_holds_up_nobody),
        cmocka_unit_test(jobs_that_wait_inline),
        cmocka_unit_test(the_end_comes_even_when_a_job_does_not_listen),
        cmocka_unit_test(timers_in_order),
        cmocka_unit_test(output_waits_for_its_reader),
    };
    return cmocka_run_group_tests_name("loop", tests, NULL, NULL);
}
