/* adapter.h: the port, what the harness asks of a broker.  The only header an adapter includes.

   An adapter is code that speaks to one kind of broker.  It has *instances* (one broker, one
   configuration; an in-process broker lives in its instance) and *sessions* (what one actor uses to
   talk to it: usually one connection).  Each operation is a *call*: the harness starts it, and the
   adapter completes it exactly once, later, through call->done.

   Rules that hold for every operation
   1. Starting functions return at once and never call done or deliver themselves; both run on the
      session's own loop: from a timer, a stream event, a watch or a post.
   2. done is called exactly once for every call.  close and abandon complete what is outstanding,
   as ADAPTER_UNKNOWN where it may have happened, before they return.
   3. "No" is kept apart from "don't know": ADAPTER_REFUSED promises that it did not happen.  A lost
      reply or a deadline after sending is ADAPTER_UNKNOWN; when in doubt, ADAPTER_UNKNOWN.
   4. The adapter borrows a call and all its arguments until done returns; the harness borrows a
      result, and all it points to, until done returns.
   5. A session is used by one thread, the one its loop runs on.  Sessions of one instance may live
   on different threads: an instance protects what its sessions share.
   6. Time, timers, randomness, bytes and logging come from the host, so that the same adapter runs
   in real and in virtual time.  An adapter built on a blocking client library sets
      ADAPTER_TRAIT_BLOCKS instead: then each session gets a thread of its own, one operation at a
      time, and rule 1 is lifted: it may block, and call done inside the starting function.
   7. Payloads are the UTF-8 text of one JSON object.  Adapters never re-encode them.
   8. Growth: members are appended, never moved; struct_size says how much of a struct its maker
   knew.

   Compiles as C11, C17 and C++11. */
#ifndef BROKER_ADAPTER_H
#define BROKER_ADAPTER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define BROKER_ADAPTER_ABI 1u /* raised only when an existing member changes meaning */

/* --- What a broker promises ------------------------------------------------------------------ */

/* Promises that the checks enforce: clauses that need them, in scenarios/conformance. */
enum adapter_capability {
    ADAPTER_PUBLISH = 1u << 0,
    ADAPTER_SUBSCRIBE = 1u << 1,
    ADAPTER_CONSUMER_GROUPS = 1u << 2,
    ADAPTER_ACK_NACK = 1u << 3,
    ADAPTER_DELIVERY_GUARANTEES = 1u << 4,
    ADAPTER_MESSAGE_ORDERING = 1u << 5,
    ADAPTER_BLOCKING_READ = 1u << 6,
    ADAPTER_DEAD_LETTER_QUEUE = 1u << 7,
    ADAPTER_REPLAY = 1u << 8,
    ADAPTER_STREAM_PARTITIONING = 1u << 9
};

/* Tiers: named sets of capabilities, each with all of the one below. */
#define ADAPTER_TIER_BASIC_PUBSUB   (ADAPTER_PUBLISH | ADAPTER_SUBSCRIBE)
#define ADAPTER_TIER_SIMPLE_QUEUING (ADAPTER_TIER_BASIC_PUBSUB | ADAPTER_CONSUMER_GROUPS)
#define ADAPTER_TIER_RELIABLE_MESSAGING                                                            \
    (ADAPTER_TIER_SIMPLE_QUEUING | ADAPTER_ACK_NACK | ADAPTER_DELIVERY_GUARANTEES)
#define ADAPTER_TIER_ORDERED_MESSAGING (ADAPTER_TIER_RELIABLE_MESSAGING | ADAPTER_MESSAGE_ORDERING)
#define ADAPTER_TIER_ENTERPRISE_STREAMING                                                          \
    (ADAPTER_TIER_ORDERED_MESSAGING | ADAPTER_DEAD_LETTER_QUEUE | ADAPTER_REPLAY |                 \
     ADAPTER_STREAM_PARTITIONING | ADAPTER_BLOCKING_READ)

