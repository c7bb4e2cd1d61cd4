/* command_compare.c: gauntlet compare: two sets of runs side by side. */
#include "cli/command.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "cli/comparison.h"
#include "cli/outcome.h"
#include "cli/result_list.h"
#include "reports/compare.h"

struct compare_arguments {
    struct option_list base, current, rules;
    const char *out;
    bool quiet, help;
};

#define AT(member) offsetof(struct compare_arguments, member)

static const struct option compare_options[] = {
    {"base", 0, OPTION_WORDS, "RESULT", NULL, AT(base), OPTION_PRESENTATION,
     "the runs to compare with: files, or folders with results in them, up to the next option"},
    {"current", 0, OPTION_WORDS, "RESULT", NULL, AT(current), OPTION_PRESENTATION,
     "the runs to judge, the same way"},
    {"fail-if", 0, OPTION_LIST, "RULE", NULL, AT(rules), OPTION_PRESENTATION,
     "fail when a metric changed by more, as in 'publish.p99 +10%' or 'throughput -5%'; "
     "repeatable"},
    {"out", 0, OPTION_TEXT, "DIR", NULL, AT(out), OPTION_PRESENTATION,
     "write compare.html, with the curves of both over each other, and compare.json"},
    {"quiet", 'q', OPTION_FLAG, NULL, NULL, AT(quiet), OPTION_PRESENTATION,
     "print nothing but the rules that do not hold, and errors"},
    {"help", 'h', OPTION_FLAG, NULL, NULL, AT(help), OPTION_PRESENTATION, "this page"},
};

/* --- Rules --------------------------------------------------------------------------------------
 */

static int judge_rule(const char *rule_text, const struct comparison *comparison, bool is_quiet)
{
    static const struct {
        const char *mark;
        int code;
    } outcomes[] = {[VERDICT_PASS] = {"ok", EXIT_PASS},
                    [VERDICT_INCONCLUSIVE] = {"open", EXIT_UNDECIDED},
                    [VERDICT_FAIL] = {"FAIL", EXIT_FAIL}};
    struct compare_rule rule;
    struct text reason = {0};
    struct error error = {0};
    enum verdict verdict = VERDICT_PASS;
    if (compare_rule_parse(rule_text, &rule, &error) ||
        compare_rule_judge(&rule, comparison, &verdict, &reason, &error)) {
        text_release(&reason);
        return command_fail(&error);
    }
    if (!is_quiet || verdict != VERDICT_PASS)
        printf("  %-4s  %s: %s\n", outcomes[verdict].mark, rule_text, text_string(&reason));
    text_release(&reason);
    return outcomes[verdict].code;
}

static int judge_rules(const struct compare_arguments *arguments,
                       const struct comparison *comparison)
{
    int code = EXIT_PASS;
    if (arguments->rules.count > 0 && !arguments->quiet)
        printf("\nRules\n");
    for (size_t i = 0; i < arguments->rules.count; i++)
        outcome_worsen(&code, judge_rule(arguments->rules.values[i], comparison, arguments->quiet));
    return code;
}

/* --- One comparison -----------------------------------------------------------------------------
 */

/* `folder` NULL: no files. */
static int compare(const struct compare_arguments *arguments, const struct compare_side *base,
                   const struct compare_side *current, const char *folder)
{
    struct comparison comparison;
    compare_sides(&comparison, base, current);
    if (!arguments->quiet)
        comparison_print(&comparison);
    int code = judge_rules(arguments, &comparison);
    if (folder)
        outcome_worsen(&code, comparison_write(&comparison, folder));
    if (folder && !arguments->quiet)
        printf("\nFiles: %s\n", folder);
    compare_release(&comparison);
    return code;
}

/* --- Sides --------------------------------------------------------------------------------------
 */

static int load_side(struct compare_side *side, const char *name, const char *const *paths,
                     size_t count)
{
    struct error error = {0};
    *side = (struct compare_side){.name = name};
    for (size_t i = 0; i < count; i++)
        if (result_list_add(&side->results, &side->count, paths[i], &error))
            return command_fail(&error);
    return EXIT_PASS;
}

