/* command.c: which commands there are, and how one is picked. */
#include "cli/command.h"

#include <string.h>

#include "base/text.h"
#include "reports/page.h"
#include "reports/report.h"

static const struct command *const commands[] = {
    &command_run,    &command_conform,  &command_replay,      &command_explore,
    &command_shrink, &command_check,    &command_compare,     &command_report,
    &command_heal,   &command_adapters, &command_new_adapter, &command_serve,
};

const struct command *command_at(size_t index)
{
    return index < sizeof(commands) / sizeof(commands[0]) ? commands[index] : NULL;
}

const struct command *command_find(const char *name)
{
    const struct command *command;
    for (size_t i = 0; (command = command_at(i)) != NULL; i++)
        if (strcmp(command->table.command, name) == 0)
            return command;
    return NULL;
}

int command_fail(const struct error *error)
{
    struct text text = {0};
    text_append_string(&text, "gauntlet: ");
    if (error->place.file)
        text_appendf(&text, "%s:", error->place.file);
    if (error->place.file && error->place.line)
        text_appendf(&text, "%d:%d:", error->place.line, error->place.column);
    text_appendf(&text, "%s%s\n", error->place.file ? " " : "", error->message);
    report_scrub(&text);
    fputs(text_string(&text), stderr);
    text_release(&text);
    return error->kind == ERROR_USAGE || error->kind == ERROR_SCENARIO ? EXIT_WRONG
                                                                       : EXIT_UNDECIDED;
}

static int refuse_command(const char *name)
{
    const char *names[sizeof(commands) / sizeof(commands[0])];
    struct error error = {0};
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
        names[i] = commands[i]->table.command;
    const char *nearest = text_nearest(name, names, sizeof(names) / sizeof(names[0]));
    if (nearest)
        error_set(&error, ERROR_USAGE, "unknown command '%s': did you mean '%s'?", name, nearest);
    else
        error_set(&error, ERROR_USAGE, "unknown command '%s': 'gauntlet --help' lists them all",
                  name);
    return command_fail(&error);
}

/* `gauntlet help` and `gauntlet help run`. */
static int show_help(const char *name)
{
    const struct command *command = name ? command_find(name) : NULL;
    if (name && !command)
        return refuse_command(name);
    command_help(command, stdout);
    return EXIT_PASS;
}

int command_main(int argc, const char *const *argv)
{
    const char *word = argc > 1 ? argv[1] : NULL;
    if (!word) {
        command_help(NULL, stderr);
        return EXIT_WRONG;
    }
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)
        return show_help(NULL);
    if (strcmp(word, "help") == 0)
        return show_help(argc > 2 ? argv[2] : NULL);
    if (strcmp(word, "--version") == 0 || strcmp(word, "-V") == 0) {
        printf("gauntlet %s\n", GAUNTLET_VERSION);
        return EXIT_PASS;
    }
    const struct command *command = command_find(word);
    return command ? command_perform(command, argc - 2, argv + 2) : refuse_command(word);
}
