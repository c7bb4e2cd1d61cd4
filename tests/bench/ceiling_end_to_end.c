/* ceiling_end_to_end.c: how fast a message can go through a Redis Stream: XADD in a pipeline,
   XREADGROUP COUNT n, one XACK for what was read.  Every message is checked: its number must be the
   next one, its bytes those that were sent.

   ceiling_end_to_end PORT COUNT IN_FLIGHT BATCH PAYLOAD_SIZE KEY */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "bench/raw.h"

#define ID_MAX        48u /* bytes of an id in a command: "$20\r\n...\r\n" */
#define NUMBER_DIGITS 16u /* at the beginning of a payload */
#define GROUP         "ceiling"

struct end_to_end {
    struct raw producer, consumer;
    int epoll_fd;
    uint64_t count, unsent, unanswered, received, unsettled;
    char *command; /* XADD; only the number in the payload changes */
    size_t command_size, payload_offset, payload_size;
    uint64_t part; /* commands sent at a time */
    char read_command[RAW_COMMAND_MAX];
    size_t read_size;
    const char *key;
    int64_t entries_left; /* of the answer to XREADGROUP that is being read */
    char *ids;            /* of what was read and not yet acknowledged, in command form */
    size_t ids_size, id_count;
    uint64_t acks_awaited;
    uint64_t first_ns, last_ns; /* deliveries */
};

/* --- Producer -------------------------------------------------------------------------------- */

static void write_number(char *at, uint64_t number)
{
    for (size_t i = NUMBER_DIGITS; i-- > 0; number >>= 4)
        at[i] = "0123456789abcdef"[number & 15];
}

static void make_command(struct end_to_end *run)
{
    size_t capacity = run->payload_size + RAW_COMMAND_MAX;
    char *payload = raw_memory(run->payload_size + 1, 1);
    const char *words[] = {"XADD", run->key, "*", "data", payload};

    memset(payload, 'x', run->payload_size);
    run->command = raw_memory(capacity, 1);
    run->command_size = raw_command(run->command, capacity, words, 5);
    run->payload_offset = run->command_size - run->payload_size - 2;
    free(payload);
}

static void send_part(struct end_to_end *run, uint64_t count)
{
    uint64_t now = count < run->unsent ? count : run->unsent;
    char *at = raw_reserve(&run->producer, (size_t)now * run->command_size);

    for (uint64_t i = 0; i < now; i++, at += run->command_size) {
        memcpy(at, run->command, run->command_size);
        write_number(at + run->payload_offset, run->count - run->unsent);
        run->unsent--;
    }
    raw_commit(&run->producer, (size_t)now * run->command_size);
    run->unanswered += now;
    raw_flush(&run->producer);
}

static void produce(struct end_to_end *run, uint64_t in_flight)
{
    const char *at = run->producer.in + run->producer.in_begin;
    const char *end = run->producer.in + run->producer.in_end;
    const char *next, *id;
    size_t size;

    while ((next = raw_bulk(at, end, &id, &size)) != NULL) {
        at = next;
        run->unanswered--;
    }
    run->producer.in_begin = (size_t)(at - run->producer.in);
    raw_flush(&run->producer);
    while (run->unsent > 0 && run->unanswered + run->part <= in_flight)
        send_part(run, run->part);
}

/* --- Consumer -------------------------------------------------------------------------------- */

static void ask_for_more(struct end_to_end *run)
{
    memcpy(raw_reserve(&run->consumer, run->read_size), run->read_command, run->read_size);
    raw_commit(&run->consumer, run->read_size);
}

static void acknowledge(struct end_to_end *run)
{
    size_t capacity = run->ids_size + RAW_COMMAND_MAX;
    char *at = raw_reserve(&run->consumer, capacity);
    int head = snprintf(at, capacity, "*%zu\r\n$4\r\nXACK\r\n$%zu\r\n%s\r\n$%zu\r\n%s\r\n",
                        run->id_count + 3, strlen(run->key), run->key, strlen(GROUP), GROUP);

    memcpy(at + head, run->ids, run->ids_size);
    raw_commit(&run->consumer, (size_t)head + run->ids_size);
    run->ids_size = run->id_count = 0;
    run->acks_awaited++;
}

static void keep_id(struct end_to_end *run, const char *id, size_t size)
{
    char *at = run->ids + run->ids_size;
    int head = snprintf(at, ID_MAX, "$%zu\r\n", size);

    memcpy(at + head, id, size);
    memcpy(at + head + size, "\r\n", 2);
    run->ids_size += (size_t)head + size + 2;
    run->id_count++;
}

static void check_message(struct end_to_end *run, const char *payload, size_t size)
{
    char number[NUMBER_DIGITS];
    const char *filler = run->command + run->payload_offset + NUMBER_DIGITS;

    write_number(number, run->received);
    if (size != run->payload_size || memcmp(payload, number, NUMBER_DIGITS) != 0 ||
        memcmp(payload + NUMBER_DIGITS, filler, size - NUMBER_DIGITS) != 0)
        raw_fail("a message is not the one that was due");
    run->received++;
}

