from datetime import datetime

from sqlalchemy import (Boolean, CheckConstraint, Column, Date, Enum, Float, ForeignKey, ForeignKeyConstraint, Index,
                        Integer, JSON, LargeBinary, Numeric, PrimaryKeyConstraint, Sequence, SmallInteger, String, Text,
                        Time, Unicode, UniqueConstraint, func, text)
from sqlalchemy.orm import backref, relationship
from sqlalchemy.orm import deferred, synonym

from .base import (NAME_LENGTH, Base, Guid, Money, Owned, Point, Required, ShortName, Slug, Timestamps, Versioned,
                   big_key, owner_key)
from .enums import Level, State, Weekday


class Customer(Timestamps, Base):
    __table_args__ = (
        UniqueConstraint('name', 'born', name='uq_named'),
        UniqueConstraint('email', 'kind'),
        CheckConstraint('length(email) > 3', name='email_length'),
        CheckConstraint(text('born > \'1900-01-01\''), name='born_late'),
        Index('ix_customer_lower', func.lower(text('email'))),
        Index('ix_customer_recent', 'born', unique=False),
        {'mysql_engine': 'InnoDB', 'mysql_charset': 'utf8mb4', 'comment': 'who buys'},
    )

    id = Column(Integer, primary_key=True)
    name = Column('name', String(NAME_LENGTH), nullable=False, comment='as printed')
    email = Required(String(255), unique=True)
    nick = Column(ShortName(20), index=True)
    code = Column(Slug(), index=True, unique=True)
    long_code = Column(Slug(60))
    born = Column(Date)
    kind = Column(String(10), server_default='private', nullable=False)
    balance = Column(Money, server_default='0')
    rate = Column(Float, default=0.5)
    active = Column(Boolean, nullable=False, server_default=text('true'))
    notes = deferred(Column(Text))
    picture = Column(LargeBinary)
    data = Column(JSON)
    opens = Column(Time)
    token = Column(Guid, default=lambda: 'x')
    parent_id = Column(Integer, ForeignKey('shop_customer.id'))
    weight = Column(Numeric(5, 3))
    score = Column(Numeric(asdecimal=False))
    state = Column(Enum(State), nullable=False, default=State.new)
    raw_state = Column(Enum(State, name='raw_state', values_callable=lambda x: [e.value for e in x]))
    level = Column(Enum(Level, native_enum=False, length=20))
    day = Column(Enum(Weekday, name='weekday'))
    colour = Column(Enum('red', 'green', 'it''s', name='colour'), server_default='red')
    checked = Column(Enum('a', 'b', name='checked_kind', native_enum=False, create_constraint=True))
    children = relationship('Customer', backref=backref('parent', remote_side=[id]))
    alias = synonym('name')


class Article(Versioned, Timestamps, Owned):
    id = Column(big_key(), primary_key=True)
    title = Column(Unicode(200), nullable=False)
    seller_id = owner_key('shop_customer.id')
    reviewer_id = owner_key('shop_customer.id', nullable=True)
    price = Column(Numeric(10, 2), CheckConstraint('price >= 0', name='price_positive'), nullable=False)
    rank = Column(SmallInteger, server_default=text('0'))


class Stock(Base):
    """A key of two columns, and a key of the two to it."""
    __tablename__ = 'stock'
    article_id = Column(ForeignKey(Article.id), primary_key=True)
    place = Column(String(20), primary_key=True)
    amount = Column(Integer, nullable=False, default=0)


class Movement(Base):
    __tablename__ = 'movement'
    __table_args__ = (
        ForeignKeyConstraint(['article_id', 'place'], ['stock.article_id', 'stock.place'], onupdate='CASCADE',
                             ondelete='RESTRICT'),
        PrimaryKeyConstraint('article_id', 'place', 'at'),
    )
    article_id = Column(big_key())
    place = Column(String(20))
    at = Column(Integer)


class Counter(Base):
    __tablename__ = 'counter'
    id = Column(Integer, Sequence('counter_seq', start=10), primary_key=True)
    value = Column(Integer, autoincrement=False)


class Manual(Base):
    __tablename__ = 'manual'
    id = Column(Integer, primary_key=True, autoincrement=False)


class Late(Base):
    __tablename__ = 'late'
    key = Column('the_key', String(10), primary_key=True)
    first = Column('erste', Integer)
    second = Column('zweite', Integer, key='two')
    __table_args__ = (Index('ix_late_both', first, second.desc()),)


Late.third = Column(Integer, index=True)
Index('ix_late_third_first', Late.third, Late.first)


class Person(Base):
    """Single and joined and concrete inheritance."""
    __tablename__ = 'person'
    id = Column(Integer, primary_key=True)
    type = Column(String(20))
    name = Column(String(50))
    __mapper_args__ = {'polymorphic_on': type, 'polymorphic_identity': 'person'}


class Guest(Person):
    __tablename__ = None
    room = Column(String(10))
    __mapper_args__ = {'polymorphic_identity': 'guest'}


class Employee(Person):
    __tablename__ = 'employee'
    id = Column(Integer, ForeignKey('person.id'), primary_key=True)
    salary = Column(Money)
    __mapper_args__ = {'polymorphic_identity': 'employee'}


class Contractor(Person):
    __tablename__ = 'contractor'
    id = Column(Integer, primary_key=True)
    name = Column(String(50))
    firm = Column(String(50))
    __mapper_args__ = {'concrete': True}


class Left(Base):
    __tablename__ = 'left_side'
    id = Column(Integer, primary_key=True)
    right_id = Column(Integer, ForeignKey('right_side.id', use_alter=True, name='fk_left_right'))


class Right(Base):
    __tablename__ = 'right_side'
    id = Column(Integer, primary_key=True)
    left_id = Column(Integer, ForeignKey('left_side.id'))


class AVeryLongNameThatNobodyWouldGiveToATableUnlessHeWantedToSeeWhatHappens(Base):
    __tablename__ = 'a_very_long_name_that_nobody_would_give_to_a_table_ever'
    id = Column(Integer, primary_key=True)
    another_quite_long_name = Column(Integer, ForeignKey('shop_customer.id'), index=True)
