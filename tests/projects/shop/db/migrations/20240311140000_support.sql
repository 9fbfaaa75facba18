-- migrate:up
CREATE TABLE agents (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    login text NOT NULL UNIQUE,
    name  text NOT NULL
);

CREATE TABLE tickets (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    order_id    bigint REFERENCES orders (id) ON DELETE SET NULL,
    agent_id    bigint REFERENCES agents (id),
    subject     text NOT NULL,
    closed_at   timestamptz,
    opened_at   timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX tickets_customer_id_idx ON tickets (customer_id);
CREATE INDEX tickets_order_id_idx ON tickets (order_id);

CREATE TABLE ticket_messages (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ticket_id  bigint NOT NULL REFERENCES tickets (id) ON DELETE CASCADE,
    author     text NOT NULL,
    body       text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX ticket_messages_ticket_id_written_at_idx ON ticket_messages (ticket_id, written_at);

-- Partners log in as a database role of their own and see their own keys only.
CREATE TABLE api_keys (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    partner    text NOT NULL,
    key_hash   bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE api_keys ENABLE ROW LEVEL SECURITY;

CREATE TABLE partner_prices (
    partner    text NOT NULL,
    product_id bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    price      numeric(12,2) NOT NULL,
    PRIMARY KEY (partner, product_id)
);
CREATE INDEX partner_prices_product_id_idx ON partner_prices (product_id);
CREATE POLICY partner_prices_own ON partner_prices FOR SELECT USING (partner = current_user);

-- migrate:down
DROP TABLE partner_prices;
DROP TABLE api_keys;
DROP TABLE ticket_messages;
DROP TABLE tickets;
DROP TABLE agents;
