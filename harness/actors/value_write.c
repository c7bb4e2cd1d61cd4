/* value_write.c: values as JSON text, whole or cut short. */
#include "actors/value_json.h"

struct writer {
    struct text *text;
    size_t end; /* of the text: nothing is begun behind it */
};

static void write_value(struct writer *writer, const struct value *value);

static bool is_full(const struct writer *writer)
{
    return writer->text->size >= writer->end;
}

static void write_string(struct writer *writer, const char *bytes, size_t size)
{
    size_t room = is_full(writer) ? 0 : writer->end - writer->text->size;

    if (size > room) {
        size = room;
        while (size > 0 && ((unsigned char)bytes[size] & 0xC0) == 0x80)
            size--; /* not in the middle of a character */
    }
    text_append_json(writer->text, bytes, size);
}

static void write_items(struct writer *writer, const struct value *value)
{
    for (size_t i = 0; i < value->count; i++) {
        if (i > 0)
            text_append(writer->text, ", ", 2);
        if (is_full(writer))
            return;
        if (value->kind == VALUE_OBJECT) {
            write_string(writer, value->keys[i].text, value->keys[i].size);
            text_append(writer->text, ": ", 2);
        }
        write_value(writer, value->items[i]);
    }
}

static void write_value(struct writer *writer, const struct value *value)
{
    bool is_object = value->kind == VALUE_OBJECT;

    if (value->kind == VALUE_NULL) {
        text_append_string(writer->text, "null");
    } else if (value->kind == VALUE_BOOLEAN) {
        text_append_string(writer->text, value->boolean ? "true" : "false");
    } else if (value->kind == VALUE_NUMBER) {
        text_append(writer->text, value->text, value->size);
    } else if (value->kind == VALUE_STRING) {
        write_string(writer, value->text, value->size);
    } else {
        text_append(writer->text, is_object ? "{" : "[", 1);
        write_items(writer, value);
        text_append(writer->text, is_object ? "}" : "]", 1);
    }
}

void value_write(struct text *text, const struct value *value)
{
    struct writer writer = {text, SIZE_MAX};

    write_value(&writer, value);
}

/* Brackets that are left to close stand behind the end: what follows it says nothing new. */
void value_show(struct text *text, const struct value *value, size_t limit)
{
    struct writer writer = {text, text->size + limit};

    write_value(&writer, value);
    if (text->size <= writer.end)
        return;
    while (writer.end > 0 && ((unsigned char)text->data[writer.end] & 0xC0) == 0x80)
        writer.end--;
    text->size = writer.end;
    text_append(text, "...", 3);
}
