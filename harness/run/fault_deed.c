/* fault_deed.c: what is done to a server of the run's own and takes its time: a full disk, lost
   power, slow loading, a replica that takes over.  Each deed runs on a thread of its own, one at a
   time for each server. */
#include <stdio.h>
#include <string.h>

#include "run/broker_replication.h"
#include "run/fault_broker.h"

#define BUSY_NS 5000000u /* another fault is at the same server: look again */

struct deed {
    bool needs_replica;
    int (*begin)(struct fault_target *target, struct error *reterr);
    int (*heal)(struct fault_target *target, struct error *reterr); /* NULL: it does not last */
};

static struct broker *broker_of(const struct fault_target *target)
{
    return fault_broker_of(target->fault);
}

static struct server *server_of(const struct fault_target *target)
{
    return broker_of(target)->server;
}

/* --- Disks ----------------------------------------------------------------------------------- */

/* Its next write to a file fails, and reads go on. */
static int fill_disk(struct fault_target *target, struct error *reterr)
{
    return server_limit_files(server_of(target), 1, reterr);
}

static int free_disk(struct fault_target *target, struct error *reterr)
{
    return server_limit_files(server_of(target), UINT64_MAX, reterr);
}

/* What was written since the last sync was in memory only, and is gone with the power. */
static int cut_power(struct fault_target *target, struct error *reterr)
{
    struct server *server = server_of(target);

    if (server_do(server, SERVER_KILL, reterr) < 0 || server_forget_unsynced(server, reterr) < 0)
        return -1;
    return server_do(server, SERVER_START, reterr);
}

/* --- Loading --------------------------------------------------------------------------------- */

/* Redis says -LOADING while it reads its data.  It must have much of it for that: keys that nobody
   else uses, removed again. */
#define EACH_BALLAST(deed) "EVAL \"for i = 1, 50000 do redis.call(" deed ") end\" 0"
#define BALLAST_KEY        "'gauntlet:ballast:'..i"

static int load_slowly(struct fault_target *target, struct error *reterr)
{
    struct server *server = server_of(target);
    char lines[120], answer[100];
    int result;

    (void)snprintf(lines, sizeof(lines),
                   "key-load-delay %lld\nloading-process-events-interval-bytes 1024\n",
                   (long long)(fault_main_value(target->fault)->number / 1000));
    (void)server_ask(server, EACH_BALLAST("'set', " BALLAST_KEY ", ''"), answer, sizeof(answer));
    if (server_do(server, SERVER_KILL, reterr) < 0)
        return -1;
    server_add_config(server, lines);
    result = server_launch(server, reterr);
    server_add_config(server, NULL);
    return result;
}

static int load_quickly(struct fault_target *target, struct error *reterr)
{
    struct server *server = server_of(target);
    char answer[100];

    (void)server_ask(server, "CONFIG SET key-load-delay 0", answer, sizeof(answer));
    if (server_await(server, reterr) < 0)
        return -1;
    (void)server_ask(server, EACH_BALLAST("'del', " BALLAST_KEY), answer, sizeof(answer));
    return 0;
}

/* --- Failover -------------------------------------------------------------------------------- */

/* From now on the replica misses what the main server accepts, as behind a broken link. */
static int leave_main(struct fault_target *target, struct error *reterr)
{
    return broker_replication_tell(broker_of(target)->replica, "REPLICAOF NO ONE", reterr);
}

/* It begins anew with a copy of the main server. */
static int follow_main(struct fault_target *target, struct error *reterr)
{
    const struct broker *broker = broker_of(target);

    /* Once it is promoted nobody is left to follow. */
    return broker->is_promoted ? 0 : broker_replication_follow(broker, reterr);
}

/* The main server dies, and the replica takes its place: with its own data, at the same address. */
static int promote(struct fault_target *target, struct error *reterr)
{
    struct broker *broker = broker_of(target);
    struct server *dead = broker->server;
    uint16_t port = server_port(dead);
    char line[60];

    if (broker->is_promoted)
        return error_set(reterr, ERROR_USAGE, "the replica was promoted already");
    (void)snprintf(line, sizeof(line), "CONFIG SET port %u", port);
    if (server_do(dead, SERVER_KILL, reterr) < 0 ||
        broker_replication_tell(broker->replica, "REPLICAOF NO ONE", reterr) < 0 ||
        broker_replication_tell(broker->replica, line, reterr) < 0)
        return -1;
    server_set_port(broker->replica, port);
    broker->server = broker->replica;
    broker->replica = dead;
    broker->is_promoted = true;
    return server_await(broker->server, reterr);
}

/* --- The table ------------------------------------------------------------------------------- */

enum { DISK_FULL, POWER_LOSS, LOADING, CUT_REPLICA, PROMOTE };

