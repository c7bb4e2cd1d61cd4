/* test_inline_partition.c: partition index, leases, fencing, reclaim and reaping on the inline
   broker. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "support/clerk.h"

#define LEASE      "g:k:__lease__"
#define GENERATION "g:k:__generation__"
#define STREAM     "c:k"

static int open_shop(void **state)
{
    struct shop *shop = memory_new(1, sizeof(*shop));

    shop_open(shop, NULL);
    *state = shop;
    return 0;
}

static int close_shop(void **state)
{
    shop_close(*state);
    free(*state);
    return 0;
}

/* The generation, or 0 when the lease was not granted. */
static int64_t acquire(struct clerk *clerk, const char *lease, const char *owner, int64_t ttl_ms)
{
    const struct clerk_answer *answer =
        clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_ACQUIRE_PARTITION_LEASE,
                                              .key = lease,
                                              .generation_key = GENERATION,
                                              .token = owner,
                                              .duration_ms = ttl_ms});

    return answer->outcome == ADAPTER_DONE ? answer->number : 0;
}

static bool renew(struct clerk *clerk, const char *token, int64_t ttl_ms)
{
    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_RENEW_PARTITION_LEASE,
                                                 .key = LEASE,
                                                 .token = token,
                                                 .duration_ms = ttl_ms})
        ->number;
}

static bool release(struct clerk *clerk, const char *token)
{
    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_RELEASE_PARTITION_LEASE,
                                                 .key = LEASE,
                                                 .token = token})
        ->number;
}

static const struct clerk_answer *read_fenced(struct clerk *clerk, const char *token, int64_t count,
                                              bool is_pending)
{
    return clerk_do(clerk,
                    (struct adapter_call){.operation = ADAPTER_OP_READ_PARTITION_FENCED,
                                          .stream = STREAM,
                                          .group = "g",
                                          .consumer = token,
                                          .key = LEASE,
                                          .token = token,
                                          .count = count,
                                          .flags = is_pending ? ADAPTER_CALL_OWN_PENDING : 0});
}

static const struct clerk_answer *ack_fenced(struct clerk *clerk, const char *token, const char *id)
{
    struct adapter_text item = {id, strlen(id)};

    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_ACK_PARTITION_FENCED,
                                                 .stream = STREAM,
                                                 .group = "g",
                                                 .key = LEASE,
                                                 .token = token,
                                                 .items = &item,
                                                 .item_count = 1});
}

static const struct clerk_answer *reclaim(struct clerk *clerk, const char *consumer,
                                          int64_t idle_ms, int64_t count)
{
    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_RECLAIM_PARTITION_PENDING,
                                                 .stream = STREAM,
                                                 .group = "g",
                                                 .consumer = consumer,
                                                 .duration_ms = idle_ms,
                                                 .count = count});
}

static void record(struct clerk *clerk, const char *category, const char *key)
{
    clerk_do(clerk, (struct adapter_call){
                        .operation = ADAPTER_OP_RECORD_PARTITION, .stream = category, .key = key});
}

/* The keys of a category, joined by '|'. */
static const char *keys(struct clerk *clerk, const char *category)
{
    static char text[512];
    const struct clerk_answer *answer = clerk_do(
        clerk, (struct adapter_call){.operation = ADAPTER_OP_PARTITION_KEYS, .stream = category});
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < answer->entry_count; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i ? "|" : "",
                                 answer->entries[i].id);
    return text;
}

static bool reap(struct clerk *clerk, int64_t idle_ms, const char *lane)
{
    return clerk_do(clerk, (struct adapter_call){.operation = ADAPTER_OP_REAP_PARTITION,
                                                 .stream = "c",
                                                 .key = "k",
                                                 .duration_ms = idle_ms,
                                                 .target = lane})
        ->number;
}

/* --- The index ----------------------------------------------------------------------------------
 */

static void the_index_holds_exactly_what_was_recorded(void **state)
{
    struct clerk clerk, other;

    clerk_open(&clerk, *state, NULL);
    clerk_open(&other, *state, NULL);
    record(&clerk, "c1", "a");
    record(&other, "c1", "b \xc3\xa4");
    record(&clerk, "c1", "a");
    record(&clerk, "c2", "x");
    assert_string_equal(keys(&other, "c1"), "a|b \xc3\xa4");
    assert_string_equal(keys(&clerk, "c2"), "x");
    assert_string_equal(keys(&clerk, "none"), "");
    assert_int_equal(clerk.answer.outcome, ADAPTER_DONE);
    /* Reading keys must not disturb the ids of the next messages. */
    const char *id = clerk_publish(&clerk, "s", "{\"n\": 1}");
    assert_string_equal(keys(&clerk, "c1"), "a|b \xc3\xa4");
    clerk_read(&clerk, "s", "g", 1);
    assert_string_equal(clerk.answer.entries[0].id, id);
    clerk_close(&clerk);
    clerk_close(&other);
}

