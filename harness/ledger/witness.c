/* witness.c: the first offenders of each family and group, with what the trails know of them. */
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "ledger/check.h"
#include "ledger/inquiry.h"
#include "ledger/judgement.h"

#define EVENTS_MAX     200u /* of one history; redeliveries can go on for ever */
#define FIRST_CAPACITY 8u

/* A witness in the making. */
struct story {
    const struct offence *offence;
    struct witness witness;
    uint8_t *kinds;     /* enum trail_event, of each event */
    size_t capacity;    /* of the events */
    bool has_beginning; /* "sent" was found */
    uint64_t sent_ns;
    bool is_cut;
};

struct stories {
    struct judgement *judgement;
    struct story *items;
    size_t count;
};

/* --- Choosing
 * -------------------------------------------------------------------------------------- */

/* Forbidden ones first, then as they happened. */
static int compare_offences(const void *a, const void *b)
{
    const struct offence *left = a, *right = b;

    if (left->anomaly != right->anomaly)
        return left->anomaly < right->anomaly ? -1 : 1;
    if (left->is_forbidden != right->is_forbidden)
        return left->is_forbidden ? -1 : 1;
    if (left->time_ns != right->time_ns)
        return left->time_ns < right->time_ns ? -1 : 1;
    if (left->track != right->track)
        return left->track < right->track ? -1 : 1;
    return (left->sequence > right->sequence) - (left->sequence < right->sequence);
}

static struct witness begin_witness(const struct judgement *judgement,
                                    const struct offence *offence)
{
    return (struct witness){
        .anomaly = (enum anomaly)offence->anomaly,
        .is_allowed = !offence->is_forbidden,
        .producer =
            offence->track == OFFENCE_NO_TRACK ? NULL : judgement->producers[offence->track],
        .sequence = offence->sequence,
        .stream = judgement->streams[offence->stream],
        .group = judgement->groups[offence->group],
    };
}

static void choose(struct stories *stories, struct docket *docket)
{
    size_t chosen[ANOMALY_FAMILIES] = {0};

    if (docket->offence_count > 0)
        qsort(docket->offences, docket->offence_count, sizeof(*docket->offences), compare_offences);
    for (size_t i = 0; i < docket->offence_count; i++) {
        const struct offence *offence = &docket->offences[i];

        if (chosen[offence->anomaly]++ >= LEDGER_WITNESSES_MAX)
            continue;
        stories->items[stories->count++] = (struct story){
            .offence = offence, .witness = begin_witness(stories->judgement, offence)};
    }
}

/* --- Telling
 * --------------------------------------------------------------------------------------- */

static void add_event(struct story *story, enum trail_event kind, struct witness_event event)
{
    struct witness *witness = &story->witness;

    if (witness->event_count == EVENTS_MAX) {
        story->is_cut = true;
        return;
    }
    if (witness->event_count == story->capacity) {
        story->capacity = story->capacity > 0 ? story->capacity * 2 : FIRST_CAPACITY;
        witness->events = memory_grow(witness->events, story->capacity, sizeof(*witness->events));
        story->kinds = memory_grow(story->kinds, story->capacity, sizeof(*story->kinds));
    }
    story->kinds[witness->event_count] = (uint8_t)kind;
    witness->events[witness->event_count++] = event;
}

static void answer(struct inquiry *inquiry, uint32_t asker, const struct trail_record *record)
{
    const struct stories *stories = inquiry->context;
    struct story *story = &stories->items[asker];
    enum trail_event kind = (enum trail_event)record->event;

    if (kind == TRAIL_SENT && !story->has_beginning) {
        story->has_beginning = true;
        story->sent_ns = record->time_ns;
    }
    add_event(story, kind,
              (struct witness_event){.time_ns = record->time_ns,
                                     .actor = inquiry->actor,
                                     .what = trail_event_name(kind),
                                     .is_exact = record->count == 1});
}

/* Questions about the messages of one group, or of all. */
static struct inquiry ask(struct stories *stories, struct question *questions, int group)
{
    struct inquiry inquiry = {.questions = questions, .answer = answer, .context = stories};

    for (size_t i = 0; i < stories->count; i++) {
        const struct offence *offence = stories->items[i].offence;

        if (offence->track == OFFENCE_NO_TRACK || (group >= 0 && offence->group != (uint32_t)group))
            continue;
        questions[inquiry.count++] = (struct question){
            .sequence = offence->sequence, .track = offence->track, .asker = (uint32_t)i};
    }
    inquiry_prepare(&inquiry);
    return inquiry;
}

