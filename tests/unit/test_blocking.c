/* test_blocking.c: a toy adapter that blocks, behind the wrapper that makes it look as if it did
 * not. */
#include "support/unit.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actors/blocking.h"
#include "actors/blocking_session.h"
#include "actors/host.h"
#include "port.h"

/* --- The toy ---------------------------------------------------------------------------------- */

/* Opened by the test, or by an ack: what a read waits for. */
struct latch {
    pthread_mutex_t mutex;
    pthread_cond_t opened;
    int is_open;
};

struct toy_instance {
    struct latch latch;
    pthread_t loop_thread;
    atomic_int open_count, close_count, abandon_count, wrong_count, begun_count;
    int refuses_to_open, hangs_in_open;
    const struct adapter_host *host; /* the instance's */
    int uses_hosts;                  /* when it wakes */
};

/* Struct tags of the port: to the harness this is any adapter's session. */
struct adapter_session {
    struct toy_instance *toy;
    const struct adapter_host *host;
    pthread_t thread;
    struct adapter_call *posted;
};

static struct toy_instance *toy_of(struct adapter_instance *instance)
{
    return (struct toy_instance *)instance;
}

static void open_latch(struct latch *latch)
{
    pthread_mutex_lock(&latch->mutex);
    latch->is_open = 1;
    pthread_cond_broadcast(&latch->opened);
    pthread_mutex_unlock(&latch->mutex);
}

static void wait_for_latch(struct latch *latch)
{
    pthread_mutex_lock(&latch->mutex);
    while (!latch->is_open)
        pthread_cond_wait(&latch->opened, &latch->mutex);
    pthread_mutex_unlock(&latch->mutex);
}

static void check_thread(struct adapter_session *session)
{
    if (!pthread_equal(session->thread, pthread_self()) ||
        pthread_equal(session->toy->loop_thread, pthread_self()))
        session->toy->wrong_count++;
}

static int toy_open(struct adapter_instance *instance, const struct adapter_host *host,
                    const struct adapter_session_config *config,
                    struct adapter_session **ret_session, char reterr[256])
{
    struct toy_instance *toy = toy_of(instance);

    if (toy->refuses_to_open) {
        snprintf(reterr, 256, "no room for %s", config->name);
        return -1;
    }
    if (toy->hangs_in_open)
        wait_for_latch(&toy->latch);
    assert_string_equal(config->name, "billing-1");
    *ret_session = calloc(1, sizeof(**ret_session));
    **ret_session = (struct adapter_session){.toy = toy, .host = host, .thread = pthread_self()};
    toy->open_count++;
    return 0;
}

static void toy_close(struct adapter_session *session)
{
    check_thread(session);
    session->toy->close_count++;
    free(session);
}

static void toy_abandon(struct adapter_session *session)
{
    check_thread(session);
    session->toy->abandon_count++;
    free(session);
}

static void toy_destroy(struct adapter_instance *instance)
{
    struct toy_instance *toy = toy_of(instance);

    assert_int_equal(toy->open_count, toy->close_count + toy->abandon_count);
}

/* Answers with the payloads as ids, from memory that is overwritten at once. */
static void toy_publish(struct adapter_session *session, struct adapter_call *call)
{
    char id[16] = "";
    struct adapter_item items[2] = {{.outcome = ADAPTER_DONE}, {.outcome = ADAPTER_DONE}};
    struct adapter_result result = {.struct_size = sizeof(result), .attempts = 1};

    check_thread(session);
    for (size_t i = 0; i < call->item_count; i++)
        items[i].id = call->items[i];
    snprintf(id, sizeof(id), "%s", call->stream);
    result.detail = id;
    result.items = items;
    result.item_count = call->item_count;
    call->done(call, &result);
    memset(items, 0xAA, sizeof(items));
    memset(id, 'x', sizeof(id) - 1);
}

static void ignore(void *context)
{
    (void)context;
}

/* True when it is right. */
static int use_host(const struct adapter_host *host)
{
    int is_right = host->now_ns(host) > 0 && host->wall_ms(host) > 0 &&
                   host->random(host, "a", 1) != host->random(host, "a", 2) &&
                   host->entropy(host) != host->entropy(host) &&
                   !host->timer_start(host, NULL, 1, ignore, NULL);

    host->log(host, ADAPTER_LOG_WARNING, "I am awake");
    host->post(host, ignore, NULL);
    return is_right;
}

