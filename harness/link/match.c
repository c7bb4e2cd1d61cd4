/* match.c: links, operations, messages, attempts. */
#include "link/match.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/identity.h"
#include "base/memory.h"
#include "link/command.h"
#include "link/operation.h"

/* --- Links ----------------------------------------------------------------------------------- */

/* "billing" means "billing-2" and "billing-2.read"; "billing-2" means "billing-2.read". */
bool match_link(const struct rule *rule, const char *link)
{
    const char *name = rule->match.link;
    size_t size = name ? strlen(name) : 0;

    if (!name)
        return true;
    if (strncmp(name, link, size) != 0)
        return false;
    link += size;
    if (*link == '-' && !strchr(name, '.'))
        link += 1 + strspn(link + 1, "0123456789");
    return *link == '\0' || *link == '.';
}

/* --- Operations ------------------------------------------------------------------------------ */

static bool has_edge(const struct rule *rule, const struct frame *frame)
{
    switch (rule->match.edge) {
    case LINK_EDGE_REQUEST:
        return frame->way == WAY_UP;
    case LINK_EDGE_REPLY:
    case LINK_EDGE_MID_REPLY:
        return frame->way == WAY_DOWN;
    case LINK_EDGE_CONNECT:
        return false;
    case LINK_EDGE_ANY:
        break;
    }
    return true;
}

/* A command that means one thing is believed; of one that may mean several, what its owner is doing
   decides; of one that says nothing, that alone.  What only looks is not the moment of an operation
   that changes something. */
static bool has_operation(const struct rule *rule, const struct frame *frame)
{
    const struct command *command = frame->command;
    uint64_t wanted = rule->operations;

    if (!rule->op)
        return true;
    if (!wanted)
        return frame->word && strcasecmp(frame->word, rule->op) == 0;
    if (command && (command->traits & COMMAND_LOOKS))
        wanted &= operation_looking();
    if (!command || (command->traits & COMMAND_OPAQUE))
        return frame->operations & wanted;
    if ((command->operations & wanted) || (command->traits & COMMAND_SETS_UP))
        return command->operations & wanted;
    return (frame->operations & wanted) && !(frame->operations & command->operations);
}

/* What is meant by the reply of a read is one that brings something. */
static bool is_idle_read(const struct rule *rule, const struct frame *frame)
{
    return frame->way == WAY_DOWN && !frame->delivers && rule->operations &&
           (rule->operations & operation_set("read"));
}

/* --- Which one ------------------------------------------------------------------------------- */

/* Whether a request will bring something nobody knows: of those with the same number and no turn
   asked for, the first one to come is meant. */
static bool is_nth(const struct rule *rule, const struct frame *frame)
{
    const struct link_match *match = &rule->match;
    bool is_request = frame->way == WAY_UP;

    if (!match->nth)
        return true;
    if (frame->number != match->nth)
        return false;
    if (match->empty)
        return frame->turn == match->empty && (is_request || !frame->delivers);
    return is_request || frame->delivers;
}

/* --- Content --------------------------------------------------------------------------------- */

static bool contains(const char *bytes, size_t size, const char *text)
{
    return bytes && memmem(bytes, size, text, strlen(text)) != NULL;
}

static bool carries(const struct rule *rule, const struct frame *frame)
{
    const char *text = rule->match.carries;

    return !text || contains(frame->bytes, frame->size, text) ||
           contains(frame->request, frame->request_size, text);
}

/* The next identity in the bytes, and where to go on; NULL when there is none. */
static const char *next_identity(const char *bytes, const char *end, struct identity *ret)
{
    static const char head[] = IDENTITY_HEAD;
    size_t head_size = sizeof(head) - 1;

    while (bytes && (size_t)(end - bytes) >= IDENTITY_BODY_OFFSET) {
        const char *at = memmem(bytes, (size_t)(end - bytes), head, head_size);
        char digits[32];

        if (!at || (size_t)(end - at) < IDENTITY_BODY_OFFSET)
            return NULL;
        bytes = at + head_size;
        memcpy(digits, bytes, 24); /* rrrrrrrr-tttt-ssssssssss */
        digits[8] = digits[13] = digits[24] = '\0';
        ret->track = (uint32_t)strtoul(digits + 9, NULL, 16);
        ret->sequence = strtoull(digits + 14, NULL, 16);
        return bytes;
    }
    return NULL;
}

static bool is_wanted(const struct rule *rule, const struct identity *identity)
{
    return !rule->match.has_message ||
           (identity->track == rule->match.track && identity->sequence == rule->match.sequence);
}

/* The how-manieth time that this message comes past the rule. */
static uint64_t count_attempt(struct rule *rule, const struct identity *identity)
{
    const uint64_t key[2] = {identity->track, identity->sequence};
    uintptr_t *count = map_get(&rule->attempts, key, sizeof(key));

    if (!count) {
        count = memory_new(1, sizeof(*count));
        map_set(&rule->attempts, key, sizeof(key), count);
    }
    return ++*count;
}

/* Every message counts, also when an earlier one has matched. */
static bool find_message(struct rule *rule, const char *bytes, size_t size)
{
    const char *end = bytes + size;
    struct identity identity;
    bool is_found = false;

    while ((bytes = next_identity(bytes, end, &identity)) != NULL) {
        if (!is_wanted(rule, &identity))
            continue;
        if (!rule->match.attempt || count_attempt(rule, &identity) == rule->match.attempt)
            is_found = true;
    }
    return is_found;
}

static bool has_message(struct link_faults *faults, struct rule *rule, const struct frame *frame)
{
    bool is_found;

    if (!rule->match.has_message && !rule->match.attempt)
        return true;
    pthread_mutex_lock(&faults->mutex);
    is_found = find_message(rule, frame->bytes, frame->size);
    /* A reply to a request that carried it: one exchange, one attempt. */
    if (!is_found && frame->request && rule->match.edge != LINK_EDGE_ANY)
        is_found = find_message(rule, frame->request, frame->request_size);
    pthread_mutex_unlock(&faults->mutex);
    return is_found;
}

/* --- All of it ------------------------------------------------------------------------------- */

bool match_frame(struct link_faults *faults, struct rule *rule, const struct frame *frame)
{
    return has_edge(rule, frame) &&
           (!rule->match.exchange || rule->match.exchange == frame->index) && is_nth(rule, frame) &&
           has_operation(rule, frame) && !is_idle_read(rule, frame) && carries(rule, frame) &&
           has_message(faults, rule, frame);
}

bool match_first_message(const struct frame *frame, uint32_t *ret_track, uint64_t *ret_sequence)
{
    struct identity identity;

    if (!next_identity(frame->bytes, frame->bytes + frame->size, &identity) &&
        !(frame->request &&
          next_identity(frame->request, frame->request + frame->request_size, &identity)))
        return false;
    *ret_track = identity.track;
    *ret_sequence = identity.sequence;
    return true;
}
