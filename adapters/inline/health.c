/* health.c: how the broker is, and who reads from it, as JSON. */
#include <string.h>

#include "adapters/inline/group.h"
#include "adapters/inline/operation.h"
#include "adapters/inline/stream.h"
#include "adapters/inline/wall_clock.h"

void inline_ping(struct inline_turn *turn)
{
    turn->broker->was_pinged = true;
    inline_answer_number(turn->answer, 1);
}

void inline_ensure_connection(struct inline_turn *turn)
{
    inline_answer_number(turn->answer, 1);
}

static void answer_text(struct inline_answer *answer)
{
    answer->result.text.data = text_string(&answer->text);
    answer->result.text.size = answer->text.size;
}

/* --- Health -------------------------------------------------------------------------------------
 */

struct counts {
    uint64_t messages, dead_letters, outstanding;
    size_t streams, groups;
};

static bool is_queue(const char *name)
{
    size_t size = strlen(name);

    return size >= 4 && strcmp(name + size - 4, ":dlq") == 0;
}

static void count_stream(struct counts *counts, const struct inline_stream *stream)
{
    if (is_queue(stream->name))
        counts->dead_letters += stream->log.live_count;
    else
        counts->messages += stream->log.live_count;
    counts->streams++;
    for (size_t i = 0; i < stream->groups.count; i++) {
        const struct inline_group *group = stream->groups.entries[i].value;

        if (!group)
            continue;
        counts->groups++;
        counts->outstanding += group->outstanding;
    }
}

void inline_health_stats(struct inline_turn *turn)
{
    const struct inline_broker *broker = turn->broker;
    struct text *text = &turn->answer->text;
    struct counts counts = {0};

    for (size_t i = 0; i < broker->streams.count; i++)
        if (broker->streams.entries[i].value)
            count_stream(&counts, broker->streams.entries[i].value);
    text_appendf(text,
                 "{\"status\": \"healthy\", \"connected\": true, \"last_ping_ms\": %s, "
                 "\"uptime_seconds\": %.6f, \"details\": {\"streams\": %zu, "
                 "\"consumer_groups\": %zu, \"message_counts\": {\"total_messages\": %llu",
                 broker->was_pinged ? "0.0" : "null",
                 (double)(turn->now_ns - broker->created_ns) / 1e9, counts.streams, counts.groups,
                 (unsigned long long)counts.messages);
    if (broker->settings.declared & ADAPTER_ACK_NACK)
        text_appendf(text, ", \"in_flight\": %llu", (unsigned long long)counts.outstanding);
    if (broker->settings.declared & ADAPTER_DEAD_LETTER_QUEUE)
        text_appendf(text, ", \"dlq\": %llu", (unsigned long long)counts.dead_letters);
    text_append_string(text, "}}}");
    answer_text(turn->answer);
}

/* --- Info ---------------------------------------------------------------------------------------
 */

/* One group name, over all the streams it is used on. */
struct portrait {
    struct text consumers, outstanding;
    struct map names; /* of consumers */
    uint64_t created_ms;
};

static void add_member(struct portrait *portrait, struct inline_member *member)
{
    size_t size = strlen(member->name);

    if (map_get(&portrait->names, member->name, size))
        return;
    map_set(&portrait->names, member->name, size, member);
    text_append_string(&portrait->consumers, portrait->names.count > 1 ? ", " : "");
    text_append_json(&portrait->consumers, member->name, size);
}

static void add_group(struct portrait *portrait, const struct inline_group *group)
{
    const char *stream = group->stream->name;

    for (struct inline_member *member = group->members; member; member = member->next)
        add_member(portrait, member);
    if (group->created_ms < portrait->created_ms)
        portrait->created_ms = group->created_ms;
    text_append_string(&portrait->outstanding, portrait->outstanding.size > 0 ? ", " : "");
    text_append_json(&portrait->outstanding, stream, strlen(stream));
    text_appendf(&portrait->outstanding, ": %llu", (unsigned long long)group->outstanding);
}

static void show_group(struct text *text, const struct inline_broker *broker, const char *name)
{
    struct portrait portrait = {.created_ms = UINT64_MAX};
    char created_at[WALL_CLOCK_TEXT_SIZE];

    for (size_t i = 0; i < broker->streams.count; i++) {
        const struct inline_stream *stream = broker->streams.entries[i].value;
        const struct inline_group *group = stream ? inline_stream_group(stream, name) : NULL;

        if (group)
            add_group(&portrait, group);
    }
    wall_clock_show(portrait.created_ms, created_at);
    text_append_json(text, name, strlen(name));
    text_appendf(text,
                 ": {\"consumers\": [%s], \"consumer_count\": %zu, \"created_at\": \"%s\", "
                 "\"outstanding\": {%s}}",
                 text_string(&portrait.consumers), portrait.names.count, created_at,
                 text_string(&portrait.outstanding));
    text_release(&portrait.consumers);
    text_release(&portrait.outstanding);
    map_release(&portrait.names);
}

static void show_groups(struct text *text, struct map *shown, const struct inline_broker *broker,
                        const struct inline_stream *stream)
{
    for (size_t i = 0; i < stream->groups.count; i++) {
        struct inline_group *group = stream->groups.entries[i].value;

        if (!group || map_get(shown, group->name, strlen(group->name)))
            continue;
        map_set(shown, group->name, strlen(group->name), group);
        text_append_string(text, shown->count > 1 ? ", " : "");
        show_group(text, broker, group->name);
    }
}

void inline_info(struct inline_turn *turn)
{
    const struct inline_broker *broker = turn->broker;
    struct text *text = &turn->answer->text;
    struct map shown = {0};

    text_append_string(text, "{");
    for (size_t i = 0; i < broker->streams.count; i++)
        if (broker->streams.entries[i].value)
            show_groups(text, &shown, broker, broker->streams.entries[i].value);
    text_append_string(text, "}");
    map_release(&shown);
    answer_text(turn->answer);
}
