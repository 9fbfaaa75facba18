from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR

from shop.extensions import db
from shop.models.mixins import BigKey, TimestampMixin

product_categories = db.Table(
    "product_categories",
    db.Column("product_id", db.BigInteger, db.ForeignKey("products.id", ondelete="CASCADE"), nullable=False),
    db.Column("category_id", db.BigInteger, db.ForeignKey("categories.id", ondelete="CASCADE"), nullable=False),
)


class Brand(BigKey):
    __tablename__ = "brands"

    name = db.Column(db.Text, nullable=False, unique=True)
    products = db.relationship("Product", backref="brand")


class Category(BigKey):
    __tablename__ = "categories"

    parent_id = db.Column(db.BigInteger, db.ForeignKey("categories.id"))
    name = db.Column(db.Text, nullable=False)
    slug = db.Column(db.String(120), nullable=False, index=True, unique=True)

    children = db.relationship("Category", backref=db.backref("parent", remote_side="Category.id"))


class Product(TimestampMixin, BigKey):
    __tablename__ = "products"
    __table_args__ = (
        db.CheckConstraint("weight_g > 0", name="ck_products_weight"),
        db.Index("ix_products_search", "search", postgresql_using="gin"),
        {"comment": "What we sell"},
    )

    brand_id = db.Column(db.BigInteger, db.ForeignKey("brands.id"))
    sku = db.Column(db.String(40), nullable=False, unique=True)
    name = db.Column(db.Text, nullable=False)
    description = db.Column(db.Text)
    price = db.Column(db.Float, nullable=False)
    attributes = db.Column(JSONB, nullable=False, server_default="{}")
    weight_g = db.Column(db.Numeric(10, 1))
    search = db.Column(TSVECTOR)

    categories = db.relationship("Category", secondary=product_categories, backref="products")
    images = db.relationship("ProductImage", back_populates="product", order_by="ProductImage.position")


class ProductImage(BigKey):
    __tablename__ = "product_images"
    __table_args__ = (db.UniqueConstraint("product_id", "position"),)

    product_id = db.Column(db.BigInteger, db.ForeignKey("products.id", ondelete="CASCADE"), nullable=False)
    url = db.Column(db.Text, nullable=False)
    alt = db.Column(db.Text, nullable=False, server_default="")
    position = db.Column(db.SmallInteger, nullable=False, server_default="0")

    product = db.relationship("Product", back_populates="images")
