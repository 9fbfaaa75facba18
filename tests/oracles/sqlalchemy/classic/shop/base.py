"""What the modules of the shop share: base, mixins, types, constants."""
import functools

import sqlalchemy as sa
from sqlalchemy import MetaData
from sqlalchemy.dialects import postgresql
from sqlalchemy.ext.declarative import declared_attr
from sqlalchemy.orm import declarative_base
from sqlalchemy.types import TypeDecorator, UserDefinedType

NAME_LENGTH = 80
NAMING = {
    'ix': 'ix_%(column_0_label)s',
    'uq': 'uq_%(table_name)s_%(column_0_N_name)s',
    'ck': 'ck_%(table_name)s_%(constraint_name)s',
    'fk': 'fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s',
    'pk': 'pk_%(table_name)s',
}
metadata = MetaData(naming_convention=NAMING)


class CommonBase(object):
    __table_args__ = {'mysql_engine': 'InnoDB'}

    @declared_attr
    def __tablename__(cls):
        return 'shop_' + cls.__name__.lower()


Base = declarative_base(cls=CommonBase, metadata=metadata)

Required = functools.partial(sa.Column, nullable=False)


def big_key():
    return sa.BigInteger().with_variant(sa.Integer, 'sqlite')


def owner_key(target, nullable=False):
    return sa.Column(sa.Integer, sa.ForeignKey(target, ondelete='CASCADE'), nullable=nullable)


class Guid(TypeDecorator):
    impl = sa.CHAR
    cache_ok = True

    def load_dialect_impl(self, dialect):
        if dialect.name == 'postgresql':
            return dialect.type_descriptor(postgresql.UUID())
        else:
            return dialect.type_descriptor(sa.CHAR(36))


class Money(TypeDecorator):
    impl = sa.Numeric(12, 2)
    cache_ok = True


class Slug(TypeDecorator):
    impl = sa.String
    cache_ok = True

    def __init__(self, length=40, *args, **kwargs):
        super().__init__(length, *args, **kwargs)


class ShortName(sa.String):
    pass


class Point(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **kw):
        return 'POINT'


class Timestamps:
    created_at = sa.Column(sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())
    updated_at = sa.Column(sa.DateTime(timezone=True), onupdate=sa.func.now())


class Owned:
    @declared_attr
    def owner_id(cls):
        return sa.Column(sa.Integer, sa.ForeignKey('shop_customer.id', ondelete='SET NULL'), index=True)

    @declared_attr
    def owner(cls):
        return sa.orm.relationship('Customer')


class Versioned(Base):
    __abstract__ = True
    version = sa.Column(sa.SmallInteger, nullable=False, default=1, server_default=sa.text('1'))