static void toy_read_blocking(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_entry entry = {.id = {"7-0", 3}, .payload = {"{\"n\": 1}", 8}, .attempt = 1};
    struct adapter_result result = {
        .struct_size = sizeof(result), .entries = &entry, .entry_count = 1};

    check_thread(session);
    session->toy->begun_count++;
    wait_for_latch(&session->toy->latch);
    if (session->toy->uses_hosts && !(use_host(session->host) && use_host(session->toy->host)))
        session->toy->wrong_count++;
    call->done(call, &result);
}

/* Lets the read go on: with one thread for both, this would wait for ever behind it. */
static void toy_ack(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_result result = {.struct_size = sizeof(result), .number = 1};

    open_latch(&session->toy->latch);
    call->done(call, &result);
}

/* Settling that takes a while: the session must stay open for as long. */
static void toy_nack(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_result result = {.struct_size = sizeof(result), .number = 1};
    struct toy_instance *toy = session->toy;

    toy->begun_count++;
    wait_for_latch(&toy->latch);
    if (toy->close_count > 0)
        toy->wrong_count++;
    call->done(call, &result);
}

/* One delivery in each slice; the third slice ends for good. */
static void toy_subscribe(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_result result = {.struct_size = sizeof(result)};
    char payload[] = {(char)('0' + session->toy->begun_count++), '\0'};
    struct adapter_entry entry = {.payload = {payload, 1}};

    check_thread(session);
    call->deliver(call, &entry, 1);
    payload[0] = 'x'; /* it was borrowed */
    if (session->toy->begun_count == 3)
        result.outcome = ADAPTER_UNKNOWN;
    call->done(call, &result);
}

static void complete_posted(void *context)
{
    struct adapter_session *session = context;
    struct adapter_result result = {.struct_size = sizeof(result), .number = 1};

    check_thread(session);
    session->posted->done(session->posted, &result);
}

/* Completes from a post of its own. */
static void toy_ping(struct adapter_session *session, struct adapter_call *call)
{
    session->posted = call;
    session->host->post(session->host, complete_posted, session);
}

static uint32_t toy_declared(const struct adapter_instance *instance)
{
    (void)instance;
    return ADAPTER_TIER_RELIABLE_MESSAGING;
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
    .abandon = toy_abandon,
    .declared = toy_declared,
    .publish = toy_publish,
    .read_blocking = toy_read_blocking,
    .ack = toy_ack,
    .nack = toy_nack,
    .subscribe = toy_subscribe,
    .ping = toy_ping,
};

/* --- The harness's side ----------------------------------------------------------------------- */

/* The instance's host: each look at its clock is two seconds later, so that slices end at once. */
struct clock_host {
    struct adapter_host host; /* first member */
    atomic_uint_fast64_t *clock_ns;
};

static uint64_t later_ns(const struct adapter_host *host)
{
    return atomic_fetch_add(((const struct clock_host *)host)->clock_ns, 2000000000u);
}

struct world {
    struct loop *loop;
    struct host *session_host;
    atomic_uint_fast64_t clock_ns;
    struct clock_host host;
    struct toy_instance toy;
    struct broker_adapter reentrant;
    const struct broker_adapter *adapter;
    struct adapter_instance *instance;
    struct adapter_session *session;
    int expected; /* stop the loop after so many completions */
};

struct trial {
    struct adapter_call call;
    struct world *world;
    int done_count, inside;
    uint32_t outcome;
    int64_t number;
    char words[200]; /* ids and payloads of what came, the detail at the end */
    int closes;      /* close the session when done */
};

static void append(struct trial *trial, struct adapter_text text)
{
    size_t size = strlen(trial->words);

    snprintf(trial->words + size, sizeof(trial->words) - size, "%.*s ", (int)text.size, text.data);
}

static void close_session(struct world *world)
{
    struct adapter_session *session = world->session;

    world->session = NULL;
    world->adapter->close(session);
}

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct trial *trial = call->context;

    assert_true(pthread_equal(trial->world->toy.loop_thread, pthread_self()));
    trial->done_count++;
    trial->outcome = result->outcome;
    trial->number = result->number;
    for (size_t i = 0; i < result->item_count; i++)
        append(trial, result->items[i].id);
    for (size_t i = 0; i < result->entry_count; i++) {
        append(trial, result->entries[i].id);
        append(trial, result->entries[i].payload);
    }
    if (result->detail)
        append(trial, (struct adapter_text){result->detail, strlen(result->detail)});
    if (trial->closes)
        close_session(trial->world);
    if (--trial->world->expected == 0)
        loop_stop(trial->world->loop);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct trial *trial = call->context;

    assert_int_equal(trial->done_count, 0);
    for (size_t i = 0; i < count; i++)
        append(trial, entries[i].payload);
}

