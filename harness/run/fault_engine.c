/* fault_engine.c: from triggers to deeds: what fires, what it meets, and when it is over. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "run/fault_parts.h"

/* --- Firing ---------------------------------------------------------------------------------- */

static uint64_t times_of(const struct fault *fault)
{
    if (fault->plan->when.times)
        return fault->plan->when.times;
    return fault->plan->when.every_ns ? 0 : 1;
}

static void on_end_of_time(void *context)
{
    struct fault *fault = context;

    fault->word->kind->end(fault);
}

static void start_for_timer(void *context)
{
    struct fault *fault = context;
    struct loop *loop = fault->owner->loop;

    loop_timer_start(loop, &fault->for_timer, loop_now_ns(loop) + fault->plan->when.for_ns,
                     on_end_of_time, fault);
}

/* Timers belong to the run's own loop. */
void fault_count_down(struct fault *fault)
{
    if (fault->plan->when.for_ns)
        loop_post(fault->owner->loop, start_for_timer, fault);
}

/* Under the lock: is it due now?  Then it counts as started. */
static bool claim(struct fault *fault)
{
    struct faults *faults = fault->owner;
    uint64_t times = times_of(fault);

    if (!faults->is_started || faults->is_frozen || fault->is_over || fault->is_armed ||
        fault->on_count > 0 || !trigger_holds(&fault->root))
        return false;
    if (fault->plan->when.every_ns && !fault->has_round)
        return false;
    fault->has_round = false;
    trigger_reset(&fault->root);
    fault->started++;
    fault->is_armed = fault_waits_on_link(fault);
    fault->is_over = !fault->is_armed && times > 0 && fault->started >= times;
    return true;
}

void fault_consider(struct fault *fault, const struct cast_consumer *here)
{
    bool is_due;

    pthread_mutex_lock(&fault->owner->lock);
    is_due = claim(fault);
    pthread_mutex_unlock(&fault->owner->lock);
    if (!is_due)
        return;
    fault->word->kind->begin(fault, here);
    if (!fault_waits_on_link(fault))
        fault_count_down(fault);
}

static void on_every(void *context)
{
    struct fault *fault = context;
    struct loop *loop = fault->owner->loop;

    pthread_mutex_lock(&fault->owner->lock);
    fault->has_round = true;
    pthread_mutex_unlock(&fault->owner->lock);
    fault_consider(fault, NULL);
    if (!fault->is_over && !fault->owner->is_clock_over)
        loop_timer_start(loop, &fault->every_timer, loop_now_ns(loop) + fault->plan->when.every_ns,
                         on_every, fault);
}

/* --- What came of it ------------------------------------------------------------------------- */

static void open_window(struct fault_target *target, const char *hit, uint64_t now)
{
    struct fault *fault = target->fault;
    struct fault_window *window;

    if (fault->window_count >= FAULT_WINDOWS_MAX)
        return;
    fault->windows = memory_grow(fault->windows, fault->window_count + 1, sizeof(*fault->windows));
    window = &fault->windows[fault->window_count];
    *window = (struct fault_window){.begin_ns = now,
                                    .hit = memory_string(hit),
                                    .begin = ledger_count(fault->owner->stage->cast.ledger, -1)};
    target->window = fault->window_count++;
    phases_fault(&fault->owner->stage->phases, (size_t)(fault - fault->owner->items), true, now);
}

static void add_sums(struct result_fault *sums, const struct ledger_counts *begin,
                     const struct ledger_counts *end)
{
    sums->accepted += end->accepted - begin->accepted;
    sums->delivered += end->first + end->again - begin->first - begin->again;
    sums->settled += end->settled - begin->settled;
    sums->refused += end->refused - begin->refused;
    sums->unknown += end->unknown - begin->unknown;
}

