PRAGMA foreign_keys = ON;

CREATE TABLE cooks (
    id    INTEGER PRIMARY KEY,
    name  TEXT NOT NULL,
    email TEXT NOT NULL UNIQUE
);

CREATE TABLE recipes (
    id        INTEGER PRIMARY KEY,
    cook_id   INTEGER NOT NULL REFERENCES cooks (id) ON DELETE CASCADE,
    title     TEXT NOT NULL,
    servings  INTEGER NOT NULL DEFAULT 4,
    created_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP
);

CREATE TABLE steps (
    recipe_id INTEGER NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
    number    INTEGER NOT NULL,
    text      TEXT NOT NULL,
    PRIMARY KEY (recipe_id, number)
) WITHOUT ROWID;

CREATE TABLE ingredients (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    unit TEXT
);

CREATE TABLE recipe_ingredients (
    recipe_id     INTEGER NOT NULL REFERENCES recipes (id) ON DELETE CASCADE,
    ingredient_id INTEGER NOT NULL REFERENCES ingredients (id),
    amount        REAL
);
CREATE INDEX recipe_ingredients_recipe_id ON recipe_ingredients (recipe_id);
