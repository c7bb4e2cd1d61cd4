/* plugin.h: an adapter from a shared object that exports `broker_adapter`. */
#ifndef ADAPTERS_PLUGIN_H
#define ADAPTERS_PLUGIN_H

#include "adapter.h"
#include "base/error.h"

/* Load "./my_broker.so" and check what it exports (plugin_check); the object then stays loaded for
   as long as the process lives, because threads of its libraries may.  NULL when it cannot be used;
   reterr says what is missing or too new, and what to do. */
const struct broker_adapter *plugin_load(const char *path, struct error *reterr);

/* Can this harness use an adapter that somebody else has built?  `subject` begins the message. */
int plugin_check(const struct broker_adapter *adapter, const char *subject, struct error *reterr);

#endif
