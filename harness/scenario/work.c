/* work.c: how long consumers work on a message, and in what order they start. */
#include "scenario/work.h"

#include <stdlib.h>
#include <string.h>

#include "base/quantity.h"
#include "scenario/payload.h"
#include "scenario/tables.h"

#define HOUR_NS           3600e9
#define START_GAP_DEFAULT "10ms"

static const struct schema_option OPTIONS[] = {
    {"fixed", SCHEMA_DURATION, NULL, 0, HOUR_NS, NULL, "always the same; `work: 1ms` is short"},
    {"uniform", SCHEMA_TEXT, NULL, 0, 0, NULL, "between two durations: 1ms-5ms"},
    {"exponential", SCHEMA_DURATION, NULL, 0, HOUR_NS, NULL, "the mean"},
    {"lognormal", SCHEMA_DURATION, NULL, 0, HOUR_NS, NULL, "the mean; its spread is 'sigma'"},
    {"sigma", SCHEMA_NUMBER, NULL, 0.01, 5, "0.5", "of lognormal: spread of the logarithm"},
};

static const struct schema_option START_OPTIONS[] = {
    {"ordered", SCHEMA_DURATION, NULL, 0, HOUR_NS, START_GAP_DEFAULT,
     "one member after another, with this gap"},
    {"after", SCHEMA_INTEGER, NULL, 1, 1e12, NULL,
     "only when so many messages have been accepted: a backlog to be drained"},
};

static const struct schema SCHEMA = {"work", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};
static const struct schema START_SCHEMA = {"start", START_OPTIONS, 2};

const struct schema *scenario_schema_work(void)
{
    return &SCHEMA;
}

const struct schema *scenario_schema_start(void)
{
    return &START_SCHEMA;
}

static int read_uniform(struct loader *loader, const struct schema *schema,
                        const struct schema_option *option, const struct node *node, void *target)
{
    const char *text = fields_text(loader, option->key, node);
    struct scenario_consumer *consumer = target;
    char *low = NULL, *high = NULL;
    int result = -1;

    (void)schema;
    if (!text)
        return -1;
    if (!payload_split_range(text, &low, &high))
        return error_set_at(loader->reterr, node->place,
                            "'%.60s' is no range of durations: say such as 1ms-5ms", text);
    if (duration_parse(low, &consumer->work_ns, loader->reterr) != 0 ||
        duration_parse(high, &consumer->work_max_ns, loader->reterr) != 0)
        result = loader->reterr ? (loader->reterr->place = node->place, -1) : -1;
    else if (consumer->work_max_ns < consumer->work_ns || (double)consumer->work_max_ns > HOUR_NS)
        (void)error_set_at(loader->reterr, node->place,
                           "the range '%.60s' must rise, to 1h at most: say such as 1ms-5ms", text);
    else
        result = 0;
    free(low);
    free(high);
    return result;
}

#define AT(member) offsetof(struct scenario_consumer, member)

static const struct field FIELDS[] = {
    {"fixed", field_count, AT(work_ns), false},
    {"uniform", read_uniform, 0, false},
    {"exponential", field_count, AT(work_ns), false},
    {"lognormal", field_count, AT(work_ns), false},
    {"sigma", field_real, AT(work_sigma), false},
};

static const struct form FORM = {&SCHEMA, "work", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

/* In the order of enum scenario_work. */
static const char *const KINDS[] = {"fixed", "uniform", "exponential", "lognormal"};

static int read_kind(struct loader *loader, const struct node *node,
                     struct scenario_consumer *consumer)
{
    size_t kinds = 0;

    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++)
        if (node_get(node, KINDS[i])) {
            consumer->work = (enum scenario_work)i;
            kinds++;
        }
    if (kinds != 1)
        return error_set_at(loader->reterr, node->place,
                            "work has one of 'fixed', 'uniform', 'exponential' and 'lognormal', "
                            "not %s",
                            kinds ? "several" : "none");
    if (node_get(node, "sigma") && consumer->work != SCENARIO_WORK_LOGNORMAL)
        return error_set_at(loader->reterr, node_get(node, "sigma")->place,
                            "'sigma' belongs to 'lognormal': leave it out with '%s'",
                            KINDS[consumer->work]);
    return 0;
}

int work_read(struct loader *loader, const struct schema *schema,
              const struct schema_option *option, const struct node *node, void *target)
{
    struct schema_option fixed = OPTIONS[0];
    struct schema_option sigma = OPTIONS[4];
    struct scenario_consumer *consumer = target;

    if (node->kind == NODE_MAPPING)
        return fields_read(loader, &FORM, node, consumer) == 0 ? read_kind(loader, node, consumer)
                                                               : -1;
    fixed.key = option->key;
    if (field_real(loader, schema, &sigma,
                   node_scalar(&loader->document, sigma.default_text, node->place),
                   &consumer->work_sigma) != 0)
        return -1;
    return field_count(loader, schema, &fixed, node, &consumer->work_ns);
}

static const struct field START_FIELDS[] = {
    {"ordered", field_count, AT(start_gap_ns), false},
    {"after", field_count, AT(start_after), false},
};

static const struct form START_FORM = {&START_SCHEMA, "a start", START_FIELDS, 2};

int work_read_start(struct loader *loader, const struct schema *schema,
                    const struct schema_option *option, const struct node *node, void *target)
{
    const struct schema_option words = {
        .key = option->key, .type = SCHEMA_CHOICE, .choices = "together|ordered"};
    struct scenario_consumer *consumer = target;

    if (node->kind == NODE_MAPPING) {
        if (fields_read(loader, &START_FORM, node, consumer) != 0)
            return -1;
        if (!node_get(node, "ordered") == !node_get(node, "after"))
            return error_set_at(loader->reterr, node->place,
                                "a start has either 'ordered' or 'after': say such as {after: "
                                "10000}");
        consumer->start = node_get(node, "after") ? SCENARIO_START_AFTER : SCENARIO_START_ORDERED;
        return 0;
    }
    if (field_count(loader, schema, &START_OPTIONS[0],
                    node_scalar(&loader->document, START_GAP_DEFAULT, node->place),
                    &consumer->start_gap_ns) != 0)
        return -1;
    return field_choice(loader, schema, &words, node, &consumer->start);
}
