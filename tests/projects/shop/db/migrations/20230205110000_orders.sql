-- migrate:up
CREATE TABLE orders (
    id                  bigserial PRIMARY KEY,
    customer_id         integer NOT NULL REFERENCES customers (id),
    status              text NOT NULL DEFAULT 'new',
    total               numeric(12,2) NOT NULL,
    currency            text,
    billing_address_id  integer,
    shipping_address_id integer,
    note                text,
    placed_at           timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE order_lines (
    order_id   bigint NOT NULL REFERENCES orders (id) ON DELETE CASCADE,
    line_no    smallint NOT NULL,
    product_id bigint NOT NULL,
    quantity   integer NOT NULL CHECK (quantity > 0),
    unit_price numeric(12,2) NOT NULL,
    PRIMARY KEY (order_id, line_no)
);
CREATE INDEX order_lines_product_id_idx ON order_lines (product_id);

CREATE TABLE payments (
    id           uuid PRIMARY KEY DEFAULT gen_random_uuid(),
    order_id     integer NOT NULL REFERENCES orders (id),
    provider     text NOT NULL,
    provider_ref text NOT NULL,
    amount       real NOT NULL,
    status       text NOT NULL DEFAULT 'pending',
    created_at   timestamptz NOT NULL DEFAULT now(),
    UNIQUE (provider, provider_ref)
);
CREATE INDEX payments_order_id_idx ON payments (order_id);

CREATE TABLE refunds (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_id uuid NOT NULL REFERENCES payments (id),
    amount     numeric(12,2) NOT NULL CHECK (amount > 0),
    reason     text,
    created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX refunds_payment_id_idx ON refunds (payment_id);

-- migrate:down
DROP TABLE refunds;
DROP TABLE payments;
DROP TABLE order_lines;
DROP TABLE orders;
