/* words.c: the words of expectations. */
#include "scenario/tables.h"

#define PRODUCERS SCENARIO_NEEDS_PRODUCERS
#define CONSUMERS SCENARIO_NEEDS_CONSUMERS
#define MEETING   (PRODUCERS | CONSUMERS | SCENARIO_NEEDS_MEETING)

#define METRIC(name, needs, help)                                                                  \
    {                                                                                              \
        name, SCENARIO_UNIT_NS, false, false, needs, help                                          \
    }
#define RATE(name, needs, help)                                                                    \
    {                                                                                              \
        name, SCENARIO_UNIT_PER_SECOND, false, false, needs, help                                  \
    }
#define COUNT(name, needs, help)                                                                   \
    {                                                                                              \
        name, SCENARIO_UNIT_COUNT, false, false, needs, help                                       \
    }
#define ANOMALY(name, needs, help)                                                                 \
    {                                                                                              \
        name, SCENARIO_UNIT_COUNT, true, false, needs, help                                        \
    }

static const struct scenario_word WORDS[] = {
    METRIC("publish", PRODUCERS, "time from the moment a message was due to the broker's answer"),
    METRIC("publish_service", PRODUCERS, "time from sending a message to the broker's answer"),
    METRIC("lateness", PRODUCERS | SCENARIO_NEEDS_RATE,
           "how much later than due a message was sent"),
    METRIC("deliver", MEETING, "time from due to the first delivery to a group"),
    METRIC("redeliver", MEETING, "time from due to each further delivery"),
    RATE("throughput", MEETING, "first deliveries per second"),
    RATE("max_rate", PRODUCERS | SCENARIO_NEEDS_SEARCH,
         "the highest rate that held the goal of 'rate: max'"),
    RATE("publish_rate", PRODUCERS, "accepted messages per second"),
    {"recovery", SCENARIO_UNIT_NS, false, true, MEETING | SCENARIO_NEEDS_FAULTS,
     "from the end of a fault until all that waited was caught up with, of the slowest"},
    COUNT("sent", PRODUCERS, "messages attempted"),
    COUNT("accepted", PRODUCERS, "messages the broker took"),
    COUNT("refused", PRODUCERS, "messages the broker surely did not take"),
    COUNT("unknown", PRODUCERS, "messages whose answer never came"),
    COUNT("delivered", CONSUMERS, "first deliveries, over all groups"),
    COUNT("redelivered", CONSUMERS, "further deliveries, over all groups"),
    COUNT("acked", CONSUMERS, "deliveries acknowledged"),
    COUNT("nacked", CONSUMERS, "deliveries rejected"),
    COUNT("dead_lettered", CONSUMERS, "messages that went to a dead letter queue"),
    ANOMALY("lost", MEETING, "accepted, and never delivered to a group, after a proven drain"),
    ANOMALY("unseen", MEETING, "the same, without a proven drain"),
    ANOMALY("duplicates", MEETING, "delivered again"),
    ANOMALY("phantom", CONSUMERS, "delivered, although refused or never sent"),
    ANOMALY("corrupted", MEETING, "delivered with other content"),
    ANOMALY("misrouted", PRODUCERS | CONSUMERS, "delivered on a stream it was not published to"),
    ANOMALY("reordered", MEETING, "delivered behind a later message of its producer"),
    ANOMALY("resurrected", CONSUMERS | SCENARIO_NEEDS_ACKS, "delivered after its acknowledgement"),
    ANOMALY("stranded", CONSUMERS, "delivered, never settled, and never handed out again"),
    ANOMALY("leftovers", CONSUMERS, "of an earlier run under the same names"),
    ANOMALY("foreign", CONSUMERS, "written by another program"),
};

static const struct scenario_word BROKER_WORDS[] = {
    COUNT("total_messages", 0, "messages stored, by the broker's own count"),
    COUNT("in_flight", 0, "messages delivered and not settled, by the broker's own count"),
    COUNT("dlq", 0, "messages in dead letter queues, by the broker's own count"),
};

const struct scenario_word *scenario_word_at(size_t index)
{
    return index < sizeof(WORDS) / sizeof(WORDS[0]) ? &WORDS[index] : NULL;
}

const struct scenario_word *scenario_broker_word_at(size_t index)
{
    return index < sizeof(BROKER_WORDS) / sizeof(BROKER_WORDS[0]) ? &BROKER_WORDS[index] : NULL;
}
