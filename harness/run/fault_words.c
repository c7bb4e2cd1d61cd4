/* fault_words.c: what can be done to whom: one table, with the options of each word. */
#include <stdlib.h>
#include <string.h>

#include "run/fault_parts.h"
#include "run/fault_words.h"

#define HOUR_NS 3600e9

/* --- Consumers ------------------------------------------------------------------------------- */

#define RESTART                                                                                    \
    {                                                                                              \
        "restart",                                                                                 \
        SCHEMA_BOOLEAN,                                                                            \
        NULL,                                                                                      \
        0,                                                                                         \
        0,                                                                                         \
        "true",                                                                                    \
        "false: it stays away until faults are healed"},                                           \
        {"restart_after", SCHEMA_DURATION, NULL, 0, HOUR_NS, "100ms", "how long it is away"},      \
    {                                                                                              \
        "name", SCHEMA_CHOICE, "same|new", 0, 0, "same", "inside its group, when it is back"       \
    }
#define SHARE(help)                                                                                \
    {                                                                                              \
        "share", SCHEMA_PERCENT, NULL, 0, 0, "100%", help                                          \
    }
#define CALLS                                                                                      \
    {                                                                                              \
        "calls", SCHEMA_INTEGER, NULL, 0, 1e9, "0",                                                \
            "so many calls, and it is over; 0: until it is healed"                                 \
    }

static const struct schema_option CRASH[] = {
    {"moment", SCHEMA_CHOICE, "now|before_ack|during_ack|after_ack", 0, 0, "now",
     "at once, or at its next acknowledgement"},
    RESTART,
};
static const struct schema_option LEAVE[] = {RESTART};
static const struct schema_option SLOW[] = {
    {"work", SCHEMA_DURATION, NULL, 0, HOUR_NS, "10ms", "time per message; the mean of a spread"},
    {"spread", SCHEMA_CHOICE, "fixed|exponential|lognormal", 0, 0, "fixed", "of that time"},
    {"sigma", SCHEMA_NUMBER, NULL, 0.01, 5, "0.5", "of lognormal: spread of the logarithm"},
};
static const struct schema_option NACK[] = {
    SHARE("of the messages"),
    {"message", SCHEMA_TEXT, NULL, 0, 0, NULL, "this one always, and no other: shop-1#700"},
    CALLS,
};
static const struct schema_option ACK_TWICE[] = {SHARE("of the acknowledgements"), CALLS};
static const struct schema_option SKIP_ACK[] = {SHARE("of the acknowledgements"), CALLS};
static const struct schema_option LATE_ACK[] = {
    {"by", SCHEMA_DURATION, NULL, 1e6, HOUR_NS, "1s", "how late it is sent"},
    SHARE("of the acknowledgements"),
    CALLS,
};
static const struct schema_option ACK_UNKNOWN[] = {
    {"id", SCHEMA_TEXT, NULL, 0, 0, "9999999999999-0", "one that no message ever had"},
};

/* --- Producers ------------------------------------------------------------------------------- */

static const struct schema_option PRODUCER_CRASH[] = {
    {"restart_after", SCHEMA_DURATION, NULL, 0, HOUR_NS, "100ms", "how long it is away"},
};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))
#define WORD(role_, kind_, verb_, word_, options_, value_, lasts_, help_)                          \
    {                                                                                              \
        .seen = {.word = (word_),                                                                  \
                 .role = (role_),                                                                  \
                 .options = {(word_), (options_), COUNT(options_)},                                \
                 .takes_value = (value_),                                                          \
                 .lasts = (lasts_),                                                                \
                 .help = (help_)},                                                                 \
        .kind = &(kind_), .verb = (verb_)                                                          \
    }
#define CONSUMER(verb, word, options, value, lasts, help)                                          \
    WORD(SCENARIO_CONSUMER, fault_consumer_kind, verb, word, options, value, lasts, help)

static const struct fault_word WORDS[] = {
    CONSUMER(TROUBLE_CRASH, "crash", CRASH, true, false,
             "its session is cut off with messages in hand; a fresh one is opened later"),
    CONSUMER(TROUBLE_LEAVE, "leave", LEAVE, false, false,
             "it closes its session in order, and settles nothing that it has in hand"),
    {.seen = {.word = "hang",
              .role = SCENARIO_CONSUMER,
              .options = {.subject = "hang"},
              .lasts = true,
              .help = "it does nothing more, and keeps its connection"},
     .kind = &fault_consumer_kind,
     .verb = TROUBLE_HANG},
    CONSUMER(TROUBLE_SLOW, "slow", SLOW, true, true, "its work takes so long"),
    CONSUMER(TROUBLE_NACK, "nack", NACK, true, true, "it rejects messages"),
    CONSUMER(TROUBLE_ACK_TWICE, "ack_twice", ACK_TWICE, true, true,
             "what was acknowledged is acknowledged again"),
    CONSUMER(TROUBLE_ACK_UNKNOWN, "ack_unknown", ACK_UNKNOWN, true, false,
             "it acknowledges what was never delivered"),
    CONSUMER(TROUBLE_LATE_ACK, "late_ack", LATE_ACK, true, true,
             "acknowledgements are sent later, perhaps when others have the message"),
    CONSUMER(TROUBLE_SKIP_ACK, "skip_ack", SKIP_ACK, true, true, "acknowledgements are forgotten"),
    WORD(SCENARIO_PRODUCER, fault_producer_kind, 0, "crash", PRODUCER_CRASH, false, false,
         "its session is cut off with messages under way; it goes on with a fresh one"),
};

/* --- Links ----------------------------------------------------------------------------------- */

#define LINK_WORDS_MAX 32

static struct fault_word link_words[LINK_WORDS_MAX];

/* The links' own table in ours. */
static const struct fault_word *link_word_at(size_t index)
{
    const struct link_fault *fault = index < LINK_WORDS_MAX ? link_fault_at(index) : NULL;

    if (!fault)
        return NULL;
    link_words[index] =
        (struct fault_word){.seen = {.word = link_fault_word(fault),
                                     .role = SCENARIO_LINK,
                                     .options = link_fault_schema(fault),
                                     .takes_value = link_fault_schema(fault).option_count > 0,
                                     .lasts = true,
                                     .help = link_fault_help(fault)},
                            .kind = &fault_link_kind};
    return &link_words[index];
}

/* --- Looking up ------------------------------------------------------------------------------ */

static size_t count_links(void)
{
    size_t count = 0;

    while (count < LINK_WORDS_MAX && link_fault_at(count))
        count++;
    return count;
}

const struct fault_word *fault_word_at(size_t index)
{
    size_t links = count_links();

    if (index < COUNT(WORDS))
        return &WORDS[index];
    index -= COUNT(WORDS);
    if (index < links)
        return link_word_at(index);
    return fault_broker_word_at(index - links);
}

const struct fault_word *fault_word_find(const char *word, enum scenario_role role)
{
    const struct fault_word *found;

    for (size_t i = 0; (found = fault_word_at(i)) != NULL; i++)
        if (found->seen.role == role && strcmp(found->seen.word, word) == 0)
            return found;
    return NULL;
}

const struct scenario_fault_word *fault_word_for_loader(void *context, size_t index)
{
    const struct fault_word *word = fault_word_at(index);

    (void)context;
    return word ? &word->seen : NULL;
}

const struct schema_value *fault_value(const struct fault *fault, const char *key)
{
    return schema_get(&fault->word->seen.options, fault->values, key);
}

const struct schema_value *fault_main_value(const struct fault *fault)
{
    return &fault->values[0];
}
