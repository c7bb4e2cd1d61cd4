/* play.c: the course of a run.  Consumers first, so that nothing is missed; then producers; then
   the drain, until everything is accounted for or nothing more can be expected. */
#include <stdio.h>
#include <string.h>

#include "run/stage.h"

#define START_PERIOD_NS       200000u /* while starting: a newcomer waits for this */
#define PERIOD_NS             5000000u
#define READY_TIMEOUT_NS      15000000000u
#define STOP_TIMEOUT_NS       6000000000u
#define LINGER_NS             50000000u /* after the last message is accounted for: are there more? */
#define QUIET_NS              1000000000u /* a drain is not proven by less silence than this */
#define DEAD_LETTER_PERIOD_NS 500000000u
#define INTERRUPTED_DRAIN_NS  2000000000u
#define FAULTS_TIMEOUT_NS     60000000000u
#define HEAL_TIMEOUT_NS       30000000000u

/* What a wait looks at, and when it last saw something move. */
struct watch {
    struct stage *stage;
    uint64_t moved_ns, asked_ns;
    uint64_t progress, failures;
    bool is_stalled, is_proven;
};

static struct ledger_counts count_all(const struct stage *stage)
{
    return ledger_count(stage->cast.ledger, -1);
}

/* Notes movement; true when nothing has moved for a whole `limit_ns`. */
static bool is_still(struct watch *watch, uint64_t limit_ns)
{
    struct ledger_counts counts = count_all(watch->stage);
    uint64_t progress = counts.accepted + counts.first + counts.again + counts.settled +
                        counts.nacked + counts.dead_lettered;
    uint64_t now = loop_now_ns(watch->stage->waiter.loop);

    if (progress != watch->progress || watch->moved_ns == 0) {
        watch->progress = progress;
        watch->failures = counts.refused + counts.unknown;
        watch->moved_ns = now;
    }
    return now - watch->moved_ns >= limit_ns;
}

/* --- Start ----------------------------------------------------------------------------------- */

static bool are_ready(void *context)
{
    const struct stage *stage = context;

    return stage->cast.ready_count == stage->cast.started_count;
}

static void start_consumers(struct stage *stage)
{
    uint64_t deadline = loop_now_ns(stage->waiter.loop) + READY_TIMEOUT_NS;

    stage->phase = "starting";
    stage->phase_end_ns = deadline;
    for (size_t i = 0; i < stage->cast.consumer_count; i++)
        deadline += stage->cast.consumers[i].scenario->start_gap_ns;
    cast_start_consumers(&stage->cast);
    if (wait_until(&stage->waiter, are_ready, stage, START_PERIOD_NS, deadline))
        return;
    if (!stage->is_interrupted && !stage_has_loss(stage))
        result_judge(
            stage->result, VERDICT_INCONCLUSIVE, "%zu of %zu consumers were not ready in time",
            stage->cast.started_count - stage->cast.ready_count, stage->cast.started_count);
}

/* --- Sending
 * --------------------------------------------------------------------------------------- */

static bool are_finished(void *context)
{
    struct watch *watch = context;
    struct stage *stage = watch->stage;
    struct ledger_counts counts;

    cast_start_waiting(&stage->cast, count_all(stage).accepted);
    if (stage->cast.finished_count == stage->cast.producer_count)
        return true;
    if (!is_still(watch, stage->scenario->drain_ns))
        return false;
    counts = count_all(stage);
    watch->is_stalled = counts.refused + counts.unknown > watch->failures;
    return watch->is_stalled;
}

static bool are_producers_done(void *context)
{
    const struct stage *stage = context;

    return stage->cast.finished_count == stage->cast.producer_count;
}

static void stop_producers(struct stage *stage)
{
    cast_stop_producers(&stage->cast);
    wait_until(&(struct waiter){.loop = stage->waiter.loop}, are_producers_done, stage, PERIOD_NS,
               loop_now_ns(stage->waiter.loop) + STOP_TIMEOUT_NS);
}

