/* partition.h: the index of partitions. */
#ifndef INLINE_PARTITION_H
#define INLINE_PARTITION_H

struct inline_broker;

/* Forget all partitions, and the leases on them. */
void inline_partitions_clear(struct inline_broker *broker);

#endif
