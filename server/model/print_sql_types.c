/* Schemas, extensions, types and sequences: what tables rest on. */
#include "model/print_sql_parts.h"

void print_namespaces(const Printer *p)
{
    const StrMap *schemas = &p->schema->schemas;
    for (MapEntry *e = map_next(schemas, NULL); e; e = map_next(schemas, e)) {
        const Name *name = e->value;
        if (identifier_equal(p->dialect, name->text, schema_default_namespace(p->schema)))
            continue;
        buf_add(p->out, STR("CREATE SCHEMA "));
        print_name(p, name->text);
        buf_add(p->out, STR(";\n"));
    }
    for (uint32_t i = 0; i < p->schema->extensions.n; i++) {
        const Extension *extension = &p->schema->extensions.items[i];
        Str text = extension->origin ? print_written(extension->origin->statement) : (Str){0};
        if (text.length > 0) {
            buf_format(p->out, STR_FMT ";\n", STR_ARG(text));
            continue;
        }
        buf_add(p->out, STR("CREATE EXTENSION IF NOT EXISTS "));
        print_name(p, extension->name);
        buf_add(p->out, STR(";\n"));
    }
}

static void print_labels(const Printer *p, const Type *type)
{
    buf_add(p->out, STR(" AS ENUM ("));
    for (uint32_t i = 0; i < type->labels.n; i++) {
        if (i > 0)
            buf_add(p->out, STR(", "));
        buf_add(p->out, sql_string(p->scratch, p->dialect, type->labels.items[i].text));
    }
    buf_add_char(p->out, ')');
}

static void print_domain(const Printer *p, const Type *type)
{
    buf_add(p->out, STR(" AS "));
    print_type(p, &type->base);
    if (type->default_value)
        buf_format(p->out, " DEFAULT " STR_FMT, STR_ARG(type->default_value->text));
    if (type->is_not_null)
        buf_add(p->out, STR(" NOT NULL"));
    for (uint32_t i = 0; i < type->checks.n; i++) {
        buf_add(p->out, STR(" CONSTRAINT "));
        print_name(p, type->checks.items[i]->name.text);
        buf_add(p->out, STR(" CHECK "));
        print_in_parentheses(p, type->checks.items[i]->expression);
    }
}

static void print_user_type(const Printer *p, const Type *type)
{
    buf_add(p->out, type->kind == TYPE_DEF_DOMAIN ? STR("CREATE DOMAIN ") : STR("CREATE TYPE "));
    print_qualified(p, type->schema, type->name.text);
    switch (type->kind) {
    case TYPE_DEF_ENUM:
        print_labels(p, type);
        break;
    case TYPE_DEF_DOMAIN:
        print_domain(p, type);
        break;
    case TYPE_DEF_COMPOSITE:
        buf_add(p->out, STR(" AS ("));
        for (uint32_t i = 0; i < type->attributes.n; i++) {
            if (i > 0)
                buf_add(p->out, STR(", "));
            print_name(p, type->attributes.items[i]->name.text);
            buf_add_char(p->out, ' ');
            print_type(p, &type->attributes.items[i]->type);
        }
        buf_add_char(p->out, ')');
        break;
    case TYPE_DEF_RANGE:
        buf_add(p->out, STR(" AS RANGE (SUBTYPE = "));
        print_type(p, &type->base);
        buf_add_char(p->out, ')');
        break;
    case TYPE_DEF_SHELL:
        break;
    }
    buf_add(p->out, STR(";\n"));
}

void print_types(const Printer *p)
{
    const StrMap *types = &p->schema->types;
    for (MapEntry *e = map_next(types, NULL); e; e = map_next(types, e))
        print_user_type(p, e->value);
    for (MapEntry *e = map_next(types, NULL); e; e = map_next(types, e)) {
        const Type *type = e->value;
        if (type->comment.length == 0)
            continue;
        buf_add(p->out, type->kind == TYPE_DEF_DOMAIN ? STR("COMMENT ON DOMAIN ")
                                                      : STR("COMMENT ON TYPE "));
        print_qualified(p, type->schema, type->name.text);
        buf_format(p->out, " IS " STR_FMT ";\n",
                   STR_ARG(sql_string(p->scratch, p->dialect, type->comment)));
    }
}

static void print_option(const Printer *p, const char *word, const Expression *value)
{
    if (value)
        buf_format(p->out, " %s " STR_FMT, word, STR_ARG(value->text));
}

/* True where a column's own definition makes the sequence. */
static bool comes_with_column(const Printer *p, const Sequence *sequence)
{
    const Column *owner = sequence->owner;
    if (!owner || owner->sequence != sequence || !owner->table)
        return false;
    return owner->identity != IDENTITY_NONE ||
           (owner->is_serial && print_is_usual_sequence(p, owner));
}

void print_sequences(const Printer *p)
{
    const StrMap *sequences = &p->schema->sequences;
    for (MapEntry *e = map_next(sequences, NULL); e; e = map_next(sequences, e)) {
        const Sequence *sequence = e->value;
        if (comes_with_column(p, sequence) || str_equal(sequence->schema, STR("pg_temp")))
            continue;
        buf_add(p->out, STR("CREATE SEQUENCE "));
        print_qualified(p, sequence->schema, sequence->name.text);
        if (sequence->type.canonical.length > 0)
            buf_format(p->out, " AS " STR_FMT, STR_ARG(sequence->type.canonical));
        const SequenceDef *definition = sequence->definition;
        if (definition) {
            print_option(p, "INCREMENT BY", definition->increment);
            print_option(p, "MINVALUE", definition->minimum);
            print_option(p, "MAXVALUE", definition->maximum);
            print_option(p, "START WITH", definition->start);
            print_option(p, "CACHE", definition->cache);
            if (definition->cycle)
                buf_add(p->out, STR(" CYCLE"));
        }
        buf_add(p->out, STR(";\n"));
    }
}

void print_sequence_owners(const Printer *p)
{
    const StrMap *sequences = &p->schema->sequences;
    for (MapEntry *e = map_next(sequences, NULL); e; e = map_next(sequences, e)) {
        const Sequence *sequence = e->value;
        const Column *owner = sequence->owner;
        if (!owner || !owner->table || comes_with_column(p, sequence))
            continue;
        buf_add(p->out, STR("ALTER SEQUENCE "));
        print_qualified(p, sequence->schema, sequence->name.text);
        buf_add(p->out, STR(" OWNED BY "));
        print_table_name(p, owner->table);
        buf_add_char(p->out, '.');
        print_name(p, owner->name.text);
        buf_add(p->out, STR(";\n"));
    }
}
