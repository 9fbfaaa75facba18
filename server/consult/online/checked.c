/* A report that a model wrote, checked, corrected by it where it can, and signed. */
#include "consult/check/check.h"
#include "consult/online/online.h"
#include "consult/online/page.h"
#include "consult/redact.h"

enum { MAX_CORRECTIONS = 2, MAX_QUESTION_BYTES = 64 * 1024 };

typedef struct {
    const Online *online;
    Arena *out;
    Str text; /* with what was corrected */
    uint32_t n_reviews;
    bool was_out_of_order; /* at first: what is corrected is put in order */
} Review;

static CheckInput input_of(const Online *online, Str text)
{
    return (CheckInput){.consultation = online->consultation,
                        .offline = online->offline,
                        .text = text,
                        .folder = online->folder,
                        .open = online->open};
}

static Str correction_asked(Arena *out, const CheckResult *result)
{
    Buf buf = buf_with_max(MAX_QUESTION_BYTES);
    StrVec sections = {0};
    buf_add(&buf, STR("Lintel has held your report against the schema. This does not hold:\n\n"));
    for (uint32_t i = 0; i < result->problems.n; i++)
        buf_format(&buf, "- " STR_FMT "\n", STR_ARG(result->problems.items[i]));
    for (int i = 0; i < N_SECTIONS; i++)
        if (result->is_wrong[i])
            VEC_PUSH(out, &sections, section_title((SectionKind)i));
    buf_format(&buf,
               "\nWrite %s again, whole, each under its heading, and nothing else: " STR_FMT
               ". What you are sure of, keep, and say why.\n",
               sections.n == 1 ? "this section" : "these sections",
               STR_ARG(str_join(out, sections.items, sections.n, STR("; "))));
    Str text = plain_text(out, redact(out, buf_str(&buf)));
    text = str_copy(out, text);
    buf_free(&buf);
    return text;
}

static Str review(void *context, Arena *out, Str text)
{
    Review *review = context;
    review->text = review->n_reviews == 0 ? text : check_merge(out, review->text, text);
    if (review->n_reviews++ == MAX_CORRECTIONS)
        return (Str){0};
    Arena scratch = {0};
    CheckInput input = input_of(review->online, review->text);
    CheckResult result = check_report(&scratch, &input);
    review->was_out_of_order = review->was_out_of_order || result.report->checks.was_out_of_order;
    bool is_any = false;
    for (int i = 0; i < N_SECTIONS; i++)
        is_any = is_any || result.is_wrong[i];
    Str question = result.problems.n > 0 && is_any ? correction_asked(out, &result) : (Str){0};
    arena_release(&scratch);
    return question;
}

Report *consult_checked(Arena *out, const Online *online, Error *err)
{
    Review state = {.online = online, .out = out};
    Online reviewed = *online;
    reviewed.review = review;
    reviewed.review_context = &state;
    OnlineReport written;
    if (!consult_online(out, &reviewed, &written, err))
        return NULL;
    /* Told to end, it is not reviewed any more. */
    CheckInput input = input_of(online, str_is_absent(state.text) ? written.text : state.text);
    CheckResult result = check_report(out, &input);
    Report *report = result.report;
    report->checks.was_out_of_order = report->checks.was_out_of_order || state.was_out_of_order;
    Str agent =
        online->consultation->agent ? online->consultation->agent->agent.name : STR(DEFAULT_AGENT);
    report->consultant =
        str_format(out, STR_FMT ", written by " STR_FMT " at " STR_FMT,
                   STR_ARG(report_prose(out, agent)), STR_ARG(report_code(out, written.model)),
                   STR_ARG(report_code(out, online->endpoint->host)));
    Buf footer = buf_with_max(MAX_QUESTION_BYTES);
    online_footer(&footer, &written);
    report->footer = str_copy(out, buf_str(&footer));
    buf_free(&footer);
    return report;
}
