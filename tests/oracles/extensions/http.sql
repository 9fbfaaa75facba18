-- A stand-in for the extension of this name: the types and functions that schemas mention.
CREATE TYPE http_header AS (field varchar, value varchar);
CREATE TYPE http_request AS (method varchar, uri varchar, headers http_header[], content_type varchar, content varchar);
CREATE TYPE http_response AS (status integer, content_type varchar, headers http_header[], content varchar);
CREATE FUNCTION http_header(field varchar, value varchar) RETURNS http_header LANGUAGE sql AS 'SELECT ROW($1, $2)::@extschema@.http_header';
CREATE FUNCTION http(request http_request) RETURNS http_response LANGUAGE sql AS 'SELECT NULL::@extschema@.http_response';
