/* ledger.c: the ledger's making and unmaking. */
#include "ledger/ledger.h"

#include <assert.h>
#include <stdlib.h>

#include "base/identity.h"
#include "base/memory.h"
#include "ledger/books.h"

#define LOG_BYTES_DEFAULT (64ull << 20)
#define SUSPECTS_PART     8u /* of the log's memory */

static void copy_streams(struct ledger *ledger, const struct ledger_plan *plan)
{
    ledger->stream_count = plan->stream_count;
    ledger->streams = memory_new(plan->stream_count, sizeof(*ledger->streams));
    for (size_t i = 0; i < plan->stream_count; i++)
        ledger->streams[i] = (struct ledger_stream){
            .name = memory_string(plan->streams[i].name),
            .capabilities = plan->streams[i].capabilities,
            .is_private = plan->streams[i].is_private,
            .redelivery_time_ns = plan->streams[i].redelivery_time_ns,
        };
}

static void copy_group(struct ledger *ledger, struct ledger_group *group,
                       const struct ledger_group_plan *plan)
{
    group->name = memory_string(plan->name);
    group->settles = plan->settles;
    group->from_start = plan->from_start;
    group->reads = memory_new(ledger->stream_count, sizeof(*group->reads));
    group->unanswered = memory_new(ledger->stream_count, sizeof(*group->unanswered));
    group->recoverable = memory_new(ledger->stream_count, sizeof(*group->recoverable));
    for (size_t i = 0; i < plan->stream_count; i++) {
        assert(plan->streams[i] < ledger->stream_count);
        group->reads[plan->streams[i]] = true;
    }
}

static void copy_groups(struct ledger *ledger, const struct ledger_plan *plan)
{
    ledger->group_count = plan->group_count;
    ledger->groups = memory_new(plan->group_count, sizeof(*ledger->groups));
    for (size_t i = 0; i < plan->group_count; i++)
        copy_group(ledger, &ledger->groups[i], &plan->groups[i]);
}

static void make_subscriptions(struct ledger *ledger)
{
    ledger->subscriptions =
        memory_new(ledger->group_count * ledger->track_count, sizeof(*ledger->subscriptions));
    for (uint32_t group = 0; group < ledger->group_count; group++) {
        uint64_t from = ledger->groups[group].from_start ? 0 : UINT64_MAX;

        for (uint32_t track = 0; track < ledger->track_count; track++)
            atomic_init(&ledger_subscription(ledger, group, track)->bound_from, from);
    }
}

static void make_shares(struct ledger *ledger, struct ledger_sender *sender)
{
    sender->shares = memory_new(ledger->group_count, sizeof(*sender->shares));
    for (uint32_t group = 0; group < ledger->group_count; group++) {
        struct sender_share *share = &sender->shares[sender->share_count];

        if (!ledger_reads(ledger, group, sender->track))
            continue;
        share->group = group;
        share->subscription = ledger_subscription(ledger, group, sender->track);
        sender->share_count++;
    }
}

static void copy_tracks(struct ledger *ledger, const struct ledger_plan *plan)
{
    assert(plan->track_count <= IDENTITY_TRACK_MAX + 1u);
    ledger->track_count = plan->track_count;
    ledger->tracks = memory_new(plan->track_count, sizeof(*ledger->tracks));
    for (uint32_t i = 0; i < plan->track_count; i++) {
        struct ledger_sender *sender = &ledger->tracks[i];

        assert(plan->tracks[i].stream < plan->stream_count);
        sender->ledger = ledger;
        sender->track = i;
        sender->stream = plan->tracks[i].stream;
        sender->producer = memory_string(plan->tracks[i].producer);
        trail_init(&sender->trail, &ledger->budget);
    }
}

struct ledger *ledger_new(const struct ledger_plan *plan)
{
    struct ledger *ledger = memory_new(1, sizeof(*ledger));
    uint64_t log_bytes = plan->log_bytes_max > 0 ? plan->log_bytes_max : LOG_BYTES_DEFAULT;

