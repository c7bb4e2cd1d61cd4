/* test_inline_threads.c: sessions of one inline broker on threads of their own. */
#include "support/unit.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "actors/host.h"
#include "adapters/inline/inline.h"
#include "base/memory.h"
#include "loop/loop.h"

enum { WORKERS_MAX = 8, MESSAGES_MAX = 4000 };

/* --- A session on the loop of the calling thread ------------------------------------------------
 */

struct seat {
    struct loop *loop;
    struct host *host;
    struct adapter_session *session;
    struct adapter_call call;
    uint32_t outcome, error;
    int64_t number;
    size_t count;
    char ids[64][40]; /* of the last read */
    int numbers[64];
};

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct seat *seat = call->context;

    seat->outcome = result->outcome;
    seat->error = result->error;
    seat->number = result->number;
    seat->count = result->entry_count;
    for (size_t i = 0; i < result->entry_count && i < 64; i++) {
        const struct adapter_entry *entry = &result->entries[i];

        (void)snprintf(seat->ids[i], sizeof(seat->ids[i]), "%.*s", (int)entry->id.size,
                       entry->id.data);
        seat->numbers[i] = atoi(entry->payload.data + 6);
    }
    loop_stop(seat->loop);
}

static void seat_join(struct seat *seat, struct adapter_instance *instance)
{
    const struct adapter_session_config config = {.struct_size = sizeof(config), .name = "seat"};
    char reterr[256];

    if (inline_adapter.open(instance, host_port(seat->host), &config, &seat->session, reterr) < 0)
        abort();
}

static void seat_open(struct seat *seat, struct adapter_instance *instance)
{
    *seat = (struct seat){.loop = loop_real_new(0, NULL)};
    seat->host = host_new(seat->loop, NULL, NULL, 1, "seat");
    if (instance)
        seat_join(seat, instance);
}

static void on_last_turn(void *context)
{
    loop_stop(((struct seat *)context)->loop);
}

/* One more turn, so that what was posted arrives. */
static void seat_close(struct seat *seat)
{
    inline_adapter.close(seat->session);
    loop_post(seat->loop, on_last_turn, seat);
    loop_run(seat->loop);
    host_free(seat->host);
    loop_free(seat->loop);
}

static void seat_do(struct seat *seat, struct adapter_call call)
{
    seat->call = call;
    seat->call.struct_size = sizeof(call);
    seat->call.done = on_done;
    seat->call.context = seat;
    inline_adapter.publish(seat->session, &seat->call); /* one function for all operations */
    loop_run(seat->loop);
}

static void publish(struct seat *seat, const char *stream, int number)
{
    char payload[32];
    struct adapter_text item = {payload, 0};

    item.size = (size_t)snprintf(payload, sizeof(payload), "{\"n\": %d}", number);
    seat_do(seat, (struct adapter_call){.operation = ADAPTER_OP_PUBLISH,
                                        .stream = stream,
                                        .items = &item,
                                        .item_count = 1});
}

static size_t read_some(struct seat *seat, const char *group, int64_t count, int64_t duration_ms)
{
    seat_do(seat, (struct adapter_call){.operation = duration_ms ? ADAPTER_OP_READ_BLOCKING
                                                                 : ADAPTER_OP_READ,
                                        .stream = "s",
                                        .group = group,
                                        .count = count,
                                        .duration_ms = duration_ms});
    return seat->count;
}

static int64_t settle(struct seat *seat, enum adapter_operation operation, const char *group,
                      const char *id)
{
    struct adapter_text item = {id, strlen(id)};

    seat_do(seat, (struct adapter_call){.operation = operation,
                                        .stream = "s",
                                        .group = group,
                                        .items = &item,
                                        .item_count = 1});
    return seat->number;
}

static int64_t ask(struct seat *seat, enum adapter_operation operation, const char *stream,
                   int64_t count)
{
    seat_do(seat, (struct adapter_call){.operation = operation, .stream = stream, .count = count});
    return seat->number;
}

/* --- Several of them ----------------------------------------------------------------------------
 */

struct crew {
    struct adapter_instance *instance;
    struct seat seat; /* the test's own */
    pthread_barrier_t barrier;
    size_t count;
    atomic_int next_worker, winners, done, goal;
    atomic_int seen[MESSAGES_MAX];
    char id[40];
};

