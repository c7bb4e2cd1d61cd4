/* test_inline_parts.c: what the inline broker is built of: ids, windows, logs, texts, delays. */
#include "support/unit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/inline/message_id.h"
#include "adapters/inline/message_log.h"
#include "adapters/inline/settings.h"
#include "adapters/inline/wall_clock.h"
#include "adapters/inline/window.h"
#include "base/memory.h"

/* --- Ids ----------------------------------------------------------------------------------------
 */

static void an_id_leads_back_to_its_position(void **state)
{
    static const uint64_t positions[] = {0,  1,        9,          10,          15,
                                         16, 0xABCDEF, 0xFFFFFFFF, 0x100000000, 0xFEDCBA987654};
    struct message_id_space space, other;
    char id[MESSAGE_ID_SIZE];
    uint64_t position;

    (void)state;
    message_id_space_init(&space, 1, 1);
    message_id_space_init(&other, 1, 2);
    for (size_t i = 0; i < ARRAY_SIZE(positions); i++) {
        message_id_write(&space, positions[i], id);
        position = 77;
        assert_true(message_id_read(&space, id, sizeof(id), &position));
        assert_int_equal(position, positions[i]);
        assert_false(message_id_read(&other, id, sizeof(id), &position));
        assert_false(message_id_read(&space, id, sizeof(id) - 1, &position));
    }
}

static void ids_of_adjacent_positions_are_written_and_known_in_turn(void **state)
{
    static const uint64_t starts[] = {0, 7, 0xFFFFFFE3, 0x9FFFFFFF5};
    struct message_id_space space;
    struct message_id_cursor cursor;
    char id[MESSAGE_ID_SIZE], expected[MESSAGE_ID_SIZE];

    (void)state;
    message_id_space_init(&space, 1, 1);
    for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
        message_id_seek(&cursor, starts[i]);
        for (uint64_t p = starts[i]; p < starts[i] + 100; p++) {
            message_id_step(&cursor, p);
            memcpy(id, space.prefix, MESSAGE_ID_PREFIX_SIZE);
            message_id_write_at(&cursor, p, id);
            message_id_write(&space, p, expected);
            assert_memory_equal(id, expected, sizeof(id));
            assert_true(message_id_is(&space, &cursor, p, id, sizeof(id)));
            message_id_write(&space, p + 1, expected);
            assert_false(message_id_is(&space, &cursor, p, expected, sizeof(expected)));
        }
    }
}

static void an_id_with_any_character_changed_is_another_or_none(void **state)
{
    struct message_id_space space;
    char id[MESSAGE_ID_SIZE], changed[MESSAGE_ID_SIZE];
    uint64_t position = 0x123456789abc, read;

    (void)state;
    message_id_space_init(&space, 1, 1);
    message_id_write(&space, position, id);
    for (size_t i = 0; i < sizeof(id); i++) {
        for (int c = 0; c < 256; c++) {
            memcpy(changed, id, sizeof(id));
            changed[i] = (char)c;
            if (changed[i] == id[i])
                continue;
            if (message_id_read(&space, changed, sizeof(changed), &read))
                assert_int_not_equal(read, position);
            else
                assert_true(i < MESSAGE_ID_PREFIX_SIZE || c == 0 || !strchr("0123456789abcdef", c));
        }
    }
}

/* --- Windows ------------------------------------------------------------------------------------
 */

/* Settle and detach at random, beside a plain array that says what should come out. */
static void a_window_agrees_with_a_plain_array(void **state)
{
    enum { SIZE = 4096 };
    static bool settled[SIZE], detached[SIZE];
    struct inline_window window;
    uint64_t low = 100;
    unsigned luck = 7;

    (void)state;
    inline_window_init(&window, low);
    for (uint64_t next = low; next < SIZE;) {
        luck = luck * 1103515245u + 12345u;
        next += (luck >> 16) % 150;
        next = next < SIZE ? next : SIZE;
        inline_window_extend(&window, next);
        for (int i = 0; i < 4 && low < next; i++) {
            luck = luck * 1103515245u + 12345u;
            uint64_t from = low + (luck >> 8) % (next - low), to = from + 1 + (luck >> 4) % 90;

            to = to < next ? to : next;
            if (luck >> 30 == 0) {
                inline_window_detach(&window, from);
                detached[from] = true;
                continue;
            }
            inline_window_settle(&window, from, to);
            memset(settled + from, true, (size_t)(to - from) * sizeof(bool));
            while (low < next && settled[low])
                low++;
        }
        assert_int_equal(window.low, low);
        uint64_t open = low;
        while (open < next && (settled[open] || detached[open]))
            open++;
        assert_int_equal(inline_window_find_open(&window, low, next), open);
        for (uint64_t p = low; p < next; p++) {
            assert_int_equal(inline_window_is_settled(&window, p), settled[p]);
            assert_int_equal(inline_window_is_detached(&window, p), detached[p]);
            assert_int_equal(inline_window_is_open(&window, p, p + 1), !settled[p] && !detached[p]);
        }
    }
    inline_window_release(&window);
}

