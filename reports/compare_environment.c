/* compare_environment.c: what differs between two sets of runs besides what was measured. */
#include <stdio.h>
#include <string.h>

#include "reports/compare.h"

typedef void describe(const struct result *result, struct text *text);

static void put(struct text *text, const char *words)
{
    text_append_string(text, words ? words : "none");
}

static void describe_version(const struct result *result, struct text *text)
{
    put(text, result->environment.version);
}

static void describe_host(const struct result *result, struct text *text)
{
    put(text, result->environment.host);
}

static void describe_kernel(const struct result *result, struct text *text)
{
    put(text, result->environment.kernel);
}

static void describe_cores(const struct result *result, struct text *text)
{
    text_appendf(text, "%u", result->environment.cores);
}

static void describe_workers(const struct result *result, struct text *text)
{
    text_appendf(text, "%u", result->environment.workers);
}

static void describe_time(const struct result *result, struct text *text)
{
    put(text, result->is_virtual ? "virtual" : "real");
}

static void describe_scenario(const struct result *result, struct text *text)
{
    put(text, result->scenario_name);
}

static void describe_document(const struct result *result, struct text *text)
{
    put(text, result->scenario_text);
}

static void describe_command(const struct result *result, struct text *text)
{
    put(text, result->command_line);
}

static void describe_brokers(const struct result *result, struct text *text)
{
    for (size_t i = 0; i < result->broker_count; i++)
        text_appendf(text, "%s%s%s%s", i ? ", " : "", result->brokers[i].adapter,
                     result->brokers[i].uri ? " at " : "",
                     result->brokers[i].uri ? result->brokers[i].uri : "");
}

static const struct aspect {
    const char *name;
    describe *words;
    bool is_long; /* said to differ, not shown */
} aspects[] = {
    {"scenario", describe_scenario, false},
    {"scenario's text", describe_document, true},
    {"command line", describe_command, false},
    {"brokers", describe_brokers, false},
    {"time", describe_time, false},
    {"gauntlet", describe_version, false},
    {"host", describe_host, false},
    {"kernel", describe_kernel, false},
    {"cores", describe_cores, false},
    {"workers", describe_workers, false},
};

/* All that occurs on a side, each once. */
static void gather(const struct compare_side *side, const struct aspect *aspect, struct text *all)
{
    for (size_t i = 0; i < side->count; i++) {
        struct text one = {0};
        aspect->words(side->results[i], &one);
        if (!strstr(text_string(all), text_string(&one)))
            text_appendf(all, "%s%s", all->size ? " and " : "", text_string(&one));
        text_release(&one);
    }
}

void compare_environments(const struct comparison *comparison,
                          void (*differs)(void *context, const char *what, const char *base,
                                          const char *current),
                          void *context)
{
    for (size_t i = 0; i < sizeof(aspects) / sizeof(aspects[0]); i++) {
        struct text base = {0}, current = {0};
        gather(comparison->base, &aspects[i], &base);
        gather(comparison->current, &aspects[i], &current);
        if (strcmp(text_string(&base), text_string(&current)) != 0)
            differs(context, aspects[i].name, aspects[i].is_long ? "one" : text_string(&base),
                    aspects[i].is_long ? "another" : text_string(&current));
        text_release(&base);
        text_release(&current);
    }
}
