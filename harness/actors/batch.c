/* batch.c: memory that is reused from read to read. */
#include "actors/batch.h"

#include <stdlib.h>
#include <string.h>

#include "actors/work.h"
#include "base/memory.h"

void batch_init(struct batch *batch, void *owner,
                void (*settled)(struct adapter_call *call, const struct adapter_result *result))
{
    *batch = (struct batch){.owner = owner, .settled = settled};
}

void batch_reserve(struct batch *batch, size_t capacity)
{
    if (capacity <= batch->capacity)
        return;
    batch->deliveries = memory_grow(batch->deliveries, capacity, sizeof(*batch->deliveries));
    batch->ids = memory_grow(batch->ids, capacity, sizeof(*batch->ids));
    batch->settles = memory_grow(batch->settles, capacity, sizeof(*batch->settles));
    for (size_t i = 0; i < capacity; i++)
        batch->settles[i] = (struct settle){
            .batch = batch,
            .call = {.struct_size = sizeof(struct adapter_call), .done = batch->settled}};
    batch->capacity = capacity;
}

void batch_release(struct batch *batch)
{
    free(batch->deliveries);
    free(batch->ids);
    free(batch->id_bytes);
    free(batch->settles);
}

void batch_keep_ids(struct batch *batch, const struct adapter_entry *entries, size_t count)
{
    size_t size = 0, used = 0;

    for (size_t i = 0; i < count; i++)
        size += entries[i].id.size;
    if (size > batch->id_capacity) {
        batch->id_bytes = memory_grow(batch->id_bytes, size, 1);
        batch->id_capacity = size;
    }
    for (size_t i = 0; i < count; i++) {
        if (entries[i].id.size > 0)
            memcpy(batch->id_bytes + used, entries[i].id.data, entries[i].id.size);
        batch->ids[i].data = batch->id_bytes + used;
        batch->ids[i].size = entries[i].id.size;
        used += entries[i].id.size;
    }
    batch->count = count;
    batch->worked = batch->settle_count = batch->settling_count = 0;
}

/* Stable: messages are moved behind the mark one by one; nacks are rare. */
static void move_to_end(struct batch *batch, size_t index)
{
    struct ledger_delivery delivery = batch->deliveries[index];
    struct adapter_text id = batch->ids[index];
    size_t behind = batch->count - index - 1;

    memmove(&batch->deliveries[index], &batch->deliveries[index + 1],
            behind * sizeof(*batch->deliveries));
    memmove(&batch->ids[index], &batch->ids[index + 1], behind * sizeof(*batch->ids));
    batch->deliveries[batch->count - 1] = delivery;
    batch->ids[batch->count - 1] = id;
}

size_t batch_part(struct batch *batch, const struct consumer_spec *spec)
{
    size_t acked = batch->count, i = 0;

    if (!work_rejects(spec))
        return acked;
    while (i < acked) {
        if (work_is_rejected(spec, &batch->deliveries[i])) {
            move_to_end(batch, i);
            acked--;
        } else {
            i++;
        }
    }
    return acked;
}

struct settle *batch_settle(struct batch *batch, enum ledger_settling settling, size_t first,
                            size_t count)
{
    struct settle *settle = &batch->settles[batch->settle_count++];

    settle->settling = settling;
    settle->first = first;
    settle->count = count;
    settle->call.operation = settling == LEDGER_ACK ? ADAPTER_OP_ACK : ADAPTER_OP_NACK;
    settle->call.items = batch->ids + first;
    settle->call.item_count = count;
    settle->call.adapter = NULL;
    batch->settling_count++;
    return settle;
}
