/* check.h — what `lintel check` prints, apart from how. For cli/ and mcp/. */
#ifndef CLI_CHECK_H
#define CLI_CHECK_H

#include "cli/output.h"
#include "cli/workspace.h"

/* A finding with the texts that its locations count in. */
typedef struct {
    Str file; /* as shown */
    const Text *text;
    const Finding *finding;
    const LoadedDatabase *database; /* NULL: a finding in a configuration file */
} Checked;
typedef Vec(Checked) CheckedVec;

typedef struct {
    uint32_t files, by_severity[SEVERITY_ERROR + 1];
} Summary;

/* What is printed, by file and position, and what it adds up to. */
CheckedVec check_collect(Workspace *workspace, Summary *summary);

/* The file, as shown, and the text of another location of the finding's database. */
Str checked_file(Workspace *workspace, const Checked *checked, Location location,
                 const Text **text);

void check_print_text(Buf *out, Workspace *workspace, const CheckedVec *findings,
                      const Summary *summary, bool colour);
/* One line for each finding. */
void check_print_brief(Buf *out, const CheckedVec *findings, bool colour);
void check_print_json(Buf *out, Workspace *workspace, const CheckedVec *findings,
                      const Summary *summary);

#endif
