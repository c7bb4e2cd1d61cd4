/* wire_table.c: which call an answer belongs to, and where it waits; the mutex is held. */
#include "adapters/stdio/wire_parts.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

enum {
    FREE_MAX = 256,      /* answers kept for later */
    KEPT_SIZE = 1 << 20, /* bytes of those that are worth keeping */
    TABLE_FIRST = 256
};

/* --- Memory -------------------------------------------------------------------------------------
 */

struct stdio_answer *wire_answer_new(struct stdio_wire *wire)
{
    struct stdio_answer *answer = wire->free_answers;

    if (!answer)
        return memory_new(1, sizeof(*answer));
    wire->free_answers = answer->next;
    wire->free_count--;
    answer->next = NULL;
    answer->call = NULL;
    answer->is_delivery = false;
    return answer;
}

void wire_answer_drop(struct stdio_wire *wire, struct stdio_answer *answer)
{
    if (!answer)
        return;
    if (wire->free_count >= FREE_MAX || answer->capacity > KEPT_SIZE) {
        stdio_answer_free(answer);
        return;
    }
    answer->next = wire->free_answers;
    wire->free_answers = answer;
    wire->free_count++;
}

/* --- The table ----------------------------------------------------------------------------------
 */

static struct stdio_call **slot_of(const struct stdio_wire *wire, uint64_t id)
{
    return &wire->table[id & (wire->capacity - 1)];
}

/* Two ids that did not meet in the smaller table do not meet in the larger. */
static void grow_table(struct stdio_wire *wire)
{
    struct stdio_call **old = wire->table;
    size_t count = wire->capacity;

    wire->capacity = count ? count * 2 : TABLE_FIRST;
    wire->table = memory_new(wire->capacity, sizeof(struct stdio_call *));
    for (size_t i = 0; i < count; i++)
        if (old[i])
            *slot_of(wire, old[i]->id) = old[i];
    free(old);
}

/* Ids whose place is taken by a call that lasts are left out. */
static uint64_t choose_id(struct stdio_wire *wire)
{
    if (wire->count * 2 >= wire->capacity)
        grow_table(wire);
    do
        wire->next_id++;
    while (*slot_of(wire, wire->next_id));
    return wire->next_id;
}

struct stdio_call *wire_call_add(struct stdio_wire *wire, struct stdio_mailbox *mailbox,
                                 struct adapter_call *call)
{
    struct stdio_call *asked = memory_new(1, sizeof(*asked));

    asked->id = choose_id(wire);
    asked->mailbox = mailbox;
    asked->call = call;
    *slot_of(wire, asked->id) = asked;
    wire->count++;
    if (!mailbox)
        return asked;
    asked->question = (struct stdio_question){call->operation, call->flags, call->item_count};
    asked->next = mailbox->calls;
    if (asked->next)
        asked->next->previous = asked;
    mailbox->calls = asked;
    return asked;
}

struct stdio_call *wire_call_find(const struct stdio_wire *wire, int64_t id)
{
    struct stdio_call *call = wire->capacity && id > 0 ? *slot_of(wire, (uint64_t)id) : NULL;

    return call && call->id == (uint64_t)id ? call : NULL;
}

void wire_call_leave(struct stdio_wire *wire, struct stdio_call *call)
{
    *slot_of(wire, call->id) = NULL;
    wire->count--;
}

void wire_call_forget(struct stdio_call *call)
{
    if (!call->mailbox)
        return;
    if (call->previous)
        call->previous->next = call->next;
    else
        call->mailbox->calls = call->next;
    if (call->next)
        call->next->previous = call->previous;
    call->next = call->previous = NULL;
    call->mailbox = NULL;
    call->call = NULL;
}

/* --- Mailboxes ----------------------------------------------------------------------------------
 */

void wire_wake(int fd)
{
    uint64_t one = 1;

    (void)!write(fd, &one, sizeof(one));
}

void wire_put(struct stdio_mailbox *mailbox, struct stdio_answer *answer)
{
    bool was_empty = !mailbox->first;

    answer->next = NULL;
    *mailbox->last = answer;
    mailbox->last = &answer->next;
    if (was_empty)
        wire_wake(mailbox->wake_fd);
}
