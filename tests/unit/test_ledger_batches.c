/* test_ledger_batches.c: a ledger that is told of batches judges as one that is told of the same
   messages one by one, whatever brokers do to them. */
#include "support/ledger_world.h"

#include "base/random.h"

#define BATCH_MAX 200u
#define STEPS     300u
#define HISTORIES 40u

/* The same history, told in batches and one by one. */
struct twins {
    struct world together, apart;
    uint64_t bits;
    uint64_t trouble;                                    /* of a hundred messages */
    uint64_t sent[WORLD_TRACKS], answered[WORLD_TRACKS]; /* up to here */
    uint64_t delivered[WORLD_TRACKS];
    char payloads[BATCH_MAX][WORLD_PAYLOAD_MAX];
    struct adapter_entry entries[BATCH_MAX];
    struct ledger_delivery deliveries[BATCH_MAX];
    size_t count; /* of the last batch */
    uint32_t member;
    bool is_redelivery; /* all of the batch */
};

static uint64_t draw(struct twins *twins, uint64_t bound)
{
    twins->bits = random_next(twins->bits);
    return random_below(twins->bits, bound);
}

static bool is_troubled(struct twins *twins)
{
    return draw(twins, 100) < twins->trouble;
}

static uint64_t tick(struct twins *twins)
{
    twins->apart.now_ns = twins->together.now_ns += 1000 + draw(twins, SECOND);
    return twins->together.now_ns;
}

/* --- Sending ---------------------------------------------------------------------------------- */

static void attempt(struct twins *twins, uint32_t track)
{
    uint64_t count = 1 + draw(twins, BATCH_MAX), now = tick(twins);
    uint64_t first = is_troubled(twins) ? twins->sent[track] / 2 : twins->sent[track];

    ledger_attempt(twins->together.senders[track], first, count, now);
    for (uint64_t i = 0; i < count; i++)
        ledger_attempt(twins->apart.senders[track], first + i, 1, now);
    if (first + count > twins->sent[track])
        twins->sent[track] = first + count;
}

static void answer(struct twins *twins, uint32_t track)
{
    static const enum adapter_outcome outcomes[] = {ADAPTER_DONE, ADAPTER_REFUSED, ADAPTER_UNKNOWN};
    bool is_odd = twins->trouble > 0 && draw(twins, 5) == 0;
    enum adapter_outcome outcome = is_odd ? outcomes[draw(twins, 3)] : ADAPTER_DONE;
    uint64_t first = twins->answered[track], now = tick(twins);
    uint64_t count = twins->sent[track] - first - draw(twins, twins->sent[track] - first + 1) / 4;
    uint32_t attempts = is_troubled(twins) ? 2 : 1;

    ledger_publish_ended(twins->together.senders[track], first, count, outcome, attempts, now);
    for (uint64_t i = 0; i < count; i++)
        ledger_publish_ended(twins->apart.senders[track], first + i, 1, outcome, attempts, now);
    twins->answered[track] += count;
}

/* --- Receiving -------------------------------------------------------------------------------- */

static void damage(struct twins *twins, struct adapter_entry *entry, char *payload)
{
    size_t place = (size_t)draw(twins, entry->payload.size);

    if (draw(twins, 3) == 0)
        entry->payload.size = place;
    payload[place] = (char)(payload[place] ^ 1);
}

/* One entry: the next of the track, or something else in its stead. */
static void fill_entry(struct twins *twins, uint32_t track, size_t at)
{
    struct adapter_entry *entry = &twins->entries[at];
    uint64_t *next = &twins->delivered[track];
    struct identity identity = {
        .run = WORLD_RUN, .track = track, .sequence = *next, .intended_ns = 1000 + *next / 20};

    *entry = (struct adapter_entry){.attempt = (uint32_t)draw(twins, 2)};
    if (twins->is_redelivery)
        entry->attempt = 2;
    if (!is_troubled(twins)) {
        *next += *next < twins->sent[track];
    } else {
        identity.sequence = draw(twins, twins->sent[track] + 2); /* again, too early, never sent */
        identity.run += draw(twins, 10) == 0;
        identity.track = draw(twins, 5) == 0 ? (uint32_t)draw(twins, WORLD_TRACKS + 1) : track;
        entry->attempt = (uint32_t)draw(twins, 4);
        entry->flags = draw(twins, 3) == 0 ? ADAPTER_ENTRY_RECLAIMED : 0;
        *next += *next < twins->sent[track] && draw(twins, 2); /* lost, perhaps */
    }
    entry->payload =
        (struct adapter_text){twins->payloads[at], world_write(twins->payloads[at], &identity)};
    if (is_troubled(twins) && draw(twins, 4) == 0)
        damage(twins, entry, twins->payloads[at]);
}

