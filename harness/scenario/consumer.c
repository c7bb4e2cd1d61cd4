/* consumer.c: `consumers`: who reads what, and how they treat it. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/actor.h"
#include "scenario/names.h"
#include "scenario/tables.h"
#include "scenario/work.h"

#define HOUR_NS 3600e9

static const struct schema_option OPTIONS[] = {
    {"name", SCHEMA_TEXT, NULL, 0, 0, NULL, "of the actor; members are NAME-1, NAME-2, ..."},
    {"broker", SCHEMA_TEXT, NULL, 0, 0, "default", "one of 'brokers'"},
    {"stream", SCHEMA_TEXT, NULL, 0, 0, NULL, "what it reads"},
    {"streams", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list, instead of 'stream'"},
    {"group", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "the consumer group, its name unless given; several consumers may share one when they agree "
     "on 'ack' and 'max_retries'"},
    {"members", SCHEMA_INTEGER, NULL, 1, 10000, "1", "how many there are of it"},
    {"batch", SCHEMA_INTEGER, NULL, 1, 1e5, "100", "messages per read, at most"},
    {"prefetch", SCHEMA_INTEGER, NULL, 1, 1e6, NULL,
     "messages in hand before reading waits for settling; two batches unless given"},
    {"ack", SCHEMA_CHOICE, "batch|each|none", 0, 0, "batch",
     "acknowledge batch by batch, one by one, or never"},
    {"work", SCHEMA_TEXT, NULL, 0, 0, "0", "time per message: 1ms, or {uniform: 1ms-5ms}, ..."},
    {"nack", SCHEMA_PERCENT, NULL, 0, 0, "0%", "share of deliveries that are rejected"},
    {"max_retries", SCHEMA_INTEGER, NULL, 0, 1000, "3",
     "rejections of a message before the consumer dead-letters it, where the broker does not"},
    {"start", SCHEMA_TEXT, NULL, 0, 0, "together",
     "together, ordered, {ordered: 20ms} or {after: N}"},
    {"timeout", SCHEMA_DURATION, NULL, 1e6, HOUR_NS, "5s", "per call"},
};

static const struct schema SCHEMA = {"consumer", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

const struct schema *scenario_schema_consumer(void)
{
    return &SCHEMA;
}

#define AT(member) offsetof(struct scenario_consumer, member)

static const struct field FIELDS[] = {
    {"name", field_text, AT(name), true},
    {"broker", NULL, 0, false},
    {"stream", NULL, 0, false},
    {"streams", NULL, 0, false},
    {"group", field_text, AT(group), false},
    {"members", field_count, AT(members), false},
    {"batch", field_count, AT(batch), false},
    {"prefetch", field_count, AT(prefetch), false},
    {"ack", field_choice, AT(ack), false},
    {"work", work_read, 0, false},
    {"nack", field_real, AT(nack), false},
    {"max_retries", field_count, AT(max_retries), false},
    {"start", work_read_start, 0, false},
    {"timeout", field_count, AT(timeout_ns), false},
};

static const struct form FORM = {&SCHEMA, "a consumer", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

static int check_combinations(struct loader *loader, const struct node *mapping,
                              const struct scenario_consumer *consumer)
{
    if (consumer->nack > 0 && consumer->ack == SCENARIO_ACK_NONE)
        return error_set_at(loader->reterr, node_place(mapping, "nack"),
                            "'nack' and 'ack: none' exclude each other: who settles nothing "
                            "rejects nothing");
    if (consumer->prefetch && consumer->prefetch < consumer->batch)
        return error_set_at(loader->reterr, node_place(mapping, "prefetch"),
                            "a prefetch of %llu is less than one batch (%llu): raise the one or "
                            "lower 'batch'",
                            (unsigned long long)consumer->prefetch,
                            (unsigned long long)consumer->batch);
    return 0;
}

static bool share_a_stream(const struct scenario_consumer *one,
                           const struct scenario_consumer *other)
{
    for (size_t i = 0; i < one->stream_count; i++)
        for (size_t j = 0; j < other->stream_count; j++)
            if (one->streams[i] == other->streams[j])
                return true;
    return false;
}

/* A group may have consumers of different speed, batch or work.  But whether a message of the group
   is settled, and when it is given up, is judged per group: there they must agree. */
static int check_group(struct loader *loader, const struct node *mapping,
                       const struct scenario_consumer *consumer)
{
    for (const struct scenario_consumer *other = loader->scenario->consumers; other < consumer;
         other++) {
        bool is_ack = other->ack != consumer->ack;

        if (strcmp(other->group, consumer->group) != 0 || !share_a_stream(other, consumer))
            continue;
        if (is_ack || other->max_retries != consumer->max_retries)
            return error_set_at(loader->reterr, node_place(mapping, is_ack ? "ack" : "max_retries"),
                                "consumers '%s' and '%s' share the group '%s', so they must agree "
                                "on '%s'",
                                other->name, consumer->name, consumer->group,
                                is_ack ? "ack" : "max_retries");
    }
    return 0;
}

static int read_consumer(struct loader *loader, const struct node *mapping)
{
    struct scenario *scenario = loader->scenario;
    struct scenario_consumer *consumer = &scenario->consumers[scenario->consumer_count++];

    consumer->place = mapping->place;
    if (fields_read(loader, &FORM, mapping, consumer) != 0 ||
        actor_check_name(loader, FORM.article, consumer->name, mapping) != 0)
        return -1;
    if (!consumer->group)
        consumer->group = memory_string(consumer->name);
    if (names_check_free(loader, "a group", consumer->group, node_place(mapping, "group")) != 0 ||
        actor_read_streams(loader, mapping, FORM.article, &consumer->streams,
                           &consumer->stream_count) != 0)
        return -1;
    if (check_combinations(loader, mapping, consumer) != 0)
        return -1;
    return check_group(loader, mapping, consumer);
}

int consumers_read(struct loader *loader)
{
    const struct node *list = NULL;

    if (actor_list(loader, "consumers", &list) != 0)
        return -1;
    if (!list)
        return 0;
    loader->scenario->consumers = memory_new(list->count, sizeof(*loader->scenario->consumers));
    for (size_t i = 0; i < list->count; i++)
        if (read_consumer(loader, list->items[i]) != 0)
            return -1;
    return 0;
}
