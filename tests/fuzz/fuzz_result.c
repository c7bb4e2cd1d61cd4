/* fuzz_result.c: a result.json, whoever wrote it: what is read can be drawn in every form,
   compared, and written back, and what was written back is read as the same. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/random.h"
#include "reports/compare.h"
#include "reports/read.h"
#include "reports/report.h"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t capacity);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed);

/* Charts are written for gnuplot, and not drawn: that is slow. */
int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc, (void)argv;
    return setenv("GAUNTLET_GNUPLOT", "", 1);
}

/* --- Other results ------------------------------------------------------------------------------
 */

/* Bytes that change at random are no JSON any more, and the reader is hardly reached: so one value
   in it becomes another. */
static json_t *other_value(const json_t *value, uint64_t luck)
{
    static const double numbers[] = {0.0, -1.0, 0.5, 1e-300, 1e18, 1e300};
    static const json_int_t integers[] = {0, 1, -1, 2, 240, 1000000007, INT64_MAX, INT64_MIN};
    static const char *const words[] = {"",        "pass",         "fail", "lost",
                                        "<b>&\"'", "\xE2\x82\xAC", "%s%n", "redis://:pw@h"};
    uint64_t choice = random_below(random_next(luck), 9);
    luck = random_next(random_next(luck));
    if (choice == 0)
        return json_null();
    if (choice == 1)
        return json_real(numbers[random_below(luck, 6)]);
    if (choice == 2)
        return json_string(words[random_below(luck, 8)]);
    if (choice == 3)
        return json_array();
    if (choice == 4)
        return json_boolean(luck & 1);
    if (choice == 5 && json_is_integer(value))
        return json_integer((json_int_t)((uint64_t)json_integer_value(value) << (luck & 63)));
    return json_integer(integers[random_below(luck, 8)]);
}

/* Lists are made longer, shorter, or have a value changed; objects have one changed or lose it. */
static void change(json_t *node, uint64_t luck)
{
    size_t count = json_is_array(node) ? json_array_size(node) : json_object_size(node);
    uint64_t index = count > 0 ? random_below(luck, count) : 0;
    const char *key = NULL;
    json_t *value = json_array_get(node, index), *member;
    luck = random_next(luck);
    json_object_foreach(node, key, member) if (index-- == 0)
    {
        value = member;
        break;
    }
    bool goes_on = value && (json_is_array(value) || json_is_object(value)) && luck % 16 > 0;
    if (goes_on)
        change(value, random_next(luck));
    else if (json_is_object(node) && key && luck % 8 == 1)
        json_object_del(node, key);
    else if (json_is_object(node) && key)
        json_object_set_new(node, key, other_value(value, random_next(luck)));
    else if (json_is_array(node) && value && luck % 4 == 1)
        json_array_append_new(node, json_deep_copy(value));
    else if (json_is_array(node) && value && luck % 4 == 2)
        json_array_remove(node, json_array_size(node) - 1);
    else if (json_is_array(node) && value)
        json_array_set_new(node, json_array_size(node) - 1, other_value(value, luck));
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t capacity, unsigned seed)
{
    json_t *root = json_loadb((const char *)data, size, 0, NULL);
    uint64_t luck = random_next(seed);
    if (!root || luck % 16 == 0) {
        json_decref(root);
        return LLVMFuzzerMutate(data, size, capacity);
    }
    for (uint64_t i = 0; i <= luck % 3; i++)
        change(root, random_next(luck + i));
    size_t written = json_dumpb(root, (char *)data, capacity, JSON_INDENT(1));
    json_decref(root);
    return written > 0 && written <= capacity ? written : size;
}

/* --- What is done with one ----------------------------------------------------------------------
 */

static struct result *read_text(const char *text, size_t size)
{
    struct result *result = NULL;
    struct error error = {0};
    int failed = report_read_text("fuzz/result.json", text, size, &result, &error);
    if ((failed != 0) != (result == NULL) || (failed && !error.message[0]))
        abort();
    return result;
}

static void draw(const struct result *result)
{
    const struct report_input input = {.results = &result, .count = 1, .has_colour = true};
    const struct report_format *format;
    struct text name = {0}, text = {0};
    for (size_t i = 0; (format = report_format_at(i)) != NULL; i++) {
        if (format->write)
            format->write(&input, &text);
        for (size_t k = 0; format->write_part && format->write_part(&input, k, &name, &text); k++)
            text_clear(&name);
        text_clear(&text);
    }
    text_release(&name);
    text_release(&text);
}

static void compare(struct result *result)
{
    struct result *results[] = {result, result, result, result};
    const struct compare_side side = {.name = "base", .results = results, .count = 4};
    struct comparison comparison;
    struct text text = {0};
    compare_sides(&comparison, &side, &side);
    compare_text(&comparison, &text);
    compare_json(&comparison, &text);
    compare_html(&comparison, &text);
    compare_release(&comparison);
    text_release(&text);
}

static void write_back(const struct result *result, struct text *text)
{
    const struct report_input input = {.results = &result, .count = 1};
    report_json(&input, text);
}

static void check_written(const struct result *result)
{
    struct text first = {0}, second = {0};
    write_back(result, &first);
    struct result *again = read_text(first.data, first.size);
    if (!again)
        abort();
    write_back(again, &second);
    if (first.size != second.size || memcmp(first.data, second.data, first.size) != 0)
        abort();
    result_free(again);
    text_release(&first);
    text_release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct result *result = read_text((const char *)data, size);
    if (!result)
        return 0;
    draw(result);
    compare(result);
    check_written(result);
    result_free(result);
    return 0;
}
