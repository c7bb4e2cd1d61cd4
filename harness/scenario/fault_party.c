/* fault_party.c: the names of those who a fault speaks of: actors, their members, their links,
   brokers. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/fault_read.h"
#include "scenario/names.h"

static const char *const ROLES[] = {
    [SCENARIO_NOBODY] = "nobody",     [SCENARIO_PRODUCER] = "producer",
    [SCENARIO_CONSUMER] = "consumer", [SCENARIO_LINK] = "link",
    [SCENARIO_BROKER] = "broker",
};

#define ROLE_COUNT (sizeof(ROLES) / sizeof(ROLES[0]))

const char *scenario_role_name(enum scenario_role role)
{
    return ROLES[role];
}

enum scenario_role fault_role(const char *key)
{
    for (size_t i = SCENARIO_PRODUCER; i < ROLE_COUNT; i++)
        if (strcmp(ROLES[i], key) == 0)
            return (enum scenario_role)i;
    return SCENARIO_NOBODY;
}

/* The number behind "NAME-"; 0 when `text` is not a member of `name`; UINT64_MAX: all of it. */
static uint64_t member_of(const char *text, size_t size, const char *name)
{
    size_t length = strlen(name);
    uint64_t member = 0;

    if (size < length || strncmp(text, name, length) != 0)
        return 0;
    if (size == length)
        return UINT64_MAX;
    if (text[length] != '-' || size == length + 1 || text[length + 1] == '0' || size > length + 8)
        return 0;
    for (size_t i = length + 1; i < size; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        member = member * 10 + (uint64_t)(text[i] - '0');
    }
    return member;
}

struct actor_list {
    const char **names;
    uint64_t *members;
    size_t count;
};

static void list_actors(const struct scenario *scenario, enum scenario_role role,
                        struct actor_list *list)
{
    size_t room = scenario->producer_count + scenario->consumer_count + 1;

    list->names = memory_new(room, sizeof(*list->names));
    list->members = memory_new(room, sizeof(*list->members));
    for (size_t i = 0; role != SCENARIO_CONSUMER && i < scenario->producer_count; i++) {
        list->names[list->count] = scenario->producers[i].name;
        list->members[list->count++] = scenario->producers[i].members;
    }
    for (size_t i = 0; role != SCENARIO_PRODUCER && i < scenario->consumer_count; i++) {
        list->names[list->count] = scenario->consumers[i].name;
        list->members[list->count++] = scenario->consumers[i].members;
    }
}

static void release_actors(struct actor_list *list)
{
    free(list->names);
    free(list->members);
}

/* Of a link: the part of the name that is an actor's. */
static size_t owner_size(enum scenario_role role, const char *name)
{
    const char *point = role == SCENARIO_LINK ? strchr(name, '.') : NULL;

    return point ? (size_t)(point - name) : strlen(name);
}

static int refuse_actor(struct loader *loader, enum scenario_role role, const char *name,
                        struct source_place place, const struct actor_list *list)
{
    char suggestion[240];

    (void)fields_suggest(name, list->names, list->count, "there is", suggestion,
                         sizeof(suggestion));
    return error_set_at(loader->reterr, place, "there is no %s '%.60s'%s",
                        role == SCENARIO_LINK ? "actor with a link" : ROLES[role], name,
                        list->count > 0 ? suggestion : "");
}

static int check_actor(struct loader *loader, enum scenario_role role, const char *name,
                       struct source_place place)
{
    struct actor_list list = {0};
    uint64_t member = 0;
    size_t i = 0;
    int result = 0;

    list_actors(loader->scenario, role, &list);
    while (i < list.count && (member = member_of(name, owner_size(role, name), list.names[i])) == 0)
        i++;
    if (i == list.count)
        result = refuse_actor(loader, role, name, place, &list);
    else if (member != UINT64_MAX && member > list.members[i])
        result = error_set_at(loader->reterr, place, "'%.60s': %s has %llu member%s", name,
                              list.names[i], (unsigned long long)list.members[i],
                              list.members[i] == 1 ? "" : "s");
    release_actors(&list);
    return result;
}

