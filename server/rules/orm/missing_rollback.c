/* A failed commit that a loop passes over, after which the session refuses to work. */
#include "rules/orm/relation.h"

static void on_use(RuleContext *context, const ProgramUse *use, const Database *database)
{
    (void)database;
    if (use->kind != PROGRAM_FAILED_SESSION)
        return;
    Finding *finding = report(context, use->place,
                              "nothing is rolled back here: after one error " STR_FMT
                              " refuses everything else that this loop asks of it",
                              STR_ARG(use->name));
    report_related(context, finding, use->related, "what fails");
}

const Rule rule_missing_rollback = {
    .id = "missing-rollback",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "an error of commit() or flush() that a loop passes over without a rollback",
    .why = "When a flush fails, the session stays in the failed transaction until it is "
           "rolled back. The next round gets a PendingRollbackError whatever it does, and "
           "the same handler swallows that: one bad row, and all behind it are lost in "
           "silence.",
    .instead = "`session.rollback()` first thing in the handler; or `with "
               "session.begin_nested():` around each row, so that the good ones before it "
               "stay.",
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
           "def load(session, names):\n"
           "    for name in names:\n"
           "        session.add(User(name=name))\n"
           "        try:\n"
           "            session.commit()\n"
           "        except Exception as error:\n"
           "            print(error)\n",
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
            "def load(session, names):\n"
            "    for name in names:\n"
            "        session.add(User(name=name))\n"
            "        try:\n"
            "            session.commit()\n"
            "        except Exception as error:\n"
            "            session.rollback()\n"
            "            print(error)\n",
    .sources = "https://docs.sqlalchemy.org/en/20/faq/"
               "sessions.html#this-session-s-transaction-has-been-rolled-back-due-to-a-previous-"
               "exception-during-flush-or-similar",
    .on_use = on_use,
};
