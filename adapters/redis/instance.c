/* instance.c: what the sessions of one broker share. */
#include "instance.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

const struct adapter_setting *redis_setting(const struct adapter_config *config, const char *key)
{
    for (size_t i = 0; i < config->setting_count; i++)
        if (!strcmp(config->settings[i].key, key))
            return &config->settings[i];
    return NULL;
}

static uint64_t duration_of(const struct adapter_config *config, const char *key)
{
    const struct adapter_setting *setting = redis_setting(config, key);

    return setting && setting->number > 0 ? (uint64_t)setting->number : 0;
}

static int read_settings(struct redis_instance *instance, const struct adapter_config *config,
                         char reterr[256])
{
    const struct adapter_setting *retry = redis_setting(config, "retry");
    const struct adapter_setting *multiplier = redis_setting(config, "backoff_multiplier");

    instance->retries = !retry || !retry->text || strcmp(retry->text, "none") != 0;
    instance->redelivery_ms = duration_of(config, "redelivery_time") / 1000000u;
    instance->retry_delay_ms = duration_of(config, "retry_delay") / 1000000u;
    instance->backoff_multiplier = multiplier && multiplier->real >= 1.0 ? multiplier->real : 1.0;
    instance->reclaim_interval_ns = duration_of(config, "reclaim_interval");
    if (instance->retry_delay_ms > instance->redelivery_ms) {
        text_copy(reterr, 256,
                  "retry_delay is longer than redelivery_time: a nacked message comes back after "
                  "redelivery_time at the latest");
        return -1;
    }
    return redis_address_parse(config->uri, &instance->address, reterr);
}

struct redis_instance *redis_instance_new(const struct adapter_host *host,
                                          const struct adapter_config *config, char reterr[256])
{
    struct redis_instance *instance = memory_new(1, sizeof(*instance));

    instance->number = config->instance_number;
    instance->created_ns = host->now_ns(host);
    if (read_settings(instance, config, reterr)) {
        free(instance);
        return NULL;
    }
    pthread_mutex_init(&instance->lock, NULL);
    return instance;
}

void redis_instance_free(struct redis_instance *instance)
{
    if (!instance)
        return;
    redis_forget_names(instance, NULL);
    map_release(&instance->names);
    pthread_mutex_destroy(&instance->lock);
    free(instance);
}

bool redis_lacks(struct redis_instance *instance, enum redis_lack lack)
{
    return atomic_load_explicit(&instance->lacks, memory_order_relaxed) & (uint32_t)lack;
}

void redis_note_lack(struct redis_instance *instance, const struct adapter_host *host,
                     enum redis_lack lack, const char *line)
{
    uint32_t before = atomic_fetch_or(&instance->lacks, (uint32_t)lack);

    if (!(before & (uint32_t)lack))
        host->log(host, ADAPTER_LOG_WARNING, line);
}

static void make_key(struct text *key, enum redis_name_kind kind, const char *first,
                     const char *second)
{
    char tag = (char)('0' + (int)kind);

    text_append(key, &tag, 1);
    text_append(key, first, strlen(first) + 1);
    text_append_string(key, second);
}

/* Copies the texts behind the struct. */
static struct redis_name *make_name(const struct redis_name *content)
{
    size_t first_size = strlen(content->first) + 1, second_size = strlen(content->second) + 1;
    size_t third_size = strlen(content->third) + 1;
    struct redis_name *name = memory_new(1, sizeof(*name) + first_size + second_size + third_size);
    char *texts = (char *)(name + 1);

    memcpy(texts, content->first, first_size);
    memcpy(texts + first_size, content->second, second_size);
    memcpy(texts + first_size + second_size, content->third, third_size);
    *name = *content;
    name->first = texts;
    name->second = texts + first_size;
    name->third = texts + first_size + second_size;
    return name;
}

static void note(struct redis_instance *instance, const struct redis_name *content)
{
    struct text key = {0};

    make_key(&key, content->kind, content->first, content->second);
    pthread_mutex_lock(&instance->lock);
    if (!map_get(&instance->names, key.data, key.size))
        map_set(&instance->names, key.data, key.size, make_name(content));
    pthread_mutex_unlock(&instance->lock);
    text_release(&key);
}

void redis_note_name(struct redis_instance *instance, const struct adapter_host *host,
                     enum redis_name_kind kind, const char *first, const char *second)
{
    struct redis_name name = {.kind = kind,
                              .first = first,
                              .second = second ? second : "",
                              .third = "",
                              .noted_ms = host->wall_ms(host)};

    note(instance, &name);
}

void redis_note_fence(struct redis_instance *instance, const struct adapter_host *host,
                      const char *stream, const char *group, const char *lease)
{
    struct redis_name name = {.kind = REDIS_NAME_FENCE,
                              .first = stream,
                              .second = group,
                              .third = lease,
                              .noted_ms = host->wall_ms(host)};

    note(instance, &name);
}

const char *redis_find_fence(struct redis_instance *instance, const char *stream, const char *group,
                             struct redis_arena *arena)
{
    const struct redis_name *name;
    const char *lease = NULL;
    struct text key = {0};

    make_key(&key, REDIS_NAME_FENCE, stream, group);
    pthread_mutex_lock(&instance->lock);
    name = map_get(&instance->names, key.data, key.size);
    if (name)
        lease = redis_arena_copy(arena, name->third, strlen(name->third) + 1);
    pthread_mutex_unlock(&instance->lock);
    text_release(&key);
    return lease;
}

static bool copy_name(struct redis_arena *arena, const struct redis_name *name,
                      struct redis_name *ret_name)
{
    *ret_name = *name;
    ret_name->first = redis_arena_copy(arena, name->first, strlen(name->first) + 1);
    ret_name->second = redis_arena_copy(arena, name->second, strlen(name->second) + 1);
    return ret_name->first && ret_name->second;
}

struct redis_name *redis_copy_names(struct redis_instance *instance, enum redis_name_kind kind,
                                    struct redis_arena *arena, size_t *ret_count)
{
    struct redis_name *names;
    size_t count = 0;

    pthread_mutex_lock(&instance->lock);
    names = redis_arena_take(arena, (instance->names.count + 1) * sizeof(*names));
    for (size_t i = 0; names && i < instance->names.count; i++) {
        const struct redis_name *name = instance->names.entries[i].value;

        if (name && name->kind == kind && copy_name(arena, name, &names[count]))
            count++;
    }
    pthread_mutex_unlock(&instance->lock);
    *ret_count = count;
    return names;
}

void redis_forget_names(struct redis_instance *instance, const char *first)
{
    struct text key = {0};

    atomic_fetch_add(&instance->epoch, 1);
    pthread_mutex_lock(&instance->lock);
    for (size_t i = 0; i < instance->names.count; i++) {
        struct redis_name *name = instance->names.entries[i].value;

        if (!name || (first && strcmp(name->first, first) != 0))
            continue;
        text_clear(&key);
        make_key(&key, name->kind, name->first, name->second);
        map_remove(&instance->names, key.data, key.size);
        free(name);
    }
    pthread_mutex_unlock(&instance->lock);
    text_release(&key);
}
