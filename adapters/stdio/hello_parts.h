/* hello_parts.h: what the files that read a hello share.  Private to them. */
#ifndef ADAPTERS_STDIO_HELLO_PARTS_H
#define ADAPTERS_STDIO_HELLO_PARTS_H

#include "adapters/stdio/hello.h"

/* Says what a member is, and what it must be.  -1. */
int hello_wrong(struct error *reterr, const char *key, const struct stdio_token *token,
                const char *right);
/* The string under a key of an object.  Gives (hello_free); NULL when it is absent or no string. */
char *hello_text(struct stdio_json *json, struct stdio_token *object, const char *key);
void hello_free(const char *text);
double hello_number(struct stdio_json *json, struct stdio_token *object, const char *key);
/* The member 'type' of an option or a disturbance; text when it is absent. */
int hello_type(struct stdio_json *json, struct stdio_token *object, const char *what,
               uint32_t *ret_type, struct error *reterr);

/* hello_disturbances.c: the faults of the broker. */
int hello_disturbances_read(struct stdio_json *json, struct stdio_token *list,
                            struct stdio_hello *hello, struct error *reterr);
void hello_disturbances_copy(struct stdio_hello *copy);
void hello_disturbances_release(struct stdio_hello *hello);

#endif