/* How an adapter is built; facts, not promises. */
enum adapter_trait {
    ADAPTER_TRAIT_BLOCKS = 1u << 0,     /* operations block: a thread for each session */
    ADAPTER_TRAIT_IN_PROCESS = 1u << 1, /* the broker lives in the instance and ends with it */
    ADAPTER_TRAIT_REENTRANT = 1u << 2,  /* blocking, yet one session may settle during a read */
    ADAPTER_TRAIT_DIALS = 1u << 3,      /* every byte goes through host->dial */
    ADAPTER_TRAIT_REAL_TIME = 1u << 4,  /* lives by the real clock, wherever its broker is */
    ADAPTER_TRAIT_WAITS = 1u << 5,      /* blocks where its caller does not see it: on a thread that
                                           was given to it, or in a process of its own */
    /* Its sessions are processes: isolated, each has one, and a crash of a consumer kills it.
       Without it, all sessions are in one process, and may share what they know. */
    ADAPTER_TRAIT_PROCESSES = 1u << 6
};

/* Facts that the port cannot show.  0 or NULL: not known. */
struct adapter_profile {
    uint32_t struct_size;
    uint32_t redelivery_time_ms;  /* a crashed consumer's messages are back after it */
    uint32_t retry_budget;        /* 1: the broker itself counts nacks; 0: the caller does */
    uint32_t block_cap_ms;        /* longest time one read_blocking may wait */
    uint32_t trim_granularity;    /* trim removes whole nodes of this many */
    uint32_t trims;               /* 1: trim can remove messages */
    const char *dlq_populated_by; /* "broker" or "caller" */
    /* What is neither settled nor given up comes again no sooner; 0: as redelivery_time_ms. */
    uint32_t redelivery_soonest_ms;
};

/* --- Answers --------------------------------------------------------------------------------- */

enum adapter_outcome {
    ADAPTER_DONE,       /* the broker said yes; a flag or count is in `number` */
    ADAPTER_EMPTY,      /* there was nothing: no message before the deadline, no lease, no entry */
    ADAPTER_REFUSED,    /* the broker said no, or was never asked: it surely did not happen */
    ADAPTER_UNKNOWN,    /* no answer: it may have happened */
    ADAPTER_UNSUPPORTED /* the broker has no such operation */
};

enum adapter_error {
    ADAPTER_ERROR_NONE,
    ADAPTER_ERROR_VALIDATION,    /* the arguments can never be right (an empty message) */
    ADAPTER_ERROR_CONNECTION,    /* unreachable, dropped, timed out */
    ADAPTER_ERROR_LEASE_LOST,    /* a fenced operation with a token that no longer holds */
    ADAPTER_ERROR_NOT_SUPPORTED, /* the capability is not there */
    ADAPTER_ERROR_OTHER          /* the broker's own: loading, read-only, out of memory, ... */
};

/* Bytes that need not end with a NUL. */
struct adapter_text {
    const char *data;
    size_t size;
};

/* One delivered message. */
struct adapter_entry {
    struct adapter_text id, payload;
    uint32_t attempt; /* 1 = first delivery to the group, 2 = first redelivery; 0 = not known */
    uint32_t flags;   /* of enum adapter_entry_flag */
};

enum adapter_entry_flag {
    ADAPTER_ENTRY_OWN_PENDING = 1u << 0, /* served again to the same consumer name */
    ADAPTER_ENTRY_RECLAIMED = 1u << 1    /* taken over from another consumer */
};

/* What became of one item of a batch. */
struct adapter_item {
    uint32_t outcome, error;
    int64_t number;         /* ack and nack: 1 true, 0 false */
    struct adapter_text id; /* publish: the id it was stored under */
};

enum adapter_result_flag {
    /* The connection was lost and made again since this session's last result: what was in its
       hands may come again, and order starts a new epoch. */
    ADAPTER_RESULT_RECONNECTED = 1u << 0
};

struct adapter_result {
    uint32_t struct_size;
    uint32_t outcome;         /* enum adapter_outcome, of the whole call */
    uint32_t error;           /* enum adapter_error */
    uint32_t attempts;        /* times the command was sent; over 1 means copies are possible */
    uint32_t flags;           /* of enum adapter_result_flag */
    const char *detail;       /* NULL, or one line for people: the broker's own words */
    int64_t number;           /* bool (0, 1), count, or lease generation */
    struct adapter_text text; /* a JSON document: health_stats, info, dlq_list, dlq_inspect */
    const struct adapter_entry *entries; /* reads; partition_keys (the keys as ids) */
    size_t entry_count;
    /* One per item of the call, in order; or item_count 0: the whole outcome holds for each item.
       An adapter that learns only a count sets every item DONE when it equals the number asked, and
       every item UNKNOWN otherwise. */
    const struct adapter_item *items;
    size_t item_count;
};

