/* SQLModel: annotations with Field(…), typed as pydantic sees them. */
#include "frontends/python/link.h"

static PythonType sized_string(Link *link, uint32_t length)
{
    if (length == 0 && link->scope.dialect == DIALECT_MYSQL)
        length = 255; /* its AutoString's own default there */
    Str text = length > 0 ? str_format(link->out, "VARCHAR(%u)", length) : STR("VARCHAR");
    return python_written_type(&link->scope, text);
}

static PythonType field_type(Link *link, const Annotation *annotation, const PythonTerm *field)
{
    const PythonTerm *given = call_argument(field, NO_POSITION, "sa_type");
    if (given)
        return python_type(&link->scope, given);
    const PythonTerm *inner = annotation->inner;
    Resolved resolved = python_resolve(&link->scope, inner);
    Str name = resolved.kind == RESOLVED_EXTERNAL  ? resolved.dotted
               : inner && inner->kind == TERM_NAME ? inner->text
                                                   : (Str){0};
    bool is_string = str_equal(name, STR("str")) || str_equal(name, STR("pydantic.EmailStr")) ||
                     str_equal(name, STR("pathlib.Path")) ||
                     str_equal(name, STR("pydantic.types.EmailStr"));
    if (is_string) {
        uint32_t length = 0;
        const PythonTerm *limit = call_argument(field, NO_POSITION, "max_length");
        if (limit && !term_is_none(limit) && !term_unsigned(&link->scope, limit, &length))
            return python_unknown_type();
        return sized_string(link, length);
    }
    uint32_t digits, places;
    if (str_equal(name, STR("decimal.Decimal")) && field &&
        term_unsigned(&link->scope, call_argument(field, NO_POSITION, "max_digits"), &digits) &&
        term_unsigned(&link->scope, call_argument(field, NO_POSITION, "decimal_places"), &places))
        return python_written_type(&link->scope,
                                   str_format(link->out, "NUMERIC(%u, %u)", digits, places));
    PythonType type = python_annotated_type(&link->scope, inner);
    if (type.is_null)
        return python_unknown_type();
    return type;
}

static void add_foreign_key(Link *link, const PythonTerm *field, LinkedColumn *column)
{
    const PythonTerm *target = call_argument(field, NO_POSITION, "foreign_key");
    ConstraintDef constraint = {.kind = CONSTRAINT_FOREIGN_KEY, .is_inline = true};
    Name name = {0};
    if (term_is_none(target))
        return;
    if (!python_reference(&link->scope, target, &constraint.references, &name)) {
        column->column.is_partial = true;
        return;
    }
    if (!name_is_absent(name))
        VEC_PUSH(link->out, &constraint.references_columns, name);
    constraint.place = constraint.kind_place = call_keyword(field, "foreign_key")->place;
    constraint.on_delete =
        python_action(&link->scope, call_argument(field, NO_POSITION, "ondelete"));
    IndexPart part = {.column = column->attribute, .place = column->attribute.place};
    VEC_PUSH(link->out, &constraint.parts, part);
    VEC_PUSH(link->out, &column->column.column.constraints, constraint);
}

/* sa_column_kwargs={"server_default": text("…")}: as if written in Column(…). */
static const PythonTerm *with_keywords(Link *link, const PythonTerm *field)
{
    const PythonTerm *kwargs =
        python_value(&link->scope, call_argument(field, NO_POSITION, "sa_column_kwargs"));
    if (!kwargs || kwargs->kind != TERM_DICT)
        return NULL;
    PythonTerm *call = ARENA_NEW(link->out, PythonTerm);
    *call = *field;
    call->items = (PythonTermVec){0};
    for (uint32_t i = 0; i < kwargs->items.n && i < 64; i++) {
        const PythonTerm *pair = kwargs->items.items[i];
        Str key;
        if (pair->kind != TERM_PAIR || !term_string(&link->scope, pair->left, &key))
            continue;
        PythonTerm *keyword = ARENA_NEW(link->out, PythonTerm);
        *keyword = (PythonTerm){.kind = TERM_KEYWORD,
                                .text = key,
                                .place = pair->place,
                                .text_place = pair->left->place,
                                .left = pair->right};
        VEC_PUSH(link->out, &call->items, keyword);
    }
    return call;
}

bool orm_sqlmodel_field(Link *link, const PythonStatement *statement, const Annotation *annotation,
                        LinkedColumn *column)
{
    Str generic =
        annotation->inner && annotation->inner->kind == TERM_SUBSCRIPT && annotation->inner->left
            ? annotation->inner->left->text
            : (Str){0};
    if (str_equal(generic, STR("ClassVar")))
        return false;
    *column = (LinkedColumn){.attribute = {statement->target->text, statement->target->place},
                             .optional = annotation->optional,
                             .place = statement->place};
    column->type_place = annotation->inner ? annotation->inner->place : (Place){0};
    PythonColumn *own = &column->column;
    const PythonTerm *field =
        call_is(&link->scope, statement->value, "Field") ? statement->value : NULL;
    const PythonTerm *given = orm_column_call(link, call_argument(field, NO_POSITION, "sa_column"));
    if (given) {
        if (!python_column(&link->scope, given, own))
            return false;
        column->client_default = call_argument(given, NO_POSITION, "default");
        column->on_update = call_argument(given, NO_POSITION, "onupdate");
    } else {
        const PythonTerm *keywords = field ? with_keywords(link, field) : NULL;
        if (keywords && python_column(&link->scope, keywords, own))
            column->on_update = call_argument(keywords, NO_POSITION, "onupdate");
        own->call = NULL;
        own->type =
            annotation->is_list ? python_unknown_type() : field_type(link, annotation, field);
        own->column.type = own->type.type;
        own->column.type.place = column->type_place;
        own->is_primary_key |= call_flag(&link->scope, field, "primary_key");
        own->is_unique |= call_flag(&link->scope, field, "unique");
        own->is_index |= call_flag(&link->scope, field, "index");
        own->nullable = call_written(&link->scope, field, "nullable");
        bool is_optional = annotation->optional == WRITTEN_TRUE;
        own->column.not_null = own->nullable == WRITTEN_FALSE || own->is_primary_key ||
                               (own->nullable == WRITTEN_NOT && !is_optional);
        if (field) {
            add_foreign_key(link, field, column);
            column->client_default = call_argument(field, 0, "default");
            const PythonTerm *factory = call_argument(field, NO_POSITION, "default_factory");
            column->client_default = factory ? factory : column->client_default;
        }
        if (!field && statement->value)
            column->client_default = statement->value;
        column->is_pydantic = true;
        column->field_call = field;
        own->has_default = column->client_default && column->client_default->kind != TERM_NONE;
    }
    if (name_is_absent(own->column.name))
        own->column.name = column->attribute;
    own->column.place = statement->place;
    return true;
}
