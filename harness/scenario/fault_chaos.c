/* fault_chaos.c: `chaos`: a menu of faults, a budget, and how busy it shall be. */
#include <stdlib.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "scenario/fault_read.h"
#include "scenario/payload.h"
#include "scenario/tables.h"

#define DAY_NS (24 * 3600e9)

static const struct schema_option OPTIONS[] = {
    {"seed", SCHEMA_INTEGER, NULL, 0, 9e15, NULL, "of the draw; the run's unless given"},
    {"budget", SCHEMA_INTEGER, NULL, 1, 10000, "10", "how many faults in all"},
    {"from", SCHEMA_DURATION, NULL, 0, DAY_NS, "0", "quiet until then"},
    {"every", SCHEMA_DURATION, NULL, 1e6, DAY_NS, "500ms", "the mean time from one to the next"},
    {"on", SCHEMA_TEXT, NULL, 0, 0, "50ms-300ms", "how long one lasts: 100ms, or 50ms-300ms"},
    {"off", SCHEMA_DURATION, NULL, 0, DAY_NS, "100ms", "the least quiet time behind each"},
    {"swarm", SCHEMA_BOOLEAN, NULL, 0, 0, "true",
     "each seed takes a part of the menu only, with weights of its own"},
    {"expected", SCHEMA_BOOLEAN, NULL, 0, 0, "true",
     "the first of them must happen, or the run proves nothing"},
    {"menu", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list of {link: billing, cut: rst, weight: 2}"},
};

static const struct schema SCHEMA = {"chaos", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

const struct schema *scenario_schema_chaos(void)
{
    return &SCHEMA;
}

static const struct schema_option ITEM_OPTIONS[] = {
    {"weight", SCHEMA_NUMBER, NULL, 0.001, 1e6, "1", "how often, beside the others"},
};
static const struct schema ITEM_SCHEMA = {"menu", ITEM_OPTIONS, 1};
static const struct field ITEM_FIELDS[] = {
    {"weight", field_real, offsetof(struct scenario_chaos_item, weight), false},
};
static const struct form ITEM_FORM = {&ITEM_SCHEMA, "an entry of a menu", ITEM_FIELDS, 1};

static int read_range(struct loader *loader, const struct schema *schema,
                      const struct schema_option *option, const struct node *node, void *target)
{
    const char *text = fields_text(loader, option->key, node);
    struct scenario_chaos *chaos = target;
    char *low = NULL, *high = NULL;
    int result = -1;

    (void)schema;
    if (!text)
        return -1;
    if (!payload_split_range(text, &low, &high)) {
        low = memory_string(text);
        high = memory_string(text);
    }
    if (duration_parse(low, &chaos->on_ns, loader->reterr) != 0 ||
        duration_parse(high, &chaos->on_max_ns, loader->reterr) != 0) {
        if (loader->reterr)
            loader->reterr->place = node->place;
    } else if (chaos->on_max_ns < chaos->on_ns || chaos->on_ns < 1000000u) {
        (void)error_set_at(loader->reterr, node->place,
                           "the range '%.60s' must rise, from 1ms at least: say such as 50ms-300ms",
                           text);
    } else {
        result = 0;
    }
    free(low);
    free(high);
    return result;
}

static int read_item(struct loader *loader, const struct node *node,
                     struct scenario_chaos_item *item)
{
    static const char *const ours[] = {"weight"};
    const struct scenario_fault_word *word = NULL;

    if (node->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, node->place,
                            "an entry of a menu is a mapping, such as {link: billing, cut: rst}");
    if (fields_read(loader, &ITEM_FORM, fault_only(loader, node, ours, 1), item) != 0 ||
        fault_read_do(loader, fault_without(loader, node, ours, 1), NULL, &item->action, &word) !=
            0)
        return -1;
    if (word->needs_event)
        return error_set_at(loader->reterr, node->place,
                            "'%s' is done to one exchange, and a chaos goes by the clock: give it "
                            "an entry of its own in 'faults'",
                            word->word);
    item->lasts = word->lasts;
    return 0;
}

static int read_menu(struct loader *loader, const struct schema *schema,
                     const struct schema_option *option, const struct node *node, void *target)
{
    struct scenario_chaos *chaos = target;

    (void)schema;
    (void)option;
    if (node->kind != NODE_SEQUENCE || node->count == 0)
        return error_set_at(loader->reterr, node->place,
                            "'menu' takes a list, such as [{link: billing, cut: rst, weight: 2}]");
    chaos->items = memory_new(node->count, sizeof(*chaos->items));
    for (size_t i = 0; i < node->count; i++)
        if (read_item(loader, node->items[i], &chaos->items[chaos->item_count++]) != 0)
            return -1;
    return 0;
}

#define AT(member) offsetof(struct scenario_chaos, member)

static const struct field FIELDS[] = {
    {"seed", field_count, AT(seed), false},
    {"budget", field_count, AT(budget), false},
    {"from", field_count, AT(from_ns), false},
    {"every", field_count, AT(every_ns), false},
    {"on", read_range, 0, false},
    {"off", field_count, AT(off_ns), false},
    {"swarm", field_boolean, AT(has_swarm), false},
    {"expected", field_boolean, AT(is_expected), false},
    {"menu", read_menu, 0, true},
};

static const struct form FORM = {&SCHEMA, "a chaos", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

int fault_read_chaos(struct loader *loader, const struct node *node)
{
    struct scenario *scenario = loader->scenario;
    struct scenario_chaos *chaos;

    scenario->chaoses =
        memory_grow(scenario->chaoses, scenario->chaos_count + 1, sizeof(*scenario->chaoses));
    chaos = &scenario->chaoses[scenario->chaos_count++];
    *chaos = (struct scenario_chaos){.place = node->place};
    if (fields_read(loader, &FORM, node, chaos) != 0)
        return -1;
    chaos->has_seed = node_get(node, "seed") != NULL;
    return 0;
}
