/* Statements, imports and definitions of the syntax tree. */
#include "base/panic.h"
#include "frontends/python/mend.h"
#include "frontends/python/read.h"
#include "python/symbols.h"

enum {
    /* A function of a model file that is read although nothing says that it matters: it may make
     * a column, a type or a value. Longer ones are the program's business. */
    SMALL_FUNCTION_BYTES = 1500,
    ELIF_MAX = 40,
};

#define FOR_EACH_CHILD(r, child, node)                                                             \
    for (NodeIndex child = tree_first_child((r)->tree, (node)); child != NO_NODE;                  \
         child = tree_next_sibling((r)->tree, child))

static uint16_t kind_of(const Reading *r, NodeIndex node)
{
    return node == NO_NODE ? 0 : r->tree->nodes[node].kind;
}

static NodeIndex field_of(const Reading *r, NodeIndex node, uint16_t field)
{
    return tree_field(r->tree, node, field);
}

static PythonStatement *new_statement(Reading *r, PythonStatementKind kind, NodeIndex node)
{
    PythonStatement *statement = ARENA_NEW(r->out, PythonStatement);
    statement->kind = kind;
    statement->place = read_place(r, node);
    return statement;
}

/* --- imports --- */

static void add_import(Reading *r, Str local, Str module, Str symbol, NodeIndex node)
{
    StrMap *imports = &r->module->imports;
    bool is_top = r->block_depth == 0;
    if (str_is_empty(local) || (!is_top && map_get(imports, local)))
        return;
    PythonImport *import = ARENA_NEW(r->out, PythonImport);
    *import = (PythonImport){.module = module, .symbol = symbol, .place = read_place(r, node)};
    map_set(r->out, imports, local, import);
}

static void read_import(Reading *r, NodeIndex node)
{
    FOR_EACH_CHILD(r, c, node) {
        if (kind_of(r, c) == PYTHON_ALIASED_IMPORT) {
            Str name = tree_text(r->tree, field_of(r, c, PYTHON_FIELD_NAME));
            add_import(r, tree_text(r->tree, field_of(r, c, PYTHON_FIELD_ALIAS)), name, (Str){0},
                       c);
        } else if (kind_of(r, c) == PYTHON_DOTTED_NAME) {
            Str name = tree_text(r->tree, c);
            Str root = str_slice(name, 0, str_find(name, STR("."), 0));
            add_import(r, root, root, (Str){0}, c);
        }
    }
}

static void read_from_import(Reading *r, NodeIndex node)
{
    NodeIndex from = field_of(r, node, PYTHON_FIELD_MODULE_NAME);
    Str module = tree_text(r->tree, from);
    if (kind_of(r, node) == PYTHON_FUTURE_IMPORT_STATEMENT || str_is_empty(module))
        return;
    FOR_EACH_CHILD(r, c, node) {
        if (kind_of(r, c) == PYTHON_WILDCARD_IMPORT)
            VEC_PUSH(r->out, &r->module->stars, module);
        if (r->tree->nodes[c].field != PYTHON_FIELD_NAME)
            continue;
        bool has_alias = kind_of(r, c) == PYTHON_ALIASED_IMPORT;
        Str name = tree_text(r->tree, has_alias ? field_of(r, c, PYTHON_FIELD_NAME) : c);
        Str local = has_alias ? tree_text(r->tree, field_of(r, c, PYTHON_FIELD_ALIAS)) : name;
        add_import(r, local, module, name, c);
    }
}

/* --- definitions --- */

static PythonStatementVec read_block(Reading *r, NodeIndex block, const PythonDefinition *outer);

/* Takes the doc string off the body; absent where it has none. */
static Str take_doc(PythonStatementVec *body)
{
    if (body->n == 0)
        return (Str){0};
    const PythonStatement *first = body->items[0];
    if (first->kind != STATEMENT_TERM || !first->value || first->value->kind != TERM_STRING)
        return (Str){0};
    VEC_REMOVE(body, 0);
    return first->value->text;
}

