/* window.c: bits in a ring of words; what is settled at the low end is given back at once. */
#include "adapters/inline/window.h"

#include <stdlib.h>

#include "base/memory.h"

enum { WORD_BITS = 64, WORD_COUNT_FIRST = 4 };

static struct inline_word *word_of(const struct inline_window *window, uint64_t position)
{
    return &window->words[(position / WORD_BITS) & (window->word_count - 1)];
}

/* The bits of [from, to) that lie in the word of `from`. */
static uint64_t mask_of(uint64_t from, uint64_t to)
{
    uint64_t shift = from % WORD_BITS;
    uint64_t count = to - from < WORD_BITS - shift ? to - from : WORD_BITS - shift;

    return (count == WORD_BITS ? UINT64_MAX : (UINT64_C(1) << count) - 1) << shift;
}

static uint64_t next_word(uint64_t position)
{
    return (position / WORD_BITS + 1) * WORD_BITS;
}

void inline_window_init(struct inline_window *window, uint64_t position)
{
    *window = (struct inline_window){.low = position, .next = position};
}

void inline_window_release(struct inline_window *window)
{
    free(window->words);
    window->words = NULL;
    window->word_count = 0;
}

static void grow(struct inline_window *window, size_t needed)
{
    struct inline_window grown = *window;

    if (grown.word_count == 0)
        grown.word_count = WORD_COUNT_FIRST;
    while (grown.word_count < needed)
        grown.word_count *= 2;
    grown.words = memory_new(grown.word_count, sizeof(*grown.words));
    if (window->word_count > 0)
        for (uint64_t p = window->low; p / WORD_BITS <= window->next / WORD_BITS; p += WORD_BITS)
            *word_of(&grown, p) = *word_of(window, p);
    free(window->words);
    *window = grown;
}

void inline_window_extend(struct inline_window *window, uint64_t next)
{
    /* One word more than the open ones need, so that the word of `next` itself is always clear. */
    size_t needed = (size_t)(next / WORD_BITS - window->low / WORD_BITS + 1);

    if (needed > window->word_count)
        grow(window, needed);
    window->next = next;
}

bool inline_window_is_open(const struct inline_window *window, uint64_t from, uint64_t to)
{
    for (uint64_t p = from; p < to; p = next_word(p)) {
        const struct inline_word *word = word_of(window, p);

        if ((word->settled | word->detached) & mask_of(p, to))
            return false;
    }
    return true;
}

bool inline_window_is_settled(const struct inline_window *window, uint64_t position)
{
    return word_of(window, position)->settled >> (position % WORD_BITS) & 1;
}

bool inline_window_is_detached(const struct inline_window *window, uint64_t position)
{
    return word_of(window, position)->detached >> (position % WORD_BITS) & 1;
}

/* Move `low` over what is settled; words that are left behind are cleared for their next use. */
static void advance(struct inline_window *window)
{
    while (window->low < window->next) {
        struct inline_word *word = word_of(window, window->low);
        uint64_t open = ~word->settled >> (window->low % WORD_BITS);

        if (open) {
            window->low += (uint64_t)__builtin_ctzll(open);
            return;
        }
        *word = (struct inline_word){0};
        window->low = next_word(window->low);
    }
}

void inline_window_settle(struct inline_window *window, uint64_t from, uint64_t to)
{
    for (uint64_t p = from; p < to; p = next_word(p))
        word_of(window, p)->settled |= mask_of(p, to);
    if (from <= window->low)
        advance(window);
}

void inline_window_detach(struct inline_window *window, uint64_t position)
{
    word_of(window, position)->detached |= UINT64_C(1) << (position % WORD_BITS);
}

uint64_t inline_window_find_open(const struct inline_window *window, uint64_t from, uint64_t to)
{
    if (from < window->low)
        from = window->low; /* below it all is settled, and the ring holds other positions */
    for (uint64_t p = from; p < to; p = next_word(p)) {
        const struct inline_word *word = word_of(window, p);
        uint64_t open = ~(word->settled | word->detached) & mask_of(p, to);

        if (open)
            return p - p % WORD_BITS + (uint64_t)__builtin_ctzll(open);
    }
    return to;
}