/* --- Calls ----------------------------------------------------------------------------------- */

enum adapter_operation {
    ADAPTER_OP_PUBLISH,
    ADAPTER_OP_GET_NEXT,
    ADAPTER_OP_READ,
    ADAPTER_OP_READ_BLOCKING,
    ADAPTER_OP_ACK,
    ADAPTER_OP_NACK,
    ADAPTER_OP_SUBSCRIBE,
    ADAPTER_OP_READ_FROM,
    ADAPTER_OP_TAMPER,
    ADAPTER_OP_PING,
    ADAPTER_OP_ENSURE_CONNECTION,
    ADAPTER_OP_HEALTH_STATS,
    ADAPTER_OP_INFO,
    ADAPTER_OP_ENSURE_GROUP,
    ADAPTER_OP_DATA_RESET,
    ADAPTER_OP_DLQ_LIST,
    ADAPTER_OP_DLQ_INSPECT,
    ADAPTER_OP_DLQ_REPLAY,
    ADAPTER_OP_DLQ_REPLAY_ALL,
    ADAPTER_OP_DLQ_PURGE,
    ADAPTER_OP_DLQ_TRIM,
    ADAPTER_OP_DLQ_DEPTH,
    ADAPTER_OP_TRIM,
    ADAPTER_OP_RECORD_PARTITION,
    ADAPTER_OP_PARTITION_KEYS,
    ADAPTER_OP_REAP_PARTITION,
    ADAPTER_OP_ACQUIRE_PARTITION_LEASE,
    ADAPTER_OP_RENEW_PARTITION_LEASE,
    ADAPTER_OP_RELEASE_PARTITION_LEASE,
    ADAPTER_OP_READ_PARTITION_FENCED,
    ADAPTER_OP_ACK_PARTITION_FENCED,
    ADAPTER_OP_RECLAIM_PARTITION_PENDING,
    ADAPTER_OP_STREAM_DEPTH,
    ADAPTER_OP_STREAM_REMOVE,
    ADAPTER_OP_DISTURB,
    ADAPTER_OP_RESTORE,
    ADAPTER_OP_COUNT
};

enum adapter_tamper_verb {
    ADAPTER_TAMPER_WIPE,            /* the stream and all that belongs to it, behind our back */
    ADAPTER_TAMPER_REMOVE_GROUP,    /* the group, its position and pending entries */
    ADAPTER_TAMPER_DELETE_ENTRY,    /* the content of entry `id`, as retention would */
    ADAPTER_TAMPER_PUT_RAW,         /* store items[0] as an entry that the adapter did not write */
    ADAPTER_TAMPER_SET_FOREIGN_TYPE /* make the stream something that is no stream */
};

enum adapter_call_flag {
    ADAPTER_CALL_NO_RETRY = 1u << 0,    /* send once, whatever happens */
    ADAPTER_CALL_OWN_PENDING = 1u << 1, /* read_partition_fenced: new_messages=false */
    ADAPTER_CALL_NO_IDS = 1u << 2,      /* publish: the ids are not wanted; item ids may be empty */
    ADAPTER_CALL_PREVIEW = 1u << 3      /* disturb: tell the undo, and change nothing */
};

/* One operation under way.  Which members an operation uses stands beside it in struct
   broker_adapter; the others are zero. */
struct adapter_call {
    uint32_t struct_size;
    uint32_t operation;   /* enum adapter_operation */
    uint32_t flags;       /* of enum adapter_call_flag */
    uint32_t verb;        /* enum adapter_tamper_verb */
    uint64_t deadline_ns; /* on the host's clock: complete by then (UNKNOWN when it was sent) */
    const char *stream;   /* a stream, a DLQ queue or a partition category */
    const char *group;
    const char *consumer; /* NULL: the session's own name */
    const char *target;   /* dlq_replay*: the stream to publish to; partitions: the lane suffix */
    const char *key;      /* a partition key, or the name of a lease */
    const char *generation_key;       /* acquire: the name of the generation counter */
    const char *token;                /* fence token "<owner>:<generation>"; acquire: the owner;
                                         disturb: the argument, as text */
    const struct adapter_text *items; /* payloads, ids or queues */
    size_t item_count;
    int64_t count;       /* at most so many; may be 0 or negative, as a caller might ask */
    int64_t duration_ms; /* read_blocking: wait (0: no limit); leases: ttl; others: min idle */
    /* Complete the call.  Called once. */
    void (*done)(struct adapter_call *call, const struct adapter_result *result);
    /* subscribe only: hand over what was published; any number of times between the start and done.
     */
    void (*deliver)(struct adapter_call *call, const struct adapter_entry *entries, size_t count);
    void *context; /* the caller's own */
    void *adapter; /* the adapter's own, NULL at the start */
};

