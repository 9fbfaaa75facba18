#include "consult/providers/retry.h"

enum { FIRST_DELAY_MS = 500, LONGEST_DELAY_MS = 8000 };

bool retry_is_worth_it(int status, const HttpHeaderVec *headers)
{
    Str said = http_header(headers, "x-should-retry");
    if (str_equal(said, STR("true")))
        return true;
    if (str_equal(said, STR("false")))
        return false;
    return status == 408 || status == 409 || status == 429 || status >= 500;
}

/* A number of at most nine digits, with a fraction that is dropped; -1 where it is none. */
static int64_t number_of(Str text)
{
    int64_t number = 0;
    uint32_t i = 0;
    for (; i < text.length && i < 9 && text.data[i] >= '0' && text.data[i] <= '9'; i++)
        number = number * 10 + (text.data[i] - '0');
    return i > 0 && (i == text.length || text.data[i] == '.') ? number : -1;
}

static int64_t days_since_1970(int64_t year, int64_t month, int64_t day)
{
    /* Years that begin in March, so that the leap day is the last. */
    year -= month <= 2;
    int64_t era = year / 400, year_of_era = year % 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

int64_t retry_http_date(Str text)
{
    static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
    enum { LENGTH = 29 };
    if (text.length != LENGTH || !str_ends_with(text, STR(" GMT")))
        return -1;
    int64_t month = 0;
    for (int i = 0; i < 12; i++)
        if (memcmp(months + (size_t)i * 3, text.data + 8, 3) == 0)
            month = i + 1;
    int64_t day = number_of(str_slice(text, 5, 7)), year = number_of(str_slice(text, 12, 16));
    int64_t hour = number_of(str_slice(text, 17, 19)), minute = number_of(str_slice(text, 20, 22)),
            second = number_of(str_slice(text, 23, 25));
    if (month == 0 || day < 1 || day > 31 || year < 1970 || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 60)
        return -1;
    return days_since_1970(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

static int64_t asked_ms(const HttpHeaderVec *headers, int64_t now)
{
    int64_t ms = number_of(http_header(headers, "retry-after-ms"));
    if (ms > 0)
        return ms;
    Str after = http_header(headers, "retry-after");
    int64_t seconds = number_of(after);
    if (seconds < 0) {
        int64_t date = retry_http_date(after);
        seconds = date > now ? date - now : 0;
    }
    return seconds * 1000;
}

uint32_t retry_delay_ms(const HttpHeaderVec *headers, unsigned n_tries, unsigned chance,
                        int64_t now)
{
    int64_t asked = asked_ms(headers, now);
    if (asked > 0)
        return asked > UINT32_MAX ? UINT32_MAX : (uint32_t)asked;
    uint32_t delay = FIRST_DELAY_MS;
    for (unsigned i = 1; i < n_tries && delay < LONGEST_DELAY_MS; i++)
        delay *= 2;
    delay = delay < LONGEST_DELAY_MS ? delay : LONGEST_DELAY_MS;
    return delay - delay / 4 * (chance % 1000) / 1000;
}
