/* Queries of programs that use SQLAlchemy, as facts, and what is done with their rows. Each case is
 * the body of a function; tests/fixtures holds what the rules say of them. */
#include <stdio.h>

#include "frontends/python/python.h"
#include "fuzz/declared.h"
#include "tools/summary.h"
#include "unit/unit.h"

#define MODELS                                                                                     \
    "from sqlalchemy import (Column, ForeignKey, Integer, String, Boolean, Table, and_, or_, \n"   \
    "    not_, delete, desc, exists, func, insert, select, text, update)\n"                        \
    "from sqlalchemy.orm import aliased, declarative_base, joinedload, relationship\n"             \
    "Base = declarative_base()\n"                                                                  \
    "class User(Base):\n"                                                                          \
    "    __tablename__ = 'users'\n"                                                                \
    "    id = Column(Integer, primary_key=True)\n"                                                 \
    "    mail = Column('email', String(80))\n"                                                     \
    "    active = Column(Boolean)\n"                                                               \
    "    posts = relationship('Post', back_populates='author')\n"                                  \
    "class Post(Base):\n"                                                                          \
    "    __tablename__ = 'posts'\n"                                                                \
    "    __table_args__ = {'schema': 'blog'}\n"                                                    \
    "    id = Column(Integer, primary_key=True)\n"                                                 \
    "    user_id = Column(ForeignKey('users.id'))\n"                                               \
    "    title = Column(String(80))\n"                                                             \
    "    at = Column(Integer)\n"                                                                   \
    "    author = relationship('User', back_populates='posts')\n"                                  \
    "    @classmethod\n"                                                                           \
    "    def newest(cls, session, user):\n"                                                        \
    "        return session.query(cls).filter(cls.author == user).order_by(cls.at).first()\n"      \
    "class Note(Base):\n"                                                                          \
    "    __tablename__ = 'notes'\n"                                                                \
    "    id = Column(Integer, primary_key=True)\n"                                                 \
    "    post_id = Column(ForeignKey('blog.posts.id'))\n"                                          \
    "    post = relationship('Post', backref='notes')\n"                                           \
    "tags = Table('tags', Base.metadata, Column('post_id', Integer), Column('tag', String(9)))\n"

/* What the models' own text gives before every case. */
#define OWN "select from blog.posts; where 0.user_id =; order 0.at; limit; out posts.*"

typedef struct {
    const char *body, *expected;
} Case;

static Str facts_of(Arena *arena, const Declared *declared, const Fragment *fragment)
{
    static const char *const uses[] = {"lazy-load", "query-in-loop", "commit-in-loop",
                                       "shared-session", "failed-session"};
    StrVec lines = {0};
    for (uint32_t i = 0; i < declared->queries.n; i++) {
        const Query *query = declared->queries.items[i];
        VEC_PUSH(arena, &lines,
                 str_format(arena, STR_FMT "%s", STR_ARG(query_summary(arena, query)),
                            query->is_partial ? "; partial" : ""));
    }
    for (uint32_t i = 0; i < declared->uses.n; i++) {
        const ProgramUse *use = &declared->uses.items[i];
        Str text =
            str_slice(use->place.fragment->text, use->place.range.start, use->place.range.end);
        VEC_PUSH(arena, &lines, str_format(arena, "%s " STR_FMT, uses[use->kind], STR_ARG(text)));
    }
    for (uint32_t i = 0; i < fragment->queries.n; i++)
        VEC_PUSH(arena, &lines,
                 str_format(arena, "text: " STR_FMT,
                            STR_ARG(query_summary(arena, fragment->queries.items[i]))));
    for (uint32_t i = 0; i < lines.n; i++)
        lines.items[i] = str_trim(lines.items[i]);
    return str_join(arena, lines.items, lines.n, STR("\n"));
}