/* --- The host: what an adapter may use of the world ------------------------------------------ */

struct adapter_timer;  /* given by timer_start */
struct adapter_stream; /* given by dial */
struct adapter_watch;  /* given by watch */

struct adapter_stream_events {
    void (*opened)(void *context);
    void (*received)(void *context, const char *bytes, size_t size);
    void (*closed)(void *context, int error_number, const char *reason);
};

enum adapter_log_level {
    ADAPTER_LOG_ERROR,
    ADAPTER_LOG_WARNING,
    ADAPTER_LOG_INFO,
    ADAPTER_LOG_DEBUG
};

/* Every function takes the host first.  All but post are called on the host's loop only. */
struct adapter_host {
    uint32_t struct_size;
    uint64_t (*now_ns)(const struct adapter_host *host);
    /* Wall clock in milliseconds since 1970; in virtual time it follows the virtual clock. */
    uint64_t (*wall_ms)(const struct adapter_host *host);
    /* 64 bits keyed by (the run's seed, this host's owner, purpose, index): equal keys, equal bits.
     */
    uint64_t (*random)(const struct adapter_host *host, const char *purpose, uint64_t index);
    /* 64 bits for names that must be unique in the world: from the system; from the seed in virtual
       time. */
    uint64_t (*entropy)(const struct adapter_host *host);
    void (*log)(const struct adapter_host *host, uint32_t level, const char *line);
    /* A timer that expires once; starting with a `timer` moves it.  timer_stop frees it, also after
       it expired; NULL is fine. */
    struct adapter_timer *(*timer_start)(const struct adapter_host *host,
                                         struct adapter_timer *timer, uint64_t due_ns,
                                         void (*expired)(void *context), void *context);
    void (*timer_stop)(const struct adapter_host *host, struct adapter_timer *timer);
    /* Run function(context) on this host's loop soon.  The one call legal from any thread. */
    void (*post)(const struct adapter_host *host, void (*function)(void *context), void *context);
    /* A byte stream to "tcp://host:port" or "unix://path".  link: "read", "command" or NULL.
       Returns at once; never NULL; failure is the event closed.  Events never run inside these
       functions. */
    struct adapter_stream *(*dial)(const struct adapter_host *host, const char *address,
                                   const char *link, const struct adapter_stream_events *events,
                                   void *context);
    /* Queue bytes (copies); they leave together at the end of the loop's turn. */
    void (*stream_write)(struct adapter_stream *stream, const void *bytes, size_t size);
    /* Room for `size` bytes at the end of the queue, then how many were filled in. */
    char *(*stream_reserve)(struct adapter_stream *stream, size_t size);
    void (*stream_commit)(struct adapter_stream *stream, size_t size);
    /* End it, as a crash would (reset 1) or gracefully (0).  No event follows.  NULL is fine. */
    void (*stream_close)(struct adapter_stream *stream, int reset);
    /* Watch a descriptor of the adapter's own (real time only; NULL in virtual time).
       events: 1 readable, 2 writable; 0 ends and frees. */
    struct adapter_watch *(*watch)(const struct adapter_host *host, struct adapter_watch *watch,
                                   int fd, uint32_t events,
                                   void (*ready)(void *context, uint32_t events), void *context);
};

/* --- Options --------------------------------------------------------------------------------- */

enum adapter_option_type {
    ADAPTER_OPTION_TEXT,
    ADAPTER_OPTION_BOOLEAN,
    ADAPTER_OPTION_INTEGER,
    ADAPTER_OPTION_NUMBER,
    ADAPTER_OPTION_DURATION, /* "250ms"; number in nanoseconds */
    ADAPTER_OPTION_SIZE,     /* "4KiB"; number in bytes */
    ADAPTER_OPTION_RATE,     /* "500/s"; real per second */
    ADAPTER_OPTION_PERCENT,  /* "1%"; real 0 to 1 */
    ADAPTER_OPTION_CHOICE    /* one of choices, "a|b|c"; number is its index */
};

