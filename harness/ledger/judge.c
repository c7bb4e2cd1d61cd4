/* judge.c: the end of a run: every message of every group is looked at once more. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ledger/check.h"
#include "ledger/judgement.h"
#include "ledger/mark.h"

/* One group and one stream being looked through. */
struct scan {
    struct judgement *judgement;
    struct ledger_group_report *report;
    uint32_t group, stream, track;
    uint64_t unanswered; /* losses that unanswered reads may explain, not used up yet */
    const struct subscription *subscription;
};

static enum offence_cause cause_of_loss(struct scan *scan, uint64_t sequence)
{
    if (absence_covers(scan->subscription, sequence))
        return CAUSE_ABSENCE;
    if (scan->unanswered == 0)
        return CAUSE_NONE;
    scan->unanswered--;
    return CAUSE_READ;
}

static void note(struct scan *scan, const struct check *check, const struct check_message *message,
                 uint64_t sequence)
{
    const struct ledger *ledger = scan->judgement->ledger;
    struct offence offence = {.anomaly = (uint8_t)check->anomaly,
                              .sent = message->sent,
                              .mark = message->mark,
                              .group = scan->group,
                              .stream = scan->stream,
                              .track = scan->track,
                              .sequence = sequence};

    if (check->anomaly == ANOMALY_LOST || check->anomaly == ANOMALY_UNSEEN)
        offence.cause = (uint8_t)cause_of_loss(scan, sequence);
    docket_note(&scan->judgement->dockets[scan->group], ledger->streams[scan->stream].capabilities,
                &offence);
}

static void examine(struct scan *scan, struct check_message *message, uint64_t sequence)
{
    for (int i = 0; i < ANOMALY_FAMILIES; i++)
        if (checks[i]->offends && checks[i]->offends(message))
            note(scan, checks[i], message, sequence);
}

/* Accepted, bound, and as far as it can get: nothing to look at. */
static bool is_finished(const struct check_message *message)
{
    const unsigned plain = SENT_ATTEMPTED | SENT_DONE;

    return message->sent == plain && mark_deliveries(message->mark) > 0 &&
           (!message->settles || mark_is_closed(message->mark));
}

/* How many messages from `at` on are accepted, delivered once and, where the group acknowledges,
   acked: nearly all, and looked at eight at a time. */
static uint64_t count_plain(const struct bytes_page *sends, const struct bytes_page *marks,
                            uint64_t at, uint64_t limit, bool settles)
{
    const uint64_t each = 0x0101010101010101ull;
    const uint64_t sent = (SENT_ATTEMPTED | SENT_DONE) * each;
    const uint64_t mark = mark_with(MARK_ACCEPTED | 1u, settles ? MARK_ACKED : MARK_HELD) * each;
    uint64_t begin = at, found[2];

    for (; at + sizeof(mark) <= limit; at += sizeof(mark)) {
        memcpy(&found[0], sends->memory + at, sizeof(found[0]));
        memcpy(&found[1], marks->memory + at, sizeof(found[1]));
        if (found[0] != sent || found[1] != mark)
            break;
    }
    return at - begin;
}

static void scan_message(struct scan *scan, struct check_message *message, uint64_t sequence)
{
    scan->report->expected += (message->mark & MARK_ACCEPTED) != 0;
    if (is_finished(message))
        return;
    scan->report->recovered += (message->sent & SENT_UNKNOWN) && mark_deliveries(message->mark) > 0;
    examine(scan, message, sequence);
}

static void scan_page(struct scan *scan, struct bytes_page sends, struct bytes_page marks,
                      uint64_t end)
{
    const struct ledger_group *group = &scan->judgement->ledger->groups[scan->group];
    const uint64_t limit = end - sends.first < sends.size ? end - sends.first : sends.size;
    struct check_message message = {.settles = group->settles,
                                    .is_drained = scan->judgement->is_drained};

    for (uint64_t at = 0; at < limit; at++) {
        uint64_t plain = marks.bytes ? count_plain(&sends, &marks, at, limit, group->settles) : 0;

        scan->report->expected += plain;
        at += plain;
        if (at == limit)
            break;
        message.sent = mark_load(&sends.bytes[at]);
        message.mark = marks.bytes ? mark_load(&marks.bytes[at]) : 0;
        scan_message(scan, &message, sends.first + at);
    }
}