/* --- Leases -------------------------------------------------------------------------------------
 */

static void a_lease_is_granted_once_and_generations_grow(void **state)
{
    struct clerk clerk;
    char token[32];

    clerk_open(&clerk, *state, NULL);
    for (int64_t generation = 1; generation <= 20; generation++) {
        assert_int_equal(acquire(&clerk, LEASE, "o", 200), generation);
        assert_int_equal(acquire(&clerk, LEASE, "p", 200), 0);
        assert_int_equal(acquire(&clerk, LEASE, "o", 200), 0);
        (void)snprintf(token, sizeof(token), "o:%d", (int)generation);
        if (generation % 2)
            assert_true(release(&clerk, token));
        else
            shop_wait(*state, 200u * MS);
        assert_false(release(&clerk, token));
    }
    assert_int_equal(acquire(&clerk, "other:k:__lease__", "o", 200), 21);
    assert_int_equal(acquire(&clerk, LEASE, "o", 200), 22);
    clerk_close(&clerk);
}

static void a_lease_lasts_for_its_time_and_renewing_moves_its_end(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    assert_int_equal(acquire(&clerk, LEASE, "o", 200), 1);
    shop_wait(*state, 100u * MS);
    assert_int_equal(acquire(&clerk, LEASE, "p", 200), 0);
    assert_false(renew(&clerk, "o:2", 900));
    assert_false(renew(&clerk, "p:1", 900));
    assert_true(renew(&clerk, "o:1", 200));
    shop_wait(*state, 160u * MS);
    assert_int_equal(acquire(&clerk, LEASE, "p", 200), 0);
    shop_wait(*state, 60u * MS);
    assert_false(renew(&clerk, "o:1", 200));
    assert_int_equal(acquire(&clerk, LEASE, "p", 200), 2);
    assert_false(release(&clerk, "o:1"));
    assert_true(renew(&clerk, "p:2", 200));
    clerk_close(&clerk);
}

static void a_lease_without_a_lifetime_is_refused(void **state)
{
    static const int64_t ttls[] = {0, -1};
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(ttls); i++) {
        assert_int_equal(acquire(&clerk, LEASE, "o", ttls[i]), 0);
        assert_int_equal(clerk.answer.error, ADAPTER_ERROR_VALIDATION);
    }
    assert_int_equal(acquire(&clerk, LEASE, "o", INT64_MAX), 1);
    assert_true(renew(&clerk, "o:1", 10));
    shop_wait(*state, 11u * MS);
    assert_int_equal(acquire(&clerk, LEASE, "p", 10), 2);
    clerk_close(&clerk);
}

/* --- Fencing ------------------------------------------------------------------------------------
 */

static void the_holder_reads_in_order_and_its_own_pending_again(void **state)
{
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    assert_int_equal(acquire(&clerk, LEASE, "o", 1000), 1);
    assert_int_equal(read_fenced(&clerk, "o:1", 5, false)->outcome, ADAPTER_EMPTY);
    clerk_publish_many(&clerk, STREAM, 0, 5);
    assert_string_equal(clerk_numbers(read_fenced(&clerk, "o:1", 2, false)), "0 1");
    assert_string_equal(clerk_numbers(read_fenced(&clerk, "o:1", 10, true)), "0 1");
    assert_int_equal(clerk.answer.entries[0].flags, ADAPTER_ENTRY_OWN_PENDING);
    assert_int_equal(read_fenced(&clerk, "o:1", 0, false)->outcome, ADAPTER_EMPTY);
    assert_int_equal(read_fenced(&clerk, "o:1", -1, false)->outcome, ADAPTER_REFUSED);
    assert_string_equal(clerk_numbers(read_fenced(&clerk, "o:1", 10, false)), "2 3 4");
    assert_string_equal(clerk_numbers(read_fenced(&clerk, "o:1", 3, true)), "0 1 2");
    memcpy(id, clerk.answer.entries[1].id, sizeof(id));
    assert_int_equal(ack_fenced(&clerk, "o:1", id)->number, 1);
    assert_int_equal(ack_fenced(&clerk, "o:1", id)->number, 0);
    assert_string_equal(clerk_numbers(read_fenced(&clerk, "o:1", 9, true)), "0 2 3 4");
    clerk_close(&clerk);
}

