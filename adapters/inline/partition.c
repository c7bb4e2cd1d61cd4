/* partition.c: which partitions a category has, and their end. */
#include "adapters/inline/partition.h"

#include <stdlib.h>
#include <string.h>

#include "adapters/inline/group.h"
#include "adapters/inline/lease.h"
#include "adapters/inline/operation.h"
#include "adapters/inline/stream.h"
#include "base/memory.h"

static const char *key_of(const struct inline_turn *turn)
{
    return turn->call->key ? turn->call->key : "";
}

static struct map *find_category(const struct inline_turn *turn)
{
    const char *name = inline_turn_stream_name(turn);

    return map_get(&turn->broker->categories, name, strlen(name));
}

/* --- The index ----------------------------------------------------------------------------------
 */

void inline_record_partition(struct inline_turn *turn)
{
    const char *name = inline_turn_stream_name(turn), *key = key_of(turn);
    struct map *category = find_category(turn);
    uint64_t *recorded_ns;

    if (!category) {
        category = memory_new(1, sizeof(*category));
        map_set(&turn->broker->categories, name, strlen(name), category);
    }
    recorded_ns = map_get(category, key, strlen(key));
    if (!recorded_ns) {
        recorded_ns = memory_new(1, sizeof(*recorded_ns));
        map_set(category, key, strlen(key), recorded_ns);
    }
    *recorded_ns = turn->now_ns; /* each record is a sign of life */
}

/* The keys are copied: another session may reap them while the answer is read. */
void inline_partition_keys(struct inline_turn *turn)
{
    struct inline_answer *answer = turn->answer;
    const struct map *category = find_category(turn);
    size_t count = category ? category->count : 0, used = 0;

    inline_answer_reserve(answer, count);
    for (size_t i = 0; i < count; i++)
        if (category->entries[i].value)
            text_append(&answer->text, category->entries[i].key, category->entries[i].key_size);
    for (size_t i = 0; i < count; i++) {
        if (!category->entries[i].value)
            continue;
        answer->entries[answer->entry_count++] = (struct adapter_entry){
            .id = {text_string(&answer->text) + used, category->entries[i].key_size}};
        used += category->entries[i].key_size;
    }
    inline_answer_deliver(answer);
    answer->result.outcome = ADAPTER_DONE;
    inline_answer_number(answer, (int64_t)answer->entry_count);
    inline_answer_forget_ids(answer);
}

/* --- Reaping ------------------------------------------------------------------------------------
 */

/* Everything in it was read and settled by every group, and long enough ago. */
static bool is_finished(const struct inline_stream *stream, uint64_t now_ns, uint64_t idle_ns)
{
    bool has_groups = false;

    if (!stream)
        return true;
    if (stream->is_foreign)
        return false;
    for (size_t i = 0; i < stream->groups.count; i++) {
        const struct inline_group *group = stream->groups.entries[i].value;

        if (!group)
            continue;
        has_groups = true;
        if (group->window.low < stream->log.end)
            return false;
    }
    if (stream->log.live_count > 0 && !has_groups)
        return false;
    return stream->log.end == 0 || now_ns - stream->published_ns >= idle_ns;
}

/* "<category>:<key>", and ":<lane>" behind it; NULL without a lane. */
static char *name_stream(const struct inline_turn *turn, const char *lane)
{
    return lane ? memory_format("%s:%s:%s", inline_turn_stream_name(turn), key_of(turn), lane)
                : memory_format("%s:%s", inline_turn_stream_name(turn), key_of(turn));
}

static bool reap(struct inline_turn *turn, const char *main_name, const char *lane_name)
{
    struct inline_broker *broker = turn->broker;
    struct map *category = find_category(turn);
    const uint64_t *recorded_ns =
        category ? map_get(category, key_of(turn), strlen(key_of(turn))) : NULL;
    uint64_t idle_ns =
        turn->call->duration_ms > 0 ? (uint64_t)turn->call->duration_ms * 1000000u : 0;
    bool is_reaped = recorded_ns != NULL;

    if (recorded_ns && turn->now_ns - *recorded_ns < idle_ns)
        return false;
    if (!is_finished(inline_broker_stream(broker, main_name), turn->now_ns, idle_ns))
        return false;
    if (lane_name && !is_finished(inline_broker_stream(broker, lane_name), turn->now_ns, idle_ns))
        return false;
    if (category)
        free(map_remove(category, key_of(turn), strlen(key_of(turn))));
    is_reaped |= inline_broker_remove_stream(broker, main_name);
    if (lane_name)
        is_reaped |= inline_broker_remove_stream(broker, lane_name);
    return is_reaped;
}

void inline_reap_partition(struct inline_turn *turn)
{
    char *main_name = name_stream(turn, NULL);
    char *lane_name = turn->call->target ? name_stream(turn, turn->call->target) : NULL;

    inline_answer_number(turn->answer, reap(turn, main_name, lane_name));
    free(main_name);
    free(lane_name);
}

void inline_partitions_clear(struct inline_broker *broker)
{
    for (size_t i = 0; i < broker->categories.count; i++) {
        struct map *category = broker->categories.entries[i].value;

        for (size_t k = 0; category && k < category->count; k++)
            free(category->entries[k].value);
        map_release(category);
        free(category);
    }
    map_release(&broker->categories);
    inline_leases_clear(broker);
}
