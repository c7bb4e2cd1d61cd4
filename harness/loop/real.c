/* real.c: the loop in real time: epoll for readiness and waiting, an eventfd to be woken by other
   threads, CLOCK_MONOTONIC. */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "base/memory.h"
#include "loop/alarm.h"
#include "loop/world.h"

enum { EVENTS_MAX = 256 };

#define SECOND_NS 1000000000u
#define FOR_EVER  UINT64_MAX

struct real_loop {
    struct loop loop; /* first member */
    uint64_t spin_ns;
    int epoll_fd, wake_fd;
    struct alarm alarm;
    bool has_pwait2; /* the kernel can wait for nanoseconds */
    size_t watch_count;

    /* What epoll reported for this turn; entries of watches that ended meanwhile are cleared. */
    struct epoll_event events[EVENTS_MAX];
    int event_index, event_total;

    _Atomic(pthread_t) owner;  /* the thread inside loop_run, or 0 */
    pthread_mutex_t mutex;     /* guards `foreign` */
    struct post_queue foreign; /* posts of other threads */
    atomic_bool has_foreign;
};

static struct real_loop *real_of(struct loop *loop)
{
    return (struct real_loop *)loop;
}

/* --- Clocks ----------------------------------------------------------------------------------- */

static uint64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (uint64_t)now.tv_sec * SECOND_NS + (uint64_t)now.tv_nsec;
}

static uint64_t now_ns(const struct loop *loop)
{
    (void)loop;
    return read_clock(CLOCK_MONOTONIC);
}

static uint64_t wall_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

