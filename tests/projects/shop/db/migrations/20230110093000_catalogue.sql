-- migrate:up
CREATE TABLE brands (
    id   bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);

CREATE TABLE categories (
    id        bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    parent_id bigint REFERENCES categories (id),
    slug      text NOT NULL UNIQUE,
    name      text NOT NULL,
    position  integer NOT NULL DEFAULT 0
);
CREATE INDEX categories_parent_id_idx ON categories (parent_id);

CREATE TABLE products (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    brand_id     bigint REFERENCES brands (id),
    sku          text NOT NULL UNIQUE,
    name         text NOT NULL,
    description  text,
    old_name     text,
    price        double precision NOT NULL,
    weight_g     integer,
    attributes   json NOT NULL DEFAULT '{}',
    video_url    text DEFAULT 'NULL',
    is_published boolean NOT NULL DEFAULT false,
    created_at   timestamptz NOT NULL DEFAULT now(),
    updated_at   timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE product_categories (
    product_id  bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    category_id bigint NOT NULL REFERENCES categories (id) ON DELETE CASCADE
);
CREATE INDEX product_categories_product_id_idx ON product_categories (product_id);

CREATE TABLE product_images (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    product_id bigint NOT NULL REFERENCES products (id) ON DELETE CASCADE,
    url        text NOT NULL,
    alt        text NOT NULL DEFAULT '',
    position   smallint NOT NULL DEFAULT 0,
    UNIQUE (product_id, position)
);

-- migrate:down
DROP TABLE product_images;
DROP TABLE product_categories;
DROP TABLE products;
DROP TABLE categories;
DROP TABLE brands;
