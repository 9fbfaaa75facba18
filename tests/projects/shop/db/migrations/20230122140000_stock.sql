-- migrate:up
CREATE TABLE warehouses (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    code text NOT NULL UNIQUE,
    name text NOT NULL,
    city text NOT NULL
);

CREATE TABLE stock_levels (
    warehouse_id bigint NOT NULL REFERENCES warehouses (id),
    product_id   bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    quantity     integer NOT NULL DEFAULT 0 CHECK (quantity >= 0),
    reserved     integer NOT NULL DEFAULT 0 CHECK (reserved >= 0),
    PRIMARY KEY (warehouse_id, product_id)
);

CREATE TABLE suppliers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name       text NOT NULL,
    email      text NOT NULL,
    vat_number text
);

CREATE TABLE supplier_products (
    supplier_id  bigint NOT NULL REFERENCES suppliers (id) ON DELETE CASCADE,
    product_id   bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    supplier_sku text NOT NULL,
    cost         numeric(12,2) NOT NULL,
    PRIMARY KEY (supplier_id, product_id)
);
CREATE INDEX supplier_products_product_id_idx ON supplier_products (product_id);

CREATE TABLE purchase_orders (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    supplier_id  bigint NOT NULL REFERENCES suppliers (id),
    warehouse_id bigint NOT NULL REFERENCES warehouses (id),
    ordered_at   timestamptz NOT NULL DEFAULT now(),
    received_at  timestamptz
);
CREATE INDEX purchase_orders_supplier_id_idx ON purchase_orders (supplier_id);

CREATE TABLE purchase_order_lines (
    purchase_order_id bigint NOT NULL REFERENCES purchase_orders (id) ON DELETE CASCADE,
    product_id        bigint NOT NULL REFERENCES products (id),
    quantity          integer NOT NULL CHECK (quantity > 0),
    unit_cost         numeric(12,2) NOT NULL,
    PRIMARY KEY (purchase_order_id, product_id)
);
CREATE INDEX purchase_order_lines_product_id_idx ON purchase_order_lines (product_id);

-- migrate:down
DROP TABLE purchase_order_lines;
DROP TABLE purchase_orders;
DROP TABLE supplier_products;
DROP TABLE suppliers;
DROP TABLE stock_levels;
DROP TABLE warehouses;
