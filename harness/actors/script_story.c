/* script_story.c: which of the calls that are kept are worth telling: those in which the message
   comes that the verdict is about, and the last ones. */
#include "actors/script_story.h"

#include <string.h>

#include "actors/script_parts.h"

enum { BEGINNING = 4, END = 4 };

/* The id of a message; of a list, that of its first one.  NULL: it is about no message. */
static const struct value *id_of(const struct value *value)
{
    if (value && value->kind == VALUE_LIST && value->count > 0)
        value = value->items[0];
    if (!value || value->role != VALUE_MESSAGE)
        return NULL;
    const struct value *id = value_get(value, "id");
    return id && id->kind == VALUE_STRING ? id : NULL;
}

static bool has_text(const struct value *id, const char *data, size_t size)
{
    return size == id->size && memcmp(data, id->text, size) == 0;
}

static bool holds_message(const struct value *value, const struct value *id)
{
    if (!value)
        return false;
    if (value->kind == VALUE_LIST) {
        for (size_t i = 0; i < value->count; i++)
            if (holds_message(value->items[i], id))
                return true;
        return false;
    }
    const struct value *own = id_of(value);
    return own && has_text(id, own->text, own->size);
}

static bool is_about(const struct script_event *event, const struct value *id)
{
    const struct script_call *call = event->call;

    if (!call)
        return false;
    for (size_t i = 0; i < call->item_count; i++)
        if (has_text(id, call->items[i].data, call->items[i].size))
            return true;
    return holds_message(call->bound ? call->bound : call->answer, id);
}

/* Ids of two streams may be alike: then more is told than is needed. */
static size_t choose_about(struct script_evidence *evidence, const struct value *id, bool *chosen)
{
    size_t found = 0, taken = 0, nth = 0;

    for (size_t i = 0; i < evidence->count; i++)
        found += is_about(script_evidence_at(evidence, i), id);
    for (size_t i = 0; i < evidence->count; i++) {
        if (!is_about(script_evidence_at(evidence, i), id))
            continue;
        chosen[i] = nth < BEGINNING || nth + END >= found;
        taken += chosen[i];
        nth++;
    }
    return taken;
}

void script_story_choose(struct script_evidence *evidence, bool *chosen)
{
    const struct value *id = id_of(evidence->about);
    size_t taken = id ? choose_about(evidence, id, chosen) : 0;

    for (size_t i = evidence->count; i > 0 && taken < SCRIPT_EVIDENCE_MAX; i--) {
        taken += !chosen[i - 1];
        chosen[i - 1] = true;
    }
}