uint64_t loop_real_now_ns(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

uint64_t loop_real_wall_ns(void)
{
    return read_clock(CLOCK_REALTIME);
}

/* --- Posts ------------------------------------------------------------------------------------ */

static bool is_own_thread(struct real_loop *real)
{
    return atomic_load_explicit(&real->owner, memory_order_relaxed) == pthread_self();
}

/* The eventfd is watched edge-triggered, so that nobody needs to read it. */
static void wake_up(struct real_loop *real)
{
    uint64_t one = 1;
    ssize_t written;

    do
        written = write(real->wake_fd, &one, sizeof(one));
    while (written < 0 && errno == EINTR);
}

static void post_foreign(struct real_loop *real, struct post post)
{
    pthread_mutex_lock(&real->mutex);
    bool was_empty = real->foreign.count == 0;
    post_push(&real->foreign, post);
    atomic_store_explicit(&real->has_foreign, true, memory_order_release);
    pthread_mutex_unlock(&real->mutex);
    if (was_empty)
        wake_up(real);
}

static void post(struct loop *loop, void (*function)(void *context), void *context)
{
    struct real_loop *real = real_of(loop);
    struct post post = {.function = function, .context = context};

    if (is_own_thread(real))
        post_push(&loop->posts, post);
    else
        post_foreign(real, post);
}

static void take_foreign_posts(struct real_loop *real)
{
    if (!atomic_load_explicit(&real->has_foreign, memory_order_acquire))
        return;
    pthread_mutex_lock(&real->mutex);
    post_move(&real->foreign, &real->loop.posts);
    atomic_store_explicit(&real->has_foreign, false, memory_order_relaxed);
    pthread_mutex_unlock(&real->mutex);
}

static void wake(struct loop *loop)
{
    if (!is_own_thread(real_of(loop)))
        wake_up(real_of(loop));
}

/* --- Watches ---------------------------------------------------------------------------------- */

static uint32_t to_epoll(unsigned events)
{
    return (events & LOOP_READABLE ? EPOLLIN : 0u) | (events & LOOP_WRITABLE ? EPOLLOUT : 0u);
}

static unsigned from_epoll(uint32_t events)
{
    return (events & EPOLLIN ? LOOP_READABLE : 0u) | (events & EPOLLOUT ? LOOP_WRITABLE : 0u) |
           (events & (EPOLLERR | EPOLLHUP) ? LOOP_HANGUP : 0u);
}

/* The owner may free the watch now: what epoll already reported for it must not reach it. */
static void end_watch(struct real_loop *real, struct loop_watch *watch)
{
    epoll_ctl(real->epoll_fd, EPOLL_CTL_DEL, watch->fd, NULL);
    for (int i = real->event_index; i < real->event_total; i++)
        if (real->events[i].data.ptr == watch)
            real->events[i].data.ptr = NULL;
    watch->events = 0;
    real->watch_count--;
}

static int watch_set(struct loop *loop, struct loop_watch *watch, unsigned events,
                     struct error *reterr)
{
    struct real_loop *real = real_of(loop);
    struct epoll_event event = {.events = to_epoll(events), .data.ptr = watch};

    if (events == watch->events)
        return 0;
    if (events == 0) {
        end_watch(real, watch);
        return 0;
    }
    int operation = watch->events ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;
    if (epoll_ctl(real->epoll_fd, operation, watch->fd, &event) < 0)
        return error_set(reterr, ERROR_SYSTEM, "descriptor %d cannot be watched: %s", watch->fd,
                         strerror(errno));
    if (!watch->events)
        real->watch_count++;
    watch->events = events;
    return 0;
}

/* --- Waiting ---------------------------------------------------------------------------------- */

static int clamp_count(int count)
{
    return count < 0 ? 0 : count; /* EINTR */
}

static struct timespec to_timespec(uint64_t ns)
{
    return (struct timespec){.tv_sec = (time_t)(ns / SECOND_NS), .tv_nsec = (long)(ns % SECOND_NS)};
}

/* Without descriptors to watch there is nothing to ask the kernel: other threads set flags. */
static void poll_events(struct real_loop *real)
{
    if (real->watch_count > 0)
        real->event_total = clamp_count(epoll_wait(real->epoll_fd, real->events, EVENTS_MAX, 0));
}

/* ppoll knows nanoseconds on every kernel, and an epoll descriptor is readable when it has events.
 */
static void sleep_with_ppoll(struct real_loop *real, const struct timespec *timeout)
{
    struct pollfd fd = {.fd = real->epoll_fd, .events = POLLIN};

    if (ppoll(&fd, 1, timeout, NULL) > 0)
        real->event_total = clamp_count(epoll_wait(real->epoll_fd, real->events, EVENTS_MAX, 0));
}

static void sleep_for(struct real_loop *real, uint64_t now, uint64_t wait_ns)
{
    struct timespec timeout = to_timespec(wait_ns);
    bool has_limit = wait_ns != FOR_EVER && !alarm_covers(&real->alarm, now, wait_ns);
    const struct timespec *limit = has_limit ? &timeout : NULL;

    if (real->has_pwait2) {
        int count = epoll_pwait2(real->epoll_fd, real->events, EVENTS_MAX, limit, NULL);

        real->event_total = clamp_count(count);
        if (count >= 0 || errno == EINTR)
            return;
        real->has_pwait2 = false; /* an old kernel, or a filter that does not know the call */
    }
    sleep_with_ppoll(real, limit);
}

static bool has_flags(const struct real_loop *real)
{
    return atomic_load_explicit(&real->has_foreign, memory_order_relaxed) ||
           atomic_load_explicit(&real->loop.is_stopping, memory_order_relaxed);
}

static bool has_work(const struct real_loop *real)
{
    return real->loop.posts.count > 0 || real->loop.has_new_tails || has_flags(real);
}

static uint64_t until_next_timer(const struct real_loop *real, uint64_t now)
{
    const struct heap_node *timer = heap_first(&real->loop.timers);

    if (!timer)
        return FOR_EVER;
    return timer->due > now ? timer->due - now : 0;
}

static void spin_until(struct real_loop *real, uint64_t due_ns)
{
    do
        poll_events(real);
    while (real->event_total == 0 && !has_flags(real) && read_clock(CLOCK_MONOTONIC) < due_ns);
}

/* Sleeping ends spin_ns before the timer is due; the next turn spins the rest. */
static void wait_idle(struct real_loop *real, uint64_t now, uint64_t wait_ns)
{
    if (wait_ns <= real->spin_ns)
        spin_until(real, now + wait_ns);
    else
        sleep_for(real, now, wait_ns == FOR_EVER ? FOR_EVER : wait_ns - real->spin_ns);
}

/* Account for the turn that ends now; gives the time. */
static uint64_t end_turn(struct loop *loop)
{
    uint64_t now = read_clock(CLOCK_MONOTONIC);
    uint64_t worked_ns = now - loop->turn_ns;

    loop->load.busy_ns += worked_ns;
    if (worked_ns > loop->load.gap_ns_max)
        loop->load.gap_ns_max = worked_ns;
    loop->turn_ns = now;
    return now;
}

static void begin_turn(struct real_loop *real)
{
    struct loop *loop = &real->loop;
    uint64_t now = end_turn(loop);
    uint64_t wait_ns = has_work(real) ? 0 : until_next_timer(real, now);

    real->event_index = real->event_total = 0;
    if (wait_ns == 0) {
        poll_events(real);
        return;
    }
    wait_idle(real, now, wait_ns);
    loop->turn_ns = read_clock(CLOCK_MONOTONIC);
    loop->load.idle_ns += loop->turn_ns - now;
}

/* --- Turns ------------------------------------------------------------------------------------ */

/* Timers started meanwhile have later serial numbers and wait for the next turn. */
static void run_timers(struct loop *loop)
{
    uint64_t serial_end = loop->timers.serial_next;
    const struct heap_node *timer = heap_first(&loop->timers);

    while (timer && timer->due <= loop->turn_ns && timer->serial < serial_end) {
        loop_run_timer(loop);
        timer = heap_first(&loop->timers);
    }
}

static void run_events(struct real_loop *real)
{
    while (real->event_index < real->event_total) {
        const struct epoll_event *event = &real->events[real->event_index++];
        struct loop_watch *watch = event->data.ptr;

        if (!watch) /* the wake-up, the alarm, or ended during this turn */
            continue;
        unsigned events = from_epoll(event->events) & (watch->events | LOOP_HANGUP);
        real->loop.load.event_count++;
        if (events)
            watch->ready(watch->context, events);
    }
}

static void run_turn(struct real_loop *real)
{
    struct loop *loop = &real->loop;

    begin_turn(real);
    take_foreign_posts(real);
    size_t post_count = loop->posts.count;
    run_timers(loop);
    run_events(real);
    while (post_count-- > 0)
        loop_run_post(loop);
    loop_run_tails(loop);
}

/* The default slack of 50 us would make every timer that late. */
static void run(struct loop *loop)
{
    struct real_loop *real = real_of(loop);
    int slack_ns = prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0);

    prctl(PR_SET_TIMERSLACK, 1, 0, 0, 0);
    atomic_store(&real->owner, pthread_self());
    loop->turn_ns = read_clock(CLOCK_MONOTONIC);
    while (!atomic_load_explicit(&loop->is_stopping, memory_order_acquire))
        run_turn(real);
    end_turn(loop);
    atomic_store(&real->owner, (pthread_t)0);
    if (slack_ns > 0)
        prctl(PR_SET_TIMERSLACK, slack_ns, 0, 0, 0);
}

