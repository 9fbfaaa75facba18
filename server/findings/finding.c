#include "findings/finding.h"

static const Str names[] = {STR_INIT("off"), STR_INIT("hint"), STR_INIT("info"),
                            STR_INIT("warning"), STR_INIT("error")};

Str severity_name(Severity severity)
{
    return names[severity];
}

bool severity_from_name(Str name, Severity *severity)
{
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_equal(names[i], name)) {
            *severity = (Severity)i;
            return true;
        }
    }
    return false;
}
