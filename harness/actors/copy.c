/* copy.c: deep copies into one block.

   struct | array of items | array of entries | bytes of all texts

   The arrays come first, so that they need no padding; the bytes need no alignment. */
#include "actors/copy.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- Bytes ------------------------------------------------------------------------------------ */

static void put_text(char **at, struct adapter_text *text)
{
    if (!text->data)
        return;
    if (text->size > 0)
        memcpy(*at, text->data, text->size);
    text->data = *at;
    *at += text->size;
}

static size_t string_size(const char *string)
{
    return string ? strlen(string) + 1 : 0;
}

static void put_string(char **at, const char **string)
{
    size_t size = string_size(*string);

    if (!*string)
        return;
    memcpy(*at, *string, size);
    *string = *at;
    *at += size;
}

/* --- Entries ---------------------------------------------------------------------------------- */

static size_t entries_size(const struct adapter_entry *entries, size_t count)
{
    size_t size = count * sizeof(*entries);

    for (size_t i = 0; i < count; i++)
        size += entries[i].id.size + entries[i].payload.size;
    return size;
}

static void put_entries(struct adapter_entry *to, const struct adapter_entry *entries, size_t count,
                        char **at)
{
    if (count > 0)
        memcpy(to, entries, count * sizeof(*entries));
    for (size_t i = 0; i < count; i++) {
        put_text(at, &to[i].id);
        put_text(at, &to[i].payload);
    }
}

struct adapter_entry *copy_entries(const struct adapter_entry *entries, size_t count)
{
    struct adapter_entry *copy = memory_new(1, entries_size(entries, count) + 1);
    char *at = (char *)(copy + count);

    put_entries(copy, entries, count, &at);
    return copy;
}

/* --- Calls ------------------------------------------------------------------------------------ */

enum { STRING_COUNT = 7 };

/* Where a call keeps its strings. */
static void find_strings(struct adapter_call *call, const char **strings[STRING_COUNT])
{
    const char **found[STRING_COUNT] = {&call->stream, &call->group, &call->consumer,
                                        &call->target, &call->key,   &call->generation_key,
                                        &call->token};

    memcpy(strings, found, sizeof(found));
}

static size_t call_size(struct adapter_call *call)
{
    const char **strings[STRING_COUNT];
    size_t size = sizeof(*call) + call->item_count * sizeof(*call->items);

    find_strings(call, strings);
    for (size_t i = 0; i < STRING_COUNT; i++)
        size += string_size(*strings[i]);
    for (size_t i = 0; i < call->item_count; i++)
        size += call->items[i].size;
    return size;
}

static void put_items(struct adapter_call *copy, struct adapter_text *items, char **at)
{
    if (copy->item_count > 0)
        memcpy(items, copy->items, copy->item_count * sizeof(*items));
    for (size_t i = 0; i < copy->item_count; i++)
        put_text(at, &items[i]);
    copy->items = items;
}

struct adapter_call *copy_call(const struct adapter_call *call)
{
    const char **strings[STRING_COUNT];
    struct adapter_call lent = *call;
    struct adapter_call *copy = memory_new(1, call_size(&lent));
    struct adapter_text *items = (struct adapter_text *)(copy + 1);
    char *at = (char *)(items + call->item_count);

    *copy = lent;
    copy->done = NULL;
    copy->deliver = NULL;
    copy->context = copy->adapter = NULL;
    put_items(copy, items, &at);
    find_strings(copy, strings);
    for (size_t i = 0; i < STRING_COUNT; i++)
        put_string(&at, strings[i]);
    return copy;
}

/* --- Results ---------------------------------------------------------------------------------- */

static size_t result_size(const struct adapter_result *result)
{
    size_t size = sizeof(*result) + result->item_count * sizeof(*result->items);

    for (size_t i = 0; i < result->item_count; i++)
        size += result->items[i].id.size;
    return size + entries_size(result->entries, result->entry_count) + result->text.size +
           string_size(result->detail);
}

struct adapter_result *copy_result(const struct adapter_result *result)
{
    struct adapter_result *copy = memory_new(1, result_size(result));
    struct adapter_item *items = (struct adapter_item *)(copy + 1);
    struct adapter_entry *entries = (struct adapter_entry *)(items + result->item_count);
    char *at = (char *)(entries + result->entry_count);

    *copy = *result;
    if (result->item_count > 0)
        memcpy(items, result->items, result->item_count * sizeof(*items));
    for (size_t i = 0; i < result->item_count; i++)
        put_text(&at, &items[i].id);
    put_entries(entries, result->entries, result->entry_count, &at);
    put_text(&at, &copy->text);
    put_string(&at, &copy->detail);
    copy->items = items;
    copy->entries = entries;
    return copy;
}
