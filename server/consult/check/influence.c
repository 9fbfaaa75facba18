/* What a stranger may have made the model write, or leave out.
 *
 * Comments in the sources are data, and may be written to instruct whoever reads them. Three of the
 * traces that obedience leaves can be found: the comment's own sentences, commands that reach the
 * network, and findings that are passed over in silence. (Images, links and statements that
 * destroy are found where links and statements are.) */
#include "base/buf.h"
#include "consult/check/parts.h"

enum {
    MIN_WORDS = 5,                  /* of a sentence that is looked for */
    MAX_COMMENTS = 4 * 1024 * 1024, /* bytes of comments of all sources */
    MAX_JUDGED = 1000,              /* findings that are looked for in the report */
};

/* ---- sentences of comments ---- */

/* Letters and digits in lower case, with one blank between words. */
static Str plain_words(Arena *out, Str text)
{
    char *words = arena_alloc_raw(out, (size_t)text.length + 2);
    uint32_t n = 0;
    words[n++] = ' ';
    for (uint32_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        bool is_upper = c >= 'A' && c <= 'Z';
        if (is_upper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c >= 0x80)
            words[n++] = is_upper ? (char)(c - 'A' + 'a') : (char)c;
        else if (words[n - 1] != ' ')
            words[n++] = ' ';
    }
    return str_of(words, n);
}

/* What is comment in a line: behind "--", "//", "#", or anywhere in a block of them. */
static Str comment_of(Str line, FileLanguage language, bool *in_block)
{
    const char *marks[] = {language == FILE_PYTHON   ? "#"
                           : language == FILE_PRISMA ? "//"
                                                     : "--",
                           language == FILE_PYTHON ? "\"\"\"" : "/*"};
    const char *end = language == FILE_PYTHON ? "\"\"\"" : "*/";
    uint32_t at = *in_block ? 0 : str_find(line, str_from(marks[0]), 0);
    uint32_t block = str_find(line, str_from(marks[1]), 0);
    if (*in_block) {
        *in_block = !str_contains(line, str_from(end));
        return line;
    }
    if (block != UINT32_MAX) {
        *in_block = str_find(line, str_from(end), block + 2) == UINT32_MAX;
        return str_slice(line, block, line.length);
    }
    return at == UINT32_MAX ? (Str){0} : str_slice(line, at, line.length);
}

/* Comments that follow each other are one text; others are kept apart by a line end. */
static Str all_comments(const ReportCheck *check)
{
    Buf buf = buf_with_max(MAX_COMMENTS);
    const SourceVec *sources = &check->snapshot->sources;
    for (uint32_t i = 0; i < sources->n; i++) {
        Str rest = text_bytes(sources->items[i].file->text), line;
        bool in_block = false;
        while (str_next_line(&rest, &line)) {
            Str comment = comment_of(line, sources->items[i].file->language, &in_block);
            if (comment.length > 0)
                buf_add(&buf, plain_words(check->scratch, comment));
            else if (str_trim(line).length > 0)
                buf_add_char(&buf, '\n');
        }
        buf_add_char(&buf, '\n');
    }
    Str text = str_copy(check->scratch, buf_str(&buf));
    buf_free(&buf);
    /* Lines joined: the blanks at both ends of each became two. */
    char *joined = str_to_c(check->scratch, text);
    uint32_t n = 0;
    for (uint32_t k = 0; k < text.length; k++)
        if (joined[k] != ' ' || n == 0 || joined[n - 1] != ' ')
            joined[n++] = joined[k];
    return str_of(joined, n);
}

static uint32_t count_words(Str words)
{
    uint32_t n = 0;
    for (uint32_t i = 0; i < words.length; i++)
        n += words.data[i] == ' ';
    return n > 0 ? n - 1 : 0;
}

/* Words by which one speaks to somebody. */
static bool instructs(Str words)
{
    static const char *const marks[] = {
        " you ",        " must ",     " ignore ",  " please ", " assistant ", " agent ",
        " ai ",         " model ",    " instruct", " do not ", " don t ",     " never ",
        " always ",     " run ",      " execute ", " tell ",   " say ",       " report ",
        " recommend",   " approved ", " safe ",    " send ",   " add the ",   " include ",
        " consultant ", " reviewer ", " no need ", " skip "};
    return HAS_ANY(words, marks);
}

static void look_at_sentence(ReportCheck *check, Str comments, uint32_t piece, Span *span,
                             uint32_t start, uint32_t end)
{
    Str words = plain_words(check->scratch, str_slice(span->text, start, end));
    if (count_words(words) < MIN_WORDS || !instructs(words) || !str_contains(comments, words))
        return;
    if (span->mark_at == 0)
        span->mark_at = end;
    check_mark(check, piece, span,
               STR("this sentence stands in a comment of the sources: whoever wrote that is "
                   "speaking, not the architect"));
}

static bool ends_sentence(Str text, uint32_t at)
{
    return strchr(".!?;:", text.data[at]) && (at + 1 == text.length || text.data[at + 1] == ' ');
}

void check_echoes(ReportCheck *check)
{
    Str comments = all_comments(check);
    if (comments.length < MIN_WORDS * 2)
        return;
    for (uint32_t i = 0; i < check->document.pieces.n; i++) {
        Piece *piece = &check->document.pieces.items[i];
        /* Said to be a quotation, it is one. */
        if (str_contains(str_lower(check->scratch, piece->line), STR("comment")))
            continue;
        for (uint32_t k = 0; k < piece->spans.n; k++) {
            Span *span = &piece->spans.items[k];
            uint32_t start = 0;
            for (uint32_t at = 0; span->kind == SPAN_TEXT && at < span->text.length; at++)
                if (ends_sentence(span->text, at) || at + 1 == span->text.length) {
                    look_at_sentence(check, comments, i, span, start, at + 1);
                    start = at + 1;
                }
        }
    }
}

