/* producer_slots.c: the memory of a producer's calls, made once. */
#include <stdlib.h>

#include "actors/producer_parts.h"
#include "base/memory.h"

static void init_slot(struct producer *producer, struct slot *slot)
{
    slot->producer = producer;
    slot->call.struct_size = sizeof(slot->call);
    slot->call.operation = ADAPTER_OP_PUBLISH;
    slot->call.flags = ADAPTER_CALL_NO_IDS;
    slot->call.done = producer_on_published;
    slot->intended_ns = memory_new(producer->batch, sizeof(*slot->intended_ns));
    slot->items = memory_new(producer->batch, sizeof(*slot->items));
    slot->payloads = memory_new(producer->batch, producer->payload_capacity);
    for (size_t i = 0; i < producer->batch; i++)
        payload_prepare(&producer->maker, slot->payloads + i * producer->payload_capacity);
}

void producer_init_slots(struct producer *producer)
{
    uint64_t in_flight = producer->spec->in_flight;
    uint64_t batch = producer->spec->batch;

    if (batch == 0)
        batch = in_flight < 4 ? 1 : in_flight / 4;
    if (in_flight == 0)
        in_flight = 1;
    if (batch > in_flight)
        batch = in_flight;
    producer->batch = (size_t)batch;
    producer->payload_capacity = payload_size_max(&producer->maker);
    producer->slot_count = (size_t)(in_flight / batch);
    producer->slots = memory_new(producer->slot_count, sizeof(*producer->slots));
    for (size_t i = 0; i < producer->slot_count; i++)
        init_slot(producer, &producer->slots[i]);
}

void producer_release_slots(struct producer *producer)
{
    for (size_t i = 0; i < producer->slot_count; i++) {
        free(producer->slots[i].intended_ns);
        free(producer->slots[i].items);
        free(producer->slots[i].payloads);
    }
    free(producer->slots);
}
