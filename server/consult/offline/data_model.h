/* data_model.h — the parts of section 2, and what other sections use of them. */
#ifndef CONSULT_OFFLINE_DATA_MODEL_H
#define CONSULT_OFFLINE_DATA_MODEL_H

#include "consult/offline/offline.h"

void advise_keys(Offline *o);          /* tables whose rows nothing tells apart */
void advise_personal_data(Offline *o); /* secrets, personal data, unique addresses */
void advise_shapes(Offline *o);        /* states, soft deletes, polymorphic references */
void advise_time_zones(Offline *o);
void advise_narrow_keys(Offline *o);
void advise_serials(Offline *o);
void draw_diagram(Offline *o);

/* The column a finding is about, or NULL. */
const Column *column_of(const TableFacts *facts, const Finding *finding);
/* The columns (or tables) of the findings as code spans, each once. */
StrVec subjects_of(Offline *o, const FindingPointerVec *findings);

/* Says the messages of findings, at most `shown`, and how many more there are. */
void say_messages(Offline *o, ItemDraft *item, const FindingPointerVec *findings, uint32_t shown);
void cite_findings(Offline *o, ItemDraft *item, const FindingPointerVec *findings);
/* Steps from the remedies: one for each finding, or one for all where they are many. {} in the
 * single title is what a finding is about, {n} in the other how many there are; `single_title`
 * NULL: the remedy's. */
void steps_for(Offline *o, ItemDraft *item, StepClass kind, const FindingPointerVec *findings,
               const char *single_title, const char *grouped_title);

/* True where an ORM declares the types (Prisma, Drizzle, …), so that SQL alone would drift. */
bool offline_types_are_declared(const Offline *o);
/* "Prisma". */
Str offline_orm_title(const Offline *o);

#endif
