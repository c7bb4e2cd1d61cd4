/* redis_fixture.c: a server for a test program. */
#include "support/redis_fixture.h"

#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/memory.h"

bool redis_fixture_must_skip(const char *program)
{
    if (redis_server_is_installed())
        return false;
    (void)fprintf(stderr, "SKIPPED: %s: there is no redis-server to test with\n", program);
    (void)printf("1..0 # SKIP there is no redis-server to test with\n");
    if (getenv("CI"))
        exit(1);
    return true;
}

struct redis_fixture *redis_fixture_of(void **state)
{
    return *state;
}

int redis_fixture_start(void **state)
{
    struct redis_fixture *fixture = memory_new(1, sizeof(*fixture));

    *state = fixture;
    return redis_server_start(&fixture->server, NULL);
}

int redis_fixture_stop(void **state)
{
    redis_server_release(&redis_fixture_of(state)->server);
    free(*state);
    return 0;
}

struct desk *redis_fixture_desk(void **state, const struct broker_adapter *adapter,
                                const char *const *options)
{
    struct redis_fixture *fixture = redis_fixture_of(state);

    assert_int_equal(desk_open(&fixture->desk, adapter, fixture->server.uri, NULL, options), 0);
    return &fixture->desk;
}

struct desk *redis_fixture_other(void **state)
{
    struct redis_fixture *fixture = redis_fixture_of(state);

    assert_int_equal(desk_join(&fixture->other, &fixture->desk, NULL), 0);
    return &fixture->other;
}
