/* window.h: what became of each position of a stream within one group, two bits each, from the
   first one that is not settled to the first one that was never delivered.

      everything settled    | . s . . d s . d . . |   never delivered
                           low                   next */
#ifndef INLINE_WINDOW_H
#define INLINE_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct inline_word {
    uint64_t settled;  /* this group is done with it */
    uint64_t detached; /* it has left its run and has a delivery of its own */
};

struct inline_window {
    uint64_t low, next;
    struct inline_word *words; /* a ring: the word of position p is at p / 64 */
    size_t word_count;         /* a power of two, or 0 */
};

/* Nothing delivered yet, beginning at `position`. */
void inline_window_init(struct inline_window *window, uint64_t position);
void inline_window_release(struct inline_window *window);
/* Positions up to `next` have been delivered; they are open. */
void inline_window_extend(struct inline_window *window, uint64_t next);
/* Are all of [from, to), within [low, next), neither settled nor detached? */
bool inline_window_is_open(const struct inline_window *window, uint64_t from, uint64_t to);
bool inline_window_is_settled(const struct inline_window *window, uint64_t position);
bool inline_window_is_detached(const struct inline_window *window, uint64_t position);
/* Settle [from, to), within [low, next); `low` follows. */
void inline_window_settle(struct inline_window *window, uint64_t from, uint64_t to);
void inline_window_detach(struct inline_window *window, uint64_t position);
/* The first open position in [from, to), `to` at most `next`; `to` when there is none. */
uint64_t inline_window_find_open(const struct inline_window *window, uint64_t from, uint64_t to);

#endif