static void close_window(struct fault_target *target, uint64_t now)
{
    struct fault *fault = target->fault;
    struct ledger *ledger = fault->owner->stage->cast.ledger;
    struct ledger_counts end = ledger_count(ledger, -1);
    struct fault_window *window;

    if (target->window == FAULT_NO_WINDOW)
        return;
    window = &fault->windows[target->window];
    target->window = FAULT_NO_WINDOW;
    window->end_ns = now;
    phases_fault(&fault->owner->stage->phases, (size_t)(fault - fault->owner->items), false, now);
    add_sums(&fault->sums, &window->begin, &end);
    recovery_begin(fault->owner, window);
}

void fault_struck(struct fault_target *target, const char *hit, uint64_t now)
{
    struct fault *fault = target->fault;

    pthread_mutex_lock(&fault->owner->lock);
    fault->fired++;
    if (target->window == FAULT_NO_WINDOW)
        open_window(target, hit, now);
    pthread_mutex_unlock(&fault->owner->lock);
    atomic_fetch_add(&fault->owner->fired, 1);
}

static void tell_others(struct faults *faults, const struct fault *fault)
{
    for (size_t i = 0; i < faults->count; i++)
        trigger_after(&faults->items[i].root, fault);
}

static void start_looking(void *context)
{
    recovery_watch(context);
}

void fault_healed(struct fault_target *target, uint64_t now)
{
    struct fault *fault = target->fault;
    struct faults *faults = fault->owner;
    bool is_last = false;

    pthread_mutex_lock(&faults->lock);
    close_window(target, now);
    if (target->is_on) {
        target->is_on = false;
        is_last = --fault->on_count == 0;
    }
    pthread_mutex_unlock(&faults->lock);
    loop_post(faults->loop, start_looking, faults);
    if (is_last) {
        tell_others(faults, fault);
        fault_consider(fault, NULL); /* its next round may have come meanwhile */
    }
}

void fault_flashed(struct fault_target *target, const char *hit, uint64_t now)
{
    fault_struck(target, hit, now);
    if (!target->is_on)
        fault_turn_on(target);
    fault_healed(target, now);
}

bool fault_turn_on(struct fault_target *target)
{
    struct fault *fault = target->fault;
    bool is_new;

    pthread_mutex_lock(&fault->owner->lock);
    is_new = !target->is_on;
    target->is_on = true;
    fault->on_count += is_new;
    pthread_mutex_unlock(&fault->owner->lock);
    return is_new;
}

void fault_failed(struct fault_target *target, const char *reason, uint64_t now)
{
    struct fault *fault = target->fault;
    struct faults *faults = fault->owner;
    char *title = scenario_fault_title(fault->plan);

    result_judge(faults->stage->result, VERDICT_INCONCLUSIVE, "fault '%s' could not be done: %s",
                 title, reason);
    free(title);
    fault_healed(target, now);
}

int fault_refuse(const struct fault *fault, struct error *reterr, const char *format, ...)
{
    char *title = scenario_fault_title(fault->plan);
    char reason[200];
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    error_set(reterr, ERROR_SCENARIO, "fault '%.60s': %s", title, reason);
    free(title);
    if (reterr)
        reterr->place = fault->plan->place;
    return -1;
}

uint32_t fault_track(const struct faults *faults, const char *producer)
{
    const struct cast *cast = &faults->stage->cast;
    uint32_t track = 0;

    for (size_t i = 0; i < cast->producer_count; i++) {
        if (strcmp(cast->producers[i].name, producer) == 0)
            return track;
        track += (uint32_t)cast->producers[i].scenario->stream_count;
    }
    return UINT32_MAX;
}

/* --- The course of a run --------------------------------------------------------------------- */

/* Everything that may be waited for is told; a fault without a moment is due at once. */
/* No thread runs yet. */
void faults_ready(struct faults *faults)
{
    for (size_t i = 0; faults && i < faults->count; i++) {
        struct fault *fault = &faults->items[i];

        if (!fault->plan->when.exchange || !trigger_holds(&fault->root))
            continue;
        fault->started++;
        fault->is_armed = true;
        fault_link_arm(fault);
    }
}

