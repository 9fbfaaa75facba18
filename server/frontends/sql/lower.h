/* lower.h — what the files of the SQL frontend share. Private to this folder.
 *
 * A Lowering is the state of lowering one statement: the tree in hand, where its text
 * stands in the fragment, and what surrounds it (a DO block, a function, a view). Functions
 * take a node of the tree in hand and return model values; NO_NODE gives the absent value.
 *
 * All text that ends up in the model lives with the fragment: `text` is the fragment's own
 * text, or a part of it, or a copy in its arena that has the same offsets. */
#ifndef FRONTENDS_SQL_LOWER_H
#define FRONTENDS_SQL_LOWER_H

#include "model/fragment.h"
#include "sql/src/symbols.h"
#include "syntax/parser.h"
#include "syntax/sql_lex.h"

enum {
    QUERY_DEPTH_MAX = 48, /* nested subqueries that are still read; recursion is bounded by it */
    BODY_DEPTH_MAX = 4,   /* bodies within bodies: EXECUTE in a DO in … */
    /* Columns of a table, and tables, outputs and conditions of a query, that are kept: no
     * database takes more, and a hostile text may not fill the memory. */
    PARTS_MAX = 4096,
};

/* A list of WITH names in scope, innermost first. */
typedef struct CteScope CteScope;
struct CteScope {
    const NameVec *names;
    const CteScope *outer;
};

typedef struct {
    Parser *parser;
    Fragment *fragment;
    Arena *out;     /* the fragment's */
    Arena *scratch; /* the parser's, until the fragment is done */
    Dialect dialect;
    const Tree *tree;
    uint32_t base; /* where the tree's text starts in the fragment */

    Place statement; /* the statement that operations belong to */
    uint32_t statement_index;

    /* what the statement stands in */
    bool in_do_block, is_conditional;
    bool is_guarded; /* by a look into the catalog: carried out where it is needed */
    bool in_function, in_view, in_program, inside_loop;
    Str function;
    uint32_t body_depth;
    uint32_t query_depth;
    const CteScope *ctes;
} Lowering;

/* --- the tree (names.c) --- */

static inline uint16_t node_kind(const Lowering *l, NodeIndex node)
{
    return node == NO_NODE ? 0 : l->tree->nodes[node].kind;
}

#define FOR_EACH_CHILD(l, child, node)                                                             \
    for (NodeIndex child = tree_first_child((l)->tree, (node)); child != NO_NODE;                  \
         child = tree_next_sibling((l)->tree, child))

static inline NodeIndex field(const Lowering *l, NodeIndex node, uint16_t name)
{
    return tree_field(l->tree, node, name);
}

static inline uint16_t node_field(const Lowering *l, NodeIndex node)
{
    return l->tree->nodes[node].field;
}

static inline bool has_token(const Lowering *l, NodeIndex node, uint16_t kind)
{
    return tree_has_child(l->tree, node, kind);
}

static inline NodeIndex child_of_kind(const Lowering *l, NodeIndex node, uint16_t kind)
{
    return tree_child_of_kind(l->tree, node, kind);
}

/* The tree's text may reach beyond the fragment's (see with_parentheses_closed); what is
 * there, nobody wrote. */
static inline uint32_t written_length(const Lowering *l)
{
    return l->fragment->text.length - l->base;
}

static inline Str node_text(const Lowering *l, NodeIndex node)
{
    Str text = tree_text(l->tree, node);
    if (node != NO_NODE && l->tree->nodes[node].end > written_length(l))
        text = str_trim(str_slice(l->tree->text, l->tree->nodes[node].start, written_length(l)));
    return text;
}

Place node_place(const Lowering *l, NodeIndex node); /* unset for NO_NODE */
/* From the start of the one to the end of the other. */
Place span_place(const Lowering *l, NodeIndex first, NodeIndex last);
/* The place of the first child of that kind. */
Place token_place(const Lowering *l, NodeIndex node, uint16_t kind);
/* A node that is not what its parent hoped for: unfinished or wrong text. */
bool is_broken(const Lowering *l, NodeIndex node);

