/* instance.h: one instance of an adapter, made with checked options. */
#ifndef RUN_INSTANCE_H
#define RUN_INSTANCE_H

#include "actors/endpoint.h"
#include "scenario/scenario.h"

/* Something put around every instance: a broker that lies, a trace. */
struct instance_decorator {
    /* Replaces both; takes the instance.  The new adapter ends with the new instance. */
    void (*wrap)(void *context, const struct broker_adapter **adapter,
                 struct adapter_instance **instance);
    void *context;
};

struct instance_plan { /* borrowed while the instance is opened; name and uri while it lives */
    const struct broker_adapter *adapter;
    const char *name; /* "default" */
    const char *uri;  /* NULL when none */
    const struct scenario_option *options;
    size_t option_count;
    uint32_t number;                            /* from 0, within one run */
    const struct instance_decorator *decorator; /* NULL: none */
    bool is_threaded; /* each session on a thread of its own, where the broker is in this process */
};

struct instance {
    struct endpoint_broker endpoint;  /* what actors get to know */
    struct host *host;                /* log, time, luck */
    struct blocking_lasting *lasting; /* before it, when the adapter blocks; NULL once wrapped */
    struct schema_option *schema_options;
    struct schema_value *values;
    size_t value_count;
    struct adapter_setting *settings;
};

/* Dials nothing that is waited for.  Fails where the adapter refuses its options. */
int instance_open(struct instance *instance, const struct instance_plan *plan,
                  const struct endpoint_place *place, struct error *reterr);
/* After its last session; fine on a half-opened or closed one. */
void instance_close(struct instance *instance);

#endif
