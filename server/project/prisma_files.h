/* prisma_files.h — the schemas of Prisma. Inside project/ only. */
#ifndef PROJECT_PRISMA_FILES_H
#define PROJECT_PRISMA_FILES_H

#include "project/discover.h"

/* Gives each schema (a file, or a folder of files) to the database whose migrations it makes, or to
 * one of its own. After the layouts. */
void discover_prisma(Discovery *d);

/* The one schema file at hand. */
void discover_prisma_file(Discovery *d);

/* Files that the configuration names. */
void prisma_take_listed(Discovery *d, ProjectDatabase *database, Candidate **files, uint32_t n);

/* What the text's datasource block says: false where there is none, or no provider is written. */
bool prisma_provider_in(Str text, Str *provider);

/* Changes where a datasource came or went, or has another provider: then the files belong together
 * in another way. Never 0. */
uint64_t prisma_fingerprint(Str text);

#endif
