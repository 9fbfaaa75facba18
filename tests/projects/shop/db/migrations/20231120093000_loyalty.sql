-- migrate:up
ALTER TABLE customers ADD COLUMN loyalty_level text NOT NULL;
ALTER TABLE customers ADD COLUMN referral_code uuid NOT NULL DEFAULT gen_random_uuid();
ALTER TABLE customers ADD COLUMN marketing_consent boolean NOT NULL DEFAULT false;

CREATE TABLE loyalty_accounts (
    customer_id integer PRIMARY KEY REFERENCES customers (id) ON DELETE CASCADE,
    balance     float NOT NULL DEFAULT 0,
    opened_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE loyalty_bookings (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES loyalty_accounts (customer_id) ON DELETE CASCADE,
    order_id    bigint REFERENCES orders (id),
    points      integer NOT NULL,
    booked_at   timestamp NOT NULL DEFAULT now()
);
CREATE INDEX loyalty_bookings_customer_id_booked_at_idx ON loyalty_bookings (customer_id, booked_at DESC);

-- migrate:down
DROP TABLE loyalty_bookings;
DROP TABLE loyalty_accounts;
ALTER TABLE customers DROP COLUMN marketing_consent;
ALTER TABLE customers DROP COLUMN referral_code;
ALTER TABLE customers DROP COLUMN loyalty_level;
