/* A commit for each row, after which every row is read anew. */
#include "rules/orm/relation.h"

static void on_use(RuleContext *context, const ProgramUse *use, const Database *database)
{
    if (use->kind != PROGRAM_COMMIT_IN_LOOP || !use->model)
        return;
    Finding *finding =
        report(context, use->place,
               STR_FMT ".commit() forgets what the session has read, so every " STR_FMT
                       " that is left in this loop is read again by a query of its own",
               STR_ARG(use->name), STR_ARG(model_title(use->model)));
    report_table(context, finding, model_table(database->declared, use->model), NULL);
    report_related(context, finding, use->related, "the rows that the loop goes over");
}

const Rule rule_commit_in_loop = {
    .id = "commit-in-loop",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a commit in each round of a loop over rows of the same session",
    .why = "A commit expires every object of the session, also those that the loop has not "
           "come to yet: the next round reads its row anew. That is two round trips for "
           "each row, and a wait for the disk, where one commit would do. What failed half "
           "way is half done.",
    .instead = "`session.commit()` once, behind the loop; where there are too many rows for one "
               "transaction, behind each 1,000 of them, fetching the next 1,000 by key.",
    .bad = "from sqlalchemy import Column, ForeignKey, Integer, String\n"
           "from sqlalchemy.orm import declarative_base, relationship\n"
           "\n"
           "Base = declarative_base()\n"
           "\n"
           "class User(Base):\n"
           "    __tablename__ = \"users\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    name = Column(String(80))\n"
           "    posts = relationship(\"Post\")\n"
           "\n"
           "class Post(Base):\n"
           "    __tablename__ = \"posts\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    user_id = Column(ForeignKey(\"users.id\"), index=True)\n"
           "\n"
           "def rename(session):\n"
           "    for user in session.query(User).filter(User.name.is_(None)):\n"
           "        user.name = \"anonymous\"\n"
           "        session.commit()\n",
    .good = "from sqlalchemy import Column, ForeignKey, Integer, String\n"
            "from sqlalchemy.orm import declarative_base, relationship\n"
            "\n"
            "Base = declarative_base()\n"
            "\n"
            "class User(Base):\n"
            "    __tablename__ = \"users\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    name = Column(String(80))\n"
            "    posts = relationship(\"Post\")\n"
            "\n"
            "class Post(Base):\n"
            "    __tablename__ = \"posts\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    user_id = Column(ForeignKey(\"users.id\"), index=True)\n"
            "\n"
            "def rename(session):\n"
            "    for user in session.query(User).filter(User.name.is_(None)):\n"
            "        user.name = \"anonymous\"\n"
            "    session.commit()\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/session_basics.html#committing",
    .on_use = on_use,
};
