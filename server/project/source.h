/* source.h — what a file is to its database. */
#ifndef PROJECT_SOURCE_H
#define PROJECT_SOURCE_H

typedef enum {
    SOURCE_SCHEMA,    /* a definition: schema.sql, a dump, a loose file */
    SOURCE_MODEL,     /* a model file of an ORM: the declared side */
    SOURCE_MIGRATION, /* one step of an ordered history */
    SOURCE_SEED,      /* data: replayed, not judged as a migration */
    SOURCE_QUERIES,   /* only queries are read */
} SourceRole;

#endif
