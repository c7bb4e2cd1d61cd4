/* stages.c: a load that changes over time, and the keys that messages carry. */
#include "scenario/stages.h"

#include <stdlib.h>

#include "base/memory.h"
#include "scenario/tables.h"

#define DAY_NS (24 * 3600e9)

static const struct schema_option OPTIONS[] = {
    {"rate", SCHEMA_RATE, NULL, 0, 0, NULL,
     "of this stage, of all members together; 0/s is a pause"},
    {"for", SCHEMA_DURATION, NULL, 1e6, 365 * DAY_NS, NULL, "how long it lasts"},
    {"ramp", SCHEMA_CHOICE, "none|linear", 0, 0, "none",
     "linear: in a straight line from the rate before (0 at first) to this one"},
};

static const struct schema_option KEYS_OPTIONS[] = {
    {"count", SCHEMA_INTEGER, NULL, 1, 1e9, NULL, "how many distinct keys there are"},
    {"pick", SCHEMA_CHOICE, "round_robin|uniform|zipf", 0, 0, "uniform",
     "which key a message carries; zipf: the k-th one 1/k as often as the first"},
};

static const struct schema SCHEMA = {"stage", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};
static const struct schema KEYS_SCHEMA = {"keys", KEYS_OPTIONS, 2};

const struct schema *scenario_schema_stage(void)
{
    return &SCHEMA;
}

const struct schema *scenario_schema_keys(void)
{
    return &KEYS_SCHEMA;
}

/* --- Stages ---------------------------------------------------------------------------------- */

struct stage {
    double rate;
    uint64_t for_ns;
    unsigned ramp; /* 0 none, 1 linear */
};

static const struct field FIELDS[] = {
    {"rate", field_real, offsetof(struct stage, rate), true},
    {"for", field_count, offsetof(struct stage, for_ns), true},
    {"ramp", field_choice, offsetof(struct stage, ramp), false},
};

static const struct form FORM = {&SCHEMA, "a stage", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

static int read_stage(struct loader *loader, const struct node *node,
                      struct scenario_producer *producer)
{
    double before =
        producer->stage_count > 0 ? producer->stages[producer->stage_count - 1].end_rate : 0.0;
    struct stage stage = {0};

    if (fields_read(loader, &FORM, node, &stage) != 0)
        return -1;
    if (stage.rate < 0)
        return error_set_at(loader->reterr, node_place(node, "rate"),
                            "a rate is never negative: 0/s is a pause");
    producer->stages[producer->stage_count++] = (struct scenario_stage){
        .begin_rate = stage.ramp ? before : stage.rate,
        .end_rate = stage.rate,
        .for_ns = stage.for_ns,
    };
    return 0;
}

int stages_read(struct loader *loader, const struct schema *schema,
                const struct schema_option *option, const struct node *node, void *target)
{
    struct scenario_producer *producer = target;

    (void)schema, (void)option;
    if (node->kind != NODE_SEQUENCE || node->count == 0)
        return error_set_at(loader->reterr, node->place,
                            "'stages' takes a list such as [{rate: 1000/s, for: 30s}, {rate: "
                            "20k/s, for: 1m, ramp: linear}]");
    producer->stages = memory_new(node->count, sizeof(*producer->stages));
    for (size_t i = 0; i < node->count; i++)
        if (read_stage(loader, node->items[i], producer) != 0)
            return -1;
    return 0;
}

int stages_settle(struct loader *loader, const struct node *mapping,
                  struct scenario_producer *producer)
{
    static const char *const INSTEAD[] = {"rate", "for", "count"};
    double messages = 0.0;

    if (producer->stage_count == 0)
        return 0;
    for (size_t i = 0; i < sizeof(INSTEAD) / sizeof(INSTEAD[0]); i++)
        if (node_get(mapping, INSTEAD[i]))
            return error_set_at(loader->reterr, node_place(mapping, INSTEAD[i]),
                                "'stages' and '%s' exclude each other: the stages say it all",
                                INSTEAD[i]);
    for (size_t i = 0; i < producer->stage_count; i++) {
        const struct scenario_stage *stage = &producer->stages[i];

        messages += (stage->begin_rate + stage->end_rate) / 2.0 * (double)stage->for_ns / 1e9;
        producer->for_ns += stage->for_ns;
    }
    producer->rate = messages * 1e9 / (double)producer->for_ns;
    if (producer->rate > 0)
        return 0;
    return error_set_at(loader->reterr, node_place(mapping, "stages"),
                        "these stages send nothing: give one of them a rate");
}

/* --- Keys ------------------------------------------------------------------------------------ */

static const struct field KEYS_FIELDS[] = {
    {"count", field_count, offsetof(struct scenario_producer, keys), true},
    {"pick", field_choice, offsetof(struct scenario_producer, keys_pick), false},
};

static const struct form KEYS_FORM = {&KEYS_SCHEMA, "a mapping of keys", KEYS_FIELDS, 2};

int stages_read_keys(struct loader *loader, const struct schema *schema,
                     const struct schema_option *option, const struct node *node, void *target)
{
    const struct schema_option number = {
        .key = option->key, .type = SCHEMA_INTEGER, .minimum = 0, .maximum = 1e9};
    struct scenario_producer *producer = target;

    if (node->kind == NODE_MAPPING)
        return fields_read(loader, &KEYS_FORM, node, producer);
    producer->keys_pick = SCENARIO_UNIFORM;
    return field_count(loader, schema, &number, node, &producer->keys);
}
