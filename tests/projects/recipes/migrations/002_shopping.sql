CREATE TABLE shops (
    id   INTEGER PRIMARY KEY,
    code TEXT NOT NULL,
    name TEXT NOT NULL
);

CREATE TABLE prices (
    ingredient_id INTEGER NOT NULL REFERENCES ingredients (id),
    shop_code     TEXT NOT NULL REFERENCES shops (code),
    price         REAL NOT NULL,
    PRIMARY KEY (ingredient_id, shop_code)
);

CREATE TABLE lists (
    id      INTEGER PRIMARY KEY,
    cook_id INTEGER NOT NULL REFERENCES cooks (id) ON DELETE CASCADE,
    name    TEXT NOT NULL DEFAULT 'null'
);
CREATE INDEX lists_cook_id ON lists (cook_id);
CREATE INDEX lists_cook ON lists (cook_id);