static void read_parameter(Reading *r, NodeIndex node, PythonParameterVec *parameters)
{
    PythonParameter parameter = {0};
    NodeIndex name = NO_NODE;
    switch (kind_of(r, node)) {
    case PYTHON_IDENTIFIER:
        name = node;
        break;
    case PYTHON_TYPED_PARAMETER:
        name = tree_child_of_kind(r->tree, node, PYTHON_IDENTIFIER);
        break;
    case PYTHON_DEFAULT_PARAMETER:
    case PYTHON_TYPED_DEFAULT_PARAMETER:
        name = field_of(r, node, PYTHON_FIELD_NAME);
        parameter.default_value = read_term(r, field_of(r, node, PYTHON_FIELD_VALUE));
        break;
    default:
        break;
    }
    if (name == NO_NODE)
        return;
    parameter.name = (Name){tree_text(r->tree, name), read_place(r, name)};
    VEC_PUSH(r->out, parameters, parameter);
}

static bool is_dunder(Str name)
{
    return str_starts_with(name, STR("__")) && str_ends_with(name, STR("__"));
}

/* Words without which no database is queried through SQLAlchemy: a session (self.session,
 * Session(…)), Model.query and session.query(…), select(…), execute(…). */
static bool may_query(Str text)
{
    static const Str words[] = {STR_INIT("query"), STR_INIT("ession"), STR_INIT("select("),
                                STR_INIT(".execute(")};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (str_contains(text, words[i]))
            return true;
    }
    return false;
}

/* Types say what they are in these; see types.c. */
static bool is_of_interest(const Reading *r, const PythonDefinition *function, NodeIndex body)
{
    if (r->reads_whole || (r->module->may_query && may_query(tree_text(r->tree, body))))
        return true;
    if (range_length(tree_range(r->tree, body)) > SMALL_FUNCTION_BYTES)
        return false;
    return !function->outer || function->decorators.n > 0 || is_dunder(function->name.text) ||
           str_equal(function->name.text, STR("load_dialect_impl")) ||
           str_equal(function->name.text, STR("get_col_spec"));
}

static void bind_attributes(Reading *r, PythonDefinition *class)
{
    for (uint32_t i = 0; i < class->body.n; i++) {
        const PythonStatement *s = class->body.items[i];
        bool is_definition = s->kind == STATEMENT_CLASS || s->kind == STATEMENT_FUNCTION;
        bool is_assigned = s->kind == STATEMENT_ASSIGNMENT && s->value && s->target &&
                           s->target->kind == TERM_NAME;
        if (!is_definition && !is_assigned)
            continue;
        Str name = is_definition ? s->definition->name.text : s->target->text;
        PythonBinding *binding = ARENA_NEW(r->out, PythonBinding);
        binding->statement = s;
        binding->previous = map_get(&class->names, name);
        map_set(r->out, &class->names, name, binding);
    }
}

