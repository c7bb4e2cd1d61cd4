/* test_redis_channels.c: the adapter redis_channels: PUBLISH and SUBSCRIBE. */
#include "support/unit.h"

#include <stdio.h>
#include <string.h>

#include "support/redis_fixture.h"

static struct adapter_call subscription(const char *stream)
{
    return (struct adapter_call){.operation = ADAPTER_OP_SUBSCRIBE, .stream = stream};
}

static void subscribe(struct desk *desk, struct adapter_call *call)
{
    desk_begin(desk, call);
    desk_ask(desk, ADAPTER_OP_PING, NULL, NULL);
    assert_int_equal(desk->answer.number, 1);
}

static void a_subscriber_hears_its_own_channel(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_channels_adapter, NULL);
    struct desk *other = redis_fixture_other(state);
    struct adapter_call call = subscription("c1");

    subscribe(other, &call);
    assert_int_equal(desk_publish(desk, "c1", "{\"a\": 1}")->outcome, ADAPTER_DONE);
    assert_int_equal(strlen(desk->answer.ids[0]), 36);
    desk_publish(desk, "c2", "{\"b\": 1}");
    desk_publish(desk, "c1", "{\"a\": 2}");
    desk_wait(other, 30000000);
    assert_int_equal(other->delivered, 2);
    assert_string_equal(other->delivered_payload, "{\"a\": 2}");
    desk_close(other);
    desk_close(desk);
}

static void two_subscriptions_share_a_session(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_channels_adapter, NULL);
    struct desk *other = redis_fixture_other(state);
    struct adapter_call first = subscription("c3"), second = subscription("c4");

    subscribe(other, &first);
    subscribe(other, &second);
    desk_publish(desk, "c3", "{\"a\": 1}");
    desk_publish(desk, "c4", "{\"a\": 1}");
    desk_wait(other, 30000000);
    assert_int_equal(other->delivered, 2);
    desk_close(other);
    desk_close(desk);
}

static void what_nobody_hears_is_gone(void **state)
{
    struct desk *desk = redis_fixture_desk(state, &redis_channels_adapter, NULL);
    struct desk *other = redis_fixture_other(state);
    struct adapter_call call = subscription("c5");

    assert_int_equal(desk_publish(desk, "c5", "{\"a\": 1}")->outcome, ADAPTER_DONE);
    subscribe(other, &call);
    desk_wait(other, 20000000);
    assert_int_equal(other->delivered, 0);
    assert_int_equal(desk_read(other, "c5", "g", 1)->outcome, ADAPTER_EMPTY);
    desk_close(other);
    desk_close(desk);
}

static void a_stranger_needs_no_envelope_but_a_json_object(void **state)
{
    struct redis_server *server = &redis_fixture_of(state)->server;
    struct desk *desk = redis_fixture_desk(state, &redis_channels_adapter, NULL);
    struct adapter_call call = subscription("c6");

    subscribe(desk, &call);
    redis_server_number(server, "PUBLISH c6 garbage");
    redis_server_number(server, "PUBLISH c6 %s", "{\"foreign\": true}");
    desk_wait(desk, 20000000);
    assert_int_equal(desk->delivered, 1);
    assert_string_equal(desk->delivered_payload, "{\"foreign\": true}");
    assert_non_null(strstr(desk->log_text, "no JSON object"));
    desk_close(desk);
}

static void a_lost_connection_ends_the_subscription_and_says_what_that_means(void **state)
{
    struct redis_server *server = &redis_fixture_of(state)->server;
    struct desk *desk = redis_fixture_desk(state, &redis_channels_adapter, NULL);
    struct adapter_call call = subscription("c7");

    subscribe(desk, &call);
    desk->is_done = false;
    redis_server_number(server, "CLIENT KILL TYPE pubsub");
    desk_finish(desk);
    assert_int_equal(desk->answer.outcome, ADAPTER_UNKNOWN);
    assert_int_equal(desk->answer.error, ADAPTER_ERROR_CONNECTION);
    assert_non_null(strstr(desk->answer.detail, "is lost"));
    call = subscription("c7");
    subscribe(desk, &call);
    assert_int_equal(desk->answer.flags, ADAPTER_RESULT_RECONNECTED);
    redis_server_number(server, "PUBLISH c7 %s", "{\"a\": 1}");
    desk_wait(desk, 20000000);
    assert_int_equal(desk->delivered, 1);
    desk_close(desk);
}

static void a_denied_channel_is_told(void **state)
{
    struct redis_server *server = &redis_fixture_of(state)->server;
    struct desk *desk = redis_fixture_desk(state, &redis_channels_adapter, NULL);
    struct adapter_call call = subscription("c8");

    redis_server_number(server, "ACL SETUSER default resetchannels");
    desk_begin(desk, &call);
    desk_finish(desk);
    redis_server_number(server, "ACL SETUSER default allchannels");
    assert_int_equal(desk->answer.outcome, ADAPTER_REFUSED);
    assert_int_equal(strncmp(desk->answer.detail, "NOPERM", 6), 0);
    assert_int_equal(desk_ask(desk, ADAPTER_OP_PING, NULL, NULL)->number, 1);
    desk_close(desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subscriber_hears_its_own_channel),
        cmocka_unit_test(two_subscriptions_share_a_session),
        cmocka_unit_test(what_nobody_hears_is_gone),
        cmocka_unit_test(a_stranger_needs_no_envelope_but_a_json_object),
        cmocka_unit_test(a_lost_connection_ends_the_subscription_and_says_what_that_means),
        cmocka_unit_test(a_denied_channel_is_told),
    };

    if (redis_fixture_must_skip("redis_channels"))
        return 0;
    return cmocka_run_group_tests_name("redis_channels", tests, redis_fixture_start,
                                       redis_fixture_stop);
}
