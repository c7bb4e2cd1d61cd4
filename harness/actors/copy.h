/* copy.h: calls and results that outlive their lender: one block each, with all they point to
   behind the struct itself. */
#ifndef ACTORS_COPY_H
#define ACTORS_COPY_H

#include "adapter.h"

/* Everything but done, deliver, context and adapter, which are NULL.  Gives (free). */
struct adapter_call *copy_call(const struct adapter_call *call);
/* Gives (free). */
struct adapter_result *copy_result(const struct adapter_result *result);
struct adapter_entry *copy_entries(const struct adapter_entry *entries, size_t count);

#endif
