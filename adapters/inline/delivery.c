/* delivery.c: runs in an array by position, singles in a map, both in a heap when something is due.
 */
#include "adapters/inline/delivery.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/inline/member.h"
#include "base/memory.h"

static struct inline_delivery *make(struct inline_deliveries *deliveries)
{
    struct inline_delivery *delivery = deliveries->free;

    if (!delivery)
        return memory_new(1, sizeof(*delivery));
    deliveries->free = delivery->next_free;
    *delivery = (struct inline_delivery){0};
    return delivery;
}

void inline_delivery_place(struct inline_delivery *delivery, struct heap *heap, uint64_t key)
{
    if (delivery->heap && delivery->heap != heap)
        heap_remove(delivery->heap, &delivery->node);
    if (heap)
        heap_insert(heap, &delivery->node, key);
    delivery->heap = heap;
}

void inline_delivery_assign(struct inline_delivery *delivery, struct inline_member *member,
                            uint64_t session)
{
    struct inline_member *before = delivery->member;

    delivery->session = session;
    if (before == member)
        return;
    delivery->member = member;
    if (member)
        member->delivery_count++;
    if (before)
        inline_member_unuse(before);
}

/* --- Runs ---------------------------------------------------------------------------------------
 */

static struct inline_delivery **runs_begin(const struct inline_deliveries *deliveries)
{
    return deliveries->runs + deliveries->run_first;
}

struct inline_delivery *inline_deliveries_add_run(struct inline_deliveries *deliveries,
                                                  uint64_t from, uint64_t to, uint64_t left)
{
    struct inline_delivery *run = make(deliveries);

    run->from = from;
    run->to = to;
    run->left = left;
    if (deliveries->run_first + deliveries->run_count == deliveries->run_capacity) {
        if (deliveries->run_first > deliveries->run_count) {
            memcpy(deliveries->runs, runs_begin(deliveries),
                   deliveries->run_count * sizeof(struct inline_delivery *));
            deliveries->run_first = 0;
        } else {
            deliveries->run_capacity = deliveries->run_capacity ? deliveries->run_capacity * 2 : 8;
            deliveries->runs = memory_grow(deliveries->runs, deliveries->run_capacity,
                                           sizeof(struct inline_delivery *));
        }
    }
    runs_begin(deliveries)[deliveries->run_count++] = run;
    return run;
}

/* Index of the first run that ends after a position. */
static size_t find_run(const struct inline_deliveries *deliveries, uint64_t position)
{
    struct inline_delivery *const *runs = runs_begin(deliveries);
    size_t low = 0, high = deliveries->run_count;

    if (high > 0 && position < runs[0]->to)
        return 0;
    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (runs[middle]->to <= position)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct inline_delivery *inline_deliveries_run(const struct inline_deliveries *deliveries,
                                              uint64_t position)
{
    size_t index = find_run(deliveries, position);
    struct inline_delivery *run;

    if (index == deliveries->run_count)
        return NULL;
    run = runs_begin(deliveries)[index];
    return position >= run->from ? run : NULL;
}

static void remove_run(struct inline_deliveries *deliveries, const struct inline_delivery *run)
{
    size_t index = find_run(deliveries, run->to - 1); /* `from` may have moved up to it */
    struct inline_delivery **runs = runs_begin(deliveries);

    deliveries->run_count--;
    if (index == 0)
        deliveries->run_first++;
    else
        memmove(runs + index, runs + index + 1,
                (deliveries->run_count - index) * sizeof(struct inline_delivery *));
}

/* --- Singles ------------------------------------------------------------------------------------
 */

struct inline_delivery *inline_deliveries_single(const struct inline_deliveries *deliveries,
                                                 uint64_t position)
{
    return map_get(&deliveries->singles, &position, sizeof(position));
}

struct inline_delivery *inline_deliveries_detach(struct inline_deliveries *deliveries,
                                                 struct inline_window *window,
                                                 struct inline_delivery *run, uint64_t position)
{
    struct inline_delivery *single = make(deliveries);

    *single = *run;
    single->node = (struct heap_node){0};
    single->heap = NULL;
    single->member = NULL;
    single->is_single = true;
    single->from = position;
    single->to = position + 1;
    single->left = 1;
    inline_delivery_assign(single, run->member, run->session);
    inline_window_detach(window, position);
    map_set(&deliveries->singles, &position, sizeof(position), single);
    inline_deliveries_settled(deliveries, run, 1);
    return single;
}

/* --- Both ---------------------------------------------------------------------------------------
 */

static void drop(struct inline_deliveries *deliveries, struct inline_delivery *delivery)
{
    inline_delivery_place(delivery, NULL, 0);
    inline_delivery_assign(delivery, NULL, 0);
    if (delivery->is_single)
        map_remove(&deliveries->singles, &delivery->from, sizeof(delivery->from));
    else
        remove_run(deliveries, delivery);
    delivery->next_free = deliveries->free;
    deliveries->free = delivery;
}

void inline_deliveries_settled(struct inline_deliveries *deliveries,
                               struct inline_delivery *delivery, uint64_t count)
{
    delivery->left -= count;
    if (delivery->left == 0)
        drop(deliveries, delivery);
}

void inline_deliveries_each(struct inline_deliveries *deliveries,
                            void (*visit)(void *context, struct inline_delivery *delivery),
                            void *context)
{
    for (size_t i = 0; i < deliveries->run_count; i++)
        visit(context, runs_begin(deliveries)[i]);
    for (size_t i = 0; i < deliveries->singles.count; i++)
        if (deliveries->singles.entries[i].value)
            visit(context, deliveries->singles.entries[i].value);
}

void inline_deliveries_release(struct inline_deliveries *deliveries)
{
    struct inline_delivery *next;

    heap_release(&deliveries->timed); /* first: it takes leave of its nodes */
    heap_release(&deliveries->ready);
    for (size_t i = 0; i < deliveries->run_count; i++)
        free(runs_begin(deliveries)[i]);
    for (size_t i = 0; i < deliveries->singles.count; i++)
        free(deliveries->singles.entries[i].value);
    for (struct inline_delivery *delivery = deliveries->free; delivery; delivery = next) {
        next = delivery->next_free;
        free(delivery);
    }
    free(deliveries->runs);
    map_release(&deliveries->singles);
    *deliveries = (struct inline_deliveries){0};
}
