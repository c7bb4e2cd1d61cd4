/* suspect.c: suspects are remembered while receiving, and decided about when everything is known.
 */
#include "ledger/suspect.h"

#include <stdlib.h>

#include "base/memory.h"
#include "ledger/inquiry.h"
#include "ledger/judgement.h"
#include "ledger/mark.h"

#define FIRST_CAPACITY 16u

uint64_t suspect_expiry_ns(uint64_t redelivery_time_ns)
{
    return redelivery_time_ns - redelivery_time_ns / 10;
}

bool suspects_add(struct ledger *ledger, struct suspects *suspects, const struct suspect *suspect)
{
    if (!ledger_take(&ledger->suspects_left))
        return false;
    if (suspects->count == suspects->capacity) {
        suspects->capacity = suspects->capacity > 0 ? suspects->capacity * 2 : FIRST_CAPACITY;
        suspects->items =
            memory_grow(suspects->items, suspects->capacity, sizeof(*suspects->items));
    }
    suspects->items[suspects->count++] = *suspect;
    return true;
}

void suspects_release(struct suspects *suspects)
{
    free(suspects->items);
    *suspects = (struct suspects){0};
}

/* --- Deciding
 * -------------------------------------------------------------------------------------- */

/* One suspect, and what the trails of its group say. */
struct file {
    const struct suspect *suspect;
    const struct ledger_receiver *receiver;
    uint64_t before_ns; /* the delivery before; 0: not found */
    uint64_t handed_ns; /* the earliest that it can have been handed out */
    uint64_t acked_ns;  /* the earliest ack; 0: not found */
};

struct files {
    struct file *items;
    struct question *questions;
    size_t count;
    bool has_dropped;
    uint64_t dropped_ns_max; /* what is not found may have happened up to then */
};

/* It may have been on its way for a while: through a link that stalls, or from a server that was
   frozen in between. */
static uint64_t handed_out(const struct suspect *suspect, const struct trail_record *record)
{
    uint64_t lag_ns = record->asked * (uint64_t)TRAIL_ASKED_NS;
    uint64_t handed_ns = record->time_ns > lag_ns ? record->time_ns - lag_ns : 1;

    if (handed_ns < suspect->intended_ns)
        handed_ns = suspect->intended_ns;
    return handed_ns < record->time_ns ? handed_ns : record->time_ns;
}

static void answer(struct inquiry *inquiry, uint32_t asker, const struct trail_record *record)
{
    struct file *file = &((struct files *)inquiry->context)->items[asker];

    if (record->event == TRAIL_ACKED && file->acked_ns == 0)
        file->acked_ns = record->time_ns;
    if ((record->event == TRAIL_RECEIVED || record->event == TRAIL_RECEIVED_AGAIN) &&
        record->time_ns < file->suspect->time_ns && record->time_ns > file->before_ns) {
        file->before_ns = record->time_ns;
        file->handed_ns = handed_out(file->suspect, record);
    }
}

static size_t count_suspects(const struct ledger *ledger, uint32_t group)
{
    const struct ledger_receiver *receiver = ledger_first_receiver(ledger);
    size_t count = 0;

    for (; receiver; receiver = receiver->next)
        count += receiver->group == group ? receiver->suspects.count : 0;
    return count;
}

static void open_files(struct files *files, const struct ledger *ledger, uint32_t group)
{
    const struct ledger_receiver *receiver = ledger_first_receiver(ledger);

    for (; receiver; receiver = receiver->next) {
        if (receiver->group != group)
            continue;
        for (size_t i = 0; i < receiver->suspects.count; i++) {
            const struct suspect *suspect = &receiver->suspects.items[i];

            files->items[files->count] = (struct file){.suspect = suspect, .receiver = receiver};
            files->questions[files->count] = (struct question){.sequence = suspect->sequence,
                                                               .track = suspect->track,
                                                               .asker = (uint32_t)files->count};
            files->count++;
        }
    }
}

