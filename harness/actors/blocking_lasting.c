/* blocking_lasting.c: a host that goes on when the world behind it has gone.

   A thread that hangs is left behind.  If it wakes later, it finds what it was given still there:
   time and luck are the system's own by then, and words and posts reach nobody. */
#include <pthread.h>
#include <stdlib.h>

#include "actors/blocking.h"
#include "actors/blocking_session.h"
#include "base/memory.h"
#include "base/random.h"
#include "loop/loop.h"

struct blocking_lasting {
    struct adapter_host host;      /* first member: what the adapter sees */
    struct blocking_lasting *self; /* the way back from the adapter's const pointer */
    pthread_rwlock_t lock;
    const struct adapter_host *behind; /* under the lock; NULL: it has gone */
};

static struct blocking_lasting *lasting_of(const struct adapter_host *host)
{
    return ((const struct blocking_lasting *)host)->self;
}

/* What is behind it stays for as long as it is held. */
static const struct adapter_host *hold(const struct adapter_host *host)
{
    struct blocking_lasting *lasting = lasting_of(host);

    pthread_rwlock_rdlock(&lasting->lock);
    return lasting->behind;
}

static void let_go(const struct adapter_host *host)
{
    pthread_rwlock_unlock(&lasting_of(host)->lock);
}

static uint64_t now_ns(const struct adapter_host *host)
{
    const struct adapter_host *behind = hold(host);
    uint64_t now = behind ? behind->now_ns(behind) : loop_real_now_ns();

    let_go(host);
    return now;
}

static uint64_t wall_ms(const struct adapter_host *host)
{
    const struct adapter_host *behind = hold(host);
    uint64_t now = behind ? behind->wall_ms(behind) : loop_real_wall_ns() / 1000000u;

    let_go(host);
    return now;
}

static uint64_t keyed_random(const struct adapter_host *host, const char *purpose, uint64_t index)
{
    const struct adapter_host *behind = hold(host);
    uint64_t bits = behind ? behind->random(behind, purpose, index)
                           : random_keyed(0, 0, random_key(purpose), index);

    let_go(host);
    return bits;
}

static uint64_t entropy(const struct adapter_host *host)
{
    const struct adapter_host *behind = hold(host);
    uint64_t bits = behind ? behind->entropy(behind) : loop_entropy();

    let_go(host);
    return bits;
}

static void write_log(const struct adapter_host *host, uint32_t level, const char *line)
{
    const struct adapter_host *behind = hold(host);

    if (behind)
        behind->log(behind, level, line);
    let_go(host);
}

static void post(const struct adapter_host *host, void (*function)(void *context), void *context)
{
    const struct adapter_host *behind = hold(host);

    if (behind)
        behind->post(behind, function, context);
    let_go(host);
}

struct blocking_lasting *blocking_lasting_new(const struct adapter_host *behind)
{
    struct blocking_lasting *lasting = memory_new(1, sizeof(*lasting));

    lasting->self = lasting;
    lasting->behind = behind;
    pthread_rwlock_init(&lasting->lock, NULL);
    lasting->host = (struct adapter_host){
        .struct_size = sizeof(lasting->host),
        .now_ns = now_ns,
        .wall_ms = wall_ms,
        .random = keyed_random,
        .entropy = entropy,
        .log = write_log,
        .post = post,
    };
    blocking_host_refuse(&lasting->host);
    return lasting;
}

const struct adapter_host *blocking_lasting_host(const struct blocking_lasting *lasting)
{
    return &lasting->host;
}

void blocking_lasting_cut(struct blocking_lasting *lasting)
{
    pthread_rwlock_wrlock(&lasting->lock);
    lasting->behind = NULL;
    pthread_rwlock_unlock(&lasting->lock);
}

void blocking_lasting_free(struct blocking_lasting *lasting)
{
    if (!lasting)
        return;
    pthread_rwlock_destroy(&lasting->lock);
    free(lasting);
}
