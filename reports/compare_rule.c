/* compare_rule.c: 'publish.p99 +10%': a limit for CI. */
#include "reports/compare.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static int refuse(const char *text, struct error *reterr)
{
    return error_set(reterr, ERROR_USAGE,
                     "'%s' is no rule: say a metric, + or -, and a percentage, as in "
                     "'publish.p99 +10%%' or 'throughput -5%%'",
                     text);
}

/* More than 100 % is fine here. */
static int parse_percent(const char *text, double *ret_share)
{
    char *end;
    text += strspn(text, " ");
    double percent = strtod(text, &end);
    if (text[0] < '0' || text[0] > '9' || !(percent <= 1e6) || strcmp(end, "%") != 0)
        return -1;
    *ret_share = percent / 100;
    return 0;
}

int compare_rule_parse(const char *text, struct compare_rule *ret_rule, struct error *reterr)
{
    struct compare_rule rule = {.text = text};
    double share;
    size_t size = strcspn(text, " +");
    const char *change = text + size + strspn(text + size, " ");
    if (size == 0 || size >= sizeof(rule.metric) || (change[0] != '+' && change[0] != '-'))
        return refuse(text, reterr);
    memcpy(rule.metric, text, size);
    if (parse_percent(change + 1, &share) || (change[0] == '-' && share >= 1))
        return refuse(text, reterr);
    rule.limit = change[0] == '+' ? 1 + share : 1 - share;
    *ret_rule = rule;
    return 0;
}

static const struct compare_metric *find_metric(const struct compare_rule *rule,
                                                const struct comparison *comparison)
{
    for (size_t i = 0; i < comparison->metric_count; i++)
        if (strcmp(comparison->metrics[i].name, rule->metric) == 0)
            return &comparison->metrics[i];
    return NULL;
}

static int refuse_metric(const struct compare_rule *rule, const struct comparison *comparison,
                         struct error *reterr)
{
    const char **names = memory_new(comparison->metric_count + 1, sizeof(*names));
    for (size_t i = 0; i < comparison->metric_count; i++)
        names[i] = comparison->metrics[i].name;
    const char *nearest = text_nearest(rule->metric, names, comparison->metric_count);
    free(names);
    if (nearest)
        return error_set(reterr, ERROR_USAGE, "not every run has a metric '%s': did you mean '%s'?",
                         rule->metric, nearest);
    return error_set(reterr, ERROR_USAGE,
                     "not every run has a metric '%s': the comparison without --fail-if shows "
                     "those that they have",
                     rule->metric);
}

static enum verdict judge(const struct compare_rule *rule, const struct statistic_ratio *ratio)
{
    bool is_rise = rule->limit >= 1;
    if (!ratio->is_decided)
        return VERDICT_INCONCLUSIVE;
    if (is_rise ? ratio->low > rule->limit : ratio->high < rule->limit)
        return VERDICT_FAIL;
    if (is_rise ? ratio->high <= rule->limit : ratio->low >= rule->limit)
        return VERDICT_PASS;
    return VERDICT_INCONCLUSIVE;
}

static void explain(const struct compare_metric *metric, enum verdict verdict, struct text *reason)
{
    char change[32], low[32], high[32];
    compare_show_change(metric->ratio.ratio, change, sizeof(change));
    if (!metric->ratio.is_decided) {
        text_appendf(reason,
                     "changed by %s, and with so few runs nobody can tell that from noise: four a "
                     "side are needed",
                     change);
        return;
    }
    text_appendf(reason, "changed by %s (%s to %s)", change,
                 compare_show_change(metric->ratio.low, low, sizeof(low)),
                 compare_show_change(metric->ratio.high, high, sizeof(high)));
    if (verdict == VERDICT_INCONCLUSIVE)
        text_append_string(reason, ", which leaves the limit open: more runs narrow it");
}

int compare_rule_judge(const struct compare_rule *rule, const struct comparison *comparison,
                       enum verdict *ret_verdict, struct text *ret_reason, struct error *reterr)
{
    const struct compare_metric *metric = find_metric(rule, comparison);
    if (!metric)
        return refuse_metric(rule, comparison, reterr);
    *ret_verdict = judge(rule, &metric->ratio);
    explain(metric, *ret_verdict, ret_reason);
    return 0;
}
