/* redis_fixture.h: one server for all tests of a program, and desks to work at. */
#ifndef SUPPORT_REDIS_FIXTURE_H
#define SUPPORT_REDIS_FIXTURE_H

#include "redis/redis.h"
#include "support/redis_desk.h"
#include "support/redis_server.h"

struct redis_fixture {
    struct redis_server server;
    struct desk desk, other;
};

/* For cmocka's group; the state is the fixture. */
int redis_fixture_start(void **state);
int redis_fixture_stop(void **state);

/* True, with a loud line, when there is no redis-server to test with.  In CI that is a failure: the
   program then ends here. */
bool redis_fixture_must_skip(const char *program);

struct redis_fixture *redis_fixture_of(void **state);
/* Asserts that it opens. */
struct desk *redis_fixture_desk(void **state, const struct broker_adapter *adapter,
                                const char *const *options);
/* A second session of the same instance, on its own loop. */
struct desk *redis_fixture_other(void **state);

#endif