/* As planned; at unlimited rates nobody knows. */
static uint64_t longest_sending(const struct scenario *scenario)
{
    uint64_t longest = 0;

    for (size_t i = 0; i < scenario->producer_count; i++) {
        const struct scenario_producer *producer = &scenario->producers[i];
        uint64_t planned = producer->for_ns;

        if (planned == 0 && producer->rate > 0.0)
            planned = (uint64_t)((double)producer->count / producer->rate * 1e9);
        longest = planned > longest ? planned : longest;
    }
    return longest;
}

static void send_all(struct stage *stage)
{
    struct watch watch = {.stage = stage};
    uint64_t deadline = UINT64_MAX;

    if (stage->is_interrupted)
        return;
    stage->phase = "running";
    stage->publish_begin_ns = loop_now_ns(stage->waiter.loop);
    if (stage->scenario->limit_ns > 0)
        deadline = stage->begin_ns + stage->scenario->limit_ns;
    stage->cast.start_ns = stage->publish_begin_ns;
    stage->phase_end_ns = stage->publish_begin_ns + longest_sending(stage->scenario);
    timeline_begin(&stage->phases.timeline, stage->cast.start_ns);
    stage_work_begin(stage);
    cast_start_producers(&stage->cast);
    faults_start(stage->faults);
    if (!wait_until(&stage->waiter, are_finished, &watch, PERIOD_NS, deadline) ||
        watch.is_stalled) {
        if (watch.is_stalled)
            result_judge(stage->result, VERDICT_INCONCLUSIVE,
                         "stopped sending: the broker has taken nothing for %llu s",
                         (unsigned long long)(stage->scenario->drain_ns / 1000000000u));
        else if (stage->upkeep.stop_reason)
            result_judge(stage->result, VERDICT_INCONCLUSIVE, "%s", stage->upkeep.stop_reason);
        else if (!stage_ends_early(stage))
            result_judge(stage->result, VERDICT_INCONCLUSIVE,
                         "stopped sending: the run's limit was reached");
        stop_producers(stage);
    }
    stage->publish_end_ns = loop_now_ns(stage->waiter.loop);
    stage_work_end(stage);
}

/* --- Draining
 * -------------------------------------------------------------------------------------- */

static bool has_nacks(const struct stage *stage)
{
    for (size_t i = 0; i < stage->cast.consumer_count; i++)
        if (stage->cast.consumers[i].spec.nack > 0.0)
            return true;
    return faults_have_nacks(stage->faults);
}

/* Every message that is not finished may stay so: its ack had no answer. */
static bool may_all_stay_silent(const struct stage *stage)
{
    struct ledger_counts counts = count_all(stage);

    return counts.outstanding <= counts.doubtful;
}

static uint64_t longest_redelivery_ns(const struct stage *stage)
{
    uint64_t longest = 0;

    for (size_t i = 0; i < stage->brokers.count; i++) {
        uint64_t redelivery = broker_redelivery_ns(&stage->brokers.items[i]);

        longest = redelivery > longest ? redelivery : longest;
    }
    return longest;
}

/* Silence that proves a drain.  After trouble it must be long enough for any redelivery to have
   come; after nacks, for any retry: nobody says how long a broker's backoff has grown.  Where
   silence is legal, one redelivery time is enough: what comes again comes then. */
static uint64_t quiet_ns(const struct stage *stage)
{
    bool was_smooth = !stage_has_trouble(stage) && !faults_have_fired(stage->faults) &&
                      count_all(stage).first > 0;

    if (may_all_stay_silent(stage))
        return QUIET_NS + longest_redelivery_ns(stage);
    if (has_nacks(stage))
        return stage->scenario->drain_ns / 2 + QUIET_NS;
    return was_smooth ? QUIET_NS : QUIET_NS + 2 * longest_redelivery_ns(stage);
}

static bool are_consumers_idle(const struct stage *stage)
{
    for (size_t i = 0; i < stage->cast.consumer_count; i++) {
        const struct cast_consumer *entry = &stage->cast.consumers[i];

        if (entry->spec.broker->declared & ADAPTER_CONSUMER_GROUPS &&
            !consumer_is_absent(entry->consumer) && consumer_empty_reads(entry->consumer) < 2)
            return false;
    }
    return true;
}

