/* bytes.c: pages are found by arithmetic, made on first use, and published once. */
#include "ledger/bytes.h"

#include <stdbool.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "base/memory.h"

#define FIRST_SIZE (1u << BYTES_FIRST_BITS)
#define PAGE_SIZE  (1u << BYTES_PAGE_BITS)

struct place {
    _Atomic(void *) *slot; /* of the page; NULL when its row is missing */
    uint64_t first, size;
};

static unsigned highest_bit(uint64_t value)
{
    return 63u - (unsigned)__builtin_clzll(value);
}

/* Zeroes.  Large ones are made present at once: a fault for every 4096 bytes cost as much as what
   is then written there. */
static void *make_block(size_t size)
{
    void *block;

    if (size < PAGE_SIZE)
        return memory_new(size, 1);
    block =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (block == MAP_FAILED)
        memory_give_up(1, size);
    return block;
}

static void free_block(void *block, size_t size)
{
    if (size < PAGE_SIZE)
        free(block);
    else if (block)
        (void)munmap(block, size);
}

static size_t size_of_page(uint64_t bytes)
{
    return bytes + (bytes >> BYTES_STAMP_BITS) * sizeof(uint32_t);
}

/* What the slot points to, made when it is missing.  Of two threads that make it, one wins. */
static void *reach_block(struct bytes *bytes, _Atomic(void *) *slot, size_t size)
{
    void *found = atomic_load_explicit(slot, memory_order_acquire);
    void *made;

    if (found)
        return found;
    made = make_block(size);
    if (atomic_compare_exchange_strong_explicit(slot, &found, made, memory_order_acq_rel,
                                                memory_order_acquire)) {
        atomic_fetch_add_explicit(&bytes->held, size, memory_order_relaxed);
        return made;
    }
    free_block(made, size);
    return found;
}

static struct place find_small(struct bytes *bytes, uint64_t index)
{
    unsigned order = index < FIRST_SIZE ? 0 : highest_bit(index >> BYTES_FIRST_BITS) + 1;
    uint64_t first = order == 0 ? 0 : (uint64_t)FIRST_SIZE << (order - 1);

    return (struct place){
        .slot = &bytes->small[order], .first = first, .size = order == 0 ? FIRST_SIZE : first};
}

static struct place find_large(struct bytes *bytes, uint64_t index, bool can_grow)
{
    uint64_t number = index >> BYTES_PAGE_BITS;
    unsigned row = highest_bit(number);
    uint64_t length = 1ull << row;
    struct place place = {.first = number << BYTES_PAGE_BITS, .size = PAGE_SIZE};
    _Atomic(void *) *slots;

    if (can_grow)
        slots = reach_block(bytes, &bytes->rows[row], length * sizeof(*slots));
    else
        slots = atomic_load_explicit(&bytes->rows[row], memory_order_acquire);
    if (slots)
        place.slot = &slots[number - length];
    return place;
}

static struct place find_place(struct bytes *bytes, uint64_t index, bool can_grow)
{
    return index < PAGE_SIZE ? find_small(bytes, index) : find_large(bytes, index, can_grow);
}

static struct bytes_page page_of(void *memory, const struct place *place)
{
    return (struct bytes_page){.bytes = memory,
                               .memory = memory,
                               .stamps = (void *)((char *)memory + place->size),
                               .first = place->first,
                               .size = place->size};
}

struct bytes_page bytes_find(struct bytes *bytes, uint64_t index)
{
    struct place place = {0};
    void *memory = NULL;

    if (index >> BYTES_INDEX_BITS)
        return (struct bytes_page){0};
    place = find_place(bytes, index, false);
    if (place.slot)
        memory = atomic_load_explicit(place.slot, memory_order_acquire);
    return memory ? page_of(memory, &place) : (struct bytes_page){0};
}

struct bytes_page bytes_reach(struct bytes *bytes, uint64_t index)
{
    struct place place = find_place(bytes, index, true);

    return page_of(reach_block(bytes, place.slot, size_of_page(place.size)), &place);
}

static void release_row(void *row, uint64_t length)
{
    _Atomic(void *) *slots = row;

    for (uint64_t i = 0; slots && i < length; i++)
        free_block(atomic_load_explicit(&slots[i], memory_order_relaxed), size_of_page(PAGE_SIZE));
    free_block(row, length * sizeof(*slots));
}

void bytes_release(struct bytes *bytes)
{
    for (unsigned i = 0; i < BYTES_SMALL_PAGES; i++)
        free(atomic_exchange_explicit(&bytes->small[i], NULL, memory_order_relaxed));
    for (unsigned i = 0; i < BYTES_ROWS; i++)
        release_row(atomic_exchange_explicit(&bytes->rows[i], NULL, memory_order_relaxed),
                    1ull << i);
    atomic_store_explicit(&bytes->held, 0, memory_order_relaxed);
}