static void crew_open(struct crew *crew, const struct adapter_setting *settings, size_t count)
{
    const struct adapter_config config = {
        .struct_size = sizeof(config), .settings = settings, .setting_count = count};
    char reterr[256];

    seat_open(&crew->seat, NULL);
    if (inline_adapter.create(host_port(crew->seat.host), &config, &crew->instance, reterr) < 0)
        abort();
    seat_join(&crew->seat, crew->instance);
}

static void crew_close(struct crew *crew)
{
    struct adapter_instance *instance = crew->instance;

    seat_close(&crew->seat);
    inline_adapter.destroy(instance);
    free(crew);
}

static struct crew *crew_new(void)
{
    struct crew *crew = memory_new(1, sizeof(*crew));

    crew_open(crew, NULL, 0);
    return crew;
}

static void run_together(struct crew *crew, size_t count, void *(*work)(void *context))
{
    pthread_t threads[WORKERS_MAX];

    crew->count = count;
    atomic_store(&crew->next_worker, 0);
    pthread_barrier_init(&crew->barrier, NULL, (unsigned)count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, work, crew), 0);
    for (size_t i = 0; i < count; i++)
        pthread_join(threads[i], NULL);
    pthread_barrier_destroy(&crew->barrier);
}

static void assert_each_seen_once(const struct crew *crew, int count)
{
    for (int i = 0; i < count; i++)
        assert_int_equal(atomic_load(&crew->seen[i]), 1);
}

/* --- Races for one thing ------------------------------------------------------------------------
 */

enum { ACK_ROUNDS = 100 };

static void *ack_the_same(void *context)
{
    struct crew *crew = context;
    struct seat seat;
    int worker = atomic_fetch_add(&crew->next_worker, 1);

    seat_open(&seat, crew->instance);
    for (int round = 0; round < ACK_ROUNDS; round++) {
        if (worker == 0) {
            publish(&seat, "s", round);
            read_some(&seat, "g", 1, 0);
            memcpy(crew->id, seat.ids[0], sizeof(crew->id));
        }
        pthread_barrier_wait(&crew->barrier);
        atomic_fetch_add(&crew->winners, (int)settle(&seat, ADAPTER_OP_ACK, "g", crew->id));
        pthread_barrier_wait(&crew->barrier);
    }
    seat_close(&seat);
    return NULL;
}

static void of_eight_acks_of_one_delivery_exactly_one_is_true(void **state)
{
    struct crew *crew = crew_new();

    (void)state;
    run_together(crew, 8, ack_the_same);
    assert_int_equal(atomic_load(&crew->winners), ACK_ROUNDS);
    crew_close(crew);
}

static void *acquire_the_same(void *context)
{
    struct crew *crew = context;
    struct seat seat;
    char key[16];

    seat_open(&seat, crew->instance);
    for (int round = 0; round < 40; round++) {
        (void)snprintf(key, sizeof(key), "k%d", round);
        pthread_barrier_wait(&crew->barrier);
        seat_do(&seat, (struct adapter_call){.operation = ADAPTER_OP_ACQUIRE_PARTITION_LEASE,
                                             .key = key,
                                             .generation_key = key,
                                             .token = "o",
                                             .duration_ms = 60000});
        if (seat.outcome == ADAPTER_DONE)
            atomic_fetch_add(&crew->winners, (int)seat.number);
    }
    seat_close(&seat);
    return NULL;
}

static void of_eight_acquirers_exactly_one_wins_each_lease(void **state)
{
    struct crew *crew = crew_new();

    (void)state;
    run_together(crew, 8, acquire_the_same);
    assert_int_equal(atomic_load(&crew->winners), 40);
    crew_close(crew);
}

static void *replay_the_same(void *context)
{
    struct crew *crew = context;
    struct seat seat;
    struct adapter_text item = {crew->id, 36};
    int worker = atomic_fetch_add(&crew->next_worker, 1);

    seat_open(&seat, crew->instance);
    for (int round = 0; round < 20; round++) {
        if (worker == 0) {
            publish(&seat, "s", round);
            read_some(&seat, "g", 1, 0);
            memcpy(crew->id, seat.ids[0], sizeof(crew->id));
        }
        pthread_barrier_wait(&crew->barrier);
        seat_do(&seat, (struct adapter_call){.operation = ADAPTER_OP_DLQ_REPLAY,
                                             .stream = "s",
                                             .items = &item,
                                             .item_count = 1,
                                             .target = "t"});
        atomic_fetch_add(&crew->winners, (int)seat.number);
        pthread_barrier_wait(&crew->barrier);
    }
    seat_close(&seat);
    return NULL;
}

