-- migrate:up
ALTER TABLE products ADD COLUMN search tsvector;
CREATE INDEX products_search_idx ON products USING gin (search);

CREATE FUNCTION products_fill_search() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.search := to_tsvector('german', NEW.name || ' ' || coalesce(NEW.description, ''));
    RETURN NEW;
END
$$;

CREATE TRIGGER products_fill_search BEFORE INSERT OR UPDATE ON products
    FOR EACH ROW EXECUTE FUNCTION products_fill_search();

UPDATE products SET search = to_tsvector('german', name || ' ' || coalesce(description, ''));

-- migrate:down
DROP TRIGGER products_fill_search ON products;
DROP FUNCTION products_fill_search;
ALTER TABLE products DROP COLUMN search;
