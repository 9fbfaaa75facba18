from shop.extensions import db
from shop.models.mixins import BigKey


class Warehouse(BigKey):
    __tablename__ = "warehouses"

    code = db.Column(db.String(12), nullable=False, unique=True)
    name = db.Column(db.Text, nullable=False)
    city = db.Column(db.Text, nullable=False)

    levels = db.relationship("StockLevel", back_populates="warehouse")


class StockLevel(db.Model):
    __tablename__ = "stock_levels"
    __table_args__ = (
        db.PrimaryKeyConstraint("warehouse_id", "product_id"),
        db.ForeignKeyConstraint(["warehouse_id"], ["warehouses.id"]),
        db.ForeignKeyConstraint(["product_id"], ["products.id"], ondelete="CASCADE"),
        db.CheckConstraint("quantity >= 0", name="ck_stock_levels_quantity"),
    )

    warehouse_id = db.Column(db.BigInteger, nullable=False)
    product_id = db.Column(db.BigInteger, nullable=False)
    quantity = db.Column(db.Integer, nullable=False, server_default=db.text("0"))
    reserved = db.Column(db.Integer, nullable=False, server_default=db.text("0"))

    warehouse = db.relationship("Warehouse", back_populates="levels")
    product = db.relationship("Product")


class Supplier(BigKey):
    __tablename__ = "suppliers"

    name = db.Column(db.Text, nullable=False)
    email = db.Column(db.Text, nullable=False)
    vat_number = db.Column(db.Text, server_default="NULL")
