/* text_brokers.c: the brokers as they said they were, actors that had trouble, and notes. */
#include "reports/text.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "base/quantity.h"

/* What an adapter was not allowed to ask stands in its details as "info_refused": "the broker's
 * words". */
static void describe_refusals(json_t *details, struct text *line)
{
    static const char ending[] = "_refused";
    void *iterator = json_object_iter(details);
    for (; iterator; iterator = json_object_iter_next(details, iterator)) {
        const char *key = json_object_iter_key(iterator);
        const char *words = json_string_value(json_object_iter_value(iterator));
        size_t size = strlen(key), tail = sizeof(ending) - 1;
        if (words && size > tail && strcmp(key + size - tail, ending) == 0)
            text_appendf(line, "; refused %.*s: %s", (int)(size - tail), key, words);
    }
}

/* "healthy, 3 stored, 0 in flight", from the broker's own health document. */
static void describe_health(const struct result_broker *broker, struct text *line)
{
    char buffer[64];
    json_t *health = broker->health ? json_loads(broker->health, 0, NULL) : NULL;
    json_t *details = json_object_get(health, "details");
    const json_t *counts = json_object_get(details, "message_counts");
    const char *status = json_string_value(json_object_get(health, "status"));
    const json_t *in_flight = json_object_get(counts, "in_flight");
    if (!broker->was_asked)
        text_append_string(line, "did not say how it was at the end");
    else
        text_append_string(line, status ? status : "answered without a status");
    if (broker->stored >= 0)
        text_appendf(line, ", %s stored for this run",
                     count_show((uint64_t)broker->stored, buffer, sizeof(buffer)));
    if (json_is_integer(in_flight))
        text_appendf(line, ", %lld in flight", (long long)json_integer_value(in_flight));
    describe_refusals(details, line);
    json_decref(health);
}

/* Of a broker on this machine. */
static void describe_usage(const struct result_broker *broker, struct text *line)
{
    char cpu[32], memory[32];
    if (broker->rss_bytes > 0)
        text_appendf(line, "; its process took %s of CPU, and has %s",
                     duration_show(broker->cpu_ns, cpu, sizeof(cpu)),
                     size_show(broker->rss_bytes, memory, sizeof(memory)));
}

static void put_broker(struct page *page, const struct result_broker *broker)
{
    struct text line = {0};
    text_appendf(&line, "%s: %s", broker->name, broker->adapter);
    if (broker->uri)
        text_appendf(&line, " at %s", broker->uri);
    text_appendf(&line, ", %s; ", broker->tier ? broker->tier : "tier not known");
    describe_health(broker, &line);
    describe_usage(broker, &line);
    page_wrap(page, "  ", text_string(&line));
    text_release(&line);
}

static void put_trouble(struct text *line, uint64_t count, const char *what)
{
    char buffer[64];
    if (count > 0)
        text_appendf(line, "%s%s %s", line->size ? ", " : "",
                     count_show(count, buffer, sizeof(buffer)), what);
}

/* The words of errors are in the notes, each once. */
static void put_actor(struct page *page, const struct result_actor *actor)
{
    struct text line = {0};
    put_trouble(&line, actor->reconnects, "reconnects");
    put_trouble(&line, actor->refused, "refused");
    put_trouble(&line, actor->unknown, "of unknown outcome");
    page_wrapf(page, "  ", "%s: %s", actor->name, text_string(&line));
    text_release(&line);
}

static bool had_trouble(const struct result_actor *actor)
{
    return actor->reconnects || actor->refused || actor->unknown;
}

static void put_actors(struct page *page, const struct result *result)
{
    bool has_head = false;
    for (size_t i = 0; i < result->actor_count; i++) {
        if (!had_trouble(&result->actors[i]))
            continue;
        if (!has_head)
            page_heading(page, "Actors that had trouble");
        has_head = true;
        put_actor(page, &result->actors[i]);
    }
}

static void put_notes(struct page *page, const struct result *result)
{
    if (result->note_count == 0)
        return;
    page_heading(page, "Notes");
    for (size_t i = 0; i < result->note_count; i++)
        page_wrap(page, "  - ", result->notes[i].text);
}

void text_brokers(struct page *page, const struct result *result)
{
    if (result->broker_count > 0)
        page_heading(page, "Brokers");
    for (size_t i = 0; i < result->broker_count; i++)
        put_broker(page, &result->brokers[i]);
    put_actors(page, result);
    put_notes(page, result);
}
