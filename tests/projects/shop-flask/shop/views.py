from flask import Blueprint, abort, jsonify, request

from shop.extensions import db
from shop.models import Customer, Order, OrderStatus, Product, ProductReview

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
