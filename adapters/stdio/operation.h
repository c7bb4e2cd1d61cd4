/* operation.h: what the stdio protocol sends with each operation, and how it is answered. */
#ifndef ADAPTERS_STDIO_OPERATION_H
#define ADAPTERS_STDIO_OPERATION_H

#include "adapter.h"
#include "adapters/stdio/json.h"

/* Members of a request. */
enum stdio_member {
    STDIO_STREAM = 1u << 0,
    STDIO_GROUP = 1u << 1,
    STDIO_CONSUMER = 1u << 2,
    STDIO_TARGET = 1u << 3,
    STDIO_KEY = 1u << 4,
    STDIO_GENERATION_KEY = 1u << 5,
    STDIO_TOKEN = 1u << 6,
    STDIO_ITEMS = 1u << 7,
    STDIO_COUNT = 1u << 8,
    STDIO_DURATION = 1u << 9,
    STDIO_VERB = 1u << 10
};

/* What an answer carries when the broker said yes. */
enum stdio_answer_kind {
    STDIO_ANSWERS_NOTHING, /* no more than the id */
    STDIO_ANSWERS_IDS,     /* 'ids', one for each item */
    STDIO_ANSWERS_FLAGS,   /* 'items', true or false for each item */
    STDIO_ANSWERS_ENTRIES, /* 'entries' */
    STDIO_ANSWERS_KEYS,    /* 'ids', as many as there are */
    STDIO_ANSWERS_NUMBER,  /* 'number', a whole number, true or false */
    STDIO_ANSWERS_JSON     /* 'json', any value; null: there is none */
};

struct stdio_operation {
    uint32_t members; /* of enum stdio_member */
    uint32_t answer;  /* enum stdio_answer_kind */
};

/* Indexed by enum adapter_operation; names stand in port_operations. */
extern const struct stdio_operation stdio_operations[ADAPTER_OP_COUNT];

/* -1 when there is none of that name. */
int stdio_operation_find(struct stdio_json *json, struct stdio_token *name);

const char *stdio_verb_name(uint32_t verb);
int stdio_verb_find(struct stdio_json *json, struct stdio_token *name);

/* The member of a call that a flag of enum stdio_member with a text stands for, its name in
   `ret_key`; NULL past the last one. */
const char **stdio_call_text(struct adapter_call *call, unsigned index, uint32_t *ret_member,
                             const char **ret_key);
#endif
