/* liar.h: a broker that tells one lie, around an honest adapter, and the list of all lies. */
#ifndef FAKES_LIAR_H
#define FAKES_LIAR_H

#include <stddef.h>

#include "fakes/lie.h"

/* Replace an adapter and its instance by ones that tell the lie (NULL: that pass everything
   through).  Takes the instance; the new adapter ends with the new instance. */
void liar_wrap(const struct broker_adapter **adapter, struct adapter_instance **instance,
               const struct lie *lie);

/* NULL past the last. */
const struct lie *lie_at(size_t index);
const struct lie *lie_find(const char *name);

/* One table for each family of lies, ended by one without a name. */
extern const struct lie lies_about_names[];
extern const struct lie lies_about_publishing[];
extern const struct lie lies_about_payloads[];
extern const struct lie lies_about_reading[];
extern const struct lie lies_about_groups[];
extern const struct lie lies_about_settling[];
extern const struct lie lies_about_waiting[];
extern const struct lie lies_about_crashes[];
extern const struct lie lies_about_dead_letters[];
extern const struct lie lies_about_keeping[];
extern const struct lie lies_about_partitions[];
extern const struct lie lies_about_itself[];
extern const struct lie lies_about_connections[];

#endif
