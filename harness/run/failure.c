/* failure.c: how a failed run is written down. */
#include "run/failure.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/tree_edit.h"
#include "base/tree_write.h"

#define WITNESSES_MAX 10u
#define COMMENT_MAX   3u

/* --- The scenario ---------------------------------------------------------------------------- */

/* Faults by meaning, in place of what they were drawn from. */
static void put_faults(struct tree *document, const struct result *result)
{
    struct tree faults = tree_list_new();

    for (size_t i = 0; i < result->fault_count; i++) {
        struct tree fault;

        if (result->faults[i].text && scenario_tree(result->faults[i].text, &fault, NULL) == 0)
            (void)tree_add(&faults, fault);
    }
    if (faults.count == 0) {
        tree_release(&faults);
        return;
    }
    tree_drop_key(document, "timeline");
    tree_drop_key(document, "chaos");
    (void)tree_put(document, "faults", faults);
}

static void put_settings(struct tree *document, const struct scenario *scenario,
                         const struct result *result)
{
    tree_put_text(document, "name", scenario->name);
    (void)tree_put(document, "seed", tree_number_new(result->seed));
    tree_put_text(document, "time", result->is_virtual ? "virtual" : "real");
    if (scenario->workers > 0)
        (void)tree_put(document, "workers", tree_number_new(scenario->workers));
}

/* --- The record ------------------------------------------------------------------------------ */

static struct tree texts_of(char *const *texts, size_t count)
{
    struct tree list = tree_list_new();

    for (size_t i = 0; i < count; i++)
        (void)tree_add(&list, tree_text_new(texts[i]));
    return list;
}

static struct tree reasons_of(const struct result *result)
{
    struct tree list = tree_list_new();

    for (size_t i = 0; i < result->reason_count; i++)
        (void)tree_add(&list, tree_text_new(result->reasons[i].text));
    return list;
}

static bool ends_with(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);

    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

/* Whatever the broker calls its version, among the details of its health. */
static void put_version(struct tree *map, const struct result_broker *broker)
{
    json_t *health = broker->health ? json_loads(broker->health, 0, NULL) : NULL;
    json_t *details = json_object_get(health, "details");

    for (void *at = json_object_iter(details); at; at = json_object_iter_next(details, at))
        if (ends_with(json_object_iter_key(at), "version"))
            tree_put_text(map, "version", json_string_value(json_object_iter_value(at)));
    json_decref(health);
}

static bool is_spawned(const struct scenario *scenario, size_t index)
{
    return index < scenario->broker_count && scenario->brokers[index].spawn.command;
}

struct tree failure_brokers(const struct scenario *scenario, const struct result *result)
{
    struct tree list = tree_list_new();

    for (size_t i = 0; i < result->broker_count; i++) {
        struct tree broker = tree_map_new();

        tree_put_text(&broker, "name", result->brokers[i].name);
        tree_put_text(&broker, "adapter", result->brokers[i].adapter);
        if (!is_spawned(scenario, i))
            tree_put_text(&broker, "uri", result->brokers[i].uri);
        put_version(&broker, &result->brokers[i]);
        (void)tree_add(&list, broker);
    }
    return list;
}

static struct tree machine_of(const struct result *result)
{
    struct tree machine = tree_map_new();

    tree_put_text(&machine, "host", result->environment.host);
    tree_put_text(&machine, "kernel", result->environment.kernel);
    (void)tree_put(&machine, "cores", tree_number_new(result->environment.cores));
    (void)tree_put(&machine, "workers", tree_number_new(result->environment.workers));
    return machine;
}

/* "lost shop-1#1999 on orders, group billing". */
static char *describe_witness(const struct witness *witness)
{
    struct text text = {0};
    char *line;

    text_append_string(&text, anomaly_name(witness->anomaly));
    if (witness->producer)
        text_appendf(&text, " %s#%llu", witness->producer, (unsigned long long)witness->sequence);
    if (witness->stream)
        text_appendf(&text, " on %s", witness->stream);
    if (witness->group)
        text_appendf(&text, ", group %s", witness->group);
    line = memory_string(text_string(&text));
    text_release(&text);
    return line;
}