static void scan_track(struct scan *scan)
{
    struct ledger_sender *sender = &scan->judgement->ledger->tracks[scan->track];
    struct subscription *subscription =
        ledger_subscription(scan->judgement->ledger, scan->group, scan->track);
    uint64_t end = ledger_value(&sender->next);

    scan->subscription = subscription;
    for (uint64_t at = 0; at < end;) {
        struct bytes_page sends = bytes_reach(&sender->sends, at);

        scan_page(scan, sends, bytes_find(&subscription->marks, at), end);
        at = sends.first + sends.size;
    }
}

static void scan_stream(struct judgement *judgement, uint32_t group, uint32_t stream)
{
    const struct ledger *ledger = judgement->ledger;
    struct scan scan = {.judgement = judgement,
                        .report = &judgement->report->groups[group],
                        .group = group,
                        .stream = stream,
                        .unanswered = ledger_value(&ledger->groups[group].unanswered[stream])};

    for (scan.track = 0; scan.track < ledger->track_count; scan.track++)
        if (ledger->tracks[scan.track].stream == stream)
            scan_track(&scan);
}

static void judge_group(struct judgement *judgement, uint32_t group)
{
    const struct ledger *ledger = judgement->ledger;
    const struct ledger_receiver *receiver = ledger_first_receiver(ledger);

    for (; receiver; receiver = receiver->next)
        if (receiver->group == group)
            docket_add(&judgement->dockets[group], &receiver->docket);
    suspects_judge(judgement, group);
    for (uint32_t stream = 0; ledger->is_verified && stream < ledger->stream_count; stream++)
        if (ledger->groups[group].reads[stream])
            scan_stream(judgement, group, stream);
}

static void fill_group(struct judgement *judgement, uint32_t group)
{
    struct ledger_counts counts = ledger_count(judgement->ledger, (int)group);
    struct ledger_group_report *report = &judgement->report->groups[group];
    const struct docket *docket = &judgement->dockets[group];

    report->first = counts.first;
    report->again = counts.again;
    report->settled = counts.settled;
    report->nacked = counts.nacked;
    report->dead_lettered = counts.dead_lettered;
    for (int i = 0; i < ANOMALY_FAMILIES; i++) {
        struct anomaly_count *sum = &judgement->report->anomalies[i];

        report->anomalies[i] = docket->counts[i];
        sum->observed += docket->counts[i].observed;
        sum->disallowed += docket->counts[i].disallowed;
        sum->caused += docket->counts[i].caused;
    }
    for (size_t i = 0; i < DUPLICATE_CAUSES; i++)
        report->duplicates_by_cause[i] = docket->duplicates_by_cause[i];
}

static void release(struct judgement *judgement)
{
    for (size_t i = 0; i < judgement->ledger->group_count; i++)
        docket_release(&judgement->dockets[i]);
    free(judgement->dockets);
    free(judgement->streams);
    free(judgement->groups);
    free(judgement->producers);
    free(judgement->members);
}

struct ledger_report *ledger_judge(struct ledger *ledger, bool is_drained)
{
    struct judgement judgement = {.ledger = ledger, .is_drained = is_drained};
    struct ledger_counts counts = ledger_count(ledger, -1);

    report_begin(&judgement);
    judgement.report->attempted = counts.attempted;
    judgement.report->accepted = counts.accepted;
    judgement.report->refused = counts.refused;
    judgement.report->unknown = counts.unknown;
    judgement.dockets = memory_new(ledger->group_count, sizeof(*judgement.dockets));
    for (uint32_t group = 0; group < ledger->group_count; group++) {
        judge_group(&judgement, group);
        fill_group(&judgement, group);
    }
    witnesses_tell(&judgement);
    release(&judgement);
    return judgement.report;
}
