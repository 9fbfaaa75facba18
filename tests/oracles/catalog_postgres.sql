-- One JSON document that says what is in the current database, in the form of
-- `lintel schema --format json` (one element of its "databases"). Objects that belong to an
-- extension are left out, as they are in no file. Run with: psql -X -A -t -q
WITH wanted_schemas AS (
    SELECT oid, nspname FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), of_extension AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relations AS (
    SELECT c.*, n.nspname FROM pg_class c JOIN wanted_schemas n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM of_extension e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
), columns AS (
    SELECT a.attrelid, json_agg(json_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'nullable', NOT a.attnotnull,
        'default', CASE WHEN a.attgenerated = '' AND s.seqid IS NULL THEN pg_get_expr(d.adbin, d.adrelid) END,
        'identity', CASE a.attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by_default' END,
        'generated', CASE WHEN a.attgenerated <> '' THEN pg_get_expr(d.adbin, d.adrelid) END,
        -- a serial column: its default takes from a sequence that it owns
        'auto_increment', s.seqid IS NOT NULL,
        'comment', col_description(a.attrelid, a.attnum)) ORDER BY a.attnum) AS list
    FROM pg_attribute a
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    LEFT JOIN LATERAL (
        SELECT used.refobjid AS seqid
        FROM pg_depend used
        JOIN pg_depend owned ON owned.classid = 'pg_class'::regclass AND owned.objid = used.refobjid
            AND owned.deptype = 'a' AND owned.refobjid = a.attrelid AND owned.refobjsubid = a.attnum
        WHERE used.classid = 'pg_attrdef'::regclass AND used.objid = d.oid
            AND used.refclassid = 'pg_class'::regclass
            AND pg_get_expr(d.adbin, d.adrelid) ~ '^nextval\(' LIMIT 1) s ON true
    WHERE a.attnum > 0 AND NOT a.attisdropped
    GROUP BY a.attrelid
), constraints AS (
    SELECT c.*, (
        SELECT json_agg(a.attname ORDER BY k.n)
        FROM unnest(c.conkey) WITH ORDINALITY k(attnum, n)
        JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum
    ) AS columns
    FROM pg_constraint c
    -- a foreign key on a partitioned table has a shadow for each partition
    WHERE NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = c.conparentid AND p.conrelid = c.conrelid)
), indexes AS (
    SELECT i.indrelid, json_agg(json_build_object(
        'name', c.relname,
        'unique', i.indisunique,
        'method', am.amname,
        'columns', (
            SELECT json_agg(json_build_object(
                'name', a.attname,
                'expression', CASE WHEN k.attnum = 0 THEN pg_get_indexdef(i.indexrelid, k.n::int, true) END,
                'order', CASE WHEN am.amname = 'btree' THEN CASE WHEN o.option & 1 = 1 THEN 'desc' ELSE 'asc' END END,
                'nulls', CASE WHEN am.amname = 'btree' THEN CASE WHEN o.option & 2 = 2 THEN 'first' ELSE 'last' END END,
                'opclass', CASE WHEN NOT p.opcdefault THEN p.opcname END,
                'default_opclass', CASE WHEN p.opcdefault THEN p.opcname END) ORDER BY k.n)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
            JOIN unnest(i.indclass::oid[]) WITH ORDINALITY q(class, n) ON q.n = k.n
            JOIN unnest(i.indoption::int2[]) WITH ORDINALITY o(option, n) ON o.n = k.n
            JOIN pg_opclass p ON p.oid = q.class
            LEFT JOIN pg_attribute a ON k.attnum <> 0 AND a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE k.n <= i.indnkeyatts),
        'include', coalesce((
            SELECT json_agg(a.attname ORDER BY k.n)
            FROM unnest(i.indkey::int2[]) WITH ORDINALITY k(attnum, n)
            JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = k.attnum
            WHERE k.n > i.indnkeyatts), '[]'),
        'where', pg_get_expr(i.indpred, i.indrelid, true)) ORDER BY c.relname) AS list
    FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am am ON am.oid = c.relam
    -- the index behind a key is the key's
    WHERE NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.contype IN ('p', 'u', 'x'))
    GROUP BY i.indrelid
), policies AS (
    SELECT p.polrelid, json_agg(json_build_object(
        'name', p.polname,
        'command', CASE p.polcmd WHEN '*' THEN 'all' WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' END,
        'permissive', p.polpermissive,
        'roles', coalesce((SELECT json_agg(r.rolname ORDER BY r.rolname) FROM pg_roles r WHERE r.oid = ANY (p.polroles)), '[]'),
        'using', pg_get_expr(p.polqual, p.polrelid, true),
        'with_check', pg_get_expr(p.polwithcheck, p.polrelid, true)) ORDER BY p.polname) AS list
    FROM pg_policy p GROUP BY p.polrelid
)
SELECT json_build_object(
    'dialect', 'postgresql',
    'tables', (
        SELECT coalesce(json_agg(json_build_object(
            'schema', r.nspname,
            'name', r.relname,
            'kind', CASE r.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized_view' WHEN 'f' THEN 'foreign_table' ELSE 'table' END,
            'comment', obj_description(r.oid, 'pg_class'),
            'columns', coalesce((SELECT list FROM columns WHERE attrelid = r.oid), '[]'),
            'primary_key', (SELECT json_build_object('name', conname, 'columns', columns) FROM constraints WHERE conrelid = r.oid AND contype = 'p'),
            'unique_constraints', coalesce((SELECT json_agg(json_build_object('name', conname, 'columns', columns) ORDER BY conname)
                FROM constraints WHERE conrelid = r.oid AND contype = 'u'), '[]'),
            'indexes', coalesce((SELECT list FROM indexes WHERE indrelid = r.oid), '[]'),
            'foreign_keys', coalesce((SELECT json_agg(json_build_object(
                    'name', k.conname, 'columns', k.columns,
                    'references', json_build_object('schema', n.nspname, 'table', t.relname, 'columns', (
                        SELECT json_agg(a.attname ORDER BY x.n) FROM unnest(k.confkey) WITH ORDINALITY x(attnum, n)
                        JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = x.attnum)),
                    'on_delete', CASE k.confdeltype WHEN 'a' THEN 'no_action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set_null' ELSE 'set_default' END,
                    'on_update', CASE k.confupdtype WHEN 'a' THEN 'no_action' WHEN 'r' THEN 'restrict' WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set_null' ELSE 'set_default' END,
                    'deferrable', k.condeferrable, 'validated', k.convalidated) ORDER BY k.conname)
                FROM constraints k JOIN pg_class t ON t.oid = k.confrelid JOIN pg_namespace n ON n.oid = t.relnamespace
                WHERE k.conrelid = r.oid AND k.contype = 'f'), '[]'),
            'checks', coalesce((SELECT json_agg(json_build_object('name', conname, 'expression', pg_get_expr(conbin, conrelid, true)) ORDER BY conname)
                FROM constraints WHERE conrelid = r.oid AND contype = 'c'), '[]'),
            'partition_by', CASE WHEN r.relkind = 'p' THEN pg_get_partkeydef(r.oid) END,
            'partition_of', CASE WHEN r.relispartition THEN (
                SELECT n.nspname || '.' || p.relname FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent
                JOIN pg_namespace n ON n.oid = p.relnamespace WHERE i.inhrelid = r.oid) END,
            'row_security', r.relrowsecurity,
            'policies', coalesce((SELECT list FROM policies WHERE polrelid = r.oid), '[]')
        ) ORDER BY r.nspname, r.relname), '[]') FROM relations r),
    'enums', (
        SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', t.typname, 'values', (
            SELECT json_agg(e.enumlabel ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid)) ORDER BY n.nspname, t.typname), '[]')
        FROM pg_type t JOIN wanted_schemas n ON n.oid = t.typnamespace
        WHERE t.typtype = 'e' AND NOT EXISTS (SELECT FROM of_extension e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)),
    'functions', (
        SELECT coalesce(json_agg(json_build_object('schema', n.nspname, 'name', p.proname) ORDER BY n.nspname, p.proname, p.oid), '[]')
        FROM pg_proc p JOIN wanted_schemas n ON n.oid = p.pronamespace
        WHERE NOT EXISTS (SELECT FROM of_extension e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)),
    'extensions', (SELECT coalesce(json_agg(extname ORDER BY extname), '[]') FROM pg_extension WHERE extname <> 'plpgsql')
);
