#include "lsp/commands.h"

#include "base/json.h"
#include "lsp/consultations.h"
#include "lsp/handlers.h"
#include "lsp/names.h"
#include "lsp/pages.h"
#include "lsp/uri.h"

Reply command_show_page(Server *server, Str uri)
{
    switch (page_show(server, uri)) {
    case PAGE_LATER:
        return reply_later();
    case PAGE_UNKNOWN:
        return reply_error(RPC_REQUEST_FAILED, STR("there is no such page"));
    case PAGE_READY:
        break;
    }
    cJSON *result = cJSON_CreateObject();
    json_add_str(result, "uri", uri);
    return reply_result(result);
}

static Reply explain_rule(Server *server, const cJSON *argument)
{
    Str rule = json_str(argument, "rule");
    if (!rule_find(rule))
        return reply_invalid(STR("rule is missing or no rule's id"));
    return command_show_page(
        server, str_format(&server->scratch, PAGE_SCHEME ":/rules/" STR_FMT ".md", STR_ARG(rule)));
}

/* {database} or {uri} of a file or folder. */
static Reply show_schema(Server *server, const cJSON *argument)
{
    Str name = json_str(argument, "database");
    if (str_is_absent(name)) {
        Str uri = json_str(argument, "uri");
        if (str_is_absent(uri))
            return reply_invalid(STR("database or uri is missing"));
        DocumentView view;
        ViewState state = file_view(server, uri, &view);
        if (state == VIEW_LATER)
            return reply_later();
        if (state == VIEW_NONE)
            return reply_error(RPC_REQUEST_FAILED, STR("the document is part of no database"));
        name = view.served->database->name;
    }
    Str path = uri_encode(&server->scratch, name);
    return command_show_page(
        server, str_format(&server->scratch, PAGE_SCHEME ":/schema/" STR_FMT ".md", STR_ARG(path)));
}

Reply handle_execute_command(Server *server, const Request *request)
{
    Str command = json_str(request->params, "command");
    const cJSON *arguments = json_get(request->params, "arguments");
    const cJSON *argument = cJSON_IsArray(arguments) ? cJSON_GetArrayItem(arguments, 0) : NULL;
    if (str_equal(command, STR(COMMAND_CONSULT)))
        return consultations_run(server, request, argument);
    if (str_equal(command, STR(COMMAND_CANCEL)))
        return reply_result(cJSON_CreateBool(consultations_cancel_all(server)));
    if (str_equal(command, STR(COMMAND_OPEN_REPORT)))
        return command_open_report(server, argument);
    if (str_equal(command, STR(COMMAND_SHOW_SCHEMA)))
        return show_schema(server, argument);
    if (str_equal(command, STR(COMMAND_EXPLAIN)))
        return explain_rule(server, argument);
    if (str_equal(command, STR(COMMAND_ROADMAP)))
        return command_copy_roadmap(server, argument);
    if (str_equal(command, STR(COMMAND_REPORTS)))
        return command_list_reports(server);
    if (str_equal(command, STR(COMMAND_STATUS)))
        return command_status(server, argument);
    return reply_invalid(str_format(&server->scratch, "there is no command " STR_FMT,
                                    STR_ARG(str_slice(command, 0, 200))));
}
