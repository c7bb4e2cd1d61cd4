/* test_threaded.c: sessions of an in-process broker on threads of their own. */
#include "actors/threaded.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "actors/endpoint.h"
#include "base/memory.h"
#include "registry.h"
#include "run/instance.h"
#include "support/unit.h"

/* --- A broker that answers when two are inside at once ------------------------------------------
 */

struct adapter_instance {
    pthread_barrier_t both;
};

struct adapter_session {
    struct adapter_instance *instance;
    const struct adapter_host *host;
    struct adapter_call *call;
};

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    (void)config, (void)reterr;
    *ret_session = memory_new(1, sizeof(**ret_session));
    (*ret_session)->instance = instance;
    (*ret_session)->host = host;
    return 0;
}

static void close_session(struct adapter_session *session)
{
    free(session);
}

static void answer(void *context)
{
    struct adapter_session *session = context;
    struct adapter_result result = {
        .struct_size = sizeof(result), .outcome = ADAPTER_DONE, .attempts = 1, .number = 1};

    session->call->done(session->call, &result);
}

/* On one thread this would wait for ever. */
static void meet(struct adapter_session *session, struct adapter_call *call)
{
    session->call = call;
    (void)pthread_barrier_wait(&session->instance->both);
    session->host->post(session->host, answer, session);
}

static void destroy(struct adapter_instance *instance)
{
    pthread_barrier_destroy(&instance->both);
    free(instance);
}

static const struct broker_adapter meeting = {.abi = BROKER_ADAPTER_ABI,
                                              .struct_size = sizeof(meeting),
                                              .name = "meeting",
                                              .traits = ADAPTER_TRAIT_IN_PROCESS,
                                              .destroy = destroy,
                                              .open = open_session,
                                              .close = close_session,
                                              .abandon = close_session,
                                              .ping = meet};

/* --- The world ----------------------------------------------------------------------------------
 */

struct world {
    struct endpoint_place place;
    struct endpoint_broker broker;
    struct instance instance; /* of a real adapter */
    struct endpoint ends[2];
    struct adapter_call calls[2];
    size_t done_count, expected_count;
    uint32_t outcomes[2];
    size_t entry_count;
    char payload[64];
};

static void set_up(struct world *world)
{
    struct error error = {0};

    *world = (struct world){.place = {.loop = loop_real_new(0, &error)}};
    world->place.dialer = link_dialer_real_new();
    world->expected_count = 2;
}

static void tear_down(struct world *world)
{
    link_dialer_free(world->place.dialer);
    loop_free(world->place.loop);
}

static void open_two(struct world *world)
{
    struct error error = {0};

    assert_int_equal(
        endpoint_open(&world->ends[0], &world->broker, &world->place, "one", NULL, &error), 0);
    assert_int_equal(
        endpoint_open(&world->ends[1], &world->broker, &world->place, "two", NULL, &error), 0);
}

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct world *world = call->context;

    world->outcomes[call - world->calls] = result->outcome;
    world->entry_count = result->entry_count;
    if (result->entry_count > 0)
        memcpy(world->payload, result->entries[0].payload.data, result->entries[0].payload.size);
    if (++world->done_count == world->expected_count)
        loop_stop(world->place.loop);
}

static void ask(struct world *world, size_t index, struct adapter_call call)
{
    world->calls[index] = call;
    world->calls[index].struct_size = sizeof(call);
    world->calls[index].deadline_ns = loop_now_ns(world->place.loop) + 5000000000u;
    world->calls[index].done = on_done;
    world->calls[index].context = world;
    endpoint_start(&world->ends[index], &world->calls[index]);
}

static void ask_and_wait(struct world *world, size_t index, struct adapter_call call)
{
    world->done_count = 0;
    world->expected_count = 1;
    ask(world, index, call);
    loop_run(world->place.loop);
    assert_int_equal(world->done_count, 1);
}

/* A broker of the registry. */
static void open_real(struct world *world)
{
    const struct instance_plan plan = {
        .adapter = registry_find("inline", NULL), .name = "broker", .is_threaded = true};
    struct error error = {0};

    assert_int_equal(instance_open(&world->instance, &plan, &world->place, &error), 0);
    world->broker = world->instance.endpoint;
}

/* --- Cases --------------------------------------------------------------------------------------
 */

static void calls_of_two_sessions_are_inside_the_broker_at_once(void **state)
{
    struct world world;

    (void)state;
    set_up(&world);
    world.broker = (struct endpoint_broker){.name = "broker", .adapter = &meeting};
    world.broker.instance = memory_new(1, sizeof(struct adapter_instance));
    pthread_barrier_init(&world.broker.instance->both, NULL, 2);
    threaded_wrap(&world.broker.adapter, &world.broker.instance, NULL, 7);
    open_two(&world);
    ask(&world, 0, (struct adapter_call){.operation = ADAPTER_OP_PING});
    ask(&world, 1, (struct adapter_call){.operation = ADAPTER_OP_PING});
    loop_run(world.place.loop);
    assert_int_equal(world.outcomes[0], ADAPTER_DONE);
    assert_int_equal(world.outcomes[1], ADAPTER_DONE);
    endpoint_close(&world.ends[0]);
    endpoint_close(&world.ends[1]);
    world.broker.adapter->destroy(world.broker.instance);
    tear_down(&world);
}

static void what_one_session_publishes_another_reads(void **state)
{
    const struct adapter_text payload = {"{\"n\": 1}", 8};
    struct world world;

    (void)state;
    set_up(&world);
    open_real(&world);
    world.broker.declared = ADAPTER_TIER_ENTERPRISE_STREAMING;
    open_two(&world);
    ask_and_wait(
        &world, 0,
        (struct adapter_call){
            .operation = ADAPTER_OP_PUBLISH, .stream = "s", .items = &payload, .item_count = 1});
    ask_and_wait(&world, 1,
                 (struct adapter_call){
                     .operation = ADAPTER_OP_READ, .stream = "s", .group = "g", .count = 5});
    assert_int_equal(world.entry_count, 1);
    assert_string_equal(world.payload, "{\"n\": 1}");
    endpoint_close(&world.ends[0]);
    endpoint_abandon(&world.ends[1]);
    instance_close(&world.instance);
    tear_down(&world);
}

static void closing_completes_what_is_under_way(void **state)
{
    struct world world;

    (void)state;
    set_up(&world);
    open_real(&world);
    world.broker.declared = ADAPTER_TIER_ENTERPRISE_STREAMING;
    open_two(&world);
    ask(&world, 0,
        (struct adapter_call){.operation = ADAPTER_OP_READ_BLOCKING,
                              .stream = "s",
                              .group = "g",
                              .count = 1,
                              .duration_ms = 60000});
    endpoint_close(&world.ends[0]);
    assert_int_equal(world.done_count, 1);
    assert_int_not_equal(world.outcomes[0], ADAPTER_DONE);
    endpoint_close(&world.ends[1]);
    instance_close(&world.instance);
    tear_down(&world);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_of_two_sessions_are_inside_the_broker_at_once),
        cmocka_unit_test(what_one_session_publishes_another_reads),
        cmocka_unit_test(closing_completes_what_is_under_way),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
