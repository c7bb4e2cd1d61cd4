/* command_heal.c: gauntlet heal: put right what a run that was killed has left on a server. */
#include "cli/command.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/progress.h"
#include "reports/report.h"
#include "run/heal.h"
#include "run/undo.h"

struct heal_arguments {
    const char *uri;
    bool quiet, verbose, help;
};

#define AT(member) offsetof(struct heal_arguments, member)

static const struct option heal_options[] = {
    {"uri", 0, OPTION_TEXT, "URI", NULL, AT(uri), OPTION_SECRET,
     "where the server is; what a run leaves on record holds no password"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "print nothing but errors"},
    {"verbose", 'v', OPTION_FLAG, NULL, NULL, AT(verbose), OPTION_PRESENTATION,
     "say more on stderr"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

static void on_told(void *context, const struct undo_entry *entry, const char *reason)
{
    const struct heal_arguments *arguments = context;
    struct text line = {0};

    text_appendf(&line, "%s  %s of broker %s (%s%s%s)%s%s\n", reason ? "FAILED" : "healed",
                 entry->fault, entry->broker, entry->adapter, entry->uri ? " at " : "",
                 entry->uri ? entry->uri : "", reason ? ": " : "", reason ? reason : "");
    report_scrub(&line);
    if (reason || !arguments->quiet)
        fputs(text_string(&line), reason ? stderr : stdout);
    text_release(&line);
}

static int heal_one(const struct heal_arguments *arguments, const char *folder)
{
    struct progress progress;
    struct heal_arguments own = *arguments;
    struct heal_options options = {
        .folder = folder, .uri = arguments->uri, .told = on_told, .context = &own};
    struct log log;
    struct error error = {0};

    progress_init(&progress, arguments->quiet);
    log = progress_log(&progress, arguments->verbose ? LOG_INFO : LOG_ERROR);
    options.log = &log;
    return heal(&options, &error) == 0 ? EXIT_PASS : command_fail(&error);
}

static int worse(int code, int other)
{
    return other == EXIT_PASS || code == EXIT_WRONG ? code : other;
}

/* Those of runs that had no folder for reports. */
static int heal_state(const struct heal_arguments *arguments)
{
    char *state = undo_state_folder();
    DIR *folder = opendir(state);
    const struct dirent *entry;
    int code = EXIT_PASS;
    size_t count = 0;

    while (folder && (entry = readdir(folder)) != NULL) {
        char *path = memory_format("%s/%s", state, entry->d_name);
        char *file = memory_format("%s/%s", path, UNDO_FILE_NAME);

        if (entry->d_name[0] != '.' && access(file, F_OK) == 0) {
            code = worse(code, heal_one(arguments, path));
            (void)rmdir(path);
            count++;
        }
        free(file);
        free(path);
    }
    if (folder)
        (void)closedir(folder);
    if (count == 0 && !arguments->quiet)
        printf("there is nothing to heal in %s; a run with --out DIR leaves it in DIR\n", state);
    free(state);
    return code;
}

static int heal_all(const struct heal_arguments *arguments, const struct option_list *folders)
{
    int code = EXIT_PASS;

    if (folders->count == 0)
        return heal_state(arguments);
    for (size_t i = 0; i < folders->count; i++)
        code = worse(code, heal_one(arguments, folders->values[i]));
    return code;
}

static int work(const struct invocation *invocation)
{
    return heal_all(invocation->arguments, invocation->operands);
}

static const char details[] =
    "Removes the private streams that a run which was killed has left on somebody's server, and\n"
    "puts right what one with --destructive has changed there.  DIR is the folder that a run with\n"
    "--destructive was given by --out; without it, what all other runs have left.  A run that is\n"
    "still under way is left alone.  Healing twice does no harm.\n"
    "\n"
    "Examples:\n"
    "  gauntlet heal out\n"
    "  gauntlet heal\n"
    "  gauntlet heal out --uri redis://:secret@127.0.0.1:6379/0\n";

const struct command command_heal = {
    .operands = "[DIR...]",
    .summary = "put right what a run that was killed left on a server",
    .details = details,
    .table = {"heal", heal_options, sizeof(heal_options) / sizeof(heal_options[0])},
    .size = sizeof(struct heal_arguments),
    .work = work,
};
