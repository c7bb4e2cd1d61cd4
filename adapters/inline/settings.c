/* settings.c: option texts into numbers; what the harness did not give keeps its default. */
#include "adapters/inline/settings.h"

#include <string.h>

#define DELAY_NS_MAX 1e18 /* about 30 years: a doubled delay never wraps */

const struct adapter_option inline_options[INLINE_OPTION_COUNT] = {
    {.key = "max_retries",
     .type = ADAPTER_OPTION_INTEGER,
     .maximum = 1000000,
     .default_text = "3",
     .help = "a message that failed more often than this is dead-lettered"},
    {.key = "retry_delay",
     .type = ADAPTER_OPTION_DURATION,
     .default_text = "1s",
     .help = "wait before the first retry of a nacked message"},
    {.key = "backoff_multiplier",
     .type = ADAPTER_OPTION_NUMBER,
     .minimum = 1,
     .maximum = 1000,
     .default_text = "2",
     .help = "each further retry waits so many times longer"},
    {.key = "message_timeout",
     .type = ADAPTER_OPTION_DURATION,
     .minimum = 1e6,
     .maximum = 1e18,
     .default_text = "300s",
     .help = "a delivery that is not settled within it is made again"},
    {.key = "redelivery_time",
     .type = ADAPTER_OPTION_DURATION,
     .default_text = "500ms",
     .help = "what a session that ended still held goes to other consumers after it"},
    {.key = "enable_dlq",
     .type = ADAPTER_OPTION_BOOLEAN,
     .default_text = "true",
     .help = "move messages that used up their retries to '<stream>:dlq'"},
    {.key = "declare",
     .type = ADAPTER_OPTION_CHOICE,
     .choices = "BASIC_PUBSUB|SIMPLE_QUEUING|RELIABLE_MESSAGING|ORDERED_MESSAGING|"
                "ENTERPRISE_STREAMING",
     .default_text = "ENTERPRISE_STREAMING",
     .help = "promise only what this tier holds"},
    {.key = "retain",
     .type = ADAPTER_OPTION_CHOICE,
     .choices = "all|settled",
     .default_text = "all",
     .help = "settled: drop what every existing group has settled, and do not declare REPLAY"},
};

static const uint32_t tiers[] = {ADAPTER_TIER_BASIC_PUBSUB, ADAPTER_TIER_SIMPLE_QUEUING,
                                 ADAPTER_TIER_RELIABLE_MESSAGING, ADAPTER_TIER_ORDERED_MESSAGING,
                                 ADAPTER_TIER_ENTERPRISE_STREAMING};

static void read_setting(struct inline_settings *settings, const struct adapter_setting *setting)
{
    const char *key = setting->key;
    uint64_t number = setting->number > 0 ? (uint64_t)setting->number : 0;

    if (strcmp(key, "max_retries") == 0)
        settings->max_retries = (uint32_t)number;
    else if (strcmp(key, "retry_delay") == 0)
        settings->retry_delay_ns = number;
    else if (strcmp(key, "backoff_multiplier") == 0)
        settings->backoff_multiplier = setting->real;
    else if (strcmp(key, "message_timeout") == 0)
        settings->message_timeout_ns = number;
    else if (strcmp(key, "redelivery_time") == 0)
        settings->redelivery_ns = number;
    else if (strcmp(key, "enable_dlq") == 0)
        settings->has_dead_letters = number != 0;
    else if (strcmp(key, "declare") == 0 && number < sizeof(tiers) / sizeof(tiers[0]))
        settings->declared = tiers[number];
    else if (strcmp(key, "retain") == 0)
        settings->retains_all = number == 0;
}

void inline_settings_read(struct inline_settings *settings, const struct adapter_config *config)
{
    *settings = (struct inline_settings){
        .max_retries = 3,
        .retry_delay_ns = 1000000000u,
        .message_timeout_ns = 300000000000u,
        .redelivery_ns = 500000000u,
        .backoff_multiplier = 2.0,
        .has_dead_letters = true,
        .retains_all = true,
        .declared = ADAPTER_TIER_ENTERPRISE_STREAMING,
    };
    for (size_t i = 0; config && i < config->setting_count; i++)
        if (config->settings[i].text)
            read_setting(settings, &config->settings[i]);
    if (!settings->retains_all)
        settings->declared &= ~(uint32_t)ADAPTER_REPLAY;
    if (!(settings->declared & ADAPTER_DEAD_LETTER_QUEUE))
        settings->has_dead_letters = false;
}

void inline_settings_profile(const struct inline_settings *settings,
                             struct adapter_profile *ret_profile)
{
    uint64_t soonest_ns = settings->redelivery_ns < settings->message_timeout_ns
                              ? settings->redelivery_ns
                              : settings->message_timeout_ns;

    *ret_profile = (struct adapter_profile){
        .struct_size = sizeof(*ret_profile),
        .redelivery_time_ms = soonest_ns < 1000000u ? 1 : (uint32_t)(soonest_ns / 1000000u),
        .retry_budget = 1,
        .trim_granularity = 1,
        .trims = 1,
        .dlq_populated_by = settings->has_dead_letters ? "broker" : "caller",
    };
}

uint64_t inline_settings_delay_ns(const struct inline_settings *settings, uint32_t failures)
{
    double delay = (double)settings->retry_delay_ns;
    bool grows = delay > 0 && settings->backoff_multiplier > 1;

    for (uint32_t i = 1; grows && i < failures && delay < DELAY_NS_MAX; i++)
        delay *= settings->backoff_multiplier;
    return delay < DELAY_NS_MAX ? (uint64_t)delay : (uint64_t)DELAY_NS_MAX;
}
