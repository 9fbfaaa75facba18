-- migrate:up
CREATE TABLE audit_entries (
    id         bigint GENERATED ALWAYS AS IDENTITY,
    at         timestamptz NOT NULL DEFAULT now(),
    actor      text NOT NULL,
    action     text NOT NULL,
    table_name text NOT NULL,
    row_id     text NOT NULL,
    before     jsonb,
    after      jsonb,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);

CREATE TABLE audit_entries_2024 PARTITION OF audit_entries
    FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE audit_entries_2025 PARTITION OF audit_entries
    FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE INDEX audit_entries_table_name_row_id_idx ON audit_entries (table_name, row_id);

CREATE FUNCTION purge_sessions() RETURNS void LANGUAGE sql AS $$
    DELETE FROM sessions WHERE expires_at < now() - interval '30 days'
$$;

CREATE FUNCTION reset_carts() RETURNS void LANGUAGE sql AS $$
    DELETE FROM cart_lines;
    DELETE FROM carts WHERE customer_id IS NULL AND updated_at < now() - interval '60 days';
$$;

-- migrate:down
DROP FUNCTION reset_carts;
DROP FUNCTION purge_sessions;
DROP TABLE audit_entries;
