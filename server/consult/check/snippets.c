/* Snippets of Prisma, SQLAlchemy and Alembic.
 *
 * A revision's calls are replayed like SQL. Of a model, what it adds is a proposal; what it leans
 * on must be there: the fields of an index, both ends of a relation, the target of a foreign key.
 * Beside them, `Class.attribute` in any Python must be an attribute of that class. */
#include "base/buf.h"
#include "consult/check/parts.h"
#include "engine/link.h"
#include "syntax/prisma_syntax.h"

enum { MAX_CODE = 256 * 1024 };

static void say(ReportCheck *check, Str *problem, const char *format, Str a, Str b)
{
    if (str_is_absent(*problem))
        *problem = str_format(check->out, STR_FMT "%s" STR_FMT, STR_ARG(a), format, STR_ARG(b));
}

/* ---- Prisma ---- */

static bool is_scalar(Str type)
{
    static const char *const scalars[] = {"String",  "Boolean",  "Int",  "BigInt", "Float",
                                          "Decimal", "DateTime", "Json", "Bytes"};
    return str_is_among(type, scalars, sizeof scalars / sizeof *scalars) ||
           str_starts_with(type, STR("Unsupported"));
}

static bool is_model(const PrismaBlock *block)
{
    return block->kind == PRISMA_MODEL || block->kind == PRISMA_VIEW;
}

/* The model that lines without a block are of: the last one named before the code. */
static Str model_before(const ReportCheck *check, uint32_t code)
{
    for (uint32_t i = code; i > 0 && i + 6 > code; i--) {
        const Piece *piece = &check->document.pieces.items[i - 1];
        for (uint32_t k = piece->spans.n; k > 0; k--) {
            const Span *span = &piece->spans.items[k - 1];
            if (span->kind == SPAN_CODE && names_table(&check->names, span->text))
                return span->text;
        }
        if (piece->kind == PIECE_CODE)
            break;
    }
    return (Str){0};
}

static Str with_block(const ReportCheck *check, uint32_t piece, Str code)
{
    if (str_contains(code, STR("{")))
        return code;
    Str model = model_before(check, piece);
    return str_is_absent(model) ? code
                                : str_format(check->out, "model " STR_FMT " {\n" STR_FMT "}\n",
                                             STR_ARG(model), STR_ARG(code));
}

static void propose_block(ReportCheck *check, const PrismaBlock *block)
{
    if (!is_model(block)) {
        names_propose_word(&check->names, block->name.text);
        for (uint32_t i = 0; i < block->entries.n; i++)
            names_propose_word(&check->names, block->entries.items[i].name.text);
        return;
    }
    names_propose_column(&check->names, block->name.text, (Str){0});
    for (uint32_t i = 0; i < block->entries.n; i++)
        if (block->entries.items[i].kind == PRISMA_FIELD)
            names_propose_column(&check->names, block->name.text,
                                 block->entries.items[i].name.text);
}

/* Each field of [a, b(sort: Desc)] must be one of the model. */
static void look_at_fields(ReportCheck *check, Str model, const PrismaValue *fields, Str *problem)
{
    const NamedTable *table = names_table(&check->names, model);
    for (uint32_t i = 0; table && fields && fields->kind == PRISMA_ARRAY && i < fields->arguments.n;
         i++) {
        const PrismaValue *field = fields->arguments.items[i].value;
        if (field && (field->kind == PRISMA_NAME || field->kind == PRISMA_CALL) &&
            !str_contains(field->text, STR(".")) && !names_has_column(table, field->text))
            say(check, problem, " has no field ", model, field->text);
    }
}

/* A model, an enum of the sources, or one of the report. Fields do not count. */
static bool is_known_type(ReportCheck *check, Str type)
{
    return names_table(&check->names, type) ||
           map_get(&check->names.new_ones, str_lower(check->scratch, type)) ||
           names_in_sources(&check->names, type);
}

static void look_at_field(ReportCheck *check, const PrismaBlock *block, const PrismaEntry *entry,
                          Str *problem)
{
    Str type = entry->type.text;
    if (str_is_empty(type) || is_scalar(type))
        return;
    if (!is_known_type(check, type)) {
        say(check, problem, "there is no model or enum ", (Str){0}, type);
        return;
    }
    const PrismaAttribute *relation = prisma_attribute(entry, STR("relation"));
    if (!relation)
        return;
    look_at_fields(check, block->name.text,
                   prisma_argument(&relation->arguments, STR("fields"), UINT32_MAX), problem);
    look_at_fields(check, type,
                   prisma_argument(&relation->arguments, STR("references"), UINT32_MAX), problem);
}

