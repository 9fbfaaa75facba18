-- One JSON object a line: the tables of @database, then their columns, indexes, keys and checks.
SET SESSION group_concat_max_len = 1000000;
SELECT JSON_OBJECT('part', 'table', 'name', TABLE_NAME,
    'kind', IF(TABLE_TYPE = 'VIEW', 'view', 'table'),
    'comment', IF(TABLE_TYPE = 'VIEW', NULL, NULLIF(TABLE_COMMENT, '')),
    'partition_by', (SELECT CONCAT(MAX(PARTITION_METHOD), ' (', MAX(PARTITION_EXPRESSION), ')') FROM information_schema.PARTITIONS p
        WHERE p.TABLE_SCHEMA = t.TABLE_SCHEMA AND p.TABLE_NAME = t.TABLE_NAME AND p.PARTITION_METHOD IS NOT NULL))
FROM information_schema.TABLES t WHERE TABLE_SCHEMA = @database AND TABLE_TYPE IN ('BASE TABLE', 'VIEW') ORDER BY TABLE_NAME;

SELECT JSON_OBJECT('part', 'column', 'table', TABLE_NAME, 'name', COLUMN_NAME, 'type', COLUMN_TYPE,
    'nullable', IS_NULLABLE = 'YES',
    'default', IF(GENERATION_EXPRESSION IS NULL, COLUMN_DEFAULT, NULL),
    'identity', NULL,
    'generated', GENERATION_EXPRESSION,
    'auto_increment', EXTRA LIKE '%auto_increment%',
    'comment', NULLIF(COLUMN_COMMENT, ''))
FROM information_schema.COLUMNS c WHERE TABLE_SCHEMA = @database ORDER BY TABLE_NAME, ORDINAL_POSITION;

SELECT JSON_OBJECT('part', 'index', 'table', TABLE_NAME, 'name', INDEX_NAME, 'unique', MAX(NON_UNIQUE) = 0,
    'method', LOWER(MAX(INDEX_TYPE)),
    'columns', JSON_EXTRACT(CONCAT('[', GROUP_CONCAT(JSON_OBJECT('name', COLUMN_NAME, 'expression', NULL,
        'order', IF(COLLATION = 'D', 'desc', 'asc'), 'nulls', NULL, 'opclass', NULL) ORDER BY SEQ_IN_INDEX), ']'), '$'),
    'include', JSON_ARRAY(), 'where', NULL)
FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = @database GROUP BY TABLE_NAME, INDEX_NAME ORDER BY TABLE_NAME, INDEX_NAME;

SELECT JSON_OBJECT('part', 'foreign_key', 'table', k.TABLE_NAME, 'name', k.CONSTRAINT_NAME,
    'columns', JSON_EXTRACT(CONCAT('[', GROUP_CONCAT(JSON_QUOTE(k.COLUMN_NAME) ORDER BY k.ORDINAL_POSITION), ']'), '$'),
    'references', JSON_OBJECT('schema', NULL, 'table', MAX(k.REFERENCED_TABLE_NAME),
        'columns', JSON_EXTRACT(CONCAT('[', GROUP_CONCAT(JSON_QUOTE(k.REFERENCED_COLUMN_NAME) ORDER BY k.ORDINAL_POSITION), ']'), '$')),
    'on_delete', LOWER(REPLACE(MAX(r.DELETE_RULE), ' ', '_')),
    'on_update', LOWER(REPLACE(MAX(r.UPDATE_RULE), ' ', '_')), 'deferrable', FALSE, 'validated', TRUE)
FROM information_schema.KEY_COLUMN_USAGE k
JOIN information_schema.REFERENTIAL_CONSTRAINTS r ON r.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA
    AND r.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND r.TABLE_NAME = k.TABLE_NAME
WHERE k.TABLE_SCHEMA = @database AND k.REFERENCED_TABLE_NAME IS NOT NULL
GROUP BY k.TABLE_NAME, k.CONSTRAINT_NAME ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME;

SELECT JSON_OBJECT('part', 'check', 'table', TABLE_NAME, 'name', CONSTRAINT_NAME, 'expression', CHECK_CLAUSE)
FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = @database ORDER BY TABLE_NAME, CONSTRAINT_NAME;
