ALTER TABLE customers ADD COLUMN age int NOT NULL;

CREATE INDEX orders_placed_at_idx ON orders (placed_at);
