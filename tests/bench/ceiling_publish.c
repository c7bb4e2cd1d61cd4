/* ceiling_publish.c: how fast XADD can be: connections with commands in flight, one epoll loop, the
   same bytes again and again.

   ceiling_publish PORT CONNECTIONS IN_FLIGHT COUNT PAYLOAD_SIZE KEY */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "bench/raw.h"

enum { EVENTS_MAX = 256 };

struct publisher {
    struct raw *connections;
    size_t connection_count;
    char *commands; /* `in_flight` copies of one XADD */
    size_t command_size;
    uint64_t in_flight, unsent, unanswered;
    int epoll_fd;
};

static void make_commands(struct publisher *publisher, const char *key, size_t payload_size)
{
    char *payload = raw_memory(payload_size + 1, 1);
    size_t capacity = payload_size + RAW_COMMAND_MAX;
    char *command = raw_memory(capacity, 1);
    const char *words[] = {"XADD", key, "*", "data", payload};

    memset(payload, 'x', payload_size);
    publisher->command_size = raw_command(command, capacity, words, 5);
    publisher->commands = raw_memory(publisher->in_flight, publisher->command_size);
    for (uint64_t i = 0; i < publisher->in_flight; i++)
        memcpy(publisher->commands + i * publisher->command_size, command, publisher->command_size);
    free(command);
    free(payload);
}

static void send_commands(struct publisher *publisher, struct raw *raw, uint64_t count)
{
    uint64_t now = count < publisher->unsent ? count : publisher->unsent;
    size_t size = (size_t)now * publisher->command_size;

    if (now == 0)
        return;
    memcpy(raw_reserve(raw, size), publisher->commands, size);
    raw_commit(raw, size);
    publisher->unsent -= now;
    raw_flush(raw);
}

/* How many whole answers have arrived; each is the id of an entry. */
static uint64_t take_answers(struct raw *raw)
{
    const char *at = raw->in + raw->in_begin, *end = raw->in + raw->in_end;
    const char *next, *text;
    uint64_t count = 0;
    size_t size;

    while ((next = raw_bulk(at, end, &text, &size)) != NULL) {
        at = next;
        count++;
    }
    raw->in_begin = (size_t)(at - raw->in);
    return count;
}

static void publish_all(struct publisher *publisher)
{
    struct epoll_event events[EVENTS_MAX];

    for (size_t i = 0; i < publisher->connection_count; i++)
        send_commands(publisher, &publisher->connections[i], publisher->in_flight);
    while (publisher->unanswered > 0) {
        int ready = epoll_wait(publisher->epoll_fd, events, EVENTS_MAX, -1);

        for (int i = 0; i < ready; i++) {
            struct raw *raw = events[i].data.ptr;
            uint64_t answered;

            raw_fill(raw);
            answered = take_answers(raw);
            publisher->unanswered -= answered;
            raw_flush(raw);
            send_commands(publisher, raw, answered);
        }
    }
}

int main(int argc, char **argv)
{
    struct publisher publisher = {.connection_count = raw_argument(argc, argv, 2, 50),
                                  .in_flight = raw_argument(argc, argv, 3, 16),
                                  .epoll_fd = epoll_create1(0)};
    uint64_t count = raw_argument(argc, argv, 4, 1000000), begin_ns, cpu_ns;

    publisher.unsent = publisher.unanswered = count;
    make_commands(&publisher, argc > 6 ? argv[6] : "bench", raw_argument(argc, argv, 5, 100));
    publisher.connections = raw_memory(publisher.connection_count, sizeof(struct raw));
    for (size_t i = 0; i < publisher.connection_count; i++)
        raw_open(&publisher.connections[i], raw_argument(argc, argv, 1, 6379), publisher.epoll_fd);
    begin_ns = raw_now_ns();
    cpu_ns = raw_cpu_ns();
    publish_all(&publisher);
    raw_print(count, raw_now_ns() - begin_ns, raw_cpu_ns() - cpu_ns);
    for (size_t i = 0; i < publisher.connection_count; i++)
        raw_close(&publisher.connections[i]);
    free(publisher.connections);
    free(publisher.commands);
    return 0;
}
