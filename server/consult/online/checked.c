/* A report that a model wrote, checked, corrected by it where it can, and signed. */
#include "consult/check/check.h"
#include "consult/online/online.h"
#include "consult/online/page.h"
#include "consult/redact.h"

enum { MAX_CORRECTIONS = 2, MAX_QUESTION_BYTES = 64 * 1024 };

typedef struct {
    const Online *online;
    Str text; /* with what was corrected */
    CheckResult result;
    uint32_t n_reviews;
    bool was_out_of_order; /* at first: what is corrected is put in order */
} Review;

static void check(Review *review, Arena *out, Str text)
{
    const Online *online = review->online;
    CheckInput input = {.consultation = online->consultation,
                        .offline = online->offline,
                        .text = text,
                        .folder = online->folder,
                        .open = online->open};
    review->text = text;
    review->result = check_report(out, &input);
    review->was_out_of_order =
        review->was_out_of_order || review->result.report->checks.was_out_of_order;
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
    Str text = str_copy(out, plain_text(out, redact(out, buf_str(&buf))));
    buf_free(&buf);
    return text;
}

static Str review(void *context, Arena *out, Str text)
{
    Review *review = context;
    check(review, out, review->n_reviews == 0 ? text : check_merge(out, review->text, text));
    if (review->n_reviews++ == MAX_CORRECTIONS)
        return (Str){0};
    bool is_any = false;
    for (int i = 0; i < N_SECTIONS; i++)
        is_any = is_any || review->result.is_wrong[i];
    return review->result.problems.n > 0 && is_any ? correction_asked(out, &review->result)
                                                   : (Str){0};
}

Report *consult_checked(Arena *out, const Online *online, Error *err)
{
    Review state = {.online = online};
    Online reviewed = *online;
    reviewed.review = review;
    reviewed.review_context = &state;
    OnlineReport written;
    if (!consult_online(out, &reviewed, &written, err))
        return NULL;
    if (state.n_reviews == 0) /* told to end, it was not reviewed */
        check(&state, out, written.text);
    Report *report = state.result.report;
    report->checks.was_out_of_order = state.was_out_of_order;
    Str agent = online->consultation->agent->agent.name;
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