static void check(const Case *cases, size_t n)
{
    Parser *parser = parser_new();
    for (size_t i = 0; i < n; i++) {
        Arena arena = {0};
        Declared declared;
        StrVec lines = {0};
        Str rest = str_from(cases[i].body), line;
        VEC_PUSH(&arena, &lines, STR(MODELS "def f(session, x):"));
        while (str_next_line(&rest, &line))
            VEC_PUSH(&arena, &lines, str_format(&arena, "    " STR_FMT, STR_ARG(line)));
        VEC_PUSH(&arena, &lines, STR(""));
        Str text = str_join(&arena, lines.items, lines.n, STR("\n"));
        Fragment *fragment = python_read(parser, text, DIALECT_POSTGRESQL);
        ModelFile file = {.fragment = fragment, .path = STR("models.py")};
        python_link(&file, 1, DIALECT_POSTGRESQL, &arena, &declared);
        check_declared(&declared, &file, 1, DIALECT_POSTGRESQL);
        Str actual = facts_of(&arena, &declared, fragment);
        Str own = STR(OWN "\n");
        bool has_own = str_starts_with(actual, own);
        if (has_own)
            actual = str_slice(actual, own.length, actual.length);
        else if (str_equal(actual, STR(OWN)))
            actual = STR("");
        if (!str_equal(actual, str_from(cases[i].expected)))
            print_error("of: %s\nis: " STR_FMT "\n", cases[i].body, STR_ARG(actual));
        assert_str(actual, cases[i].expected);
        fragment_release(fragment);
        arena_release(&arena);
    }
    parser_free(parser);
}

#define CHECK(cases) check((cases), sizeof(cases) / sizeof *(cases))

static void conditions(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"session.query(User).filter(User.mail == 'a', User.active).all()",
         "select from users; where 0.email = 'a', 0.active = 'true'; out users.*"},
        {"session.query(User).filter(User.mail != None, ~User.active).all()",
         "select from users; where 0.email notnull, 0.active = 'true' or; out users.*"},
        {"session.query(User).filter_by(mail=x, active=None).one()",
         "select from users; where 0.email =, 0.active null; out users.*"},
        {"session.query(User).filter((User.mail == 'a') | (User.id > 3)).all()",
         "select from users; where 0.email = 'a' or, 0.id range '3' or; out users.*"},
        {"session.query(User).filter(and_(User.id >= 1, or_(User.mail.like('a%'), "
         "User.mail.ilike(x)))).all()",
         "select from users; where 0.id range '1', 0.email like-prefix or, 0.email like or; out "
         "users.*"},
        {"session.query(User).filter(User.id.in_([1, 2]), User.mail.notin_(x)).all()",
         "select from users; where 0.id in, 0.email <>; out users.*"},
        {"session.query(User).filter(User.mail.is_(None), User.active.isnot(True)).all()",
         "select from users; where 0.email null, 0.active <>; out users.*"},
        {"session.query(User).filter(User.mail.startswith(x), User.mail.contains('b')).all()",
         "select from users; where 0.email like-prefix, 0.email like; out users.*"},
        {"session.query(User).filter(func.lower(User.mail) == x, User.id + 1 == 3).all()",
         "select from users; where 0.email wrapped:lower =, 0.id wrapped =; out users.*"},
        {"session.query(User).filter(User.id.between(1, x)).all()",
         "select from users; where 0.id range; out users.*"},
        {"session.query(User).filter(3 == User.id, x < User.id).all()",
         "select from users; where 0.id = '3', 0.id range; out users.*"},
        {"session.query(User).filter(User.posts.any(Post.title == 'x')).all()",
         "select from users; where; out users.*"},
        {"session.query(Post).filter(Post.author == x).filter_by(author=x).all()",
         "select from blog.posts; where 0.user_id =, 0.user_id =; out posts.*"},
        {"session.query(User).filter(x).all()", "select from users; where; out users.*"},
        {"session.query(User).filter(text('id = 3')).all()",
         "select from users; where; out users.*"},
    };
    CHECK(cases);
}

