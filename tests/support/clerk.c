/* clerk.c: virtual time, so that waiting costs nothing. */
#include "support/clerk.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actors/host.h"
#include "adapters/inline/inline.h"
#include "base/memory.h"
#include "base/schema.h"
#include "loop/loop.h"

enum { TURN_BUFFERS = 8 };

/* --- The shop -----------------------------------------------------------------------------------
 */

static struct schema_option *list_options(void)
{
    struct schema_option *list = memory_new(inline_adapter.option_count, sizeof(*list));

    for (size_t i = 0; i < inline_adapter.option_count; i++) {
        const struct adapter_option *from = &inline_adapter.options[i];

        list[i] = (struct schema_option){
            from->key,     (enum schema_type)from->type, from->choices, from->minimum,
            from->maximum, from->default_text,           from->help};
    }
    return list;
}

void shop_open(struct shop *shop, const char *const *options)
{
    struct schema_option *schema_options = list_options();
    struct schema schema = {"adapter inline", schema_options, inline_adapter.option_count};
    struct schema_value *values = schema_values_new(&schema);
    struct adapter_setting *settings = memory_new(schema.option_count, sizeof(*settings));
    struct adapter_config config = {.struct_size = sizeof(config), .settings = settings};
    struct error error;
    char reterr[256];

    *shop = (struct shop){.loop = loop_simulated_new()};
    shop->host = host_new(shop->loop, NULL, NULL, 1, "shop");
    for (; options && options[0]; options += 2)
        if (schema_set(&schema, values, options[0], options[1], &error) < 0) {
            (void)fprintf(stderr, "%s\n", error.message);
            abort();
        }
    for (size_t i = 0; i < schema.option_count; i++)
        settings[i] = (struct adapter_setting){values[i].option->key, values[i].text,
                                               values[i].number, values[i].real};
    config.setting_count = schema.option_count;
    if (inline_adapter.create(host_port(shop->host), &config, &shop->instance, reterr) < 0)
        abort();
    schema_values_free(values, schema.option_count);
    free(schema_options);
    free(settings);
}

void shop_close(struct shop *shop)
{
    inline_adapter.destroy(shop->instance);
    host_free(shop->host);
    loop_free(shop->loop);
}

static void stop(struct shop *shop)
{
    shop->stop_count++;
    loop_stop(shop->loop);
}

static void run_until(struct shop *shop, const bool *is_done)
{
    int idle = 0;

    while (!*is_done) {
        uint64_t before = shop->stop_count;

        loop_run(shop->loop);
        idle += shop->stop_count == before;
        assert(*is_done || idle < 2); /* once may be an earlier stop; else nothing will happen */
    }
}

struct alarm {
    struct shop *shop;
    bool is_done;
};

static void on_alarm(void *context)
{
    struct alarm *alarm = context;

    alarm->is_done = true;
    stop(alarm->shop);
}

void shop_wait(struct shop *shop, uint64_t ns)
{
    struct alarm alarm = {.shop = shop};
    struct loop_timer timer = {0};

    loop_timer_start(shop->loop, &timer, loop_now_ns(shop->loop) + ns, on_alarm, &alarm);
    run_until(shop, &alarm.is_done);
}

uint64_t shop_now_ns(const struct shop *shop)
{
    return loop_now_ns(shop->loop);
}

/* --- Answers ------------------------------------------------------------------------------------
 */

static void clear_answer(struct clerk_answer *answer)
{
    for (size_t i = 0; i < answer->entry_count; i++)
        free(answer->entries[i].payload);
    free(answer->entries);
    free(answer->items);
    free(answer->item_ids);
    free(answer->text);
    *answer = (struct clerk_answer){0};
}

static char *copy_text(const struct adapter_text *text)
{
    char *copy = memory_new(text->size + 1, 1);

    if (text->size > 0)
        memcpy(copy, text->data, text->size);
    return copy;
}

static void copy_id(char id[64], const struct adapter_text *text)
{
    size_t size = text->size < 63 ? text->size : 63;

    if (size > 0)
        memcpy(id, text->data, size);
    id[size] = '\0';
}

