/* Secrets go, everything else stays. */
#include "consult/redact.h"

#include <stdlib.h>

#include "base/buf.h"
#include "unit/unit.h"

static void secrets(void **state)
{
    (void)state;
    static const struct {
        const char *text, *seen; /* NULL: unchanged */
    } cases[] = {
        {"postgresql://app:hunter2@db.example:5432/shop",
         "postgresql://app:[redacted]@db.example:5432/shop"},
        {"url = \"mysql://root:p%40ss@localhost/x\"",
         "url = \"mysql://root:[redacted]@localhost/x\""},
        {"postgresql://app@db/shop", NULL},
        {"postgresql://app:${PASSWORD}@db/shop", NULL},
        {"http://example.org:8080/a@b", NULL},
        {"CREATE ROLE app LOGIN PASSWORD 'hunter2';",
         "CREATE ROLE app LOGIN PASSWORD '[redacted]';"},
        {"CREATE USER a IDENTIFIED BY 'geheim'", "CREATE USER a IDENTIFIED BY '[redacted]'"},
        {"password text NOT NULL,", NULL},
        {"password: string", NULL},
        {"\"password\": \"hunter2\"", "\"password\": \"[redacted]\""},
        {"DB_PASSWORD=hunter2 npm start", "DB_PASSWORD=[redacted] npm start"},
        {"api-key: 'abcdefgh'", "api-key: '[redacted]'"},
        {"secret_key = os.environ['X']", NULL},
        {"token = request.token", NULL},
        {"token = get_token(1)", NULL},
        {"max_tokens: 4096000", NULL},
        {"client_secret := \"a1b2c3d4\"", "client_secret := \"[redacted]\""},
        {"key sk-ant-api03-abcDEF1234567890abcdef end", "key [redacted] end"},
        {"key sk-proj-abcDEF1234567890abcdef", "key [redacted]"},
        {"sk-learn-is-not-a-key-at-all", NULL},
        {"AKIAIOSFODNN7EXAMPLE", "[redacted]"},
        {"sbp_0123456789abcdef0123456789abcdef01234567", "[redacted]"},
        {"(ghp_0123456789abcdefghijABCDEFGHIJ012345)", "([redacted])"},
        {"eyJhbGciOiJIUzI1NiJ9.eyJyb2xlIjoiYW5vbiJ9.abc-_123 x", "[redacted] x"},
        {"eyJhbGciOiJIUzI1NiJ9", NULL},
        {"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----\nb",
         "a\n[redacted]\nb"},
        {"-----BEGIN PRIVATE KEY-----\nMIIEow", "[redacted]"},
        {"-----BEGIN CERTIFICATE-----\nMIIEow\n-----END CERTIFICATE-----", NULL},
        {"-- password reset tokens: see below", NULL},
        {"CREATE TABLE tokens (token_hash text, secret_id int)", NULL},
        {"", NULL},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++) {
        Str text = str_from(cases[i].text);
        assert_str(redact(&arena, text), cases[i].seen ? cases[i].seen : cases[i].text);
        /* Every beginning of it is safe to look at. */
        for (uint32_t end = 0; end <= text.length; end++) {
            char *copy = malloc(end ? end : 1);
            assert_non_null(copy);
            memcpy(copy, text.data, end);
            redact(&arena, str_of(copy, end));
            plain_text(&arena, str_of(copy, end));
            free(copy);
        }
    }
    arena_release(&arena);
}

static void hidden_characters(void **state)
{
    (void)state;
    static const struct {
        const char *text, *seen;
    } cases[] = {
        {"plain \xC3\xA4 \xF0\x9F\x90\x98\n\ttext", "plain \xC3\xA4 \xF0\x9F\x90\x98\n\ttext"},
        {"a\x1B[31mred\x1B[0m b", "ared b"},
        {"a\x1B]0;title\x07z", "az"},
        {"a\x1B]8;;http://x\x1B\\link", "alink"},
        {"a\x1B", "a"},
        {"x\xE2\x80\xAEy\xE2\x80\x8Bz\xEF\xBB\xBF", "xyz"},
        {"tag\xF3\xA0\x81\x81s", "tags"},
        {"a\r\nb\rc", "a\nb\nc"},
        {"\x01\x7F", ""},
        {"bad \xFF\xC3(", "bad \xEF\xBF\xBD\xEF\xBF\xBD("},
    };
    Arena arena = {0};
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_str(plain_text(&arena, str_from(cases[i].text)), cases[i].seen);
    arena_release(&arena);
}

/* Texts made to be slow take no longer than others: much of each. */
static void hostile_texts(void **state)
{
    (void)state;
    static const char *const pieces[] = {
        "token=",      "token:",     "token=\"", "://a:", "eyJ.", "eyJ.a.", "sk-.", "sk-",
        "-----BEGIN ", "password '", "\x1B[",    "\x1B]", "'",    ":",      "="};
    for (size_t i = 0; i < COUNT(pieces); i++) {
        Arena arena = {0};
        Buf text = buf_with_max(1 << 21);
        while (text.length < 200000)
            buf_add(&text, str_from(pieces[i]));
        redact(&arena, buf_str(&text));
        plain_text(&arena, buf_str(&text));
        buf_free(&text);
        arena_release(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(secrets),
        cmocka_unit_test(hidden_characters),
        cmocka_unit_test(hostile_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
