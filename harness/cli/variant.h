/* variant.h: --variant 'NAME: KEY=VALUE, KEY=VALUE': one scenario in several forms, side by side.
 */
#ifndef CLI_VARIANT_H
#define CLI_VARIANT_H

#include "cli/options.h"

struct variant {
    char *name;      /* "large batches"; the settings themselves when it was given none */
    char **settings; /* "consumers.0.batch=500"; none: the scenario as it stands */
    size_t setting_count;
};

struct variants {
    struct variant *items;
    size_t count; /* none, or at least two */
};

/* Read what was given.  A comma begins the next setting where KEY= follows it, outside quotes and
   brackets.  Fails (ERROR_USAGE) when one is no variant, when two have one name, and when there is
   only one: it has nothing to stand beside. */
int variants_parse(const struct option_list *texts, struct variants *ret_variants,
                   struct error *reterr);
void variants_release(struct variants *variants);

#endif