/* --- names and literals (names.c) --- */
Name lower_name(Lowering *l, NodeIndex node);
/* An unquoted spelling, folded as the dialect folds it. */
Str fold_name(Lowering *l, Str written);
QualifiedName lower_object_name(Lowering *l, NodeIndex object_name);
NameVec lower_column_list(Lowering *l, NodeIndex list);
/* All children of `node` in that role. */
NameVec lower_names(Lowering *l, NodeIndex node, uint16_t role);
Name lower_label(Lowering *l, NodeIndex string); /* an enum's label: its value */
/* The value of a string, dollar string or name: unquoted. */
Str literal_text(Lowering *l, NodeIndex node);
Str lower_case(Lowering *l, Str text); /* as it is where it has no capitals */

/* --- types (types.c) --- */
ColumnType lower_type(Lowering *l, NodeIndex type);

/* --- expressions (expression.c) --- */
const Expression *lower_expression(Lowering *l, NodeIndex node); /* NULL for NO_NODE */
/* A column's default: the same, but for names that can only be strings there. */
const Expression *lower_default(Lowering *l, NodeIndex node);
/* Parentheses off. */
NodeIndex bare_expression(const Lowering *l, NodeIndex node);
/* The value of a literal (seen through casts and signs), else absent. */
Str constant_of(Lowering *l, NodeIndex node);
/* A column_reference that is one: CURRENT_DATE and MySQL's "text" only look like it. */
bool is_column_reference(const Lowering *l, NodeIndex node);

/* --- queries (query.c, query_from.c, query_where.c, query_outputs.c) --- */
/* A query, insert, update, delete or merge; adds it to the fragment where it is not part of
 * another. NULL where it is nested too deep. */
const Query *lower_query(Lowering *l, NodeIndex node);
/* The queries within an expression that is no part of a query, such as a policy's. */
void lower_expression_queries(Lowering *l, NodeIndex node);

void query_add_from(Lowering *l, Query *query, NodeIndex clause);
void query_add_join_conditions(Lowering *l, Query *query, NodeIndex clause);
void query_add_table(Lowering *l, Query *query, NodeIndex item, JoinKind join, bool is_target);
void query_add_condition(Lowering *l, Query *query, NodeIndex condition);
void query_add_having(Lowering *l, Query *query, NodeIndex condition);
void query_add_outputs(Lowering *l, Query *query, NodeIndex select_list);
void query_add_groups(Lowering *l, Query *query, NodeIndex clause);
void query_add_orders(Lowering *l, Query *query, NodeIndex clause);
/* Subqueries below `node`, each added to query->subqueries; not those within others. */
void query_add_subqueries(Lowering *l, Query *query, NodeIndex node);
/* The use that a column belongs to, by its qualifier or because there is only one. */
uint32_t query_table_of(const Lowering *l, const Query *query, Name qualifier);
ColumnUse query_column_use(Lowering *l, const Query *query, NodeIndex column_reference);

/* --- definitions (columns.c, constraints.c, options.c) --- */
ColumnDef lower_column(Lowering *l, NodeIndex column_definition);
ConstraintDef lower_constraint(Lowering *l, NodeIndex table_constraint);
bool is_table_constraint(uint16_t kind);
/* Applies a constraint_timing node to the constraint before it. */
void apply_timing(const Lowering *l, NodeIndex timing, ConstraintDef *constraint);
/* NULLS NOT DISTINCT among the children; other NOTs do not count. */
bool has_nulls_not_distinct(const Lowering *l, NodeIndex node);
void lower_referential(Lowering *l, NodeIndex references, ConstraintDef *constraint);
Name lower_constraint_name(Lowering *l, NodeIndex constraint);
IndexPartVec lower_index_parts(Lowering *l, NodeIndex index_elements);
IndexDef lower_index_definition(Lowering *l, NodeIndex index_definition);
PartitionBy lower_partition_by(Lowering *l, NodeIndex partition_by);
typedef struct {
    Str engine, character_set, collation, comment;
} TableOptions;
/* Adds what one table_option says; false where it is none of these. */
bool lower_table_option(Lowering *l, NodeIndex table_option, TableOptions *options);
SequenceDef lower_sequence_options(Lowering *l, NodeIndex sequence_options);

