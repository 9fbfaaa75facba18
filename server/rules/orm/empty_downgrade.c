/* O10: a revision that cannot be taken back, in a project whose others can. */
#include "rules/orm/revisions.h"

/* What a second upgrade would fail on. */
static bool makes_something(const MigrationFile *file)
{
    const OperationVec *operations = &file->fragment->operations;
    for (uint32_t i = 0; i < operations->n; i++) {
        OperationKind kind = operations->items[i].kind;
        if (kind == OP_CREATE_TABLE || kind == OP_ADD_COLUMN || kind == OP_CREATE_INDEX ||
            kind == OP_ADD_CONSTRAINT)
            return true;
    }
    return false;
}

static bool is_empty(const MigrationFile *file)
{
    return file->downgrade_is_empty && !file->downgrade_raises && !file->downgrade_has_comment &&
           place_is_set(file->downgrade) && file->down_revisions.n < 2 && makes_something(file);
}

static void on_database(RuleContext *context, const Database *database)
{
    if (!revisions_are_judged(database))
        return;
    uint32_t n_empty = 0, n_written = 0;
    for (uint32_t i = 0; i < database->migrations.n; i++) {
        const MigrationFile *file = database->migrations.items[i];
        n_empty += is_empty(file);
        n_written += file->downgrade_operations.n > 0 && !file->downgrade_raises;
    }
    if (n_written <= n_empty)
        return; /* the project goes forward only, and knows it */
    for (uint32_t i = 0; i < database->migrations.n; i++) {
        const MigrationFile *file = database->migrations.items[i];
        if (is_empty(file))
            report(context, file->downgrade,
                   "downgrade does nothing: going back from " STR_FMT
                   " leaves its changes in place, and Alembic believes them gone",
                   STR_ARG(file->revision.text));
    }
}

const Rule rule_empty_downgrade = {
    .id = "empty-downgrade",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_HINT,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "an Alembic revision that makes something and whose downgrade does nothing",
    .why = "`alembic downgrade` succeeds and records that the revision is undone, while its "
           "tables and columns are still there. The next upgrade then fails on them. Not said in "
           "projects that write few downgrades at all.",
    .instead = "Undo in `downgrade()` what `upgrade()` does, or raise an error that says why it "
               "cannot be.",
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
           "\n"
           "def downgrade():\n"
           "    op.drop_table(\"customers\")\n"
           "# 0002_phone.py\n"
           "import sqlalchemy as sa\n"
           "from alembic import op\n"
           "\n"
           "revision = \"0002\"\n"
           "down_revision = \"0001\"\n"
           "\n"
           "def upgrade():\n"
           "    op.add_column(\"customers\", sa.Column(\"phone\", sa.Text))\n"
           "\n"
           "def downgrade():\n"
           "    op.drop_column(\"customers\", \"phone\")\n"
           "# 0003_mail.py\n"
           "import sqlalchemy as sa\n"
           "from alembic import op\n"
           "\n"
           "revision = \"0003\"\n"
           "down_revision = \"0002\"\n"
           "\n"
           "def upgrade():\n"
           "    op.add_column(\"customers\", sa.Column(\"mail\", sa.Text))\n"
           "\n"
           "def downgrade():\n"
           "    pass\n",
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
            "\n"
            "def downgrade():\n"
            "    op.drop_table(\"customers\")\n",
    .sources = "https://alembic.sqlalchemy.org/en/latest/tutorial.html#running-our-first-migration",
    .on_database = on_database,
};
