from __future__ import annotations

import datetime
import decimal
import enum
import uuid
from typing import Any, ClassVar, Dict, List, Literal, Optional, Union

import sqlalchemy as sa
from sqlalchemy import Enum, ForeignKey, Index, String, Text, UniqueConstraint, func, text
from sqlalchemy.ext.associationproxy import association_proxy
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, MappedAsDataclass, WriteOnlyMapped, column_property, mapped_column, relationship

from . import base as b
from .base import Base, Named, Stamped, bigpk, intpk, required_name, short, str50


class Role(enum.Enum):
    ADMIN = 'admin'
    USER = 'user'


class User(Named, Stamped, Base):
    name: Mapped[required_name]
    nick: Mapped[str50]
    code: Mapped[Optional[short]]
    email: Mapped[str] = mapped_column(String(200), unique=True)
    about: Mapped[Optional[str]] = mapped_column(Text)
    age: Mapped[int | None]
    ratio: Mapped[Union[float, None]]
    money: Mapped[decimal.Decimal]
    secret: Mapped[bytes]
    active: Mapped[bool] = mapped_column(server_default=sa.true())
    role: Mapped[Role] = mapped_column(server_default='USER')
    loose: Mapped[Role] = mapped_column(Enum(Role, native_enum=False))
    uid: Mapped[uuid.UUID]
    born: Mapped[datetime.date]
    wakes: Mapped[Optional[datetime.time]]
    lasts: Mapped[datetime.timedelta]
    data: Mapped[Dict[str, Any]]
    forced: Mapped[Optional[str]] = mapped_column(String(5), nullable=False)
    plain = mapped_column(String(7))
    status: Mapped[Literal['draft', 'published']]
    quoted: Mapped["Optional[str]"] = mapped_column("quoted_name", String(9))
    posts: Mapped[List["Post"]] = relationship(back_populates='author', cascade='all, delete-orphan')
    names = association_proxy('posts', 'title')
    limit: ClassVar[int] = 3

    @hybrid_property
    def is_admin(self):
        return self.role == Role.ADMIN


class Post(Named, Base):
    __table_args__ = (UniqueConstraint('author_id', 'title'), Index(None, 'title'))
    author_id: Mapped[int] = mapped_column(ForeignKey('users.id', ondelete='CASCADE'))
    editor_id: Mapped[Optional[int]] = mapped_column(ForeignKey(User.id))
    title: Mapped[str] = mapped_column(String(100))
    author: Mapped[User] = relationship(back_populates='posts', foreign_keys=[author_id])
    title_length = column_property(func.length(title))
    tags: Mapped[List[Tag]] = relationship(secondary=lambda: post_tags)
    log: WriteOnlyMapped["Entry"] = relationship()


class Tag(Base):
    __tablename__ = 'tag'
    id: Mapped[bigpk]
    name: Mapped[str] = mapped_column(String(20), index=True, unique=True)


post_tags = sa.Table('post_tags', Base.metadata,
                     sa.Column('post_id', ForeignKey(Post.id), primary_key=True),
                     sa.Column('tag_id', ForeignKey('tag.id'), primary_key=True))


class Entry(MappedAsDataclass, Base):
    __tablename__ = 'entry'
    id: Mapped[int] = mapped_column(init=False, primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey('posts.id'))
    text: Mapped[Optional[str]] = mapped_column(Text, default=None)
    at: Mapped[datetime.datetime] = mapped_column(default_factory=datetime.datetime.now)


class Animal(Base):
    __tablename__ = 'animal'
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    __mapper_args__ = {'polymorphic_on': 'kind', 'polymorphic_identity': 'animal'}


class Dog(Animal):
    barks: Mapped[Optional[bool]]
    __mapper_args__ = {'polymorphic_identity': 'dog'}


class Cat(Animal):
    __tablename__ = 'cat'
    id: Mapped[int] = mapped_column(ForeignKey('animal.id'), primary_key=True)
    lives: Mapped[int] = mapped_column(sa.SmallInteger)
    __mapper_args__ = {'polymorphic_identity': 'cat'}


class Numbers(Base):
    __tablename__ = 'numbers'
    id: Mapped[int] = mapped_column(sa.Identity(), primary_key=True)
    double: Mapped[float] = mapped_column(sa.Double)
    key: Mapped[uuid.UUID] = mapped_column(sa.Uuid(as_uuid=False))
    text_key: Mapped[uuid.UUID] = mapped_column(sa.Uuid(native_uuid=False))
    total: Mapped[int] = mapped_column(sa.Computed('1 + 1'))