static void release_side(struct compare_side *side)
{
    for (size_t i = 0; i < side->count; i++)
        result_free(side->results[i]);
    free(side->results);
    *side = (struct compare_side){0};
}

/* Two lists of runs. */
static int compare_lists(const struct compare_arguments *arguments)
{
    struct compare_side base, current = {0};
    int code = load_side(&base, "base", arguments->base.values, arguments->base.count);
    if (code == EXIT_PASS)
        code = load_side(&current, "current", arguments->current.values, arguments->current.count);
    if (code == EXIT_PASS)
        code = compare(arguments, &base, &current, arguments->out);
    release_side(&base);
    release_side(&current);
    return code;
}

/* One after another against the first. */
static int compare_one(const struct compare_arguments *arguments, const struct compare_side *base,
                       const struct option_list *operands, size_t index)
{
    struct compare_side current;
    const char *path = operands->values[index];
    char *folder = operands->count > 2 && arguments->out
                       ? memory_format("%s/%zu", arguments->out, index)
                       : memory_string(arguments->out);
    int code = load_side(&current, operands->count > 2 ? path : "current", &path, 1);
    if (index > 1 && !arguments->quiet)
        printf("\n");
    if (code == EXIT_PASS)
        code = compare(arguments, base, &current, folder);
    release_side(&current);
    free(folder);
    return code;
}

static int compare_operands(const struct compare_arguments *arguments,
                            const struct option_list *operands)
{
    struct compare_side base;
    int code = load_side(&base, "base", operands->values, 1);
    for (size_t i = 1; base.count > 0 && i < operands->count; i++)
        outcome_worsen(&code, compare_one(arguments, &base, operands, i));
    release_side(&base);
    return code;
}

static int check(const void *target, const struct option_list *operands, struct error *reterr)
{
    const struct compare_arguments *arguments = target;

    bool has_lists = arguments->base.count > 0 || arguments->current.count > 0;
    if (has_lists && operands->count > 0)
        return error_set(
            reterr, ERROR_USAGE,
            "say either BASE CURRENT, or --base and --current: '%s' belongs to neither",
            operands->values[0]);
    if (has_lists ? arguments->base.count == 0 || arguments->current.count == 0
                  : operands->count < 2)
        return error_set(reterr, ERROR_USAGE,
                         "which results? say 'gauntlet compare BASE CURRENT', or --base RESULT... "
                         "--current RESULT...");
    for (size_t i = 0; i < arguments->rules.count; i++) {
        struct compare_rule rule;
        if (compare_rule_parse(arguments->rules.values[i], &rule, reterr))
            return error_prefix(reterr, "--fail-if: ");
    }
    return 0;
}

static int work(const struct invocation *invocation)
{
    const struct compare_arguments *arguments = invocation->arguments;

    return invocation->operands->count > 0 ? compare_operands(arguments, invocation->operands)
                                           : compare_lists(arguments);
}

static const char details[] =
    "What changed from one set of runs to another, by how much, and whether it is more than "
    "noise:\n"
    "four runs a side are enough for an interval, one a side cannot tell.  A folder stands for "
    "all\n"
    "result.json files below it; further results behind CURRENT are compared with BASE one by "
    "one.\n"
    "\n"
    "A rule (--fail-if) fails when the whole interval is past its limit, which exits with 1; when\n"
    "the interval leaves the limit open, or cannot be told, the exit code is 3.\n"
    "\n"
    "Examples:\n"
    "  gauntlet compare base/result.json current/result.json\n"
    "  gauntlet compare base-runs/ current-runs/ --fail-if 'publish.p99 +10%' --out compared\n"
    "  gauntlet compare --base a.json b.json --current c.json d.json\n";

const struct command command_compare = {
    .operands = "BASE CURRENT...",
    .summary = "what changed between runs, and whether it is more than noise",
    .details = details,
    .table = {"compare", compare_options, sizeof(compare_options) / sizeof(compare_options[0])},
    .size = sizeof(struct compare_arguments),
    .check = check,
    .work = work,
};
