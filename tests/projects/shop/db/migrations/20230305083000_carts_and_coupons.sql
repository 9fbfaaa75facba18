-- migrate:up
CREATE TABLE carts (
    id          uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    customer_id integer REFERENCES customers (id) ON DELETE CASCADE,
    updated_at  timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX carts_customer_id_idx ON carts (customer_id);
CREATE INDEX carts_customer_idx ON carts (customer_id);

CREATE TABLE cart_lines (
    cart_id    uuid NOT NULL REFERENCES carts (id) ON DELETE CASCADE,
    product_id bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    quantity   integer NOT NULL DEFAULT 1 CHECK (quantity > 0),
    PRIMARY KEY (cart_id, product_id)
);
CREATE INDEX cart_lines_product_id_idx ON cart_lines (product_id);

CREATE TABLE coupons (
    code        text PRIMARY KEY,
    discount    numeric(5,2) NOT NULL CHECK (discount > 0 AND discount <= 100),
    valid_from  timestamptz NOT NULL,
    valid_until timestamptz
);

CREATE TABLE coupon_uses (
    coupon_code text NOT NULL REFERENCES coupons (code),
    order_id    bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    PRIMARY KEY (order_id, coupon_code)
);
CREATE INDEX coupon_uses_coupon_code_idx ON coupon_uses (coupon_code);

-- migrate:down
DROP TABLE coupon_uses;
DROP TABLE coupons;
DROP TABLE cart_lines;
DROP TABLE carts;
