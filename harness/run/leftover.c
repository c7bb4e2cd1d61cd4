/* leftover.c: one entry of the undo file for each broker with private streams. */
#include "run/leftover.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "port.h"
#include "run/stage.h"
#include "run/undo.h"

/* What nobody can remove is not promised to be removed. */
static bool can_be_left(const struct broker *broker)
{
    return broker_is_somebodys(broker) &&
           port_has(broker->endpoint.adapter, ADAPTER_OP_STREAM_REMOVE);
}

/* {"streams": ["gauntlet:1a2b3c4d:orders"]}; empty: none. */
static void list_streams(const struct stage *stage, size_t broker, struct text *text)
{
    for (size_t i = 0; i < stage->cast.stream_count; i++) {
        const struct cast_stream *stream = &stage->cast.streams[i];

        if (stream->broker != broker)
            continue;
        text_append_string(text, text->size > 0 ? ", " : "{\"streams\": [");
        text_append_json(text, stream->name, strlen(stream->name));
    }
    if (text->size > 0)
        text_append_string(text, "]}");
}

/* Not where the reports go, unless faults of servers are noted there (--destructive): a folder with
   something to heal is refused by the next run. */
static int open_book(struct stage *stage, struct error *reterr)
{
    char *state, *folder;

    if (stage->undos)
        return 0;
    state = undo_state_folder();
    folder = memory_format("%s/%s", state, stage->result->run_id);
    stage->undos = undo_book_open(folder, true, stage->result->run_id, reterr);
    free(folder);
    free(state);
    return stage->undos ? 0 : -1;
}

static int note(struct stage *stage, size_t index, struct error *reterr)
{
    struct broker *broker = &stage->brokers.items[index];
    struct text streams = {0};
    int result = 0;

    list_streams(stage, index, &streams);
    if (streams.size > 0) {
        const struct undo_entry entry = {.broker = broker->endpoint.name,
                                         .adapter = broker->scenario->adapter,
                                         .uri = broker->uri_shown,
                                         .fault = UNDO_STREAMS,
                                         .undo = text_string(&streams)};

        result = open_book(stage, reterr);
        if (result == 0)
            result = undo_book_add(stage->undos, &entry, &broker->leftover, reterr);
    }
    text_release(&streams);
    return result;
}

void leftover_note(struct stage *stage)
{
    const struct scenario *scenario = stage->scenario;
    struct error error = {0};

    if (scenario->names != SCENARIO_NAMES_PRIVATE || scenario->keep)
        return;
    for (size_t i = 0; i < stage->brokers.count; i++)
        if (can_be_left(&stage->brokers.items[i]) && note(stage, i, &error) < 0) {
            result_note(stage->result, "were this run killed, its streams would stay: %s",
                        error.message);
            return;
        }
}

void leftover_strike(struct stage *stage)
{
    for (size_t i = 0; i < stage->brokers.count; i++) {
        struct broker *broker = &stage->brokers.items[i];

        if (broker->leftover)
            undo_book_strike(stage->undos, broker->leftover);
        broker->leftover = 0;
    }
}