void faults_start(struct faults *faults)
{
    if (!faults)
        return;
    faults->start_ns = loop_now_ns(faults->loop);
    pthread_mutex_lock(&faults->lock);
    faults->is_started = true;
    for (size_t i = 0; i < faults->count; i++)
        faults->items[i].has_round = true;
    pthread_mutex_unlock(&faults->lock);
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];
        const struct scenario_trigger *when = &fault->plan->when;

        trigger_start(&fault->root);
        if (when->every_ns)
            loop_timer_start(faults->loop, &fault->every_timer,
                             faults->start_ns + when->at_ns + when->every_ns, on_every, fault);
        fault_consider(fault, NULL);
    }
}

void faults_stop_clock(struct faults *faults)
{
    if (!faults)
        return;
    pthread_mutex_lock(&faults->lock);
    faults->is_clock_over = true;
    for (size_t i = 0; i < faults->count; i++)
        if (times_of(&faults->items[i]) == 0)
            faults->items[i].is_over = true;
    pthread_mutex_unlock(&faults->lock);
}

static bool ends_by_itself(const struct fault *fault)
{
    for (size_t i = 0; i < fault->target_count; i++)
        if (fault->targets[i].is_on && loop_timer_is_started(&fault->targets[i].timer))
            return true;
    for (size_t i = 0; i < fault->target_count; i++)
        if (fault->targets[i].is_on &&
            (fault->targets[i].trouble.returns || fault->targets[i].producer))
            return true;
    return loop_timer_is_started(&fault->for_timer);
}

bool faults_are_over(struct faults *faults, bool has_messages)
{
    bool are = true;

    if (!faults)
        return true;
    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->count && are; i++) {
        const struct fault *fault = &faults->items[i];

        if (fault->on_count > 0)
            are = !ends_by_itself(fault) && !has_messages;
        else
            are = fault->is_over || !has_messages;
        are = are && !loop_timer_is_started(&fault->for_timer);
    }
    pthread_mutex_unlock(&faults->lock);
    return are;
}

bool faults_wait(struct faults *faults)
{
    bool wait = false;

    if (!faults)
        return false;
    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->count; i++) {
        const struct fault *fault = &faults->items[i];

        wait = wait || (!fault->is_over && (trigger_waits(&fault->root) ||
                                            loop_timer_is_started(&fault->every_timer)));
        wait = wait || (fault->on_count > 0 && ends_by_itself(fault));
    }
    pthread_mutex_unlock(&faults->lock);
    return wait;
}

void faults_heal(struct faults *faults)
{
    if (!faults)
        return;
    if (faults->links)
        link_faults_unwatch(faults->links); /* no fault can meet what comes now */
    pthread_mutex_lock(&faults->lock);
    faults->is_frozen = true;
    pthread_mutex_unlock(&faults->lock);
    for (size_t i = 0; i < faults->count; i++) {
        struct fault *fault = &faults->items[i];

        trigger_stop(&fault->root);
        loop_timer_stop(faults->loop, &fault->every_timer);
        loop_timer_stop(faults->loop, &fault->for_timer);
        fault->word->kind->end(fault);
    }
}

bool faults_are_healed(struct faults *faults)
{
    bool are = true;

    if (!faults)
        return true;
    pthread_mutex_lock(&faults->lock);
    for (size_t i = 0; i < faults->count; i++)
        are = are && faults->items[i].on_count == 0;
    pthread_mutex_unlock(&faults->lock);
    return are;
}

bool faults_have_fired(const struct faults *faults)
{
    return faults && atomic_load(&faults->fired) > 0;
}

bool faults_have_nacks(const struct faults *faults)
{
    for (size_t i = 0; faults && i < faults->count; i++)
        if (strcmp(faults->items[i].word->seen.word, "nack") == 0)
            return true;
    return false;
}

void faults_name_active(struct faults *faults, char *buffer, size_t capacity)
{
    struct text names = {0};

    for (size_t i = 0; faults && i < faults->count; i++) {
        char *title;

        if (faults->items[i].on_count == 0)
            continue;
        title = scenario_fault_title(faults->items[i].plan);
        text_appendf(&names, "%s%s", names.size > 0 ? ", " : "", title);
        free(title);
    }
    text_copy(buffer, capacity, text_string(&names));
    text_release(&names);
}
