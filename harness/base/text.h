/* text.h: a growing piece of text, always NUL-terminated. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>

struct text {
    char *data;            /* never NULL after the first append; freed by text_release */
    size_t size, capacity; /* bytes, without the NUL */
};

/* Appending fails only when memory does; the program then ends with a message, because no caller
   could do better: what is built here are reports and error messages. */
void text_append(struct text *text, const void *bytes, size_t size);
void text_append_string(struct text *text, const char *string);
void text_appendf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_appendv(struct text *text, const char *format, va_list arguments)
    __attribute__((format(printf, 2, 0)));
/* Append as a JSON string, quotes included; invalid UTF-8 becomes U+FFFD. */
void text_append_json(struct text *text, const char *string, size_t size);
void text_clear(struct text *text);   /* empty, memory kept */
void text_release(struct text *text); /* NULL is fine */
/* The text, "" when nothing was appended. */
const char *text_string(const struct text *text);

/* Copy `source` into `target` of `capacity` bytes, always NUL-terminated; cut when it does not fit.
 */
void text_copy(char *target, size_t capacity, const char *source);

/* The closest of `count` candidates to a misspelt word, or NULL when none is near
   (edit distance at most a third of the length, 1 at least). */
const char *text_nearest(const char *word, const char *const *candidates, size_t count);

#endif
