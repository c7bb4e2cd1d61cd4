/* fault_server.c: the process behind a broker is killed, stopped, frozen or started anew.  What
   takes its time happens beside the run's loop, one thing at a time for each server. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "run/fault_broker.h"

#define HOUR_NS 3600e9
#define BUSY_NS 5000000u /* another fault is at the same server: look again */

static const struct schema_option DOWN[] = {
    {"restart", SCHEMA_BOOLEAN, NULL, 0, 0, "true", "false: it stays down until faults are healed"},
    {"restart_after", SCHEMA_DURATION, NULL, 0, HOUR_NS, "500ms", "how long it is down"},
    {"wipe", SCHEMA_BOOLEAN, NULL, 0, 0, "false", "it comes back without its data"},
};
static const struct schema_option AGAIN[] = {
    {"wipe", SCHEMA_BOOLEAN, NULL, 0, 0, "false", "it comes back without its data"},
};

#define WORD(verb_, word_, options_, lasts_, help_)                                                \
    {                                                                                              \
        .seen = {.word = (word_),                                                                  \
                 .role = SCENARIO_BROKER,                                                          \
                 .options = {(word_), (options_), sizeof(options_) / sizeof((options_)[0])},       \
                 .lasts = (lasts_),                                                                \
                 .help = (help_)},                                                                 \
        .kind = &fault_server_kind, .verb = (verb_)                                                \
    }

static const struct fault_word WORDS[] = {
    WORD(SERVER_KILL, "kill", DOWN, false, "its process is killed, and started again"),
    WORD(SERVER_STOP, "stop", DOWN, false, "its process is ended in order, and started again"),
    WORD(SERVER_RESTART, "restart", AGAIN, false, "it is killed and started again at once"),
    {.seen = {.word = "pause",
              .role = SCENARIO_BROKER,
              .options = {.subject = "pause"},
              .lasts = true,
              .help = "its process is frozen: it keeps its connections and says nothing"},
     .kind = &fault_server_kind,
     .verb = SERVER_PAUSE},
};

const struct fault_word *fault_server_word_at(size_t index)
{
    return index < sizeof(WORDS) / sizeof(WORDS[0]) ? &WORDS[index] : NULL;
}

/* --- One thing at a time --------------------------------------------------------------------- */

static struct loop *loop_of(const struct fault_target *target)
{
    return target->fault->owner->loop;
}

static void again_soon(struct fault_target *target, void (*what)(void *context))
{
    loop_timer_start(loop_of(target), &target->timer, loop_now_ns(loop_of(target)) + BUSY_NS, what,
                     target);
}

/* The server is used by one word at a time: false when it is not this one's turn. */
static bool begin_word(struct fault_target *target, enum server_word word,
                       void (*done)(void *context, int result, const struct error *error))
{
    struct broker *broker = fault_broker_of(target->fault);

    if (broker->is_driven)
        return false;
    broker->is_driven = true;
    server_do_later(broker->server, word, loop_of(target), done, target);
    return true;
}

static void end_word(const struct fault_target *target)
{
    fault_broker_of(target->fault)->is_driven = false;
}

/* --- Coming back ----------------------------------------------------------------------------- */

static enum server_word way_back(const struct fault_target *target)
{
    return target->fault->word->verb == SERVER_PAUSE ? SERVER_CONTINUE : SERVER_RESTART;
}

static void on_back(void *context, int result, const struct error *error)
{
    struct fault_target *target = context;
    uint64_t now = loop_now_ns(loop_of(target));

    end_word(target);
    if (result < 0) {
        fault_failed(target, error->message, now);
        return;
    }
    fault_broker_strike(target);
    fault_healed(target, now);
}

static void come_back(void *context)
{
    struct fault_target *target = context;

    if (!begin_word(target, way_back(target), on_back))
        again_soon(target, come_back);
}

static void on_wiped(void *context, int result, const struct error *error)
{
    struct fault_target *target = context;

    end_word(target);
    if (result < 0)
        fault_failed(target, error->message, loop_now_ns(loop_of(target)));
    else
        come_back(target);
}

static bool wipes(const struct fault *fault)
{
    return fault->word->verb != SERVER_PAUSE && fault_value(fault, "wipe")->number != 0;
}

