/* omb.c: reads a workload by a table, and writes the scenario that it means. */
#include "scenario/omb.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/identity.h"
#include "base/memory.h"
#include "base/text.h"
#include "scenario/fields.h"
#include "scenario/file.h"
#include "scenario/load.h"

#define FILE_SIZE_MAX   (1u << 20)
#define KEYS_OF_OMB     10000u /* KeyDistributor.java: as many as it prepares */
#define PROBE           "10s"
#define GB              1e9
#define MINUTES_DEFAULT "1"

static const struct schema_option OPTIONS[] = {
    {"name", SCHEMA_TEXT, NULL, 0, 0, NULL, "of the workload"},
    {"topics", SCHEMA_INTEGER, NULL, 1, 1e5, NULL, "how many streams"},
    {"partitionsPerTopic", SCHEMA_INTEGER, NULL, 1, 1e6, "1", "partitions of each"},
    {"keyDistributor", SCHEMA_CHOICE, "NO_KEY|KEY_ROUND_ROBIN|RANDOM_NANO", 0, 0, "NO_KEY",
     "the keys of messages"},
    {"messageSize", SCHEMA_INTEGER, NULL, 1, 64e6, NULL, "bytes"},
    {"useRandomizedPayloads", SCHEMA_BOOLEAN, NULL, 0, 0, "false", "instead of 'payloadFile'"},
    {"randomBytesRatio", SCHEMA_NUMBER, NULL, 0, 1, "0", "of them"},
    {"randomizedPayloadPoolSize", SCHEMA_INTEGER, NULL, 0, 1e9, "0", "of them"},
    {"payloadFile", SCHEMA_TEXT, NULL, 0, 0, NULL, "what messages carry"},
    {"subscriptionsPerTopic", SCHEMA_INTEGER, NULL, 0, 1e4, "1", "consumer groups"},
    {"producersPerTopic", SCHEMA_INTEGER, NULL, 1, 1e4, "1", "senders"},
    {"consumerPerSubscription", SCHEMA_INTEGER, NULL, 1, 1e4, "1", "readers in each group"},
    {"producerRate", SCHEMA_NUMBER, NULL, 0, 1e9, NULL,
     "messages per second of all topics; 0: as many as the broker takes"},
    {"producerStartRate", SCHEMA_NUMBER, NULL, 0, 1e9, "0", "where a growing rate starts"},
    {"producerIncrementRate", SCHEMA_NUMBER, NULL, 0, 1e9, "0", "by how much it grows"},
    {"producerIncrementSeconds", SCHEMA_INTEGER, NULL, 1, 1e6, "60", "how often it grows"},
    {"acceptableBacklog", SCHEMA_INTEGER, NULL, 0, 1e12, "0", "while the rate is searched for"},
    {"messageRateReceivedForSubscription", SCHEMA_NUMBER, NULL, 0, 100, "100", "of filters"},
    {"consumerBacklogSizeGB", SCHEMA_NUMBER, NULL, 0, 1e6, "0", "built before anybody reads"},
    {"producerPauseBeforeDrain", SCHEMA_INTEGER, NULL, 0, 1e9, "0", "seconds"},
    {"producerPauseDuringDrain", SCHEMA_INTEGER, NULL, 0, 1e9, "0", "seconds"},
    {"backlogDrainRatio", SCHEMA_NUMBER, NULL, 0, 1, "1", "when a backlog counts as drained"},
    {"testDurationMinutes", SCHEMA_INTEGER, NULL, 1, 1e6, NULL, "without the warm-up"},
    {"warmupDurationMinutes", SCHEMA_INTEGER, NULL, 0, 1e6, MINUTES_DEFAULT, "left out"},
};

