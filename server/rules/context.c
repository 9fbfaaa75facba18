#include "rules/context.h"

#include <stdarg.h>

Dialect rule_dialect(const RuleContext *context)
{
    return context->dialect;
}

ServerVersion rule_server_version(const RuleContext *context)
{
    return context->version;
}

bool rule_in_migration(const RuleContext *context)
{
    return context->in_migration;
}

Arena *rule_arena(RuleContext *context)
{
    return context->arena;
}

bool rule_can_edit(const RuleContext *context, Place place)
{
    uint32_t source = context->source_of(context->engine, place);
    return source != NO_SOURCE && context->is_editable(context->engine, source) &&
           context->language_of(context->engine, source) == FILE_SQL;
}

FileLanguage rule_language(const RuleContext *context, Place place)
{
    uint32_t source = context->source_of(context->engine, place);
    return source == NO_SOURCE ? FILE_SQL : context->language_of(context->engine, source);
}

bool rule_same_source(const RuleContext *context, Place a, Place b)
{
    uint32_t source = context->source_of(context->engine, a);
    return source != NO_SOURCE && source == context->source_of(context->engine, b);
}

Finding *report(RuleContext *context, Place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Str message = str_format_list(context->arena, format, arguments);
    va_end(arguments);
    Finding finding = {
        .rule = str_from(context->rule->id),
        .group = rule_group_name(context->rule->group),
        .severity = context->severity,
        .place = place,
        .message = message,
    };
    VEC_PUSH(context->list_arena, context->findings, finding);
    return VEC_LAST(context->findings);
}

void report_at_most(Finding *finding, Severity severity)
{
    if (finding->severity > severity)
        finding->severity = severity;
}

void report_table(RuleContext *context, Finding *finding, const Table *table, const Column *column)
{
    if (table)
        finding->table = table_full_name(context->arena, table);
    if (column)
        finding->column = column->name.text;
}

void report_related(RuleContext *context, Finding *finding, Place place, const char *format, ...)
{
    if (!place_is_set(place))
        return;
    va_list arguments;
    va_start(arguments, format);
    Related related = {.place = place,
                       .message = str_format_list(context->arena, format, arguments)};
    va_end(arguments);
    VEC_PUSH(context->arena, &finding->related, related);
}

Fix *report_fix(RuleContext *context, Finding *finding, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Fix fix = {.title = str_format_list(context->arena, format, arguments)};
    va_end(arguments);
    fix.is_preferred = finding->fixes.n == 0;
    VEC_PUSH(context->arena, &finding->fixes, fix);
    return VEC_LAST(&finding->fixes);
}

void fix_replace(RuleContext *context, Fix *fix, Place place, Str text)
{
    VEC_PUSH(context->arena, &fix->edits, ((TextEdit){.place = place, .text = text}));
}

bool rule_wants_remedies(const RuleContext *context)
{
    return context->wants_remedies;
}

Remedy *report_remedy(RuleContext *context, Finding *finding, Str title, Str sql)
{
    if (!context->wants_remedies) {
        context->unwanted = (Remedy){0};
        return &context->unwanted;
    }
    VEC_PUSH(context->arena, &finding->remedies, ((Remedy){.title = title, .sql = sql}));
    return VEC_LAST(&finding->remedies);
}