static void of_concurrent_replays_of_one_entry_exactly_one_succeeds(void **state)
{
    struct crew *crew = crew_new();

    (void)state;
    run_together(crew, 4, replay_the_same);
    assert_int_equal(atomic_load(&crew->winners), 20);
    assert_int_equal(ask(&crew->seat, ADAPTER_OP_STREAM_DEPTH, "t", 0), 20);
    crew_close(crew);
}

/* --- Consuming together -------------------------------------------------------------------------
 */

/* Read and ack until everything was acked; each worker's numbers must grow. */
static void consume(struct crew *crew, int64_t count, int64_t duration_ms)
{
    struct seat seat;
    int last = -1;

    seat_open(&seat, crew->instance);
    pthread_barrier_wait(&crew->barrier);
    while (atomic_load(&crew->done) < atomic_load(&crew->goal)) {
        size_t got = read_some(&seat, "g", count, duration_ms);

        for (size_t i = 0; i < got; i++) {
            if (seat.numbers[i] <= last)
                atomic_fetch_add(&crew->seen[seat.numbers[i]], 100); /* out of order */
            last = seat.numbers[i];
            atomic_fetch_add(&crew->seen[last], 1);
        }
        for (size_t i = 0; i < got; i++)
            atomic_fetch_add(&crew->done, (int)settle(&seat, ADAPTER_OP_ACK, "g", seat.ids[i]));
    }
    seat_close(&seat);
}

static void *consume_in_batches(void *context)
{
    consume(context, 5, 0);
    return NULL;
}

static void *consume_one_by_one(void *context)
{
    consume(context, 1, 0);
    return NULL;
}

static void *consume_or_publish(void *context)
{
    struct crew *crew = context;
    struct seat seat;

    if (atomic_fetch_add(&crew->next_worker, 1) > 0) {
        consume(crew, 2, 50);
        return NULL;
    }
    seat_open(&seat, crew->instance);
    pthread_barrier_wait(&crew->barrier);
    for (int i = 0; i < atomic_load(&crew->goal); i++)
        publish(&seat, "s", i);
    seat_close(&seat);
    return NULL;
}

static void a_group_of_threads_shares_the_messages_without_duplicates_or_gaps(void **state)
{
    static void *(*const works[])(void *context) = {consume_in_batches, consume_one_by_one};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(works); i++) {
        struct crew *crew = crew_new();

        atomic_store(&crew->goal, 1500);
        for (int n = 0; n < 1500; n++)
            publish(&crew->seat, "s", n);
        run_together(crew, 4, works[i]);
        assert_each_seen_once(crew, 1500);
        crew_close(crew);
    }
}

static void blocked_readers_are_woken_by_a_publisher_on_another_thread(void **state)
{
    struct crew *crew = crew_new();

    (void)state;
    atomic_store(&crew->goal, 1500);
    run_together(crew, 5, consume_or_publish);
    assert_each_seen_once(crew, 1500);
    crew_close(crew);
}

static void *publish_a_share(void *context)
{
    struct crew *crew = context;
    int worker = atomic_fetch_add(&crew->next_worker, 1);
    struct seat seat;

    seat_open(&seat, crew->instance);
    pthread_barrier_wait(&crew->barrier);
    for (int i = 0; i < 250; i++)
        publish(&seat, "s", worker * 250 + i);
    seat_close(&seat);
    return NULL;
}

static void concurrent_publishers_lose_nothing_and_keep_their_order(void **state)
{
    struct crew *crew = crew_new();
    int last[4] = {-1, -1, -1, -1};

    (void)state;
    run_together(crew, 4, publish_a_share);
    while (read_some(&crew->seat, "g", 64, 0) > 0) {
        for (size_t i = 0; i < crew->seat.count; i++) {
            int number = crew->seat.numbers[i];

            assert_true(number > last[number / 250]);
            last[number / 250] = number;
            atomic_fetch_add(&crew->seen[number], 1);
        }
    }
    assert_each_seen_once(crew, 1000);
    crew_close(crew);
}

/* --- Trouble ------------------------------------------------------------------------------------
 */

