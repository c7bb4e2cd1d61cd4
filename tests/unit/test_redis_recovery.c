/* test_redis_recovery.c: the Redis adapters when the server is away, refuses, forgets or is silent.
 */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "redis/instance.h"
#include "support/redis_fixture.h"

static struct redis_server *server_of(void **state)
{
    return &redis_fixture_of(state)->server;
}

/* --- A server that is away -------------------------------------------------------------------- */

static void without_a_server_nothing_is_done_and_it_is_said(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_server *server = server_of(state);
    char id[64];

    desk_publish(desk, "r10", "{\"n\": 1}");
    strcpy(id, desk_read(desk, "r10", "g", 1)->entries[0].id);
    redis_server_stop(server);
    desk_wait(desk, 20000000);
    assert_int_equal(desk_publish(desk, "r10", "{\"n\": 2}")->outcome, ADAPTER_REFUSED);
    assert_int_equal(desk->answer.error, ADAPTER_ERROR_CONNECTION);
    assert_non_null(strstr(desk->answer.detail, "cannot connect to 127.0.0.1"));
    assert_int_equal(desk_read(desk, "r10", "g", 1)->error, ADAPTER_ERROR_CONNECTION);
    assert_int_equal(desk_read_blocking(desk, "r10", "g", 1, 100)->error, ADAPTER_ERROR_CONNECTION);
    assert_int_equal(desk_ack(desk, "r10", "g", id)->error, ADAPTER_ERROR_CONNECTION);
    assert_int_equal(desk_nack(desk, "r10", "g", id)->error, ADAPTER_ERROR_CONNECTION);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_PING, NULL, NULL)->outcome, ADAPTER_DONE);
    assert_int_equal(desk->answer.number, 0);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_HEALTH_STATS, NULL, NULL)->outcome, ADAPTER_DONE);
    assert_non_null(strstr(desk->answer.text, "\"status\": \"unhealthy\""));
    assert_non_null(strstr(desk->answer.text, "\"connected\": false"));

    assert_int_equal(redis_server_restart(server, NULL), 0);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_ENSURE_CONNECTION, NULL, NULL)->number, 1);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_HEALTH_STATS, NULL, NULL)->outcome, ADAPTER_DONE);
    assert_non_null(strstr(desk->answer.text, "\"status\": \"healthy\""));
    assert_int_equal(desk_publish(desk, "r10", "{\"n\": 3}")->outcome, ADAPTER_DONE);
    assert_int_equal(desk_read(desk, "r10", "g", 5)->entry_count, 1);
    desk_close(desk);
}

static void a_silent_server_ends_a_call_at_its_deadline(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_text item = {"{\"n\": 1}", 8};
    struct adapter_call call = {
        .operation = ADAPTER_OP_PUBLISH, .stream = "r11", .items = &item, .item_count = 1};

    assert_int_equal(desk_ask(desk, ADAPTER_OP_PING, NULL, NULL)->number, 1);
    redis_server_freeze(server_of(state), true);
    call.deadline_ns = desk->cut.port.now_ns(&desk->cut.port) + 60000000u;
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_UNKNOWN);
    assert_int_equal(desk->answer.error, ADAPTER_ERROR_CONNECTION);
    redis_server_freeze(server_of(state), false);
    assert_int_equal(desk_publish(desk, "r11", "{\"n\": 2}")->outcome, ADAPTER_DONE);
    desk_close(desk);
}

static void an_answer_after_the_deadline_is_served_by_the_next_read(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_call call = {
        .operation = ADAPTER_OP_READ, .stream = "r12", .group = "g", .count = 1};

    desk_read(desk, "r12", "g", 1);
    desk_publish(desk, "r12", "{\"n\": 1}");
    redis_server_freeze(server_of(state), true);
    call.deadline_ns = desk->cut.port.now_ns(&desk->cut.port) + 30000000u;
    assert_int_equal(desk_do(desk, &call)->outcome, ADAPTER_UNKNOWN);
    redis_server_freeze(server_of(state), false);
    assert_int_equal(desk_read(desk, "r12", "g", 1)->entry_count, 1);
    desk_close(desk);
}

