/* outcome.c: the summary and the files of one run. */
#include "cli/outcome.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"
#include "reports/report.h"
#include "run/failure.h"

int outcome_code(enum verdict verdict)
{
    static const int codes[] = {[VERDICT_PASS] = EXIT_PASS,
                                [VERDICT_INCONCLUSIVE] = EXIT_UNDECIDED,
                                [VERDICT_FAIL] = EXIT_FAIL};
    return codes[verdict];
}

static int rank_code(int code)
{
    static const int ranks[] = {
        [EXIT_PASS] = 0, [EXIT_UNDECIDED] = 1, [EXIT_WRONG] = 2, [EXIT_FAIL] = 3};
    return ranks[code];
}

void outcome_worsen(int *code, int other)
{
    if (rank_code(other) > rank_code(*code))
        *code = other;
}

bool outcome_wants_colour(void)
{
    const char *no_colour = getenv("NO_COLOR"); /* no-color.org: set and not empty */
    return isatty(STDOUT_FILENO) && !(no_colour && no_colour[0]);
}

void outcome_print(const struct result *result, const char *folder)
{
    struct text text = {0};
    const struct report_input input = {
        .results = &result, .count = 1, .has_colour = outcome_wants_colour(), .folder = folder};
    report_text(&input, &text);
    report_scrub(&text);
    fputs(text_string(&text), stdout);
    fflush(stdout);
    text_release(&text);
}

/* A failure of an earlier run in the same folder is not this run's. */
static void remove_failure(const char *folder)
{
    struct text path = {0};
    text_appendf(&path, "%s/" FAILURE_FILE_NAME, folder);
    unlink(text_string(&path));
    text_release(&path);
}

static int write_failure(const struct scenario *scenario, const struct result *result,
                         const char *folder, struct error *reterr)
{
    struct text text = {0};
    if (result->verdict != VERDICT_FAIL) {
        remove_failure(folder);
        return 0;
    }
    failure_write(scenario, result, &text);
    int failed = report_write_file(folder, FAILURE_FILE_NAME, &text, reterr);
    text_release(&text);
    return failed;
}

int outcome_write(const struct scenario *scenario, const struct result *result, const char *folder,
                  struct error *reterr)
{
    return report_write_single(folder, result, reterr) == 0
               ? write_failure(scenario, result, folder, reterr)
               : -1;
}