static void copy_answer(struct clerk_answer *answer, const struct adapter_result *result)
{
    clear_answer(answer);
    answer->outcome = result->outcome;
    answer->error = result->error;
    answer->number = result->number;
    answer->entry_count = result->entry_count;
    answer->entries = memory_new(result->entry_count, sizeof(*answer->entries));
    for (size_t i = 0; i < result->entry_count; i++) {
        copy_id(answer->entries[i].id, &result->entries[i].id);
        answer->entries[i].payload = copy_text(&result->entries[i].payload);
        answer->entries[i].attempt = result->entries[i].attempt;
        answer->entries[i].flags = result->entries[i].flags;
    }
    answer->item_count = result->item_count;
    answer->items = memory_new(result->item_count, sizeof(*answer->items));
    answer->item_ids = memory_new(result->item_count, sizeof(*answer->item_ids));
    for (size_t i = 0; i < result->item_count; i++) {
        answer->items[i] = result->items[i];
        copy_id(answer->item_ids[i], &result->items[i].id);
    }
    answer->text = copy_text(&result->text);
}

static void hold(struct clerk *clerk)
{
    if (clerk->answer.entry_count == 0)
        return;
    clerk->held_count = clerk->answer.entry_count;
    clerk->held = memory_grow(clerk->held, clerk->held_count, sizeof(*clerk->held));
    for (size_t i = 0; i < clerk->held_count; i++)
        memcpy(clerk->held[i], clerk->answer.entries[i].id, sizeof(clerk->held[i]));
}

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct clerk *clerk = call->context;

    assert(!clerk->is_done);
    copy_answer(&clerk->answer, result);
    hold(clerk);
    clerk->is_done = true;
    stop(clerk->shop);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct clerk *clerk = call->context;
    const struct adapter_text *last = &entries[count - 1].payload;

    clerk->delivered_count += count;
    (void)snprintf(clerk->delivered, sizeof(clerk->delivered), "%.*s", (int)last->size, last->data);
}

/* --- Sessions -----------------------------------------------------------------------------------
 */

void clerk_open(struct clerk *clerk, struct shop *shop, const char *consumer)
{
    struct adapter_session_config config = {
        .struct_size = sizeof(config), .name = "clerk", .consumer = consumer};
    char reterr[256];

    *clerk = (struct clerk){.shop = shop};
    clerk->host = host_new(shop->loop, NULL, NULL, 1, "clerk");
    if (inline_adapter.open(shop->instance, host_port(clerk->host), &config, &clerk->session,
                            reterr) < 0)
        abort();
}

static void forget(struct clerk *clerk)
{
    clear_answer(&clerk->answer);
    free(clerk->held);
    clerk->held = NULL;
    host_free(clerk->host);
    clerk->session = NULL;
}

void clerk_close(struct clerk *clerk)
{
    inline_adapter.close(clerk->session);
    forget(clerk);
}

void clerk_abandon(struct clerk *clerk)
{
    inline_adapter.abandon(clerk->session);
    forget(clerk);
}

void clerk_begin(struct clerk *clerk, struct adapter_call call)
{
    clerk->call = call;
    clerk->call.struct_size = sizeof(call);
    clerk->call.done = on_done;
    clerk->call.deliver = on_deliver;
    clerk->call.context = clerk;
    clerk->is_done = false;
    inline_adapter.publish(clerk->session, &clerk->call); /* one function for all operations */
    assert(!clerk->is_done);
}

const struct clerk_answer *clerk_finish(struct clerk *clerk)
{
    run_until(clerk->shop, &clerk->is_done);
    return &clerk->answer;
}

const struct clerk_answer *clerk_do(struct clerk *clerk, struct adapter_call call)
{
    clerk_begin(clerk, call);
    return clerk_finish(clerk);
}

/* --- Short forms --------------------------------------------------------------------------------
 */

static struct adapter_text text_of(const char *string)
{
    return (struct adapter_text){string, strlen(string)};
}

const char *clerk_publish(struct clerk *clerk, const char *stream, const char *payload)
{
    static char ids[TURN_BUFFERS][64];
    static size_t turn;
    struct adapter_text item = text_of(payload);
    const struct clerk_answer *answer = clerk_do(
        clerk,
        (struct adapter_call){
            .operation = ADAPTER_OP_PUBLISH, .stream = stream, .items = &item, .item_count = 1});
    char *id = ids[turn++ % TURN_BUFFERS];

    memset(id, 0, sizeof(ids[0]));
    if (answer->item_count > 0)
        memcpy(id, answer->item_ids[0], sizeof(ids[0]));
    return id;
}