static void a_window_that_moves_on_stays_small(void **state)
{
    struct inline_window window;

    (void)state;
    inline_window_init(&window, 0);
    for (uint64_t p = 0; p < 1000000; p += 100) {
        inline_window_extend(&window, p + 100);
        assert_true(inline_window_is_open(&window, p, p + 100));
        inline_window_settle(&window, p, p + 100);
        assert_int_equal(window.low, p + 100);
    }
    assert_true(window.word_count <= 4);
    inline_window_release(&window);
}

/* --- Logs ---------------------------------------------------------------------------------------
 */

static void a_log_gives_back_what_was_appended_until_it_is_dropped(void **state)
{
    struct inline_pool pool = {.size = 1 << 16};
    struct message_log log;
    struct inline_segment *segment;
    char text[300];

    (void)state;
    message_log_init(&log, &pool);
    for (int i = 0; i < 3000; i++) {
        int size = snprintf(text, sizeof(text), "%d%*s", i, i % 200, "");

        assert_int_equal(message_log_append(&log, text, (size_t)size, 1000 + (uint64_t)i), i);
    }
    assert_true(message_log_remove(&log, 10));
    assert_false(message_log_remove(&log, 10));
    assert_int_equal(log.live_count, 2999);
    for (uint64_t p = 0; p < 3000; p++) {
        assert_int_equal(message_log_is_readable(&log, p, &segment), p != 10);
        struct adapter_text payload = message_log_payload(segment, p);
        assert_int_equal(payload.size,
                         snprintf(text, sizeof(text), "%d%*s", (int)p, (int)p % 200, ""));
        assert_memory_equal(payload.data, text, payload.size);
        assert_int_equal(message_log_wall_ms(segment, p), 1000 + p);
    }
    assert_int_equal(message_log_drop_before(&log, 1500), 1499);
    assert_int_equal(message_log_drop_before(&log, 1500), 0);
    assert_null(message_log_segment(&log, 1499));
    assert_non_null(message_log_segment(&log, 1500));
    assert_int_equal(message_log_drop_before(&log, 99999), 1500);
    assert_int_equal(log.live_count, 0);
    assert_int_equal(message_log_append(&log, "x", 1, 5), 3000);
    assert_true(message_log_is_readable(&log, 3000, &segment));
    assert_false(message_log_is_readable(&log, 3001, &segment));
    message_log_release(&log);
    inline_pool_release(&pool);
}

static void a_pinned_segment_outlives_its_log(void **state)
{
    struct inline_pool pool = {.size = 4096};
    struct message_log log;
    struct inline_segment *segment;
    struct adapter_text payload;

    (void)state;
    message_log_init(&log, &pool);
    message_log_append(&log, "kept", 4, 0);
    segment = message_log_segment(&log, 0);
    payload = message_log_payload(segment, 0);
    inline_segment_pin(segment);
    message_log_release(&log);
    inline_pool_release(&pool);
    assert_memory_equal(payload.data, "kept", 4);
    inline_segment_unpin(segment);
}

/* --- Times --------------------------------------------------------------------------------------
 */

static void delays_grow_by_the_multiplier_and_never_wrap(void **state)
{
    struct inline_settings settings;

    (void)state;
    inline_settings_read(&settings, NULL);
    assert_int_equal(inline_settings_delay_ns(&settings, 1), 1000000000u);
    assert_int_equal(inline_settings_delay_ns(&settings, 2), 2000000000u);
    assert_int_equal(inline_settings_delay_ns(&settings, 4), 8000000000u);
    assert_int_equal(inline_settings_delay_ns(&settings, 1000000), 1000000000000000000u);
    settings.backoff_multiplier = 1;
    assert_int_equal(inline_settings_delay_ns(&settings, UINT32_MAX), 1000000000u);
    settings.retry_delay_ns = 0;
    assert_int_equal(inline_settings_delay_ns(&settings, 7), 0);
}

static void wall_clocks_show_iso_8601(void **state)
{
    char text[WALL_CLOCK_TEXT_SIZE];

    (void)state;
    wall_clock_show(0, text);
    assert_string_equal(text, "1970-01-01T00:00:00.000+00:00");
    wall_clock_show(1704067200123u, text);
    assert_string_equal(text, "2024-01-01T00:00:00.123+00:00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_id_leads_back_to_its_position),
        cmocka_unit_test(ids_of_adjacent_positions_are_written_and_known_in_turn),
        cmocka_unit_test(an_id_with_any_character_changed_is_another_or_none),
        cmocka_unit_test(a_window_agrees_with_a_plain_array),
        cmocka_unit_test(a_window_that_moves_on_stays_small),
        cmocka_unit_test(a_log_gives_back_what_was_appended_until_it_is_dropped),
        cmocka_unit_test(a_pinned_segment_outlives_its_log),
        cmocka_unit_test(delays_grow_by_the_multiplier_and_never_wrap),
        cmocka_unit_test(wall_clocks_show_iso_8601),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
