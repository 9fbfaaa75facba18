"""Core: Table(), with what hangs on it, and an imperative and a hybrid mapping."""
import sqlalchemy as sa
from sqlalchemy import *
from sqlalchemy import Column, Index, MetaData, Table
from sqlalchemy.orm import registry

from . import base
from .base import Base, metadata

article_tags = Table(
    'article_tags', metadata,
    Column('article_id', ForeignKey('shop_article.id', ondelete='CASCADE'), primary_key=True),
    Column('tag_id', None, ForeignKey('tags.id'), primary_key=True),
    UniqueConstraint('tag_id', 'article_id', name='uq_reverse'),
)

tags = Table('tags', metadata, Column('id', Integer, primary_key=True), Column('name', String(30), unique=True))

COMMON = [Column('made', DateTime), Column('maker', String(20))]

other = MetaData(schema='archive')
past = Table('past', other, Column('id', BigInteger, primary_key=True), Column('tag', String(20), index=True), *COMMON,
             comment='what was')
past_items = sa.Table('past_items', other,
                      sa.Column('id', sa.Integer, primary_key=True),
                      sa.Column('past_id', sa.ForeignKey(past.c.id, onupdate='CASCADE'), nullable=False),
                      sa.Column('flag', sa.Boolean(), server_default=sa.sql.expression.false()),
                      sa.Column('when', sa.TIMESTAMP(timezone=True), server_default=sa.func.current_timestamp()),
                      sa.CheckConstraint('id > 0'),
                      sa.Index('ix_past_items_when', 'when'))
Index('ix_past_made', past.c.made.desc())


class Hybrid(Base):
    __table__ = Table('hybrid', Base.metadata, Column('id', Integer, primary_key=True),
                      Column('tag_id', Integer, ForeignKey(tags.c.id)))


mapper_registry = registry()


@mapper_registry.mapped
class Decorated:
    __tablename__ = 'decorated'
    id = Column(Integer, primary_key=True)
    name = Column(String(10), server_default=text("'x'"))
