from datetime import datetime, timezone

from sqlalchemy.sql import func

from shop.extensions import db
from shop.models.mixins import BigKey, TimestampMixin


class Agent(BigKey):
    __tablename__ = "agents"

    login = db.Column(db.Text, nullable=False, unique=True)
    name = db.Column(db.Text, nullable=False)
    skills = db.Column(db.ARRAY(db.Text), nullable=False, default=[])


class Ticket(TimestampMixin, BigKey):
    __tablename__ = "tickets"

    customer_id = db.Column(db.Integer, db.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True)
    order_id = db.Column(db.BigInteger, db.ForeignKey("orders.id", ondelete="SET NULL"), index=True)
    agent_id = db.Column(db.BigInteger, db.ForeignKey("agents.id"))
    title = db.Column(db.Text, nullable=False)
    closed_at = db.Column(db.DateTime(timezone=True))


class LoyaltyAccount(db.Model):
    __tablename__ = "loyalty_accounts"

    customer_id = db.Column(db.Integer, db.ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True,
                            autoincrement=False)
    balance = db.Column(db.Float, nullable=False, server_default="0")
    opened_at = db.Column(db.DateTime(timezone=True), nullable=False, default=lambda: datetime.now(timezone.utc))


class LoyaltyBooking(BigKey):
    __tablename__ = "loyalty_bookings"
    __table_args__ = (db.Index("ix_loyalty_bookings_customer_booked", "customer_id", "booked_at"),)

    customer_id = db.Column(db.Integer, db.ForeignKey("loyalty_accounts.customer_id", ondelete="CASCADE"),
                            nullable=False)
    order_id = db.Column(db.BigInteger, db.ForeignKey("orders.id"))
    points = db.Column(db.Integer, nullable=False)
    booked_at = db.Column(db.DateTime, nullable=False, server_default=func.now())
