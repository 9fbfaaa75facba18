-- migrate:up
CREATE INDEX CONCURRENTLY orders_placed_at_idx ON orders (placed_at);

-- migrate:down
DROP INDEX CONCURRENTLY orders_placed_at_idx;
