/* conform_play.c: clauses run: in virtual time one after another, each in a world of its own, on a
   thread of their own; in real time those that only wait side by side, beside them one that races,
   and last, one at a time, those that must be alone. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/text.h"
#include "registry.h"
#include "run/conform_state.h"

#define VIRTUAL_LATENCY_NS 1000u
#define PULSE_NS           5000000u
#define TELL_PERIOD_NS     200000000u
#define PARALLEL_MAX       16u
#define ATTEMPTS_MAX       5u
#define NAMES_MAX          3u

enum { WAITING_LANE, RACING_LANE, LANES };

struct lane {
    struct conform_task **queue;
    size_t queue_count, queue_next;
    size_t active_count, active_max;
};

struct tally { /* of both threads */
    _Atomic size_t done_count, failed_count;
};

struct play {
    struct conform *conform;
    struct conform_task *tasks;
    size_t task_count;
    struct endpoint_place place; /* of the real loop */
    struct loop_timer pulse;
    uint64_t pulse_due_ns, told_ns;
    struct lane lanes[LANES];
    struct conform_task **active; /* of all lanes */
    size_t active_count;
    struct conform_task **again; /* to be repeated alone */
    size_t again_count;
    size_t wanted_count;
    struct tally *tally;
    bool is_stopped;
    bool is_aside; /* on a thread that tells nobody how far it is */
};

/* --- Progress -------------------------------------------------------------------------------- */

static void name_active(const struct play *play, struct text *names)
{
    for (size_t i = 0; i < play->active_count && i < NAMES_MAX; i++)
        text_appendf(names, "%s%s", i > 0 ? ", " : "", play->active[i]->clause->id);
    if (play->active_count > NAMES_MAX)
        text_appendf(names, " and %zu more", play->active_count - NAMES_MAX);
}

static void tell(struct play *play)
{
    const struct conform_options *options = play->conform->options;
    uint64_t now = conform_desk_now_ns(play->conform->desk);
    struct text names = {0};
    struct conform_progress progress = {.done_count = play->tally->done_count,
                                        .count = play->wanted_count,
                                        .failed_count = play->tally->failed_count};

    if (!options->progress || play->is_aside || now - play->told_ns < TELL_PERIOD_NS)
        return;
    play->told_ns = now;
    name_active(play, &names);
    progress.running = text_string(&names);
    options->progress(options->context, &progress);
    text_release(&names);
}

static bool is_interrupted(const struct play *play)
{
    return play->conform->options->stop && *play->conform->options->stop;
}

static void count_done(struct play *play, const struct conform_task *task)
{
    play->tally->done_count++;
    if (task->entry->verdict == CONFORMANCE_FAIL && task->entry->level == 'R')
        play->tally->failed_count++;
}

/* --- Virtual time ---------------------------------------------------------------------------- */

static void on_over_virtual(struct conform_task *task, void *context)
{
    bool *is_over = context;

    *is_over = true;
    loop_stop(task->place.loop);
}

static void play_virtual(struct play *play, struct conform_task *task)
{
    struct endpoint_place place = {.loop = loop_simulated_new(),
                                   .dialer = link_dialer_simulated_new(VIRTUAL_LATENCY_NS),
                                   .log = play->conform->options->log};
    const struct conform_standin *standin = play->conform->options->standin;
    struct error ignored = {0};
    bool is_over = false;

    play->active[0] = task;
    play->active_count = 1;
    task->standin =
        standin ? standin->open(standin->context, place.loop, place.dialer, &ignored) : NULL;
    conform_task_start(task, &place, on_over_virtual, &is_over);
    loop_run(place.loop);
    if (!is_over) { /* nothing is left to happen */
        conform_task_decide(task, CONFORMANCE_INCONCLUSIVE,
                            "nothing was left to happen before the script ended");
        conform_task_drop(task);
    }
    play->active_count = 0;
    if (standin && task->standin)
        standin->close(task->standin);
    if (!task->standin || !conform_task_leave_dialer(task))
        link_dialer_free(place.dialer);
    loop_free(place.loop);
    count_done(play, task);
    tell(play);
}

static void *play_all_virtual(void *context)
{
    struct play *play = context;

    for (size_t i = 0; i < play->task_count; i++) {
        struct conform_task *task = &play->tasks[i];

        if (task->is_wanted && task->is_virtual && !is_interrupted(play))
            play_virtual(play, task);
    }
    return NULL;
}

/* --- Real time ------------------------------------------------------------------------------- */

