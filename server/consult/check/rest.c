#include "consult/check/parts.h"
void check_read_snippets(ReportCheck *check)
{
    (void)check;
}
void check_references(ReportCheck *check)
{
    (void)check;
}
void check_places(ReportCheck *check)
{
    (void)check;
}
void check_echoes(ReportCheck *check)
{
    (void)check;
}
