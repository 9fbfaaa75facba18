-- migrate:up
CREATE TABLE reviews (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id  bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    customer_id integer NOT NULL,
    rating      smallint NOT NULL CHECK (rating BETWEEN 1 AND 5),
    body        text,
    written_at  timestamptz NOT NULL DEFAULT now(),
    UNIQUE (product_id, customer_id)
);

CREATE TABLE wishlists (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id integer NOT NULL REFERENCES customers (id) ON DELETE CASCADE,
    name        text NOT NULL DEFAULT 'My list'
);
CREATE INDEX wishlists_customer_id_idx ON wishlists (customer_id);

CREATE TABLE wishlist_products (
    wishlist_id bigint NOT NULL REFERENCES wishlists (id) ON DELETE CASCADE,
    product_id  bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    added_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (wishlist_id, product_id)
);
CREATE INDEX wishlist_products_product_id_idx ON wishlist_products (product_id);

-- Until here reviews were mailed; the mails are kept for the lawyers.
-- lintel-ignore missing-primary-key: an archive that is never written again
CREATE TABLE mailed_reviews (
    received_on date NOT NULL,
    sender      text NOT NULL,
    body        text NOT NULL
);

-- migrate:down
DROP TABLE mailed_reviews;
DROP TABLE wishlist_products;
DROP TABLE wishlists;
DROP TABLE reviews;