static void methods(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"session.query(User).order_by(User.mail.desc(), desc(User.id), 'active').limit(5).all()",
         "select from users; order 0.email desc, 0.id desc, 0.active; limit; out users.*"},
        {"session.query(User).order_by(User.mail.desc().nullslast(), func.random()).first()",
         "select from users; order 0.email desc,  wrapped; limit; out users.*"},
        {"session.query(User).order_by(User.id).order_by(None).all()",
         "select from users; out users.*"},
        {"session.query(User)[2:5]", "select from users; limit; out users.*"},
        {"session.query(User.id, "
         "func.count(Post.id)).join(Post).group_by(User.id).distinct().all()",
         "select distinct from users, inner blog.posts on; join 1.user_id = 0.id; group 0.id; out "
         "id,"},
        {"session.query(User).get(x)", "select from users; where 0.id =; out users.*"},
        {"session.get(Post, x)", "select from blog.posts; where 0.id =; out posts.*"},
        {"session.query(User).filter_by(id=1).count()",
         "select from users; where 0.id = '1'; out users.*"},
        {"session.query(User).filter_by(id=1).update({'mail': x, User.active: True})",
         "update from users target; write email,active; where 0.id = '1'"},
        {"session.query(User).filter_by(id=1).delete()",
         "delete from users target; where 0.id = '1'"},
        {"session.query(User).paginate(page=1)", "select from users; limit; out users.*"},
        {"session.query(User).active().all()", "select from users; where; out users.*; partial"},
        {"User.query.filter_by(id=x).first_or_404()",
         "select from users; where 0.id =; limit; out users.*"},
        {"return session.query(User).filter_by(id=x)",
         "select from users; where 0.id =; out users.*; partial"},
        {"session.query(func.count()).select_from(User).scalar()", "select from users; out"},
        {"session.query(User).options(joinedload(User.posts)).all()",
         "select from users; out users.*"},
    };
    CHECK(cases);
}

static void joins(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"session.query(User).join(User.posts).filter(Post.title == 'x').all()",
         "select from users, inner blog.posts on; join 1.user_id = 0.id; where 1.title = 'x'; out "
         "users.*"},
        {"session.query(Post).join(User).filter_by(mail=x).all()",
         "select from blog.posts, inner users on; join 0.user_id = 1.id; where 1.email =; out "
         "posts.*"},
        {"session.query(Post).join(User, Post.author).all()",
         "select from blog.posts, inner users on; join 0.user_id = 1.id; out posts.*"},
        {"session.query(Post).outerjoin(User, User.id == Post.user_id).all()",
         "select from blog.posts, left users on; join 1.id = 0.user_id; out posts.*"},
        {"session.query(Post).join(User, isouter=True).all()",
         "select from blog.posts, left users on; join 0.user_id = 1.id; out posts.*"},
        {"session.query(User, Post).filter(User.id == Post.user_id).all()",
         "select from users, comma blog.posts; join 0.id = 1.user_id; where; out users.*, posts.*"},
        {"a = aliased(User)\nsession.query(User).join(a, a.mail == User.mail).filter(a.id == "
         "1).all()",
         "select from users, inner users users_1 on; join 1.email = 0.email; where 1.id = '1'; out "
         "users.*"},
        {"s = "
         "session.query(Post.user_id).filter_by(title=x).subquery()\nsession.query(User).filter("
         "User.id.in_(s)).all()",
         "select from users; where 0.id in; out users.*; {select from blog.posts; where 0.title =; "
         "out user_id}"},
        {"session.query(User).join(x, x.c.id == User.id).filter_by(id=1).all()",
         "select from users; where 0.id =; out users.*"},
    };
    CHECK(cases);
}

static void statements(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"session.execute(select(User).where(User.id == x).order_by(User.mail)).scalars().all()",
         "select from users; where 0.id =; order 0.email; out users.*"},
        {"session.scalars(select(User.mail, User.id))", "select from users; out email, id"},
        {"session.execute(select([tags.c.tag]).where(tags.c.post_id == 3))",
         "select from tags; where 0.post_id = '3'; out tag"},
        {"session.execute(tags.select().where(tags.c.tag == 'a'))",
         "select from tags; where 0.tag = 'a'"},
        {"session.execute(tags.delete().where(tags.c.tag == 'a'))",
         "delete from tags target; where 0.tag = 'a'"},
        {"session.execute(tags.delete())", "delete from tags target"},
        {"session.execute(insert(User).values(mail=x))",
         "insert values from users target; write email"},
        {"session.execute(update(User).where(User.id == 1).values({'mail': x}))",
         "update from users target; write email; where 0.id = '1'"},
        {"session.execute(update(User), x)", "update from users target; where"},
        {"session.execute(delete(User))", "delete from users target"},
        {"return delete(User)", "delete from users target; where; partial"},
        {"s = select(User)\ns = s.where(User.id == 1)\nreturn session.scalar(s)",
         "select from users; where 0.id = '1'; out users.*"},
        {"session.execute(text('SELECT id FROM users WHERE email = :mail'))",
         "text: select from users; where 0.email =; out id"},
        {"session.execute('DELETE FROM users '\n                'WHERE id = 1')",
         "text: delete from users target; where 0.id = '1'"},
        {"session.execute(text('select_all'))\nsession.execute(f'DELETE FROM {x}')", ""},
        {"print(x.query(User.nothing, 3), select(x), User.other.filter_by(id=1))",
         "select from users; where; out , ; partial"},
    };
    CHECK(cases);
}

