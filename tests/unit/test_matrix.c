/* test_matrix.c: the list of lies is complete, and an honest broker is caught by no clause. */
#include "support/matrix.h"

#include <string.h>

#include "support/unit.h"

static struct clauses load(void)
{
    struct clauses clauses = {0};
    struct error error = {0};

    if (matrix_clauses(&clauses, &error) < 0)
        fail_msg("%s", error.message);
    return clauses;
}

/* Is it one of the words? */
static bool names(const char *words, const char *id)
{
    for (const char *found = strstr(words, id); found; found = strstr(found + 1, id))
        if (found[strlen(id)] == ' ' || found[strlen(id)] == '\0')
            return true;
    return false;
}

static bool is_proved(const char *id)
{
    for (size_t i = 0; lie_at(i); i++)
        if (names(lie_at(i)->proves, id))
            return true;
    return false;
}

static void every_clause_can_fail(void **state)
{
    struct clauses clauses = load();
    size_t unproved_count = 0;

    (void)state;
    for (size_t i = 0; i < clauses.count; i++) {
        if (is_proved(clauses.items[i].id))
            continue;
        unproved_count++;
        print_message("# no lie is there for %s\n", clauses.items[i].id);
    }
    clauses_release(&clauses);
    assert_int_equal(unproved_count, 0);
}

static void every_lie_has_a_name_of_its_own_and_says_what_it_does(void **state)
{
    (void)state;
    for (size_t i = 0; lie_at(i); i++) {
        assert_ptr_equal(lie_find(lie_at(i)->name), lie_at(i));
        assert_true(strlen(lie_at(i)->says) > 10);
    }
}

/* Optional clauses that an honest adapter cannot meet, because of how its messages are stored. */
static const struct {
    const char *adapter, *ids;
} unmet[] = {
    {"redis", "DLQ-18 DLV-06 DLV-11 NCK-07 PUB-03"},
    {"redis_pubsub", "ISO-05"},
};

static bool is_unmet(const char *adapter, const char *id)
{
    for (size_t i = 0; i < ARRAY_SIZE(unmet); i++)
        if (strcmp(unmet[i].adapter, adapter) == 0 && names(unmet[i].ids, id))
            return true;
    return false;
}

/* Everything that can be run passes, but for what is known not to. */
static void hold_honest(const char *adapter, size_t least)
{
    struct clauses clauses = load();
    struct error error = {0};
    struct conformance *conformance = matrix_run(&clauses, adapter, NULL, NULL, &error);
    size_t passed_count = 0, broken_count = 0;

    if (!conformance)
        fail_msg("%s", error.message);
    for (size_t i = 0; i < conformance->clause_count; i++) {
        const struct conformance_clause *clause = &conformance->clauses[i];
        bool is_met = clause->verdict != CONFORMANCE_FAIL;

        passed_count += clause->verdict == CONFORMANCE_PASS;
        if (clause->verdict != CONFORMANCE_INCONCLUSIVE && is_met != is_unmet(adapter, clause->id))
            continue;
        broken_count++;
        print_message("# %s, %s: %s\n", adapter, clause->id,
                      clause->reason ? clause->reason : "it passed, and is listed as unmet");
    }
    print_message("# %s passes %zu clauses\n", adapter, passed_count);
    assert_int_equal(broken_count, 0);
    assert_true(passed_count >= least);
    conformance_free(conformance);
    clauses_release(&clauses);
}

static void an_honest_broker_in_this_process_fails_no_clause(void **state)
{
    (void)state;
    hold_honest("inline", 180);
}

static void redis_on_the_fake_server_fails_no_clause(void **state)
{
    (void)state;
    hold_honest("redis", 200);
}

static void lists_on_the_fake_server_fail_no_clause(void **state)
{
    (void)state;
    hold_honest("redis_pubsub", 80);
}

static void channels_on_the_fake_server_fail_no_clause(void **state)
{
    (void)state;
    hold_honest("redis_channels", 45);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_clause_can_fail),
        cmocka_unit_test(every_lie_has_a_name_of_its_own_and_says_what_it_does),
        cmocka_unit_test(an_honest_broker_in_this_process_fails_no_clause),
        cmocka_unit_test(redis_on_the_fake_server_fails_no_clause),
        cmocka_unit_test(lists_on_the_fake_server_fail_no_clause),
        cmocka_unit_test(channels_on_the_fake_server_fail_no_clause),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