/* --- A server that refuses -------------------------------------------------------------------- */

static void check_refusal(const struct desk_answer *answer, const char *word)
{
    assert_int_equal(answer->outcome, ADAPTER_REFUSED);
    assert_int_equal(answer->error, ADAPTER_ERROR_OTHER);
    assert_int_equal(strncmp(answer->detail, word, strlen(word)), 0);
}

static void a_refusal_is_told_in_the_servers_own_words(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_server *server = server_of(state);

    desk_publish(desk, "r13", "{\"n\": 1}");
    redis_server_number(server, "CONFIG SET maxmemory 1");
    check_refusal(desk_publish(desk, "r13", "{\"n\": 2}"), "OOM");
    assert_int_equal(desk_read(desk, "r13", "new group", 1)->error, ADAPTER_ERROR_OTHER);
    redis_server_number(server, "CONFIG SET maxmemory 0");
    assert_int_equal(desk_read(desk, "r13", "new group", 1)->entry_count, 1);

    redis_server_number(server, "CONFIG SET min-replicas-to-write 1");
    check_refusal(desk_publish(desk, "r13", "{\"n\": 2}"), "NOREPLICAS");
    redis_server_number(server, "CONFIG SET min-replicas-to-write 0");

    redis_server_number(server, "REPLICAOF 127.0.0.1 1");
    check_refusal(desk_publish(desk, "r13", "{\"n\": 2}"), "READONLY");
    redis_server_number(server, "REPLICAOF NO ONE");
    assert_int_equal(desk_publish(desk, "r13", "{\"n\": 2}")->outcome, ADAPTER_DONE);
    desk_close(desk);
}

static void a_server_that_is_loading_refuses_and_then_works(void **state)
{
    static const char *const slowly[] = {"--key-load-delay", "400",
                                         "--loading-process-events-interval-bytes", "1024", NULL};
    struct redis_server *server = server_of(state);
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    int refusals = 0;

    redis_server_number(server, "EVAL %s 0",
                        "for i = 1, 1500 do redis.call('SET', 'key' .. i, i) end");
    redis_server_number(server, "SAVE");
    assert_int_equal(redis_server_restart(server, slowly), 0);
    while (desk_publish(desk, "r26", "{\"n\": 1}")->outcome != ADAPTER_DONE) {
        if (desk->answer.error == ADAPTER_ERROR_OTHER) {
            check_refusal(&desk->answer, "LOADING");
            refusals++;
        }
        desk_wait(desk, 5000000);
    }
    assert_true(refusals > 0);
    redis_server_number(server, "FLUSHALL");
    redis_server_number(server, "SAVE");
    desk_close(desk);
}

static void a_key_of_another_type_is_an_error_of_every_operation(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    redis_server_number(server_of(state), "SET r14 foreign");
    check_refusal(desk_publish(desk, "r14", "{\"n\": 1}"), "WRONGTYPE");
    check_refusal(desk_read(desk, "r14", "g", 1), "WRONGTYPE");
    check_refusal(desk_read_blocking(desk, "r14", "g", 1, 500), "WRONGTYPE");
    check_refusal(desk_ask(desk, ADAPTER_OP_STREAM_DEPTH, "r14", NULL), "WRONGTYPE");
    desk_close(desk);
}