/* [id, [data, payload]]; NULL: not all there yet. */
static const char *take_entry(struct end_to_end *run, const char *at, const char *end)
{
    const char *id, *field, *payload;
    size_t id_size, field_size, payload_size;
    int64_t number;

    if (!(at = raw_header(at, end, '*', &number)) || !(at = raw_bulk(at, end, &id, &id_size)) ||
        !(at = raw_header(at, end, '*', &number)) ||
        !(at = raw_bulk(at, end, &field, &field_size)) ||
        !(at = raw_bulk(at, end, &payload, &payload_size)))
        return NULL;
    check_message(run, payload, payload_size);
    keep_id(run, id, id_size);
    run->entries_left--;
    return at;
}

/* [[key, [entries...]]], or nil when the wait was for nothing. */
static const char *take_head(struct end_to_end *run, const char *at, const char *end)
{
    const char *key;
    int64_t number;
    size_t size;

    if (!(at = raw_header(at, end, '*', &number)))
        return NULL;
    if (number < 0) {
        ask_for_more(run);
        return at;
    }
    if (!(at = raw_header(at, end, '*', &number)) || !(at = raw_bulk(at, end, &key, &size)) ||
        !(at = raw_header(at, end, '*', &run->entries_left)))
        return NULL;
    return at;
}

static const char *take_ack(struct end_to_end *run, const char *at, const char *end)
{
    int64_t number = 0;

    at = raw_header(at, end, ':', &number);
    if (!at)
        return NULL;
    run->unsettled -= (uint64_t)number;
    run->acks_awaited--;
    return at;
}

static const char *take_next(struct end_to_end *run, const char *at, const char *end)
{
    if (run->entries_left > 0) {
        at = take_entry(run, at, end);
        if (at && run->entries_left == 0) {
            run->last_ns = raw_now_ns();
            acknowledge(run);
            ask_for_more(run);
        }
        return at;
    }
    if (at < end && *at == ':' && run->acks_awaited > 0)
        return take_ack(run, at, end);
    return take_head(run, at, end);
}

static void consume(struct end_to_end *run)
{
    const char *at = run->consumer.in + run->consumer.in_begin;
    const char *end = run->consumer.in + run->consumer.in_end;
    const char *next;

    if (run->first_ns == 0)
        run->first_ns = raw_now_ns();
    while ((next = take_next(run, at, end)) != NULL)
        at = next;
    run->consumer.in_begin = (size_t)(at - run->consumer.in);
    raw_flush(&run->consumer);
}

/* --- The run --------------------------------------------------------------------------------- */

static void open_run(struct end_to_end *run, uint64_t port, uint64_t batch)
{
    const char *const group[] = {"XGROUP", "CREATE", run->key, GROUP, "0", "MKSTREAM"};
    char count[24];
    const char *const words[] = {"XREADGROUP", "GROUP", GROUP,     "one",    "COUNT", count,
                                 "BLOCK",      "1000",  "STREAMS", run->key, ">"};

    snprintf(count, sizeof(count), "%llu", (unsigned long long)batch);
    run->epoll_fd = epoll_create1(0);
    raw_open(&run->producer, port, run->epoll_fd);
    raw_open(&run->consumer, port, run->epoll_fd);
    run->read_size = raw_command(run->read_command, RAW_COMMAND_MAX, words, 11);
    run->ids = raw_memory(batch, ID_MAX);
    make_command(run);
    raw_ask(&run->consumer, group, 6);
}

static void drive(struct end_to_end *run, uint64_t in_flight)
{
    struct epoll_event events[2];

    ask_for_more(run);
    raw_flush(&run->consumer);
    produce(run, in_flight);
    while (run->unsettled > 0) {
        int ready = epoll_wait(run->epoll_fd, events, 2, -1);

        for (int i = 0; i < ready; i++) {
            struct raw *raw = events[i].data.ptr;

            raw_fill(raw);
            if (raw == &run->producer)
                produce(run, in_flight);
            else
                consume(run);
        }
    }
}

int main(int argc, char **argv)
{
    uint64_t in_flight = raw_argument(argc, argv, 3, 1024);
    struct end_to_end run = {.count = raw_argument(argc, argv, 2, 1000000),
                             .part = in_flight < 4 ? 1 : in_flight / 4,
                             .payload_size = raw_argument(argc, argv, 5, 100),
                             .key = argc > 6 ? argv[6] : "bench"};
    uint64_t cpu_ns;

    run.unsent = run.unsettled = run.count;
    open_run(&run, raw_argument(argc, argv, 1, 6379), raw_argument(argc, argv, 4, 1000));
    cpu_ns = raw_cpu_ns();
    drive(&run, in_flight);
    raw_print(run.count, run.last_ns - run.first_ns, raw_cpu_ns() - cpu_ns);
    raw_close(&run.producer);
    raw_close(&run.consumer);
    free(run.command);
    free(run.ids);
    return 0;
}
