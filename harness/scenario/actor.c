/* actor.c: names, brokers and streams of actors; and the list of streams. */
#include "scenario/actor.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/names.h"

/* A stream that nobody uses yet has no broker. */
#define NO_BROKER ((size_t)-1)

int actor_list(struct loader *loader, const char *key, const struct node **ret_list)
{
    const struct node *list = node_get(loader->top, key);

    if (list && list->kind != NODE_SEQUENCE)
        return error_set_at(loader->reterr, list->place,
                            "'%s' takes a list: begin each entry with '- '", key);
    if (list && list->count == 0)
        return error_set_at(loader->reterr, list->place, "'%s' is empty: leave it out", key);
    *ret_list = list;
    return 0;
}

/* Another actor of that name: `name` is the very text of the one that asks. */
static const struct source_place *find_actor(const struct scenario *scenario, const char *name)
{
    for (size_t i = 0; i < scenario->producer_count; i++)
        if (scenario->producers[i].name != name && strcmp(scenario->producers[i].name, name) == 0)
            return &scenario->producers[i].place;
    for (size_t i = 0; i < scenario->consumer_count; i++)
        if (scenario->consumers[i].name != name && strcmp(scenario->consumers[i].name, name) == 0)
            return &scenario->consumers[i].place;
    return NULL;
}

int actor_check_name(struct loader *loader, const char *article, const char *name,
                     const struct node *mapping)
{
    struct source_place place = node_get(mapping, "name")->place;
    const struct source_place *other;

    if (names_check(loader, article, name, place) != 0)
        return -1;
    other = find_actor(loader->scenario, name);
    if (!other)
        return 0;
    return error_set_at(loader->reterr, place,
                        "'%s' is the name of the actor in line %d already: give each producer and "
                        "consumer a name of its own",
                        name, other->line);
}

static size_t add_stream(struct scenario *scenario, const char *name, size_t broker)
{
    scenario->streams =
        memory_grow(scenario->streams, scenario->stream_count + 1, sizeof(*scenario->streams));
    scenario->streams[scenario->stream_count] =
        (struct scenario_stream){.name = memory_string(name), .broker = broker};
    return scenario->stream_count++;
}

static int refuse_stream(struct loader *loader, const char *name, struct source_place place)
{
    const struct scenario *scenario = loader->scenario;
    const char **words = memory_new(scenario->stream_count, sizeof(*words));
    char suggestion[200];

    for (size_t i = 0; i < scenario->stream_count; i++)
        words[i] = scenario->streams[i].name;
    (void)fields_suggest(name, words, scenario->stream_count, "there is", suggestion,
                         sizeof(suggestion));
    free(words);
    return error_set_at(loader->reterr, place, "'streams' does not list '%.60s'%s", name,
                        suggestion);
}

/* The index of a stream that an actor names, and its broker settled. */
static int bind_stream(struct loader *loader, const struct node *node, size_t broker,
                       size_t *ret_index)
{
    struct scenario *scenario = loader->scenario;
    const char *name = fields_text(loader, "stream", node);
    struct scenario_stream *stream;

    if (!name || names_check_free(loader, "a stream", name, node->place) != 0)
        return -1;
    if (names_find_stream(scenario, name, ret_index) != 0) {
        if (node_get(loader->top, "streams"))
            return refuse_stream(loader, name, node->place);
        *ret_index = add_stream(scenario, name, broker);
    }
    stream = &scenario->streams[*ret_index];
    if (stream->broker == NO_BROKER)
        stream->broker = broker;
    if (stream->broker == broker)
        return 0;
    return error_set_at(loader->reterr, node->place,
                        "stream '%s' is on broker '%s' for one actor and on '%s' for another: a "
                        "stream has one broker, so say 'broker: %s' here, or use another stream",
                        name, scenario->brokers[stream->broker].name,
                        scenario->brokers[broker].name, scenario->brokers[stream->broker].name);
}

static int bind_streams(struct loader *loader, struct node *const *nodes, size_t count,
                        size_t broker, size_t *streams)
{
    for (size_t i = 0; i < count; i++) {
        if (bind_stream(loader, nodes[i], broker, &streams[i]) != 0)
            return -1;
        for (size_t j = 0; j < i; j++)
            if (streams[j] == streams[i])
                return error_set_at(loader->reterr, nodes[i]->place, "stream '%s' is listed twice",
                                    nodes[i]->text);
    }
    return 0;
}

static int find_broker(struct loader *loader, const struct node *mapping, size_t *ret_broker)
{
    const struct node *node = node_get(mapping, "broker");
    const char *name = node ? fields_text(loader, "broker", node) : "default";

    if (!name)
        return -1;
    if (names_find_broker(loader->scenario, name, ret_broker) != 0)
        return names_refuse_broker(loader, name, node ? node->place : mapping->place);
    return 0;
}

/* The nodes that name the streams: those of `streams`, or the one of `stream`. */
static int list_streams(struct loader *loader, const struct node *mapping, const char *article,
                        struct node *const **ret_nodes, size_t *ret_count)
{
    size_t one = node_index(mapping, "stream"), many = node_index(mapping, "streams");
    const struct node *list;

    if (one != NODE_ABSENT && many != NODE_ABSENT)
        return error_set_at(loader->reterr, mapping->keys[one > many ? one : many].place,
                            "'stream' and 'streams' exclude each other: keep one of them");
    if (one == NODE_ABSENT && many == NODE_ABSENT)
        return error_set_at(loader->reterr, mapping->place,
                            "%s needs 'stream' (a name) or 'streams' (a list of names)", article);
    if (one != NODE_ABSENT) {
        *ret_nodes = &mapping->items[one];
        *ret_count = 1;
        return 0;
    }
    list = mapping->items[many];
    if (list->kind != NODE_SEQUENCE || list->count == 0)
        return error_set_at(loader->reterr, list->place,
                            "'streams' takes a list of names, such as [orders, payments]");
    *ret_nodes = list->items;
    *ret_count = list->count;
    return 0;
}

int actor_read_streams(struct loader *loader, const struct node *mapping, const char *article,
                       size_t **ret_streams, size_t *ret_count)
{
    struct node *const *nodes = NULL;
    size_t count = 0, broker = 0;
    size_t *streams;

    if (list_streams(loader, mapping, article, &nodes, &count) != 0 ||
        find_broker(loader, mapping, &broker) != 0)
        return -1;
    streams = memory_new(count, sizeof(*streams));
    if (bind_streams(loader, nodes, count, broker, streams) != 0) {
        free(streams);
        return -1;
    }
    *ret_streams = streams;
    *ret_count = count;
    return 0;
}

int streams_read(struct loader *loader)
{
    const struct node *list = NULL;
    size_t index;

    if (actor_list(loader, "streams", &list) != 0)
        return -1;
    for (size_t i = 0; list && i < list->count; i++) {
        const struct node *node = list->items[i];
        const char *name = fields_text(loader, "streams", node);

        if (!name || names_check_free(loader, "a stream", name, node->place) != 0)
            return -1;
        if (names_find_stream(loader->scenario, name, &index) == 0)
            return error_set_at(loader->reterr, node->place, "stream '%s' is listed twice", name);
        (void)add_stream(loader->scenario, name, NO_BROKER);
    }
    return 0;
}
