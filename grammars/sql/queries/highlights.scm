; Highlighting for editors. Later patterns win where several match.

(comment) @comment
(meta_command) @keyword.directive
(copy_data) @string.special
(other_statement) @none

(string) @string
(dollar_string) @string
(concatenated_string) @string
(number) @number
[(true) (false)] @boolean
(null) @constant.builtin
(parameter) @variable.parameter
(template) @variable.parameter

(identifier) @variable
(quoted_identifier) @variable

(object_name name: (_) @type)
(object_name qualifier: (_) @module)
(type name: (object_name name: (_) @type.builtin))
(type word: (_) @type.builtin)
(function_call name: (object_name name: (_) @function))
(create_function name: (object_name name: (_) @function))
(create_trigger function: (object_name name: (_) @function))

(column_definition name: (_) @property)
(column_reference name: (_) @property)
(column_reference qualifier: (_) @module)
(index_element column: (_) @property)
(column_list column: (_) @property)
(parameter_definition name: (_) @variable.parameter)
(select_item alias: (_) @label)
(table_reference alias: (_) @label)
(subquery_reference alias: (_) @label)
(common_table_expression name: (_) @type)

(operator) @operator
["=" "<" ">" "<=" ">=" "<>" "!=" "+" "-" "/" "%" "^" "||" "::" ":=" "=>" "~" "|" "&" "#" "@" "?"] @operator
["(" ")" "[" "]"] @punctuation.bracket
["," "." ";"] @punctuation.delimiter