static void names(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"q = session.query(User)\nif x:\n    q = q.filter(User.id == x)\nreturn q.all()",
         "select from users; where; out users.*; partial"},
        {"q = session.query(User)\nif x:\n    q = q.filter_by(id=1)\nelse:\n    return "
         "None\nq.all()",
         "select from users; where 0.id = '1'; out users.*"},
        {"q = session.query(User)\nfor i in x:\n    q = q.filter(User.id != i)\nq.delete()",
         "delete from users target; where; partial"},
        {"q = session.query(User)\ntry:\n    q = q.filter_by(id=1)\nexcept ValueError:\n    q = "
         "q.filter_by(id=2)\nq.all()",
         "select from users; where; out users.*; partial\nselect from users; where; out users.*; "
         "partial"},
        {"with x as session:\n    q = session.query(User)\nq.first()\nq.filter_by(id=1).all()",
         "select from users; limit; out users.*\nselect from users; where 0.id = '1'; out users.*"},
        {"User = x\nsession.query(User).all()", ""},
        {"def g(Post):\n    session.query(Post).all()\n    session.query(User).all()",
         "select from users; out users.*"},
        {"return [User.id for User in x if session.query(User).all()]", ""},
        {"session.query(User).filter(lambda: User.id).all()",
         "select from users; where; out users.*"},
        {"while session.query(User).first():\n    session.query(Post).all()",
         "select from users; limit; out users.*\nselect in-loop from blog.posts; out posts.*"},
    };
    CHECK(cases);
}

static void rows(void **state)
{
    (void)state;
    static const Case cases[] = {
        {"for u in session.query(User):\n    print(u.posts)",
         "select from users; out users.*\nlazy-load u.posts"},
        {"for u in session.query(User).options(joinedload('posts')):\n    print(u.posts)",
         "select from users; out users.*"},
        {"for i, u in enumerate(session.query(User).all()):\n    u.posts",
         "select from users; out users.*\nlazy-load u.posts"},
        {"for p in session.query(Post):\n    p.author.mail\n    session.get(User, p.user_id)",
         "select from blog.posts; out posts.*\nselect in-loop from users; where 0.id =; out "
         "users.*\nlazy-load p.author\nquery-in-loop session.get(User, p.user_id)"},
        {"for p in session.query(Post).filter_by(user_id=x):\n    p.author",
         "select from blog.posts; where 0.user_id =; out posts.*"},
        {"for u, p in session.query(User, Post):\n    u.posts\n    p.author",
         "select from users, comma blog.posts; out users.*, posts.*\nlazy-load u.posts\nlazy-load "
         "p.author"},
        {"for u in session.query(User):\n    for p in u.posts:\n        p.author",
         "select from users; out users.*\nlazy-load u.posts"},
        {"users = session.query(User).all()\nmine = {u.id: u.posts for u in users}",
         "select from users; out users.*\nlazy-load u.posts"},
        {"for u in session.query(User):\n    session.query(Post).filter_by(user_id=u.id).all()\n   "
         " session.commit()",
         "select from users; out users.*\nselect in-loop from blog.posts; where 0.user_id =; out "
         "posts.*\nquery-in-loop session.query(Post).filter_by(user_id=u.id).all()\ncommit-in-loop "
         "session.commit()"},
        {"for p in session.query(Post):\n    p.notes\nfor n in "
         "session.query(Note).join(Note.post):\n    n.post.notes",
         "select from blog.posts; out posts.*\nselect from notes, inner blog.posts on; join "
         "0.post_id = 1.id; out notes.*\nlazy-load p.notes"},
        {"for i in x:\n    try:\n        session.flush()\n    except:\n        pass",
         "failed-session except"},
    };
    CHECK(cases);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conditions), cmocka_unit_test(methods), cmocka_unit_test(joins),
        cmocka_unit_test(statements), cmocka_unit_test(names),   cmocka_unit_test(rows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