static void start_back(void *context)
{
    struct fault_target *target = context;

    target->is_coming = true;
    if (!wipes(target->fault))
        come_back(target);
    else if (!begin_word(target, SERVER_WIPE, on_wiped))
        again_soon(target, start_back);
}

/* --- Going down ------------------------------------------------------------------------------ */

static void wait_for_return(struct fault_target *target, uint64_t now)
{
    const struct fault *fault = target->fault;
    uint64_t after = 0;

    if (fault->word->verb == SERVER_PAUSE)
        return; /* `for`, or the end */
    if (fault->word->verb != SERVER_RESTART) {
        if (fault_value(fault, "restart")->number == 0)
            return;
        after = (uint64_t)fault_value(fault, "restart_after")->number;
    }
    loop_timer_start(loop_of(target), &target->timer, now + after, start_back, target);
}

static void on_down(void *context, int result, const struct error *error)
{
    struct fault_target *target = context;
    uint64_t now = loop_now_ns(loop_of(target));
    char hit[120];

    end_word(target);
    if (result < 0) {
        fault_failed(target, error->message, now);
        return;
    }
    (void)snprintf(hit, sizeof(hit), "the server of broker %s",
                   fault_broker_of(target->fault)->endpoint.name);
    target->is_down = true;
    fault_struck(target, hit, now);
    if (target->is_ending)
        start_back(target);
    else
        wait_for_return(target, now);
}

static void go_down(void *context)
{
    struct fault_target *target = context;
    enum server_word word = (enum server_word)target->fault->word->verb;

    if (!begin_word(target, word == SERVER_RESTART ? SERVER_KILL : word, on_down))
        again_soon(target, go_down);
}

/* The command that would bring it back. */
static const char *rescue(const struct fault_target *target)
{
    const struct scenario_control *control = &fault_broker_of(target->fault)->scenario->control;

    if (target->fault->word->verb == SERVER_PAUSE)
        return control->resume;
    return control->start ? control->start : control->restart;
}

/* How it comes back is written down before it goes. */
static void go(void *context)
{
    struct fault_target *target = context;
    struct error error = {0};

    if (fault_broker_note(target, NULL, rescue(target), &error) == 0)
        go_down(target);
    else
        fault_failed(target, error.message, loop_now_ns(loop_of(target)));
}

static void begin(struct fault *fault, const struct cast_consumer *here)
{
    (void)here;
    fault_broker_begin(fault, go);
}

/* On the run's own loop. */
static void end(struct fault *fault)
{
    struct fault_target *target = &fault->targets[0];

    if (!fault_broker_end(target))
        return;
    if (!target->is_down)
        return; /* about to: it comes back at once */
    loop_timer_stop(fault->owner->loop, &target->timer);
    start_back(target);
}

/* --- Binding --------------------------------------------------------------------------------- */

static int check_words(const struct fault *fault, const struct broker *broker, struct error *reterr)
{
    enum server_word down = (enum server_word)fault->word->verb;
    enum server_word words[] = {down == SERVER_RESTART ? SERVER_KILL : down,
                                down == SERVER_PAUSE ? SERVER_CONTINUE : SERVER_RESTART,
                                wipes(fault) ? SERVER_WIPE : SERVER_START};
    size_t count = wipes(fault) ? 3 : 2;

    for (size_t i = 0; i < count; i++)
        if (!server_can(broker->server, words[i]))
            return fault_refuse(
                fault, reterr, "broker %s has no command for '%s': add 'control: {%s: COMMAND}'",
                broker->endpoint.name, server_word_name(words[i]), server_word_name(words[i]));
    return 0;
}

static int bind(struct fault *fault, struct error *reterr)
{
    const struct broker *broker = fault_broker_of(fault);
    const char *word = fault->word->seen.word;

    if (!broker->server)
        return fault_refuse(fault, reterr,
                            "this run drives no server of broker %s: say 'spawn: COMMAND', so that "
                            "it starts one, or 'control: {%s: COMMAND, ...}'",
                            broker->endpoint.name, word);
    if (fault_broker_allow(fault, reterr) < 0 || check_words(fault, broker, reterr) < 0)
        return -1;
    (void)fault_broker_target(fault);
    return 0;
}

const struct fault_kind fault_server_kind = {.bind = bind, .begin = begin, .end = end};
