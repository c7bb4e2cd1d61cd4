/* known.c: the streams and groups that an instance has named. */
#include <stdlib.h>
#include <string.h>

#include "parts.h"

static struct stream *add_stream(struct adapter_instance *instance, const char *name)
{
    struct stream *stream = calloc(1, sizeof(*stream));

    stream->name = strdup(name);
    name_encode(name, stream->encoded);
    name_suffix(name, stream->suffix);
    stream->next = instance->streams;
    return instance->streams = stream;
}

struct stream *known_stream(struct adapter_instance *instance, const char *name)
{
    pthread_mutex_lock(&instance->mutex);
    struct stream *stream = instance->streams;
    while (stream && strcmp(stream->name, name) != 0)
        stream = stream->next;
    if (!stream)
        stream = add_stream(instance, name);
    pthread_mutex_unlock(&instance->mutex);
    return stream;
}

struct group *known_find(const struct stream *stream, const char *name)
{
    struct group *group = stream->groups;

    while (group && strcmp(group->name, name) != 0)
        group = group->next;
    return group;
}

static struct group *add_group(struct adapter_instance *instance, struct stream *stream,
                               const char *name)
{
    struct group *group = calloc(1, sizeof(*group));

    group->name = strdup(name);
    name_encode(name, group->encoded);
    group->book = book_open(instance->uri, stream->name, name);
    group->next = stream->groups;
    return stream->groups = group;
}

struct group *known_group(struct adapter_instance *instance, struct stream *stream,
                          const char *name)
{
    pthread_mutex_lock(&instance->mutex);
    struct group *group = known_find(stream, name);
    if (!group)
        group = add_group(instance, stream, name);
    pthread_mutex_unlock(&instance->mutex);
    return group;
}

struct stream *known_streams(struct adapter_instance *instance)
{
    pthread_mutex_lock(&instance->mutex);
    struct stream *first = instance->streams;
    pthread_mutex_unlock(&instance->mutex);
    return first;
}

struct group *known_groups(struct adapter_instance *instance, const struct stream *stream)
{
    pthread_mutex_lock(&instance->mutex);
    struct group *first = stream->groups;
    pthread_mutex_unlock(&instance->mutex);
    return first;
}

int known_flag(struct adapter_instance *instance, const int *flag)
{
    pthread_mutex_lock(&instance->mutex);
    int is_set = *flag;
    pthread_mutex_unlock(&instance->mutex);
    return is_set;
}

void known_set_flag(struct adapter_instance *instance, int *flag, int is_set)
{
    pthread_mutex_lock(&instance->mutex);
    *flag = is_set;
    pthread_mutex_unlock(&instance->mutex);
}

static void free_groups(struct stream *stream)
{
    while (stream->groups) {
        struct group *group = stream->groups;

        stream->groups = group->next;
        book_close(group->book);
        name_free_all(group->members, group->member_count);
        free(group->name);
        free(group);
    }
}

void known_forget(struct adapter_instance *instance)
{
    while (instance->streams) {
        struct stream *stream = instance->streams;

        instance->streams = stream->next;
        free_groups(stream);
        free(stream->name);
        free(stream);
    }
}
