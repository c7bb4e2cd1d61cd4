/* test_inline_random.c: random use of the inline broker, with its books checked after every step.
 */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/inline/broker.h"
#include "adapters/inline/group.h"
#include "adapters/inline/stream.h"
#include "base/memory.h"
#include "base/random.h"
#include "support/clerk.h"

enum { CLERKS = 5, TAKE_MAX = 7, STEPS = 1200, POSITIONS_MAX = 8000 };

/* --- The books ----------------------------------------------------------------------------------
 */

struct audit {
    const struct inline_group *group;
    unsigned char covered[POSITIONS_MAX]; /* by how many deliveries */
};

static void audit_delivery(void *context, struct inline_delivery *delivery)
{
    struct audit *audit = context;
    const struct inline_window *window = &audit->group->window;
    uint64_t count = 0;

    for (uint64_t p = delivery->from; p < delivery->to; p++) {
        if (p < window->low || inline_window_is_settled(window, p) ||
            inline_window_is_detached(window, p) != delivery->is_single)
            continue;
        audit->covered[p]++;
        count++;
    }
    assert_int_equal(delivery->left, count);
    assert_true(count > 0);
    assert_non_null(delivery->member);
}

/* Each position that was delivered and is not settled is in exactly one delivery. */
static void check_books(const struct shop *shop)
{
    static struct audit audit;
    const struct inline_stream *stream = inline_broker_stream(&shop->instance->broker, "s");
    struct inline_group *group = stream ? inline_stream_group(stream, "g") : NULL;
    uint64_t open = 0;

    if (!group)
        return;
    assert_true(group->window.next < POSITIONS_MAX);
    memset(&audit, 0, sizeof(audit));
    audit.group = group;
    inline_deliveries_each(&group->deliveries, audit_delivery, &audit);
    for (uint64_t p = group->window.low; p < group->window.next; p++) {
        bool is_open = !inline_window_is_settled(&group->window, p);

        assert_int_equal(audit.covered[p], is_open);
        open += is_open;
    }
    assert_int_equal(group->outstanding, open);
}

/* --- The use ------------------------------------------------------------------------------------
 */

struct player {
    struct clerk clerk;
    char held[TAKE_MAX][64];
    size_t held_count;
    bool is_waiting;
};

struct game {
    struct shop shop;
    struct player players[CLERKS];
    uint64_t seed, draws;
    size_t published, acked;
};

static uint64_t draw(struct game *game, uint64_t bound)
{
    return random_below(random_keyed(game->seed, 0, 0, game->draws++), bound);
}

static void keep(struct player *player)
{
    player->held_count = player->clerk.answer.entry_count;
    for (size_t i = 0; i < player->held_count; i++)
        memcpy(player->held[i], player->clerk.answer.entries[i].id, 64);
}

static void read_or_wait(struct game *game, struct player *player)
{
    if (player->is_waiting) {
        clerk_finish(&player->clerk);
        player->is_waiting = false;
        keep(player);
    } else if (draw(game, 2)) {
        clerk_begin(&player->clerk,
                    (struct adapter_call){.operation = ADAPTER_OP_READ_BLOCKING,
                                          .stream = "s",
                                          .group = "g",
                                          .count = (int64_t)(1 + draw(game, TAKE_MAX)),
                                          .duration_ms = (int64_t)(1 + draw(game, 5))});
        player->is_waiting = true;
    } else {
        clerk_read(&player->clerk, "s", "g", (int64_t)(1 + draw(game, TAKE_MAX)));
        keep(player);
    }
}

static void settle_one(struct game *game, struct player *player)
{
    size_t index = draw(game, 2) ? 0 : (size_t)draw(game, player->held_count);

    if (draw(game, 20) >= game->seed % 4 * 4) /* from none nacked to most */
        game->acked += clerk_ack(&player->clerk, "s", "g", player->held[index]);
    else
        clerk_nack(&player->clerk, "s", "g", player->held[index]);
    player->held_count--;
    memmove(player->held[index], player->held[index + 1], (player->held_count - index) * 64);
}

static void leave_and_return(struct game *game, struct player *player, const char *name)
{
    (draw(game, 2) ? clerk_abandon : clerk_close)(&player->clerk);
    clerk_open(&player->clerk, &game->shop, draw(game, 2) ? name : NULL);
    player->held_count = 0;
    player->is_waiting = false;
}

static void step(struct game *game)
{
    static const char *const names[CLERKS] = {"a", "b", "c", "d", "e"};
    size_t index = (size_t)draw(game, CLERKS);
    struct player *player = &game->players[index];
    uint64_t choice = draw(game, 100);

    if (choice < 3)
        leave_and_return(game, player, names[index]);
    else if (choice < 35)
        read_or_wait(game, player);
    else if (player->is_waiting)
        return;
    else if (choice < 60) {
        size_t count = 1 + (size_t)draw(game, 5);

        clerk_publish_many(&player->clerk, "s", game->published, count);
        game->published += count;
    } else if (choice < 62)
        shop_wait(&game->shop, draw(game, 30) * MS);
    else if (player->held_count > 0)
        settle_one(game, player);
}

static void random_use_keeps_the_books_and_loses_nothing(void **state)
{
    const char *const options[] = {
        "retry_delay", "2ms", "redelivery_time", "3ms", "message_timeout", "25ms", "max_retries",
        "6",           NULL};

    (void)state;
    for (uint64_t seed = 0; seed < 24; seed++) {
        struct game game = {.seed = seed};
        struct clerk *last = &game.players[0].clerk;

        shop_open(&game.shop, options);
        for (size_t i = 0; i < CLERKS; i++)
            clerk_open(&game.players[i].clerk, &game.shop, NULL);
        for (int i = 0; i < STEPS; i++) {
            step(&game);
            check_books(&game.shop);
        }
        for (size_t i = 0; i < CLERKS; i++)
            clerk_close(&game.players[i].clerk);
        clerk_open(last, &game.shop, NULL);
        shop_wait(&game.shop, 500u * MS);
        game.acked += clerk_drain(last, "s", "g");
        check_books(&game.shop);
        game.acked += (size_t)clerk_ask(last, ADAPTER_OP_DLQ_DEPTH, "s:dlq", NULL);
        assert_int_equal(game.acked, game.published);
        clerk_close(last);
        shop_close(&game.shop);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_use_keeps_the_books_and_loses_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
