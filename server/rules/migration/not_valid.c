#include "rules/migration/not_valid.h"

#include "rules/advice.h"
#include "rules/around.h"

void fix_not_valid(RuleContext *context, Finding *finding, const Operation *operation,
                   const Transaction *transaction, const Table *table, const StrVec *columns,
                   const char *label)
{
    const ConstraintDef *added = &operation->as.add_constraint;
    Arena *out = context->arena;
    if (!place_is_set(added->place) || operation->in_do_block)
        return;
    if (!around_can_split(context, operation, transaction)) {
        /* Validating in the same transaction would read the table under the same lock. */
        Fix *fix =
            report_fix(context, finding, "Add it NOT VALID (validate it in a later migration)");
        fix_replace(context, fix, place_after(added->place), STR(" NOT VALID"));
        return;
    }
    Fix *fix = report_fix(context, finding, "Add it NOT VALID, then validate it");
    Str name = added->name.text;
    if (name_is_absent(added->name)) {
        name = advice_constraint_name(out, table, operation->target.name.text, columns, label);
        fix_replace(context, fix, place_before(added->place),
                    str_format(out, "CONSTRAINT " STR_FMT " ",
                               STR_ARG(sql_identifier(out, context->dialect, name))));
    }
    Str validate =
        str_format(out, "ALTER TABLE " STR_FMT " VALIDATE CONSTRAINT " STR_FMT,
                   STR_ARG(advice_written_name(out, context->dialect, &operation->target)),
                   STR_ARG(sql_identifier(out, context->dialect, name)));
    if (added->place.range.end == operation->statement.range.end) {
        /* One edit: two at the same place would have no order. */
        fix_replace(context, fix, place_after(added->place),
                    str_format(out, " NOT VALID;\n" STR_FMT, STR_ARG(validate)));
        return;
    }
    fix_replace(context, fix, place_after(added->place), STR(" NOT VALID"));
    fix_add_after(context, fix, operation->statement, validate);
}
