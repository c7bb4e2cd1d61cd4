/* redis_desk.c: a loop that is turned until the call under way is answered. */
#include "support/redis_desk.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actors/host.h"
#include "base/memory.h"
#include "link/link.h"
#include "loop/loop.h"
#include "port.h"
#include "registry.h"

#define TIMEOUT_NS 5000000000u

static void keep_line(struct log *log, enum log_level level, const char *line)
{
    struct desk *desk = log->context;
    size_t used = strlen(desk->log_text);

    (void)level;
    (void)snprintf(desk->log_text + used, sizeof(desk->log_text) - used, "%s\n", line);
}

static char *copy_text(struct adapter_text text)
{
    char *copy = memory_new(text.size + 1, 1);

    if (text.size)
        memcpy(copy, text.data, text.size);
    return copy;
}

static void clear_answer(struct desk_answer *answer)
{
    for (size_t i = 0; i < answer->entry_count; i++)
        free(answer->entries[i].payload);
    free(answer->text);
    answer->text = NULL;
    answer->entry_count = answer->item_count = 0;
}

static void keep_entries(struct desk_answer *answer, const struct adapter_result *result)
{
    for (size_t i = 0; i < result->entry_count && i < DESK_ENTRY_MAX; i++) {
        const struct adapter_entry *entry = &result->entries[i];

        (void)snprintf(answer->entries[i].id, sizeof(answer->entries[i].id), "%.*s",
                       (int)entry->id.size, entry->id.data ? entry->id.data : "");
        answer->entries[i].payload = copy_text(entry->payload);
        answer->entries[i].attempt = entry->attempt;
        answer->entries[i].flags = entry->flags;
        answer->entry_count++;
    }
    for (size_t i = 0; i < result->item_count && i < DESK_ENTRY_MAX; i++) {
        const struct adapter_item *item = &result->items[i];

        answer->items[i] = *item;
        (void)snprintf(answer->ids[i], sizeof(answer->ids[i]), "%.*s", (int)item->id.size,
                       item->id.data ? item->id.data : "");
        answer->item_count++;
    }
}

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct desk *desk = call->context;
    struct desk_answer *answer = &desk->answer;

    clear_answer(answer);
    answer->outcome = result->outcome;
    answer->error = result->error;
    answer->attempts = result->attempts;
    answer->flags = result->flags;
    answer->number = result->number;
    (void)snprintf(answer->detail, sizeof(answer->detail), "%s",
                   result->detail ? result->detail : "");
    answer->text = copy_text(result->text);
    keep_entries(answer, result);
    desk->is_done = true;
    loop_stop(desk->loop);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct desk *desk = call->context;

    if (count)
        (void)snprintf(desk->delivered_payload, sizeof(desk->delivered_payload), "%.*s",
                       (int)entries[count - 1].payload.size, entries[count - 1].payload.data);
    desk->delivered += count;
}

static int open_session(struct desk *desk, const char *consumer)
{
    struct adapter_session_config config = {
        .struct_size = sizeof(config), .name = "tester", .consumer = consumer};

    return desk->adapter->open(desk->instance, &desk->cut.port, &config, &desk->session,
                               desk->answer.detail);
}

static void make_world(struct desk *desk, const struct broker_adapter *adapter)
{
    memset(desk, 0, sizeof(*desk));
    desk->adapter = adapter;
    desk->log = (struct log){.level = LOG_DEBUG, .write = keep_line, .context = desk};
    desk->loop = loop_real_new(0, NULL);
    desk->dialer = link_dialer_real_new();
    desk->host = host_new(desk->loop, desk->dialer, &desk->log, 1, "tester");
    cut_host_init(&desk->cut, host_port(desk->host));
}

static void free_world(struct desk *desk)
{
    cut_host_release(&desk->cut);
    host_free(desk->host);
    link_dialer_free(desk->dialer);
    loop_free(desk->loop);
    clear_answer(&desk->answer);
}

static int create_instance(struct desk *desk, const char *uri, const char *const *options)
{
    struct schema_option *schema_options;
    struct schema schema = registry_schema(desk->adapter, &schema_options);
    struct schema_value *values = schema_values_new(&schema);
    struct adapter_setting *settings = memory_new(schema.option_count + 1, sizeof(*settings));
    struct adapter_config config = {.struct_size = sizeof(config),
                                    .uri = uri,
                                    .settings = settings,
                                    .setting_count = schema.option_count};
    int result = 0;

    for (size_t i = 0; options && options[i]; i += 2)
        result |= schema_set(&schema, values, options[i], options[i + 1], NULL);
    for (size_t i = 0; i < schema.option_count; i++)
        settings[i] = (struct adapter_setting){schema.options[i].key, values[i].text,
                                               values[i].number, values[i].real};
    if (!result)
        result = desk->adapter->create(host_port(desk->host), &config, &desk->instance,
                                       desk->answer.detail);
    free(settings);
    schema_values_free(values, schema.option_count);
    free(schema_options);
    return result;
}

