-- migrate:up transaction:false
CREATE INDEX CONCURRENTLY reviews_written_at_idx ON reviews (written_at DESC);

-- migrate:down transaction:false
DROP INDEX CONCURRENTLY reviews_written_at_idx;
