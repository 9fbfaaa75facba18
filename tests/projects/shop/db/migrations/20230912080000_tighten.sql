-- migrate:up
SET lock_timeout = '3s';

ALTER TABLE customers ADD CONSTRAINT customers_email_key UNIQUE (email);
ALTER TABLE customers ALTER COLUMN name SET NOT NULL;
ALTER TABLE orders ADD CONSTRAINT orders_status_check
    CHECK (status IN ('new', 'paid', 'packed', 'shipped', 'cancelled'));
ALTER TABLE order_lines ADD CONSTRAINT order_lines_product_id_fkey
    FOREIGN KEY (product_id) REFERENCES products (id);

-- The way it should be: in two steps.
ALTER TABLE orders ADD CONSTRAINT orders_total_check CHECK (total >= 0) NOT VALID;
ALTER TABLE orders VALIDATE CONSTRAINT orders_total_check;

UPDATE orders SET currency = 'EUR';

-- migrate:down
ALTER TABLE orders DROP CONSTRAINT orders_total_check;
ALTER TABLE order_lines DROP CONSTRAINT order_lines_product_id_fkey;
ALTER TABLE orders DROP CONSTRAINT orders_status_check;
ALTER TABLE customers ALTER COLUMN name DROP NOT NULL;
ALTER TABLE customers DROP CONSTRAINT customers_email_key;