static void look_at_block(ReportCheck *check, const PrismaBlock *block, Str *problem)
{
    for (uint32_t i = 0; is_model(block) && i < block->entries.n; i++) {
        const PrismaEntry *entry = &block->entries.items[i];
        if (entry->kind == PRISMA_FIELD)
            look_at_field(check, block, entry, problem);
        if (entry->kind == PRISMA_BLOCK_ATTRIBUTE && entry->attributes.n > 0 &&
            !str_equal(entry->attributes.items[0].name.text, STR("map")))
            look_at_fields(check, block->name.text,
                           prisma_argument(&entry->attributes.items[0].arguments, STR("fields"), 0),
                           problem);
    }
}

/* ---- a snippet as a statement ---- */

static CheckedStatement *add_snippet(ReportCheck *check, uint32_t piece, Str code,
                                     const LoweredFile *file)
{
    StatementUse use = check_use_of(check, piece);
    CheckedStatement *statement =
        check_add_statement(check, piece, code, file->fragments.items[0].fragment, use);
    statement->is_snippet = true;
    return statement;
}

static void judge_snippet(ReportCheck *check, CheckedStatement *statement, Str problem)
{
    statement->is_schema_change = false;
    statement->is_checked = statement->use != USE_SHOWN;
    statement->applies = str_is_absent(problem);
    statement->problem = problem;
    check_settle_statement(check, statement);
}

/* ---- Python ---- */

