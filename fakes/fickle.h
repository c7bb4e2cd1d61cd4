/* fickle.h: a broker whose runs are not alike: in some of them every publish asks for the depth of
   its stream as well.  A decorator around any adapter that can; one at a time. */
#ifndef FAKES_FICKLE_H
#define FAKES_FICKLE_H

#include <stdint.h>

#include "adapter.h"

/* From now on; runs: bit n for the n-th run from here, from 0. */
void fickle_begin(uint64_t runs);
/* Replace the adapter; a run begins.  The instance and its sessions stay what they are. */
void fickle_wrap(const struct broker_adapter **adapter);

#endif
