/* tally.c: exchanges by command. */
#include "link/tally.h"

#include <stdlib.h>
#include <strings.h>

#include "base/memory.h"
#include "link/exchange.h"

struct link_name *link_name_new(void)
{
    struct link_name *name = memory_new(1, sizeof(*name));

    pthread_mutex_init(&name->mutex, NULL);
    return name;
}

void link_name_free(struct link_name *name)
{
    struct tally *next;

    if (!name)
        return;
    for (struct tally *tally = name->tallies; tally; tally = next) {
        next = tally->next;
        free(tally->word);
        free(tally);
    }
    pthread_mutex_destroy(&name->mutex);
    free(name);
}

/* A link speaks a handful of commands. */
static struct tally *find(struct link_name *name, const char *word)
{
    struct tally *tally = name->tallies;

    while (tally && strcasecmp(tally->word, word) != 0)
        tally = tally->next;
    if (tally)
        return tally;
    tally = memory_new(1, sizeof(*tally));
    *tally = (struct tally){.word = memory_string(word), .next = name->tallies};
    name->tallies = tally;
    return tally;
}

uint64_t tally_count(struct link_name *name)
{
    uint64_t index;

    pthread_mutex_lock(&name->mutex);
    index = ++name->exchange_count;
    pthread_mutex_unlock(&name->mutex);
    return index;
}

void tally_begin(struct link_name *name, struct exchange *exchange)
{
    struct tally *tally;

    pthread_mutex_lock(&name->mutex);
    exchange->index = ++name->exchange_count;
    tally = find(name, exchange->word);
    exchange->number = tally->brought + ++tally->open;
    exchange->turn = tally->in_a_row + 1;
    exchange->is_open = true;
    pthread_mutex_unlock(&name->mutex);
}

void tally_answer(struct link_name *name, struct exchange *exchange, bool brings)
{
    struct tally *tally;

    if (!exchange->is_open)
        return;
    pthread_mutex_lock(&name->mutex);
    tally = find(name, exchange->word);
    tally->open--;
    exchange->is_open = false;
    exchange->number = tally->brought + 1;
    exchange->turn = tally->in_a_row + 1;
    tally->brought += brings;
    tally->in_a_row = brings ? 0 : tally->in_a_row + 1;
    pthread_mutex_unlock(&name->mutex);
}

void tally_forget(struct link_name *name, struct exchange *exchange)
{
    if (!exchange->is_open)
        return;
    pthread_mutex_lock(&name->mutex);
    find(name, exchange->word)->open--;
    exchange->is_open = false;
    pthread_mutex_unlock(&name->mutex);
}
