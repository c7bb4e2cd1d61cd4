/* inline.h: the reference broker: in this process, with every capability. */
#ifndef INLINE_INLINE_H
#define INLINE_INLINE_H

#include "adapter.h"

extern const struct broker_adapter inline_adapter;

#endif
