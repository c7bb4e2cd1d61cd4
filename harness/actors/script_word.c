/* script_word.c: the words of the language, those of the port included. */
#include <string.h>

#include "actors/script_control.h"

/* Those that are written out here; every other operation is one call. */
#define MAP SCRIPT_SHAPE_MAP

static const struct script_word words[] = {
    {"subscribe", "stream!", script_begin_subscribe, MAP, true},
    {"drain", "stream! group! by count ack consumer timeout quiet most", script_begin_drain, MAP,
     true},
    {"check", "value!", script_begin_check, MAP, true},
    {"capabilities", "", script_begin_capabilities, MAP, true},
    {"wait", "", script_begin_wait, SCRIPT_SHAPE_SCALAR, false},
    {"parallel", "times! as steps!", script_begin_parallel, SCRIPT_SHAPE_THREADS, false},
    {"repeat", "times for every until as steps!", script_begin_repeat, MAP, false},
    {"for_each", "in! as steps!", script_begin_for_each, MAP, false},
    {"when", "value! expect! steps otherwise", script_begin_when, MAP, false},
    {"let", "", script_begin_let, SCRIPT_SHAPE_FREE, false},
    {"open", "session instance consumer apart", script_begin_open, MAP, false},
    {"close", "session", script_begin_close, MAP, false},
    {"crash", "session", script_begin_crash, MAP, false},
    {"reopen", "session instance consumer", script_begin_reopen, MAP, false},
    {"server", "", script_begin_server, SCRIPT_SHAPE_SCALAR, false},
    {"link", "", script_begin_link, SCRIPT_SHAPE_FREE, false},
    {"inconclusive_unless", "value! expect! because", script_begin_unless, MAP, false},
};

enum { WORD_COUNT = sizeof(words) / sizeof(words[0]) };

const struct script_word *script_word_at(size_t index)
{
    return index < WORD_COUNT ? &words[index] : NULL;
}

static const struct script_word operation_word = {NULL, "", script_begin_operation, MAP, true};

const struct script_word *script_word_find(const char *name)
{
    for (size_t i = 0; i < WORD_COUNT; i++)
        if (strcmp(words[i].name, name) == 0)
            return &words[i];
    return script_operation_find(name) ? &operation_word : NULL;
}