void clerk_publish_many(struct clerk *clerk, const char *stream, size_t first, size_t count)
{
    struct adapter_text *items = memory_new(count, sizeof(*items));
    char **payloads = memory_new(count, sizeof(char *));

    for (size_t i = 0; i < count; i++) {
        payloads[i] = memory_format("{\"n\": %zu}", first + i);
        items[i] = text_of(payloads[i]);
    }
    clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_PUBLISH,
                                          .stream = stream,
                                          .items = items,
                                          .item_count = count,
                                          .flags = ADAPTER_CALL_NO_IDS});
    for (size_t i = 0; i < count; i++)
        free(payloads[i]);
    free(payloads);
    free(items);
}

const struct clerk_answer *clerk_read(struct clerk *clerk, const char *stream, const char *group,
                                      int64_t count)
{
    return clerk_do(
        clerk, (struct adapter_call){
                   .operation = ADAPTER_OP_READ, .stream = stream, .group = group, .count = count});
}

static int number_of(const char *payload)
{
    static const char head[] = "{\"n\": ";

    if (strncmp(payload, head, sizeof(head) - 1) != 0)
        return -1;
    return (int)strtol(payload + sizeof(head) - 1, NULL, 10);
}

int clerk_next(struct clerk *clerk, const char *stream, const char *group)
{
    const struct clerk_answer *answer = clerk_do(
        clerk,
        (struct adapter_call){.operation = ADAPTER_OP_GET_NEXT, .stream = stream, .group = group});

    return answer->entry_count ? number_of(answer->entries[0].payload) : -1;
}

const struct clerk_answer *clerk_read_blocking(struct clerk *clerk, const char *stream,
                                               const char *group, int64_t count,
                                               int64_t duration_ms)
{
    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_READ_BLOCKING,
                                                 .stream = stream,
                                                 .group = group,
                                                 .count = count,
                                                 .duration_ms = duration_ms});
}

static bool settle(struct clerk *clerk, enum adapter_operation operation, const char *stream,
                   const char *group, const char *id)
{
    struct adapter_text item = text_of(id);
    const struct clerk_answer *answer =
        clerk_do(clerk, (struct adapter_call){.operation = operation,
                                              .stream = stream,
                                              .group = group,
                                              .items = &item,
                                              .item_count = 1});

    return answer->outcome == ADAPTER_DONE && answer->item_count == 1 && answer->items[0].number;
}

bool clerk_ack(struct clerk *clerk, const char *stream, const char *group, const char *id)
{
    return settle(clerk, ADAPTER_OP_ACK, stream, group, id);
}

bool clerk_nack(struct clerk *clerk, const char *stream, const char *group, const char *id)
{
    return settle(clerk, ADAPTER_OP_NACK, stream, group, id);
}

void clerk_ack_all(struct clerk *clerk, const char *stream, const char *group)
{
    struct adapter_text *items = memory_new(clerk->held_count, sizeof(*items));

    for (size_t i = 0; i < clerk->held_count; i++)
        items[i] = text_of(clerk->held[i]);
    clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_ACK,
                                          .stream = stream,
                                          .group = group,
                                          .items = items,
                                          .item_count = clerk->held_count});
    free(items);
}

size_t clerk_drain(struct clerk *clerk, const char *stream, const char *group)
{
    size_t count = 0;

    while (clerk_read(clerk, stream, group, 100)->entry_count > 0) {
        count += clerk->answer.entry_count;
        clerk_ack_all(clerk, stream, group);
    }
    return count;
}

int64_t clerk_ask(struct clerk *clerk, enum adapter_operation operation, const char *stream,
                  const char *group)
{
    return clerk_do(clerk,
                    (struct adapter_call){.operation = operation, .stream = stream, .group = group})
        ->number;
}

int64_t clerk_ask_item(struct clerk *clerk, enum adapter_operation operation, const char *stream,
                       const char *item)
{
    struct adapter_text text = text_of(item);

    return clerk_do(clerk,
                    (struct adapter_call){
                        .operation = operation, .stream = stream, .items = &text, .item_count = 1})
        ->number;
}

const char *clerk_text(struct clerk *clerk, enum adapter_operation operation)
{
    return clerk_do(clerk, (struct adapter_call){.operation = operation})->text;
}

const char *clerk_numbers(const struct clerk_answer *answer)
{
    static char buffers[TURN_BUFFERS][512];
    static size_t turn;
    char *text = buffers[turn++ % TURN_BUFFERS];
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < answer->entry_count && used < sizeof(buffers[0]) - 16; i++)
        used += (size_t)snprintf(text + used, sizeof(buffers[0]) - used, "%s%d", i ? " " : "",
                                 number_of(answer->entries[i].payload));
    return text;
}
