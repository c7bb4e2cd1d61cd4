/* phrase.h: an expectation taken apart into words and comparison signs. */
#ifndef SCENARIO_PHRASE_H
#define SCENARIO_PHRASE_H

#include <stdbool.h>
#include <stddef.h>

#define PHRASE_WORDS_MAX     8u
#define PHRASE_WORD_SIZE_MAX 80u

struct phrase {
    char words[PHRASE_WORDS_MAX][PHRASE_WORD_SIZE_MAX];
    size_t count;
};

/* "lost==0" has three words, as "lost == 0" has.  False when there are too many, or one too long.
 */
bool phrase_split(const char *text, struct phrase *ret_phrase);
/* The word at an index, "" past the end. */
const char *phrase_word(const struct phrase *phrase, size_t index);
/* The words from an index on, with single spaces between them: "5 ms". */
void phrase_rest(const struct phrase *phrase, size_t index, char *buffer, size_t capacity);

#endif