static void without_the_lease_nothing_is_read_settled_or_made(void **state)
{
    static const char *const tokens[] = {"never:1", "o:2", "o:0", "", "o"};
    struct clerk clerk;
    char id[64];

    clerk_open(&clerk, *state, NULL);
    for (size_t i = 0; i < ARRAY_SIZE(tokens); i++) {
        read_fenced(&clerk, tokens[i], 5, false);
        assert_int_equal(clerk.answer.outcome, ADAPTER_REFUSED);
        assert_int_equal(clerk.answer.error, ADAPTER_ERROR_LEASE_LOST);
    }
    assert_string_equal(clerk_text(&clerk, ADAPTER_OP_INFO), "{}");
    clerk_publish_many(&clerk, STREAM, 0, 2);
    assert_int_equal(acquire(&clerk, LEASE, "o", 100), 1);
    for (size_t i = 0; i < ARRAY_SIZE(tokens); i++)
        assert_int_equal(read_fenced(&clerk, tokens[i], 5, false)->error, ADAPTER_ERROR_LEASE_LOST);
    assert_string_equal(clerk_numbers(read_fenced(&clerk, "o:1", 1, false)), "0");
    memcpy(id, clerk.answer.entries[0].id, sizeof(id));
    for (size_t i = 0; i < ARRAY_SIZE(tokens); i++)
        assert_int_equal(ack_fenced(&clerk, tokens[i], id)->error, ADAPTER_ERROR_LEASE_LOST);
    shop_wait(*state, 100u * MS);
    assert_int_equal(read_fenced(&clerk, "o:1", 5, false)->error, ADAPTER_ERROR_LEASE_LOST);
    assert_int_equal(ack_fenced(&clerk, "o:1", id)->error, ADAPTER_ERROR_LEASE_LOST);
    assert_int_equal(acquire(&clerk, LEASE, "o", 100), 2);
    assert_string_equal(clerk_numbers(reclaim(&clerk, "o:2", 0, 10)), "0");
    assert_int_equal(ack_fenced(&clerk, "o:2", id)->number, 1);
    clerk_close(&clerk);
}

static void
after_a_stall_the_new_owner_finishes_in_order_and_the_old_one_can_do_nothing(void **state)
{
    struct clerk old, new;
    char id[64];

    clerk_open(&old, *state, NULL);
    clerk_open(&new, *state, NULL);
    clerk_publish_many(&old, STREAM, 0, 3);
    assert_int_equal(acquire(&old, LEASE, "o1", 50), 1);
    assert_string_equal(clerk_numbers(read_fenced(&old, "o1:1", 1, false)), "0");
    memcpy(id, old.answer.entries[0].id, sizeof(id));
    shop_wait(*state, 60u * MS);
    assert_int_equal(acquire(&new, LEASE, "o2", 5000), 2);
    assert_string_equal(clerk_numbers(reclaim(&new, "o2:2", 0, 100)), "0");
    assert_int_equal(new.answer.entries[0].flags, ADAPTER_ENTRY_RECLAIMED);
    /* The old owner would take back what the new one has in hand. */
    assert_int_equal(reclaim(&old, "o1:1", 0, 100)->entry_count, 0);
    assert_int_equal(read_fenced(&old, "o1:1", 1, false)->error, ADAPTER_ERROR_LEASE_LOST);
    assert_int_equal(ack_fenced(&old, "o1:1", id)->error, ADAPTER_ERROR_LEASE_LOST);
    assert_string_equal(clerk_numbers(read_fenced(&new, "o2:2", 1, true)), "0");
    assert_int_equal(ack_fenced(&new, "o2:2", id)->number, 1);
    assert_string_equal(clerk_numbers(read_fenced(&new, "o2:2", 9, false)), "1 2");
    clerk_close(&old);
    clerk_close(&new);
}

static void a_fenced_read_recovers_when_the_stream_was_reaped(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    assert_int_equal(acquire(&clerk, LEASE, "o", 1000), 1);
    clerk_publish_many(&clerk, STREAM, 0, 1);
    assert_int_equal(read_fenced(&clerk, "o:1", 1, false)->entry_count, 1);
    clerk_ask(&clerk, ADAPTER_OP_STREAM_REMOVE, STREAM, NULL);
    clerk_publish_many(&clerk, STREAM, 5, 1);
    assert_string_equal(clerk_numbers(read_fenced(&clerk, "o:1", 1, false)), "5");
    clerk_close(&clerk);
}