/* --- Life ------------------------------------------------------------------------------------- */

static void free_real(struct loop *loop)
{
    struct real_loop *real = real_of(loop);

    if (real->epoll_fd >= 0)
        close(real->epoll_fd);
    if (real->wake_fd >= 0)
        close(real->wake_fd);
    alarm_close(&real->alarm);
    pthread_mutex_destroy(&real->mutex);
    post_release(&real->foreign);
    loop_release(loop);
    free(real);
}

static const struct loop_world real_world = {
    .is_simulated = false,
    .now_ns = now_ns,
    .wall_ns = wall_ns,
    .watch_set = watch_set,
    .post = post,
    .run = run,
    .wake = wake,
    .free = free_real,
};

static int open_descriptors(struct real_loop *real, struct error *reterr)
{
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.ptr = NULL};

    real->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
    real->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (alarm_open(&real->alarm) < 0 || real->epoll_fd < 0 || real->wake_fd < 0 ||
        epoll_ctl(real->epoll_fd, EPOLL_CTL_ADD, real->wake_fd, &event) < 0 ||
        epoll_ctl(real->epoll_fd, EPOLL_CTL_ADD, real->alarm.fd, &event) < 0)
        return error_set(reterr, ERROR_SYSTEM, "an event loop cannot be made: %s", strerror(errno));
    return 0;
}

struct loop *loop_real_new(uint64_t spin_ns, struct error *reterr)
{
    struct real_loop *real = memory_new(1, sizeof(*real));

    loop_init(&real->loop, &real_world);
    real->spin_ns = spin_ns;
    real->has_pwait2 = true;
    pthread_mutex_init(&real->mutex, NULL);
    if (open_descriptors(real, reterr) < 0) {
        loop_free(&real->loop);
        return NULL;
    }
    return &real->loop;
}