static void start(struct trial *trial, struct world *world, enum adapter_operation operation)
{
    trial->world = world;
    trial->call.operation = operation;
    trial->call.done = on_done;
    trial->call.deliver = on_deliver;
    trial->call.context = trial;
    port_start(world->adapter, UINT32_MAX, host_port(world->session_host), world->session,
               &trial->call);
    assert_int_equal(trial->done_count, 0);
}

static void run(struct world *world, int expected)
{
    world->expected = expected;
    loop_run(world->loop);
}

static int open_session(struct world *world, char reterr[256])
{
    struct adapter_session_config config = {.struct_size = sizeof(config), .name = "billing-1"};

    return world->adapter->open(world->instance, host_port(world->session_host), &config,
                                &world->session, reterr);
}

static struct world *world_new(uint32_t traits)
{
    struct world *world = calloc(1, sizeof(*world));
    char reterr[256];

    world->loop = loop_real_new(0, NULL);
    world->host = (struct clock_host){.host = {.now_ns = later_ns}, .clock_ns = &world->clock_ns};
    world->session_host = host_new(world->loop, NULL, NULL, 1, "billing-1");
    pthread_mutex_init(&world->toy.latch.mutex, NULL);
    pthread_cond_init(&world->toy.latch.opened, NULL);
    world->toy.loop_thread = pthread_self();
    world->reentrant = toy_adapter;
    world->reentrant.traits |= traits;
    world->adapter = &world->reentrant;
    world->instance = (struct adapter_instance *)&world->toy;
    struct blocking_lasting *lasting = blocking_lasting_new(&world->host.host);
    world->toy.host = blocking_lasting_host(lasting);
    blocking_wrap(&world->adapter, &world->instance, lasting);
    assert_int_equal(open_session(world, reterr), 0);
    return world;
}

static int setup(void **state)
{
    *state = world_new(0);
    return 0;
}

static int setup_reentrant(void **state)
{
    *state = world_new(ADAPTER_TRAIT_REENTRANT);
    return 0;
}

static int teardown(void **state)
{
    struct world *world = *state;

    if (world->session)
        close_session(world);
    host_free(world->session_host); /* may go before the thread has ended */
    open_latch(&world->toy.latch);
    world->adapter->destroy(world->instance);
    int is_right = world->toy.wrong_count == 0;
    loop_free(world->loop);
    pthread_mutex_destroy(&world->toy.latch.mutex);
    pthread_cond_destroy(&world->toy.latch.opened);
    free(world);
    return is_right ? 0 : -1;
}

/* --- Tests ------------------------------------------------------------------------------------ */

static void the_wrapper_offers_what_the_adapter_does_and_does_not_block(void **state)
{
    struct world *world = *state;

    assert_string_equal(world->adapter->name, "toy");
    assert_int_equal(world->adapter->traits, ADAPTER_TRAIT_WAITS);
    assert_int_equal(world->adapter->declared(world->instance), ADAPTER_TIER_RELIABLE_MESSAGING);
    for (uint32_t i = 0; i < ADAPTER_OP_COUNT; i++)
        assert_int_equal(port_has(world->adapter, i), port_has(&toy_adapter, i));
}

static void answers_are_copied_and_told_on_the_loop(void **state)
{
    struct world *world = *state;
    char payload[] = "{\"a\": 1}";
    struct adapter_text items[] = {{payload, 8}, {"{}", 2}};
    struct trial trial = {.call = {.stream = "orders", .items = items, .item_count = 2}};

    start(&trial, world, ADAPTER_OP_PUBLISH);
    run(world, 1);
    assert_int_equal(trial.done_count, 1);
    assert_string_equal(trial.words, "{\"a\": 1} {} orders ");
}

