/* test_matrix_redis.c: the Redis adapters against an honest server in this process, in virtual
 * time. */
#include "support/matrix.h"
#include "support/unit.h"

static void redis_on_the_fake_server_fails_no_clause(void **state)
{
    (void)state;
    matrix_hold_honest("redis", 200);
}

static void lists_on_the_fake_server_fail_no_clause(void **state)
{
    (void)state;
    matrix_hold_honest("redis_pubsub", 80);
}

static void channels_on_the_fake_server_fail_no_clause(void **state)
{
    (void)state;
    matrix_hold_honest("redis_channels", 45);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(redis_on_the_fake_server_fails_no_clause),
        cmocka_unit_test(lists_on_the_fake_server_fail_no_clause),
        cmocka_unit_test(channels_on_the_fake_server_fail_no_clause),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