    ledger->run = plan->run;
    ledger->shared = plan->shared;
    ledger->is_verified = plan->is_verified;
    ledger->budget.bytes_max = log_bytes - log_bytes / SUSPECTS_PART;
    atomic_init(&ledger->suspects_left, log_bytes / SUSPECTS_PART / sizeof(struct suspect));
    pthread_mutex_init(&ledger->lock, NULL);
    copy_streams(ledger, plan);
    copy_groups(ledger, plan);
    copy_tracks(ledger, plan);
    make_subscriptions(ledger);
    for (size_t i = 0; i < ledger->track_count; i++)
        make_shares(ledger, &ledger->tracks[i]);
    return ledger;
}

static void free_tracks(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->track_count; i++) {
        struct ledger_sender *sender = &ledger->tracks[i];

        bytes_release(&sender->sends);
        trail_release(&sender->trail);
        free(sender->shares);
        free(sender->producer);
    }
    free(ledger->tracks);
}

static void free_groups(struct ledger *ledger)
{
    for (size_t i = 0; i < ledger->group_count * ledger->track_count; i++) {
        bytes_release(&ledger->subscriptions[i].marks);
        free(ledger->subscriptions[i].absences);
    }
    free(ledger->subscriptions);
    for (size_t i = 0; i < ledger->group_count; i++) {
        free(ledger->groups[i].name);
        free(ledger->groups[i].reads);
        free(ledger->groups[i].unanswered);
        free(ledger->groups[i].recoverable);
    }
    free(ledger->groups);
}

static void free_receiver(struct ledger_receiver *receiver)
{
    trail_release(&receiver->trail);
    suspects_release(&receiver->suspects);
    docket_release(&receiver->docket);
    free(receiver->lanes);
    free(receiver->touched);
    free(receiver->member);
    free(receiver);
}

void ledger_free(struct ledger *ledger)
{
    struct ledger_receiver *receiver;

    if (!ledger)
        return;
    receiver = ledger_first_receiver(ledger);
    while (receiver) {
        struct ledger_receiver *next = receiver->next;

        free_receiver(receiver);
        receiver = next;
    }
    free_groups(ledger);
    free_tracks(ledger);
    for (size_t i = 0; i < ledger->stream_count; i++)
        free(ledger->streams[i].name);
    free(ledger->streams);
    pthread_mutex_destroy(&ledger->lock);
    free(ledger);
}

struct ledger_sender *ledger_sender(struct ledger *ledger, uint32_t track)
{
    assert(track < ledger->track_count);
    return &ledger->tracks[track];
}

static void make_lanes(struct ledger_receiver *receiver)
{
    const struct ledger *ledger = receiver->ledger;

    receiver->lanes = memory_new(ledger->track_count, sizeof(*receiver->lanes));
    receiver->touched = memory_new(ledger->track_count, sizeof(struct lane *));
    for (size_t i = 0; i < ledger->track_count; i++) {
        receiver->lanes[i].stream = ledger->tracks[i].stream;
        receiver->lanes[i].run_next = UINT64_MAX;
    }
}

struct ledger_receiver *ledger_receiver_new(struct ledger *ledger, uint32_t group,
                                            const char *member)
{
    struct ledger_receiver *receiver = memory_new(1, sizeof(*receiver));

    assert(group < ledger->group_count);
    receiver->ledger = ledger;
    receiver->group = group;
    receiver->member = memory_string(member);
    receiver->index = atomic_fetch_add_explicit(&ledger->receiver_count, 1, memory_order_relaxed);
    trail_init(&receiver->trail, &ledger->budget);
    if (ledger->is_verified)
        make_lanes(receiver);
    if (!ledger->groups[group].from_start)
        absence_subscribe(ledger, group);
    receiver->next = ledger_first_receiver(ledger);
    while (!atomic_compare_exchange_weak_explicit(&ledger->receivers, &receiver->next, receiver,
                                                  memory_order_acq_rel, memory_order_acquire))
        ;
    return receiver;
}
