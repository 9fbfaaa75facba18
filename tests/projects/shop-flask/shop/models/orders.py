import enum

from sqlalchemy.sql import func

from shop.extensions import db
from shop.models.mixins import BigKey


class OrderStatus(enum.Enum):
    new = "new"
    paid = "paid"
    packed = "packed"
    shipped = "shipped"
    cancelled = "cancelled"
    returned = "returned"


class Order(BigKey):
    __tablename__ = "orders"

    customer_id = db.Column(db.Integer, db.ForeignKey("customers.id"), nullable=False)
    status = db.Column(db.Enum(OrderStatus, name="order_status"), nullable=False, server_default="new")
    total = db.Column(db.Numeric(12, 2), nullable=False)
    currency = db.Column(db.String(3), nullable=False, server_default="EUR")
    note = db.Column(db.Text)
    placed_at = db.Column(db.DateTime(timezone=True), nullable=False, server_default=func.now(), index=True)

    customer = db.relationship("Customer", back_populates="orders")
    lines = db.relationship("OrderLine", back_populates="order", cascade="all, delete-orphan", passive_deletes=True)
    payments = db.relationship("Payment", back_populates="order")

    __table_args__ = (
        db.CheckConstraint("total >= 0", name="ck_orders_total"),
        {"comment": "One row for each order that was placed"},
    )


class OrderLine(db.Model):
    __tablename__ = "order_lines"

    order_id = db.Column(db.BigInteger, db.ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True)
    line_no = db.Column(db.SmallInteger, primary_key=True)
    product_id = db.Column(db.BigInteger, db.ForeignKey("products.id", name="fk_order_lines_product"), nullable=False,
                           index=True)
    quantity = db.Column(db.Integer, nullable=False)
    unit_price = db.Column(db.Numeric(12, 2), nullable=False)

    order = db.relationship("Order", back_populates="lines")


class Payment(BigKey):
    __tablename__ = "payments"
    __table_args__ = (db.UniqueConstraint("provider", "provider_ref", name="uq_payments_provider"),)

    order_id = db.Column(db.Integer, db.ForeignKey("orders.id"), nullable=False, index=True)
    provider = db.Column(db.Text, nullable=False)
    provider_ref = db.Column(db.String(64), nullable=False)  # the revision made it 40 wide
    amount = db.Column(db.REAL, nullable=False)
    created_at = db.Column(db.DateTime(timezone=True), nullable=False, server_default=func.now())

    order = db.relationship("Order", back_populates="payments")


class Coupon(db.Model):
    __tablename__ = "coupons"

    code = db.Column(db.Text, primary_key=True)
    discount = db.Column(db.Numeric(5, 2), nullable=False)
    valid_until = db.Column(db.DateTime(timezone=True))


class CouponUse(db.Model):
    """coupon_use in the database."""

    __table_args__ = (db.Index("ix_coupon_use_code", "coupon_code"),)

    coupon_code = db.Column(db.Text, db.ForeignKey("coupons.code"), primary_key=True)
    order_id = db.Column(db.BigInteger, db.ForeignKey("orders.id", ondelete="CASCADE"), primary_key=True, index=True)
