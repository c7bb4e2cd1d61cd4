/* search.c: a goal is a list of conditions joined by "and". */
#include "scenario/search.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "scenario/expect.h"
#include "scenario/fields.h"

#define STABLE       "backlog is stable"
#define AND          " and "
#define GOAL_MAX     8u
#define LEAST_TRY_NS 1000000000u

static int read_condition(struct loader *loader, const char *text, struct source_place place)
{
    struct scenario_search *search = &loader->scenario->search;
    struct scenario_expectation *goal = &search->goals[search->goal_count];

    if (strcmp(text, STABLE) == 0) {
        search->is_stable = true;
        return 0;
    }
    goal->place = place;
    search->goal_count++;
    if (expect_parse(loader, node_scalar(&loader->document, text, place), goal) != 0 ||
        expect_check(loader, goal) != 0)
        return -1;
    if (goal->subject == SCENARIO_METRIC && goal->unit == SCENARIO_UNIT_NS)
        return 0;
    return error_set_at(loader->reterr, place,
                        "'%.60s' is no goal of a search: say latencies and '" STABLE
                        "', such as 'deliver.p99 < 20ms and " STABLE "'",
                        text);
}

static int read_goal(struct loader *loader, const struct node *node)
{
    struct scenario_search *search = &loader->scenario->search;
    const char *text = fields_text(loader, "while", node);

    if (!text)
        return -1;
    search->text = memory_string(text);
    search->goals = memory_new(GOAL_MAX, sizeof(*search->goals));
    for (const char *at = text; at;) {
        const char *next = strstr(at, AND);
        char *part = next ? memory_format("%.*s", (int)(next - at), at) : memory_string(at);
        int result = search->goal_count < GOAL_MAX
                         ? read_condition(loader, part, node->place)
                         : error_set_at(loader->reterr, node->place, "a goal has at most 8 parts");

        free(part);
        if (result != 0)
            return -1;
        at = next ? next + strlen(AND) : NULL;
    }
    return 0;
}

static int check_searched(struct loader *loader, const struct node *mapping,
                          const struct scenario_producer *producer)
{
    if (loader->scenario->search.is_wanted)
        return error_set_at(loader->reterr, node_place(mapping, "rate"),
                            "one producer at a time can look for its highest rate");
    if (!producer->for_ns)
        return error_set_at(loader->reterr, mapping->place,
                            "'rate: max' needs 'for': how long each rate is tried, such as 3s");
    if (producer->for_ns < loader->scenario->warm_up_ns + LEAST_TRY_NS)
        return error_set_at(loader->reterr, node_place(mapping, "for"),
                            "'rate: max' needs 'for' to be at least 1s longer than 'warm_up': what "
                            "is shorter cannot tell whether a backlog grows");
    return 0;
}

int search_read(struct loader *loader)
{
    struct scenario *scenario = loader->scenario;
    const struct node *list = node_get(loader->top, "producers");

    for (size_t i = 0; i < scenario->producer_count; i++) {
        const struct node *mapping = list->items[i];
        const struct node *goal = node_get(mapping, "while");

        if (!scenario->producers[i].is_searched && goal)
            return error_set_at(loader->reterr, goal->place, "'while' belongs to 'rate: max'");
        if (!scenario->producers[i].is_searched)
            continue;
        if (check_searched(loader, mapping, &scenario->producers[i]) != 0)
            return -1;
        scenario->search.is_wanted = true;
        scenario->search.producer = i;
        if (!goal)
            goal = node_scalar(&loader->document, STABLE, mapping->place);
        if (read_goal(loader, goal) != 0)
            return -1;
    }
    return 0;
}

void search_release(struct scenario_search *search)
{
    for (size_t i = 0; i < search->goal_count; i++)
        free(search->goals[i].text);
    free(search->goals);
    free(search->text);
}
