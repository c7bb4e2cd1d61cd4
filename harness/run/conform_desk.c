/* conform_desk.c: questions to the broker outside of all clauses. */
#include <stdlib.h>

#include "base/memory.h"
#include "port.h"
#include "run/conform_state.h"
#include "run/wait.h"

#define ASK_TIMEOUT_NS  5000000000u
#define LOOK_TIMEOUT_NS 500000000u
#define PAUSE_NS        100000000u

struct conform_desk {
    struct conform *conform;
    struct endpoint_place place;
    struct waiter waiter;
    struct instance instance;
    struct endpoint endpoint;
};

struct conform_desk *conform_desk_new(struct conform *conform, struct error *reterr)
{
    struct conform_desk *desk = memory_new(1, sizeof(*desk));

    desk->conform = conform;
    desk->place.loop = loop_real_new(0, reterr);
    if (!desk->place.loop) {
        free(desk);
        return NULL;
    }
    desk->place.dialer = link_dialer_real_new();
    desk->place.log = conform->options->log;
    desk->waiter = (struct waiter){.loop = desk->place.loop};
    return desk;
}

static void leave(struct conform_desk *desk)
{
    endpoint_close(&desk->endpoint);
    instance_close(&desk->instance);
}

void conform_desk_free(struct conform_desk *desk)
{
    if (!desk)
        return;
    leave(desk);
    link_dialer_free(desk->place.dialer);
    loop_free(desk->place.loop);
    free(desk);
}

uint64_t conform_desk_now_ns(struct conform_desk *desk)
{
    return loop_now_ns(desk->place.loop);
}

uint64_t conform_desk_wall_ns(struct conform_desk *desk)
{
    return loop_wall_ns(desk->place.loop);
}

static int enter(struct conform_desk *desk, struct error *reterr)
{
    const struct conform *conform = desk->conform;
    const struct instance_plan plan = {.adapter = conform->adapter,
                                       .name = "broker",
                                       .uri = conform->options->uri,
                                       .options = conform->settings,
                                       .option_count = conform->setting.option_count,
                                       .decorator = conform->options->decorator};

    leave(desk);
    if (instance_open(&desk->instance, &plan, &desk->place, reterr) < 0)
        return -1;
    return endpoint_open(&desk->endpoint, &desk->instance.endpoint, &desk->place, "control", NULL,
                         reterr);
}

static bool is_there(struct conform_desk *desk, uint64_t timeout_ns, struct answer *answer)
{
    struct adapter_call call = {.operation = ADAPTER_OP_ENSURE_CONNECTION};

    wait_answer(&desk->waiter, &desk->endpoint, &call, timeout_ns, answer);
    return answer->outcome == ADAPTER_UNSUPPORTED ||
           (answer->outcome == ADAPTER_DONE && answer->number != 0);
}

static bool never(void *context)
{
    (void)context;
    return false;
}

bool conform_desk_answers(void *context)
{
    struct conform_desk *desk = context;
    struct error ignored = {0};
    struct answer answer = {0};
    bool found = enter(desk, &ignored) == 0 && is_there(desk, LOOK_TIMEOUT_NS, &answer);

    answer_release(&answer);
    leave(desk);
    if (!found)
        (void)wait_until(&desk->waiter, never, NULL, PAUSE_NS,
                         loop_now_ns(desk->place.loop) + PAUSE_NS);
    return found;
}

static int ask(struct conform_desk *desk, struct error *reterr)
{
    struct conform *conform = desk->conform;
    const char *uri = conform->options->uri_shown;
    struct answer answer = {0};
    int result = -1;

    if (enter(desk, reterr) < 0)
        return -1;
    conform->declared = desk->instance.endpoint.declared;
    conform_facts_read(&conform->facts, conform->adapter, desk->instance.endpoint.profile,
                       conform->options->profile);
    if (is_there(desk, ASK_TIMEOUT_NS, &answer))
        result = 0;
    else
        (void)error_set(reterr, ERROR_ADAPTER, "%s%s%s cannot be reached: %s",
                        conform->adapter->name, uri ? " at " : "", uri ? uri : "",
                        answer.detail[0] ? answer.detail : "no answer");
    answer_release(&answer);
    leave(desk);
    return result;
}

/* A server that stands in lives on a loop of its own, for so long as it is asked. */
static int ask_standin(struct conform_desk *desk, const struct conform_standin *standin,
                       struct error *reterr)
{
    const struct endpoint_place kept = desk->place;
    void *server;
    int result = -1;

    desk->place.loop = desk->waiter.loop = loop_simulated_new();
    desk->place.dialer = link_dialer_simulated_new(1000);
    server = standin->open(standin->context, desk->place.loop, desk->place.dialer, reterr);
    if (server) {
        result = ask(desk, reterr);
        standin->close(server);
    }
    link_dialer_free(desk->place.dialer);
    loop_free(desk->place.loop);
    desk->place = kept;
    desk->waiter.loop = kept.loop;
    return result;
}

int conform_desk_ask(struct conform_desk *desk, struct error *reterr)
{
    const struct conform_standin *standin = desk->conform->options->standin;

    return standin ? ask_standin(desk, standin, reterr) : ask(desk, reterr);
}