static bool is_drained(void *context)
{
    struct watch *watch = context;
    struct stage *stage = watch->stage;
    uint64_t now = loop_now_ns(stage->waiter.loop);

    if (count_all(stage).outstanding == 0) {
        watch->is_proven = true;
        return true;
    }
    watch->is_proven = is_still(watch, quiet_ns(stage)) && are_consumers_idle(stage);
    if (watch->is_proven)
        return true;
    return now - watch->asked_ns >= DEAD_LETTER_PERIOD_NS && has_nacks(stage);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

/* --- Faults
 * ---------------------------------------------------------------------------------------- */

/* Messages on their way may still bring a fault about; one that is on may still end by itself. */
static bool are_faults_over(void *context)
{
    struct watch *watch = context;
    struct stage *stage = watch->stage;
    bool has_messages = count_all(stage).outstanding > 0;

    return faults_are_over(stage->faults, has_messages) ||
           (is_still(watch, quiet_ns(stage)) && !faults_wait(stage->faults));
}

static bool are_faults_healed(void *context)
{
    const struct stage *stage = context;

    return faults_are_healed(stage->faults);
}

/* Safety holds under faults; that everything drains is demanded only after they are healed. */
static void end_faults(struct stage *stage)
{
    struct watch watch = {.stage = stage};
    uint64_t now = loop_now_ns(stage->waiter.loop);

    if (!stage->faults)
        return;
    stage->phase = "faults";
    faults_stop_clock(stage->faults);
    if (!stage->is_interrupted)
        wait_until(&stage->waiter, are_faults_over, &watch, PERIOD_NS,
                   now + FAULTS_TIMEOUT_NS + stage->scenario->drain_ns);
    stage->phase = "healing";
    faults_heal(stage->faults);
    now = loop_now_ns(stage->waiter.loop);
    if (!wait_until(&(struct waiter){.loop = stage->waiter.loop}, are_faults_healed, stage,
                    PERIOD_NS, now + HEAL_TIMEOUT_NS))
        result_judge(stage->result, VERDICT_INCONCLUSIVE,
                     "not every fault could be healed within %llu s",
                     (unsigned long long)(HEAL_TIMEOUT_NS / 1000000000u));
    stage->drain_begin_ns = loop_now_ns(stage->waiter.loop);
}

static void drain(struct stage *stage)
{
    struct watch watch = {.stage = stage};
    uint64_t limit = stage->is_interrupted ? INTERRUPTED_DRAIN_NS : stage->scenario->drain_ns;
    uint64_t deadline = loop_now_ns(stage->waiter.loop) + limit;
    const struct waiter *waiter = &stage->waiter;

    /* A first Ctrl-C has ended the sending already and must not end its short drain too. */
    stage->is_patient = stage_ends_early(stage);
    cast_start_waiting(&stage->cast, UINT64_MAX); /* whatever the backlog has come to */
    stage->phase = "draining";
    stage->phase_end_ns = deadline;
    while (wait_until(waiter, is_drained, &watch, PERIOD_NS, deadline) && !watch.is_proven) {
        watch.asked_ns = loop_now_ns(stage->waiter.loop);
        stage_collect_dead_letters(stage);
    }
    stage->is_drained = watch.is_proven;
    stage->drain_end_ns = loop_now_ns(stage->waiter.loop);
    if (watch.is_proven && stage->cast.consumer_count > 0)
        wait_until(waiter, never, NULL, LINGER_NS, stage->drain_end_ns + LINGER_NS);
}

/* --- Stop
 * ------------------------------------------------------------------------------------------ */

static bool are_stopped(void *context)
{
    const struct stage *stage = context;

    return stage->cast.stopped_count == stage->cast.consumer_count;
}

static void stop_consumers(struct stage *stage)
{
    stage->phase = "stopping";
    stage->phase_end_ns = 0;
    cast_stop_consumers(&stage->cast);
    wait_until(&(struct waiter){.loop = stage->waiter.loop}, are_stopped, stage, START_PERIOD_NS,
               loop_now_ns(stage->waiter.loop) + STOP_TIMEOUT_NS);
}

void stage_play(struct stage *stage)
{
    start_consumers(stage);
    send_all(stage);
    stage->drain_begin_ns = stage->publish_end_ns;
    end_faults(stage);
    if (stage->cast.consumer_count > 0 && !stage->is_unwanted)
        drain(stage);
    stop_consumers(stage);
}
