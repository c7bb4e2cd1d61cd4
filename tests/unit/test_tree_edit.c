/* test_tree_edit.c: trees put together, changed, and written as YAML. */
#include "support/unit.h"

#include <string.h>

#include "base/tree_edit.h"
#include "base/tree_write.h"

static void written(const struct tree *tree, const char *expected)
{
    struct text text = {0};

    tree_write(tree, 0, &text);
    assert_string_equal(text_string(&text), expected);
    text_release(&text);
}

static void a_tree_is_put_together_and_changed(void **state)
{
    struct tree map = tree_map_new(), list = tree_list_new();

    (void)state;
    (void)tree_add(&list, tree_text_new("one"));
    (void)tree_add(&list, tree_number_new(2));
    (void)tree_add(&list, tree_text_new("three"));
    tree_put_text(&map, "name", "shop");
    tree_put_text(&map, "nothing", NULL);
    (void)tree_put(&map, "items", list);
    written(&map, "name: shop\nitems: [one, 2, three]\n");
    tree_drop(tree_child(&map, "items"), 1);
    tree_put_text(&map, "name", "till"); /* in its place */
    tree_set_text(&tree_child(&map, "items")->children[0], "uno");
    written(&map, "name: till\nitems: [uno, three]\n");
    tree_drop_key(&map, "items");
    tree_drop_key(&map, "items"); /* fine when it is not there */
    written(&map, "name: till\n");
    tree_release(&map);
}

static void a_text_stays_a_text_and_a_number_a_number(void **state)
{
    static const struct {
        const char *text, *written;
    } cases[] = {
        {"plain", "k: plain\n"},           {"12", "k: \"12\"\n"},
        {"1e6", "k: \"1e6\"\n"},           {"null", "k: \"null\"\n"},
        {"true", "k: \"true\"\n"},         {"", "k: \"\"\n"},
        {"a: b # c", "k: \"a: b # c\"\n"}, {"it's \"it\"\n", "k: \"it's \\\"it\\\"\\n\"\n"},
    };
    struct tree number = tree_map_new();

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct tree map = tree_map_new();

        tree_put_text(&map, "k", cases[i].text);
        written(&map, cases[i].written);
        tree_release(&map);
    }
    (void)tree_put(&number, "k", tree_number_new(18446744073709551615ull));
    written(&number, "k: 18446744073709551615\n");
    tree_release(&number);
}

static void a_scalar_keeps_its_key_and_its_quotes(void **state)
{
    struct tree map = tree_map_new();

    (void)state;
    (void)tree_put(&map, "count", tree_number_new(100));
    tree_set_text(tree_child(&map, "count"), "50");
    written(&map, "count: 50\n");
    tree_set_text(tree_child(&map, "count"), "a b");
    written(&map, "count: \"a b\"\n");
    tree_release(&map);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_is_put_together_and_changed),
        cmocka_unit_test(a_text_stays_a_text_and_a_number_a_number),
        cmocka_unit_test(a_scalar_keeps_its_key_and_its_quotes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
