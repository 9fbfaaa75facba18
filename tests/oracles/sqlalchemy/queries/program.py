"""One query each. What SQLAlchemy sends for it, tests/oracles/queries.t compares with what we read here."""
from sqlalchemy import and_, asc, delete, desc, func, insert, not_, or_, select, text, update
from sqlalchemy.orm import aliased

from models import City, Post, Score, User, labels


def equal(session):
    session.query(User).filter(User.mail == "a", User.age == 3).all()


def not_equal(session):
    session.query(User).filter(User.mail != "a").all()


def ranges(session):
    session.query(User).filter(User.age > 1, User.age <= 9, 5 < User.id).all()


def between(session):
    session.query(User).filter(User.age.between(1, 9)).all()


def nulls(session):
    session.query(User).filter(User.mail == None, User.age.is_(None), User.city_id != None,  # noqa: E711
                               User.is_active.isnot(None)).all()


def lists(session):
    session.query(User).filter(User.id.in_([1, 2]), User.age.notin_([3, 4])).all()


def patterns(session):
    session.query(User).filter(User.mail.like("a%"), User.mail.contains("b"), User.mail.endswith("c")).all()


def by_keywords(session):
    session.query(User).filter_by(mail="a", age=None).all()


def either(session):
    session.query(User).filter(or_(User.mail == "a", User.age > 3), User.id == 1).all()


def either_in_python(session):
    session.query(User).filter((User.mail == "a") | (User.age > 3), (User.id == 1) & (User.age == 2)).all()


def both(session):
    session.query(User).filter(and_(User.mail == "a", or_(User.age == 3, and_(User.id == 1, User.age == 2)))).all()


def negated(session):
    session.query(User).filter(not_(and_(User.mail == "a", User.age == 1))).all()


def wrapped(session):
    session.query(User).filter(func.lower(User.mail) == "a", User.age + 1 == 3).all()


def by_object(session):
    city = City(id=3)
    session.query(User).filter(User.city == city).all()


def by_object_keyword(session):
    city = City(id=3)
    session.query(User).filter_by(city=city).all()


def ordered(session):
    session.query(User).order_by(User.mail.desc(), asc(User.age), desc(User.id)).all()


def ordered_anew(session):
    session.query(User).order_by(User.mail).order_by(None).order_by(User.age).all()


def limited(session):
    session.query(User).filter(User.age == 1).order_by(User.mail).limit(5).offset(2).all()


def first(session):
    session.query(Post).filter_by(user_id=1).order_by(Post.written_at.desc()).first()


def sliced(session):
    session.query(User).order_by(User.id)[2:4]


def by_key(session):
    session.query(User).get(3)


def by_session_key(session):
    session.get(Score, (1, 2))


def counted(session):
    session.query(User).filter(User.age == 3).count()


def counted_anew(session):
    session.execute(select(func.count()).select_from(User).where(User.age == 3)).scalar()


def columns(session):
    session.query(User.mail, func.max(User.age)).filter(User.is_active == True).group_by(User.mail).all()  # noqa: E712


def joined_by_relation(session):
    session.query(User).join(User.posts).filter(Post.title == "a").all()


def joined_by_class(session):
    session.query(Post).join(User).filter(User.age == 1).all()


def joined_by_keyword(session):
    session.query(Post).join(Post.author).filter_by(mail="a").all()


def joined_on(session):
    session.query(Post).join(User, and_(User.id == Post.user_id, User.age == 4)).all()


def joined_outer(session):
    session.query(User).outerjoin(User.city).outerjoin(Post, Post.user_id == User.id).all()


def joined_twice(session):
    session.query(Post).join(Post.author).join(User.city).filter(City.name == "a").order_by(Post.written_at).limit(3).all()


def joined_by_backref(session):
    session.query(City).join(City.users).filter(User.mail == "a").all()


def joined_to_table(session):
    session.query(Post).join(labels, labels.c.post_id == Post.id).filter(labels.c.label == "a").all()


def joined_by_where(session):
    session.query(User, Post).filter(User.id == Post.user_id, Post.title == "a").all()


def aliases(session):
    other = aliased(User)
    session.query(User).join(other, other.city_id == User.city_id).filter(other.age == 3).all()


def subquery(session):
    busy = session.query(Post.user_id).filter(Post.title == "a")
    session.query(User).filter(User.id.in_(busy)).all()


def selected(session):
    session.execute(select(User).where(User.age == 1).where(User.mail == "a").order_by(User.id)).scalars().all()


def selected_joined(session):
    session.execute(select(Post.title).join(Post.author).where(User.mail == "a").limit(4)).all()


def selected_filter_by(session):
    session.execute(select(User).filter_by(age=3)).all()


def of_table(session):
    session.execute(labels.select().where(labels.c.label == "a"))


def deleted_of_table(session):
    session.execute(labels.delete().where(labels.c.label == "a"))


def deleted(session):
    session.query(Post).filter(Post.user_id == 3).delete(synchronize_session=False)


def deleted_all(session):
    session.query(Post).delete(synchronize_session=False)


def deleted_anew(session):
    session.execute(delete(Post).where(Post.user_id == 3, Post.title == "a").execution_options(synchronize_session=False))


def updated(session):
    session.query(User).filter_by(mail="a").update({"age": 3, User.is_active: False}, synchronize_session=False)


def updated_anew(session):
    session.execute(update(User).where(User.id == 3).values(mail="a").execution_options(synchronize_session=False))


def updated_all(session):
    session.execute(update(User).values(age=User.age + 1).execution_options(synchronize_session=False))


def inserted(session):
    session.execute(insert(City).values(id=100, name="a"))


def in_steps(session):
    query = session.query(User).filter(User.age == 1)
    query = query.order_by(User.mail)
    query = query.filter_by(is_active=True).limit(3)
    query.all()


def iterated(session):
    for user in session.query(User).filter(User.age == 1):
        print(user.mail)


def of_a_class(session):
    Users(session).active()


class Users:
    def __init__(self, session):
        self.session = session

    def active(self):
        return self.session.query(User).filter(User.is_active == True).one_or_none()  # noqa: E712


def as_text(session):
    session.execute(text("SELECT title FROM posts p JOIN users u ON u.id = p.user_id WHERE u.email = :mail ORDER BY p.written_at"),
                    {"mail": "a"})
