/* settings.h: the options of an inline broker, as a table and as numbers. */
#ifndef INLINE_SETTINGS_H
#define INLINE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "adapter.h"

struct inline_settings {
    uint32_t max_retries;
    uint64_t retry_delay_ns, message_timeout_ns, redelivery_ns;
    double backoff_multiplier;
    bool has_dead_letters; /* the broker itself moves what used up its retries */
    bool retains_all;      /* false: what every group has settled is dropped */
    uint32_t declared;     /* of enum adapter_capability */
};

enum { INLINE_OPTION_COUNT = 8 };

extern const struct adapter_option inline_options[INLINE_OPTION_COUNT];

void inline_settings_read(struct inline_settings *settings, const struct adapter_config *config);
/* The profile that follows from them. */
void inline_settings_profile(const struct inline_settings *settings,
                             struct adapter_profile *ret_profile);
/* How long a message waits that has failed so many times, the first time being 1. */
uint64_t inline_settings_delay_ns(const struct inline_settings *settings, uint32_t failures);

#endif
