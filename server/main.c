/* main.c — from the command line to one of the program's faces. */
#include "base/str.h"
#include "cli/cli.h"
#include "lsp/lsp.h"

int main(int argc, char **argv)
{
    if (argc > 1 && str_equal(str_from(argv[1]), STR("lsp")))
        return lsp_main(argv + 2);
    return cli_main(argc, argv);
}
