/* trouble_ack.c: acknowledgements that come twice, late, or for nothing; rare, so each has memory
   of its own. */
#include <stdlib.h>
#include <string.h>

#include "actors/trouble_parts.h"
#include "base/memory.h"

struct extra {
    struct adapter_call call; /* first member */
    struct consumer *consumer;
    struct trouble *trouble; /* of an ack of an unknown id: it is over with the answer */
    struct loop_timer timer;
    struct ledger_delivery *deliveries;
    struct adapter_text *ids;
    char *id_bytes;
    size_t count;
    uint64_t invoked_ns;
    struct extra *next;
};

/* Copies the ids. */
static struct extra *new_extra(struct consumer *consumer, const struct ledger_delivery *deliveries,
                               const struct adapter_text *ids, size_t count)
{
    struct extra *extra = memory_new(1, sizeof(*extra));
    size_t size = 0, at = 0;

    for (size_t i = 0; i < count; i++)
        size += ids[i].size;
    extra->consumer = consumer;
    extra->count = count;
    extra->deliveries = memory_new(count, sizeof(*extra->deliveries));
    extra->ids = memory_new(count, sizeof(*extra->ids));
    extra->id_bytes = memory_new(size + 1, 1);
    if (deliveries)
        memcpy(extra->deliveries, deliveries, count * sizeof(*deliveries));
    for (size_t i = 0; i < count; i++) {
        memcpy(extra->id_bytes + at, ids[i].data, ids[i].size);
        extra->ids[i] = (struct adapter_text){.data = extra->id_bytes + at, .size = ids[i].size};
        at += ids[i].size;
    }
    extra->next = consumer->extras;
    consumer->extras = extra;
    consumer->letter_count++;
    return extra;
}

static void end_extra(struct extra *extra)
{
    struct consumer *consumer = extra->consumer;

    for (struct extra **link = &consumer->extras; *link; link = &(*link)->next)
        if (*link == extra) {
            *link = extra->next;
            break;
        }
    loop_timer_stop(consumer->endpoint.loop, &extra->timer);
    free(extra->deliveries);
    free(extra->ids);
    free(extra->id_bytes);
    free(extra);
    consumer->letter_count--;
    if (consumer->is_stopping && !consumer->is_stopped)
        loop_timer_start(consumer->endpoint.loop, &consumer->read_timer, 0, consumer_stop_if_empty,
                         consumer);
}

void trouble_drop_extras(struct consumer *consumer)
{
    while (consumer->extras)
        end_extra(consumer->extras);
}

static void book(const struct extra *extra, const struct adapter_result *result, uint64_t now)
{
    struct ledger_receiver *receiver = extra->consumer->receiver;

    for (size_t i = 0; i < extra->count; i++) {
        bool has_items = result->item_count == extra->count;
        uint32_t outcome = has_items ? result->items[i].outcome : result->outcome;
        int64_t number = has_items ? result->items[i].number : result->number;

        ledger_settle(receiver, LEDGER_ACK, &extra->deliveries[i], 1, (enum adapter_outcome)outcome,
                      outcome == ADAPTER_DONE && number != 0, extra->invoked_ns, now);
        if (outcome == ADAPTER_DONE && number != 0)
            extra->consumer->tally.acked++;
    }
}

static void on_answered(struct adapter_call *call, const struct adapter_result *result)
{
    struct extra *extra = (struct extra *)call;
    struct trouble *trouble = extra->trouble;
    struct consumer *consumer = extra->consumer;
    uint64_t now = loop_now_ns(consumer->endpoint.loop);

    if (trouble)
        trouble_tell(trouble, 1, now);
    else
        book(extra, result, now);
    end_extra(extra);
    if (trouble)
        consumer_relieve(consumer, trouble);
}

static void send(void *context)
{
    struct extra *extra = context;
    struct consumer *consumer = extra->consumer;

    if (consumer->is_away || consumer->is_stopped) {
        end_extra(extra);
        return;
    }
    extra->invoked_ns = loop_now_ns(consumer->endpoint.loop);
    extra->call =
        (struct adapter_call){.struct_size = sizeof(extra->call),
                              .operation = ADAPTER_OP_ACK,
                              .stream = consumer->spec->stream,
                              .group = consumer->spec->group,
                              .items = extra->ids,
                              .item_count = extra->count,
                              .deadline_ns = extra->invoked_ns + consumer->spec->timeout_ns,
                              .done = on_answered};
    endpoint_start(consumer->settling, &extra->call);
}

static void send_later(struct extra *extra, uint64_t delay_ns)
{
    struct loop *loop = extra->consumer->endpoint.loop;

    loop_timer_start(loop, &extra->timer, loop_now_ns(loop) + delay_ns, send, extra);
}

void trouble_ack_again(struct consumer *consumer, struct trouble *trouble,
                       const struct settle *settle)
{
    const struct batch *batch = settle->batch;

    (void)trouble;
    send_later(new_extra(consumer, batch->deliveries + settle->first, batch->ids + settle->first,
                         settle->count),
               0);
}

void trouble_ack_late(struct consumer *consumer, struct trouble *trouble, const struct batch *batch,
                      size_t first, size_t count)
{
    send_later(new_extra(consumer, batch->deliveries + first, batch->ids + first, count),
               trouble->delay_ns);
}

void trouble_ack_id(struct consumer *consumer, struct trouble *trouble)
{
    struct adapter_text id = {.data = trouble->id, .size = strlen(trouble->id)};
    struct extra *extra = new_extra(consumer, NULL, &id, 1);

    extra->trouble = trouble;
    send_later(extra, 0);
}
