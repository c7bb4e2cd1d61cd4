/* payload.c: the bodies are letters drawn once; a message only gets its identity patched in. */
#include "actors/payload.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/random.h"

#define FILLER_SLACK     4096u /* so that bodies of one size differ */
#define LETTERS_PER_DRAW 10u   /* six bits each */
#define KEYED_HEAD       "{\"key\":\"k%llu\",\"pad\":\""
#define KEYED_HEAD_MAX   48u

static char *make_filler(const struct payload_plan *plan, size_t size)
{
    static const char letters[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    uint64_t draw = random_keyed(plan->seed, plan->actor, random_key("filler"), 0);
    char *filler = memory_new(size, 1);

    for (size_t i = 0; i < size; i += LETTERS_PER_DRAW) {
        uint64_t bits = draw = random_next(draw);

        for (size_t k = i; k < size && k < i + LETTERS_PER_DRAW; k++, bits >>= 6)
            filler[k] = letters[bits & 63u];
    }
    return filler;
}

/* A body of exactly `size` bytes (at least two quotes) for message `sequence`. */
static size_t write_plain_body(const struct payload_maker *maker, char *body, size_t size,
                               uint64_t sequence)
{
    size_t letters = size > 2 ? size - 2 : 0;
    size_t start = maker->is_constant ? 0 : (size_t)(sequence * 7u % FILLER_SLACK);

    body[0] = '"';
    memcpy(body + 1, maker->filler + start, letters);
    body[1 + letters] = '"';
    return letters + 2;
}

static size_t write_keyed_body(const struct payload_maker *maker, char *body, size_t size,
                               uint64_t sequence)
{
    const struct payload_plan *plan = &maker->plan;
    uint64_t bits = random_keyed(plan->seed, plan->actor, random_key("key"), sequence);
    unsigned long long key = pick_draw(&maker->key, bits, sequence);
    int head = snprintf(body, KEYED_HEAD_MAX, KEYED_HEAD, key);
    size_t used = (size_t)head + 2;
    size_t letters = size > used ? size - used : 0;

    memcpy(body + (size_t)head, maker->filler, letters);
    body[(size_t)head + letters] = '"';
    body[(size_t)head + letters + 1] = '}';
    return (size_t)head + letters + 2;
}

static size_t write_body(const struct payload_maker *maker, char *body, size_t size,
                         uint64_t sequence)
{
    if (maker->plan.body) {
        size = strlen(maker->plan.body);
        memcpy(body, maker->plan.body, size);
        return size;
    }
    if (maker->plan.keys > 0)
        return write_keyed_body(maker, body, size, sequence);
    return write_plain_body(maker, body, size, sequence);
}

static size_t body_size_of(size_t payload_size)
{
    return payload_size - IDENTITY_BODY_OFFSET - 1; /* what comes before, and the closing brace */
}

void payload_maker_init(struct payload_maker *maker, const struct payload_plan *plan)
{
    *maker = (struct payload_maker){.plan = *plan, .key = pick_make(plan->keys_pick, plan->keys)};
    if (maker->plan.size_max < IDENTITY_SIZE_MIN)
        maker->plan.size_max = IDENTITY_SIZE_MIN;
    if (maker->plan.size_min < IDENTITY_SIZE_MIN)
        maker->plan.size_min = IDENTITY_SIZE_MIN;
    maker->filler_size = maker->plan.size_max + FILLER_SLACK;
    maker->filler = make_filler(plan, maker->filler_size);
    maker->is_constant =
        plan->body || (plan->keys == 0 && maker->plan.size_min == maker->plan.size_max);
    if (maker->is_constant) {
        char *buffer = memory_new(payload_size_max(maker), 1);
        size_t size = write_body(maker, buffer, body_size_of(maker->plan.size_max), 0);

        maker->body_digest = identity_body_digest(buffer, size);
        maker->constant_size = IDENTITY_BODY_OFFSET + size + 1;
        free(buffer);
    }
}

void payload_maker_release(struct payload_maker *maker)
{
    free(maker->filler);
    maker->filler = NULL;
}

size_t payload_size_max(const struct payload_maker *maker)
{
    size_t body = maker->plan.body ? strlen(maker->plan.body)
                                   : body_size_of(maker->plan.size_max) + KEYED_HEAD_MAX;

    return IDENTITY_BODY_OFFSET + body + 1;
}

void payload_prepare(const struct payload_maker *maker, char *buffer)
{
    size_t size;

    if (!maker->is_constant)
        return;
    size = write_body(maker, buffer + IDENTITY_BODY_OFFSET, body_size_of(maker->plan.size_max), 0);
    buffer[IDENTITY_BODY_OFFSET + size] = '}';
}

/* The range of sizes that a message draws from. */
static struct payload_share draw_share(const struct payload_plan *plan, uint64_t sequence)
{
    double unit;
    size_t i = 0;

    if (plan->share_count == 0)
        return (struct payload_share){.size_min = plan->size_min, .size_max = plan->size_max};
    unit = random_unit(random_keyed(plan->seed, plan->actor, random_key("share"), sequence));
    while (i + 1 < plan->share_count && unit >= plan->shares[i].until)
        i++;
    return plan->shares[i];
}

static size_t draw_size(const struct payload_maker *maker, uint64_t sequence)
{
    const struct payload_plan *plan = &maker->plan;
    struct payload_share share;
    uint64_t bits;

    if (plan->size_min == plan->size_max)
        return plan->size_max;
    share = draw_share(plan, sequence);
    bits = random_keyed(plan->seed, plan->actor, random_key("size"), sequence);
    return share.size_min + random_below(bits, share.size_max - share.size_min + 1);
}

size_t payload_write(const struct payload_maker *maker, char *buffer,
                     const struct identity *identity)
{
    char *body = buffer + IDENTITY_BODY_OFFSET;
    size_t size;

    identity_put(buffer, identity);
    if (maker->is_constant)
        return maker->constant_size;
    size = write_body(maker, body, body_size_of(draw_size(maker, identity->sequence)),
                      identity->sequence);
    body[size] = '}';
    return IDENTITY_BODY_OFFSET + size + 1;
}

void payload_seal(const struct payload_maker *maker, char *buffer, size_t size)
{
    size_t body_size = size - IDENTITY_BODY_OFFSET - 1;

    identity_seal(buffer, maker->is_constant
                              ? maker->body_digest
                              : identity_body_digest(buffer + IDENTITY_BODY_OFFSET, body_size));
}
