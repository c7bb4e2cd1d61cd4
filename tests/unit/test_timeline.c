/* test_timeline.c: which phase a moment belongs to, and what happened in slices of time. */
#include "support/unit.h"

#include "measure/slices.h"
#include "measure/timeline.h"

#define S 1000000000ull

static const uint64_t ends[] = {10 * S, 20 * S};

static struct timeline_phase phase_at(const struct timeline *timeline, uint64_t moment)
{
    struct timeline_span span = timeline_find(timeline, moment);

    assert_true(span.begin_ns <= moment && moment < span.end_ns);
    return timeline_phase(timeline, span.phase);
}

static void a_moment_has_a_stage_and_a_state(void **state)
{
    struct timeline timeline;

    (void)state;
    timeline_init(&timeline, ends, 2, 3);
    timeline.warm_up_ns = 2 * S;
    assert_int_equal(phase_at(&timeline, 50 * S).state, TIMELINE_BEFORE); /* not begun */
    timeline_begin(&timeline, 100 * S);
    timeline_mark(&timeline, 105 * S, 2 + 1);
    timeline_mark(&timeline, 112 * S, 1);
    assert_int_equal(phase_at(&timeline, 101 * S).state, TIMELINE_WARM_UP);
    assert_int_equal(phase_at(&timeline, 102 * S).state, TIMELINE_BEFORE);
    assert_int_equal(phase_at(&timeline, 105 * S).state, TIMELINE_DURING);
    assert_int_equal(phase_at(&timeline, 105 * S).fault, 1);
    assert_int_equal(phase_at(&timeline, 105 * S).stage, 0);
    assert_int_equal(phase_at(&timeline, 110 * S).stage, 1);
    assert_int_equal(phase_at(&timeline, 110 * S).state, TIMELINE_DURING);
    assert_int_equal(phase_at(&timeline, 112 * S).state, TIMELINE_AFTER);
    assert_int_equal(phase_at(&timeline, 500 * S).stage, 1);
    timeline_release(&timeline);
}

static void too_many_phases_are_told_apart_less(void **state)
{
    struct timeline timeline;

    (void)state;
    timeline_init(&timeline, ends, 2, 100);
    assert_true(timeline_phase_count(&timeline) <= TIMELINE_PHASES_MAX);
    assert_int_equal(timeline.stage_count, 2);
    timeline_begin(&timeline, S);
    timeline_mark(&timeline, 2 * S, 2 + 77);
    assert_int_equal(phase_at(&timeline, 3 * S).state, TIMELINE_DURING);
    timeline_release(&timeline);
}

static void slices_widen_and_lose_nothing(void **state)
{
    struct slices one, other;
    uint64_t count = 0, flow = 0;

    (void)state;
    slices_init(&one, S, S / 4);
    slices_init(&other, S, S / 4);
    for (uint64_t i = 0; i < 1000; i++) {
        struct slice *slice = slices_at(i % 2 ? &one : &other, S + i * S / 2);

        slice->flows[1] += 3;
        slice_record(&slice->latencies[0], i * 1000, 1);
    }
    slices_add(&one, &other);
    assert_true(one.used <= SLICES_MAX && one.width_ns == 4 * S);
    for (uint32_t i = 0; i < one.used; i++)
        if (one.items[i]) {
            count += one.items[i]->latencies[0].count;
            flow += one.items[i]->flows[1];
        }
    assert_int_equal(count, 1000);
    assert_int_equal(flow, 3000);
    slices_release(&one);
    slices_release(&other);
}

static void coarse_percentiles_are_near_and_never_low(void **state)
{
    struct slice_latency latency = {0};

    (void)state;
    for (uint64_t i = 1; i <= 10000; i++)
        slice_record(&latency, i * 1000, 1);
    for (unsigned p = 1; p < 100; p++) {
        double exact = p * 100000.0, found = (double)slice_percentile(&latency, p / 100.0);

        assert_true(found >= exact && found <= exact * 1.017);
    }
    assert_int_equal(slice_percentile(&latency, 1.0), 10000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_has_a_stage_and_a_state),
        cmocka_unit_test(too_many_phases_are_told_apart_less),
        cmocka_unit_test(slices_widen_and_lose_nothing),
        cmocka_unit_test(coarse_percentiles_are_near_and_never_low),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
