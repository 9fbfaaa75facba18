#include "lsp/pages.h"
#include "lsp/reports.h"

void page_reports(const Server *server, Buf *out)
{
    Arena scratch = {0};
    buf_add(out, STR("# Reports\n\n"));
    const StoredReport *stored = reports_next(server, NULL);
    if (!stored)
        buf_add(out, STR("There was no consultation yet.\n"));
    for (; stored; stored = reports_next(server, stored)) {
        Str time = report_time(&scratch, stored);
        buf_format(out, "- [" STR_FMT " " STR_FMT " UTC](" STR_FMT ") " STR_FMT ": " STR_FMT "\n",
                   STR_ARG(str_slice(time, 0, 10)), STR_ARG(str_slice(time, 11, 16)),
                   STR_ARG(report_uri(&scratch, stored->id, "md")),
                   STR_ARG(report_code(&scratch, stored->database)),
                   STR_ARG(report_prose(&scratch, stored->title)));
    }
    arena_release(&scratch);
}
