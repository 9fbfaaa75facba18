/* main.c — from the command line to one of the program's faces. */
#include "base/str.h"
#include "cli/cli.h"
#include "lsp/lsp.h"
#include "mcp/mcp.h"

static bool asks_for_help(const char *word)
{
    return word &&
           (str_equal(str_from(word), STR("--help")) || str_equal(str_from(word), STR("-h")));
}

int main(int argc, char **argv)
{
    if (argc > 1 && str_equal(str_from(argv[1]), STR("lsp")) && !asks_for_help(argv[2]))
        return lsp_main(argv + 2);
    /* `lintel mcp call …` is a command that looks at the servers of others. */
    if (argc == 2 && str_equal(str_from(argv[1]), STR("mcp")))
        return mcp_main();
    return cli_main(argc, argv);
}
