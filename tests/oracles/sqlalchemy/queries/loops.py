"""Loops over rows. Those in which SQLAlchemy sends more queries the more rows there are, and no others, are to be found."""
from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload, subqueryload

from models import City, Post, User


def lists(session):
    for user in session.query(User):
        print(len(user.posts))


def lists_with_one_query_more(session):
    for user in session.query(User).options(selectinload(User.posts)):
        print(len(user.posts))


def lists_with_a_join(session):
    for user in session.execute(select(User).options(joinedload(User.posts))).unique().scalars():
        print(len(user.posts))


def lists_with_a_subquery(session):
    return {user.id: user.posts for user in session.query(User).options(subqueryload(User.posts)).all()}


def in_a_comprehension(session):
    return [post.author.mail for post in session.scalars(select(Post))]


def of_one_author(session):
    return [post.author.mail for post in session.query(Post).filter(Post.user_id == 1)]


def authors_at_hand(session):
    users = session.query(User).all()
    return [(post.author.mail, len(users)) for post in session.query(Post)]


def back_and_forth(session):
    user = session.query(User).first()
    for post in user.posts:
        print(post.author.mail)


def backref(session):
    for city in session.query(City).order_by(City.name):
        print([user.mail for user in city.users])


def pairs(session):
    for user, post in session.query(User, Post).join(Post.author):
        print(user.city.name, post.title)


def only_columns(session):
    for mail, age in session.query(User.mail, User.age):
        print(mail, age)


def by_a_query(session):
    for user in session.query(User):
        print(session.query(Post).filter(Post.user_id == user.id).count())


def by_key(session):
    for post in session.query(Post).all():
        print(session.get(User, post.user_id).mail)


def by_one_query(session):
    ids = [user.id for user in session.query(User)]
    print(session.query(Post).filter(Post.user_id.in_(ids)).all())


def committing(session):
    for user in session.query(User).all():
        user.age = 3
        session.commit()


def committing_once(session):
    for user in session.query(User).all():
        user.age = 3
    session.commit()


def assigning(session):
    city = session.query(City).first()
    for user in session.query(User):
        user.city = city


def first_ones(session):
    for user in session.query(User).limit(3):
        print(user.posts)


def only_the_first(session):
    for user in session.query(User):
        print(user.posts)
        break


def nothing_read(session):
    users = session.query(User).options(selectinload(User.posts).joinedload(Post.author)).all()
    for user in users:
        for post in user.posts:
            print(post.author.mail)
