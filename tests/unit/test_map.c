/* test_map.c: text keys to pointers, against a plain array as the model. */
#include "base/map.h"

#include <stdio.h>
#include <string.h>

#include "base/random.h"
#include "support/unit.h"

static int values[4096];

static void an_empty_map_holds_nothing(void **state)
{
    struct map map = {0};

    (void)state;
    assert_null(map_get(&map, "a", 1));
    assert_null(map_remove(&map, "a", 1));
    map_release(&map);
    map_release(NULL);
}

static void gives_back_what_was_set_and_replaces_it(void **state)
{
    struct map map = {0};

    (void)state;
    map_set(&map, "orders", 6, &values[1]);
    map_set(&map, "order", 5, &values[2]);
    map_set(&map, "", 0, &values[3]);
    assert_ptr_equal(map_get(&map, "orders", 6), &values[1]);
    assert_ptr_equal(map_get(&map, "orders", 5), &values[2]);
    assert_ptr_equal(map_get(&map, NULL, 0), &values[3]);
    map_set(&map, "orders", 6, &values[4]);
    assert_ptr_equal(map_get(&map, "orders", 6), &values[4]);
    assert_int_equal(map.count, 3);
    map_release(&map);
    assert_null(map.entries);
}

static void keys_are_bytes_and_are_copied(void **state)
{
    struct map map = {0};
    char key[3] = "a\0b";

    (void)state;
    map_set(&map, key, 3, &values[1]);
    key[2] = 'c';
    assert_null(map_get(&map, key, 3));
    assert_ptr_equal(map_get(&map, "a\0b", 3), &values[1]);
    assert_null(map_get(&map, "a", 1));
    map_release(&map);
}

static void iterates_in_order_of_insertion(void **state)
{
    struct map map = {0};
    char key[16];
    int next = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        (void)snprintf(key, sizeof(key), "key-%d", i);
        map_set(&map, key, strlen(key), &values[i]);
    }
    for (int i = 0; i < 1000; i += 2) {
        (void)snprintf(key, sizeof(key), "key-%d", i);
        assert_ptr_equal(map_remove(&map, key, strlen(key)), &values[i]);
    }
    map_set(&map, "key-0", 5, &values[2000]); /* comes back as the last */
    for (size_t i = 0; i < map.count; i++)
        if (map.entries[i].value && map.entries[i].value != &values[2000])
            assert_ptr_equal(map.entries[i].value, &values[next++ * 2 + 1]);
    assert_int_equal(next, 500);
    assert_ptr_equal(map.entries[map.count - 1].value, &values[2000]);
    map_release(&map);
}

static void agrees_with_a_plain_array_whatever_is_done(void **state)
{
    struct map map = {0};
    void *model[97] = {0};

    (void)state;
    for (uint64_t step = 0; step < 50000; step++) {
        size_t which = random_below(random_keyed(5, 1, 0, step), ARRAY_SIZE(model));
        char key[8];
        size_t size = (size_t)snprintf(key, sizeof(key), "%zu", which);

        if (random_keyed(5, 2, 0, step) % 3 == 0) {
            assert_ptr_equal(map_remove(&map, key, size), model[which]);
            model[which] = NULL;
        } else {
            model[which] = &values[step % ARRAY_SIZE(values)];
            map_set(&map, key, size, model[which]);
        }
        assert_ptr_equal(map_get(&map, key, size), model[which]);
    }
    for (size_t i = 0; i < ARRAY_SIZE(model); i++) {
        char key[8];
        size_t size = (size_t)snprintf(key, sizeof(key), "%zu", i);

        assert_ptr_equal(map_get(&map, key, size), model[i]);
    }
    assert_true(map.capacity < 1024); /* what was removed makes room */
    map_release(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_map_holds_nothing),
        cmocka_unit_test(gives_back_what_was_set_and_replaces_it),
        cmocka_unit_test(keys_are_bytes_and_are_copied),
        cmocka_unit_test(iterates_in_order_of_insertion),
        cmocka_unit_test(agrees_with_a_plain_array_whatever_is_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
