/* test_heap.c: nodes leave by (due, serial), whoever else comes and goes. */
#include "base/heap.h"

#include "base/random.h"
#include "support/unit.h"

#define NODES 500u

static void pop_everything(struct heap *heap, size_t expected)
{
    uint64_t due = 0, serial = 0;
    size_t count = 0;

    for (struct heap_node *node = heap_first(heap); node; node = heap_first(heap)) {
        assert_true(node->due > due || (node->due == due && (!count || node->serial > serial)));
        due = node->due;
        serial = node->serial;
        heap_remove(heap, node);
        assert_int_equal(node->index, 0);
        count++;
    }
    assert_int_equal(count, expected);
}

static void check_places(const struct heap *heap)
{
    for (size_t i = 0; i < heap->count; i++)
        assert_int_equal(heap->nodes[i]->index, i + 1);
}

static void an_empty_heap_has_no_first(void **state)
{
    struct heap heap = {0};
    struct heap_node stranger = {0};

    (void)state;
    assert_null(heap_first(&heap));
    heap_remove(&heap, &stranger);
    heap_release(&heap);
    heap_release(NULL);
}

static void gives_the_earliest_and_keeps_equals_in_order(void **state)
{
    struct heap heap = {0};
    struct heap_node nodes[NODES] = {0};

    (void)state;
    for (size_t i = 0; i < NODES; i++)
        heap_insert(&heap, &nodes[i], random_keyed(1, 0, 0, i) % 50);
    check_places(&heap);
    pop_everything(&heap, NODES);
    heap_release(&heap);
}

static void any_node_may_leave(void **state)
{
    struct heap heap = {0};
    struct heap_node nodes[NODES] = {0};
    size_t left = 0;

    (void)state;
    for (size_t i = 0; i < NODES; i++)
        heap_insert(&heap, &nodes[i], random_keyed(2, 0, 0, i));
    for (size_t i = 0; i < NODES; i++) {
        if (random_keyed(2, 1, 0, i) % 2)
            continue;
        heap_remove(&heap, &nodes[i]);
        heap_remove(&heap, &nodes[i]); /* once more does nothing */
        check_places(&heap);
        left++;
    }
    pop_everything(&heap, NODES - left);
    heap_release(&heap);
}

static void a_node_inserted_again_moves(void **state)
{
    struct heap heap = {0};
    struct heap_node a = {0}, b = {0};

    (void)state;
    heap_insert(&heap, &a, 10);
    heap_insert(&heap, &b, 20);
    heap_insert(&heap, &a, 20);
    assert_int_equal(heap.count, 2);
    assert_ptr_equal(heap_first(&heap), &b); /* due together, and b was there first */
    heap_insert(&heap, &a, 5);
    assert_ptr_equal(heap_first(&heap), &a);
    heap_release(&heap);
    assert_int_equal(a.index, 0);
    assert_int_equal(b.index, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_heap_has_no_first),
        cmocka_unit_test(gives_the_earliest_and_keeps_equals_in_order),
        cmocka_unit_test(any_node_may_leave),
        cmocka_unit_test(a_node_inserted_again_moves),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