/* --- Reclaim ------------------------------------------------------------------------------------
 */

static void reclaim_moves_everything_in_order_beyond_one_page(void **state)
{
    struct clerk one, two;

    clerk_open(&one, *state, "c1");
    clerk_open(&two, *state, "c2");
    clerk_publish_many(&one, STREAM, 0, 250);
    clerk_read(&one, STREAM, "g", 200);
    clerk_read(&one, STREAM, "g", 50);
    assert_int_equal(reclaim(&two, "c2", 60000, 100)->entry_count, 0);
    assert_int_equal(reclaim(&two, "c2", 0, 100)->entry_count, 250);
    for (int i = 0; i < 250; i++)
        assert_int_equal(atoi(two.answer.entries[i].payload + 6), i);
    assert_int_equal(reclaim(&two, "c2", 0, 100)->entry_count, 0);
    assert_int_equal(acquire(&two, LEASE, "c2", 100), 1);
    clerk_do(&two, (struct adapter_call){.operation = ADAPTER_OP_READ_PARTITION_FENCED,
                                         .stream = STREAM,
                                         .group = "g",
                                         .consumer = "c2",
                                         .key = LEASE,
                                         .token = "c2:1",
                                         .count = 1000,
                                         .flags = ADAPTER_CALL_OWN_PENDING});
    assert_int_equal(two.answer.entry_count, 250);
    clerk_close(&one);
    clerk_close(&two);
}

static void reclaim_finds_nothing_where_there_is_nothing(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    assert_int_equal(reclaim(&clerk, "c", 0, 100)->outcome, ADAPTER_EMPTY);
    assert_string_equal(clerk_text(&clerk, ADAPTER_OP_INFO), "{}");
    clerk_publish_many(&clerk, STREAM, 0, 1);
    assert_int_equal(reclaim(&clerk, "c", 0, 100)->outcome, ADAPTER_EMPTY);
    clerk_close(&clerk);
}

static void entries_that_are_gone_or_fresh_do_not_hide_the_others(void **state)
{
    struct clerk one, two;
    char ids[3][64];

    clerk_open(&one, *state, "c1");
    clerk_open(&two, *state, "c2");
    clerk_publish_many(&one, STREAM, 0, 30);
    clerk_read(&one, STREAM, "g", 30);
    for (size_t i = 0; i < 3; i++)
        memcpy(ids[i], one.answer.entries[i].id, 64);
    shop_wait(*state, 100u * MS);
    /* The first twelve are taken again, and are fresh. */
    assert_int_equal(acquire(&one, LEASE, "x", 10000), 1);
    clerk_do(&one, (struct adapter_call){.operation = ADAPTER_OP_READ_PARTITION_FENCED,
                                         .stream = STREAM,
                                         .group = "g",
                                         .consumer = "c1",
                                         .key = LEASE,
                                         .token = "x:1",
                                         .count = 12,
                                         .flags = ADAPTER_CALL_OWN_PENDING});
    assert_int_equal(one.answer.entry_count, 12);
    assert_int_equal(reclaim(&two, "c2", 50, 1)->entry_count, 18);
    assert_int_equal(atoi(two.answer.entries[0].payload + 6), 12);
    for (size_t i = 0; i < 3; i++) {
        struct adapter_text item = {ids[i], 36};

        clerk_do(&two, (struct adapter_call){.operation = ADAPTER_OP_TAMPER,
                                             .verb = ADAPTER_TAMPER_DELETE_ENTRY,
                                             .stream = STREAM,
                                             .items = &item,
                                             .item_count = 1});
    }
    assert_int_equal(reclaim(&two, "c2", 0, 3)->entry_count, 9);
    assert_int_equal(atoi(two.answer.entries[0].payload + 6), 3);
    clerk_close(&one);
    clerk_close(&two);
}

/* --- Reaping ------------------------------------------------------------------------------------
 */

