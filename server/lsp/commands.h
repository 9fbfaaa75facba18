/* commands.h — the commands of workspace/executeCommand that have a file of their own.
 *
 * `argument` is the first of the command's arguments, or NULL. */
#ifndef LSP_COMMANDS_H
#define LSP_COMMANDS_H

#include "lsp/dispatch.h"

/* status.c */
Reply command_status(Server *server, const cJSON *argument);
/* report_commands.c: lintel.openReport, lintel.listReports, lintel.copyRoadmap */
Reply command_open_report(Server *server, const cJSON *argument);
Reply command_list_reports(Server *server);
Reply command_copy_roadmap(Server *server, const cJSON *argument);

/* Shows one of our pages. */
Reply command_show_page(Server *server, Str uri);

#endif
