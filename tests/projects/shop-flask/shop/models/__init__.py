from shop.models.catalogue import Brand, Category, Product, ProductImage, product_categories
from shop.models.customers import Address, Customer, LoginSession
from shop.models.orders import Coupon, CouponUse, Order, OrderLine, OrderStatus, Payment
from shop.models.reviews import ProductReview, mailed_reviews
from shop.models.stock import StockLevel, Supplier, Warehouse
from shop.models.support import Agent, LoyaltyAccount, LoyaltyBooking, Ticket

__all__ = [
    "Address", "Agent", "Brand", "Category", "Coupon", "CouponUse", "Customer", "LoginSession", "LoyaltyAccount",
    "LoyaltyBooking", "Order", "OrderLine", "OrderStatus", "Payment", "Product", "ProductImage", "ProductReview",
    "StockLevel", "Supplier", "Ticket", "Warehouse", "mailed_reviews", "product_categories",
]
