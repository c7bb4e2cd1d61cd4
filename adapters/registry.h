/* registry.h: adapters by name, and their options as a schema.  A name is that of a built-in
   adapter, the path of a plugin ("./my_broker.so"), or a command ("exec:python3 my_adapter.py"). */
#ifndef ADAPTERS_REGISTRY_H
#define ADAPTERS_REGISTRY_H

#include <stddef.h>
#include <stdint.h>

#include "adapter.h"
#include "base/schema.h"

/* NULL when there is none of that name, and reterr then names those there are; or when it cannot be
   used, and reterr says why.  What was loaded stays loaded. */
const struct broker_adapter *registry_find(const char *name, struct error *reterr);
/* The built-in adapters, in a stable order; NULL past the end. */
const struct broker_adapter *registry_at(size_t index);

/* Those of strangers that were loaded so far, in the order in which they were; NULL past the end.
 */
const struct broker_adapter *registry_loaded_at(size_t index);

/* From now on plugins are loaded in processes of their own: `program` (kept) is the harness itself,
   which serves them. */
void registry_isolate(const char *program);
/* How many processes that served several sessions have ended without being told to, so far: what
   anybody did through them meanwhile may have failed of somebody else's doing. */
uint64_t registry_losses(void);
/* At the end of the program: lets go of the processes that adapters have, and waits for their end.
 */
void registry_leave(void);

/* The argument of a disturbance, as an option with the key "value"; it points into it. */
struct schema_option registry_disturbance_value(const struct adapter_disturbance *disturbance);
/* An adapter's options as a schema.  Gives `options` (free); the schema points into it. */
struct schema registry_schema(const struct broker_adapter *adapter,
                              struct schema_option **ret_options);
#endif