static void note_gap(struct play *play)
{
    uint64_t now = loop_now_ns(play->place.loop);
    uint64_t late_ns = now > play->pulse_due_ns ? now - play->pulse_due_ns : 0;

    for (size_t i = 0; i < play->active_count; i++)
        if (late_ns > play->active[i]->gap_ns_max)
            play->active[i]->gap_ns_max = late_ns;
}

static void on_pulse(void *context)
{
    struct play *play = context;

    note_gap(play);
    if (is_interrupted(play) && !play->is_stopped) {
        play->is_stopped = true;
        for (size_t i = 0; i < play->active_count; i++)
            conform_task_abort(play->active[i]);
    }
    tell(play);
    play->pulse_due_ns = loop_now_ns(play->place.loop) + PULSE_NS;
    loop_timer_start(play->place.loop, &play->pulse, play->pulse_due_ns, on_pulse, play);
}

static void drop_active(struct play *play, const struct conform_task *task)
{
    size_t kept = 0;

    for (size_t i = 0; i < play->active_count; i++)
        if (play->active[i] != task)
            play->active[kept++] = play->active[i];
    play->active_count = kept;
}

/* A clause about time that failed while the loop was held up says nothing yet (contracts.md, ruling
   12). */
static bool is_doubtful(const struct conform_task *task)
{
    return task->entry->verdict == CONFORMANCE_FAIL && task->slack_ns > 0 &&
           task->gap_ns_max > task->slack_ns;
}

/* Nor does one whose calls got no answer, though nobody disturbed them: the server may have been
   held up.  When that happens each time, it is the broker's failure. */
static bool is_unanswered(const struct conform_task *task)
{
    return task->entry->verdict == CONFORMANCE_FAIL && task->timeout_count > 0 &&
           !conform_steps_use(&task->steps, "server") && !conform_steps_use(&task->steps, "link");
}

/* Nor does one in whose time a process ended that it shared with others: any of them may have made
   it crash.  Alone, it is its own. */
static bool is_bystander(const struct conform_task *task)
{
    return task->entry->verdict != CONFORMANCE_PASS && task->had_company &&
           registry_losses() != task->loss_count;
}

/* Nor does one that looked at what may be counted for the whole server, on which others were at
   work.  Alone, the difference is its own. */
static bool is_crowded(const struct conform_task *task)
{
    return task->entry->verdict == CONFORMANCE_FAIL && task->had_company &&
           (conform_steps_use(&task->steps, "health_stats") ||
            conform_steps_use(&task->steps, "info"));
}

static bool is_open_again(const struct conform_task *task)
{
    return is_doubtful(task) || is_unanswered(task) || is_bystander(task) || is_crowded(task);
}

static void judge_doubt(struct conform_task *task)
{
    char *reason = memory_string(task->entry->reason);

    conform_task_decide(task, CONFORMANCE_INCONCLUSIVE,
                        "this machine was too busy for its times in %llu attempts (held up for up "
                        "to %.0f ms); the last one failed: %s",
                        (unsigned long long)task->entry->attempt_count,
                        (double)task->gap_ns_max / 1e6, reason);
    free(reason);
}

static void fill_up(struct play *play);

static void on_over_real(struct conform_task *task, void *context)
{
    struct play *play = context;

    note_gap(play);
    drop_active(play, task);
    play->lanes[task->lane].active_count--;
    if (is_open_again(task) && task->entry->attempt_count < ATTEMPTS_MAX && !play->is_stopped) {
        play->again[play->again_count++] = task;
    } else {
        if (is_doubtful(task))
            judge_doubt(task);
        count_done(play, task);
    }
    fill_up(play);
}

static void note_company(struct play *play)
{
    for (size_t i = 0; i < play->active_count && play->active_count > 1; i++)
        play->active[i]->had_company = true;
}

static void fill_lane(struct play *play, size_t index)
{
    struct lane *lane = &play->lanes[index];

    while (!play->is_stopped && lane->active_count < lane->active_max &&
           lane->queue_next < lane->queue_count) {
        struct conform_task *task = lane->queue[lane->queue_next++];

        task->lane = index;
        lane->active_count++;
        play->active[play->active_count++] = task;
        task->loss_count = registry_losses();
        task->had_company = false;
        note_company(play);
        conform_task_start(task, &play->place, on_over_real, play);
    }
}

static void fill_up(struct play *play)
{
    for (size_t i = 0; i < LANES; i++)
        fill_lane(play, i);
    if (play->active_count == 0)
        loop_stop(play->place.loop);
}

