#include "model/operation.h"

#include "base/panic.h"

Str operation_kind_name(OperationKind kind)
{
    static const char *const names[] = {
        [OP_UNKNOWN] = "unknown",
        [OP_OPAQUE] = "opaque",
        [OP_QUERY] = "query",
        [OP_CREATE_TABLE] = "create-table",
        [OP_DROP_TABLE] = "drop-table",
        [OP_RENAME_TABLE] = "rename-table",
        [OP_SET_TABLE_SCHEMA] = "set-table-schema",
        [OP_SET_TABLE_OPTIONS] = "set-table-options",
        [OP_SET_OWNER] = "set-owner",
        [OP_ATTACH_PARTITION] = "attach-partition",
        [OP_DETACH_PARTITION] = "detach-partition",
        [OP_SET_INHERIT] = "set-inherit",
        [OP_TRUNCATE] = "truncate",
        [OP_SET_ROW_SECURITY] = "set-row-security",
        [OP_ADD_COLUMN] = "add-column",
        [OP_DROP_COLUMN] = "drop-column",
        [OP_RENAME_COLUMN] = "rename-column",
        [OP_REPLACE_COLUMN] = "replace-column",
        [OP_SET_COLUMN_TYPE] = "set-column-type",
        [OP_SET_COLUMN_DEFAULT] = "set-column-default",
        [OP_SET_NOT_NULL] = "set-not-null",
        [OP_DROP_NOT_NULL] = "drop-not-null",
        [OP_SET_IDENTITY] = "set-identity",
        [OP_DROP_EXPRESSION] = "drop-expression",
        [OP_ADD_CONSTRAINT] = "add-constraint",
        [OP_DROP_CONSTRAINT] = "drop-constraint",
        [OP_RENAME_CONSTRAINT] = "rename-constraint",
        [OP_VALIDATE_CONSTRAINT] = "validate-constraint",
        [OP_ALTER_CONSTRAINT] = "alter-constraint",
        [OP_CREATE_INDEX] = "create-index",
        [OP_DROP_INDEX] = "drop-index",
        [OP_RENAME_INDEX] = "rename-index",
        [OP_ATTACH_INDEX] = "attach-index",
        [OP_REINDEX] = "reindex",
        [OP_CREATE_TYPE] = "create-type",
        [OP_DROP_TYPE] = "drop-type",
        [OP_RENAME_TYPE] = "rename-type",
        [OP_SET_TYPE_SCHEMA] = "set-type-schema",
        [OP_ADD_ENUM_VALUE] = "add-enum-value",
        [OP_RENAME_ENUM_VALUE] = "rename-enum-value",
        [OP_ALTER_DOMAIN] = "alter-domain",
        [OP_ALTER_COMPOSITE] = "alter-composite",
        [OP_CREATE_SEQUENCE] = "create-sequence",
        [OP_ALTER_SEQUENCE] = "alter-sequence",
        [OP_DROP_SEQUENCE] = "drop-sequence",
        [OP_RENAME_SEQUENCE] = "rename-sequence",
        [OP_CREATE_VIEW] = "create-view",
        [OP_DROP_VIEW] = "drop-view",
        [OP_RENAME_VIEW] = "rename-view",
        [OP_REFRESH_VIEW] = "refresh-view",
        [OP_CREATE_FUNCTION] = "create-function",
        [OP_DROP_FUNCTION] = "drop-function",
        [OP_RENAME_FUNCTION] = "rename-function",
        [OP_CREATE_TRIGGER] = "create-trigger",
        [OP_DROP_TRIGGER] = "drop-trigger",
        [OP_SET_TRIGGER_ENABLED] = "set-trigger-enabled",
        [OP_CREATE_POLICY] = "create-policy",
        [OP_ALTER_POLICY] = "alter-policy",
        [OP_DROP_POLICY] = "drop-policy",
        [OP_GRANT] = "grant",
        [OP_REVOKE] = "revoke",
        [OP_COMMENT] = "comment",
        [OP_CREATE_SCHEMA] = "create-schema",
        [OP_DROP_SCHEMA] = "drop-schema",
        [OP_RENAME_SCHEMA] = "rename-schema",
        [OP_CREATE_EXTENSION] = "create-extension",
        [OP_DROP_EXTENSION] = "drop-extension",
        [OP_SET] = "set",
        [OP_USE] = "use",
        [OP_BEGIN] = "begin",
        [OP_COMMIT] = "commit",
        [OP_ROLLBACK] = "rollback",
        [OP_SAVEPOINT] = "savepoint",
    };
    CHECK((unsigned)kind < sizeof names / sizeof *names && names[kind]);
    return str_from(names[kind]);
}

Str referential_action_name(ReferentialAction action)
{
    switch (action) {
    case ACTION_UNSPECIFIED:
    case ACTION_NO_ACTION:
        return STR("NO ACTION");
    case ACTION_RESTRICT:
        return STR("RESTRICT");
    case ACTION_CASCADE:
        return STR("CASCADE");
    case ACTION_SET_NULL:
        return STR("SET NULL");
    case ACTION_SET_DEFAULT:
        return STR("SET DEFAULT");
    }
    UNREACHABLE();
}

Str operation_key(const Operation *const *operation)
{
    return str_of((const char *)operation, sizeof *operation);
}
