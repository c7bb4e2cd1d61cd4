/* phrase.c: words and signs. */
#include "scenario/phrase.h"

#include <stdio.h>
#include <string.h>

#define SPACES " \t\n\r"
#define SIGNS  "<>=!"

bool phrase_split(const char *text, struct phrase *ret_phrase)
{
    struct phrase phrase = {.count = 0};

    for (;;) {
        size_t size;

        text += strspn(text, SPACES);
        if (!*text)
            break;
        size = strspn(text, SIGNS);
        if (size == 0)
            size = strcspn(text, SPACES SIGNS);
        if (phrase.count == PHRASE_WORDS_MAX || size >= PHRASE_WORD_SIZE_MAX)
            return false;
        memcpy(phrase.words[phrase.count], text, size);
        phrase.words[phrase.count++][size] = '\0';
        text += size;
    }
    *ret_phrase = phrase;
    return true;
}

const char *phrase_word(const struct phrase *phrase, size_t index)
{
    return index < phrase->count ? phrase->words[index] : "";
}

void phrase_rest(const struct phrase *phrase, size_t index, char *buffer, size_t capacity)
{
    size_t used = 0;

    buffer[0] = '\0';
    for (; index < phrase->count && used < capacity; index++)
        used += (size_t)snprintf(buffer + used, capacity - used, "%s%s", used > 0 ? " " : "",
                                 phrase->words[index]);
}
