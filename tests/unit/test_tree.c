/* test_tree.c: documents as trees. */
#include "support/unit.h"

#include <string.h>

#include "base/tree.h"

/* {name: "a<NUL>b", list: [1, two]} */
static char name_key[] = "name", list_key[] = "list", name_text[] = "a\0b", one[] = "1",
            two[] = "two";
static struct tree items[] = {
    {.kind = TREE_SCALAR, .is_plain = true, .text = one, .size = 1},
    {.kind = TREE_SCALAR, .text = two, .size = 3, .place = {"file", 3, 4}},
};
static struct tree members[] = {
    {.kind = TREE_SCALAR, .key = name_key, .text = name_text, .size = 3},
    {.kind = TREE_LIST, .key = list_key, .children = items, .count = 2},
};
static const struct tree document = {.kind = TREE_MAP, .children = members, .count = 2};

static void a_child_is_found_by_its_key(void **state)
{
    (void)state;
    assert_ptr_equal(tree_get(&document, "name"), &members[0]);
    assert_ptr_equal(tree_get(&document, "list"), &members[1]);
    assert_null(tree_get(&document, "nam"));
}

static void what_is_no_map_has_no_keys(void **state)
{
    (void)state;
    assert_null(tree_get(&members[1], "name"));
    assert_null(tree_get(&members[0], "name"));
    assert_null(tree_get(NULL, "name"));
}

static void only_scalars_have_a_text(void **state)
{
    (void)state;
    assert_string_equal(tree_text(&document, "name"), "a");
    assert_null(tree_text(&document, "list"));
    assert_null(tree_text(&document, "absent"));
}

static void a_copy_shares_nothing_with_its_source(void **state)
{
    struct tree copy;
    const struct tree *list;

    (void)state;
    tree_copy(&copy, &document);
    assert_memory_equal(tree_get(&copy, "name")->text, "a\0b", 4);
    assert_ptr_not_equal(tree_get(&copy, "name")->text, name_text);
    list = tree_get(&copy, "list");
    assert_int_equal(list->count, 2);
    assert_true(list->children[0].is_plain);
    assert_false(list->children[1].is_plain);
    assert_string_equal(list->children[1].text, "two");
    assert_int_equal(list->children[1].place.line, 3);
    tree_release(&copy);
}

static void a_released_tree_is_empty_and_may_be_released_again(void **state)
{
    struct tree copy;

    (void)state;
    tree_copy(&copy, &document);
    tree_release(&copy);
    assert_null(copy.children);
    assert_int_equal(copy.count, 0);
    tree_release(&copy);
    tree_release(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_is_found_by_its_key),
        cmocka_unit_test(what_is_no_map_has_no_keys),
        cmocka_unit_test(only_scalars_have_a_text),
        cmocka_unit_test(a_copy_shares_nothing_with_its_source),
        cmocka_unit_test(a_released_tree_is_empty_and_may_be_released_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
