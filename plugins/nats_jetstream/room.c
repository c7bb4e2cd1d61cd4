/* room.c: the entries that a read answers with. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

struct room room_make(size_t capacity)
{
    return (struct room){.entries = calloc(capacity + 1, sizeof(struct adapter_entry)),
                         .ids = calloc(capacity + 1, sizeof(char[ID_SIZE])),
                         .messages = calloc(capacity + 1, sizeof(natsMsg *)),
                         .bodies = calloc(capacity + 1, sizeof(char *)),
                         .capacity = capacity};
}

void room_free(struct room *room)
{
    for (size_t i = 0; i < room->count; i++) {
        natsMsg_Destroy(room->messages[i]);
        free(room->bodies[i]);
    }
    free(room->entries);
    free(room->ids);
    free(room->messages);
    free(room->bodies);
}

natsStatus room_add(struct room *room, struct adapter_session *session, const struct stream *stream,
                    uint64_t sequence, natsMsg *message, struct adapter_entry **ret_entry)
{
    char *id = room->ids[room->count], *body = NULL;
    struct adapter_entry *entry = &room->entries[room->count];
    size_t size = (size_t)natsMsg_GetDataLength(message);

    if (size == 0 && large_stands_for(message)) {
        natsStatus s = large_join(session, stream, message, &body, &size);

        if (s != NATS_OK) {
            natsMsg_Destroy(message);
            return s;
        }
    }
    snprintf(id, ID_SIZE, "%llu%s", (unsigned long long)sequence, stream->suffix);
    *entry = (struct adapter_entry){.id = {id, strlen(id)},
                                    .payload = {body ? body : natsMsg_GetData(message), size}};
    room->messages[room->count] = message;
    room->bodies[room->count++] = body;
    *ret_entry = entry;
    return NATS_OK;
}

void room_answer(const struct room *room, struct adapter_session *session,
                 struct adapter_call *call)
{
    answer_result(session, call,
                  (struct adapter_result){.outcome = room->count ? ADAPTER_DONE : ADAPTER_EMPTY,
                                          .attempts = 1,
                                          .entries = room->entries,
                                          .entry_count = room->count});
}
