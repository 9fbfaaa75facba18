-- The current database as PostgreSQL itself prints it: definitions, not summaries. Two databases made in
-- different ways are the same when this is the same. Comparing is by key, so order does not matter:
-- {"table public.orders": {"column 1 id": "bigint not null ...", "index orders_pkey": "CREATE UNIQUE INDEX ..."}}
SET search_path = '';
WITH wanted_schemas AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), of_extension AS (
    SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relations AS (
    SELECT c.*, n.nspname FROM pg_class c JOIN wanted_schemas n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
      AND NOT EXISTS (SELECT FROM of_extension e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
), facts(object, fact, value) AS (
    SELECT format('table %I.%I', nspname, relname), 'kind', concat_ws(' ',
        relkind, relpersistence, CASE WHEN relrowsecurity THEN 'row security' END,
        CASE WHEN relforcerowsecurity THEN 'forced' END, CASE WHEN relkind = 'p' THEN pg_get_partkeydef(oid) END,
        CASE WHEN relispartition THEN pg_get_expr(relpartbound, oid) END)
    FROM relations
    UNION ALL
    SELECT format('table %I.%I', r.nspname, r.relname), 'parent ' || i.inhparent::regclass, 'yes'
    FROM relations r JOIN pg_inherits i ON i.inhrelid = r.oid
    UNION ALL
    SELECT format('table %I.%I', r.nspname, r.relname),
        format('column %s %I', row_number() OVER (PARTITION BY r.oid ORDER BY a.attnum), a.attname),
        concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
            CASE a.attgenerated WHEN 's' THEN 'generated' END || ' ' || pg_get_expr(d.adbin, d.adrelid),
            CASE a.attgenerated WHEN '' THEN 'default ' || pg_get_expr(d.adbin, d.adrelid) END,
            'identity ' || nullif(a.attidentity::text, ''),
            'collate ' || (SELECT l.collname FROM pg_collation l, pg_type t WHERE t.oid = a.atttypid AND l.oid = a.attcollation AND l.oid <> t.typcollation),
            'comment ' || col_description(r.oid, a.attnum))
    FROM relations r JOIN pg_attribute a ON a.attrelid = r.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    UNION ALL
    SELECT format('table %I.%I', r.nspname, r.relname), format('constraint %I', c.conname),
        pg_get_constraintdef(c.oid) || CASE WHEN c.convalidated THEN '' ELSE ' (not validated)' END
    FROM relations r JOIN pg_constraint c ON c.conrelid = r.oid
    WHERE c.contype <> 't' AND NOT EXISTS (SELECT FROM pg_constraint p WHERE p.oid = c.conparentid AND p.conrelid = c.conrelid)
    UNION ALL
    SELECT format('table %I.%I', r.nspname, r.relname), format('index %I', c.relname), pg_get_indexdef(i.indexrelid)
    FROM relations r JOIN pg_index i ON i.indrelid = r.oid JOIN pg_class c ON c.oid = i.indexrelid
    UNION ALL
    SELECT format('table %I.%I', r.nspname, r.relname), format('policy %I', p.polname), concat_ws(' ',
        p.polcmd, CASE WHEN p.polpermissive THEN 'permissive' ELSE 'restrictive' END,
        (SELECT string_agg(o.rolname, ',' ORDER BY o.rolname) FROM pg_roles o WHERE o.oid = ANY (p.polroles)),
        'using ' || pg_get_expr(p.polqual, p.polrelid), 'check ' || pg_get_expr(p.polwithcheck, p.polrelid))
    FROM relations r JOIN pg_policy p ON p.polrelid = r.oid
    UNION ALL
    SELECT format('table %I.%I', r.nspname, r.relname), 'comment', obj_description(r.oid, 'pg_class')
    FROM relations r WHERE obj_description(r.oid, 'pg_class') IS NOT NULL
    UNION ALL
    SELECT format('table %I.%I', r.nspname, r.relname), 'query', pg_get_viewdef(r.oid)
    FROM relations r WHERE r.relkind IN ('v', 'm')
    UNION ALL
    SELECT format('type %I.%I', n.nspname, t.typname), 'definition', concat_ws(' ', t.typtype,
        (SELECT string_agg(quote_literal(e.enumlabel), ',' ORDER BY e.enumsortorder) FROM pg_enum e WHERE e.enumtypid = t.oid),
        CASE t.typtype WHEN 'd' THEN format_type(t.typbasetype, t.typtypmod) END,
        CASE WHEN t.typnotnull THEN 'not null' END, 'default ' || t.typdefault,
        (SELECT string_agg(pg_get_constraintdef(c.oid), ' ' ORDER BY c.conname) FROM pg_constraint c WHERE c.contypid = t.oid),
        CASE t.typtype WHEN 'c' THEN (SELECT string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ',' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped) END)
    FROM pg_type t JOIN wanted_schemas n ON n.oid = t.typnamespace
    WHERE t.typtype IN ('e', 'd', 'c') AND (t.typrelid = 0 OR EXISTS (SELECT FROM pg_class c WHERE c.oid = t.typrelid AND c.relkind = 'c'))
      AND NOT EXISTS (SELECT FROM of_extension e WHERE e.classid = 'pg_type'::regclass AND e.objid = t.oid)
    UNION ALL
    SELECT format('sequence %I.%I', n.nspname, c.relname), 'definition', concat_ws(' ', format_type(s.seqtypid, NULL),
        s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
        (SELECT 'owned by ' || d.refobjid::regclass || '.' || a.attname FROM pg_depend d
         JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
         WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0))
    FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN wanted_schemas n ON n.oid = c.relnamespace
    WHERE NOT EXISTS (SELECT FROM of_extension e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid)
    UNION ALL
    SELECT format('function %I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), 'definition',
        CASE WHEN p.prokind = 'a' THEN 'aggregate' ELSE pg_get_functiondef(p.oid) END
    FROM pg_proc p JOIN wanted_schemas n ON n.oid = p.pronamespace
    WHERE NOT EXISTS (SELECT FROM of_extension e WHERE e.classid = 'pg_proc'::regclass AND e.objid = p.oid)
    UNION ALL
    SELECT format('table %I.%I', r.nspname, r.relname), format('trigger %I', t.tgname), pg_get_triggerdef(t.oid) || ' ' || t.tgenabled::text
    FROM relations r JOIN pg_trigger t ON t.tgrelid = r.oid WHERE NOT t.tgisinternal
)
SELECT coalesce(json_object_agg(object, content), '{}')
FROM (SELECT object, json_object_agg(fact, value) AS content FROM facts GROUP BY object) per_object;
