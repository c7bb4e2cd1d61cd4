/* sweep_places.c: places by what they are, and in how many runs they were seen. */
#include "run/sweep_places.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define EMPTY_MAX 2u

static void free_place(struct sweep_place *place)
{
    free(place->link);
    free(place->command);
    free(place->message);
}

void sweep_places_release(struct sweep_places *places)
{
    for (size_t i = 0; i < places->count; i++)
        free_place(&places->items[i]);
    free(places->items);
    for (size_t i = 0; i < places->indexes.count; i++)
        free(places->indexes.entries[i].value);
    map_release(&places->indexes);
    *places = (struct sweep_places){0};
}

/* --- Runs ------------------------------------------------------------------------------------ */

static struct sweep_place *find_or_add(struct sweep_places *places, const struct sweep_place *place,
                                       char *message)
{
    char *key = memory_format("%s %s %llu %llu %d", place->link, place->command,
                              (unsigned long long)place->exchange, (unsigned long long)place->empty,
                              (int)place->edge);
    size_t *index = map_get(&places->indexes, key, strlen(key));

    if (!index) {
        struct sweep_place *added;

        index = memory_new(1, sizeof(*index));
        *index = places->count++;
        places->items = memory_grow(places->items, places->count, sizeof(*places->items));
        added = &places->items[*index];
        *added = *place;
        added->link = memory_string(place->link);
        added->command = memory_string(place->command);
        added->message = memory_string(message);
        map_set(&places->indexes, key, strlen(key), index);
    }
    free(key);
    return &places->items[*index];
}

static bool is_same(const char *one, const char *other)
{
    return one && other ? strcmp(one, other) == 0 : one == other;
}

/* message: taken. */
static void see(struct sweep_places *places, const struct sweep_place *seen, char *message)
{
    struct sweep_place *place = find_or_add(places, seen, message);

    if (place->last_run != places->run_count) {
        place->last_run = places->run_count;
        place->seen++;
        if (!is_same(place->message, message)) {
            free(place->message);
            place->message = NULL;
        }
    }
    free(message);
}

static void see_request(struct sweep_places *places, const struct scenario *scenario,
                        const struct sweep_exchange *exchange)
{
    const struct sweep_place place = {
        .link = exchange->link,
        .command = exchange->command,
        .is_spoken = exchange->is_spoken,
        .exchange = exchange->is_spoken ? exchange->number : exchange->index,
        .empty = exchange->is_spoken && exchange->turn > 1 ? exchange->turn : 0,
        .edge = SCENARIO_EDGE_REQUEST};

    if (place.empty <= EMPTY_MAX)
        see(places, &place, sweep_message(scenario, exchange));
}

static void see_reply(struct sweep_places *places, const struct scenario *scenario,
                      const struct sweep_exchange *exchange, enum scenario_edge edge)
{
    const struct sweep_place place = {
        .link = exchange->link,
        .command = exchange->command,
        .is_spoken = exchange->is_spoken,
        .exchange = exchange->is_spoken ? exchange->reply_number : exchange->index,
        .empty = exchange->is_spoken && !exchange->delivers ? exchange->reply_turn : 0,
        .edge = edge};

    if (place.empty <= EMPTY_MAX)
        see(places, &place, sweep_message(scenario, exchange));
}

static bool is_alike(const struct sweep_exchange *exchange)
{
    return exchange->is_spoken && exchange->has_reply && !exchange->delivers &&
           exchange->reply_turn > EMPTY_MAX;
}

void sweep_places_add_run(struct sweep_places *places, const struct scenario *scenario,
                          const struct sweep_count *count, unsigned edges)
{
    places->run_count++;
    for (size_t i = 0; i < count->count; i++) {
        const struct sweep_exchange *exchange = &count->items[i];

        if (sweep_is_beside(exchange))
            continue;
        if (places->run_count == 1)
            places->alike_count += is_alike(exchange);
        if (edges & (1u << SCENARIO_EDGE_REQUEST))
            see_request(places, scenario, exchange);
        for (unsigned edge = SCENARIO_EDGE_REPLY; edge <= SCENARIO_EDGE_MID_REPLY; edge++)
            if ((edges & (1u << edge)) && exchange->has_reply)
                see_reply(places, scenario, exchange, (enum scenario_edge)edge);
    }
}

/* --- What is kept ---------------------------------------------------------------------------- */

static bool is_one_exchange(const struct sweep_place *one, const struct sweep_place *other)
{
    return one->exchange == other->exchange && one->empty == other->empty &&
           strcmp(one->link, other->link) == 0 && strcmp(one->command, other->command) == 0;
}

/* The first of the places at its exchange.  They are listed together, or nearly so. */
static bool is_first(const struct sweep_place *items, size_t index)
{
    for (size_t i = index; i > 0; i--)
        if (is_one_exchange(&items[i - 1], &items[index]))
            return false;
    return true;
}

static size_t count_exchanges(const struct sweep_place *items, size_t count, const char *command)
{
    size_t exchanges = 0;

    for (size_t i = 0; i < count; i++)
        exchanges +=
            (!command || strcmp(items[i].command, command) == 0) && is_first(items, i) ? 1 : 0;
    return exchanges;
}

static bool is_first_of_command(const struct sweep_place *items, size_t index)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(items[i].command, items[index].command) == 0)
            return false;
    return true;
}

static void describe(const struct sweep_place *items, size_t count, struct sweep_left_out *left_out)
{
    struct text text = {0};

    for (size_t i = 0; i < count; i++)
        if (is_first_of_command(items, i))
            text_appendf(&text, "%s%s %zu", text.size > 0 ? ", " : "", items[i].command,
                         count_exchanges(items, count, items[i].command));
    left_out->places = count;
    left_out->exchanges = count_exchanges(items, count, NULL);
    text_copy(left_out->commands, sizeof(left_out->commands), text_string(&text));
    text_release(&text);
}

void sweep_places_settle(struct sweep_places *places, struct sweep_left_out *ret_left_out)
{
    struct sweep_place *irregular = memory_new(places->count + 1, sizeof(*irregular));
    size_t kept = 0, left = 0;

    for (size_t i = 0; i < places->count; i++)
        if (places->items[i].seen == places->run_count)
            places->items[kept++] = places->items[i];
        else
            irregular[left++] = places->items[i];
    places->count = kept;
    describe(irregular, left, ret_left_out);
    for (size_t i = 0; i < left; i++)
        free_place(&irregular[i]);
    free(irregular);
}

size_t sweep_places_exchanges(const struct sweep_places *places)
{
    return count_exchanges(places->items, places->count, NULL);
}