/* Ack and nack at random, and crash now and then while others publish; blocked reads included. */
static void *make_trouble(void *context)
{
    struct crew *crew = context;
    unsigned luck = (unsigned)atomic_fetch_add(&crew->next_worker, 1) + 1;
    struct seat seat;

    seat_open(&seat, crew->instance);
    pthread_barrier_wait(&crew->barrier);
    for (int round = 0; round < 250; round++) {
        size_t got;

        luck = luck * 1103515245u + 12345u;
        publish(&seat, "s", 0);
        got = read_some(&seat, "g", 3, luck >> 16 & 1);
        if ((luck >> 17) % 10 == 0) {
            inline_adapter.abandon(seat.session);
            seat_join(&seat, crew->instance);
            continue;
        }
        for (size_t i = 0; i < got; i++) {
            bool acks = (luck >> (18 + i % 8) & 3) == 0;
            int64_t settled =
                settle(&seat, acks ? ADAPTER_OP_ACK : ADAPTER_OP_NACK, "g", seat.ids[i]);

            if (acks)
                atomic_fetch_add(&crew->done, (int)settled);
        }
    }
    seat_close(&seat);
    return NULL;
}

static void random_trouble_on_many_threads_loses_nothing(void **state)
{
    const struct adapter_setting settings[] = {
        {.key = "retry_delay", .text = "0", .number = 0},
        {.key = "redelivery_time", .text = "1us", .number = 1000},
        {.key = "max_retries", .text = "5", .number = 5}};
    struct crew *crew = memory_new(1, sizeof(*crew));
    int64_t acked, dead;

    (void)state;
    crew_open(crew, settings, ARRAY_SIZE(settings));
    run_together(crew, 6, make_trouble);
    acked = atomic_load(&crew->done);
    while (read_some(&crew->seat, "g", 1, 2) > 0)
        acked += settle(&crew->seat, ADAPTER_OP_ACK, "g", crew->seat.ids[0]);
    dead = ask(&crew->seat, ADAPTER_OP_DLQ_DEPTH, "s:dlq", 0);
    assert_true(dead > 0);
    assert_int_equal(acked + dead, 6 * 250);
    crew_close(crew);
}

/* The first publishes and reaps, the others read, trim and reset: nothing may break. */
static void *interfere(void *context)
{
    static const enum adapter_operation operations[] = {
        ADAPTER_OP_TRIM,      ADAPTER_OP_DATA_RESET,   ADAPTER_OP_STREAM_REMOVE,
        ADAPTER_OP_DLQ_PURGE, ADAPTER_OP_HEALTH_STATS, ADAPTER_OP_INFO};
    struct crew *crew = context;
    int worker = atomic_fetch_add(&crew->next_worker, 1);
    struct seat seat;

    seat_open(&seat, crew->instance);
    pthread_barrier_wait(&crew->barrier);
    for (int round = 0; round < 300; round++) {
        if (worker % 2) {
            read_some(&seat, "g", 10, round % 3 == 0);
            for (size_t i = 0; i < seat.count; i++)
                if (seat.numbers[i] != 7)
                    atomic_fetch_add(&crew->winners, 1);
        } else {
            publish(&seat, "s", 7);
            if (round % 10 == 0)
                ask(&seat, operations[round / 10 % (int)ARRAY_SIZE(operations)], "s", 5);
        }
    }
    seat_close(&seat);
    return NULL;
}

static void what_is_being_read_survives_removal_by_others(void **state)
{
    const struct adapter_setting settings[] = {{.key = "retain", .text = "settled", .number = 1}};
    struct crew *crew = memory_new(1, sizeof(*crew));

    (void)state;
    crew_open(crew, settings, ARRAY_SIZE(settings));
    run_together(crew, 4, interfere);
    assert_int_equal(atomic_load(&crew->winners), 0);
    crew_close(crew);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_eight_acks_of_one_delivery_exactly_one_is_true),
        cmocka_unit_test(of_eight_acquirers_exactly_one_wins_each_lease),
        cmocka_unit_test(of_concurrent_replays_of_one_entry_exactly_one_succeeds),
        cmocka_unit_test(a_group_of_threads_shares_the_messages_without_duplicates_or_gaps),
        cmocka_unit_test(blocked_readers_are_woken_by_a_publisher_on_another_thread),
        cmocka_unit_test(concurrent_publishers_lose_nothing_and_keep_their_order),
        cmocka_unit_test(random_trouble_on_many_threads_loses_nothing),
        cmocka_unit_test(what_is_being_read_survives_removal_by_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