static Str indented(ReportCheck *check, Str code)
{
    Buf buf = buf_with_max((size_t)MAX_CODE * 4);
    Str rest = code, line;
    while (str_next_line(&rest, &line))
        buf_format(&buf, "    " STR_FMT "\n", STR_ARG(line));
    Str text = str_copy(check->out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

#define REVISION_HEAD                                                                              \
    "from alembic import op\nimport sqlalchemy as sa\nfrom sqlalchemy.dialects import "            \
    "postgresql\nrevision = 'of_the_report'\ndown_revision = None\n\n"

static Str as_revision(ReportCheck *check, Str code)
{
    if (str_contains(code, STR("def upgrade")))
        return str_format(check->out, REVISION_HEAD STR_FMT, STR_ARG(code));
    Str body = indented(check, code);
    return str_format(check->out, REVISION_HEAD "def upgrade():\n" STR_FMT "    pass\n",
                      STR_ARG(body));
}

#define MODELS_HEAD                                                                                \
    "from datetime import datetime\nimport sqlalchemy as sa\nfrom sqlalchemy import *\nfrom "      \
    "sqlalchemy.orm import *\nfrom flask_sqlalchemy import SQLAlchemy\ndb = SQLAlchemy()\nclass "  \
    "Base(DeclarativeBase):\n    pass\n\n"

static bool is_revision(Str code)
{
    return str_contains(code, STR("op.")) &&
           (str_contains(code, STR("op.add_")) || str_contains(code, STR("op.create_")) ||
            str_contains(code, STR("op.drop_")) || str_contains(code, STR("op.alter_")) ||
            str_contains(code, STR("op.execute")) || str_contains(code, STR("op.batch_")) ||
            str_contains(code, STR("op.rename_")));
}

/* ForeignKey("orders.id"): linking leaves out what leads to tables of other files. */
static void look_at_keys(ReportCheck *check, Str code, Str *problem)
{
    Str call = STR("ForeignKey(");
    for (uint32_t at = str_find(code, call, 0); at != UINT32_MAX;
         at = str_find(code, call, at + call.length)) {
        uint32_t start = at + call.length, end = start + 1;
        if (start >= code.length || !strchr("\"'", code.data[start]))
            continue;
        while (end < code.length && (is_word_byte(code.data[end]) || code.data[end] == '.'))
            end++;
        Str target = str_slice(code, start + 1, end);
        uint32_t dot = target.length;
        while (dot > 0 && target.data[dot - 1] != '.')
            dot--;
        if (dot == 0)
            continue;
        Str name = str_slice(target, 0, dot - 1), column = str_slice(target, dot, target.length);
        const NamedTable *table = names_table(&check->names, name);
        if (!table)
            say(check, problem, "there is no table ", (Str){0}, name);
        else if (!names_has_column(table, column))
            say(check, problem, " has no column ", name, column);
    }
}

static void look_at_parts(ReportCheck *check, Str table_name, const IndexPartVec *parts,
                          Str *problem)
{
    const NamedTable *table = names_table(&check->names, table_name);
    for (uint32_t i = 0; table && i < parts->n; i++)
        if (!str_is_empty(parts->items[i].column.text) &&
            !names_has_column(table, parts->items[i].column.text))
            say(check, problem, " has no column ", table_name, parts->items[i].column.text);
}

static void look_at_models(ReportCheck *check, const Declared *declared, Str *problem)
{
    for (uint32_t i = 0; i < declared->operations.n; i++) {
        const Operation *operation = &declared->operations.items[i];
        Str name = operation->target.name.text;
        if (operation->kind == OP_ADD_CONSTRAINT)
            look_at_parts(check, name, &operation->as.add_constraint.parts, problem);
        if (operation->kind == OP_CREATE_INDEX)
            look_at_parts(check, name, &operation->as.create_index.parts, problem);
        if (operation->kind != OP_CREATE_TABLE)
            continue;
        const TableDef *table = &operation->as.create_table;
        for (uint32_t k = 0; k < table->constraints.n; k++)
            look_at_parts(check, name, &table->constraints.items[k].parts, problem);
        for (uint32_t k = 0; k < table->indexes.n; k++)
            look_at_parts(check, name, &table->indexes.items[k].parts, problem);
    }
    for (uint32_t i = 0; i < declared->models.n; i++)
        for (uint32_t k = 0; k < declared->models.items[i]->relations.n; k++) {
            const OrmRelation *relation = &declared->models.items[i]->relations.items[k];
            if (!str_is_empty(relation->target.text) && !relation->target_model &&
                !names_knows(&check->names, relation->target.text))
                say(check, problem, "there is no class ", (Str){0}, relation->target.text);
        }
}

/* ---- Class.attribute ---- */

/* Python minds the case. */
static const OrmModel *model_named(const ReportCheck *check, Str name)
{
    const OrmModel *model = check_model(check, name);
    return model && str_equal(model->name.text, name) ? model : NULL;
}

static void look_at_attributes(ReportCheck *check, Str code, Str *problem)
{
    for (uint32_t at = 0; at < code.length;) {
        uint32_t end = at;
        while (end < code.length && is_word_byte(code.data[end]))
            end++;
        bool is_start = end > at && (at == 0 || code.data[at - 1] != '.') && code.data[at] >= 'A' &&
                        code.data[at] <= 'Z';
        uint32_t last = end + 1;
        while (last < code.length && is_word_byte(code.data[last]))
            last++;
        bool is_dotted = is_start && end < code.length && code.data[end] == '.' && last > end + 1;
        const OrmModel *model = is_dotted ? model_named(check, str_slice(code, at, end)) : NULL;
        Str attribute = str_slice(code, end + 1, last);
        if (model && !model->is_partial && (last >= code.length || code.data[last] != '(') &&
            !names_has_column(names_table(&check->names, model->name.text), attribute) &&
            !names_in_sources(&check->names, attribute) && !str_starts_with(attribute, STR("__")) &&
            !str_equal(attribute, STR("query")) && !str_equal(attribute, STR("metadata")) &&
            !str_equal(attribute, STR("registry")))
            say(check, problem, " has no attribute ", model->name.text, attribute);
        at = end > at ? end : at + 1;
    }
}

static void look_at_code(ReportCheck *check, Str code, Str *problem)
{
    look_at_attributes(check, code, problem);
    look_at_keys(check, code, problem);
}

/* ---- all of them ---- */

typedef enum { SNIPPET_NONE, SNIPPET_PRISMA, SNIPPET_PYTHON } SnippetKind;

static SnippetKind kind_of(const Piece *piece)
{
    if (piece->kind != PIECE_CODE || piece->code.length > MAX_CODE)
        return SNIPPET_NONE;
    if (str_equal(piece->language, STR("prisma")))
        return SNIPPET_PRISMA;
    bool is_python = str_equal(piece->language, STR("python")) ||
                     str_equal(piece->language, STR("py")) ||
                     str_equal(piece->language, STR("python3"));
    return is_python ? SNIPPET_PYTHON : SNIPPET_NONE;
}

static bool has_orm(const ReportCheck *check, OrmKind kind)
{
    const OrmModelVec *models = &check->snapshot->database.models;
    for (uint32_t i = 0; i < models->n; i++)
        if (models->items[i]->kind == kind)
            return true;
    return false;
}

typedef struct {
    uint32_t piece;
    Str code;
    PrismaSyntax prisma;
    Declared declared;
    LoweredFile *file;
    bool is_models;
} Snippet;

static void read_prisma(ReportCheck *check, Snippet *snippet)
{
    snippet->code = with_block(check, snippet->piece, snippet->code);
    snippet->prisma = prisma_parse(check->scratch, check->scratch, snippet->code);
    snippet->file = check_lower(check, snippet->code, FILE_PRISMA);
    for (uint32_t i = 0; i < snippet->prisma.blocks.n; i++)
        propose_block(check, &snippet->prisma.blocks.items[i]);
}

static void read_revision(ReportCheck *check, Snippet *snippet)
{
    snippet->file = check_lower(check, as_revision(check, snippet->code), FILE_PYTHON);
    if (snippet->file->fragments.n == 0 ||
        snippet->file->fragments.items[0].fragment->operations.n == 0)
        return;
    check_propose(check, &snippet->file->fragments.items[0].fragment->operations);
    CheckedStatement *statement = add_snippet(check, snippet->piece, snippet->code, snippet->file);
    statement->file = snippet->file;
}

/* Classes of the project that the snippet's inherit from stand in for themselves, empty. */
static void add_base(ReportCheck *check, Buf *out, Str base)
{
    static const char *const others[] = {"Enum",     "IntEnum",   "StrEnum",   "str",
                                         "int",      "object",    "Exception", "Base",
                                         "SQLModel", "BaseModel", "type"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (str_equal(base, str_from(others[i])))
            return;
    for (uint32_t i = 0; i < base.length; i++)
        if (!is_word_byte(base.data[i]))
            return;
    if (base.length > 0 && names_in_sources(&check->names, base))
        buf_format(out, "class " STR_FMT "(db.Model):\n    __abstract__ = True\n\n", STR_ARG(base));
}

static Str with_bases(ReportCheck *check, Str code)
{
    Buf buf = buf_with_max((size_t)MAX_CODE * 8);
    Str rest = code, line;
    buf_add(&buf, STR(MODELS_HEAD));
    while (str_next_line(&rest, &line)) {
        uint32_t open = str_find(line, STR("("), 0), close = str_find(line, STR("):"), 0);
        if (!str_starts_with(line, STR("class ")) || open >= close || close == UINT32_MAX)
            continue;
        for (uint32_t at = open + 1; at < close;) {
            uint32_t comma = str_find(line, STR(","), at), end = comma < close ? comma : close;
            add_base(check, &buf, str_trim(str_slice(line, at, end)));
            at = end + 1;
        }
    }
    buf_add(&buf, code);
    Str text = str_copy(check->out, buf_str(&buf));
    buf_free(&buf);
    return text;
}

static void read_models(ReportCheck *check, Snippet *snippet)
{
    Str text = with_bases(check, snippet->code);
    snippet->file = check_lower(check, text, FILE_PYTHON);
    SourceVec sources = {0};
    VEC_PUSH(
        check->scratch, &sources,
        ((Source){.path = STR("of_the_report.py"), .role = SOURCE_MODEL, .file = snippet->file}));
    link_models(check->scratch, &sources, check->schema->dialect, &snippet->declared);
    check_propose(check, &snippet->declared.operations);
    for (uint32_t i = 0; i < snippet->declared.models.n; i++) {
        names_propose_word(&check->names, snippet->declared.models.items[i]->name.text);
        for (uint32_t k = 0; k < snippet->declared.models.items[i]->relations.n; k++)
            names_propose_word(&check->names,
                               snippet->declared.models.items[i]->relations.items[k].name.text);
    }
    snippet->is_models = true;
}

static void look_at_snippet(ReportCheck *check, const Snippet *snippet)
{
    Str problem = {0};
    for (uint32_t i = 0; i < snippet->prisma.blocks.n; i++)
        look_at_block(check, &snippet->prisma.blocks.items[i], &problem);
    if (snippet->is_models) {
        look_at_models(check, &snippet->declared, &problem);
        if (check_use_of(check, snippet->piece) != USE_SHOWN)
            look_at_code(check, snippet->code, &problem);
    }
    bool is_any = snippet->prisma.blocks.n > 0 || snippet->declared.operations.n > 0 ||
                  !str_is_absent(problem);
    if (is_any && snippet->file && snippet->file->fragments.n > 0)
        judge_snippet(check, add_snippet(check, snippet->piece, snippet->code, snippet->file),
                      problem);
}

void check_read_snippets(ReportCheck *check)
{
    Vec(Snippet) snippets = {0};
    for (uint32_t i = 0; i < check->document.pieces.n; i++) {
        const Piece *piece = &check->document.pieces.items[i];
        SnippetKind kind = kind_of(piece);
        Snippet snippet = {.piece = i, .code = piece->code};
        if (kind == SNIPPET_NONE)
            continue;
        if (kind == SNIPPET_PRISMA && has_orm(check, ORM_PRISMA))
            read_prisma(check, &snippet);
        else if (kind == SNIPPET_PYTHON && is_revision(piece->code))
            read_revision(check, &snippet);
        else if (kind == SNIPPET_PYTHON)
            read_models(check, &snippet);
        VEC_PUSH(check->scratch, &snippets, snippet);
    }
    for (uint32_t i = 0; i < snippets.n; i++)
        look_at_snippet(check, &snippets.items[i]);
}
