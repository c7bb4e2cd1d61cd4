/* memory.h: allocation for set-up paths, where running out ends the program with one line. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

void *memory_new(size_t count, size_t size) __attribute__((returns_nonnull)); /* zeroed; gives */
void *memory_grow(void *block, size_t count, size_t size) __attribute__((returns_nonnull));
char *memory_string(const char *string); /* copies; NULL gives NULL */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
