/* adapter.c: NATS JetStream, as a plugin on the NATS C client: options, life and the table.

   How the port is kept.  A stream is a JetStream stream with one subject, a group a durable pull
   consumer with explicit acknowledgements, an id the sequence number in the stream, redelivery the
   consumer's AckWait.  Requests are written by hand where the client library would wait for each
   message by itself: a batch of publishes, acknowledgements or messages costs one round trip.

   What JetStream does not have, and what the suite taught about it:
   - An acknowledgement is answered alike whether it changed anything or not.  So each process
   keeps what its sessions have in hand (book.c); for anything else the consumer is asked before and
   after, and an acknowledgement is true when one message less is pending.  Somebody else who
   settles at the very same moment can make that answer wrong.
   - Consumers have no members: what a consumer name had in hand when it crashed comes back after
   AckWait, to anybody.  Sooner only because we remember it: in the same process (book.c), and for
   reads that name their consumer in a message at the server (roll.c).
   - MaxAckPending is 1000 unless said otherwise, and a group then stops in silence.  Here it is not
   limited.
   - A stream that somebody deletes answers with "no responders", and a consumer that somebody
   deletes does not answer pull requests at all: both are looked for, and made again.
   - An acknowledgement or nack has to name a delivery that is neither settled nor still to come:
   with another number a nack is passed over in silence, and the message stays away until AckWait.
   - A reader that is blocked while its stream is deleted is told that the consumer is gone; if it
   makes it again, a stream that was removed on purpose comes back.
   - A publish is answered before the consumers of its stream know of it: a read right behind it may
   be told that there is nothing.  So an empty read asks whether the stream has grown (pull.c).
   - A pull request that is not used up stays at the server, and what it brings later waits in an
   inbox that nobody looks into: who waits asks for one message, and then for those that are there.
   - What was on its way when a connection broke comes back after AckWait, behind all that was read
   meanwhile: a reader that is alone asks it back at once (lost.c).
   - While the client reconnects, it keeps what is published and sends it later.  That is switched
   off: what was refused must never arrive.
   - A server takes no message above its max_payload, 1 MiB unless somebody raised it: larger ones
   go in parts (large.c).
   - A server that is killed may forget the acknowledgements of its last moments, and delivers those
   messages again (DLV-14): it writes them down a little later.
   - Names may not hold dots, blanks, wildcards or slashes: they are encoded, and shortened with a
   digest when they grow too long for a file name. */
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

enum { OPTION_REDELIVERY, OPTION_RETRY, OPTION_STORAGE, OPTION_COUNT };

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    struct adapter_instance *instance;

    if (!config->uri || strncmp(config->uri, "nats://", 7) != 0) {
        snprintf(reterr, 256, "say where the server is: uri: nats://host:4222");
        return -1;
    }
    instance = calloc(1, sizeof(*instance));
    pthread_mutex_init(&instance->mutex, NULL);
    instance->host = host;
    instance->uri = strdup(config->uri);
    instance->created_ns = host->now_ns(host);
    instance->redelivery_ns = (uint64_t)config->settings[OPTION_REDELIVERY].number;
    instance->retry_ns = (uint64_t)config->settings[OPTION_RETRY].number;
    instance->in_memory = (int)config->settings[OPTION_STORAGE].number;
    instance->profile = (struct adapter_profile){
        .struct_size = sizeof(instance->profile),
        .trims = 1,
        .redelivery_time_ms = (uint32_t)(instance->redelivery_ns / NS_PER_MS)};
    *ret_instance = instance;
    return 0;
}

static void destroy(struct adapter_instance *instance)
{
    if (!instance)
        return;
    known_forget(instance);
    pthread_mutex_destroy(&instance->mutex);
    free(instance->uri);
    free(instance);
}

static const struct adapter_profile *profile_of(const struct adapter_instance *instance)
{
    return &instance->profile;
}

/* It connects when it is first asked for something: a server that is away is no reason not to open.
 */
static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    static atomic_ullong opened;
    struct adapter_session *session = calloc(1, sizeof(*session));

    (void)reterr;
    session->number = atomic_fetch_add(&opened, 1) + 1;
    session->instance = instance;
    session->host = host;
    session->opened_ns = host->now_ns(host);
    session->name = strdup(config->consumer ? config->consumer : config->name);
    *ret_session = session;
    return 0;
}

static void close_session(struct adapter_session *session)
{
    if (!session)
        return;
    connection_end(session);
    read_forget(session);
    free(session->name);
    free(session);
}

static const struct adapter_option options[OPTION_COUNT] = {
    [OPTION_REDELIVERY] = {"redelivery_time", ADAPTER_OPTION_DURATION, NULL, 1e6, 1e15, "30s",
                           "AckWait: after it what was not acknowledged comes again"},
    [OPTION_RETRY] = {"retry_delay", ADAPTER_OPTION_DURATION, NULL, 0, 1e15, "0ms",
                      "between a nack and the next delivery"},
    [OPTION_STORAGE] = {"storage", ADAPTER_OPTION_CHOICE, "file|memory", 0, 0, "file",
                        "where the server keeps new streams"},
};

/* The one thing that others see of this plugin. */
__attribute__((visibility("default"))) const struct broker_adapter broker_adapter = {
    .abi = BROKER_ADAPTER_ABI,
    .struct_size = sizeof(struct broker_adapter),
    .name = "nats_jetstream",
    .summary = "NATS JetStream: streams, and durable pull consumers as groups",
    .capabilities = ADAPTER_TIER_ORDERED_MESSAGING | ADAPTER_BLOCKING_READ | ADAPTER_REPLAY,
    .traits = ADAPTER_TRAIT_BLOCKS,
    .options = options,
    .option_count = OPTION_COUNT,
    .create = create,
    .destroy = destroy,
    .open = open_session,
    .close = close_session,
    .abandon = close_session,
    .profile_of = profile_of,
    .publish = publish,
    .get_next = get_next,
    .read = read_some,
    .read_blocking = read_blocking,
    .read_from = read_from,
    .ack = ack,
    .nack = nack,
    .ensure_group = ensure_group,
    .ping = ping,
    .ensure_connection = ping,
    .health_stats = health_stats,
    .info = info,
    .data_reset = data_reset,
    .trim = trim,
    .stream_depth = stream_depth,
    .stream_remove = stream_remove,
    .tamper = tamper,
};
