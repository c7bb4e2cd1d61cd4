/* script_word.c: the words of the language, those of the port included. */
#include <string.h>

#include "actors/script_control.h"

/* Those that are written out here; every other operation is one call. */
#define MAP SCRIPT_SHAPE_MAP

static const struct script_word words[] = {
    {"subscribe", MAP, "stream!", true, script_begin_subscribe},
    {"drain", MAP, "stream! group! by count ack consumer timeout quiet most", true,
     script_begin_drain},
    {"check", MAP, "value!", true, script_begin_check},
    {"capabilities", MAP, "", true, script_begin_capabilities},
    {"wait", SCRIPT_SHAPE_SCALAR, "", false, script_begin_wait},
    {"parallel", SCRIPT_SHAPE_THREADS, "times! as steps!", false, script_begin_parallel},
    {"repeat", MAP, "times for every until as steps!", false, script_begin_repeat},
    {"for_each", MAP, "in! as steps!", false, script_begin_for_each},
    {"when", MAP, "value! expect! steps otherwise", false, script_begin_when},
    {"let", SCRIPT_SHAPE_FREE, "", false, script_begin_let},
    {"open", MAP, "session instance consumer apart", false, script_begin_open},
    {"close", MAP, "session", false, script_begin_close},
    {"crash", MAP, "session", false, script_begin_crash},
    {"reopen", MAP, "session instance consumer", false, script_begin_reopen},
    {"server", SCRIPT_SHAPE_SCALAR, "", false, script_begin_server},
    {"link", SCRIPT_SHAPE_FREE, "", false, script_begin_link},
    {"inconclusive_unless", MAP, "value! expect! because", false, script_begin_unless},
};

enum { WORD_COUNT = sizeof(words) / sizeof(words[0]) };

const struct script_word *script_word_at(size_t index)
{
    return index < WORD_COUNT ? &words[index] : NULL;
}

static const struct script_word operation_word = {NULL, MAP, "", true,
                                                  script_begin_operation};

const struct script_word *script_word_find(const char *name)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return script_operation_find(name) ? &operation_word : NULL;
}
