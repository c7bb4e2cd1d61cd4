/* letter.c: two calls in a row, publish and ack, with memory of their own: rare. */
#include "actors/letter.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "actors/host.h"
#include "actors/work.h"
#include "base/memory.h"
#include "base/text.h"

struct letter {
    struct adapter_call call; /* first member */
    struct consumer *consumer;
    struct ledger_delivery delivery;
    struct text id, payload, queue;
    struct adapter_text item;
    uint64_t invoked_ns;
};

bool letter_is_due(const struct consumer *consumer, const struct ledger_delivery *delivery)
{
    const struct consumer_spec *spec = consumer->working;
    const struct adapter_profile *profile = spec->broker->profile;

    return work_rejects(spec) && delivery->count > spec->max_retries &&
           (!profile || profile->retry_budget == 0) &&
           endpoint_declares(&consumer->endpoint, ADAPTER_DEAD_LETTER_QUEUE | ADAPTER_ACK_NACK) &&
           work_is_rejected(spec, delivery);
}

static void append_time(struct text *text, uint64_t wall_ms)
{
    time_t seconds = (time_t)(wall_ms / 1000u);
    struct tm parts;
    char stamp[32];

    if (gmtime_r(&seconds, &parts) &&
        strftime(stamp, sizeof(stamp), "%Y-%m-%dT%H:%M:%S+00:00", &parts) > 0)
        text_append_string(text, stamp);
}

/* The payload's own text with one more key before its last brace. */
static void write_payload(struct letter *letter, const struct adapter_entry *entry)
{
    const struct consumer_spec *spec = letter->consumer->spec;
    const struct adapter_host *host = host_port(letter->consumer->endpoint.host);
    struct text *text = &letter->payload;
    size_t size = entry->payload.size;

    while (size > 0 && entry->payload.data[size - 1] != '}')
        size--;
    text_append(text, entry->payload.data, size > 0 ? size - 1 : 0);
    text_append_string(text, ", \"_dlq_metadata\": {\"original_stream\": ");
    text_append_json(text, spec->stream, strlen(spec->stream));
    text_append_string(text, ", \"original_id\": ");
    text_append_json(text, entry->id.data, entry->id.size);
    text_append_string(text, ", \"consumer_group\": ");
    text_append_json(text, spec->group, strlen(spec->group));
    text_append_string(text, ", \"consumer\": ");
    text_append_json(text, spec->name, strlen(spec->name));
    text_append_string(text, ", \"failed_at\": \"");
    append_time(text, host->wall_ms(host));
    text_appendf(text, "\", \"retry_count\": %u}}", (unsigned)letter->delivery.count - 1u);
}

static void end_letter(struct letter *letter)
{
    struct consumer *consumer = letter->consumer;

    text_release(&letter->id);
    text_release(&letter->payload);
    text_release(&letter->queue);
    free(letter);
    consumer->letter_count--;
    if (consumer->is_stopping && !consumer->is_stopped)
        loop_timer_start(consumer->endpoint.loop, &consumer->read_timer, 0, consumer_stop_if_empty,
                         consumer);
}

static void start(struct letter *letter, uint32_t operation, const char *stream,
                  const struct text *item,
                  void (*done)(struct adapter_call *call, const struct adapter_result *result))
{
    struct consumer *consumer = letter->consumer;

    letter->item = (struct adapter_text){.data = text_string(item), .size = item->size};
    letter->invoked_ns = loop_now_ns(consumer->endpoint.loop);
    letter->call =
        (struct adapter_call){.struct_size = sizeof(letter->call),
                              .operation = operation,
                              .stream = stream,
                              .group = consumer->spec->group,
                              .items = &letter->item,
                              .item_count = 1,
                              .deadline_ns = letter->invoked_ns + consumer->spec->timeout_ns,
                              .done = done};
    endpoint_start(consumer->settling, &letter->call);
}

static void on_acked(struct adapter_call *call, const struct adapter_result *result)
{
    struct letter *letter = (struct letter *)call;
    struct consumer *consumer = letter->consumer;
    int64_t number = result->item_count == 1 ? result->items[0].number : result->number;
    bool is_accepted = result->outcome == ADAPTER_DONE && number != 0;

    ledger_settle(consumer->receiver, LEDGER_ACK, &letter->delivery, 1,
                  (enum adapter_outcome)result->outcome, is_accepted, letter->invoked_ns,
                  loop_now_ns(consumer->endpoint.loop));
    if (is_accepted)
        consumer->tally.acked++;
    end_letter(letter);
}

static void on_buried(struct adapter_call *call, const struct adapter_result *result)
{
    struct letter *letter = (struct letter *)call;
    struct consumer *consumer = letter->consumer;

    if (result->outcome != ADAPTER_DONE || consumer->is_stopped || consumer->is_away) {
        tally_error(&consumer->tally, "dead letter", result->error, result->detail);
        end_letter(letter);
        return;
    }
    start(letter, ADAPTER_OP_ACK, consumer->spec->stream, &letter->id, on_acked);
}

void letter_send(struct consumer *consumer, const struct ledger_delivery *delivery,
                 const struct adapter_entry *entry)
{
    struct letter *letter = memory_new(1, sizeof(*letter));

    letter->consumer = consumer;
    letter->delivery = *delivery;
    text_append(&letter->id, entry->id.data, entry->id.size);
    text_appendf(&letter->queue, "%s:dlq", consumer->spec->stream);
    write_payload(letter, entry);
    consumer->letter_count++;
    start(letter, ADAPTER_OP_PUBLISH, text_string(&letter->queue), &letter->payload, on_buried);
}
