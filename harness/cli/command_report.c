/* command_report.c: gauntlet report: draw a result again from its result.json alone. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "reports/read.h"
#include "reports/report.h"

struct report_arguments {
    const char *out;
    bool quiet, help;
};

#define AT(member) offsetof(struct report_arguments, member)

static const struct option report_options[] = {
    {"out", 0, OPTION_TEXT, "DIR", NULL, AT(out), OPTION_PRESENTATION,
     "write into this folder; beside the result unless given"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "print nothing but errors"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

/* A folder stands for the result in it.  Gives (free). */
static char *file_of(const char *operand)
{
    struct stat status;
    bool is_folder = stat(operand, &status) == 0 && S_ISDIR(status.st_mode);
    return memory_format(is_folder ? "%s/result.json" : "%s", operand);
}

/* Gives (free). */
static char *folder_of(const char *file)
{
    const char *slash = strrchr(file, '/');
    char *folder = memory_string(slash ? file : ".");
    if (slash)
        folder[slash == file ? 1 : slash - file] = '\0';
    return folder;
}

static int draw(const struct report_arguments *arguments, const char *operand)
{
    struct result *result = NULL;
    struct error error = {0};
    char *file = file_of(operand);
    char *folder = arguments->out ? memory_string(arguments->out) : folder_of(file);
    int failed = report_read(file, &result, &error) || report_write_again(folder, result, &error);
    int code = failed ? command_fail(&error) : EXIT_PASS; /* the error may speak of the file */
    if (!failed && !arguments->quiet)
        printf("%s/report.html\n", folder);
    result_free(result);
    free(folder);
    free(file);
    return code;
}

static int draw_all(const struct report_arguments *arguments, const struct option_list *operands)
{
    int worst = EXIT_PASS;
    for (size_t i = 0; i < operands->count; i++) {
        int code = draw(arguments, operands->values[i]);
        if (worst != EXIT_WRONG && code != EXIT_PASS)
            worst = code;
    }
    return worst;
}

static int check(const void *target, const struct option_list *operands, struct error *reterr)
{
    const struct report_arguments *arguments = target;

    if (operands->count == 0)
        return error_set(reterr, ERROR_USAGE, "which result? say 'gauntlet report RESULT...'");
    if (arguments->out && operands->count > 1)
        return error_set(reterr, ERROR_USAGE,
                         "--out is for one result: without it each is drawn beside its own file");
    return 0;
}

static int work(const struct invocation *invocation)
{
    return draw_all(invocation->arguments, invocation->operands);
}

static const char details[] =
    "Draws report.html and the other files of a run again, from its result.json alone: beside it,\n"
    "or in the folder that --out names.  A folder stands for the result.json in it.\n"
    "\n"
    "Examples:\n"
    "  gauntlet report out/result.json\n"
    "  gauntlet report out --out drawn\n";

const struct command command_report = {
    .operands = "RESULT...",
    .summary = "draw a report again from its result.json",
    .details = details,
    .table = {"report", report_options, sizeof(report_options) / sizeof(report_options[0])},
    .size = sizeof(struct report_arguments),
    .check = check,
    .work = work,
};
