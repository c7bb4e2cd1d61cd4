/* script_argument.h: the words that operations take, and where they go in a call. */
#ifndef ACTORS_SCRIPT_ARGUMENT_H
#define ACTORS_SCRIPT_ARGUMENT_H

#include "actors/script_call.h"

struct script_argument {
    const char *name;
    /* Put the value of the word into the call; NULL: taken care of elsewhere (payloads). */
    int (*fill)(struct script_call *call, const struct script_argument *argument,
                const struct script_sight *sight, const struct tree *tree, struct error *reterr);
    size_t offset; /* of the member it goes to */
    void (*tell)(const struct script_call *call, const struct script_argument *argument,
                 struct text *text);
};

/* NULL when it is no word of any operation. */
const struct script_argument *script_argument_find(const char *name, size_t size);
/* One bit for each word. */
uint64_t script_argument_bit(const struct script_argument *argument);
/* Does a list such as "stream! group count" hold the word; is it needed? */
bool script_words_hold(const char *words, const char *name, bool *ret_is_needed);
/* The next word of such a list: its size, 0 at the end; *words then stands at the word. */
size_t script_words_next(const char **words, bool *ret_is_needed);

/* The payloads of a publish: message, messages, message_text, count.  In script_payload.c. */
int script_payloads_fill(struct script_call *call, const struct script_sight *sight,
                         const struct tree *arguments, struct error *reterr);

#endif
