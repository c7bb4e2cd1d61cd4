/* home.c: processes are started ahead, entered, shared and left. */
#include "adapters/stdio/home.h"

#include <stdlib.h>

#include "base/memory.h"

/* --- With the mutex held -----------------------------------------------------------------------
 */

static struct stdio_home *start_home(const struct stdio_homes *homes, struct error *reterr)
{
    struct stdio_wire *wire = stdio_wire_new(homes->command, reterr);
    struct stdio_home *home;

    if (!wire)
        return NULL;
    home = memory_new(1, sizeof(*home));
    home->wire = wire;
    return home;
}

static void free_left(struct stdio_homes *homes, bool also_alive)
{
    struct stdio_home **list = &homes->left;

    while (*list) {
        struct stdio_home *home = *list;

        if (!also_alive && !stdio_wire_is_over(home->wire)) {
            list = &home->next;
            continue;
        }
        *list = home->next;
        stdio_wire_free(home->wire);
        free(home);
    }
}

static void leave_home(struct stdio_homes *homes, struct stdio_home *home)
{
    if (!home || --home->guests > 0)
        return;
    stdio_wire_leave(home->wire);
    home->next = homes->left;
    homes->left = home;
}

/* One that has said hello. */
static struct stdio_home *take_spare(struct stdio_homes *homes, struct error *reterr)
{
    struct stdio_home *home = homes->spare ? homes->spare : start_home(homes, reterr);

    homes->spare = NULL;
    free_left(homes, false);
    if (!home)
        return NULL;
    home->guests = 1;
    if (stdio_wire_hello(home->wire, reterr))
        return home;
    leave_home(homes, home);
    return NULL;
}

/* The next is started meanwhile. */
static struct stdio_home *take_home(struct stdio_homes *homes, struct error *reterr)
{
    struct stdio_home *home = take_spare(homes, reterr);
    struct error ignored = {0};

    if (home)
        homes->spare = start_home(homes, &ignored);
    return home;
}

/* It stays between guests, so that nobody waits for the next. */
static struct stdio_home *enter_shared(struct stdio_homes *homes, bool *ret_is_old,
                                       struct error *reterr)
{
    if (homes->shared && stdio_wire_is_dead(homes->shared->wire)) {
        leave_home(homes, homes->shared); /* its guests have it still; new ones get another */
        homes->shared = NULL;
    }
    *ret_is_old = homes->shared != NULL;
    if (!homes->shared) {
        homes->shared = take_spare(homes, reterr);
        if (!homes->shared)
            return NULL;
        stdio_wire_share(homes->shared->wire);
    }
    homes->shared->guests++;
    return homes->shared;
}

static struct stdio_home *enter_home(struct stdio_homes *homes, enum stdio_processes rule,
                                     bool *ret_is_old, struct error *reterr)
{
    struct stdio_home *own;

    if (rule == STDIO_PROCESS_SHARED)
        return enter_shared(homes, ret_is_old, reterr);
    *ret_is_old = false;
    own = take_home(homes, reterr);
    if (own && rule == STDIO_PROCESS_PER_INSTANCE)
        stdio_wire_share(own->wire);
    return own;
}

/* --- For all ---------------------------------------------------------------------------------- */

void stdio_homes_init(struct stdio_homes *homes, const char *command)
{
    homes->command = memory_string(command);
    pthread_mutex_init(&homes->mutex, NULL);
}

const struct stdio_hello *stdio_homes_introduce(struct stdio_homes *homes, struct error *reterr)
{
    homes->spare = start_home(homes, reterr);
    return homes->spare ? stdio_wire_hello(homes->spare->wire, reterr) : NULL;
}

struct stdio_home *stdio_homes_enter(struct stdio_homes *homes, enum stdio_processes rule,
                                     bool *ret_is_old, struct error *reterr)
{
    pthread_mutex_lock(&homes->mutex);
    struct stdio_home *home = enter_home(homes, rule, ret_is_old, reterr);
    pthread_mutex_unlock(&homes->mutex);
    return home;
}

struct stdio_home *stdio_homes_take(struct stdio_homes *homes, struct error *reterr)
{
    pthread_mutex_lock(&homes->mutex);
    struct stdio_home *home = take_home(homes, reterr);
    pthread_mutex_unlock(&homes->mutex);
    return home;
}

void stdio_homes_join(struct stdio_homes *homes, struct stdio_home *home)
{
    pthread_mutex_lock(&homes->mutex);
    home->guests++;
    pthread_mutex_unlock(&homes->mutex);
}

void stdio_homes_leave(struct stdio_homes *homes, struct stdio_home *home)
{
    pthread_mutex_lock(&homes->mutex);
    leave_home(homes, home);
    pthread_mutex_unlock(&homes->mutex);
}

void stdio_homes_tell(struct stdio_homes *homes)
{
    pthread_mutex_lock(&homes->mutex);
    if (homes->spare)
        homes->spare->guests = 1;
    leave_home(homes, homes->spare);
    leave_home(homes, homes->shared);
    homes->spare = homes->shared = NULL;
    pthread_mutex_unlock(&homes->mutex);
}

void stdio_homes_wait(struct stdio_homes *homes)
{
    pthread_mutex_lock(&homes->mutex);
    free_left(homes, true);
    pthread_mutex_unlock(&homes->mutex);
}

void stdio_homes_release(struct stdio_homes *homes)
{
    stdio_homes_tell(homes);
    stdio_homes_wait(homes);
    pthread_mutex_destroy(&homes->mutex);
    free(homes->command);
}