static void read_trails(struct files *files, const struct ledger *ledger, uint32_t group)
{
    struct inquiry inquiry = {
        .questions = files->questions, .count = files->count, .answer = answer, .context = files};
    const struct ledger_receiver *receiver = ledger_first_receiver(ledger);

    inquiry_prepare(&inquiry);
    for (; receiver; receiver = receiver->next) {
        if (receiver->group != group)
            continue;
        inquiry_read(&inquiry, &receiver->trail, receiver);
        files->has_dropped |= receiver->trail.dropped > 0;
        if (receiver->trail.dropped_ns_max > files->dropped_ns_max)
            files->dropped_ns_max = receiver->trail.dropped_ns_max;
    }
}

/* Was the ack accepted before the read was started?  Then nothing excuses the delivery. */
static bool is_resurrected(const struct files *files, const struct file *file,
                           struct offence *offence)
{
    if (file->acked_ns > 0)
        return file->acked_ns <= file->suspect->asked_ns;
    if (files->dropped_ns_max > file->suspect->asked_ns)
        offence->note = NOTE_FORGOTTEN;
    return true;
}

static bool has_expired(const struct files *files, const struct file *file, uint64_t expiry_ns,
                        struct offence *offence)
{
    uint64_t before_ns = file->handed_ns;

    if (expiry_ns == 0)
        return false;
    if (before_ns == 0 && !files->has_dropped)
        return false; /* delivered twice at once */
    if (before_ns == 0)
        before_ns = files->dropped_ns_max;
    if (before_ns + expiry_ns <= file->suspect->time_ns)
        return true;
    if (file->before_ns == 0)
        offence->note = NOTE_FORGOTTEN;
    return false;
}

static void decide(struct judgement *judgement, const struct files *files, const struct file *file,
                   struct offence *offence)
{
    struct ledger *ledger = judgement->ledger;
    const struct ledger_stream *stream = &ledger->streams[offence->stream];
    uint64_t expiry_ns = suspect_expiry_ns(stream->redelivery_time_ns);
    bool has_copies = (offence->sent & (SENT_COPIES | SENT_UNKNOWN)) != 0;

    if (offence->anomaly == ANOMALY_REORDERED && has_copies)
        return;
    if (offence->anomaly == ANOMALY_RESURRECTED &&
        (has_copies || !is_resurrected(files, file, offence)))
        offence->anomaly = ANOMALY_DUPLICATED; /* another copy, or on its way while it was acked */
    if (offence->anomaly == ANOMALY_DUPLICATED && has_copies)
        offence->cause = CAUSE_RETRY;
    else if (offence->anomaly == ANOMALY_DUPLICATED && has_expired(files, file, expiry_ns, offence))
        offence->cause = CAUSE_EXPIRY;
    docket_note(&judgement->dockets[offence->group], stream->capabilities, offence);
}

static void decide_all(struct judgement *judgement, const struct files *files, uint32_t group)
{
    for (size_t i = 0; i < files->count; i++) {
        const struct file *file = &files->items[i];
        const struct suspect *suspect = file->suspect;
        struct ledger_sender *sender = &judgement->ledger->tracks[suspect->track];
        struct bytes_page page = bytes_find(&sender->sends, suspect->sequence);
        struct offence offence = {.anomaly = suspect->anomaly,
                                  .sent = mark_load(&page.bytes[suspect->sequence - page.first]),
                                  .mark = suspect->mark,
                                  .group = group,
                                  .stream = sender->stream,
                                  .track = suspect->track,
                                  .sequence = suspect->sequence,
                                  .time_ns = suspect->time_ns,
                                  .receiver = file->receiver};

        decide(judgement, files, file, &offence);
    }
}

void suspects_judge(struct judgement *judgement, uint32_t group)
{
    size_t count = count_suspects(judgement->ledger, group);
    struct files files = {0};

    if (count == 0)
        return;
    files.items = memory_new(count, sizeof(*files.items));
    files.questions = memory_new(count, sizeof(*files.questions));
    open_files(&files, judgement->ledger, group);
    read_trails(&files, judgement->ledger, group);
    decide_all(judgement, &files, group);
    free(files.items);
    free(files.questions);
}
