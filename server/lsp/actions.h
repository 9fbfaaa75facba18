/* actions.h — the list of code actions being made for one request; what its files share. Scratch.
 */
#ifndef LSP_ACTIONS_H
#define LSP_ACTIONS_H

#include "lsp/views.h"

typedef struct {
    Server *server;
    const Document *document;
    const DocumentView *view;
    PositionMapper *mapper;
    const cJSON *params, *context;
    Range range;
    cJSON *result; /* the list */
} ActionList;

/* True where the client asks for actions of that kind, or for all. */
bool actions_want(const ActionList *actions, Str kind);
/* True where the finding is in the document and touches the range. */
bool actions_touch(const ActionList *actions, const Finding *finding);
/* A new action in the list, which the finding's diagnostic is the reason of; NULL: none. */
cJSON *actions_add(ActionList *actions, Str title, const char *kind, const Finding *finding);
/* One more change to the action's `edit`. */
void actions_edit(ActionList *actions, cJSON *edit, const TextEdit *change);

/* action_fix_all.c: every preferred fix of the document at once. */
void actions_add_fix_all(ActionList *actions);
/* action_suppress.c: a comment that switches a rule off for a finding. */
void actions_add_suppressions(ActionList *actions);

#endif
