-- A policy that is renamed, aggregates, and an index that becomes a part of a partitioned one.
CREATE TABLE notes (id bigint PRIMARY KEY, owner text);
ALTER TABLE notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON notes USING (owner = current_user);
ALTER POLICY own ON notes RENAME TO "Own notes";
CREATE FUNCTION joined(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT concat_ws(', ', $1, $2) $$;
CREATE AGGREGATE list_of(text) (SFUNC = joined, STYPE = text);
CREATE AGGREGATE "List Of" (varchar(10)) (SFUNC = joined, STYPE = text);
CREATE TABLE payments (id bigint NOT NULL, paid_at timestamptz NOT NULL) PARTITION BY RANGE (paid_at);
CREATE TABLE payments_1 (id bigint NOT NULL, paid_at timestamptz NOT NULL);
CREATE INDEX payments_idx ON ONLY payments (id);
CREATE INDEX payments_1_idx ON payments_1 (id);
ALTER TABLE ONLY payments ATTACH PARTITION payments_1 FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
ALTER INDEX payments_idx ATTACH PARTITION payments_1_idx;
