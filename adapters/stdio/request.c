/* request.c: only what an operation uses is written. */
#include "adapters/stdio/request.h"

#include "adapters/stdio/operation.h"
#include "adapters/stdio/write.h"
#include "port.h"

static void write_texts(struct text *line, const struct adapter_call *call, uint32_t members)
{
    struct adapter_call lent = *call;
    uint32_t member;
    const char *key, **text;

    for (unsigned i = 0; (text = stdio_call_text(&lent, i, &member, &key)) != NULL; i++)
        if (members & member)
            stdio_write_member(line, key, *text);
}

static void write_items(struct text *line, const struct adapter_call *call)
{
    text_append_string(line, ",\"items\":[");
    for (size_t i = 0; i < call->item_count; i++) {
        if (i > 0)
            text_append(line, ",", 1);
        stdio_write_bytes(line, call->items[i].data, call->items[i].size);
    }
    text_append(line, "]", 1);
}

static void write_flags(struct text *line, uint32_t flags)
{
    if (flags & ADAPTER_CALL_NO_RETRY)
        text_append_string(line, ",\"no_retry\":true");
    if (flags & ADAPTER_CALL_OWN_PENDING)
        text_append_string(line, ",\"own_pending\":true");
    if (flags & ADAPTER_CALL_NO_IDS)
        text_append_string(line, ",\"no_ids\":true");
    if (flags & ADAPTER_CALL_PREVIEW)
        text_append_string(line, ",\"preview\":true");
}

/* Rounded up: an answer that takes the whole time is still in time. */
static void write_timeout(struct text *line, uint64_t deadline_ns, uint64_t now_ns)
{
    if (!deadline_ns)
        return;
    uint64_t left_ns = deadline_ns > now_ns ? deadline_ns - now_ns : 0;
    stdio_write_count(line, "timeout_ms", (int64_t)((left_ns + 999999) / 1000000));
}

void stdio_request_write(struct text *line, uint64_t id, uint64_t session,
                         const struct adapter_call *call, uint64_t now_ns)
{
    uint32_t members = stdio_operations[call->operation].members;

    text_append_string(line, "{\"id\":");
    stdio_write_number(line, (int64_t)id);
    stdio_write_member(line, "op", port_operations[call->operation].name);
    stdio_write_count(line, "session", (int64_t)session);
    if (members & STDIO_VERB)
        stdio_write_member(line, "verb", stdio_verb_name(call->verb));
    write_texts(line, call, members);
    if (members & STDIO_ITEMS)
        write_items(line, call);
    if (members & STDIO_COUNT)
        stdio_write_count(line, "count", call->count);
    if (members & STDIO_DURATION)
        stdio_write_count(line, "duration_ms", call->duration_ms);
    write_flags(line, call->flags);
    write_timeout(line, call->deadline_ns, now_ns);
    text_append(line, "}\n", 2);
}
