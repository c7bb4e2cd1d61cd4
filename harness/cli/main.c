/* main.c: where the process starts and ends. */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "registry.h"

int main(int argc, char *argv[])
{
    int code = command_main(argc, (const char *const *)argv);
    bool is_flushed = fflush(stdout) == 0;
    const char *reason = is_flushed ? "some of it was lost" : strerror(errno);

    registry_leave();
    if (is_flushed && !ferror(stdout))
        return code;
    fprintf(stderr, "gauntlet: cannot write to standard output: %s\n", reason);
    return code == EXIT_PASS ? EXIT_UNDECIDED : code;
}
