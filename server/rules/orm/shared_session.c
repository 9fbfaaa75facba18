/* One session of a module that serves every request. */
#include "rules/orm/relation.h"

static void on_use(RuleContext *context, const ProgramUse *use, const Database *database)
{
    (void)database;
    if (use->kind != PROGRAM_SHARED_SESSION)
        return;
    Finding *finding =
        report(context, use->place,
               "all requests share " STR_FMT ": what one of them changes, fails in or rolls back, "
               "the others do too",
               STR_ARG(use->name));
    report_related(context, finding, use->related, STR_FMT " is used by a request here",
                   STR_ARG(use->name));
}

const Rule rule_shared_session = {
    .id = "shared-session",
    .since = "0.1",
    .group = GROUP_ORM,
    .severity = SEVERITY_ERROR,
    .by_default = true,
    .dialects = IN_EVERY_DIALECT,
    .language = FILE_PYTHON,
    .what = "a session that a module makes once and a web application uses for every "
            "request",
    .why = "A session is one transaction and is not safe between threads. Two requests at "
           "a time mix their changes, one commits what the other has half done, and after "
           "the first failure every request gets an error until the server is restarted. "
           "Nothing ends its transaction either, so old rows are never cleaned up.",
    .instead = "A session for each request: `scoped_session(sessionmaker(…))` with `remove()` "
               "when the request ends, Flask-SQLAlchemy's `db.session`, which does just that, "
               "or a dependency that opens and closes one.",
    .bad = "from flask import Flask\n"
           "from sqlalchemy import Column, Integer, String, create_engine\n"
           "from sqlalchemy.orm import declarative_base, sessionmaker\n"
           "\n"
           "app = Flask(__name__)\n"
           "engine = create_engine(\"postgresql:///shop\")\n"
           "Base = declarative_base()\n"
           "Session = sessionmaker(bind=engine)\n"
           "session = Session()\n"
           "\n"
           "class User(Base):\n"
           "    __tablename__ = \"users\"\n"
           "    id = Column(Integer, primary_key=True)\n"
           "    name = Column(String(80))\n"
           "\n"
           "@app.get(\"/users\")\n"
           "def list_users():\n"
           "    return [user.name for user in session.query(User)]\n",
    .good = "from flask import Flask\n"
            "from sqlalchemy import Column, Integer, String, create_engine\n"
            "from sqlalchemy.orm import declarative_base, scoped_session, sessionmaker\n"
            "\n"
            "app = Flask(__name__)\n"
            "engine = create_engine(\"postgresql:///shop\")\n"
            "Base = declarative_base()\n"
            "session = scoped_session(sessionmaker(bind=engine))\n"
            "\n"
            "class User(Base):\n"
            "    __tablename__ = \"users\"\n"
            "    id = Column(Integer, primary_key=True)\n"
            "    name = Column(String(80))\n"
            "\n"
            "@app.get(\"/users\")\n"
            "def list_users():\n"
            "    return [user.name for user in session.query(User)]\n"
            "\n"
            "@app.teardown_appcontext\n"
            "def end_session(error):\n"
            "    session.remove()\n",
    .sources = "https://docs.sqlalchemy.org/en/20/orm/"
               "session_basics.html#is-the-session-thread-safe-is-asyncsession-safe-to-share-in-"
               "concurrent-tasks "
               "https://docs.sqlalchemy.org/en/20/orm/contextual.html",
    .on_use = on_use,
};
