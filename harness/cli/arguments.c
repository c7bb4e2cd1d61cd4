/* arguments.c: what must hold between the arguments that several commands know. */
#include "cli/arguments.h"

#include <string.h>

#include "cli/shared_folder.h"
#include "registry.h"

/* The member that an option fills in, or NULL when the command has no such option. */
static const void *member(const struct option_table *table, const void *target, const char *name)
{
    for (size_t i = 0; i < table->option_count; i++)
        if (strcmp(table->options[i].name, name) == 0)
            return (const char *)target + table->options[i].offset;
    return NULL;
}

static const char *text_of(const struct option_table *table, const void *target, const char *name)
{
    const char *const *text = member(table, target, name);

    return text ? *text : NULL;
}

static bool flag_of(const struct option_table *table, const void *target, const char *name)
{
    const bool *flag = member(table, target, name);

    return flag && *flag;
}

int arguments_check(const struct option_table *table, const void *target, struct error *reterr)
{
    static const char *const loud[] = {"verbose", "debug"};
    const char *out = text_of(table, target, "out"), *uri = text_of(table, target, "uri");

    if (uri && text_of(table, target, "spawn") && !strstr(uri, "{port}"))
        return error_set(reterr, ERROR_USAGE,
                         "--uri and --spawn exclude each other: a server is somewhere, or it is "
                         "started by the run; then --uri may say how its address is written, as in "
                         "'my://127.0.0.1:{port}'");
    for (size_t i = 0; i < sizeof(loud) / sizeof(loud[0]); i++)
        if (flag_of(table, target, "quiet") && flag_of(table, target, loud[i]))
            return error_set(reterr, ERROR_USAGE, "--quiet and --%s exclude each other", loud[i]);
    if (out && !out[0])
        return error_set(reterr, ERROR_USAGE, "--out needs the name of a folder");
    return 0;
}

bool arguments_want_help(const struct option_table *table, const void *target)
{
    return flag_of(table, target, "help");
}

/* The path lives as long as the program does. */
void arguments_isolate(const struct option_table *table, const void *target)
{
    static char *program;

    if (!flag_of(table, target, "isolate"))
        return;
    if (!program)
        program = shared_folder_program();
    registry_isolate(program);
}

void arguments_release(const struct option_table *table, void *target)
{
    for (size_t i = 0; i < table->option_count; i++) {
        const struct option *option = &table->options[i];
        void *list = (char *)target + option->offset;

        if (option->type == OPTION_LIST || option->type == OPTION_WORDS)
            option_list_release(list);
    }
}

int arguments_check_count(const char *name, const struct option_count *count, struct error *reterr)
{
    if (count->is_given && count->value == 0)
        return error_set(reterr, ERROR_USAGE, "%s 0 runs nothing: say 1 or more", name);
    return 0;
}