/* One option an adapter takes; checked by the harness before the adapter sees it. */
struct adapter_option {
    const char *key;
    uint32_t type;            /* enum adapter_option_type */
    const char *choices;      /* CHOICE only */
    double minimum, maximum;  /* both 0: no bounds */
    const char *default_text; /* NULL: absent unless given */
    const char *help;         /* one line */
};

/* Every option in the table's order, defaults filled in. */
struct adapter_setting {
    const char *key;
    const char *text; /* NULL when absent */
    int64_t number;
    double real;
};

struct adapter_config {
    uint32_t struct_size;
    const char *uri; /* NULL when none was given; may hold a password: never log it */
    const struct adapter_setting *settings;
    size_t setting_count;
    uint32_t instance_number;             /* from 0, within one run */
    const struct broker_adapter *adapter; /* the one whose create this is */
};

struct adapter_session_config {
    uint32_t struct_size;
    const char *name;     /* the actor's, for logs and links: "billing-2" */
    const char *consumer; /* consumer name inside groups; NULL: the adapter makes a unique one */
    uint32_t flags;       /* of enum adapter_session_flag */
    uint32_t reserved;
};

enum adapter_session_flag {
    /* It is there to be abandoned: whoever can gives it a process of its own, to be killed. */
    ADAPTER_SESSION_FALLS = 1u << 0
};

/* --- Faults of the broker ------------------------------------------------------------------------
 */

enum adapter_disturbance_flag {
    ADAPTER_DISTURBANCE_BARE = 1u << 0,   /* takes no argument */
    ADAPTER_DISTURBANCE_STREAM = 1u << 1, /* needs a stream */
    ADAPTER_DISTURBANCE_GROUP = 1u << 2,  /* needs a group of that stream */
    ADAPTER_DISTURBANCE_ENTRY = 1u << 3,  /* needs the id of an entry, in items[0] */
    ADAPTER_DISTURBANCE_LASTS = 1u << 4,  /* holds until it is restored; others are over at once */
    ADAPTER_DISTURBANCE_OWN = 1u << 5     /* touches the named stream only, not the whole server */
};

/* One fault that a broker can be given by its own commands. */
struct adapter_disturbance {
    const char *key;          /* "out_of_memory" */
    uint32_t type;            /* enum adapter_option_type, of its argument */
    uint32_t flags;           /* of enum adapter_disturbance_flag */
    const char *choices;      /* CHOICE only */
    double minimum, maximum;  /* of the argument; both 0: no bounds */
    const char *default_text; /* the argument unless given; NULL: it must be given */
    const char *help;         /* one line */
};

/* --- The adapter ----------------------------------------------------------------------------- */

struct adapter_instance; /* the adapter's own; the harness never looks inside */
struct adapter_session;  /* likewise */

typedef void adapter_start(struct adapter_session *session, struct adapter_call *call);

struct broker_adapter {
    uint32_t abi;         /* BROKER_ADAPTER_ABI */
    uint32_t struct_size; /* sizeof(struct broker_adapter): members past it are absent */
    const char *name;     /* "redis" */
    const char *summary;  /* one line for people */
    uint32_t
        capabilities; /* of enum adapter_capability: what is promised unless options lower it */
    uint32_t traits;  /* of enum adapter_trait */
    const struct adapter_option *options;
    uint32_t option_count;
    uint32_t reserved;
    const struct adapter_profile *profile; /* NULL: nothing is known */