static void receive(struct twins *twins, uint32_t track)
{
    struct ledger_delivery apart[BATCH_MAX];
    uint64_t now = tick(twins);
    uint32_t stream = world_stream_of(track);
    uint64_t before = twins->delivered[track];

    twins->is_redelivery = is_troubled(twins); /* of what comes a little later */
    if (twins->is_redelivery && before + 60 < twins->sent[track])
        twins->delivered[track] += 60;
    twins->count = 1 + (size_t)draw(twins, BATCH_MAX);
    if (!is_troubled(twins) && twins->delivered[track] + twins->count > twins->sent[track])
        twins->count = (size_t)(twins->sent[track] - twins->delivered[track]);
    twins->member = draw(twins, 2) ? BILLING_2 : BILLING_1;
    for (size_t i = 0; i < twins->count; i++)
        fill_entry(twins, is_troubled(twins) ? (uint32_t)draw(twins, 2) : track, i);
    ledger_receive(twins->together.members[twins->member], stream, twins->entries, twins->count,
                   now, twins->deliveries);
    for (size_t i = 0; i < twins->count; i++)
        ledger_receive(twins->apart.members[twins->member], stream, &twins->entries[i], 1, now,
                       &apart[i]);
    assert_memory_equal(twins->deliveries, apart, twins->count * sizeof(*apart));
    if (twins->is_redelivery)
        twins->delivered[track] = before;
}

/* --- Settling --------------------------------------------------------------------------------- */

static void settle(struct twins *twins)
{
    enum ledger_settling settling = is_troubled(twins) ? LEDGER_NACK : LEDGER_ACK;
    enum adapter_outcome outcome = is_troubled(twins) ? ADAPTER_UNKNOWN : ADAPTER_DONE;
    bool accepted = !is_troubled(twins);
    uint64_t now = tick(twins);
    size_t first = is_troubled(twins) ? (size_t)draw(twins, twins->count + 1) : 0;
    const struct ledger_delivery *deliveries = twins->deliveries + first;

    ledger_settle(twins->together.members[twins->member], settling, deliveries,
                  twins->count - first, outcome, accepted, now, now);
    for (size_t i = 0; i < twins->count - first; i++)
        ledger_settle(twins->apart.members[twins->member], settling, &deliveries[i], 1, outcome,
                      accepted, now, now);
}

static void fall(struct twins *twins)
{
    static const enum ledger_cause causes[] = {LEDGER_CRASH, LEDGER_CONNECTION, LEDGER_EXPIRY};
    enum ledger_cause cause = causes[draw(twins, 3)];
    uint64_t now = tick(twins);

    ledger_excuse(twins->together.members[twins->member], cause, twins->deliveries, twins->count,
                  now);
    for (size_t i = 0; i < twins->count; i++)
        ledger_excuse(twins->apart.members[twins->member], cause, &twins->deliveries[i], 1, now);
    ledger_epoch(twins->together.members[twins->member]);
    ledger_epoch(twins->apart.members[twins->member]);
}

/* --- Both ------------------------------------------------------------------------------------- */

static void assert_same_counts(const struct twins *twins)
{
    struct ledger_counts together = ledger_count(twins->together.ledger, BILLING);
    struct ledger_counts apart = ledger_count(twins->apart.ledger, BILLING);

    assert_memory_equal(&together, &apart, sizeof(apart));
}

static void assert_same_verdicts(struct twins *twins, bool is_drained)
{
    const struct ledger_report *together = world_judge(&twins->together, is_drained);
    const struct ledger_report *apart = world_judge(&twins->apart, is_drained);
    const struct ledger_group_report *group = &together->groups[BILLING];
    const struct ledger_group_report *other = &apart->groups[BILLING];

    assert_memory_equal(together->anomalies, apart->anomalies, sizeof(apart->anomalies));
    assert_memory_equal(group->anomalies, other->anomalies, sizeof(other->anomalies));
    assert_memory_equal(group->duplicates_by_cause, other->duplicates_by_cause,
                        sizeof(other->duplicates_by_cause));
    assert_int_equal(group->expected, other->expected);
    assert_int_equal(group->recovered, other->recovered);
}

static void step(struct twins *twins)
{
    uint32_t track = draw(twins, 8) == 0 ? TILL_1 : (uint32_t)draw(twins, 2);

    if (draw(twins, 4))
        attempt(twins, track);
    if (draw(twins, 2))
        answer(twins, track);
    receive(twins, track);
    if (draw(twins, 4))
        settle(twins);
    if (is_troubled(twins) && draw(twins, 4) == 0)
        fall(twins);
    assert_same_counts(twins);
}

static void batches_are_judged_like_their_messages(void **state)
{
    uint64_t anomalies = 0;

    (void)state;
    for (uint64_t history = 0; history < HISTORIES; history++) {
        static struct twins twins;
        const struct world_plan plan = {.redelivery_time_ns = history % 3 * 10 * SECOND,
                                        .is_shared = history % 4 == 3,
                                        .never_settles = history % 5 == 4};

        twins = (struct twins){.together = world_begin(&plan),
                               .apart = world_begin(&plan),
                               .bits = random_keyed(11, 0, 0, history),
                               .trouble = (history % 8) * (history % 8)};
        for (unsigned i = 0; i < STEPS; i++)
            step(&twins);
        assert_same_verdicts(&twins, history % 2);
        anomalies += world_observed(&twins.together);
        world_end(&twins.together);
        world_end(&twins.apart);
    }
    assert_true(anomalies > HISTORIES * STEPS); /* there was something to see */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(batches_are_judged_like_their_messages),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
