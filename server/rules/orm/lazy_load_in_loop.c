/* A relationship that is loaded by a query of its own for each row of a loop: N + 1 queries. */
#include "rules/orm/relation.h"

static void on_use(RuleContext *context, const ProgramUse *use, const Database *database)
{
    if (use->kind != PROGRAM_LAZY_LOAD || !use->model)
        return;
    Str relation = relation_title(rule_arena(context), use->model, use->relation);
    Finding *finding =
        use->is_shared_target
            ? report(context, use->place,
                     "reading " STR_FMT " in this loop runs one more query for each object that it "
                     "leads to",
                     STR_ARG(relation))
            : report(context, use->place,
                     "reading " STR_FMT " in this loop runs one more query for each round",
                     STR_ARG(relation));
    /* What several rows share is loaded once: how many queries that saves, only the data tell. */
    if (use->is_shared_target)
        report_at_most(finding, SEVERITY_INFO);
    report_table(context, finding, model_table(database->declared, use->model), NULL);
    report_related(context, finding, use->related, "the loop goes over this");
    report_related(context, finding, use->relation->name.place, "%s",
                   "the relationship, which is loaded when it is first read");
}

const Rule rule_lazy_load_in_loop = {
    .id = "lazy-load-in-loop",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_WARNING,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a relationship that is read in a loop over rows, and loaded by a query of its "
            "own each time",
    .why = "The query brings the rows and not what they refer to. SQLAlchemy fetches that "
           "when the attribute is first read: one query for the rows and one more for each "
           "of them, each with its way to the server and back. With ten rows nobody "
           "notices; with a thousand the page takes seconds.",
    .instead = "Say in the query that it comes along: `options(selectinload(User.posts))` for "
               "a list, `options(joinedload(Post.author))` for one object. `lazy=\"selectin\"` "
               "on the relationship does it for every query; `lazy=\"raise\"` shows where it is "
               "forgotten.",
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
           "def count_posts(session):\n"
           "    for user in session.query(User).all():\n"
           "        print(user.name, len(user.posts))\n",
    .good = "from sqlalchemy import Column, ForeignKey, Integer, String\n"
            "from sqlalchemy.orm import declarative_base, relationship, selectinload\n"
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
            "def count_posts(session):\n"
            "    for user in session.query(User).options(selectinload(User.posts)).all():\n"
            "        print(user.name, len(user.posts))\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/queryguide/relationships.html",
    .on_use = on_use,
};