static const struct deed DEEDS[] = {
    [DISK_FULL] = {false, fill_disk, free_disk},
    [POWER_LOSS] = {false, cut_power, NULL},
    [LOADING] = {false, load_slowly, load_quickly},
    [CUT_REPLICA] = {true, leave_main, follow_main},
    [PROMOTE] = {true, promote, NULL},
};

static const struct schema_option LOADING_OPTIONS[] = {
    {"delay", SCHEMA_DURATION, NULL, 1e3, 1e9, "500us", "for each key or command that it loads"},
};

#define WORD(verb_, word_, lasts_, help_)                                                          \
    {                                                                                              \
        .seen = {.word = (word_),                                                                  \
                 .role = SCENARIO_BROKER,                                                          \
                 .options = {.subject = (word_)},                                                  \
                 .lasts = (lasts_),                                                                \
                 .help = (help_)},                                                                 \
        .kind = &fault_deed_kind, .verb = (verb_)                                                  \
    }

static const struct fault_word WORDS[] = {
    WORD(DISK_FULL, "disk_full", true, "whatever its server writes to a file fails"),
    WORD(POWER_LOSS, "power_loss", false,
         "its server comes back without what it had not yet synced to disk"),
    {.seen = {.word = "loading",
              .role = SCENARIO_BROKER,
              .options = {"loading", LOADING_OPTIONS, 1},
              .takes_value = true,
              .lasts = true,
              .help = "its server is started again, and loads its data slowly"},
     .kind = &fault_deed_kind,
     .verb = LOADING},
    WORD(CUT_REPLICA, "cut_replica", true,
         "the replica follows no more: what is accepted now is on one server only"),
    WORD(PROMOTE, "promote", false, "its server dies, and the replica takes its place"),
};

const struct fault_word *fault_deed_word_at(size_t index)
{
    return index < sizeof(WORDS) / sizeof(WORDS[0]) ? &WORDS[index] : NULL;
}

/* --- Doing ----------------------------------------------------------------------------------- */

static const struct deed *deed_of(const struct fault_target *target)
{
    return &DEEDS[target->fault->word->verb];
}

static struct loop *loop_of(const struct fault_target *target)
{
    return target->fault->owner->loop;
}

static int work_begin(void *context, struct error *reterr)
{
    return deed_of(context)->begin(context, reterr);
}

static int work_heal(void *context, struct error *reterr)
{
    return deed_of(context)->heal(context, reterr);
}

/* False when another is at the server: `again` is called soon. */
static bool work(struct fault_target *target, int (*what)(void *context, struct error *reterr),
                 server_done *done, void (*again)(void *context))
{
    struct broker *broker = broker_of(target);

    if (broker->is_driven) {
        loop_timer_start(loop_of(target), &target->timer, loop_now_ns(loop_of(target)) + BUSY_NS,
                         again, target);
        return false;
    }
    broker->is_driven = true;
    server_work_later(loop_of(target), what, done, target);
    return true;
}

static void on_healed(void *context, int result, const struct error *error)
{
    struct fault_target *target = context;
    uint64_t now = loop_now_ns(loop_of(target));

    broker_of(target)->is_driven = false;
    if (result < 0)
        fault_failed(target, error->message, now);
    else
        fault_healed(target, now);
}

static void heal(void *context)
{
    struct fault_target *target = context;

    target->is_coming = true;
    (void)work(target, work_heal, on_healed, heal);
}

static void on_begun(void *context, int result, const struct error *error)
{
    struct fault_target *target = context;
    uint64_t now = loop_now_ns(loop_of(target));
    char hit[120];

    broker_of(target)->is_driven = false;
    if (result < 0) {
        fault_failed(target, error->message, now);
        return;
    }
    (void)snprintf(hit, sizeof(hit), "the server of broker %s", broker_of(target)->endpoint.name);
    if (!deed_of(target)->heal) {
        fault_flashed(target, hit, now);
        return;
    }
    target->is_down = true;
    fault_struck(target, hit, now);
    if (target->is_ending)
        heal(target);
}

static void go(void *context)
{
    (void)work(context, work_begin, on_begun, go);
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

    if (fault_broker_end(target) && target->is_down)
        heal(target);
}

/* --- Binding --------------------------------------------------------------------------------- */

static int bind(struct fault *fault, struct error *reterr)
{
    const struct broker *broker = fault_broker_of(fault);

    if (!broker->server || !server_is_ours(broker->server))
        return fault_refuse(fault, reterr,
                            "it needs a server of the run's own: say 'spawn: redis-server' for "
                            "broker %s",
                            broker->endpoint.name);
    if (DEEDS[fault->word->verb].needs_replica && !broker->replica)
        return fault_refuse(fault, reterr,
                            "broker %s has no replica: say 'spawn: {command: redis-server, "
                            "replica: true}'",
                            broker->endpoint.name);
    (void)fault_broker_target(fault);
    return 0;
}

const struct fault_kind fault_deed_kind = {.bind = bind, .begin = begin, .end = end};
