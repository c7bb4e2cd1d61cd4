/* test_schedule.c: when messages are meant to be sent. */
#include "support/unit.h"

#include <string.h>

#include "actors/schedule.h"

#define START_NS 1000000000ull

static void constant_times_are_absolute_and_never_drift(void **state)
{
    struct schedule schedule = {.rate = 3.0, .members = 1};

    (void)state;
    schedule_start(&schedule, START_NS);
    for (int i = 0; i < 3000000; i++)
        schedule_advance(&schedule);
    assert_int_equal(schedule_due_ns(&schedule), START_NS + 1000000ull * 1000000000ull);
}

static void members_share_the_rate_and_take_turns(void **state)
{
    uint64_t due[4];

    (void)state;
    for (uint64_t m = 0; m < 4; m++) {
        struct schedule schedule = {.rate = 1000.0, .members = 4, .member = m};

        schedule_start(&schedule, 0);
        schedule_advance(&schedule);
        due[m] = schedule_due_ns(&schedule);
    }
    for (uint64_t m = 0; m < 4; m++)
        assert_int_equal(due[m], (4 + m) * 1000000ull);
}

static void a_burst_is_sent_together_at_the_mean_rate(void **state)
{
    struct schedule schedule = {
        .arrival = SCHEDULE_BURST, .rate = 1000.0, .burst = 10, .members = 1};

    (void)state;
    schedule_start(&schedule, 0);
    for (uint64_t i = 0; i < 30; i++) {
        assert_int_equal(schedule_due_ns(&schedule), i / 10 * 10000000ull);
        schedule_advance(&schedule);
    }
}

static uint64_t poisson_end(uint64_t seed, uint64_t count)
{
    struct schedule schedule = {
        .arrival = SCHEDULE_POISSON, .rate = 1000.0, .members = 2, .seed = seed};
    uint64_t last = 0;

    schedule_start(&schedule, 0);
    for (uint64_t i = 0; i < count; i++) {
        assert_true(schedule_due_ns(&schedule) >= last);
        last = schedule_due_ns(&schedule);
        schedule_advance(&schedule);
    }
    return last;
}

static void poisson_keeps_the_mean_and_follows_the_seed(void **state)
{
    double mean_ns = (double)poisson_end(7, 100000) / 100000.0;

    (void)state;
    assert_true(mean_ns > 1.96e6 && mean_ns < 2.04e6); /* two members share 1000/s */
    assert_int_equal(poisson_end(7, 1000), poisson_end(7, 1000));
    assert_true(poisson_end(7, 1000) != poisson_end(8, 1000));
}

/* 10 s at 1000/s, a ramp to 3000/s within 10 s, a pause of 5 s, and 1 s at 100/s. */
static const struct schedule_stage stages[] = {
    {1000.0, 1000.0, 10000000000ull},
    {1000.0, 3000.0, 10000000000ull},
    {0.0, 0.0, 5000000000ull},
    {100.0, 100.0, 1000000000ull},
};

static struct schedule staged(enum schedule_arrival arrival)
{
    return (struct schedule){.arrival = arrival,
                             .rate = 1.0,
                             .stages = stages,
                             .stage_count = ARRAY_SIZE(stages),
                             .burst = 10,
                             .members = 1,
                             .seed = 3};
}

static uint64_t due_of(struct schedule *schedule, uint64_t index)
{
    schedule_start(schedule, 0);
    for (uint64_t i = 0; i < index; i++)
        schedule_advance(schedule);
    return schedule_due_ns(schedule);
}

static void stages_follow_one_another_on_absolute_times(void **state)
{
    struct schedule schedule = staged(SCHEDULE_CONSTANT);

    (void)state;
    assert_int_equal(due_of(&schedule, 0), 0);
    assert_int_equal(due_of(&schedule, 5000), 5000000000ull);
    assert_int_equal(due_of(&schedule, 10000), 10000000000ull);
    /* 1000 t + 100 t^2 = 7500 after 5 s of the ramp */
    assert_true(due_of(&schedule, 17500) >= 14999999999ull &&
                due_of(&schedule, 17500) <= 15000000001ull);
    assert_int_equal(due_of(&schedule, 30000), 25000000000ull); /* after the pause */
    assert_int_equal(due_of(&schedule, 30050), 25500000000ull);
    assert_int_equal(due_of(&schedule, 30100), 26000000000ull); /* the end */
    assert_int_equal(due_of(&schedule, 40000), 26000000000ull);
}

static void stages_go_with_bursts_and_poisson(void **state)
{
    struct schedule burst = staged(SCHEDULE_BURST), poisson = staged(SCHEDULE_POISSON);
    uint64_t count = 0;

    (void)state;
    assert_int_equal(due_of(&burst, 5009), 5000000000ull);
    assert_int_equal(due_of(&burst, 10), 10000000ull);
    schedule_start(&poisson, 0);
    while (schedule_due_ns(&poisson) < 20000000000ull) {
        schedule_advance(&poisson);
        count++;
    }
    assert_true(count > 29300 && count < 30700); /* 30,000 and four deviations */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(constant_times_are_absolute_and_never_drift),
        cmocka_unit_test(members_share_the_rate_and_take_turns),
        cmocka_unit_test(a_burst_is_sent_together_at_the_mean_rate),
        cmocka_unit_test(poisson_keeps_the_mean_and_follows_the_seed),
        cmocka_unit_test(stages_follow_one_another_on_absolute_times),
        cmocka_unit_test(stages_go_with_bursts_and_poisson),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
