#include "base/json.h"
#include "lsp/commands.h"
#include "lsp/reports.h"
#include "report/excerpt.h"

static Reply no_report(Str id)
{
    return reply_error(RPC_REQUEST_FAILED, str_is_absent(id) ? STR("there was no consultation yet")
                                                             : STR("there is no such report"));
}

Reply command_open_report(Server *server, const cJSON *argument)
{
    Str id = json_str(argument, "id");
    if (str_equal(id, STR("index")))
        return command_show_page(server, report_uri(&server->scratch, id, "md"));
    const StoredReport *stored = reports_find(server, id);
    if (stored)
        return command_show_page(server, report_uri(&server->scratch, stored->id, "md"));
    return reports_are_loading(server) ? reply_later() : no_report(id);
}

Reply command_list_reports(Server *server)
{
    if (reports_are_loading(server))
        return reply_later();
    cJSON *result = cJSON_CreateObject();
    cJSON *list = cJSON_AddArrayToObject(result, "reports");
    for (const StoredReport *stored = reports_next(server, NULL); stored;
         stored = reports_next(server, stored)) {
        cJSON *item = cJSON_CreateObject();
        json_add_str(item, "id", stored->id);
        json_add_str(item, "title", stored->title);
        json_add_str(item, "time", report_time(&server->scratch, stored));
        json_add_str(item, "uri", report_uri(&server->scratch, stored->id, "md"));
        json_push(list, item);
    }
    return reply_result(result);
}

Reply command_copy_roadmap(Server *server, const cJSON *argument)
{
    Str id = json_str(argument, "id");
    StoredReport *stored = reports_find(server, id);
    if (!stored)
        return reports_are_loading(server) ? reply_later() : no_report(id);
    Str markdown = reports_text(server, stored, false);
    if (str_is_absent(markdown))
        return reply_error(RPC_REQUEST_FAILED, STR("the report cannot be read any more"));
    Str roadmap = report_roadmap(&server->scratch, markdown);
    if (str_is_absent(roadmap))
        return reply_error(RPC_REQUEST_FAILED, STR("the report has no roadmap"));
    cJSON *result = cJSON_CreateObject();
    json_add_str(result, "text", roadmap);
    return reply_result(result);
}