int desk_open(struct desk *desk, const struct broker_adapter *adapter, const char *uri,
              const char *consumer, const char *const *options)
{
    make_world(desk, adapter);
    desk->owns_instance = true;
    if (create_instance(desk, uri, options) == 0 && open_session(desk, consumer) == 0)
        return 0;
    if (desk->instance)
        adapter->destroy(desk->instance);
    free_world(desk);
    return -1;
}

int desk_join(struct desk *desk, struct desk *other, const char *consumer)
{
    make_world(desk, other->adapter);
    desk->instance = other->instance;
    return open_session(desk, consumer);
}

static void end(struct desk *desk)
{
    if (desk->owns_instance)
        desk->adapter->destroy(desk->instance);
    desk_wait(desk, 1000000); /* what was queued is written */
    free_world(desk);
}

void desk_close(struct desk *desk)
{
    desk->adapter->close(desk->session);
    end(desk);
}

void desk_abandon(struct desk *desk)
{
    desk->adapter->abandon(desk->session);
    end(desk);
}

void desk_begin(struct desk *desk, struct adapter_call *call)
{
    call->struct_size = sizeof(*call);
    call->done = on_done;
    call->deliver = on_deliver;
    call->context = desk;
    if (!call->deadline_ns)
        call->deadline_ns = loop_now_ns(desk->loop) + TIMEOUT_NS;
    desk->is_done = false;
    port_start(desk->adapter, desk->adapter->capabilities, host_port(desk->host), desk->session,
               call);
}

const struct desk_answer *desk_finish(struct desk *desk)
{
    while (!desk->is_done)
        loop_run(desk->loop);
    return &desk->answer;
}

const struct desk_answer *desk_do(struct desk *desk, struct adapter_call *call)
{
    desk_begin(desk, call);
    return desk_finish(desk);
}

static void on_waited(void *context)
{
    loop_stop(context);
}

void desk_wait(struct desk *desk, uint64_t ns)
{
    struct loop_timer timer = {0};
    uint64_t until = loop_now_ns(desk->loop) + ns;

    while (loop_now_ns(desk->loop) < until) {
        loop_timer_start(desk->loop, &timer, until, on_waited, desk->loop);
        loop_run(desk->loop);
    }
    loop_timer_stop(desk->loop, &timer);
}

const struct desk_answer *desk_publish(struct desk *desk, const char *stream, const char *payload)
{
    struct adapter_text item = {payload, strlen(payload)};
    struct adapter_call call = {
        .operation = ADAPTER_OP_PUBLISH, .stream = stream, .items = &item, .item_count = 1};

    return desk_do(desk, &call);
}

const struct desk_answer *desk_read(struct desk *desk, const char *stream, const char *group,
                                    int64_t count)
{
    struct adapter_call call = {
        .operation = ADAPTER_OP_READ, .stream = stream, .group = group, .count = count};

    return desk_do(desk, &call);
}

const struct desk_answer *desk_read_blocking(struct desk *desk, const char *stream,
                                             const char *group, int64_t count, int64_t duration_ms)
{
    struct adapter_call call = {.operation = ADAPTER_OP_READ_BLOCKING,
                                .stream = stream,
                                .group = group,
                                .count = count,
                                .duration_ms = duration_ms};

    return desk_do(desk, &call);
}

static const struct desk_answer *settle(struct desk *desk, enum adapter_operation operation,
                                        const char *stream, const char *group, const char *id)
{
    struct adapter_text item = {id, strlen(id)};
    struct adapter_call call = {.operation = (uint32_t)operation,
                                .stream = stream,
                                .group = group,
                                .items = &item,
                                .item_count = 1};

    return desk_do(desk, &call);
}

const struct desk_answer *desk_ack(struct desk *desk, const char *stream, const char *group,
                                   const char *id)
{
    return settle(desk, ADAPTER_OP_ACK, stream, group, id);
}

const struct desk_answer *desk_nack(struct desk *desk, const char *stream, const char *group,
                                    const char *id)
{
    return settle(desk, ADAPTER_OP_NACK, stream, group, id);
}

const struct desk_answer *desk_ask(struct desk *desk, enum adapter_operation operation,
                                   const char *stream, const char *group)
{
    struct adapter_call call = {.operation = (uint32_t)operation, .stream = stream, .group = group};

    return desk_do(desk, &call);
}
