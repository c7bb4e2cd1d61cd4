/* text.c: a growing piece of text, JSON strings, and the nearest word. */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

static void reserve(struct text *text, size_t size)
{
    size_t needed = text->size + size + 1;

    if (needed <= text->capacity)
        return;
    if (needed < text->capacity * 2)
        needed = text->capacity * 2;
    text->data = memory_grow(text->data, needed, 1);
    text->capacity = needed;
}

void text_append(struct text *text, const void *bytes, size_t size)
{
    reserve(text, size);
    if (size)
        memcpy(text->data + text->size, bytes, size);
    text->size += size;
    text->data[text->size] = '\0';
}

void text_append_string(struct text *text, const char *string)
{
    text_append(text, string, strlen(string));
}

void text_appendv(struct text *text, const char *format, va_list arguments)
{
    va_list again;
    int size;

    va_copy(again, arguments);
    reserve(text, 0);
    size = vsnprintf(text->data + text->size, text->capacity - text->size, format, arguments);
    if (size >= 0 && (size_t)size >= text->capacity - text->size) {
        reserve(text, (size_t)size);
        size = vsnprintf(text->data + text->size, text->capacity - text->size, format, again);
    }
    va_end(again);
    text->size += size > 0 ? (size_t)size : 0;
    text->data[text->size] = '\0';
}

void text_appendf(struct text *text, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    text_appendv(text, format, arguments);
    va_end(arguments);
}

void text_clear(struct text *text)
{
    text->size = 0;
    if (text->data)
        text->data[0] = '\0';
}

void text_release(struct text *text)
{
    if (!text)
        return;
    free(text->data);
    *text = (struct text){0};
}

const char *text_string(const struct text *text)
{
    return text->data ? text->data : "";
}

void text_copy(char *target, size_t capacity, const char *source)
{
    size_t size = strnlen(source, capacity);

    if (capacity == 0)
        return;
    if (size == capacity)
        size--;
    memmove(target, source, size);
    target[size] = '\0';
}