    /* Required.  create and open return at once: they dial nothing that they wait for.  0, or -1
       with one line in reterr.  The host outlives what was made with it. */
    int (*create)(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256]);
    void (*destroy)(struct adapter_instance *instance); /* after its last session; NULL is fine */
    int (*open)(struct adapter_instance *instance, const struct adapter_host *host,
                const struct adapter_session_config *config, struct adapter_session **ret_session,
                char reterr[256]);
    void (*close)(struct adapter_session *session);   /* gracefully; NULL is fine */
    void (*abandon)(struct adapter_session *session); /* as a crash would: nothing is handed back */
    /* What this instance promises under its options, and its profile; NULL: as stated above. */
    uint32_t (*declared)(const struct adapter_instance *instance);
    const struct adapter_profile *(*profile_of)(const struct adapter_instance *instance);

    /* Operations; NULL says that the broker cannot.  (members used) -> answer */
    adapter_start *publish;  /* (stream, items=payloads) -> items with ids */
    adapter_start *get_next; /* (stream, group) -> one entry, or EMPTY */
    adapter_start *read;     /* (stream, group, count) -> entries, or EMPTY */
    adapter_start
        *read_blocking;        /* (stream, group, consumer, duration_ms, count) -> entries/EMPTY */
    adapter_start *ack, *nack; /* (stream, group, items=ids) -> items with number 1 or 0 */
    adapter_start *subscribe;  /* (stream) -> deliver...; done when it ends; ping tells readiness */
    adapter_start *read_from;  /* (stream, key="start" or an id, count) -> entries after it */
    adapter_start *tamper;     /* (verb, stream, group, items=[id or raw]) -> number */
    adapter_start *ping, *ensure_connection; /* () -> number 1 or 0, never an error */
    /* () -> text: JSON object, in full in PROTOCOL.md.  `details.resources`, where known, tells of
       the broker's process: process_id, program, memory_bytes, memory_limit_bytes (0: none). */
    adapter_start *health_stats;
    adapter_start *info;             /* () -> text: JSON object, group -> facts (PROTOCOL.md) */
    adapter_start *ensure_group;     /* (stream, group) -> DONE */
    adapter_start *data_reset;       /* () -> removes all that this instance named, nothing else */
    adapter_start *dlq_list;         /* (items=queues, count) -> text: JSON array, newest first */
    adapter_start *dlq_inspect;      /* (stream=queue, items=[id]) -> text: JSON object, or EMPTY */
    adapter_start *dlq_replay;       /* (stream=queue, items=[id], target) -> number 1 or 0 */
    adapter_start *dlq_replay_all;   /* (stream=queue, target) -> number */
    adapter_start *dlq_purge;        /* (stream=queue) -> number */
    adapter_start *dlq_trim;         /* (stream=queue, items=[min id]) -> number */
    adapter_start *dlq_depth;        /* (stream=queue) -> number */
    adapter_start *trim;             /* (stream, count) -> number */
    adapter_start *record_partition; /* (stream=category, key) -> DONE */
    adapter_start *partition_keys;   /* (stream=category) -> entries, keys as ids */
    adapter_start *reap_partition;   /* (stream=category, key, duration_ms, target) -> number */
    adapter_start *acquire_partition_lease; /* (key, generation_key, token=owner, duration_ms) ->
                                               number=generation, or EMPTY */
    adapter_start *renew_partition_lease;   /* (key, token, duration_ms) -> number */
    adapter_start *release_partition_lease; /* (key, token) -> number */
    adapter_start *read_partition_fenced; /* (stream, group, consumer, key, token, count, flags) ->
                                             entries, EMPTY, or REFUSED with LEASE_LOST */
    adapter_start *ack_partition_fenced;  /* (stream, items=[id], group, key, token) -> number */
    adapter_start *reclaim_partition_pending; /* (stream, group, consumer, duration_ms, count) ->
                                                 entries, or EMPTY */
    /* For a run's own books and its tidying up; not part of the broker's contract. */
    adapter_start *stream_depth; /* (stream) -> number of entries stored now */
    adapter_start
        *stream_remove; /* (stream) -> the stream and all that this adapter keeps for it */
    /* Faults that the broker can be given by its own commands, on the session of the call.  What a
       disturbance changes, its undo puts back: a JSON object that any later session can restore,
       also in another process, and that holds no secret. */
    const struct adapter_disturbance *disturbances;
    uint64_t disturbance_count;
    adapter_start *disturb; /* (key=disturbance, token=argument, stream, group, items=[id], flags)
                               -> text: the undo; number: things hit */
    adapter_start *restore; /* (items=[undo]) -> DONE, also when there is nothing left to undo */
    /* Added in 1.1: append only, never reorder. */
};

/* True when this adapter was built with the member and filled it in. */
#define ADAPTER_HAS(adapter, member)                                                               \
    ((adapter)->struct_size >=                                                                     \
         offsetof(struct broker_adapter, member) + sizeof((adapter)->member) &&                    \
     (adapter)->member != NULL)

/* A plugin exports this one object; dlsym finds data, so no function-pointer cast is needed. */
extern const struct broker_adapter broker_adapter;

#ifdef __cplusplus
}
#endif
#endif
