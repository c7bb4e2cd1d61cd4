/* test_consumer_blocking.c: a consumer of an adapter that blocks settles while its next read waits.
 */
#include "support/unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

#include "actors/blocking.h"
#include "actors/consumer.h"
#include "actors/host.h"
#include "port.h"
#include "support/ledger_world.h"

/* The patience of a read that waits for an ack; nobody waits so long when all is right. */
#define READ_WAITS_S 3

/* --- The toy: its first read brings a message, its second waits for the ack of it ---------------
 */

struct toy {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    char payload[WORLD_PAYLOAD_MAX];
    size_t size;
    int read_count, ack_count;
    int reads_waiting, acks_beside; /* acks that came while a read waited */
};

struct adapter_session {
    struct toy *toy;
};

static _Atomic int session_count;

static int toy_open(struct adapter_instance *instance, const struct adapter_host *host,
                    const struct adapter_session_config *config,
                    struct adapter_session **ret_session, char reterr[256])
{
    (void)host;
    (void)reterr;
    assert_string_equal(config->consumer, "billing-1");
    *ret_session = calloc(1, sizeof(**ret_session));
    (*ret_session)->toy = (struct toy *)instance;
    session_count++;
    return 0;
}

static void toy_close(struct adapter_session *session)
{
    free(session);
}

static void toy_destroy(struct adapter_instance *instance)
{
    (void)instance;
}

static void answer(struct adapter_call *call, const struct adapter_entry *entry)
{
    struct adapter_result result = {.struct_size = sizeof(result), .number = 1, .attempts = 1};

    result.entries = entry;
    result.entry_count = entry ? 1 : 0;
    call->done(call, &result);
}

static void toy_ensure_group(struct adapter_session *session, struct adapter_call *call)
{
    (void)session;
    answer(call, NULL);
}

static void toy_read(struct adapter_session *session, struct adapter_call *call)
{
    struct toy *toy = session->toy;
    struct adapter_entry entry = {.id = {"1-0", 3}, .payload = {toy->payload, toy->size}};
    struct timespec until;
    int result = 0;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += READ_WAITS_S;
    pthread_mutex_lock(&toy->mutex);
    int is_first = toy->read_count++ == 0;
    toy->reads_waiting = !is_first;
    while (!is_first && toy->ack_count == 0 && result == 0)
        result = pthread_cond_timedwait(&toy->changed, &toy->mutex, &until);
    toy->reads_waiting = 0;
    pthread_mutex_unlock(&toy->mutex);
    answer(call, is_first ? &entry : NULL);
}

/* The work on the message is the time that its reader had to begin the next read. */
static void toy_ack(struct adapter_session *session, struct adapter_call *call)
{
    struct toy *toy = session->toy;

    pthread_mutex_lock(&toy->mutex);
    toy->ack_count++;
    toy->acks_beside += toy->reads_waiting;
    pthread_cond_broadcast(&toy->changed);
    pthread_mutex_unlock(&toy->mutex);
    answer(call, NULL);
}

static const struct broker_adapter toy_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(toy_adapter),
    .name = "toy",
    .capabilities = ADAPTER_TIER_ENTERPRISE_STREAMING,
    .traits = ADAPTER_TRAIT_BLOCKS,
    .destroy = toy_destroy,
    .open = toy_open,
    .close = toy_close,
    .abandon = toy_close,
    .ensure_group = toy_ensure_group,
    .read_blocking = toy_read,
    .ack = toy_ack,
};

/* --- The consumer ----------------------------------------------------------------------------- */

struct stage {
    struct toy toy;
    struct loop *loop;
    struct consumer *consumer;
    struct loop_timer timer;
};

static void ignore(void *context)
{
    (void)context;
}

static void on_stopped(void *context)
{
    loop_stop(((struct stage *)context)->loop);
}

/* Looked at now and then: it has acknowledged and may go. */
static void look(void *context)
{
    struct stage *stage = context;

    pthread_mutex_lock(&stage->toy.mutex);
    int is_acked = stage->toy.ack_count > 0;
    pthread_mutex_unlock(&stage->toy.mutex);
    if (is_acked)
        consumer_stop(stage->consumer);
    else
        loop_timer_start(stage->loop, &stage->timer, loop_now_ns(stage->loop) + 1000000u, look,
                         stage);
}

static void prepare_message(struct world *world, struct toy *toy)
{
    struct identity identity = world_identity(world, SHOP_1, 0);

    world_send(world, SHOP_1, 0, 1);
    toy->size = world_write(toy->payload, &identity);
}

static void run(struct stage *stage, const struct endpoint_broker *broker, struct world *world)
{
    const struct consumer_spec spec = {.name = "billing-3",
                                       .group = "billing",
                                       .stream = "orders",
                                       .consumer = "billing-1",
                                       .stream_index = ORDERS,
                                       .group_index = BILLING,
                                       .batch = 1,
                                       .work_ns = 50000000u,
                                       .timeout_ns = 10000000000u,
                                       .broker = broker};
    const struct consumer_events events = {ignore, on_stopped, stage};
    const struct endpoint_place place = {.loop = stage->loop};
    struct meter meter;
    struct error error = {0};

    meter_init(&meter, NULL, 0);
    stage->consumer = consumer_new(&spec, &place, world->ledger, &meter, &events, &error);
    assert_non_null(stage->consumer);
    consumer_start(stage->consumer);
    look(stage);
    loop_run(stage->loop);
    consumer_free(stage->consumer);
    meter_release(&meter);
}

static void play(uint32_t traits, struct toy *ret_toy)
{
    struct stage stage = {.toy = {PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER}};
    struct world world = world_begin(&(struct world_plan){0});
    struct broker_adapter adapter = toy_adapter;
    struct endpoint_broker broker = {.name = "default",
                                     .declared = ADAPTER_TIER_ENTERPRISE_STREAMING,
                                     .adapter = &adapter,
                                     .instance = (struct adapter_instance *)&stage.toy};

    session_count = 0;
    adapter.traits |= traits;
    prepare_message(&world, &stage.toy);
    stage.loop = loop_real_new(0, NULL);
    struct host *host = host_new(stage.loop, NULL, NULL, 1, "broker-default");
    blocking_wrap(&broker.adapter, &broker.instance, blocking_lasting_new(host_port(host)));
    run(&stage, &broker, &world);
    port_destroy(broker.adapter, broker.instance);
    host_free(host);
    loop_free(stage.loop);
    world_end(&world);
    *ret_toy = stage.toy;
}

static void an_ack_goes_out_while_a_blocking_read_waits(void **state)
{
    struct toy toy;

    (void)state;
    play(0, &toy);
    assert_int_equal(toy.ack_count, 1);
    assert_int_equal(toy.acks_beside, 1);
    assert_int_equal(session_count, 2);
}

static void one_session_does_where_the_adapter_settles_during_a_read(void **state)
{
    struct toy toy;

    (void)state;
    play(ADAPTER_TRAIT_REENTRANT, &toy);
    assert_int_equal(toy.acks_beside, 1);
    assert_int_equal(session_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_ack_goes_out_while_a_blocking_read_waits),
        cmocka_unit_test(one_session_does_where_the_adapter_settles_during_a_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
