/* broker_replication.c: a replica that follows through a proxy. */
#include "run/broker_replication.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "link/proxy.h"
#include "run/wait.h"
#include "scenario/fault.h"
#include "server/server.h"

#define LOOK_PERIOD_NS 5000000u
#define INFO_NUMBER(pattern)                                                                       \
    "EVAL \"return tonumber(string.match(redis.call('INFO', 'replication'), " pattern "))\" 0"
/* 1 once the replica has loaded its first copy. */
#define LINK_IS_UP                                                                                 \
    "EVAL \"return string.find(redis.call('INFO', 'replication'), 'master_link_status:up') and 1 " \
    "or 0\" 0"
#define SENT  INFO_NUMBER("'master_repl_offset:(%d+)'")
#define HEARD INFO_NUMBER("'slave_repl_offset:(%d+)'")
/* It goes to replicas as a write does, and leaves no data. */
#define SAY_SOMETHING "PUBLISH gauntlet replication"
#define COPY_PAUSE_MS 10
#define COPY_TRIES    3000

/* --- Following ------------------------------------------------------------------------------- */

int broker_replication_tell(const struct server *replica, const char *line, struct error *reterr)
{
    char answer[200] = "no answer";

    if (server_ask(replica, line, answer, sizeof(answer)) == 0 && strcmp(answer, "+OK") == 0)
        return 0;
    return error_set(reterr, ERROR_ADAPTER, "the replica did not take '%.60s': %.150s", line,
                     answer);
}

int broker_replication_follow(const struct broker *broker, struct error *reterr)
{
    const struct link_proxy *proxy = broker->replication.proxy;
    char line[60];

    (void)snprintf(line, sizeof(line), "REPLICAOF 127.0.0.1 %u",
                   proxy ? link_proxy_port(proxy) : server_port(broker->server));
    return broker_replication_tell(broker->replica, line, reterr);
}

/* --- Its first copy -------------------------------------------------------------------------- */

struct first_copy {
    const struct broker *broker;
    int result;
    struct error *reterr;
    bool is_over;
};

static int64_t ask_number(const struct server *server, const char *question)
{
    char answer[40] = "";

    if (server_ask(server, question, answer, sizeof(answer)) < 0 || answer[0] != ':')
        return -1;
    return strtoll(answer + 1, NULL, 10);
}

static int await(const struct server *server, const char *question, int64_t least,
                 struct error *reterr)
{
    for (int i = 0; i < COPY_TRIES; i++) {
        if (ask_number(server, question) >= least)
            return 0;
        (void)poll(NULL, 0, COPY_PAUSE_MS);
    }
    return error_set(reterr, ERROR_ADAPTER, "the replica does not follow its server");
}

/* On a thread of its own: the proxy needs the loop.  A server may send nothing for up to a second
   after its replica has the first copy, so that the replica must have heard something new. */
static int follow_and_wait(void *context, struct error *reterr)
{
    const struct broker *broker = ((const struct first_copy *)context)->broker;

    if (broker_replication_follow(broker, reterr) < 0 ||
        await(broker->replica, LINK_IS_UP, 1, reterr) < 0)
        return -1;
    (void)ask_number(broker->server, SAY_SOMETHING);
    int64_t sent = ask_number(broker->server, SENT);
    if (sent < 0)
        return error_set(reterr, ERROR_ADAPTER, "the server does not say what it has sent");
    return await(broker->replica, HEARD, sent, reterr);
}

static void on_over(void *context, int result, const struct error *error)
{
    struct first_copy *copy = context;

    copy->result = result;
    if (result < 0)
        *copy->reterr = *error;
    copy->is_over = true;
}

static bool is_over(void *context)
{
    const struct first_copy *copy = context;

    return copy->is_over;
}

/* --- The proxy ------------------------------------------------------------------------------- */

static int open_proxy(struct broker *broker, const struct endpoint_place *place,
                      struct error *reterr)
{
    struct broker_replication *replication = &broker->replication;
    struct link_proxy_plan plan = {.faults = place->faults, .loop = place->loop, .is_raw = true};
    char target[40];

    if (!place->faults)
        return 0;
    (void)snprintf(target, sizeof(target), "tcp://127.0.0.1:%u", server_port(broker->server));
    replication->link = memory_format("replication of %s", broker->endpoint.name);
    replication->dialer = link_dialer_real_new();
    plan.beneath = replication->dialer;
    plan.target = target;
    plan.name = replication->link;
    replication->proxy = link_proxy_open(&plan, reterr);
    return replication->proxy ? 0 : -1;
}

int broker_replication_open(struct broker *broker, const struct endpoint_place *place,
                            struct error *reterr)
{
    struct first_copy copy = {.broker = broker, .reterr = reterr};

    if (open_proxy(broker, place, reterr) < 0)
        return -1;
    server_work_later(place->loop, follow_and_wait, on_over, &copy);
    (void)wait_until(&(struct waiter){.loop = place->loop}, is_over, &copy, LOOK_PERIOD_NS,
                     UINT64_MAX);
    return copy.result;
}

void broker_replication_close(struct broker *broker)
{
    struct broker_replication *replication = &broker->replication;

    link_proxy_close(replication->proxy);
    link_dialer_free(replication->dialer);
    free(replication->link);
    *replication = (struct broker_replication){0};
}

const struct broker *broker_replication_find(const struct brokers *brokers, const char *name)
{
    for (size_t i = 0; i < brokers->count; i++) {
        const struct broker *broker = &brokers->items[i];
        size_t size = strlen(broker->endpoint.name);

        if (broker->replica && strncmp(broker->endpoint.name, name, size) == 0 &&
            strcmp(name + size, SCENARIO_REPLICATION) == 0)
            return broker;
    }
    return NULL;
}
