#include "base/nearest.h"

enum { MAX_NAME_BYTES = 64 };

static unsigned char lower(char c)
{
    unsigned char u = (unsigned char)c;
    return u >= 'A' && u <= 'Z' ? (unsigned char)(u + 32) : u;
}

static uint32_t least(uint32_t a, uint32_t b)
{
    return a < b ? a : b;
}

/* Three rows of the table of distances between the prefixes of both names; the row before the
 * previous one is for swapped neighbours. */
uint32_t edit_distance(Str a, Str b)
{
    if (str_equal_ignore_case(a, b))
        return 0;
    if (a.length > MAX_NAME_BYTES || b.length > MAX_NAME_BYTES)
        return UINT32_MAX;
    uint32_t rows[3][MAX_NAME_BYTES + 1];
    for (uint32_t j = 0; j <= b.length; j++)
        rows[0][j] = j;
    for (uint32_t i = 1; i <= a.length; i++) {
        uint32_t *row = rows[i % 3];
        const uint32_t *above = rows[(i - 1) % 3];
        const uint32_t *two_above = rows[(i + 1) % 3];
        row[0] = i;
        for (uint32_t j = 1; j <= b.length; j++) {
            uint32_t differs = lower(a.data[i - 1]) != lower(b.data[j - 1]);
            uint32_t best = least(above[j - 1] + differs, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && lower(a.data[i - 1]) == lower(b.data[j - 2]) &&
                lower(a.data[i - 2]) == lower(b.data[j - 1]))
                best = least(best, two_above[j - 2] + 1);
            row[j] = best;
        }
    }
    return rows[a.length % 3][b.length];
}

bool is_near(Str name, Str candidate, uint32_t distance)
{
    uint32_t longer = name.length > candidate.length ? name.length : candidate.length;
    return distance <= (longer + 2) / 3 && distance < longer;
}

Str nearest_name(Str name, const Str *names, uint32_t n_names)
{
    Str best = {0};
    uint32_t best_distance = UINT32_MAX;
    for (uint32_t i = 0; i < n_names; i++) {
        uint32_t distance = edit_distance(name, names[i]);
        if (distance < best_distance) {
            best_distance = distance;
            best = names[i];
        }
    }
    return is_near(name, best, best_distance) ? best : (Str){0};
}