/* The broker whose replication is meant, as in "default.replication"; or NULL. */
static const struct scenario_broker *find_replication(const struct scenario *scenario,
                                                      const char *name)
{
    for (size_t i = 0; i < scenario->broker_count; i++) {
        const struct scenario_broker *broker = &scenario->brokers[i];
        size_t size = strlen(broker->name);

        if (strncmp(broker->name, name, size) == 0 &&
            strcmp(name + size, SCENARIO_REPLICATION) == 0)
            return broker;
    }
    return NULL;
}

static int check_link(struct loader *loader, const char *name, struct source_place place)
{
    const struct scenario_broker *broker = find_replication(loader->scenario, name);

    if (!broker)
        return check_actor(loader, SCENARIO_LINK, name, place);
    if (broker->spawn.replica)
        return 0;
    return error_set_at(loader->reterr, place,
                        "broker %s has no replica: say 'spawn: {command: redis-server, "
                        "replica: true}'",
                        broker->name);
}

int fault_read_party(struct loader *loader, enum scenario_role role, const struct node *node,
                     struct scenario_party *party)
{
    const char *name = fields_text(loader, ROLES[role], node);
    size_t index;

    if (!name)
        return -1;
    if (party->role != SCENARIO_NOBODY)
        return error_set_at(loader->reterr, node->place,
                            "'%s' and '%s' exclude each other here: keep one of them",
                            ROLES[party->role], ROLES[role]);
    if (role == SCENARIO_BROKER) {
        if (names_find_broker(loader->scenario, name, &index) != 0)
            return names_refuse_broker(loader, name, node->place);
    } else if ((role == SCENARIO_LINK ? check_link(loader, name, node->place)
                                      : check_actor(loader, role, name, node->place)) != 0) {
        return -1;
    }
    *party =
        (struct scenario_party){.role = role, .name = memory_string(name), .place = node->place};
    return 0;
}

/* The member that sends it: "shop" stands for "shop-1" where that is the only one. */
static int find_sender(struct loader *loader, const struct node *node, const char *text,
                       size_t size, char **ret_producer)
{
    const struct scenario *scenario = loader->scenario;

    for (size_t i = 0; i < scenario->producer_count; i++) {
        const struct scenario_producer *producer = &scenario->producers[i];
        uint64_t member = member_of(text, size, producer->name);

        if (member == 0 || (member != UINT64_MAX && member > producer->members))
            continue;
        if (producer->stream_count > 1)
            return error_set_at(loader->reterr, node->place,
                                "producer '%s' sends to several streams and numbers each by "
                                "itself: a fault can name the messages of a producer with one",
                                producer->name);
        if (member == UINT64_MAX && producer->members > 1)
            return error_set_at(loader->reterr, node->place,
                                "each member of '%s' numbers its own messages: say which, such as "
                                "%s-1#%s",
                                producer->name, producer->name, text + size + 1);
        *ret_producer = memory_format("%s-%llu", producer->name,
                                      member == UINT64_MAX ? 1ull : (unsigned long long)member);
        return 0;
    }
    return error_set_at(loader->reterr, node->place, "there is no producer '%.*s'",
                        size < 60 ? (int)size : 60, text);
}

int fault_read_message(struct loader *loader, const struct node *node, char **ret_producer,
                       uint64_t *ret_message)
{
    const char *text = fields_text(loader, "message", node);
    const char *mark = text ? strchr(text, '#') : NULL;
    char *end = NULL;

    if (!text)
        return -1;
    errno = 0;
    if (mark && mark > text && mark[1] >= '0' && mark[1] <= '9')
        *ret_message = strtoull(mark + 1, &end, 10);
    if (!end || *end || errno)
        return error_set_at(loader->reterr, node->place,
                            "'%.60s' is no message: say the producer and its number, such as "
                            "\"shop-1#700\"; the first one is 0",
                            text);
    free(*ret_producer);
    *ret_producer = NULL;
    return find_sender(loader, node, text, (size_t)(mark - text), ret_producer);
}