/* Run what is queued to its end. */
static void run_lanes(struct play *play)
{
    play->pulse_due_ns = loop_now_ns(play->place.loop) + PULSE_NS;
    loop_timer_start(play->place.loop, &play->pulse, play->pulse_due_ns, on_pulse, play);
    fill_up(play);
    while (play->active_count > 0)
        loop_run(play->place.loop);
    loop_timer_stop(play->place.loop, &play->pulse);
    for (size_t i = 0; i < LANES; i++)
        play->lanes[i].queue_count = play->lanes[i].queue_next = 0;
}

static void enqueue(struct play *play, size_t index, struct conform_task *task)
{
    struct lane *lane = &play->lanes[index];

    lane->queue[lane->queue_count++] = task;
}

static void queue_company(struct play *play, enum conform_company company, size_t lane)
{
    for (size_t i = 0; i < play->task_count; i++) {
        struct conform_task *task = &play->tasks[i];

        if (task->is_wanted && !task->is_virtual && task->company == company)
            enqueue(play, lane, task);
    }
}

/* One at a time, so that what is traced can be followed. */
static bool is_single(const struct conform_options *options)
{
    return options->trace || options->no_timeouts || options->parallel_max == 1;
}

static void play_all_real(struct play *play)
{
    const struct conform_options *options = play->conform->options;
    size_t together = options->parallel_max ? options->parallel_max : PARALLEL_MAX;

    play->lanes[WAITING_LANE].active_max = is_single(options) ? 1 : together;
    play->lanes[RACING_LANE].active_max = 1;
    queue_company(play, CONFORM_MANY, WAITING_LANE);
    queue_company(play, CONFORM_ONE, is_single(options) ? WAITING_LANE : RACING_LANE);
    run_lanes(play);
    play->lanes[WAITING_LANE].active_max = 1;
    queue_company(play, CONFORM_NOBODY, WAITING_LANE);
    run_lanes(play);
    while (play->again_count > 0 && !play->is_stopped) {
        while (play->again_count > 0)
            enqueue(play, WAITING_LANE, play->again[--play->again_count]);
        run_lanes(play);
    }
}

/* --- Both ------------------------------------------------------------------------------------ */

static int open_real(struct play *play, struct error *reterr)
{
    play->place.loop = loop_real_new(0, reterr);
    if (!play->place.loop)
        return -1;
    play->place.dialer = link_dialer_real_new();
    play->place.log = play->conform->options->log;
    return 0;
}

static bool has_real(const struct play *play)
{
    for (size_t i = 0; i < play->task_count; i++)
        if (play->tasks[i].is_wanted && !play->tasks[i].is_virtual)
            return true;
    return false;
}

/* Virtual time needs a core and nothing else, while what is real mostly waits: both at once, where
   nobody wants to follow them. */
static void play_all(struct play *play)
{
    struct play aside = *play;
    pthread_t thread;

    aside.is_aside = true;
    aside.active = memory_new(1, sizeof(struct conform_task *));
    if (is_single(play->conform->options) || !has_real(play) ||
        pthread_create(&thread, NULL, play_all_virtual, &aside) != 0) {
        play_all_virtual(play);
        play_all_real(play);
    } else {
        play_all_real(play);
        (void)pthread_join(thread, NULL);
    }
    free(aside.active);
}

static void note_interruption(struct play *play)
{
    for (size_t i = 0; i < play->task_count; i++) {
        struct conform_task *task = &play->tasks[i];

        if (task->is_wanted && task->entry->attempt_count == 0)
            conform_task_decide(task, CONFORMANCE_NOT_RUN, "interrupted");
    }
    play->conform->result->is_partial = true;
}

int conform_play(struct conform *conform, struct conform_task *tasks, size_t task_count,
                 struct error *reterr)
{
    struct tally tally = {0};
    struct play play = {
        .conform = conform, .tasks = tasks, .task_count = task_count, .tally = &tally};
    size_t count = task_count + 1;

    if (open_real(&play, reterr) < 0)
        return -1;
    for (size_t i = 0; i < LANES; i++)
        play.lanes[i].queue = memory_new(count, sizeof(struct conform_task *));
    play.active = memory_new(count, sizeof(struct conform_task *));
    play.again = memory_new(count, sizeof(struct conform_task *));
    for (size_t i = 0; i < task_count; i++)
        play.wanted_count += tasks[i].is_wanted;
    play.told_ns = conform_desk_now_ns(conform->desk);
    play_all(&play);
    if (is_interrupted(&play))
        note_interruption(&play);
    for (size_t i = 0; i < LANES; i++)
        free(play.lanes[i].queue);
    free(play.active);
    free(play.again);
    link_dialer_free(play.place.dialer);
    loop_free(play.place.loop);
    return 0;
}
