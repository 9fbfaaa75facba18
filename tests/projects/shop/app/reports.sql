-- name: DashboardOfCustomer
SELECT o.id, o.status, o.total, o.placed_at
FROM orders o
WHERE o.customer_id = $1 AND o.status = 'new'
ORDER BY o.placed_at DESC
LIMIT 20;

-- name: OrderWithLines
SELECT o.id, o.total, l.line_no, l.quantity, l.unit_price, p.name
FROM orders o
JOIN order_lines l ON l.order_id = o.id
JOIN products p ON p.id = l.product_id
WHERE o.id = $1;

-- name: AddressesOfCustomer
SELECT id, recipient, street, postcode, city FROM addresses WHERE customer_id = $1;

-- name: ProductsOfBrand
SELECT p.id, p.name, p.price
FROM products p
WHERE p.brand_id = $1 AND p.is_published
ORDER BY p.name
LIMIT 50;

-- name: ProductsInCategory
SELECT p.id, p.name, p.price
FROM product_categories pc
JOIN products p ON p.id = pc.product_id
WHERE pc.category_id = $1;

-- name: OpenTicketsOfAgent
SELECT t.id, t.title, t.opened_at
FROM tickets t
WHERE t.agent_id = $1 AND t.closed_at IS NULL
ORDER BY t.opened_at;

-- name: CustomerByEmail
SELECT id, name, password FROM customers WHERE lower(email) = lower($1);

-- name: RevenueByMonth
SELECT date_trunc('month', o.placed_at) AS month, sum(o.total) AS revenue
FROM orders o
WHERE o.status IN ('paid', 'packed', 'shipped') AND o.placed_at >= $1
GROUP BY 1
ORDER BY 1;

-- name: StockOfProduct
SELECT w.name, s.quantity - s.reserved AS available
FROM stock_levels s
JOIN warehouses w ON w.id = s.warehouse_id
WHERE s.product_id = $1;

-- name: LatestTracking
SELECT e.state, e.place, e.seen_at
FROM tracking_events e
WHERE e.shipment_id = $1
ORDER BY e.seen_at DESC
LIMIT 1;

-- name: EmptyCart
DELETE FROM cart_lines WHERE cart_id = $1;

-- name: ReleaseReservations
UPDATE stock_levels SET reserved = 0;
