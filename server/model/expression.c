#include "model/expression.h"

#include <stdlib.h>

/* Sorted. Functions whose every call in one statement gives the same for the same arguments
 * (pg_proc.provolatile i or s), as far as they occur in defaults, checks and generated columns,
 * and the SQL forms that read like functions. */
static const char *const steady_functions[] = {
    "abs", "acos", "age", "any_value", "array", "array_append", "array_cat", "array_dims",
    "array_fill", "array_length", "array_lower", "array_ndims", "array_position", "array_prepend",
    "array_remove", "array_replace", "array_to_json", "array_to_string", "array_to_tsvector",
    "array_upper", "ascii", "asin", "atan", "atan2", "bit_length", "bool", "btrim", "cardinality",
    "cast", "cbrt", "ceil", "ceiling", "char_length", "character_length", "chr", "coalesce",
    "concat", "concat_ws", "convert", "convert_from", "convert_to", "cos", "cot", "crypt",
    "current_database", "current_date", "current_role", "current_schema", "current_setting",
    "current_time", "current_timestamp", "current_user", "date", "date_bin", "date_part",
    "date_trunc", "decode", "degrees", "digest", "div", "encode", "exp", "extract", "factorial",
    "first_value", "floor", "format", "gcd", "getdate", "getutcdate", "greatest", "hmac", "host",
    "ifnull", "iif", "initcap", "int4range", "int8range", "isempty", "json_array_length",
    "json_build_array", "json_build_object", "json_object", "json_typeof", "jsonb_array_length",
    "jsonb_build_array", "jsonb_build_object", "jsonb_object", "jsonb_set", "jsonb_typeof",
    "justify_days", "justify_hours", "justify_interval", "lcm", "least", "left", "length", "ln",
    "localtime", "localtimestamp", "log", "lower", "lower_inc", "lower_inf", "lpad", "ltrim",
    "make_date", "make_interval", "make_time", "make_timestamp", "make_timestamptz", "masklen",
    "md5", "mod", "netmask", "network", "now", "nullif", "numrange", "octet_length", "overlay",
    "parse_ident", "pg_backend_pid", "pg_get_serial_sequence", "pg_postmaster_start_time", "pg_typeof",
    "phraseto_tsquery", "pi", "plainto_tsquery", "position", "power", "quote_ident",
    "quote_literal", "quote_nullable", "radians", "range_merge", "regexp_count", "regexp_instr",
    "regexp_like", "regexp_match", "regexp_replace", "regexp_split_to_array", "regexp_substr",
    "repeat", "replace", "reverse", "right", "round", "row", "row_to_json", "rpad", "rtrim",
    "scale", "schema", "session_user", "setweight", "sha224", "sha256", "sha384", "sha512", "sign",
    "sin", "split_part", "sqrt", "starts_with", "statement_timestamp", "strftime", "string_to_array",
    "strip", "strpos", "substr", "substring", "sysdatetime", "sysutcdatetime", "tan", "timezone",
    "to_ascii", "to_char", "to_date", "to_hex", "to_json", "to_jsonb", "to_number", "to_timestamp",
    "to_tsquery", "to_tsvector", "transaction_timestamp", "translate", "trim", "trunc",
    "txid_current", "unixepoch", "upper", "upper_inc", "upper_inf", "user", "utc_date", "utc_time",
    "utc_timestamp", "uuid_generate_v3", "uuid_generate_v5", "uuid_nil", "uuid_ns_dns", "uuid_ns_oid", "uuid_ns_url", "uuid_ns_x500",
    "version", "websearch_to_tsquery", "width_bucket",
};

/* Sorted. A new value for each call. */
static const char *const volatile_functions[] = {
    "clock_timestamp",    "currval",           "gen_random_bytes",   "gen_random_uuid",
    "gen_salt",           "last_insert_rowid", "lastval",            "newid",
    "newsequentialid",    "nextval",           "pg_sleep",           "rand",
    "random",             "random_bytes",      "randomblob",         "random_normal",
    "setval",             "sysdate",           "timeofday",          "uuid",
    "uuid_generate_v1",   "uuid_generate_v1mc", "uuid_generate_v4",  "uuid_short",
    "uuidv4",             "uuidv7",
};

static int compare_name(const void *name, const void *word)
{
    const Str *s = name;
    const char *const *w = word;
    return str_compare(*s, str_from(*w));
}

static bool is_steady(Str name)
{
    return bsearch(&name, steady_functions, sizeof steady_functions / sizeof *steady_functions,
                   sizeof *steady_functions, compare_name) != NULL;
}

static bool is_known_volatile(Str name)
{
    for (size_t i = 0; i < sizeof volatile_functions / sizeof *volatile_functions; i++) {
        if (str_equal(name, str_from(volatile_functions[i])))
            return true;
    }
    return false;
}

bool expression_is_volatile(const Expression *e, bool *is_unknown)
{
    bool is_volatile = false;
    *is_unknown = false;
    for (uint32_t i = 0; i < e->functions.n; i++) {
        const FunctionCall *call = &e->functions.items[i];
        bool is_catalog = str_is_empty(call->schema) || str_equal(call->schema, STR("pg_catalog"));
        if (is_known_volatile(call->name.text))
            return true;
        if (is_catalog && is_steady(call->name.text))
            continue;
        is_volatile = true;
        *is_unknown = true;
    }
    if (is_volatile)
        return true;
    *is_unknown = false;
    return false;
}
