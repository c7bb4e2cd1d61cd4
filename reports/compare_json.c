/* compare_json.c: a comparison for a program: compare.json. */
#include "reports/compare.h"
#include "reports/json.h"

static json_t *side_of(const struct compare_side *side)
{
    json_t *object = json_object(), *runs = json_array();
    for (size_t i = 0; i < side->count; i++) {
        json_t *run = json_object();
        json_put(run, "run_id", json_text(side->results[i]->run_id));
        json_put(run, "verdict", json_text(verdict_name(side->results[i]->verdict)));
        json_array_append_new(runs, run);
    }
    json_put(object, "name", json_text(side->name));
    json_put(object, "runs", runs);
    return object;
}

static json_t *metric_of(const struct compare_metric *metric)
{
    static const char *const units[] = {
        [COMPARE_RATE] = "per_second", [COMPARE_DURATION] = "ns", [COMPARE_SIZE] = "bytes"};
    json_t *object = json_object();
    bool is_decided = metric->ratio.is_decided;
    json_put(object, "metric", json_text(metric->name));
    json_put(object, "unit", json_text(units[metric->unit]));
    json_put(object, "base", json_real(metric->base));
    json_put(object, "current", json_real(metric->current));
    json_put(object, "ratio", json_real(metric->ratio.ratio));
    json_put(object, "low", is_decided ? json_real(metric->ratio.low) : json_null());
    json_put(object, "high", is_decided ? json_real(metric->ratio.high) : json_null());
    json_put(object, "change", json_text(compare_change_name(compare_change_of(metric))));
    return object;
}

static void put_difference(void *context, const char *what, const char *base, const char *current)
{
    json_t *object = json_object();
    json_put(object, "what", json_text(what));
    json_put(object, "base", json_text(base));
    json_put(object, "current", json_text(current));
    json_array_append_new(context, object);
}

void compare_json(const struct comparison *comparison, struct text *text)
{
    json_t *root = json_object(), *metrics = json_array(), *differences = json_array();
    for (size_t i = 0; i < comparison->metric_count; i++)
        json_array_append_new(metrics, metric_of(&comparison->metrics[i]));
    compare_environments(comparison, put_difference, differences);
    json_put(root, "schema", json_text("gauntlet-comparison"));
    json_put(root, "version", json_integer(1));
    json_put(root, "enough_runs", json_boolean(comparison->is_enough));
    json_put(root, "base", side_of(comparison->base));
    json_put(root, "current", side_of(comparison->current));
    json_put(root, "metrics", metrics);
    json_put(root, "differences", differences);
    json_lay_out(root, text);
    json_decref(root);
}
