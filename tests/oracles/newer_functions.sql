-- Built-in functions of PostgreSQL 16 to 18 that column defaults name: the server here is 15.
CREATE FUNCTION pg_catalog.uuidv7() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT gen_random_uuid()';
CREATE FUNCTION pg_catalog.uuidv4() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS 'SELECT gen_random_uuid()';
