/* scenario_rules.h: adapters for tests of the scenario loader, which must not know the real ones.
 */
#ifndef SUPPORT_SCENARIO_RULES_H
#define SUPPORT_SCENARIO_RULES_H

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "scenario/scenario.h"

static inline int test_adapter_schema(void *context, const char *adapter, struct schema *ret_schema,
                                      struct error *reterr)
{
    static const struct schema_option inline_options[] = {
        {"max_retries", SCHEMA_INTEGER, NULL, 0, 100, "3", "before a message is dead-lettered"},
        {"retry_delay", SCHEMA_DURATION, NULL, 0, 60e9, "1s", "before the first retry"},
        {"enable_dlq", SCHEMA_BOOLEAN, NULL, 0, 0, "true", "keep dead letters"},
        {"declare", SCHEMA_CHOICE, "BASIC_PUBSUB|SIMPLE_QUEUING", 0, 0, NULL, "promise less"},
    };
    static const struct schema_option redis_options[] = {
        {"reclaim_after", SCHEMA_DURATION, NULL, 0, 3600e9, "30s", "idle before a takeover"},
        {"label", SCHEMA_TEXT, NULL, 0, 0, NULL, "any text"},
    };
    static const char *const names[] = {"inline", "redis", "redis_pubsub"};
    static const struct schema schemas[] = {
        {"adapter inline", inline_options, 4},
        {"adapter redis", redis_options, 2},
        {"adapter redis_pubsub", NULL, 0},
    };
    const char *nearest;

    (void)context;
    for (size_t i = 0; i < 3; i++)
        if (strcmp(adapter, names[i]) == 0) {
            *ret_schema = schemas[i];
            return 0;
        }
    nearest = text_nearest(adapter, names, 3);
    if (nearest)
        return error_set(reterr, ERROR_USAGE, "there is no adapter '%s': did you mean '%s'?",
                         adapter, nearest);
    return error_set(reterr, ERROR_USAGE, "there is no adapter '%s'", adapter);
}

static inline const struct scenario_fault_word *test_fault_word(void *context, size_t index)
{
    static const struct schema_option crash[] = {
        {"moment", SCHEMA_CHOICE, "now|before_ack", 0, 0, "now", "when"},
        {"restart_after", SCHEMA_DURATION, NULL, 0, 60e9, "100ms", "how long it is away"},
    };
    static const struct schema_option cut[] = {
        {"how", SCHEMA_CHOICE, "rst|fin", 0, 0, "rst", "how it ends"},
    };
    static const struct scenario_fault_word words[] = {
        {"crash", SCENARIO_CONSUMER, {"crash", crash, 2}, true, false, false, "it dies"},
        {"hang", SCENARIO_CONSUMER, {"hang", NULL, 0}, false, true, false, "it hangs"},
        {"cut", SCENARIO_LINK, {"cut", cut, 1}, true, true, false, "it is cut"},
        {"drop_reply", SCENARIO_LINK, {"drop_reply", NULL, 0}, false, true, true, "it is lost"},
        {"flush", SCENARIO_BROKER, {"flush", NULL, 0}, false, false, false, "it forgets"},
    };

    (void)context;
    return index < sizeof(words) / sizeof(words[0]) ? &words[index] : NULL;
}

static const struct scenario_rules TEST_RULES = {.adapter_schema = test_adapter_schema,
                                                 .fault_word = test_fault_word};

#endif
