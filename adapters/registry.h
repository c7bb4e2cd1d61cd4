/* registry.h: which adapters are built in, by name, and their options as a schema. */
#ifndef ADAPTERS_REGISTRY_H
#define ADAPTERS_REGISTRY_H

#include <stddef.h>

#include "adapter.h"
#include "base/schema.h"

/* NULL when there is none of that name; reterr then names those there are. */
const struct broker_adapter *registry_find(const char *name, struct error *reterr);
/* The built-in adapters, in a stable order; NULL past the end. */
const struct broker_adapter *registry_at(size_t index);

/* An adapter's options as a schema.  Gives `options` (free); the schema points into it. */
struct schema registry_schema(const struct broker_adapter *adapter,
                              struct schema_option **ret_options);
#endif
