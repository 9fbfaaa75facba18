from datetime import datetime

from sqlalchemy.dialects.postgresql import UUID

from shop.extensions import db


class Customer(db.Model):
    __tablename__ = "customers"

    id = db.Column(db.Integer, primary_key=True)
    email = db.Column(db.String(255), nullable=False)
    name = db.Column(db.Text, nullable=False)
    password = db.Column(db.Text, nullable=False)
    phone1 = db.Column(db.String(32))
    phone2 = db.Column(db.String(32))
    phone3 = db.Column(db.String(32))
    country = db.Column(db.CHAR(2), nullable=False, server_default="DE")
    newsletter = db.Column(db.Boolean, nullable=False, server_default=db.false())
    settings = db.Column(db.JSON)
    loyalty_level = db.Column(db.Text, nullable=False)
    referral_code = db.Column(UUID(as_uuid=True), nullable=False, server_default=db.text("gen_random_uuid()"))
    created_at = db.Column(db.DateTime, nullable=False, default=datetime.utcnow())

    addresses = db.relationship("Address", back_populates="customer", cascade="all, delete-orphan")
    orders = db.relationship("Order", back_populates="customer", lazy="dynamic")

    __table_args__ = (db.UniqueConstraint("email", name="uq_customers_email"),)


class Address(db.Model):
    __tablename__ = "addresses"

    id = db.Column(db.Integer, primary_key=True)
    customer_id = db.Column(db.Integer, db.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False)
    recipient = db.Column(db.Text, nullable=False)
    street = db.Column(db.Text, nullable=False)
    postcode = db.Column(db.Text, nullable=False)
    city = db.Column(db.Text, nullable=False)
    country = db.Column(db.Text, nullable=False, server_default="DE")
    delivery_note = db.Column(db.Text)  # nobody wrote the revision

    customer = db.relationship("Customer", back_populates="addresses")


class LoginSession(db.Model):
    """Called login_session in the database: Flask-SQLAlchemy's own naming."""

    token = db.Column(UUID(as_uuid=True), primary_key=True)
    customer_id = db.Column(db.ForeignKey("customers.id", ondelete="CASCADE"), nullable=False, index=True)
    expires_at = db.Column(db.DateTime(timezone=True), nullable=False)
    user_agent = db.Column(db.Text)
