from flask import Blueprint, abort, jsonify, request
from sqlalchemy import delete
from sqlalchemy.orm import selectinload

from shop.extensions import db
from shop.models import Brand, Customer, LoginSession, Order, OrderStatus, Product, ProductReview

catalogue = Blueprint("catalogue", __name__)


@catalogue.get("/products/<sku>")
def show_product(sku):
    product = Product.query.filter_by(sku=sku).first()
    if product is None:
        abort(404)
    reviews = (
        ProductReview.query.filter(ProductReview.product_id == product.id)
        .order_by(ProductReview.written_at.desc())
        .limit(20)
        .all()
    )
    return jsonify(name=product.name, reviews=[review.body for review in reviews])


@catalogue.get("/customers/<int:customer_id>/orders")
def show_orders(customer_id):
    orders = db.session.query(Order).filter(Order.customer_id == customer_id).all()
    result = []
    for order in orders:
        customer = Customer.query.get(order.customer_id)  # one query for each order
        result.append({"id": order.id, "customer": customer.name, "total": str(order.total)})
    return jsonify(result)


@catalogue.post("/orders/expire")
def expire_orders():
    limit = request.args["before"]
    stale = db.session.query(Order).filter(Order.status == OrderStatus.new, Order.placed_at < limit)
    changed = stale.update({"status": OrderStatus.cancelled}, synchronize_session=False)
    db.session.commit()
    return jsonify(changed=changed)


@catalogue.get("/orders/packing")
def packing_list():
    orders = Order.query.filter(Order.status == OrderStatus.paid).order_by(Order.placed_at).limit(50)
    return jsonify([{"id": order.id, "lines": len(order.lines)} for order in orders])


@catalogue.get("/brands")
def list_brands():
    brands = Brand.query.options(selectinload(Brand.products)).all()
    return jsonify([{"name": brand.name, "products": len(brand.products)} for brand in brands])  # loaded: fine


@catalogue.post("/sessions/end")
def end_sessions():
    db.session.execute(delete(LoginSession))
    db.session.commit()
    return "", 204


@catalogue.post("/products/prices")
def round_prices():
    for product in Product.query.filter(Product.price > 100):
        product.price = round(product.price)
        db.session.commit()
    return "", 204