static void a_wrong_password_is_told_without_the_password(void **state)
{
    struct redis_server *server = server_of(state);
    struct desk *desk = &redis_fixture_of(state)->desk;
    char uri[128];

    redis_server_number(server, "CONFIG SET requirepass rightpass");
    (void)snprintf(uri, sizeof(uri), "redis://:wrongpass@127.0.0.1:%d/0", server->port);
    assert_int_equal(desk_open(desk, &redis_adapter, uri, NULL, NULL), 0);
    assert_int_equal(desk_publish(desk, "r15", "{\"n\": 1}")->outcome, ADAPTER_REFUSED);
    assert_non_null(strstr(desk->answer.detail, "WRONGPASS"));
    assert_null(strstr(desk->answer.detail, "wrongpass"));
    assert_null(strstr(desk->log_text, "wrongpass"));
    desk_close(desk);

    assert_int_equal(desk_open(desk, &redis_adapter, server->uri, NULL, NULL), 0);
    check_refusal(desk_publish(desk, "r15", "{\"n\": 1}"), "NOAUTH");
    desk_close(desk);

    (void)snprintf(uri, sizeof(uri), "redis://:rightpass@127.0.0.1:%d/0", server->port);
    assert_int_equal(desk_open(desk, &redis_adapter, uri, NULL, NULL), 0);
    assert_int_equal(desk_publish(desk, "r15", "{\"n\": 1}")->outcome, ADAPTER_DONE);
    assert_null(strstr(desk->log_text, "rightpass"));
    desk_close(desk);
    redis_server_number(server, "CONFIG SET requirepass %s", "");
}

static void a_database_that_does_not_exist_is_told_and_nothing_goes_elsewhere(void **state)
{
    struct redis_server *server = server_of(state);
    struct desk *desk = &redis_fixture_of(state)->desk;
    char uri[128];

    (void)snprintf(uri, sizeof(uri), "redis://127.0.0.1:%d/99", server->port);
    assert_int_equal(desk_open(desk, &redis_adapter, uri, NULL, NULL), 0);
    assert_int_equal(desk_publish(desk, "r16", "{\"n\": 1}")->outcome, ADAPTER_REFUSED);
    assert_non_null(strstr(desk->answer.detail, "DB index is out of range"));
    assert_int_equal(redis_server_number(server, "EXISTS r16"), 0);
    desk_close(desk);
}

static void a_unix_socket_and_another_database_work(void **state)
{
    struct redis_server *server = server_of(state);
    struct desk *desk = &redis_fixture_of(state)->desk;
    char uri[160];

    (void)snprintf(uri, sizeof(uri), "%s?db=3", server->socket_uri);
    assert_int_equal(desk_open(desk, &redis_adapter, uri, NULL, NULL), 0);
    assert_int_equal(desk_publish(desk, "r17", "{\"n\": 1}")->outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(server, "EXISTS r17"), 0);
    desk_ask(desk, ADAPTER_OP_DATA_RESET, NULL, NULL);
    desk_close(desk);
}

/* Take over what another consumer holds, while a command is denied. */
static void reclaim_without(void **state, const char *denied, const char *told, uint32_t attempt)
{
    static const char *const options[] = {"redelivery_time", "150ms", "reclaim_interval", "10ms",
                                          NULL};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, options);
    struct desk *other = redis_fixture_other(state);
    struct redis_server *server = server_of(state);

    redis_server_number(server, "DEL r18");
    redis_server_number(server, "ACL SETUSER default %s", denied);
    for (int i = 0; i < 30; i++)
        desk_publish(desk, "r18", "{\"n\": 1}");
    assert_int_equal(desk_read(other, "r18", "g", 30)->entry_count, 30);
    desk_abandon(other);
    assert_int_equal(desk_read(desk, "r18", "g", 3)->outcome, ADAPTER_EMPTY);
    assert_int_equal(desk_read_blocking(desk, "r18", "g", 3, 2000)->entry_count, 3);
    assert_int_equal(desk->answer.entries[0].attempt, attempt);
    assert_int_equal(desk_read_blocking(desk, "r18", "g", 100, 2000)->entry_count, 27);
    assert_true(strstr(desk->log_text, told) || strstr(other->log_text, told));
    desk_close(desk);
    redis_server_number(server, "ACL SETUSER default +@all");
}

static void without_xautoclaim_messages_are_taken_over_by_xclaim(void **state)
{
    reclaim_without(state, "-xautoclaim", "XAUTOCLAIM is refused", 2);
}

static void without_xpending_messages_are_taken_over_by_a_scan(void **state)
{
    reclaim_without(state, "-xpending", "XPENDING is refused", 0);
}

