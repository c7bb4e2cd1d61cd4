/* inquiry.c: questions sorted by message, records looked up among them. */
#include "ledger/inquiry.h"

#include <stdlib.h>

static int compare_places(uint32_t track_a, uint64_t sequence_a, uint32_t track_b,
                          uint64_t sequence_b)
{
    if (track_a != track_b)
        return track_a < track_b ? -1 : 1;
    return (sequence_a > sequence_b) - (sequence_a < sequence_b);
}

static int compare_questions(const void *a, const void *b)
{
    const struct question *left = a, *right = b;
    int order = compare_places(left->track, left->sequence, right->track, right->sequence);

    return order != 0 ? order : (left->asker > right->asker) - (left->asker < right->asker);
}

void inquiry_prepare(struct inquiry *inquiry)
{
    if (inquiry->count > 0)
        qsort(inquiry->questions, inquiry->count, sizeof(*inquiry->questions), compare_questions);
}

/* The first question that is not before the message. */
static size_t find_first(const struct inquiry *inquiry, uint32_t track, uint64_t sequence)
{
    size_t low = 0, high = inquiry->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const struct question *question = &inquiry->questions[middle];

        if (compare_places(question->track, question->sequence, track, sequence) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void inquiry_read(struct inquiry *inquiry, const struct trail *trail, const void *actor)
{
    inquiry->actor = actor;
    for (size_t i = 0; inquiry->count > 0 && i < trail->count; i++) {
        const struct trail_record *record = trail_at(trail, i);
        size_t at = find_first(inquiry, record->track, record->first);

        for (; at < inquiry->count; at++) {
            const struct question *question = &inquiry->questions[at];

            if (question->track != record->track ||
                question->sequence - record->first >= record->count)
                break;
            inquiry->answer(inquiry, question->asker, record);
        }
    }
}
