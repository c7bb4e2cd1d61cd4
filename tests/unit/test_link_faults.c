/* test_link_faults.c: channels between two ends of simulated pipes: what passes, and what does not
   once a rule is armed. */
#include "support/unit.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "link/fault.h"

#define ADDRESS "tcp://fake:1"

/* One end: what it was told. */
struct end {
    struct link *link;
    struct text got;
    bool is_open, is_closed;
    int error_number;
};

struct world {
    struct loop *loop;
    struct link_faults *faults;
    struct link_dialer *dialer;
    struct end client, server;
    unsigned hit_count;
    char what[128];
};

static void on_opened(void *context)
{
    ((struct end *)context)->is_open = true;
}

static void on_received(void *context, const char *bytes, size_t size)
{
    text_append(&((struct end *)context)->got, bytes, size);
}

static void on_closed(void *context, int error_number, const char *reason)
{
    struct end *end = context;

    (void)reason;
    end->is_closed = true;
    end->error_number = error_number;
}

static const struct link_events events = {on_opened, on_received, on_closed};

static void on_accept(void *context, struct link *far_end)
{
    struct world *world = context;

    world->server.link = far_end;
    link_far_end_start(far_end, &events, &world->server);
}

static int set_up(void **state)
{
    static struct world world;
    const struct link_faults_plan plan = {.seed = 1, .reads_frames = true};
    struct link_dialer *pipes = link_dialer_simulated_new(1000);
    struct error error = {0};

    world = (struct world){.loop = loop_simulated_new(), .faults = link_faults_new(&plan)};
    assert_int_equal(link_listen_simulated(pipes, world.loop, ADDRESS, on_accept, &world, &error),
                     0);
    world.dialer = link_dialer_faulty_new(pipes, world.faults);
    *state = &world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    link_close(world->client.link, LINK_GRACEFUL);
    link_close(world->server.link, LINK_GRACEFUL);
    text_release(&world->client.got);
    text_release(&world->server.got);
    link_dialer_free(world->dialer);
    loop_free(world->loop);
    link_faults_free(world->faults);
    return 0;
}

static void dial(struct world *world, const char *name)
{
    world->client.link =
        link_dial(world->dialer, world->loop, ADDRESS, name, &events, &world->client);
    loop_run(world->loop);
}

static void say(struct world *world, struct end *end, const char *words)
{
    link_write(end->link, words, strlen(words));
    loop_run(world->loop);
}

static void on_fired(void *context, const struct link_hit *hit)
{
    struct world *world = context;

    world->hit_count++;
    text_copy(world->what, sizeof(world->what), hit->what);
}

static uint32_t arm(struct world *world, const struct link_match *match, const char *word,
                    const char *text)
{
    struct link_rule rule = {.match = *match, .fired = on_fired, .context = world};
    struct error error = {0};
    uint32_t number;

    assert_int_equal(link_action_init(&rule.action, word, text, &error), 0);
    number = link_faults_arm(world->faults, world->loop, &rule, &error);
    link_action_release(&rule.action);
    assert_int_not_equal(number, 0);
    return number;
}

static void everything_passes_while_nothing_is_armed(void **state)
{
    struct world *world = *state;

    dial(world, "billing-1.read");
    say(world, &world->client, "to the broker");
    say(world, &world->server, "and back");
    assert_string_equal(text_string(&world->server.got), "to the broker");
    assert_string_equal(text_string(&world->client.got), "and back");
    assert_int_equal(link_faults_connections(world->faults), 1);
}

static void a_cut_ends_the_links_it_names(void **state)
{
    struct world *world = *state;

    dial(world, "billing-1.read");
    arm(world, &(struct link_match){.link = "shipping"}, "cut", "rst");
    loop_run(world->loop);
    assert_false(world->client.is_closed);
    arm(world, &(struct link_match){.link = "billing"}, "cut", "rst");
    assert_false(world->client.is_closed); /* never inside arming */
    loop_run(world->loop);
    assert_int_equal(world->client.error_number, ECONNRESET);
    assert_int_equal(world->server.error_number, ECONNRESET);
    assert_int_equal(world->hit_count, 1);
}

static void a_misspelt_fault_is_answered_with_the_nearest(void **state)
{
    struct link_action action;
    struct error error = {0};

    (void)state;
    assert_int_equal(link_action_init(&action, "cutt", NULL, &error), -1);
    assert_non_null(strstr(error.message, "did you mean 'cut'?"));
    assert_int_equal(link_action_init(&action, "cut", "softly", &error), -1);
    assert_non_null(strstr(error.message, "rst|fin|silent"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(everything_passes_while_nothing_is_armed, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_cut_ends_the_links_it_names, set_up, tear_down),
        cmocka_unit_test(a_misspelt_fault_is_answered_with_the_nearest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
