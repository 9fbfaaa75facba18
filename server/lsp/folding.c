/* Folding of SQL (each statement of several lines) and of Prisma schemas (each block), and of
 * comments of several lines before or between them. Not of Python: an editor that gets some folds
 * of a file no longer makes its own by indentation, and those are all. */
#include "base/json.h"
#include "lsp/handlers.h"
#include "lsp/target.h"
#include "syntax/prisma_syntax.h"

static void add_lines(cJSON *list, uint32_t first, uint32_t last, const char *kind)
{
    if (first >= last)
        return;
    cJSON *json = cJSON_CreateObject();
    cJSON_AddNumberToObject(json, "startLine", first);
    cJSON_AddNumberToObject(json, "endLine", last);
    if (kind)
        json_add_str(json, "kind", str_from(kind));
    json_push(list, json);
}

static void add_fold(cJSON *list, const Text *text, Range range, const char *kind)
{
    add_lines(list, text_line_at(text, range.start), text_line_at(text, range.end), kind);
}

/* Between statements stand only blanks, terminators and comments: a run of lines with comments, cut
 * by blank lines, folds. */
static void add_comments(cJSON *list, const Text *text, Range between)
{
    Str bytes = text_bytes(text);
    Range run = {between.start, between.start};
    bool is_open = false;
    uint32_t at = between.start;
    for (Str rest = str_slice(bytes, between.start, between.end), line;
         str_next_line(&rest, &line);) {
        at = (uint32_t)(line.data - bytes.data);
        Str content = str_trim(line);
        bool is_blank = str_is_empty(content) || str_equal(content, STR(";"));
        if (!is_blank && !is_open)
            run.start = at;
        if (!is_blank)
            run.end = at + line.length;
        else if (is_open)
            add_fold(list, text, run, "comment");
        is_open = !is_blank;
    }
    if (is_open)
        add_fold(list, text, run, "comment");
}

/* The brace that closes a block stays in sight. */
static Reply fold_prisma(Server *server, const Text *text)
{
    cJSON *list = cJSON_CreateArray();
    Arena tree = {0};
    PrismaSyntax syntax = prisma_parse(&tree, &server->scratch, text_bytes(text));
    uint32_t end = 0;
    for (uint32_t i = 0; i < syntax.blocks.n; i++) {
        const PrismaBlock *block = &syntax.blocks.items[i];
        uint32_t last = text_line_at(text, block->range.end);
        add_comments(list, text, (Range){end, block->range.start});
        add_lines(list, text_line_at(text, block->range.start),
                  block->is_closed && last > 0 ? last - 1 : last, NULL);
        end = block->range.end;
    }
    add_comments(list, text, (Range){end, text_bytes(text).length});
    arena_release(&tree);
    return reply_result(list);
}

Reply handle_folding_range(Server *server, const Request *request)
{
    const Document *document = request_document(server, request);
    if (document && file_language(document->uri) == FILE_PRISMA)
        return fold_prisma(server, document->text);
    if (!document || !document_is_sql(document))
        return reply_result(NULL);
    DocumentView view;
    Reply reply;
    if (!request_view(server, document, true, &view, &reply))
        return reply;
    const LoweredFile *file = view.snapshot->sources.items[view.source].file;
    cJSON *list = cJSON_CreateArray();
    uint32_t end = 0;
    for (uint32_t i = 0; i < file->fragments.n; i++) {
        const PlacedFragment *placed = &file->fragments.items[i];
        Range range = {placed->start, placed->start + placed->fragment->text.length};
        add_comments(list, file->text, (Range){end, range.start});
        add_fold(list, file->text, range, NULL);
        end = range.end;
    }
    add_comments(list, file->text, (Range){end, text_bytes(file->text).length});
    return reply_result(list);
}
