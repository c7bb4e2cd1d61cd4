/* conform_facts.c: facts of two profiles as texts. */
#include "run/conform_facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

enum {
    IN_PROCESS,
    REDELIVERY_TIME,
    RETRY_BUDGET,
    BLOCK_CAP,
    TRIM_GRANULARITY,
    TRIMS,
    DLQ_POPULATED_BY
};

static const char *const KEYS[CONFORM_FACT_COUNT] = {
    [IN_PROCESS] = "in_process",
    [REDELIVERY_TIME] = "redelivery_time_ms",
    [RETRY_BUDGET] = "retry_budget",
    [BLOCK_CAP] = "block_cap_ms",
    [TRIM_GRANULARITY] = "trim_granularity",
    [TRIMS] = "trims",
    [DLQ_POPULATED_BY] = "dlq_populated_by",
};

/* The index of a key of this size; the number of keys when there is none. */
static size_t find_key(const char *key, size_t size)
{
    size_t i = 0;

    while (i < CONFORM_FACT_COUNT && (strlen(KEYS[i]) != size || strncmp(KEYS[i], key, size) != 0))
        i++;
    return i;
}

static void set_number(char *text, uint32_t number)
{
    if (number > 0)
        (void)snprintf(text, CONFORM_FACT_SIZE, "%u", number);
}

/* The adapter's "no" cannot be told from "not said". */
static void set_flag(char *text, uint32_t flag)
{
    if (flag)
        text_copy(text, CONFORM_FACT_SIZE, "true");
}

static void read_profile(struct conform_facts *facts, const struct adapter_profile *profile)
{
    set_number(facts->texts[REDELIVERY_TIME], profile->redelivery_time_ms);
    set_flag(facts->texts[RETRY_BUDGET], profile->retry_budget);
    set_number(facts->texts[BLOCK_CAP], profile->block_cap_ms);
    set_number(facts->texts[TRIM_GRANULARITY], profile->trim_granularity);
    set_flag(facts->texts[TRIMS], profile->trims);
    if (profile->dlq_populated_by)
        text_copy(facts->texts[DLQ_POPULATED_BY], CONFORM_FACT_SIZE, profile->dlq_populated_by);
}

void conform_facts_read(struct conform_facts *facts, const struct broker_adapter *adapter,
                        const struct adapter_profile *profile, const struct clause_profile *on_file)
{
    *facts = (struct conform_facts){0};
    text_copy(facts->texts[IN_PROCESS], CONFORM_FACT_SIZE,
              adapter->traits & ADAPTER_TRAIT_IN_PROCESS ? "true" : "false");
    if (profile)
        read_profile(facts, profile);
    for (size_t i = 0; on_file && i < on_file->fact_count; i++) {
        size_t index = find_key(on_file->facts[i].key, strlen(on_file->facts[i].key));

        if (index < CONFORM_FACT_COUNT)
            text_copy(facts->texts[index], CONFORM_FACT_SIZE, on_file->facts[i].text);
    }
}

static uint32_t number_of(const char *text)
{
    return strcmp(text, "true") == 0 ? 1u : (uint32_t)strtoul(text, NULL, 10);
}

struct adapter_profile conform_profile(const struct adapter_profile *profile,
                                       const struct clause_profile *on_file)
{
    struct adapter_profile merged = profile ? *profile : (struct adapter_profile){0};
    uint32_t *const numbers[CONFORM_FACT_COUNT] = {
        [REDELIVERY_TIME] = &merged.redelivery_time_ms,
        [RETRY_BUDGET] = &merged.retry_budget,
        [BLOCK_CAP] = &merged.block_cap_ms,
        [TRIMS] = &merged.trims,
        [TRIM_GRANULARITY] = &merged.trim_granularity,
    };

    merged.struct_size = sizeof(merged);
    for (size_t i = 0; on_file && i < on_file->fact_count; i++) {
        const struct clause_fact *fact = &on_file->facts[i];
        size_t index = find_key(fact->key, strlen(fact->key));

        if (index == DLQ_POPULATED_BY)
            merged.dlq_populated_by = fact->text;
        else if (index < CONFORM_FACT_COUNT && numbers[index])
            *numbers[index] = number_of(fact->text);
    }
    return merged;
}

const char *conform_fact(const struct conform_facts *facts, const char *key)
{
    size_t index = find_key(key, strlen(key));

    return index < CONFORM_FACT_COUNT ? facts->texts[index] : "";
}

bool conform_fact_holds(const struct conform_facts *facts, const char *wanted)
{
    size_t size = strcspn(wanted, "=");
    size_t index = find_key(wanted, size);
    const char *text = index < CONFORM_FACT_COUNT ? facts->texts[index] : "";

    if (wanted[size] == '=')
        return strcmp(text, wanted + size + 1) == 0;
    return text[0] && strcmp(text, "false") != 0 && strcmp(text, "0") != 0;
}
