/* check_protocol.c: rules of the stdio protocol, one a line. */
#include "cli/check_protocol.h"

#include <stdio.h>
#include <string.h>

#include "adapters/stdio/manners.h"
#include "cli/command.h"

static void tell(void *context, const char *rule, const char *wrong)
{
    (void)context;
    printf("  %-5s  %s\n", wrong ? "WRONG" : "ok", rule);
    if (wrong)
        printf("         %s\n", wrong);
}

int check_protocol(const char *adapter, const char *uri)
{
    static const char EXEC[] = "exec:";
    struct stdio_manners_plan plan = {.uri = uri, .tell = tell};
    struct error error = {0};
    size_t broken = 0;

    if (strncmp(adapter, EXEC, sizeof(EXEC) - 1) != 0) {
        (void)error_set(&error, ERROR_USAGE,
                        "--check-protocol is for programs, as in 'exec:python3 my_adapter.py'");
        return command_fail(&error);
    }
    plan.command = adapter + sizeof(EXEC) - 1;
    printf("%s\n", adapter);
    if (stdio_manners_check(&plan, &broken, &error) < 0)
        return command_fail(&error);
    if (broken > 0)
        printf("%zu of these rules were broken; adapters/PROTOCOL.md explains them\n", broken);
    return broken > 0 ? EXIT_FAIL : EXIT_PASS;
}
