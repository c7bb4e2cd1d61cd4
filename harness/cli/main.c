/* main.c: where the process starts and ends. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "registry.h"

int main(int argc, char *argv[])
{
    int code = command_main(argc, (const char *const *)argv);

    registry_leave();
    if (fflush(stdout) == 0 && !ferror(stdout))
        return code;
    fprintf(stderr, "gauntlet: cannot write to standard output: %s\n", strerror(errno));
    return code == EXIT_PASS ? EXIT_UNDECIDED : code;
}