/* ---- commands ---- */

static bool reaches_network(Str lower)
{
    static const char *const words[] = {"curl ",    "wget ", "nc -",      "ncat ",
                                        "scp ",     "ssh ",  "| sh",      "|sh",
                                        "| bash",   "|bash", "base64 -d", "invoke-webrequest",
                                        "/dev/tcp/"};
    return HAS_ANY(lower, words);
}

void check_commands(ReportCheck *check)
{
    static const char *const shells[] = {"bash",       "sh",  "shell", "zsh",         "console",
                                         "powershell", "bat", "cmd",   "shellsession"};
    for (uint32_t i = 0; i < check->document.pieces.n; i++) {
        Piece *piece = &check->document.pieces.items[i];
        bool is_shell = false;
        for (size_t s = 0; piece->kind == PIECE_CODE && s < sizeof shells / sizeof *shells; s++)
            is_shell = is_shell || str_equal(piece->language, str_from(shells[s]));
        if (is_shell && reaches_network(str_lower(check->scratch, piece->code)))
            check_note(check, i,
                       STR("\xe2\x9a\xa0 Lintel: this command reaches over the network. Nothing in "
                           "a schema asks for that."),
                       STR("a shell command reaches over the network"));
        for (uint32_t k = 0; k < piece->spans.n; k++) {
            Span *span = &piece->spans.items[k];
            Str lower = str_lower(check->scratch, str_slice(span->text, 0, 2000));
            if (span->kind == SPAN_CODE &&
                (str_starts_with(lower, STR("curl ")) || str_starts_with(lower, STR("wget "))))
                check_mark(check, i, span, STR("this command reaches over the network"));
        }
    }
}

/* ---- what is passed over ---- */

static Str last_name(Str full)
{
    uint32_t at = full.length;
    while (at > 0 && full.data[at - 1] != '.')
        at--;
    return str_slice(full, at, full.length);
}

/* The report names the rule, or its table and column in one paragraph or one line of code. */
static bool is_mentioned(Str text, const StrVec *groups, const Finding *finding, Arena *scratch)
{
    if (str_contains(text, finding->rule))
        return true;
    Str table = str_lower(scratch, last_name(finding->table));
    Str column = str_lower(scratch, finding->column);
    if (str_is_empty(table))
        return true; /* not of a table: nothing to look for */
    if (!text_has_word(text, table))
        return false;
    for (uint32_t i = 0; i < groups->n; i++)
        if (text_has_word(groups->items[i], table) &&
            (str_is_empty(column) || text_has_word(groups->items[i], column)))
            return true;
    return false;
}

static bool is_consulted(const ReportCheck *check, const Finding *finding)
{
    const ConsultScope *scope = &check->input->consultation->scope;
    switch (scope->kind) {
    case SCOPE_DATABASE:
        return true;
    case SCOPE_TABLE:
        return str_equal(last_name(finding->table), last_name(scope->table));
    case SCOPE_FILE:
        return finding->location.source == scope->source;
    case SCOPE_SELECTION:
        return finding->location.source == scope->source &&
               finding->location.range.start >= scope->range.start &&
               finding->location.range.end <= scope->range.end;
    }
    return false;
}

static bool is_cited(const ReportCheck *check, const Finding *finding)
{
    const Source *source = &check->snapshot->sources.items[finding->location.source];
    uint32_t line = text_line_at(source->file->text, finding->location.range.start) + 1;
    for (uint32_t i = 0; i < check->cited.n; i++)
        if (check->cited.items[i].source == source && check->cited.items[i].first <= line &&
            check->cited.items[i].last >= line)
            return true;
    return false;
}

void check_omissions(ReportCheck *check)
{
    const FindingVec *findings = &check->snapshot->findings;
    StrVec groups = {0};
    Buf all = buf_with_max((size_t)DOCUMENT_MAX_BYTES * 2);
    for (uint32_t i = 0; i < check->document.pieces.n; i++) {
        const Piece *piece = &check->document.pieces.items[i];
        Str text = piece->kind == PIECE_CODE ? piece->code : piece->line;
        if (str_is_empty(text))
            continue;
        Str lower = str_lower(check->scratch, text);
        buf_add(&all, lower);
        buf_add_char(&all, '\n');
        VEC_PUSH(check->scratch, &groups, lower);
    }
    uint32_t n_judged = 0;
    for (uint32_t i = 0; i < findings->n && n_judged < MAX_JUDGED; i++) {
        const Finding *finding = &findings->items[i];
        bool is_weighty = finding->severity >= SEVERITY_WARNING &&
                          !str_equal(finding->group, rule_group_name(GROUP_MIGRATION));
        n_judged += is_weighty;
        if (!is_weighty || !is_consulted(check, finding) || is_cited(check, finding) ||
            is_mentioned(buf_str(&all), &groups, finding, check->scratch))
            continue;
        const Source *source = &check->snapshot->sources.items[finding->location.source];
        VEC_PUSH(check->out, &check->result->report->unmentioned,
                 ((Answer){.rule = str_copy(check->out, finding->rule),
                           .path = str_copy(check->out, source->path),
                           .line = text_line_at(source->file->text, finding->location.range.start) +
                                   1}));
    }
    buf_free(&all);
}
