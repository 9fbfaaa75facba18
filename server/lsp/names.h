/* names.h — names that clients see: commands, action kinds, the scheme of our pages. */
#ifndef LSP_NAMES_H
#define LSP_NAMES_H

#include "base/version.h"

#define COMMAND_CONSULT     "lintel.consult"
#define COMMAND_CANCEL      "lintel.cancelConsultation"
#define COMMAND_OPEN_REPORT "lintel.openReport"
#define COMMAND_SHOW_SCHEMA "lintel.showSchema"
#define COMMAND_EXPLAIN     "lintel.explainRule"
#define COMMAND_ROADMAP     "lintel.copyRoadmap"
#define COMMAND_REPORTS     "lintel.listReports"
#define COMMAND_STATUS      "lintel.status"
/* The client's own: shows a list of places, given a URI, a position and Locations. */
#define COMMAND_SHOW_REFERENCES "lintel.showReferences"

/* On a selection or the table under the cursor: among the refactorings, which editors show on
 * a right-click; on a file: among the source actions. */
#define KIND_CONSULT_HERE "refactor.lintel.consult"
#define KIND_CONSULT_FILE "source.lintel.consult"
#define KIND_FIX_ALL      "source.fixAll.lintel"

#define PAGE_SCHEME "lintel"

#endif