static void operations_of_a_session_run_one_after_the_other(void **state)
{
    struct world *world = *state;
    struct trial trials[50] = {0};

    for (size_t i = 0; i < ARRAY_SIZE(trials); i++) {
        trials[i].call.stream = "s";
        start(&trials[i], world, ADAPTER_OP_PUBLISH);
    }
    run(world, ARRAY_SIZE(trials));
    for (size_t i = 0; i < ARRAY_SIZE(trials); i++)
        assert_int_equal(trials[i].done_count, 1);
}

static void a_reentrant_session_settles_while_it_reads(void **state)
{
    struct world *world = *state;
    struct trial read = {0}, ack = {0};

    start(&read, world, ADAPTER_OP_READ_BLOCKING);
    start(&ack, world, ADAPTER_OP_ACK);
    run(world, 2);
    assert_int_equal(ack.number, 1);
    assert_string_equal(read.words, "7-0 {\"n\": 1} ");
}

static void a_subscription_goes_on_from_slice_to_slice_until_its_end(void **state)
{
    struct world *world = *state;
    struct trial trial = {.call = {.stream = "orders"}};

    start(&trial, world, ADAPTER_OP_SUBSCRIBE);
    run(world, 1);
    assert_string_equal(trial.words, "0 1 2 ");
    assert_int_equal(trial.outcome, ADAPTER_UNKNOWN);
}

static void an_adapter_may_post_to_its_own_thread(void **state)
{
    struct world *world = *state;
    struct trial trial = {0};

    start(&trial, world, ADAPTER_OP_PING);
    run(world, 1);
    assert_int_equal(trial.number, 1);
}

static void wait_until_begun(struct world *world)
{
    while (atomic_load(&world->toy.begun_count) == 0)
        sched_yield();
}

static void closing_waits_for_nothing(void **state)
{
    struct world *world = *state;
    struct trial begun = {0}, queued = {0};

    start(&begun, world, ADAPTER_OP_READ_BLOCKING);
    wait_until_begun(world);
    start(&queued, world, ADAPTER_OP_READ_BLOCKING);
    close_session(world); /* the latch is still shut */
    assert_int_equal(begun.outcome, ADAPTER_UNKNOWN);
    assert_int_equal(queued.outcome, ADAPTER_REFUSED);
    assert_int_equal(begun.done_count + queued.done_count, 2);
    open_latch(&world->toy.latch);
}

static void a_session_stays_open_for_what_its_second_thread_does(void **state)
{
    struct world *world = *state;
    struct trial nack = {0};

    start(&nack, world, ADAPTER_OP_NACK);
    wait_until_begun(world);
    close_session(world);
    assert_int_equal(nack.outcome, ADAPTER_UNKNOWN);
    for (int i = 0; i < 1000; i++) /* time for the first thread to do it wrong */
        sched_yield();
    open_latch(&world->toy.latch);
}

static void abandoning_reaches_the_adapter_as_such(void **state)
{
    struct world *world = *state;
    struct trial begun = {0};
    char reterr[256];

    start(&begun, world, ADAPTER_OP_READ_BLOCKING);
    world->adapter->abandon(world->session);
    assert_int_equal(begun.done_count, 1);
    open_latch(&world->toy.latch);
    while (atomic_load(&world->toy.abandon_count) == 0)
        sched_yield();
    assert_int_equal(open_session(world, reterr), 0);
    assert_int_equal(world->toy.open_count, 2);
}

static void a_session_can_be_closed_in_its_own_answer(void **state)
{
    struct world *world = *state;
    struct trial first = {.call = {.stream = "s"}, .closes = 1}, second = {.call = {.stream = "s"}};

    start(&first, world, ADAPTER_OP_PUBLISH);
    start(&second, world, ADAPTER_OP_PUBLISH);
    run(world, 2);
    assert_int_equal(first.outcome, ADAPTER_DONE);
    assert_int_equal(second.done_count, 1);
}

/* The first hangs in the adapter; the second waits behind it and was never begun. */
static void a_call_that_is_not_answered_in_time_is_answered_for(void **state)
{
    struct world *world = *state;
    struct trial first = {.call.deadline_ns = 1}, second = {.call.deadline_ns = 1};
    struct trial third = {0};

    start(&first, world, ADAPTER_OP_READ_BLOCKING);
    while (world->toy.begun_count == 0)
        sched_yield();
    start(&second, world, ADAPTER_OP_PUBLISH);
    start(&third, world, ADAPTER_OP_PUBLISH);
    run(world, 2);
    assert_int_equal(first.outcome, ADAPTER_UNKNOWN);
    assert_non_null(strstr(first.words, "did not answer read_blocking by its deadline"));
    assert_int_equal(second.outcome, ADAPTER_REFUSED);
    assert_non_null(strstr(second.words, "an earlier operation of its session has not ended"));
    assert_int_equal(third.done_count, 0); /* it has all the time in the world */
    open_latch(&world->toy.latch);
    run(world, 1);
    assert_int_equal(third.outcome, ADAPTER_DONE);
    assert_int_equal(first.done_count, 1);
}