static const struct schema SCHEMA = {"workload", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

struct workload {
    char *name, *payload_file;
    uint64_t topics, partitions, message_size, pool, groups, producers, consumers;
    uint64_t increment_s, acceptable_backlog, pause_before_s, pause_during_s, minutes, warm_minutes;
    double rate, start_rate, increment, received, backlog_gb, drain_ratio, random_ratio;
    unsigned keys; /* index of the choice */
    bool is_random;
};

#define AT(member) offsetof(struct workload, member)

static const struct field FIELDS[] = {
    {"name", field_text, AT(name), false},
    {"topics", field_count, AT(topics), true},
    {"partitionsPerTopic", field_count, AT(partitions), false},
    {"keyDistributor", field_choice, AT(keys), false},
    {"messageSize", field_count, AT(message_size), true},
    {"useRandomizedPayloads", field_boolean, AT(is_random), false},
    {"randomBytesRatio", field_real, AT(random_ratio), false},
    {"randomizedPayloadPoolSize", field_count, AT(pool), false},
    {"payloadFile", field_text, AT(payload_file), false},
    {"subscriptionsPerTopic", field_count, AT(groups), false},
    {"producersPerTopic", field_count, AT(producers), false},
    {"consumerPerSubscription", field_count, AT(consumers), false},
    {"producerRate", field_real, AT(rate), true},
    {"producerStartRate", field_real, AT(start_rate), false},
    {"producerIncrementRate", field_real, AT(increment), false},
    {"producerIncrementSeconds", field_count, AT(increment_s), false},
    {"acceptableBacklog", field_count, AT(acceptable_backlog), false},
    {"messageRateReceivedForSubscription", field_real, AT(received), false},
    {"consumerBacklogSizeGB", field_real, AT(backlog_gb), false},
    {"producerPauseBeforeDrain", field_count, AT(pause_before_s), false},
    {"producerPauseDuringDrain", field_count, AT(pause_during_s), false},
    {"backlogDrainRatio", field_real, AT(drain_ratio), false},
    {"testDurationMinutes", field_count, AT(minutes), true},
    {"warmupDurationMinutes", field_count, AT(warm_minutes), false},
};

static const struct form FORM = {&SCHEMA, "a workload", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

/* --- What is not honoured -------------------------------------------------------------------- */

static void leave_out(struct text *text, bool is_asked, const char *what)
{
    if (is_asked)
        text_appendf(text, "%s%s", text->size > 0 ? "; " : " Not honoured: ", what);
}

static void list_left_out(const struct workload *workload, struct text *text)
{
    leave_out(text, workload->partitions > 1,
              "partitionsPerTopic (a topic is one stream: brokers here have no partitions of "
              "their own)");
    leave_out(text, workload->payload_file != NULL && !workload->is_random,
              "payloadFile (messages carry letters of messageSize, and their own identity)");
    leave_out(text, workload->is_random,
              "useRandomizedPayloads, randomBytesRatio and randomizedPayloadPoolSize");
    leave_out(text, workload->message_size < IDENTITY_SIZE_MIN,
              "messageSize (raised: a message must hold its own identity)");
    leave_out(text, workload->keys == 2, "keyDistributor RANDOM_NANO (keys are drawn evenly)");
    leave_out(text, workload->received < 100.0, "messageRateReceivedForSubscription (no filters)");
    leave_out(text, workload->acceptable_backlog > 0,
              "acceptableBacklog (the backlog must be stable)");
    leave_out(text, workload->pause_before_s > 0, "producerPauseBeforeDrain");
    leave_out(text, workload->pause_during_s > 0, "producerPauseDuringDrain");
    leave_out(text, workload->drain_ratio < 1.0, "backlogDrainRatio (all is drained)");
    leave_out(text, workload->rate <= 0.0 && workload->topics > 1,
              "producerRate 0 on several topics (one producer sends to all topics in turn)");
}

/* --- The scenario ---------------------------------------------------------------------------- */

/* A rate that grows step by step; how long it lasts follows from the steps. */
static void write_steps(const struct workload *workload, double share, struct text *text)
{
    double start = workload->start_rate > 0.0 ? workload->start_rate : workload->increment;

    text_append_string(text, ", stages: [");
    for (unsigned i = 0; start + i * workload->increment < workload->rate; i++)
        text_appendf(text, "{rate: %.3f/s, for: %llus}, ",
                     (start + i * workload->increment) * share,
                     (unsigned long long)workload->increment_s);
    text_appendf(text, "{rate: %.3f/s, for: %llum}]", workload->rate * share,
                 (unsigned long long)workload->minutes);
}

static void write_rate(const struct workload *workload, double share, struct text *text)
{
    unsigned long long minutes = workload->minutes + workload->warm_minutes;

    if (workload->rate <= 0.0)
        text_append_string(text, ", rate: max, for: " PROBE ", while: backlog is stable");
    else if (workload->increment > 0.0)
        write_steps(workload, share, text);
    else
        text_appendf(text, ", rate: %.3f/s, for: %llum", workload->rate * share, minutes);
}

static void write_producer(const struct workload *workload, const char *name, const char *streams,
                           double share, struct text *text)
{
    uint64_t size =
        workload->message_size < IDENTITY_SIZE_MIN ? IDENTITY_SIZE_MIN : workload->message_size;

    text_appendf(text, "  - {name: %s, %s, members: %llu, payload: %llu", name, streams,
                 (unsigned long long)workload->producers, (unsigned long long)size);
    if (workload->keys > 0)
        text_appendf(text, ", keys: {count: %u, pick: %s}", KEYS_OF_OMB,
                     workload->keys == 1 ? "round_robin" : "uniform");
    write_rate(workload, share, text);
    text_append_string(text, "}\n");
}

static void write_producers(const struct workload *workload, struct text *text)
{
    struct text streams = {0};
    char name[48], stream[48];

    text_append_string(text, "producers:\n");
    for (uint64_t i = 0; workload->rate > 0.0 && i < workload->topics; i++) {
        (void)snprintf(name, sizeof(name), "producer-%llu", (unsigned long long)i + 1);
        (void)snprintf(stream, sizeof(stream), "stream: topic-%llu", (unsigned long long)i + 1);
        write_producer(workload, name, stream, 1.0 / (double)workload->topics, text);
    }
    if (workload->rate > 0.0)
        return;
    for (uint64_t i = 0; i < workload->topics; i++)
        text_appendf(&streams, "%stopic-%llu", i > 0 ? ", " : "streams: [",
                     (unsigned long long)i + 1);
    text_append_string(&streams, "]");
    write_producer(workload, "producer", text_string(&streams), 1.0, text);
    text_release(&streams);
}

static void write_consumer(const struct workload *workload, uint64_t topic, uint64_t group,
                           struct text *text)
{
    double backlog = workload->backlog_gb * GB / (double)workload->message_size;

    text_appendf(text,
                 "  - {name: consumer-%llu-%llu, group: subscription-%llu, stream: topic-%llu, "
                 "members: %llu",
                 (unsigned long long)topic, (unsigned long long)group, (unsigned long long)group,
                 (unsigned long long)topic, (unsigned long long)workload->consumers);
    if (backlog >= 1.0)
        text_appendf(text, ", start: {after: %.0f}", backlog);
    text_append_string(text, "}\n");
}

static void write_scenario(const struct workload *workload, const char *path, struct text *text)
{
    struct text left_out = {0};
    char *says;

    list_left_out(workload, &left_out);
    text_append_string(text, "name: ");
    text_append_json(text, workload->name ? workload->name : path,
                     strlen(workload->name ? workload->name : path));
    text_append_string(text, "\ndescription: ");
    text_append_string(&left_out, left_out.size > 0 ? "." : "");
    says = memory_format("A workload of the OpenMessaging Benchmark.%s", text_string(&left_out));
    text_append_json(text, says, strlen(says));
    free(says);
    text_appendf(text, "\nbroker: inline\nwarm_up: %llum\n",
                 (unsigned long long)(workload->rate > 0.0 ? workload->warm_minutes : 0));
    write_producers(workload, text);
    if (workload->groups > 0)
        text_append_string(text, "consumers:\n");
    for (uint64_t t = 1; t <= workload->topics; t++)
        for (uint64_t g = 1; g <= workload->groups; g++)
            write_consumer(workload, t, g, text);
    text_appendf(text, "expect: [%s]\n",
                 workload->groups > 0 ? "no lost" : "publish_rate > 0.001/s");
    text_release(&left_out);
}

/* --- Reading --------------------------------------------------------------------------------- */

static int read_workload(struct loader *loader, struct workload *workload)
{
    if (loader->top->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, loader->top->place,
                            "a workload is a mapping of keys to values, not %s",
                            node_describe(loader->top));
    return fields_read(loader, &FORM, loader->top, workload);
}

int scenario_load_omb(const char *path, const struct scenario_overrides *overrides,
                      const struct scenario_rules *rules, struct scenario **ret_scenario,
                      struct error *reterr)
{
    struct loader loader = {.reterr = reterr};
    struct workload workload = {0};
    struct text text = {0};
    char *content = NULL;
    size_t size = 0;
    int result = file_read(path, FILE_SIZE_MAX, &content, &size, reterr);

    if (result == 0)
        result = document_parse(&loader.document, path, content, size, &loader.top, reterr);
    if (result == 0)
        result = read_workload(&loader, &workload);
    document_release(&loader.document);
    if (result == 0) {
        write_scenario(&workload, path, &text);
        result = scenario_load_text(
            &(struct scenario_text){.path = path, .text = text_string(&text), .size = text.size},
            overrides, rules, ret_scenario, reterr);
    }
    free(content);
    free(workload.name);
    free(workload.payload_file);
    text_release(&text);
    return result;
}
