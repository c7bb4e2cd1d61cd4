/* memory.h: allocation for set-up paths, where running out ends the program with one line. */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stddef.h>

/* Memory cannot be had: one line on stderr, and the end. */
_Noreturn void memory_give_up(size_t count, size_t size);
void *memory_new(size_t count, size_t size) __attribute__((returns_nonnull)); /* zeroed; gives */
void *memory_grow(void *block, size_t count, size_t size) __attribute__((returns_nonnull));
char *memory_string(const char *string); /* copies; NULL gives NULL */
char *memory_format(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