static struct tree history_of(const struct result *result, const struct witness *witness)
{
    struct tree list = tree_list_new();

    if (!witness->is_history_complete && witness->event_count > 0)
        (void)tree_add(&list, tree_text_new("the beginning is no longer known"));
    for (size_t i = 0; i < witness->event_count; i++) {
        const struct witness_event *event = &witness->events[i];
        double seconds = ((double)event->time_ns - (double)result->start_ns) / 1e9;
        char *line = memory_format("%+.6f s  %s %s%s", seconds, event->actor, event->what,
                                   event->is_exact ? "" : " (known to the batch)");

        (void)tree_add(&list, tree_text_new(line));
        free(line);
    }
    return list;
}

/* What was held against the run comes before what was only observed. */
static struct tree witnesses_of(const struct result *result)
{
    const struct ledger_report *ledger = result->ledger;
    struct tree list = tree_list_new();

    for (int allowed = 0; allowed <= 1; allowed++)
        for (size_t i = 0; ledger && i < ledger->witness_count && list.count < WITNESSES_MAX; i++) {
            const struct witness *witness = &ledger->witnesses[i];
            struct tree entry = tree_map_new();
            char *what;

            if (witness->is_allowed != (allowed == 1))
                continue;
            what = describe_witness(witness);
            tree_put_text(&entry, "what", what);
            tree_put_text(&entry, "why", witness->why);
            (void)tree_put(&entry, "history", history_of(result, witness));
            (void)tree_add(&list, entry);
            free(what);
        }
    return list;
}

static struct tree record_of(const struct scenario *scenario, const struct result *result)
{
    struct tree record = tree_map_new();

    (void)tree_put(&record, "schema", tree_number_new(FAILURE_SCHEMA_VERSION));
    tree_put_text(&record, "gauntlet", GAUNTLET_VERSION);
    (void)tree_put(&record, "failed", texts_of(result->failed, result->failed_count));
    (void)tree_put(&record, "reasons", reasons_of(result));
    tree_put_text(&record, "command", result->command_line);
    tree_put_text(&record, "found", result->environment.started);
    tree_put_text(&record, "run", result->run_id);
    (void)tree_put(&record, "brokers", failure_brokers(scenario, result));
    if (result->environment.version)
        (void)tree_put(&record, "machine", machine_of(result));
    (void)tree_put(&record, "witnesses", witnesses_of(result));
    return record;
}

/* --- The file -------------------------------------------------------------------------------- */

void failure_compose(const struct scenario *scenario, const struct result *result,
                     struct tree *ret_document)
{
    tree_copy(ret_document, &scenario->document);
    tree_drop_key(ret_document, "failure");
    tree_drop_key(ret_document, "sweep"); /* the cut that failed is among the faults */
    put_settings(ret_document, scenario, result);
    put_faults(ret_document, result);
    (void)tree_put(ret_document, "failure", record_of(scenario, result));
}

static void put_comment(struct text *text, const char *lead, const char *line)
{
    text_appendf(text, "# %s", lead);
    for (; *line; line++)
        text_append(text, (unsigned char)*line < ' ' ? " " : line, 1);
    text_append_string(text, "\n");
}

void failure_write(const struct scenario *scenario, const struct result *result, struct text *text)
{
    struct tree document;

    text_append_string(text,
                       "# A run that failed, as a scenario: 'gauntlet replay' with the name of "
                       "this file runs it again.\n");
    for (size_t i = 0; i < result->reason_count && i < COMMENT_MAX; i++)
        put_comment(text, "It failed: ", result->reasons[i].text);
    failure_compose(scenario, result, &document);
    tree_write(&document, 0, text);
    tree_release(&document);
}
