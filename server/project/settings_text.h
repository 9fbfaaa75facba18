/* settings_text.h — one setting of an .ini or a simple .toml text. Pure. */
#ifndef PROJECT_SETTINGS_TEXT_H
#define PROJECT_SETTINGS_TEXT_H

#include "base/str.h"
#include "base/vec.h"

typedef Vec(Str) SettingLineVec;

/* The value of `key` in `section` (with its brackets), without quotes and comments: each line of
 * an .ini value, or each string of a TOML list, is an item. Empty where there is none. The items
 * point into `text`. */
SettingLineVec settings_values(Arena *out, Str text, Str section, Str key);
/* The first of them, or absent. */
Str settings_value(Arena *out, Str text, Str section, Str key);

#endif
