/* A query for each row of another one, by a value of the row. */
#include "rules/orm/relation.h"

static void on_use(RuleContext *context, const ProgramUse *use, const Database *database)
{
    if (use->kind != PROGRAM_QUERY_IN_LOOP || use->query->tables.n == 0)
        return;
    const TableUse *asked = &use->query->tables.items[0];
    Finding *finding = report(context, use->place,
                              "this asks for " STR_FMT " once for each row that the loop goes over",
                              STR_ARG(asked->table.name.text));
    report_table(context, finding, schema_find_table(database->schema, &asked->table), NULL);
    report_related(context, finding, use->related, "the loop goes over this");
}

const Rule rule_query_in_loop = {
    .id = "query-in-loop",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_INFO,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a query in a loop over the rows of another, by a value of the row",
    .why = "Each round waits for an answer of the database that one query could have given "
           "for all of them.",
    .instead =
        "A join, or one query before the loop with `Model.id.in_(…)` and a dictionary of what "
        "it gives; where each row is worked on in a transaction of its own on purpose, "
        "suppress this with that reason.",
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
           "def last_posts(session):\n"
           "    for user in session.query(User):\n"
           "        post = session.query(Post).filter(Post.user_id == "
           "user.id).order_by(Post.id.desc()).first()\n"
           "        print(user.name, post)\n",
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
            "def last_posts(session):\n"
            "    newest = {}\n"
            "    for post in session.query(Post).order_by(Post.id):\n"
            "        newest[post.user_id] = post\n"
            "    for user in session.query(User):\n"
            "        print(user.name, newest.get(user.id))\n",
    .sources = "https://docs.sqlalchemy.org/en/20/faq/performance.html",
    .on_use = on_use,
};
