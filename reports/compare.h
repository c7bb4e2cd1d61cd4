/* compare.h: two sets of runs side by side: what changed, how much, and whether it is more than
   noise. */
#ifndef REPORTS_COMPARE_H
#define REPORTS_COMPARE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "reports/statistic.h"
#include "run/result.h"

struct compare_side {
    const char *name; /* "base"; borrowed */
    struct result **results;
    size_t count;
};

enum compare_unit { COMPARE_RATE, COMPARE_DURATION, COMPARE_SIZE };

struct compare_metric {
    char name[64]; /* "publish.p99", as expectations name it */
    enum compare_unit unit;
    bool is_more_better;
    double base, current; /* geometric means over the runs */
    struct statistic_ratio ratio;
};

enum compare_change { COMPARE_SAME, COMPARE_BETTER, COMPARE_WORSE, COMPARE_UNDECIDED };

struct comparison {
    const struct compare_side *base, *current;
    struct compare_metric *metrics; /* those that every run of both sides has */
    size_t metric_count;
    bool is_enough; /* runs to tell a change from noise */
};

/* Compare; the sides are borrowed.  Release with compare_release. */
void compare_sides(struct comparison *comparison, const struct compare_side *base,
                   const struct compare_side *current);
void compare_release(struct comparison *comparison);

enum compare_change compare_change_of(const struct compare_metric *metric);
const char *compare_change_name(enum compare_change change);
/* "4.95 ms". */
const char *compare_show(const struct compare_metric *metric, double value, char *buffer,
                         size_t capacity);
/* 1.103 is "+10.3 %". */
const char *compare_show_change(double ratio, char *buffer, size_t capacity);

/* "5 runs, all passed", "5 runs: 3 passed, 2 failed". */
void compare_describe(const struct compare_side *side, struct text *text);
/* What is compared: the scenario's name, or those of both. */
void compare_title(const struct comparison *comparison, struct text *text);
/* What stands over a side's column: its name when both names are short; "base" or "current". */
const char *compare_head(const struct comparison *comparison, const struct compare_side *side);
/* What differs between the sides besides what was measured: one call for each. */
void compare_environments(const struct comparison *comparison,
                          void (*differs)(void *context, const char *what, const char *base,
                                          const char *current),
                          void *context);

/* "publish.p99 +10%": fails when it has risen by more than that; "-5%": when it has fallen. */
struct compare_rule {
    const char *text; /* borrowed */
    char metric[64];
    double limit; /* the ratio: 1.1, or 0.95 */
};
/* Fails (ERROR_USAGE) when it is no rule. */
int compare_rule_parse(const char *text, struct compare_rule *ret_rule, struct error *reterr);
/* Pass, fail, or inconclusive when the interval has the limit in it, or when there are too few
   runs. Fails (ERROR_USAGE) when the runs have no such metric. */
int compare_rule_judge(const struct compare_rule *rule, const struct comparison *comparison,
                       enum verdict *ret_verdict, struct text *ret_reason, struct error *reterr);

/* For a terminal, for a program, and as a page with the charts of both over each other. */
void compare_text(const struct comparison *comparison, struct text *text);
void compare_json(const struct comparison *comparison, struct text *text);
void compare_html(const struct comparison *comparison, struct text *text);

#endif
