/* redis_fake.h: a Redis server inside this process, on a loop of the harness: what the Redis
   adapters need of one, and lies that it can tell.  It listens on simulated pipes, so that the
   adapters run against it unchanged, in virtual time.

   Scripts are known by their text and done natively.  Time is the loop's. */
#ifndef FAKES_REDIS_FAKE_H
#define FAKES_REDIS_FAKE_H

#include "base/error.h"
#include "link/link.h"
#include "loop/loop.h"

#define REDIS_FAKE_URI "redis://127.0.0.1:6379/0"

struct redis_fake;

/* Lies about the server; any of them together. */
enum redis_fake_lie {
    REDIS_FAKE_REPLAYS_IN_PARTS = 1u << 0,  /* a replay ends only while its client listens */
    REDIS_FAKE_REPLAYS_IN_COPIES = 1u << 1, /* a replay removes only while its client listens */
};

/* Begin one that is empty.  Fails when something listens there already. */
struct redis_fake *redis_fake_new(struct loop *loop, struct link_dialer *dialer, uint32_t lies,
                                  struct error *reterr);
void redis_fake_free(struct redis_fake *fake); /* NULL is fine */
/* "kill" (clients are cut, nobody gets in), "pause" (it accepts and answers nothing), "continue",
   "restart" (after kill: with its data). */
int redis_fake_drive(struct redis_fake *fake, const char *verb, struct error *reterr);

#endif