/* What a server before 6.2 lacks cannot be denied on a newer one: the adapter is told instead. */
static void on_an_old_server_idle_times_are_compared_here(void **state)
{
    static const char *const options[] = {"redelivery_time", "100ms", "reclaim_interval", "5ms",
                                          NULL};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, options);
    struct desk *other = redis_fixture_other(state);
    struct redis_instance *instance = (struct redis_instance *)(void *)desk->instance;

    atomic_fetch_or(&instance->lacks, REDIS_LACKS_IDLE | REDIS_LACKS_AUTOCLAIM);
    for (int i = 0; i < 250; i++)
        desk_publish(desk, "r28", "{\"n\": 1}");
    assert_int_equal(desk_read(other, "r28", "g", 120)->entry_count, 120);
    desk_abandon(other);
    desk_wait(desk, 110000000);
    assert_int_equal(desk_read(desk, "r28", "g", 1)->entry_count, 1); /* the first of them */
    assert_int_equal(desk->answer.entries[0].attempt, 2);
    assert_int_equal(desk_read(desk, "r28", "g", 300)->entry_count, 249);
    assert_int_equal(desk->answer.entries[118].flags, ADAPTER_ENTRY_RECLAIMED);
    assert_int_equal(desk->answer.entries[119].flags, 0);
    desk_close(desk);
}

static void a_denied_command_costs_only_what_depends_on_it(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct redis_server *server = server_of(state);
    char id[64];

    redis_server_number(server, "ACL SETUSER default -client|setname -info -xinfo -unlink -script");
    assert_int_equal(desk_publish(desk, "r19", "{\"n\": 1}")->outcome, ADAPTER_DONE);
    strcpy(id, desk_read(desk, "r19", "g", 1)->entries[0].id);
    assert_int_equal(desk_nack(desk, "r19", "g", id)->number, 1); /* by EVAL */
    assert_int_equal(desk_ask(desk, ADAPTER_OP_HEALTH_STATS, NULL, NULL)->outcome, ADAPTER_DONE);
    assert_non_null(strstr(desk->answer.text, "info_refused"));
    assert_non_null(strstr(desk->answer.text, "\"total_messages\": 1"));
    assert_int_equal(desk_ask(desk, ADAPTER_OP_INFO, NULL, NULL)->outcome, ADAPTER_DONE);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_STREAM_REMOVE, "r19", NULL)->outcome, ADAPTER_DONE);
    assert_int_equal(redis_server_number(server, "EXISTS r19"), 0);
    redis_server_number(server, "ACL SETUSER default +@all");
    desk_close(desk);
}

/* --- A server that forgets -------------------------------------------------------------------- */

static void a_group_that_was_removed_is_made_again(void **state)
{
    static const char *const wipes[] = {"DEL r20", "XGROUP DESTROY r20 g", "FLUSHALL"};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);

    for (size_t i = 0; i < ARRAY_SIZE(wipes); i++) {
        desk_publish(desk, "r20", "{\"n\": 1}");
        assert_true(desk_read(desk, "r20", "g", 10)->entry_count >= 1);
        redis_server_number(server_of(state), wipes[i]);
        desk_publish(desk, "r20", "{\"n\": 2}");
        assert_true(desk_read(desk, "r20", "g", 10)->entry_count >= 1);
    }
    desk_close(desk);
}

static void a_blocked_reader_survives_that_its_group_is_removed(void **state)
{
    static const char *const wipes[] = {"DEL r21", "XGROUP DESTROY r21 g", "FLUSHALL"};
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct desk *other = redis_fixture_other(state);
    struct adapter_call call = {.operation = ADAPTER_OP_READ_BLOCKING,
                                .stream = "r21",
                                .group = "g",
                                .count = 10,
                                .duration_ms = 3000};

    for (size_t i = 0; i < ARRAY_SIZE(wipes); i++) {
        call.deadline_ns = 0;
        redis_server_number(server_of(state), "DEL r21");
        desk_begin(desk, &call);
        desk_wait(desk, 20000000);
        assert_false(desk->is_done);
        redis_server_number(server_of(state), wipes[i]);
        desk_wait(desk, 20000000);
        desk_publish(other, "r21", "{\"n\": 2}");
        assert_int_equal(desk_finish(desk)->entry_count, 1);
    }
    desk_close(other);
    desk_close(desk);
}