static const PythonDefinition *read_definition(Reading *r, NodeIndex node, NodeIndex decorated,
                                               const PythonDefinition *outer)
{
    PythonDefinition *definition = ARENA_NEW(r->out, PythonDefinition);
    NodeIndex name = field_of(r, node, PYTHON_FIELD_NAME);
    NodeIndex body = field_of(r, node, PYTHON_FIELD_BODY);
    definition->name = (Name){tree_text(r->tree, name), read_place(r, name)};
    definition->is_class = kind_of(r, node) == PYTHON_CLASS_DEFINITION;
    definition->outer = outer;
    definition->place = read_place(r, decorated != NO_NODE ? decorated : node);
    definition->body_place = read_place(r, body);
    if (decorated != NO_NODE) {
        FOR_EACH_CHILD(r, c, decorated) {
            if (kind_of(r, c) != PYTHON_DECORATOR)
                continue;
            FOR_EACH_CHILD(r, e, c) {
                const PythonTerm *decorator = r->tree->nodes[e].is_named ? read_term(r, e) : NULL;
                if (decorator)
                    VEC_PUSH(r->out, &definition->decorators, decorator);
            }
        }
    }
    NodeIndex bases = field_of(r, node, PYTHON_FIELD_SUPERCLASSES);
    definition->arguments = read_arguments(r, bases);
    NodeIndex parameters = field_of(r, node, PYTHON_FIELD_PARAMETERS);
    if (parameters != NO_NODE) {
        FOR_EACH_CHILD(r, c, parameters)
            read_parameter(r, c, &definition->parameters);
    }
    definition->has_body =
        body != NO_NODE && (definition->is_class || is_of_interest(r, definition, body));
    if (definition->has_body) {
        definition->body = read_block(r, body, definition->is_class ? definition : NULL);
        (void)take_doc(&definition->body);
        if (definition->is_class)
            bind_attributes(r, definition);
    }
    return definition;
}

/* --- statements --- */

/* `a = b = value`: a statement for each target. */
static void read_assignment(Reading *r, NodeIndex node, NodeIndex whole, PythonStatementVec *out)
{
    enum { TARGETS_MAX = 16 };
    NodeIndex targets[TARGETS_MAX];
    uint32_t n = 0;
    const PythonTerm *annotation = NULL;
    NodeIndex value = node;
    while (kind_of(r, value) == PYTHON_ASSIGNMENT && n < TARGETS_MAX) {
        targets[n++] = field_of(r, value, PYTHON_FIELD_LEFT);
        NodeIndex type = field_of(r, value, PYTHON_FIELD_TYPE);
        if (type != NO_NODE)
            annotation = read_annotation(r, type);
        value = field_of(r, value, PYTHON_FIELD_RIGHT);
    }
    const PythonTerm *term = read_term(r, value);
    for (uint32_t i = 0; i < n; i++) {
        PythonStatement *statement = new_statement(r, STATEMENT_ASSIGNMENT, whole);
        statement->target = read_term(r, targets[i]);
        statement->annotation = annotation;
        statement->value = term;
        VEC_PUSH(r->out, out, statement);
    }
}

static void read_expression_statement(Reading *r, NodeIndex node, PythonStatementVec *out)
{
    NodeIndex only = NO_NODE;
    uint32_t n = 0;
    FOR_EACH_CHILD(r, c, node) {
        if (r->tree->nodes[c].is_named && kind_of(r, c) != PYTHON_COMMENT) {
            only = c;
            n++;
        }
    }
    if (n != 1) {
        VEC_PUSH(r->out, out, new_statement(r, STATEMENT_OTHER, node));
        return;
    }
    if (kind_of(r, only) == PYTHON_ASSIGNMENT) {
        read_assignment(r, only, node, out);
        return;
    }
    bool is_augmented = kind_of(r, only) == PYTHON_AUGMENTED_ASSIGNMENT;
    bool is_ellipsis = kind_of(r, only) == PYTHON_ELLIPSIS;
    PythonStatement *statement = new_statement(r,
                                               is_augmented  ? STATEMENT_AUGMENTED
                                               : is_ellipsis ? STATEMENT_PASS
                                                             : STATEMENT_TERM,
                                               node);
    if (is_augmented)
        statement->target = read_term(r, field_of(r, only, PYTHON_FIELD_LEFT));
    statement->value =
        is_augmented ? read_term(r, field_of(r, only, PYTHON_FIELD_RIGHT)) : read_term(r, only);
    VEC_PUSH(r->out, out, statement);
}

static PythonStatementVec read_field_block(Reading *r, NodeIndex node, uint16_t field,
                                           const PythonDefinition *outer)
{
    NodeIndex block = field_of(r, node, field);
    return block == NO_NODE ? (PythonStatementVec){0} : read_block(r, block, outer);
}

