/* test_payload.c: payloads of every kind carry an identity that can be read back. */
#include "support/unit.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "actors/payload.h"
#include "base/memory.h"

static const struct {
    const char *what;
    struct payload_plan plan;
} kinds[] = {
    {"of one size", {.size_min = 200, .size_max = 200}},
    {"of the least size", {.size_min = 78, .size_max = 78}},
    {"of many sizes", {.size_min = 78, .size_max = 5000}},
    {"with keys", {.size_min = 200, .size_max = 200, .keys = 10}},
    {"with keys and many sizes", {.size_min = 100, .size_max = 300, .keys = 1000000}},
    {"with zipf keys", {.size_min = 200, .size_max = 200, .keys = 1000, .keys_pick = PICK_ZIPF}},
    {"from a file", {.body = "{\"a\":[1,2,{\"b\":null}]}"}},
};

static void check_message(const struct payload_maker *maker, char *buffer, uint64_t sequence)
{
    struct identity sent = {
        .run = 0xC0FFEE, .track = 513, .sequence = sequence, .intended_ns = 123456789 + sequence};
    struct identity read = {0};
    size_t size = payload_write(maker, buffer, &sent);
    json_t *json;

    payload_seal(maker, buffer, size);
    json = json_loadb(buffer, size, 0, NULL);
    assert_non_null(json);
    json_decref(json);
    assert_true(size <= payload_size_max(maker));
    assert_int_equal(identity_read(buffer, size, &read), IDENTITY_INTACT);
    assert_int_equal(read.run, sent.run);
    assert_int_equal(read.track, sent.track);
    assert_int_equal(read.sequence, sent.sequence);
    assert_int_equal(read.intended_ns, sent.intended_ns);
    if (!maker->plan.body && maker->plan.keys == 0)
        assert_true(size >= maker->plan.size_min && size <= maker->plan.size_max);
}

static void every_kind_of_payload_is_json_and_reads_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
        struct payload_maker maker;
        char *buffer;

        print_message("# %s\n", kinds[i].what);
        payload_maker_init(&maker, &kinds[i].plan);
        buffer = memory_new(payload_size_max(&maker), 1);
        payload_prepare(&maker, buffer);
        for (uint64_t sequence = 0; sequence < 500; sequence++)
            check_message(&maker, buffer, sequence);
        free(buffer);
        payload_maker_release(&maker);
    }
}

static void sizes_are_spread_over_the_range(void **state)
{
    struct payload_plan plan = {.size_min = 100, .size_max = 200, .seed = 3};
    struct payload_maker maker;
    char *buffer;
    size_t smallest = SIZE_MAX, largest = 0;

    (void)state;
    payload_maker_init(&maker, &plan);
    buffer = memory_new(payload_size_max(&maker), 1);
    for (uint64_t i = 0; i < 2000; i++) {
        size_t size = payload_write(&maker, buffer, &(struct identity){.sequence = i});

        smallest = size < smallest ? size : smallest;
        largest = size > largest ? size : largest;
    }
    assert_int_equal(smallest, 100);
    assert_int_equal(largest, 200);
    free(buffer);
    payload_maker_release(&maker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_payload_is_json_and_reads_back),
        cmocka_unit_test(sizes_are_spread_over_the_range),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