static void ignore_log(const struct adapter_host *host, uint32_t level, const char *line)
{
    (void)level;
    assert_non_null(strstr(line, "toy hangs"));
    atomic_fetch_add(((const struct clock_host *)host)->clock_ns, 1);
}

/* Its thread waits for the latch until all that it was given to work with is gone. */
static void leave_behind(uint64_t deadline_ns)
{
    struct world *world = world_new(0);
    struct trial read = {.call.deadline_ns = deadline_ns};

    start(&read, world, ADAPTER_OP_READ_BLOCKING);
    wait_until_begun(world);
    close_session(world);
    world->host.host.log = ignore_log;
    world->adapter->destroy(world->instance);
    assert_int_equal(world->toy.close_count, 0); /* it hangs */
    memset(&world->host, 0, sizeof(world->host));
    host_free(world->session_host);
    loop_free(world->loop);
    world->toy.uses_hosts = 1;
    open_latch(&world->toy.latch);
    while (atomic_load(&world->toy.close_count) == 0)
        sched_yield();
    assert_int_equal(world->toy.wrong_count, 0);
}

static void a_thread_that_was_left_behind_may_wake_and_use_its_hosts(void **state)
{
    (void)state;
    leave_behind(1);
}

/* As one of a subscription: its slices should have ended by themselves. */
static void a_call_without_a_deadline_is_left_behind_too(void **state)
{
    (void)state;
    leave_behind(0);
}

static void a_session_that_cannot_be_opened_says_why(void **state)
{
    struct world *world = *state;
    char reterr[256] = "";

    close_session(world);
    world->toy.refuses_to_open = 1;
    assert_int_equal(open_session(world, reterr), -1);
    assert_string_equal(reterr, "no room for billing-1");
    assert_null(world->session);
}

/* It is closed when it is open after all. */
static void a_session_that_hangs_in_open_is_not_awaited_for_ever(void **state)
{
    struct world *world = *state;
    const uint64_t patience_ns = blocking_open_patience_ns;
    char reterr[256] = "";

    close_session(world);
    while (atomic_load(&world->toy.close_count) == 0)
        sched_yield();
    world->toy.hangs_in_open = 1;
    blocking_open_patience_ns = 10000000;
    assert_int_equal(open_session(world, reterr), -1);
    blocking_open_patience_ns = patience_ns;
    assert_string_equal(reterr, "open has not ended after 0.01 s: it hangs");
    assert_null(world->session);
    open_latch(&world->toy.latch);
    while (atomic_load(&world->toy.close_count) == 1)
        sched_yield();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
        CASE(the_wrapper_offers_what_the_adapter_does_and_does_not_block),
        CASE(answers_are_copied_and_told_on_the_loop),
        CASE(operations_of_a_session_run_one_after_the_other),
        cmocka_unit_test_setup_teardown(a_reentrant_session_settles_while_it_reads, setup_reentrant,
                                        teardown),
        CASE(a_subscription_goes_on_from_slice_to_slice_until_its_end),
        CASE(an_adapter_may_post_to_its_own_thread),
        CASE(closing_waits_for_nothing),
        cmocka_unit_test_setup_teardown(a_session_stays_open_for_what_its_second_thread_does,
                                        setup_reentrant, teardown),
        CASE(abandoning_reaches_the_adapter_as_such),
        CASE(a_session_can_be_closed_in_its_own_answer),
        CASE(a_call_that_is_not_answered_in_time_is_answered_for),
        cmocka_unit_test(a_thread_that_was_left_behind_may_wake_and_use_its_hosts),
        cmocka_unit_test(a_call_without_a_deadline_is_left_behind_too),
        CASE(a_session_that_cannot_be_opened_says_why),
        CASE(a_session_that_hangs_in_open_is_not_awaited_for_ever),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