static void read_senders(struct stories *stories, struct question *questions)
{
    const struct judgement *judgement = stories->judgement;
    struct inquiry inquiry = ask(stories, questions, -1);

    for (size_t i = 0; i < judgement->ledger->track_count; i++)
        inquiry_read(&inquiry, &judgement->ledger->tracks[i].trail, judgement->producers[i]);
}

static void read_receivers(struct stories *stories, struct question *questions)
{
    const struct judgement *judgement = stories->judgement;

    for (uint32_t group = 0; group < judgement->ledger->group_count; group++) {
        struct inquiry inquiry = ask(stories, questions, (int)group);
        const struct ledger_receiver *receiver = ledger_first_receiver(judgement->ledger);

        for (; receiver; receiver = receiver->next)
            if (receiver->group == group)
                inquiry_read(&inquiry, &receiver->trail, judgement->members[receiver->index]);
    }
}

/* The offending delivery itself, where no trail has it. */
static void add_offence(const struct judgement *judgement, struct story *story)
{
    const struct offence *offence = story->offence;
    const char *received = checks[offence->anomaly]->received;

    if (received && offence->receiver)
        add_event(story, TRAIL_RECEIVED,
                  (struct witness_event){.time_ns = offence->time_ns,
                                         .actor = judgement->members[offence->receiver->index],
                                         .what = received,
                                         .is_exact = true});
}

/* By time; at one time in the order in which things can happen. */
static void sort_events(struct story *story)
{
    struct witness_event *events = story->witness.events;
    uint8_t *kinds = story->kinds;

    for (size_t i = 1; i < story->witness.event_count; i++) {
        struct witness_event event = events[i];
        uint8_t kind = kinds[i];
        size_t at = i;

        while (at > 0 && (events[at - 1].time_ns > event.time_ns ||
                          (events[at - 1].time_ns == event.time_ns && kinds[at - 1] > kind))) {
            events[at] = events[at - 1];
            kinds[at] = kinds[at - 1];
            at--;
        }
        events[at] = event;
        kinds[at] = kind;
    }
}

/* Nothing that was dropped can concern a message sent after it. */
static bool is_complete(const struct judgement *judgement, const struct story *story)
{
    const struct offence *offence = story->offence;
    const struct ledger_receiver *receiver = ledger_first_receiver(judgement->ledger);

    if (story->is_cut)
        return false;
    if (offence->track == OFFENCE_NO_TRACK)
        return true;
    if (!story->has_beginning && judgement->ledger->tracks[offence->track].trail.dropped > 0)
        return false;
    for (; receiver; receiver = receiver->next)
        if (receiver->group == offence->group && receiver->trail.dropped > 0 &&
            receiver->trail.dropped_ns_max >= story->sent_ns)
            return false;
    return true;
}

static void finish(struct judgement *judgement, struct story *story)
{
    const struct offence *offence = story->offence;

    add_offence(judgement, story);
    sort_events(story);
    story->witness.is_history_complete = is_complete(judgement, story);
    checks[offence->anomaly]->explain(judgement, offence, &story->witness);
    free(story->kinds);
}

static size_t count_offences(const struct judgement *judgement)
{
    size_t count = 0;

    for (size_t i = 0; i < judgement->ledger->group_count; i++)
        count += judgement->dockets[i].offence_count;
    return count;
}

void witnesses_tell(struct judgement *judgement)
{
    size_t count = count_offences(judgement);
    struct stories stories = {.judgement = judgement};
    struct question *questions;

    if (count == 0)
        return;
    stories.items = memory_new(count, sizeof(*stories.items));
    questions = memory_new(count, sizeof(*questions));
    for (size_t i = 0; i < judgement->ledger->group_count; i++)
        choose(&stories, &judgement->dockets[i]);
    read_senders(&stories, questions);
    read_receivers(&stories, questions);
    judgement->report->witnesses = memory_new(stories.count, sizeof(struct witness));
    judgement->report->witness_count = stories.count;
    for (size_t i = 0; i < stories.count; i++) {
        finish(judgement, &stories.items[i]);
        judgement->report->witnesses[i] = stories.items[i].witness;
    }
    free(questions);
    free(stories.items);
}