static void only_a_finished_and_idle_partition_is_reaped(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    record(&clerk, "c", "k");
    assert_false(reap(&clerk, 60000, NULL)); /* empty, but recorded a moment ago */
    clerk_publish_many(&clerk, STREAM, 0, 2);
    assert_false(reap(&clerk, 0, NULL)); /* no group at all */
    clerk_read(&clerk, STREAM, "g", 1);
    assert_false(reap(&clerk, 0, NULL)); /* not everything delivered */
    clerk_ack_all(&clerk, STREAM, "g");
    clerk_read(&clerk, STREAM, "g", 1);
    assert_false(reap(&clerk, 0, NULL)); /* pending */
    clerk_ack_all(&clerk, STREAM, "g");
    clerk_ask(&clerk, ADAPTER_OP_ENSURE_GROUP, STREAM, "late");
    assert_false(reap(&clerk, 0, NULL)); /* another group has read nothing */
    clerk_drain(&clerk, STREAM, "late");
    assert_false(reap(&clerk, 60000, NULL));
    assert_string_equal(keys(&clerk, "c"), "k");
    assert_true(reap(&clerk, 0, NULL));
    assert_string_equal(keys(&clerk, "c"), "");
    assert_string_equal(clerk_text(&clerk, ADAPTER_OP_INFO), "{}");
    assert_false(reap(&clerk, 0, NULL));
    record(&clerk, "c", "k");
    clerk_publish_many(&clerk, STREAM, 5, 1);
    assert_string_equal(keys(&clerk, "c"), "k");
    assert_string_equal(clerk_numbers(clerk_read(&clerk, STREAM, "g", 1)), "5");
    clerk_close(&clerk);
}

static void a_lane_must_be_finished_too_and_goes_with_its_partition(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    record(&clerk, "c", "k");
    clerk_publish_many(&clerk, STREAM, 0, 1);
    clerk_publish_many(&clerk, STREAM ":backfill", 1, 1);
    clerk_drain(&clerk, STREAM, "g");
    assert_false(reap(&clerk, 0, "backfill"));
    clerk_drain(&clerk, STREAM ":backfill", "g");
    assert_true(reap(&clerk, 0, "backfill"));
    assert_int_equal(clerk_ask(&clerk, ADAPTER_OP_STREAM_DEPTH, STREAM ":backfill", NULL), 0);
    assert_string_equal(clerk_text(&clerk, ADAPTER_OP_INFO), "{}");
    clerk_close(&clerk);
}

static void reaping_keeps_the_generation(void **state)
{
    struct clerk clerk;

    clerk_open(&clerk, *state, NULL);
    record(&clerk, "c", "k");
    assert_int_equal(acquire(&clerk, LEASE, "o", 100), 1);
    assert_true(release(&clerk, "o:1"));
    assert_int_equal(acquire(&clerk, LEASE, "o", 100), 2);
    assert_true(release(&clerk, "o:2"));
    assert_true(reap(&clerk, 0, NULL));
    assert_int_equal(acquire(&clerk, LEASE, "o", 100), 3);
    clerk_close(&clerk);
}

static void undeclared_partition_operations_are_not_supported(void **state)
{
    const char *const options[] = {"declare", "ORDERED_MESSAGING", NULL};
    struct shop shop;
    struct clerk clerk;

    (void)state;
    shop_open(&shop, options);
    clerk_open(&clerk, &shop, NULL);
    for (uint32_t operation = ADAPTER_OP_RECORD_PARTITION;
         operation <= ADAPTER_OP_RECLAIM_PARTITION_PENDING; operation++) {
        clerk_do(&clerk, (struct adapter_call){.operation = operation, .stream = "c", .key = "k"});
        assert_int_equal(clerk.answer.outcome, ADAPTER_UNSUPPORTED);
        assert_int_equal(clerk.answer.error, ADAPTER_ERROR_NOT_SUPPORTED);
    }
    clerk_close(&clerk);
    shop_close(&shop);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, open_shop, close_shop)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(the_index_holds_exactly_what_was_recorded),
        CASE(a_lease_is_granted_once_and_generations_grow),
        CASE(a_lease_lasts_for_its_time_and_renewing_moves_its_end),
        CASE(a_lease_without_a_lifetime_is_refused),
        CASE(the_holder_reads_in_order_and_its_own_pending_again),
        CASE(without_the_lease_nothing_is_read_settled_or_made),
        CASE(after_a_stall_the_new_owner_finishes_in_order_and_the_old_one_can_do_nothing),
        CASE(a_fenced_read_recovers_when_the_stream_was_reaped),
        CASE(reclaim_moves_everything_in_order_beyond_one_page),
        CASE(reclaim_finds_nothing_where_there_is_nothing),
        CASE(entries_that_are_gone_or_fresh_do_not_hide_the_others),
        CASE(only_a_finished_and_idle_partition_is_reaped),
        CASE(a_lane_must_be_finished_too_and_goes_with_its_partition),
        CASE(reaping_keeps_the_generation),
        CASE(undeclared_partition_operations_are_not_supported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
