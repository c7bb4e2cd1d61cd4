/* producer.c: `producers`: who sends what, and how fast. */
#include <stdlib.h>
#include <string.h>

#include "base/identity.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "scenario/actor.h"
#include "scenario/payload.h"
#include "scenario/stages.h"
#include "scenario/tables.h"

#define BURST_DEFAULT "100"
#define HOUR_NS       3600e9
#define LONGEST_NS    (24 * 365 * HOUR_NS)

static const struct schema_option OPTIONS[] = {
    {"name", SCHEMA_TEXT, NULL, 0, 0, NULL, "of the actor; members are NAME-1, NAME-2, ..."},
    {"broker", SCHEMA_TEXT, NULL, 0, 0, "default", "one of 'brokers'"},
    {"stream", SCHEMA_TEXT, NULL, 0, 0, NULL, "where it sends"},
    {"streams", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list, served in turn, instead of 'stream'"},
    {"members", SCHEMA_INTEGER, NULL, 1, 10000, "1", "how many there are of it"},
    {"count", SCHEMA_INTEGER, NULL, 1, 1e12, NULL, "messages to send, shared by its members"},
    {"for", SCHEMA_DURATION, NULL, 1e6, LONGEST_NS, NULL, "how long to send, instead of 'count'"},
    {"rate", SCHEMA_TEXT, NULL, 0, 0, "unlimited",
     "messages of all members together, such as 5000/s; unlimited: as fast as answers come; max: "
     "the highest rate that holds 'while' is searched for"},
    {"while", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "the goal of 'rate: max', such as 'deliver.p99 < 20ms and backlog is stable'"},
    {"stages", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "a list of {rate: ..., for: ...}, one after another, instead of 'rate' and 'for'"},
    {"arrival", SCHEMA_TEXT, NULL, 0, 0, "constant",
     "constant, poisson, burst or {burst: N}; the last three need a rate"},
    {"pick", SCHEMA_CHOICE, "round_robin|uniform|zipf", 0, 0, "round_robin",
     "how each call picks one of several streams"},
    {"payload", SCHEMA_TEXT, NULL, 0, 0, "200",
     "a size, {size: ...}, {file: x.json}, or a list of {size: ..., weight: ...}"},
    {"keys", SCHEMA_TEXT, NULL, 0, 0, "0",
     "distinct keys in the messages, or {count: 1000, pick: zipf}; 0: none"},
    {"in_flight", SCHEMA_INTEGER, NULL, 1, 1e6, "64",
     "messages sent and not yet answered, per member"},
    {"batch", SCHEMA_INTEGER, NULL, 1, 1e5, NULL,
     "messages per call, at most; unless given, the producer chooses"},
    {"timeout", SCHEMA_DURATION, NULL, 1e6, HOUR_NS, "5s", "per call"},
};

static const struct schema_option ARRIVAL_OPTIONS[] = {
    {"burst", SCHEMA_INTEGER, NULL, 1, 1e6, BURST_DEFAULT, "messages per burst"},
};

static const struct schema SCHEMA = {"producer", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};
static const struct schema ARRIVAL_SCHEMA = {"arrival", ARRIVAL_OPTIONS, 1};

const struct schema *scenario_schema_producer(void)
{
    return &SCHEMA;
}

const struct schema *scenario_schema_arrival(void)
{
    return &ARRIVAL_SCHEMA;
}

static int read_rate(struct loader *loader, const struct schema *schema,
                     const struct schema_option *option, const struct node *node, void *target)
{
    const char *text = fields_text(loader, option->key, node);
    struct scenario_producer *producer = target;
    double rate = 0;

    (void)schema;
    if (!text)
        return -1;
    producer->is_searched = strcmp(text, "max") == 0;
    if (producer->is_searched) {
        rate = 1; /* until one is tried */
    } else if (strcmp(text, "unlimited") != 0) {
        if (text[0] >= 'a')
            return error_set_at(loader->reterr, node->place,
                                "'%.60s' is no rate: say such as 5000/s, unlimited or max", text);
        if (rate_parse(text, &rate, loader->reterr) != 0) {
            if (loader->reterr)
                loader->reterr->place = node->place;
            return error_prefix(loader->reterr, "producer: rate: ");
        }
        if (rate <= 0)
            return error_set_at(loader->reterr, node->place,
                                "a rate of '%s' would send nothing: say such as 5000/s, or "
                                "unlimited",
                                text);
    }
    producer->rate = rate;
    return 0;
}

static const struct field ARRIVAL_FIELDS[] = {
    {"burst", field_count, offsetof(struct scenario_producer, burst), true},
};

static const struct form ARRIVAL_FORM = {&ARRIVAL_SCHEMA, "an arrival", ARRIVAL_FIELDS, 1};

static int read_arrival(struct loader *loader, const struct schema *schema,
                        const struct schema_option *option, const struct node *node, void *target)
{
    const struct schema_option words = {
        .key = option->key, .type = SCHEMA_CHOICE, .choices = "constant|poisson|burst"};
    struct scenario_producer *producer = target;
    const struct node *burst;

    if (node->kind == NODE_MAPPING) {
        producer->arrival = SCENARIO_BURST;
        return fields_read(loader, &ARRIVAL_FORM, node, producer);
    }
    burst = node_scalar(&loader->document, BURST_DEFAULT, node->place);
    if (field_count(loader, schema, &ARRIVAL_OPTIONS[0], burst, &producer->burst) != 0)
        return -1;
    return field_choice(loader, schema, &words, node, &producer->arrival);
}

#define AT(member) offsetof(struct scenario_producer, member)

static const struct field FIELDS[] = {
    {"name", field_text, AT(name), true},
    {"broker", NULL, 0, false},
    {"stream", NULL, 0, false},
    {"streams", NULL, 0, false},
    {"members", field_count, AT(members), false},
    {"count", field_count, AT(count), false},
    {"for", field_count, AT(for_ns), false},
    {"rate", read_rate, 0, false},
    {"while", NULL, 0, false},
    {"stages", stages_read, 0, false},
    {"arrival", read_arrival, 0, false},
    {"pick", field_choice, AT(pick), false},
    {"payload", payload_read, 0, false},
    {"keys", stages_read_keys, 0, false},
    {"in_flight", field_count, AT(in_flight), false},
    {"batch", field_count, AT(batch), false},
    {"timeout", field_count, AT(timeout_ns), false},
};

static const struct form FORM = {&SCHEMA, "a producer", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

static int check_end(struct loader *loader, const struct node *mapping,
                     const struct scenario_producer *producer)
{
    if (producer->count && producer->for_ns)
        return error_set_at(loader->reterr, node_place(mapping, "for"),
                            "'count' and 'for' exclude each other: keep one of them");
    if (!producer->count && !producer->for_ns)
        return error_set_at(loader->reterr, mapping->place,
                            "producer '%s' has no end: say 'count' (messages) or 'for' (a "
                            "duration)",
                            producer->name);
    return 0;
}

static int check_combinations(struct loader *loader, const struct node *mapping,
                              const struct scenario_producer *producer)
{
    static const char *const ARRIVALS[] = {"constant", "poisson", "burst"};

    if (producer->rate <= 0 && producer->arrival != SCENARIO_CONSTANT)
        return error_set_at(loader->reterr, node_place(mapping, "arrival"),
                            "arrival '%s' needs a rate, and this one is unlimited: add 'rate: "
                            "5000/s', say",
                            ARRIVALS[producer->arrival]);
    if (producer->payload_body && producer->keys)
        return error_set_at(loader->reterr, node_place(mapping, "keys"),
                            "'keys' and a payload from a file exclude each other: the file says "
                            "all that the messages carry");
    if (producer->batch > producer->in_flight)
        return error_set_at(loader->reterr, node_place(mapping, "batch"),
                            "a batch of %llu is more than 'in_flight' allows (%llu): lower the one "
                            "or raise the other",
                            (unsigned long long)producer->batch,
                            (unsigned long long)producer->in_flight);
    return 0;
}

/* Each member counts its messages to each stream on a track of its own. */
static int check_tracks(struct loader *loader, const struct node *mapping)
{
    const struct scenario *scenario = loader->scenario;
    uint64_t tracks = 0;

    for (size_t i = 0; i < scenario->producer_count; i++)
        tracks += scenario->producers[i].members * scenario->producers[i].stream_count;
    if (tracks <= IDENTITY_TRACK_MAX)
        return 0;
    return error_set_at(loader->reterr, mapping->place,
                        "%llu producer members times streams are too many: %u is the most",
                        (unsigned long long)tracks, IDENTITY_TRACK_MAX);
}

static int read_producer(struct loader *loader, const struct node *mapping)
{
    struct scenario *scenario = loader->scenario;
    struct scenario_producer *producer = &scenario->producers[scenario->producer_count++];

    producer->place = mapping->place;
    if (fields_read(loader, &FORM, mapping, producer) != 0 ||
        stages_settle(loader, mapping, producer) != 0 ||
        actor_check_name(loader, FORM.article, producer->name, mapping) != 0 ||
        actor_read_streams(loader, mapping, FORM.article, &producer->streams,
                           &producer->stream_count) != 0)
        return -1;
    if (check_end(loader, mapping, producer) != 0 ||
        check_combinations(loader, mapping, producer) != 0)
        return -1;
    return check_tracks(loader, mapping);
}

int producers_read(struct loader *loader)
{
    const struct node *list = NULL;

    if (actor_list(loader, "producers", &list) != 0)
        return -1;
    if (!list)
        return 0;
    loader->scenario->producers = memory_new(list->count, sizeof(*loader->scenario->producers));
    for (size_t i = 0; i < list->count; i++)
        if (read_producer(loader, list->items[i]) != 0)
            return -1;
    return 0;
}
