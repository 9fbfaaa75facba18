/* O10: a revision that follows one that is not there. */
#include "rules/orm/revisions.h"

static void on_database(RuleContext *context, const Database *database)
{
    RevisionGraph graph;
    if (!revision_graph(rule_arena(context), database, &graph))
        return;
    for (uint32_t i = 0; i < database->migrations.n; i++) {
        const MigrationFile *file = database->migrations.items[i];
        for (uint32_t j = 0; j < file->down_revisions.n; j++) {
            Name below = file->down_revisions.items[j];
            if (str_is_empty(below.text) || map_get(&graph.by_id, below.text))
                continue;
            report(context, below.place,
                   "no revision here is called " STR_FMT ": Alembic cannot order the migrations",
                   STR_ARG(below.text));
        }
    }
}

const Rule rule_unknown_down_revision = {
    .id = "unknown-down-revision",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "an Alembic revision whose down_revision is not among the files",
    .why = "Alembic builds the order of the migrations from these names. One that is missing, "
           "because its file was deleted, renamed or never committed, stops every command, not "
           "only the upgrade to this revision.",
    .instead = "Bring the file back, or let `down_revision` name the one that came before.",
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
           "# 0003_phone.py\n"
           "import sqlalchemy as sa\n"
           "from alembic import op\n"
           "\n"
           "revision = \"0003\"\n"
           "down_revision = \"0002\"\n"
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
            "# 0003_phone.py\n"
            "import sqlalchemy as sa\n"
            "from alembic import op\n"
            "\n"
            "revision = \"0003\"\n"
            "down_revision = \"0001\"\n"
            "\n"
            "def upgrade():\n"
            "    op.add_column(\"customers\", sa.Column(\"phone\", sa.Text))\n",
    .sources = "https://alembic.sqlalchemy.org/en/latest/tutorial.html",
    .on_database = on_database,
};
