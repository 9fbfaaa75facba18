#include "base/sha256.h"
#include "unit/unit.h"

static void check_sha256(Str bytes, const char *expected)
{
    Arena arena = {0};
    assert_str(sha256_hex(&arena, bytes), expected);
    arena_release(&arena);
}

/* The examples of FIPS 180-4 and lengths around the block's edge. */
static void known_digests(void **state)
{
    (void)state;
    check_sha256(STR(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_sha256(STR("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_sha256(STR("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    Arena arena = {0};
    char *as = arena_alloc(&arena, 1000000);
    memset(as, 'a', 1000000);
    check_sha256(str_of(as, 1000000),
                 "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    check_sha256(str_of(as, 55),
                 "9f4390f8d30c2dd92ec9f095b65e2b9ae9b0a925a5258e241c9f1e910f734318");
    check_sha256(str_of(as, 56),
                 "b35439a4ac6f0948b6d6f9e3c6af0f5f590ce20f1bde7090ef7970686ec6738a");
    check_sha256(str_of(as, 64),
                 "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb");
    arena_release(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(known_digests)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
