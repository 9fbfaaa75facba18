from sqlalchemy.sql import func

from shop.extensions import db
from shop.models.mixins import BigKey

# Until there were reviews here they were mailed; the lawyers want to keep them.
mailed_reviews = db.Table(
    "mailed_reviews",
    db.Column("received_on", db.Date, nullable=False),
    db.Column("sender", db.Text, nullable=False),
    db.Column("body", db.Text, nullable=False),
)


class ProductReview(BigKey):
    __tablename__ = "product_reviews"
    __table_args__ = (
        db.UniqueConstraint("product_id", "customer_id", name="uq_reviews_product_customer"),
        db.CheckConstraint("rating BETWEEN 1 AND 5", name="ck_reviews_rating"),
        db.Index("ix_reviews_written_at", db.text("written_at DESC")),
    )

    product_id = db.Column(db.BigInteger, db.ForeignKey("products.id", ondelete="CASCADE"), nullable=False)
    customer_id = db.Column(db.Integer, nullable=False)
    rating = db.Column(db.SmallInteger, nullable=False)
    body = db.Column(db.Text)
    written_at = db.Column(db.DateTime(timezone=True), nullable=False, server_default=func.now())
