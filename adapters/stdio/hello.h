/* hello.h: how an adapter's process introduces itself. */
#ifndef ADAPTERS_STDIO_HELLO_H
#define ADAPTERS_STDIO_HELLO_H

#include <stdbool.h>

#include "adapter.h"
#include "adapters/stdio/json.h"
#include "base/error.h"

#define STDIO_PROTOCOL 1

/* Where the instances and sessions of an adapter live. */
enum stdio_processes {
    STDIO_PROCESS_PER_INSTANCE, /* "instance" */
    STDIO_PROCESS_PER_SESSION,  /* "session" */
    STDIO_PROCESS_SHARED        /* "shared": one for all */
};

struct stdio_hello {
    char *name, *summary;
    uint32_t capabilities, traits;
    bool operations[ADAPTER_OP_COUNT];
    enum stdio_processes processes;
    struct adapter_profile profile;
    struct adapter_option *options; /* their texts are of this hello */
    uint32_t option_count;
    struct adapter_disturbance *disturbances; /* likewise */
    uint32_t disturbance_count;
};

/* Fails, with what is wrong and what would be right. */
int stdio_hello_read(struct stdio_json *json, struct stdio_hello *ret_hello, struct error *reterr);
void stdio_hello_copy(const struct stdio_hello *hello, struct stdio_hello *ret_copy);
void stdio_hello_release(struct stdio_hello *hello);
/* "duration", of enum adapter_option_type. */
const char *stdio_hello_type_name(uint32_t type);

/* What an adapter can say of how it is built, and what that is to the harness. */
enum { STDIO_TRAIT_COUNT = 3 };
struct stdio_trait {
    const char *name;
    uint32_t flag; /* of enum adapter_trait */
};
extern const struct stdio_trait stdio_hello_traits[STDIO_TRAIT_COUNT];
/* The same of a disturbance: true or false under these names. */
enum { STDIO_DISTURBANCE_FLAG_COUNT = 5 };
extern const struct stdio_trait stdio_hello_disturbance_flags[STDIO_DISTURBANCE_FLAG_COUNT];

/* Parts that the answer to 'create' has too, for an instance under its options. */
int stdio_hello_capabilities(struct stdio_json *json, struct stdio_token *list,
                             uint32_t *ret_capabilities, struct error *reterr);
int stdio_hello_profile(struct stdio_json *json, struct stdio_token *object,
                        struct adapter_profile *ret_profile, struct error *reterr);
#endif
