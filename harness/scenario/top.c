/* top.c: the keys of the document itself. */
#include "scenario/top.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "scenario/fields.h"
#include "scenario/search.h"
#include "scenario/tables.h"

#define DAY_NS (24 * 3600e9)

static const struct schema_option OPTIONS[] = {
    {"name", SCHEMA_TEXT, NULL, 0, 0, NULL, "of the scenario; the file's name unless given"},
    {"description", SCHEMA_TEXT, NULL, 0, 0, NULL, "what it is for"},
    {"broker", SCHEMA_TEXT, NULL, 0, 0, NULL, "an adapter's name, or {adapter: ..., uri: ...}"},
    {"brokers", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "several, by name; actors that name none use 'default'"},
    {"seed", SCHEMA_INTEGER, NULL, 0, 0, NULL, "of all luck; drawn by the run unless given"},
    {"streams", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "a list; when given, actors may use no other streams"},
    {"producers", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list"},
    {"consumers", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list"},
    {"faults", SCHEMA_TEXT, NULL, 0, 0, NULL, "a list: what is broken, and when"},
    {"sweep", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "{cut: [request, reply, mid_reply]}: again for every exchange, cut there"},
    {"expect", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "a list; what the broker promises is expected unless given"},
    {"known", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "{fails: [lost], because: ...}: a defect that is not mended yet"},
    {"names", SCHEMA_CHOICE, "private|exact", 0, 0, "private",
     "of streams on the broker: private to the run, or exactly as written"},
    {"keep", SCHEMA_BOOLEAN, NULL, 0, 0, "false", "leave what the run made on the broker"},
    {"time", SCHEMA_CHOICE, "real|virtual", 0, 0, "real", "which clock the run lives by"},
    {"workers", SCHEMA_INTEGER, NULL, 1, 256, NULL, "threads; chosen by the run unless given"},
    {"drain", SCHEMA_DURATION, NULL, 0, DAY_NS, "30s",
     "the longest wait for the drain; longer when 'drained within' says so"},
    {"failure", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "the record of a failed run, which gauntlet writes and 'gauntlet replay' reads"},
    {"limit", SCHEMA_DURATION, NULL, 1e6, 365 * DAY_NS, NULL, "the longest whole run"},
    {"retain", SCHEMA_INTEGER, NULL, 1, 1e12, NULL,
     "messages to keep of each stream: what every group has settled beyond them is trimmed while "
     "the run lasts; all unless given"},
    {"broker_memory", SCHEMA_SIZE, NULL, 1024, 1e15, NULL,
     "sending ends when the broker uses more; 80% of its own limit unless given, or 1GiB more than "
     "at the start where it has none"},
    {"warm_up", SCHEMA_DURATION, NULL, 0, DAY_NS, "0",
     "messages due so soon after the start are left out of latencies and rates"},
};

static const struct schema SCHEMA = {"scenario", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

static const struct schema_option BROKER_OPTIONS[] = {
    {"adapter", SCHEMA_TEXT, NULL, 0, 0, NULL, "a built-in name, ./file.so or exec:COMMAND"},
    {"uri", SCHEMA_TEXT, NULL, 0, 0, NULL, "where the broker is, such as redis://host:6379/0"},
    {"spawn", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "start a server of the run's own: redis-server, or {command: ..., ready: ...}"},
    {"proxy", SCHEMA_CHOICE, "none|inside|tcp", 0, 0, "none",
     "what links go through when no fault needs it: channels in this process, or proxies of real "
     "sockets; with tcp, faults use those too"},
    {"control", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "commands that drive a server which is not the run's: {start: ..., kill: ...}"},
};

static const struct schema BROKER_SCHEMA = {"broker", BROKER_OPTIONS,
                                            sizeof(BROKER_OPTIONS) / sizeof(BROKER_OPTIONS[0])};

const struct schema *scenario_schema_top(void)
{
    return &SCHEMA;
}

const struct schema *scenario_schema_broker(void)
{
    return &BROKER_SCHEMA;
}

/* All 64 bits: what a run draws must read back. */
static int read_seed(struct loader *loader, const struct schema *schema,
                     const struct schema_option *option, const struct node *node, void *target)
{
    const char *text = fields_text(loader, option->key, node);

    (void)schema;
    if (!text)
        return -1;
    errno = 0;
    *(uint64_t *)target = strtoull(text, NULL, 10);
    if (!*text || text[strspn(text, "0123456789")] || errno)
        return error_set_at(loader->reterr, node->place,
                            "'%.60s' is no seed: say a whole number from 0 to 2^64 - 1", text);
    return 0;
}

#define AT(member) offsetof(struct scenario, member)

static const struct field FIELDS[] = {
    {"name", field_text, AT(name), false},
    {"description", field_text, AT(description), false},
    {"broker", NULL, 0, false},
    {"brokers", NULL, 0, false},
    {"seed", read_seed, AT(seed), false},
    {"streams", NULL, 0, false},
    {"producers", NULL, 0, false},
    {"consumers", NULL, 0, false},
    {"faults", NULL, 0, false},
    {"sweep", NULL, 0, false},
    {"expect", NULL, 0, false},
    {"known", NULL, 0, false},
    {"names", field_choice, AT(names), false},
    {"keep", field_boolean, AT(keep), false},
    {"time", field_choice, AT(time), false},
    {"workers", field_count, AT(workers), false},
    {"drain", field_count, AT(drain_ns), false},
    {"failure", NULL, 0, false},
    {"limit", field_count, AT(limit_ns), false},
    {"retain", field_count, AT(retain), false},
    {"broker_memory", field_count, AT(broker_memory), false},
    {"warm_up", field_count, AT(warm_up_ns), false},
};

static const struct form FORM = {&SCHEMA, "a scenario", FIELDS, sizeof(FIELDS) / sizeof(FIELDS[0])};

static int check_limit(struct loader *loader)
{
    const struct scenario *scenario = loader->scenario;
    char limit[32], lasts[32];

    for (size_t i = 0; scenario->limit_ns && i < scenario->producer_count; i++) {
        const struct scenario_producer *producer = &scenario->producers[i];

        if (producer->for_ns > scenario->limit_ns)
            return error_set_at(loader->reterr, node_place(loader->top, "limit"),
                                "a limit of %s ends the run before producer '%s' is done (%s)",
                                duration_show(scenario->limit_ns, limit, sizeof(limit)),
                                producer->name,
                                duration_show(producer->for_ns, lasts, sizeof(lasts)));
    }
    return 0;
}

/* All that is sent would be left out. */
static int check_warm_up(struct loader *loader)
{
    const struct scenario *scenario = loader->scenario;
    char warm_up[32], lasts[32];

    for (size_t i = 0; scenario->warm_up_ns && i < scenario->producer_count; i++) {
        const struct scenario_producer *producer = &scenario->producers[i];

        if (producer->for_ns && producer->for_ns <= scenario->warm_up_ns)
            return error_set_at(loader->reterr, node_place(loader->top, "warm_up"),
                                "a warm-up of %s leaves nothing to measure of producer '%s', which "
                                "sends for %s",
                                duration_show(scenario->warm_up_ns, warm_up, sizeof(warm_up)),
                                producer->name,
                                duration_show(producer->for_ns, lasts, sizeof(lasts)));
    }
    return 0;
}

/* Streams that were listed and never used are on the default broker. */
static void settle_streams(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->stream_count; i++)
        if (scenario->streams[i].broker >= scenario->broker_count)
            scenario->streams[i].broker = 0;
}

int top_read(struct loader *loader)
{
    struct scenario *scenario = loader->scenario;

    if (fields_read(loader, &FORM, loader->top, scenario) != 0)
        return -1;
    scenario->has_seed = node_get(loader->top, "seed") != NULL;
    scenario->has_time = node_get(loader->top, "time") != NULL;
    loader->has_drain = node_get(loader->top, "drain") != NULL;
    if (brokers_read(loader) != 0 || streams_read(loader) != 0 || producers_read(loader) != 0 ||
        consumers_read(loader) != 0 || search_read(loader) != 0)
        return -1;
    if (scenario->producer_count == 0 && scenario->consumer_count == 0)
        return error_set_at(loader->reterr, loader->top->place,
                            "there is nothing to do: add 'producers', 'consumers' or both");
    settle_streams(scenario);
    if (faults_read(loader) != 0 || sweep_read(loader) != 0 || expectations_read(loader) != 0 ||
        known_read(loader) != 0)
        return -1;
    return check_limit(loader) == 0 ? check_warm_up(loader) : -1;
}
