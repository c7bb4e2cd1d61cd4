/* arguments.c: what must hold between the arguments that several commands know. */
#include "cli/arguments.h"

int arguments_check(const struct shared_arguments *arguments, struct error *reterr)
{
    if (arguments->uri && arguments->spawn)
        return error_set(reterr, ERROR_USAGE,
                         "--uri and --spawn exclude each other: a server is somewhere, or it is "
                         "started by the run");
    if (arguments->quiet && arguments->verbose)
        return error_set(reterr, ERROR_USAGE, "--quiet and --verbose exclude each other");
    if (arguments->out && !arguments->out[0])
        return error_set(reterr, ERROR_USAGE, "--out needs the name of a folder");
    return 0;
}

int arguments_check_count(const char *name, const struct option_count *count, struct error *reterr)
{
    if (count->is_given && count->value == 0)
        return error_set(reterr, ERROR_USAGE, "%s 0 runs nothing: say 1 or more", name);
    return 0;
}
