/* write.h: the words of the stdio protocol, put together fast. */
#ifndef ADAPTERS_STDIO_WRITE_H
#define ADAPTERS_STDIO_WRITE_H

#include "adapter.h"
#include "base/text.h"

void stdio_write_number(struct text *line, int64_t number);
/* A JSON string; bytes that are no UTF-8 become U+FFFD. */
void stdio_write_string(struct text *line, const char *bytes, size_t size);
/* Bytes of a message: a JSON string, or {"base64": "..."} when they are no UTF-8. */
void stdio_write_bytes(struct text *line, const char *bytes, size_t size);
/* ,"key": and then the value; nothing at all for NULL. */
void stdio_write_member(struct text *line, const char *key, const char *string);
void stdio_write_count(struct text *line, const char *key, int64_t number);

/* Decodes in place: gives the size, or -1 when it is no base64. */
int64_t stdio_base64_decode(char *bytes, size_t size);
#endif
