/* answer_parts.h: the parts of an answer, read one by one.  Private to the files of an answer. What
   can fail gives -1, and has said in the complaint what was wrong. */
#ifndef ADAPTERS_STDIO_ANSWER_PARTS_H
#define ADAPTERS_STDIO_ANSWER_PARTS_H

#include <stdbool.h>

#include "adapters/stdio/answer.h"

/* One answer while it is read; borrows all. */
struct reading {
    struct stdio_answer *answer;
    const struct stdio_question *question;
    struct stdio_complaint *complaint;
    struct stdio_json *json;
    struct stdio_token *root;
};

/* Say what should have come; 0.  Say what is wrong with what came; -1. */
int reading_expect(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
int reading_because(struct reading *reading, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* Each fills in the answer's result from a value that is there. */
int reading_error(struct reading *reading, struct stdio_token *error);
int reading_items(struct reading *reading, struct stdio_token *list);
int reading_ids(struct reading *reading, struct stdio_token *list);
int reading_entries(struct reading *reading, struct stdio_token *list);
int reading_keys(struct reading *reading, struct stdio_token *list);
/* Words for people; NULL is none. */
void reading_detail(struct reading *reading, struct stdio_token *words);
/* Is it there, and true? */
bool reading_is_true(const struct stdio_token *token);

#endif
