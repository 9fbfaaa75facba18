from sqlalchemy.sql import func

from shop.extensions import db


class TimestampMixin:
    """When a row was written, by the database's clock."""

    created_at = db.Column(db.DateTime(timezone=True), nullable=False, server_default=func.now())
    updated_at = db.Column(db.DateTime(timezone=True), onupdate=func.now())


class BigKey(db.Model):
    """Tables that will grow."""

    __abstract__ = True

    id = db.Column(db.BigInteger, primary_key=True)
