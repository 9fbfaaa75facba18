-- migrate:up
CREATE TABLE customers (
    id         serial PRIMARY KEY,
    email      varchar(255) NOT NULL,
    name       text,
    password   text NOT NULL,
    phone1     varchar(32),
    phone2     varchar(32),
    phone3     varchar(32),
    country    char(2) NOT NULL DEFAULT 'DE',
    newsletter boolean NOT NULL DEFAULT false,
    settings   json,
    created_at timestamp NOT NULL DEFAULT now()
);

CREATE TABLE addresses (
    id          serial PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    recipient   text NOT NULL,
    street      text NOT NULL,
    postcode    text NOT NULL,
    city        text NOT NULL,
    country     text NOT NULL DEFAULT 'DE'
);

CREATE TABLE sessions (
    token       uuid PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    expires_at  timestamptz NOT NULL,
    user_agent  text
);
CREATE INDEX sessions_customer_id_idx ON sessions (customer_id);
CREATE INDEX sessions_expires_at_idx ON sessions (expires_at);

-- migrate:down
DROP TABLE sessions;
DROP TABLE addresses;
DROP TABLE customers;