/* The block of an except, else or finally clause. */
static PythonStatementVec read_clause(Reading *r, NodeIndex node, const PythonDefinition *outer)
{
    NodeIndex block = tree_child_of_kind(r->tree, node, PYTHON_BLOCK);
    return block == NO_NODE ? (PythonStatementVec){0} : read_block(r, block, outer);
}

/* An elif stands in the `otherwise` of what is before it. */
static PythonStatement *read_if(Reading *r, NodeIndex node, const PythonDefinition *outer)
{
    PythonStatement *first = new_statement(r, STATEMENT_IF, node);
    first->value = read_term(r, field_of(r, node, PYTHON_FIELD_CONDITION));
    first->body = read_field_block(r, node, PYTHON_FIELD_CONSEQUENCE, outer);
    PythonStatement *last = first;
    uint32_t n = 0;
    FOR_EACH_CHILD(r, c, node) {
        if (kind_of(r, c) == PYTHON_ELIF_CLAUSE && n++ < ELIF_MAX) {
            PythonStatement *next = new_statement(r, STATEMENT_IF, c);
            next->value = read_term(r, field_of(r, c, PYTHON_FIELD_CONDITION));
            next->body = read_field_block(r, c, PYTHON_FIELD_CONSEQUENCE, outer);
            VEC_PUSH(r->out, &last->otherwise, next);
            last = next;
        } else if (kind_of(r, c) == PYTHON_ELSE_CLAUSE) {
            last->otherwise = read_field_block(r, c, PYTHON_FIELD_BODY, outer);
        }
    }
    return first;
}

static PythonStatement *read_loop(Reading *r, NodeIndex node, const PythonDefinition *outer)
{
    bool is_for = kind_of(r, node) == PYTHON_FOR_STATEMENT;
    PythonStatement *loop = new_statement(r, is_for ? STATEMENT_FOR : STATEMENT_WHILE, node);
    loop->target = read_term(r, field_of(r, node, PYTHON_FIELD_LEFT));
    loop->value =
        read_term(r, field_of(r, node, is_for ? PYTHON_FIELD_RIGHT : PYTHON_FIELD_CONDITION));
    loop->body = read_field_block(r, node, PYTHON_FIELD_BODY, outer);
    NodeIndex otherwise = field_of(r, node, PYTHON_FIELD_ALTERNATIVE);
    if (otherwise != NO_NODE)
        loop->otherwise = read_field_block(r, otherwise, PYTHON_FIELD_BODY, outer);
    return loop;
}

static PythonStatement *read_with(Reading *r, NodeIndex node, const PythonDefinition *outer)
{
    PythonStatement *with = new_statement(r, STATEMENT_WITH, node);
    NodeIndex clause = tree_child_of_kind(r->tree, node, PYTHON_WITH_CLAUSE);
    NodeIndex items = clause;
    NodeIndex first = clause == NO_NODE ? NO_NODE : tree_first_child(r->tree, clause);
    if (kind_of(r, first) == PYTHON_TUPLE) /* with (a as x, b as y): in parentheses */
        items = first;
    if (items != NO_NODE) {
        FOR_EACH_CHILD(r, c, items) {
            if (!r->tree->nodes[c].is_named || kind_of(r, c) == PYTHON_COMMENT)
                continue;
            NodeIndex value =
                kind_of(r, c) == PYTHON_WITH_ITEM ? field_of(r, c, PYTHON_FIELD_VALUE) : c;
            PythonStatement *item = new_statement(r, STATEMENT_ASSIGNMENT, c);
            if (kind_of(r, value) == PYTHON_AS_PATTERN) {
                NodeIndex alias = field_of(r, value, PYTHON_FIELD_ALIAS);
                NodeIndex target = alias == NO_NODE ? NO_NODE : tree_first_child(r->tree, alias);
                item->target = read_term(r, target);
                value = tree_first_child(r->tree, value);
            }
            item->value = read_term(r, value);
            VEC_PUSH(r->out, &with->items, item);
        }
    }
    with->body = read_field_block(r, node, PYTHON_FIELD_BODY, outer);
    return with;
}

