/* fragment.h — the unit of lowering: a piece of a document and what it says.
 *
 * For SQL a fragment is one statement, without its terminator; for a model or program file it is
 * the whole file, read but not yet linked: its operations come when all files are at hand
 * (model/orm.h). An Alembic revision stands alone and has its operations at once. A fragment owns a
 * copy of its text and the arena of its operations and queries, so it outlives the document version
 * it was read from and is shared by the versions in which that statement did not change. Immutable
 * once made; the count of references is atomic, so any thread may hold one. */
#ifndef MODEL_FRAGMENT_H
#define MODEL_FRAGMENT_H

#include <stdatomic.h>

#include "base/arena.h"
#include "model/operation.h"
#include "model/query.h"

/* Something the text itself has wrong, which a frontend is sure of. */
typedef struct {
    Str rule;    /* the id it is reported under: "unterminated-quote", … */
    Str message; /* one sentence */
    Place place;
} TextProblem;
typedef Vec(TextProblem) TextProblemVec;

typedef struct Fragment {
    Arena arena; /* holds this struct's contents, not the struct */
    Str text;
    uint64_t hash; /* of text and dialect */
    OperationVec operations;
    QueryPointerVec queries; /* top-level queries, those in function bodies and views too */
    TextProblemVec problems;
    /* What reading a model file found; each known to its frontend alone, NULL elsewhere. */
    const struct PrismaFile *prisma;
    const struct PythonModule *python;
    const struct MigrationFile *migration; /* a revision file's own facts (model/orm.h), or NULL */
    atomic_uint references;
} Fragment;

/* A fragment with a copy of `text`, one reference, and nothing in it yet. */
Fragment *fragment_new(Str text, uint64_t hash);
/* The same with room for `content_bytes` of operations and queries in its first chunk, for
 * whoever can tell how much will come. */
Fragment *fragment_new_sized(Str text, uint64_t hash, size_t content_bytes);
Fragment *fragment_retain(Fragment *fragment);
void fragment_release(Fragment *fragment); /* NULL is allowed */

#endif
