/* timeline.h: which phase of a run a moment belongs to: the warm-up, a stage of the load, and
   whether faults have been on.  What is planned is known before the run begins; faults are marked
   as they come and go, by one thread at a time, and read by all without a lock. */
#ifndef MEASURE_TIMELINE_H
#define MEASURE_TIMELINE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TIMELINE_MARKS_MAX  1024u /* comings and goings of faults; later ones are not told apart */
#define TIMELINE_PHASES_MAX 128u

enum timeline_state { TIMELINE_WARM_UP, TIMELINE_BEFORE, TIMELINE_AFTER, TIMELINE_DURING };

struct timeline_mark {
    uint64_t begin_ns;
    uint32_t state; /* 0 before faults, 1 after, 2 + n during fault n */
};

struct timeline {
    _Atomic uint64_t start_ns;   /* of the load; 0: it has not begun */
    uint64_t warm_up_ns;         /* from there */
    const uint64_t *stage_ends;  /* borrowed: from the start, ascending */
    size_t stage_count;          /* at least 1: the last one has no end */
    size_t fault_count;          /* told apart; 0: one for all */
    struct timeline_mark *marks; /* TIMELINE_MARKS_MAX of them */
    _Atomic uint32_t mark_count;
};

/* What a phase number means. */
struct timeline_phase {
    enum timeline_state state;
    size_t stage, fault; /* fault: during only */
};

/* A phase that lasts over [begin, end). */
struct timeline_span {
    uint32_t phase;
    uint64_t begin_ns, end_ns; /* UINT64_MAX: as far as is known */
};

/* Where there would be more phases than TIMELINE_PHASES_MAX, faults are not told apart, and then
   stages are not. */
void timeline_init(struct timeline *timeline, const uint64_t *stage_ends, size_t stage_count,
                   size_t fault_count);
void timeline_release(struct timeline *timeline);
uint32_t timeline_phase_count(const struct timeline *timeline);
struct timeline_phase timeline_phase(const struct timeline *timeline, uint32_t number);

/* The load begins. */
void timeline_begin(struct timeline *timeline, uint64_t start_ns);
/* From now on this is so; moments never go back. */
void timeline_mark(struct timeline *timeline, uint64_t now_ns, uint32_t state);
struct timeline_span timeline_find(const struct timeline *timeline, uint64_t moment_ns);

static inline uint32_t timeline_marks(const struct timeline *timeline)
{
    return atomic_load_explicit(&timeline->mark_count, memory_order_acquire);
}

#endif