; every keyword token of the grammar
[
  "ABORT" "ACCESS" "ACTION" "ADD" "ADMIN" "AFTER" "AGAINST" "AGGREGATE" "ALGORITHM" "ALL" "ALTER" "ALWAYS"
  "ANALYSE" "ANALYZE" "AND" "ANY" "APPLY" "ARRAY" "AS" "ASC" "ASYMMETRIC" "AT" "ATTACH" "ATTRIBUTE"
  "AUTHORIZATION" "AUTOINCREMENT" "AUTO_INCREMENT" "BEFORE" "BEGIN" "BETWEEN" "BINARY" "BY" "CACHE" "CALL"
  "CALLED" "CASCADE" "CASCADED" "CASE" "CAST" "CHANGE" "CHARACTER" "CHARSET" "CHECK" "CLUSTER" "CLUSTERED"
  "COLLATE" "COLLATION" "COLUMN" "COLUMNSTORE" "COLUMN_FORMAT" "COMMENT" "COMMIT" "COMPRESSION" "CONCURRENTLY"
  "CONFIGURATION" "CONFLICT" "CONSTRAINT" "CONTINUE" "CONVERSION" "COPY" "CREATE" "CROSS" "CURRENT" "CYCLE"
  "DATA" "DATABASE" "DECLARE" "DEFAULT" "DEFERRABLE" "DEFERRED" "DEFINER" "DELAYED" "DELETE" "DESC" "DESCRIBE"
  "DETACH" "DICTIONARY" "DISABLE" "DISTINCT" "DIV" "DO" "DOCUMENT" "DOMAIN" "DROP" "DUMPFILE" "DUPLICATE"
  "EACH" "ELSE" "ENABLE" "END" "ENFORCED" "ENGINE_ATTRIBUTE" "ENUM" "ESCAPE" "EVENT" "EXCEPT" "EXCLUDE"
  "EXCLUDING" "EXECUTE" "EXISTS" "EXPLAIN" "EXPRESSION" "EXTENDED" "EXTENSION" "EXTERNAL" "FAIL" "FALSE"
  "FETCH" "FILESTREAM_ON" "FILTER" "FINALIZE" "FIRST" "FOLLOWS" "FOR" "FORCE" "FOREIGN" "FORMAT" "FREEZE"
  "FROM" "FULL" "FULLTEXT" "FUNCTION" "FUNCTIONS" "GENERATED" "GLOB" "GLOBAL" "GO" "GRANT" "GRANTED" "GROUP"
  "GROUPING" "GROUPS" "HASH" "HAVING" "HIDDEN" "HIGH_PRIORITY" "IDENTIFIED" "IDENTITY" "IF" "IGNORE" "IGNORED"
  "ILIKE" "IMMEDIATE" "IMMUTABLE" "IN" "INCLUDE" "INCLUDING" "INCREMENT" "INDEX" "INDEXED" "INHERIT"
  "INHERITS" "INITIALLY" "INNER" "INOUT" "INPUT" "INSERT" "INSTEAD" "INTERSECT" "INTERVAL" "INTO" "INVISIBLE"
  "INVOKER" "IS" "ISNULL" "JOIN" "JSON" "KEY" "KEY_BLOCK_SIZE" "LANGUAGE" "LARGE" "LAST" "LATERAL" "LEFT"
  "LEVEL" "LIKE" "LIMIT" "LOCAL" "LOCK" "LOGGED" "LOW_PRIORITY" "MAPPING" "MASKED" "MATCH" "MATCHED"
  "MATERIALIZED" "MAXVALUE" "MERGE" "METHOD" "MINUS" "MINVALUE" "MOD" "MODE" "MODIFY" "NAME" "NATURAL" "NEW"
  "NEXT" "NO" "NOCACHE" "NOCHECK" "NOCYCLE" "NOMAXVALUE" "NOMINVALUE" "NONCLUSTERED" "NORMALIZED" "NOT"
  "NOTHING" "NOTNULL" "NOWAIT" "NULL" "NULLS" "OBJECT" "OBJECTS" "OF" "OFFSET" "OIDS" "OLD" "ON" "ONLY"
  "OPERATOR" "OPTIMIZE" "OPTION" "OPTIONS" "OR" "ORDER" "ORDINALITY" "OUT" "OUTER" "OUTFILE" "OUTPUT" "OVER"
  "OVERLAPS" "OVERRIDING" "OWNED" "OWNER" "PARAMETER" "PARSER" "PARTITION" "PARTITIONS" "PERCENT" "PERIOD"
  "PERMISSIVE" "PERSIST" "PERSISTED" "PIVOT" "PLACING" "PLAN" "POLICY" "PRAGMA" "PRECEDES" "PREPARE"
  "PRESERVE" "PRIMARY" "PRIOR" "PRIVILEGES" "PROC" "PROCEDURAL" "PROCEDURE" "PROCEDURES" "PROGRAM"
  "PUBLICATION" "QUERY" "QUICK" "RANGE" "READ" "RECURSIVE" "REFERENCES" "REFERENCING" "REFRESH" "REGEXP"
  "REINDEX" "RELEASE" "RENAME" "REPEATABLE" "REPLACE" "REPLICA" "REPLICATION" "RESET" "RESPECT" "RESTART"
  "RESTRICT" "RESTRICTIVE" "RETURN" "RETURNING" "RETURNS" "REVOKE" "RIGHT" "RLIKE" "ROLE" "ROLLBACK" "ROLLUP"
  "ROUTINE" "ROUTINES" "ROW" "ROWGUIDCOL" "ROWID" "ROWS" "RULE" "SAVEPOINT" "SCHEMA" "SCHEMAS" "SEARCH"
  "SECONDARY_ENGINE_ATTRIBUTE" "SECURITY" "SELECT" "SEPARATOR" "SEQUENCE" "SEQUENCES" "SERVER" "SESSION" "SET"
  "SETOF" "SETS" "SIMILAR" "SOME" "SOUNDS" "SOURCE" "SPARSE" "SPATIAL" "SQL" "SQL_BIG_RESULT"
  "SQL_BUFFER_RESULT" "SQL_CACHE" "SQL_CALC_FOUND_ROWS" "SQL_NO_CACHE" "SQL_SMALL_RESULT" "SRID" "STABLE"
  "START" "STATEMENT" "STATISTICS" "STDIN" "STDOUT" "STORAGE" "STORED" "STRAIGHT_JOIN" "STRICT" "SUBPARTITION"
  "SUBSCRIPTION" "SUPPORT" "SYMMETRIC" "SYNONYM" "SYSTEM" "TABLE" "TABLES" "TABLESAMPLE" "TABLESPACE" "TARGET"
  "TEMP" "TEMPLATE" "TEMPORARY" "TEXT" "TEXTIMAGE_ON" "THEN" "TIES" "TIME" "TO" "TOP" "TRAN" "TRANSACTION"
  "TRIGGER" "TRUE" "TRUNCATE" "TRY_CAST" "TYPE" "TYPES" "UNION" "UNIQUE" "UNKNOWN" "UNLOGGED" "UNPIVOT"
  "UPDATE" "USE" "USER" "USING" "VACUUM" "VALID" "VALIDATE" "VALUE" "VALUES" "VARIADIC" "VERBOSE" "VERSION"
  "VIEW" "VIRTUAL" "VISIBLE" "VOLATILE" "WHEN" "WHERE" "WINDOW" "WITH" "WITHIN" "WITHOUT" "WORK" "WRAPPER"
  "WRITE" "XOR" "ZONE"
] @keyword
