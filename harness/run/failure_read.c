/* failure_read.c: a failure file read back, and compared with a run of it. */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "run/failure.h"

static bool is_anomaly(const char *word)
{
    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        if (strcmp(anomaly_name((enum anomaly)i), word) == 0)
            return true;
    return false;
}

static int check_version(const struct tree *record, struct error *reterr)
{
    const char *schema = tree_text(record, "schema");

    if (schema && strtoul(schema, NULL, 10) == FAILURE_SCHEMA_VERSION)
        return 0;
    return error_set_at(reterr, record->place,
                        "the record of this failure is of schema %.20s, and this program knows %d",
                        schema ? schema : "none", FAILURE_SCHEMA_VERSION);
}

int failure_read(const struct scenario *scenario, struct failure *ret_failure, struct error *reterr)
{
    const struct tree *record = tree_get(&scenario->document, "failure");
    const struct tree *failed = tree_get(record, "failed");

    if (!record)
        return error_set(reterr, ERROR_SCENARIO,
                         "%s is no failure file: it has no 'failure'; 'gauntlet run' runs it",
                         scenario->path);
    if (check_version(record, reterr) != 0)
        return -1;
    *ret_failure = (struct failure){.scenario = scenario, .record = record};
    ret_failure->failed = memory_new(failed ? failed->count + 1 : 1, sizeof(char *));
    for (size_t i = 0; failed && i < failed->count; i++)
        if (failed->children[i].kind == TREE_SCALAR)
            ret_failure->failed[ret_failure->failed_count++] = failed->children[i].text;
    return 0;
}

void failure_release(struct failure *failure)
{
    free(failure->failed);
    *failure = (struct failure){0};
}

static bool has_failed(const struct result *result, const char *word)
{
    for (size_t i = 0; i < result->failed_count; i++)
        if (strcmp(result->failed[i], word) == 0)
            return true;
    return false;
}

bool failure_is_same(const struct failure *failure, const struct result *result)
{
    bool has_anomalies = false;

    if (result->verdict != VERDICT_FAIL)
        return false;
    for (size_t i = 0; i < failure->failed_count; i++)
        has_anomalies |= is_anomaly(failure->failed[i]);
    for (size_t i = 0; i < failure->failed_count; i++)
        if (is_anomaly(failure->failed[i]) == has_anomalies &&
            has_failed(result, failure->failed[i]))
            return true;
    return failure->failed_count == 0; /* nothing to compare with: any failure is the same */
}

/* --- Differences ----------------------------------------------------------------------------- */

static void compare(struct text *lines, const char *what, const char *then, const char *now)
{
    then = then ? then : "not known";
    now = now ? now : "not known";
    if (strcmp(then, now) != 0)
        text_appendf(lines, "  %s: %s then, %s now\n", what, then, now);
}

static void compare_count(struct text *lines, const char *what, const char *then, unsigned now)
{
    char *digits = memory_format("%u", now);

    compare(lines, what, then, digits);
    free(digits);
}

static const struct tree *find_broker(const struct tree *brokers, const char *name)
{
    for (size_t i = 0; brokers && i < brokers->count; i++) {
        const char *found = tree_text(&brokers->children[i], "name");

        if (found && strcmp(found, name) == 0)
            return &brokers->children[i];
    }
    return NULL;
}

static void compare_broker(struct text *lines, const struct tree *then, const struct tree *now)
{
    static const char *const KEYS[] = {"adapter", "uri", "version"};

    for (size_t i = 0; i < sizeof(KEYS) / sizeof(KEYS[0]); i++) {
        char *what = memory_format("%s of broker %s", KEYS[i], tree_text(now, "name"));

        compare(lines, what, tree_text(then, KEYS[i]), tree_text(now, KEYS[i]));
        free(what);
    }
}

static void compare_machine(struct text *lines, const struct tree *machine,
                            const struct result *result)
{
    if (!machine || !result->environment.version)
        return; /* in virtual time, no machine matters */
    compare(lines, "host", tree_text(machine, "host"), result->environment.host);
    compare(lines, "kernel", tree_text(machine, "kernel"), result->environment.kernel);
    compare_count(lines, "cores", tree_text(machine, "cores"), result->environment.cores);
    compare_count(lines, "workers", tree_text(machine, "workers"), result->environment.workers);
}

void failure_differences(const struct failure *failure, const struct result *result,
                         struct text *lines)
{
    const struct tree *brokers = tree_get(failure->record, "brokers");
    struct tree now = failure_brokers(failure->scenario, result);

    compare(lines, "gauntlet", tree_text(failure->record, "gauntlet"), GAUNTLET_VERSION);
    for (size_t i = 0; i < now.count; i++)
        compare_broker(lines, find_broker(brokers, tree_text(&now.children[i], "name")),
                       &now.children[i]);
    tree_release(&now);
    compare_machine(lines, tree_get(failure->record, "machine"), result);
}