static PythonStatement *read_try(Reading *r, NodeIndex node, const PythonDefinition *outer)
{
    PythonStatement *attempt = new_statement(r, STATEMENT_TRY, node);
    attempt->body = read_field_block(r, node, PYTHON_FIELD_BODY, outer);
    FOR_EACH_CHILD(r, c, node) {
        uint16_t kind = kind_of(r, c);
        bool is_except = kind == PYTHON_EXCEPT_CLAUSE;
        if (!is_except && kind != PYTHON_ELSE_CLAUSE && kind != PYTHON_FINALLY_CLAUSE)
            continue;
        PythonStatementVec body = read_clause(r, c, outer);
        for (uint32_t i = 0; i < body.n; i++)
            VEC_PUSH(r->out, &attempt->otherwise, body.items[i]);
        PythonStatement *clause =
            new_statement(r, is_except ? STATEMENT_EXCEPT : STATEMENT_OTHER, c);
        clause->body = body;
        VEC_PUSH(r->out, &attempt->items, clause);
    }
    return attempt;
}

static PythonStatement *read_value_statement(Reading *r, PythonStatementKind kind, NodeIndex node)
{
    PythonStatement *statement = new_statement(r, kind, node);
    FOR_EACH_CHILD(r, c, node) {
        if (r->tree->nodes[c].is_named && kind_of(r, c) != PYTHON_COMMENT) {
            statement->value = read_term(r, c);
            break;
        }
    }
    return statement;
}

static void read_statement(Reading *r, NodeIndex node, const PythonDefinition *outer,
                           PythonStatementVec *out)
{
    PythonStatement *statement = NULL;
    switch (kind_of(r, node)) {
    case PYTHON_COMMENT:
        return;
    case PYTHON_IMPORT_STATEMENT:
        read_import(r, node);
        return;
    case PYTHON_IMPORT_FROM_STATEMENT:
    case PYTHON_FUTURE_IMPORT_STATEMENT:
        read_from_import(r, node);
        return;
    case PYTHON_EXPRESSION_STATEMENT:
        read_expression_statement(r, node, out);
        return;
    case PYTHON_CLASS_DEFINITION:
    case PYTHON_FUNCTION_DEFINITION:
    case PYTHON_DECORATED_DEFINITION: {
        bool is_decorated = kind_of(r, node) == PYTHON_DECORATED_DEFINITION;
        NodeIndex inner = is_decorated ? field_of(r, node, PYTHON_FIELD_DEFINITION) : node;
        if (inner == NO_NODE)
            return;
        const PythonDefinition *definition =
            read_definition(r, inner, is_decorated ? node : NO_NODE, outer);
        statement =
            new_statement(r, definition->is_class ? STATEMENT_CLASS : STATEMENT_FUNCTION, node);
        statement->definition = definition;
        break;
    }
    case PYTHON_RETURN_STATEMENT:
        statement = read_value_statement(r, STATEMENT_RETURN, node);
        break;
    case PYTHON_RAISE_STATEMENT:
        statement = read_value_statement(r, STATEMENT_RAISE, node);
        break;
    case PYTHON_PASS_STATEMENT:
        statement = new_statement(r, STATEMENT_PASS, node);
        break;
    case PYTHON_IF_STATEMENT:
        statement = read_if(r, node, outer);
        break;
    case PYTHON_FOR_STATEMENT:
    case PYTHON_WHILE_STATEMENT:
        statement = read_loop(r, node, outer);
        break;
    case PYTHON_WITH_STATEMENT:
        statement = read_with(r, node, outer);
        break;
    case PYTHON_TRY_STATEMENT:
        statement = read_try(r, node, outer);
        break;
    case PYTHON_ERROR: /* half-typed: what is whole in it counts */
    case PYTHON_BLOCK:
        if (r->block_depth < PYTHON_BLOCK_DEPTH_MAX) {
            r->block_depth++;
            FOR_EACH_CHILD(r, c, node) {
                if (r->tree->nodes[c].is_named)
                    read_statement(r, c, outer, out);
            }
            r->block_depth--;
        }
        return;
    default:
        statement = new_statement(r, STATEMENT_OTHER, node);
        break;
    }
    VEC_PUSH(r->out, out, statement);
}

