#!/bin/sh
# The checks themselves: each finds what is planted for it, and nothing in what is right.
root=$PWD
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
mkdir -p "$tree/server/base" "$tree/server/rules" "$tree/server/model" "$tree/server/syntax"
cp server/LAYERS "$tree/server/LAYERS"
number=0

# expect CHECK PATTERN NAME - PATTERN is in what the check prints; empty: it is silent and content
expect() {
    number=$((number + 1))
    output=$("$root/tests/checks/$1.sh" "$tree" 2>&1); status=$?
    if [ -z "$2" ] && [ $status -eq 0 ] && [ -z "$output" ]; then echo "ok $number - $3"
    elif [ -n "$2" ] && [ $status -ne 0 ] && printf '%s' "$output" | grep -q -e "$2"; then echo "ok $number - $3"
    else
        echo "not ok $number - $3"
        printf 'status %s\n%s\n' "$status" "$output" | sed 's/^/# /'
    fi
}

cat > "$tree/server/rules/good.c" <<'C'
#include "rules/good.h"

#include <string.h>

#include "model/schema.h"
/* strcpy() and malloc() in a comment,
 * system() in a longer one */
static const char *text = "call strcpy(a, b)"; // gets()
int my_free(int x);
int f(struct s *p) { return p->free(1) + my_free(2) + snprintf(0, 0, "") + '"' + q.exit(1); }
C
printf '/* schema.h — it */\n#ifndef MODEL_SCHEMA_H\n#define MODEL_SCHEMA_H\ntypedef int Schema;\n#endif\n' > "$tree/server/model/schema.h"
expect layers '' 'layers: what is allowed passes'
expect banned '' 'banned: names in comments, strings, members and longer names pass'

echo '#include "rules/rule.h"' > "$tree/server/model/bad.c"
expect layers 'model/bad.c:1: model/ may not include rules/rule.h' 'layers: a wrong direction'
echo '# include "schema.h"' > "$tree/server/model/bad.c"
expect layers 'includes start at server/' 'layers: a path that does not start at server/'
echo '#include <tree_sitter/api.h>' > "$tree/server/model/bad.c"
expect layers 'only syntax may include' 'layers: a library outside its folder'
echo '#include <fts.h>' > "$tree/server/model/bad.c"
expect layers 'only nobody may include' 'layers: a header that nobody may include'
mkdir "$tree/server/other"; touch "$tree/server/other/new.c"; echo '#include <stdio.h>' > "$tree/server/other/new.c"
echo > "$tree/server/model/bad.c"
expect layers 'other is not in server/LAYERS' 'layers: a folder that is in no layer'
rm -r "$tree/server/other"

echo 'int g(void) { /* a */ char *p = strdup("x"); return 0; }' > "$tree/server/model/bad.c"
expect banned 'strdup(): banned' 'banned: a call between comment and string'
echo 'void *g(void) { return malloc (4); }' > "$tree/server/model/bad.c"
expect banned 'malloc(): only in base/' 'banned: malloc outside base'
echo 'void g(void) { exit(1); }' > "$tree/server/model/bad.c"
expect banned 'exit(): only in main.c' 'banned: exit outside main'
mv "$tree/server/model/bad.c" "$tree/server/main.c"
expect banned '' 'banned: exit in main.c'
rm "$tree/server/main.c"

echo '/* bad.h — it */' > "$tree/server/model/bad.h"
expect headers 'its guard should be MODEL_BAD_H' 'headers: a guard that is missing'
printf '/* bad.h — it */\n#ifndef MODEL_BAD_H\n#define MODEL_BAD_H\nuint32_t g(void);\n#endif\n' > "$tree/server/model/bad.h"
expect headers 'does not compile alone' 'headers: one that needs another before it'
printf '#ifndef MODEL_BAD_H\n#define MODEL_BAD_H\n#endif\n' > "$tree/server/model/bad.h"
expect headers 'starts with no comment' 'headers: one without a head comment'
rm "$tree/server/model/bad.h"
expect headers '' 'headers: one that is right'
echo "1..$number"
