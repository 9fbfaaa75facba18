/* {"answers":[{"workspace","host","model","given"}]}: the newest last. */
#include "consult/consent.h"

#include "base/json.h"
#include "consult/redact.h"
#include "consult/state_files.h"

#define FILE_NAME "consents.json"

enum {
    MAX_FILE_BYTES = 1024 * 1024,
    MAX_ANSWERS = 500, /* the oldest go */
    MAX_NAME = 200,    /* of a host or a model, in a question */
};

bool consent_is_needed(const Endpoint *endpoint)
{
    return !endpoint->is_local || endpoint->is_foreign;
}

/* Owned by the caller; NULL where there is none yet, or nothing that we have written. */
static cJSON *read_answers(Arena *scratch)
{
    Str text;
    Error err;
    if (!state_file_read(scratch, STR(FILE_NAME), MAX_FILE_BYTES, &text, &err))
        return NULL;
    cJSON *file = json_parse(str_to_c(scratch, text), text.length);
    cJSON *answers = cJSON_DetachItemFromObject(file, "answers");
    cJSON_Delete(file);
    if (cJSON_IsArray(answers))
        return answers;
    cJSON_Delete(answers);
    return NULL;
}

static bool is_about(const cJSON *answer, Str workspace, const Endpoint *endpoint)
{
    return str_equal(json_str(answer, "workspace"), workspace) &&
           str_equal(json_str(answer, "host"), endpoint->host) &&
           str_equal(json_str(answer, "model"), endpoint->model);
}

Consent consent_find(Str workspace, const Endpoint *endpoint)
{
    Arena scratch = {0};
    cJSON *answers = read_answers(&scratch);
    Consent consent = CONSENT_UNKNOWN;
    const cJSON *answer;
    cJSON_ArrayForEach(answer, answers)
    {
        if (is_about(answer, workspace, endpoint))
            consent = json_is_true(answer, "given") ? CONSENT_GIVEN : CONSENT_REFUSED;
    }
    cJSON_Delete(answers);
    arena_release(&scratch);
    return consent;
}

bool consent_keep(Str workspace, const Endpoint *endpoint, Consent consent, Error *err)
{
    Arena scratch = {0};
    cJSON *answers = read_answers(&scratch);
    if (!answers)
        answers = cJSON_CreateArray();
    for (int i = cJSON_GetArraySize(answers) - 1; i >= 0; i--)
        if (is_about(cJSON_GetArrayItem(answers, i), workspace, endpoint))
            cJSON_DeleteItemFromArray(answers, i);
    while (cJSON_GetArraySize(answers) >= MAX_ANSWERS)
        cJSON_DeleteItemFromArray(answers, 0);
    if (consent != CONSENT_UNKNOWN) {
        cJSON *answer = cJSON_CreateObject();
        json_add_str(answer, "workspace", workspace);
        json_add_str(answer, "host", endpoint->host);
        json_add_str(answer, "model", endpoint->model);
        cJSON_AddBoolToObject(answer, "given", consent == CONSENT_GIVEN);
        json_push(answers, answer);
    }
    cJSON *file = cJSON_CreateObject();
    json_add(file, "answers", answers);
    Buf text = buf_with_max(MAX_FILE_BYTES);
    json_print(file, &text);
    cJSON_Delete(file);
    Str path;
    bool is_kept =
        !text.overflowed && state_file_write(&scratch, STR(FILE_NAME), buf_str(&text), &path, err);
    if (text.overflowed)
        error_set(err, ERR_FAILED, "there are too many answers to keep another");
    buf_free(&text);
    arena_release(&scratch);
    return is_kept;
}

static Str name(Arena *out, Str text)
{
    return plain_text(out, str_slice(text, 0, MAX_NAME));
}

Str consent_question(Arena *out, Str workspace, const Endpoint *endpoint)
{
    return str_format(
        out,
        "Consult the model " STR_FMT " at " STR_FMT "? The schema, the findings, the project's "
        "rules and the files that the model asks for, with secrets left out, will be sent "
        "there.%s (" STR_FMT ")",
        STR_ARG(name(out, endpoint->model)), STR_ARG(name(out, endpoint->host)),
        endpoint->is_foreign ? " This server is named by the project's lintel.yaml, not by you."
                             : "",
        STR_ARG(name(out, workspace)));
}