static PythonStatementVec read_block(Reading *r, NodeIndex block, const PythonDefinition *outer)
{
    PythonStatementVec statements = {0};
    if (r->block_depth >= PYTHON_BLOCK_DEPTH_MAX)
        return statements;
    r->block_depth++;
    FOR_EACH_CHILD(r, c, block) {
        if (r->tree->nodes[c].is_named)
            read_statement(r, c, outer, &statements);
    }
    r->block_depth--;
    return statements;
}

/* --- the module --- */

static void bind(Reading *r, Str name, const PythonStatement *statement, bool is_fallback)
{
    PythonModule *module = r->module;
    if (is_fallback && (map_get(&module->names, name) || map_get(&module->imports, name)))
        return;
    PythonStatement *kept = ARENA_NEW(r->out, PythonStatement);
    *kept = *statement;
    map_set(r->out, &module->names, name, kept);
}

static bool is_type_checking(const PythonTerm *condition)
{
    return condition && (condition->kind == TERM_NAME || condition->kind == TERM_ATTRIBUTE) &&
           str_equal(condition->text, STR("TYPE_CHECKING"));
}

/* What the statements of a block bind. Fallbacks (except ImportError: …) count where nothing else
 * binds the name. */
static void bind_block(Reading *r, const PythonStatementVec *block, bool is_fallback)
{
    for (uint32_t i = 0; i < block->n; i++) {
        const PythonStatement *s = block->items[i];
        if (s->kind == STATEMENT_CLASS || s->kind == STATEMENT_FUNCTION)
            bind(r, s->definition->name.text, s, is_fallback);
        else if (s->kind == STATEMENT_ASSIGNMENT && s->value && s->target &&
                 s->target->kind == TERM_NAME)
            bind(r, s->target->text, s, is_fallback);
        bool is_block =
            s->kind == STATEMENT_IF || s->kind == STATEMENT_TRY || s->kind == STATEMENT_WITH;
        if (!is_block)
            continue;
        bool swapped = s->kind == STATEMENT_IF && is_type_checking(s->value);
        bind_block(r, swapped ? &s->otherwise : &s->body, is_fallback);
        bind_block(r, swapped ? &s->body : &s->otherwise,
                   is_fallback || swapped || s->kind == STATEMENT_TRY);
    }
}

const PythonModule *python_module_read(Fragment *fragment, Parser *parser, Dialect dialect,
                                       bool whole)
{
    Arena *scratch = parser_scratch(parser);
    Tree tree = mend_parse(parser, fragment->text, scratch);
    PythonModule *module = ARENA_NEW(&fragment->arena, PythonModule);
    Reading r = {.fragment = fragment,
                 .out = &fragment->arena,
                 .tree = &tree,
                 .module = module,
                 .reads_whole = whole};
    module->fragment = fragment;
    module->may_query = may_query(fragment->text);
    FOR_EACH_CHILD(&r, c, 0) {
        if (tree.nodes[c].is_named)
            read_statement(&r, c, NULL, &module->body);
    }
    module->doc = take_doc(&module->body);
    bind_block(&r, &module->body, false);
    arena_reset(scratch); /* the tree is gone; the parser now reads SQL */
    read_sql_strings(&r, parser, dialect);
    return module;
}