static void scripts_are_loaded_again_when_the_server_forgot_them(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    char id[64];

    desk_publish(desk, "r22", "{\"n\": 1}");
    strcpy(id, desk_read(desk, "r22", "g", 1)->entries[0].id);
    assert_int_equal(desk_nack(desk, "r22", "g", id)->number, 1);
    desk_read(desk, "r22", "g", 1);
    redis_server_number(server_of(state), "SCRIPT FLUSH");
    assert_int_equal(desk_nack(desk, "r22", "g", id)->number, 1);
    desk_close(desk);
}

/* --- Ending ----------------------------------------------------------------------------------- */

static void calls_under_way_are_answered_when_the_session_ends(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_call call = {.operation = ADAPTER_OP_READ_BLOCKING,
                                .stream = "r23",
                                .group = "g",
                                .count = 1,
                                .duration_ms = 0};

    desk_begin(desk, &call); /* not even connected: it surely did not happen */
    desk->adapter->abandon(desk->session);
    assert_true(desk->is_done);
    assert_int_equal(desk->answer.outcome, ADAPTER_REFUSED);
    desk->session = NULL;
    desk_close(desk);

    desk = redis_fixture_desk(state, &redis_adapter, NULL);
    desk_begin(desk, &call);
    desk_wait(desk, 20000000);
    desk->adapter->abandon(desk->session);
    assert_true(desk->is_done);
    assert_int_equal(desk->answer.outcome, ADAPTER_UNKNOWN);
    desk->session = NULL;
    desk_close(desk);
}

static void end_session(struct adapter_call *call, const struct adapter_result *result)
{
    struct desk *desk = call->context;

    (void)result;
    desk->is_done = true;
    desk->adapter->abandon(desk->session);
    desk->session = NULL;
}

static void a_session_may_end_inside_an_answer(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_adapter, NULL);
    struct adapter_call calls[3];

    for (size_t i = 0; i < ARRAY_SIZE(calls); i++) {
        calls[i] = (struct adapter_call){.operation = ADAPTER_OP_PING};
        desk_begin(desk, &calls[i]);
    }
    calls[0].done = end_session;
    desk_wait(desk, 50000000);
    assert_null(desk->session);
    assert_true(desk->is_done);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_server_nothing_is_done_and_it_is_said),
        cmocka_unit_test(a_silent_server_ends_a_call_at_its_deadline),
        cmocka_unit_test(an_answer_after_the_deadline_is_served_by_the_next_read),
        cmocka_unit_test(a_refusal_is_told_in_the_servers_own_words),
        cmocka_unit_test(a_server_that_is_loading_refuses_and_then_works),
        cmocka_unit_test(a_key_of_another_type_is_an_error_of_every_operation),
        cmocka_unit_test(a_wrong_password_is_told_without_the_password),
        cmocka_unit_test(a_database_that_does_not_exist_is_told_and_nothing_goes_elsewhere),
        cmocka_unit_test(a_unix_socket_and_another_database_work),
        cmocka_unit_test(without_xautoclaim_messages_are_taken_over_by_xclaim),
        cmocka_unit_test(without_xpending_messages_are_taken_over_by_a_scan),
        cmocka_unit_test(on_an_old_server_idle_times_are_compared_here),
        cmocka_unit_test(a_denied_command_costs_only_what_depends_on_it),
        cmocka_unit_test(a_group_that_was_removed_is_made_again),
        cmocka_unit_test(a_blocked_reader_survives_that_its_group_is_removed),
        cmocka_unit_test(scripts_are_loaded_again_when_the_server_forgot_them),
        cmocka_unit_test(calls_under_way_are_answered_when_the_session_ends),
        cmocka_unit_test(a_session_may_end_inside_an_answer),
    };

    if (redis_fixture_must_skip("redis_recovery"))
        return 0;
    return cmocka_run_group_tests_name("redis_recovery", tests, redis_fixture_start,
                                       redis_fixture_stop);
}