/* --- statements: each emits its operations --- */
void lower_create_table(Lowering *l, NodeIndex node);
void lower_alter_table(Lowering *l, NodeIndex node);
/* One action of an ALTER statement; target and flags are taken from `start`. Nodes that
 * are no actions are passed over. */
void lower_alter_action(Lowering *l, NodeIndex action, const Operation *start);
void lower_create_index(Lowering *l, NodeIndex node);
void lower_drop(Lowering *l, NodeIndex node);
void lower_create_view(Lowering *l, NodeIndex node);
void lower_alter_object(Lowering *l, NodeIndex node);
void lower_create_type(Lowering *l, NodeIndex node);
void lower_alter_type(Lowering *l, NodeIndex node);
void lower_create_domain(Lowering *l, NodeIndex node);
void lower_alter_domain(Lowering *l, NodeIndex node);
void lower_create_sequence(Lowering *l, NodeIndex node);
void lower_alter_sequence(Lowering *l, NodeIndex node);
void lower_create_function(Lowering *l, NodeIndex node);
void lower_create_trigger(Lowering *l, NodeIndex node);
void lower_do(Lowering *l, NodeIndex node);
void lower_create_policy(Lowering *l, NodeIndex node);
void lower_alter_policy(Lowering *l, NodeIndex node);
void lower_grant(Lowering *l, NodeIndex node, bool is_default);
void lower_comment(Lowering *l, NodeIndex node);
void lower_create_schema(Lowering *l, NodeIndex node);
void lower_create_extension(Lowering *l, NodeIndex node);
void lower_create_object(Lowering *l, NodeIndex node);
void lower_rename(Lowering *l, NodeIndex node);
/* False where the statement is no CREATE AGGREGATE that it can read. */
bool lower_create_aggregate(Lowering *l, NodeIndex node);
void lower_set(Lowering *l, NodeIndex node);
void lower_reset(Lowering *l, NodeIndex node);
void lower_transaction(Lowering *l, NodeIndex node);
void lower_truncate(Lowering *l, NodeIndex node);
void lower_refresh(Lowering *l, NodeIndex node);
void lower_reindex(Lowering *l, NodeIndex node);
void lower_maintenance(Lowering *l, NodeIndex node);
void lower_use(Lowering *l, NodeIndex node);
ObjectKind lower_object_kind(const Lowering *l, NodeIndex object_kind);
StrVec lower_signature(Lowering *l, NodeIndex signature);

/* --- emitting (emit.c) --- */
/* An operation with dialect, places and flags of the surroundings filled in. */
Operation operation_at(const Lowering *l, OperationKind kind, NodeIndex node);
void emit(Lowering *l, const Operation *operation);

/* --- statements and texts (sql.c) --- */
/* Any statement node. */
void lower_statement(Lowering *l, NodeIndex node);
/* Parses `text`, which stands at `base` in the fragment, and lowers its statements. */
void lower_text(Lowering *l, Str text, uint32_t base);
/* The same for a query that is part of something else: no operation is emitted. */
void lower_text_queries(Lowering *l, Str text, uint32_t base);
/* Marks an operation as one that is carried out where it is needed: IF [NOT] EXISTS. */
void guard_operation(Operation *operation);

/* --- bodies (body.c) --- */
typedef enum { BODY_SQL, BODY_PLPGSQL, BODY_COMPOUND } BodyLanguage;
/* The statements in a body: `text` at `base`. */
void lower_body(Lowering *l, Str text, uint32_t base, BodyLanguage language);
/* A string or dollar string that holds a body: its inside, with quotes of a plain string
 * resolved at equal offsets. */
Str body_text(Lowering *l, NodeIndex literal, uint32_t *base);

/* --- what the text itself has wrong (problems.c) --- */
/* Returns how many parentheses are open at its end. */
uint32_t find_text_problems(Lowering *l, Str text);
/* True for a word that some dialect begins a statement with. */
bool is_known_lead(Str text, SqlToken token);

#endif
