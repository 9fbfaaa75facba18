-- migrate:up
CREATE TYPE shipment_state AS ENUM ('packed', 'handed_over', 'in_transit', 'delivered', 'returned');

CREATE TABLE carriers (
    code text PRIMARY KEY,
    name text NOT NULL,
    tracking_url text
);

CREATE TABLE shipments (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id     bigint NOT NULL REFERENCES orders (id),
    carrier_code text NOT NULL REFERENCES carriers (code),
    warehouse_id bigint NOT NULL REFERENCES warehouses (id),
    state        shipment_state NOT NULL DEFAULT 'packed',
    tracking_no  text,
    shipped_on   date
);
CREATE INDEX shipments_order_id_idx ON shipments (order_id);
CREATE INDEX shipments_order_id_state_idx ON shipments (order_id, state);
CREATE INDEX shipments_warehouse_id_idx ON shipments (warehouse_id);

CREATE TABLE tracking_events (
    shipment_id bigint NOT NULL REFERENCES shipments (id) ON DELETE CASCADE,
    seen_at     timestamptz NOT NULL,
    state       shipment_state NOT NULL,
    place       text,
    raw         jsonb NOT NULL,
    PRIMARY KEY (shipment_id, seen_at)
);

-- migrate:down
DROP TABLE tracking_events;
DROP TABLE shipments;
DROP TABLE carriers;
DROP TYPE shipment_state;
