/* O10: `alembic upgrade head` does not know which. */
#include "rules/orm/revisions.h"

enum {
    SHOWN_HEADS = 3,
    MAX_HEADS = 64, /* more is no project any more, and each is followed down */
};

/* The label of the branch that a revision is on: its own, or that of the nearest revision below
 * it; absent where it is on none, or below it branches were merged. False where a name on the way
 * was not read. */
static bool branch_of(const RevisionGraph *graph, const MigrationFile *file, uint32_t n_revisions,
                      Str *label)
{
    *label = (Str){0};
    for (uint32_t step = 0; step < n_revisions; step++) {
        if (file->has_unread_label)
            return false;
        if (file->branch_labels.n > 0) {
            *label = file->branch_labels.items[0].text;
            return true;
        }
        if (file->down_revisions.n != 1)
            break;
        const MigrationFile *const *below =
            map_get(&graph->by_id, file->down_revisions.items[0].text);
        if (!below)
            break;
        file = *below;
    }
    return true;
}

typedef Vec(const MigrationFile *) HeadVec;

/* The heads that are not kept apart by labels: all of one branch, or of none. */
static void report_branch(RuleContext *context, const HeadVec *heads)
{
    if (heads->n < 2)
        return;
    const MigrationFile *last = heads->items[heads->n - 1];
    Finding *finding =
        report(context, last->revision.place,
               "`alembic upgrade head` stops: there are %u heads, " STR_FMT " and " STR_FMT "%s",
               heads->n, STR_ARG(heads->items[0]->revision.text), STR_ARG(last->revision.text),
               heads->n > 2 ? " among them" : "");
    for (uint32_t i = 0; i + 1 < heads->n && i < SHOWN_HEADS; i++)
        report_related(context, finding, heads->items[i]->revision.place, "another head");
}

static void on_database(RuleContext *context, const Database *database)
{
    RevisionGraph graph;
    Arena *out = rule_arena(context);
    if (!revision_graph(out, database, &graph))
        return;
    HeadVec all = {0};
    for (uint32_t i = 0; i < database->migrations.n; i++) {
        const MigrationFile *file = database->migrations.items[i];
        if (file->has_unread_down_revision)
            return; /* what looks like a head may be below it */
        if (revision_is_head(&graph, file))
            VEC_PUSH(out, &all, file);
    }
    if (all.n < 2 || all.n > MAX_HEADS)
        return;
    StrMap branches = {0}; /* label -> its heads */
    HeadVec unlabelled = {0};
    for (uint32_t i = 0; i < all.n; i++) {
        Str label;
        if (!branch_of(&graph, all.items[i], database->migrations.n, &label))
            continue;
        if (str_is_absent(label)) {
            VEC_PUSH(out, &unlabelled, all.items[i]);
            continue;
        }
        HeadVec *heads = map_get(&branches, label);
        if (!heads) {
            heads = ARENA_NEW(out, HeadVec);
            map_set(out, &branches, label, heads);
        }
        VEC_PUSH(out, heads, all.items[i]);
    }
    report_branch(context, &unlabelled);
    for (MapEntry *e = map_next(&branches, NULL); e; e = map_next(&branches, e))
        report_branch(context, e->value);
}

const Rule rule_several_heads = {
    .id = "several-heads",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "Alembic revisions that follow the same one and were not merged",
    .why = "Two people added a revision on top of the same one, and git merged both files without "
           "a conflict. `alembic upgrade head` then refuses to run, at the next deployment.",
    .instead = "`alembic merge heads`, or change the down_revision of the one that has not run "
               "anywhere yet. `branch_labels` keep branches apart that are meant to stay so.",
    .bad = "# 0001_customers.py\n"
           "import sqlalchemy as sa\n"
           "from alembic import op\n"
           "\n"
           "revision = \"0001\"\n"
           "down_revision = None\n"
           "\n"
           "def upgrade():\n"
           "    op.create_table(\"customers\", sa.Column(\"id\", sa.BigInteger, "
           "primary_key=True))\n"
           "# 0002_name.py\n"
           "import sqlalchemy as sa\n"
           "from alembic import op\n"
           "\n"
           "revision = \"0002\"\n"
           "down_revision = \"0001\"\n"
           "\n"
           "def upgrade():\n"
           "    op.add_column(\"customers\", sa.Column(\"name\", sa.Text))\n"
           "# 0002_phone.py\n"
           "import sqlalchemy as sa\n"
           "from alembic import op\n"
           "\n"
           "revision = \"0002b\"\n"
           "down_revision = \"0001\"\n"
           "\n"
           "def upgrade():\n"
           "    op.add_column(\"customers\", sa.Column(\"phone\", sa.Text))\n",
    .good = "# 0001_customers.py\n"
            "import sqlalchemy as sa\n"
            "from alembic import op\n"
            "\n"
            "revision = \"0001\"\n"
            "down_revision = None\n"
            "\n"
            "def upgrade():\n"
            "    op.create_table(\"customers\", sa.Column(\"id\", sa.BigInteger, "
            "primary_key=True))\n"
            "# 0002_name.py\n"
            "import sqlalchemy as sa\n"
            "from alembic import op\n"
            "\n"
            "revision = \"0002\"\n"
            "down_revision = \"0001\"\n"
            "\n"
            "def upgrade():\n"
            "    op.add_column(\"customers\", sa.Column(\"name\", sa.Text))\n"
            "# 0003_phone.py\n"
            "import sqlalchemy as sa\n"
            "from alembic import op\n"
            "\n"
            "revision = \"0003\"\n"
            "down_revision = \"0002\"\n"
            "\n"
            "def upgrade():\n"
            "    op.add_column(\"customers\", sa.Column(\"phone\", sa.Text))\n",
    .sources = "https://alembic.sqlalchemy.org/en/latest/branches.html",
    .on_database = on_database,
};
