/* reply.c: hiredis's reader with object functions of our own, which build replies in an arena. */
#include "reply.h"

#include <stdlib.h>
#include <string.h>

#include <hiredis/read.h>

/* More elements than any command of ours can answer with: a broken or hostile server. */
#define ELEMENT_COUNT_MAX (1 << 24)

static struct redis_reply *place_of(const redisReadTask *task, enum redis_reply_type type)
{
    struct redis_arena *arena = task->privdata;
    struct redis_reply *reply;

    if (task->parent) {
        struct redis_reply *parent = task->parent->obj;

        reply = &parent->elements[task->idx];
    } else {
        reply = redis_arena_take(arena, sizeof(*reply));
    }
    if (reply) {
        reply->type = type;
        reply->size = 0;
        reply->number = 0;
    }
    return reply;
}

static void *create_string(const redisReadTask *task, char *text, size_t size)
{
    struct redis_reply *reply = place_of(task, (enum redis_reply_type)task->type);

    if (!reply)
        return NULL;
    reply->text = redis_arena_copy(task->privdata, text, size);
    reply->size = size;
    return reply->text ? reply : NULL;
}

static void *create_array(const redisReadTask *task, int count)
{
    struct redis_reply *reply = place_of(task, REDIS_ARRAY);

    if (!reply || count < 0 || count > ELEMENT_COUNT_MAX)
        return NULL;
    reply->elements = redis_arena_take(task->privdata, (size_t)count * sizeof(*reply));
    reply->size = (size_t)count;
    return reply->elements ? reply : NULL;
}

static void *create_integer(const redisReadTask *task, long long number)
{
    struct redis_reply *reply = place_of(task, REDIS_INTEGER);

    if (reply)
        reply->number = number;
    return reply;
}

static void *create_nil(const redisReadTask *task)
{
    return place_of(task, REDIS_NIL);
}

static void free_nothing(void *reply)
{
    (void)reply;
}

static redisReplyObjectFunctions *object_functions(void)
{
    static redisReplyObjectFunctions functions = {
        .createString = create_string,
        .createArray = create_array,
        .createInteger = create_integer,
        .createNil = create_nil,
        .freeObject = free_nothing,
    };

    return &functions;
}

int redis_reader_open(struct redis_reader *reader)
{
    if (reader->parser)
        redisReaderFree(reader->parser);
    reader->parser = redisReaderCreateWithFunctions(object_functions());
    if (!reader->parser)
        return -1;
    reader->parser->maxbuf = 0; /* keep the buffer, whatever its size */
    reader->parser->privdata = &reader->arena;
    return 0;
}

void redis_reader_release(struct redis_reader *reader)
{
    if (reader->parser)
        redisReaderFree(reader->parser);
    reader->parser = NULL;
    redis_arena_release(&reader->arena);
}

int redis_reader_feed(struct redis_reader *reader, const char *bytes, size_t size)
{
    return redisReaderFeed(reader->parser, bytes, size) == REDIS_OK ? 0 : -1;
}

int redis_reader_next(struct redis_reader *reader, const struct redis_reply **ret_reply)
{
    void *reply = NULL;

    if (redisReaderGetReply(reader->parser, &reply) != REDIS_OK)
        return -1;
    if (!reply)
        return 0;
    *ret_reply = reply;
    return 1;
}

void redis_reader_forget(struct redis_reader *reader)
{
    redis_arena_clear(&reader->arena);
}

bool redis_reader_is_between(const struct redis_reader *reader)
{
    const struct redisReader *parser = reader->parser;

    return parser && parser->ridx < 0 && parser->pos == parser->len && parser->err == 0;
}

const char *redis_reader_problem(const struct redis_reader *reader)
{
    return reader->parser && reader->parser->err ? reader->parser->errstr : "out of memory";
}

bool redis_reply_is_error(const struct redis_reply *reply, const char *word)
{
    size_t size = strlen(word);

    return reply->type == REDIS_ERROR && reply->size >= size && !memcmp(reply->text, word, size) &&
           (reply->size == size || reply->text[size] == ' ');
}

bool redis_reply_is_text(const struct redis_reply *reply)
{
    return reply && (reply->type == REDIS_STRING || reply->type == REDIS_STATUS);
}

bool redis_reply_equals(const struct redis_reply *reply, const char *text)
{
    return redis_reply_is_text(reply) && reply->size == strlen(text) &&
           !memcmp(reply->text, text, reply->size);
}

const struct redis_reply *redis_reply_at(const struct redis_reply *reply, size_t index)
{
    if (!reply || reply->type != REDIS_ARRAY || index >= reply->size)
        return NULL;
    return &reply->elements[index];
}

const struct redis_reply *redis_reply_find(const struct redis_reply *reply, const char *name)
{
    for (size_t i = 0; redis_reply_at(reply, i + 1); i += 2)
        if (redis_reply_equals(redis_reply_at(reply, i), name))
            return redis_reply_at(reply, i + 1);
    return NULL;
}

int64_t redis_reply_number(const struct redis_reply *reply, int64_t otherwise)
{
    char digits[24];
    char *end;
    long long number;

    if (reply && reply->type == REDIS_INTEGER)
        return reply->number;
    if (!redis_reply_is_text(reply) || !reply->size || reply->size >= sizeof(digits))
        return otherwise;
    memcpy(digits, reply->text, reply->size);
    digits[reply->size] = '\0';
    number = strtoll(digits, &end, 10);
    return *end ? otherwise : number;
}
