/* random.h: luck keyed by who asks, never by the order of asking (design.md, seam 5). */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

/* 64 random bits for (seed, actor, purpose, index).  Equal keys give equal bits. */
uint64_t random_keyed(uint64_t seed, uint64_t actor, uint64_t purpose, uint64_t index);
/* 64 other bits from these, for many at a time. */
uint64_t random_next(uint64_t bits);
/* A key from a word ("arrival", "billing-2"). */
uint64_t random_key(const char *word);
/* Bits to a number in [0, 1), to one in [0, bound), to an exponential with mean 1, to a normal. */
double random_unit(uint64_t bits);
uint64_t random_below(uint64_t bits, uint64_t bound);
double random_exponential(uint64_t bits);
double random_normal(uint64_t bits);

#endif
