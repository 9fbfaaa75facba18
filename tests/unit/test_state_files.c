#include "consult/state_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "unit/temp_folder.h"
#include "unit/unit.h"

static bool is_there(const TempFolder *folder, const char *name)
{
    char path[512];
    struct stat status;
    snprintf(path, sizeof path, "%s/lintel/%s", folder->path, name);
    return stat(path, &status) == 0;
}

/* Writes a report as if it were `age` seconds old. */
static void write_report(const TempFolder *folder, const char *name, long age)
{
    Arena arena = {0};
    Error err = {0};
    Str path;
    assert_true(state_file_write(&arena, str_from(name), STR("x"), &path, &err));
    struct timespec times[2] = {{.tv_sec = 1000000000 - age}, {.tv_sec = 1000000000 - age}};
    assert_true(str_starts_with(path, str_from(folder->path)));
    assert_int_equal(utimensat(AT_FDCWD, str_to_c(&arena, path), times, 0), 0);
    arena_release(&arena);
}

static void only_the_newest_reports_stay(void **state)
{
    (void)state;
    TempFolder folder = temp_folder();
    assert_int_equal(setenv("XDG_STATE_HOME", folder.path, 1), 0);
    temp_write(&folder, "lintel/reports/notes.txt", "not ours");
    temp_write(&folder, "lintel/schema/old.md", "another page");
    write_report(&folder, "reports/oldest.md", 5000);
    write_report(&folder, "reports/older.json", 4000);
    for (int i = 0; i < STATE_REPORTS_MAX - 2; i++) {
        char name[64];
        snprintf(name, sizeof name, "reports/r%d.md", i);
        write_report(&folder, name, i);
    }
    assert_true(is_there(&folder, "reports/oldest.md")); /* as many as may be */
    write_report(&folder, "reports/new.md", -1);
    assert_false(is_there(&folder, "reports/oldest.md"));
    assert_true(is_there(&folder, "reports/older.json"));
    write_report(&folder, "reports/newer.md", -2);
    assert_false(is_there(&folder, "reports/older.json"));
    assert_true(is_there(&folder, "reports/r0.md"));
    assert_true(is_there(&folder, "reports/new.md"));
    assert_true(is_there(&folder, "reports/newer.md"));
    assert_true(is_there(&folder, "reports/notes.txt"));
    assert_true(is_there(&folder, "schema/old.md"));
    temp_remove(&folder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_the_newest_reports_stay)};
    return cmocka_run_group_tests_name("state_files", tests, NULL, NULL);
}
