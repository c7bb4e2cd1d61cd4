/* random.c: bits from a key; every draw is a pure function of who asks and for what. */
#include "base/random.h"

#include <math.h>
#include <string.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#define GOLDEN_GAMMA 0x9E3779B97F4A7C15ull
#define TWO_PI       6.28318530717958647692

/* The finaliser of splitmix64: every bit of the input reaches every bit of the output. */
static uint64_t mix(uint64_t bits)
{
    bits += GOLDEN_GAMMA;
    bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9ull;
    bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EBull;
    return bits ^ (bits >> 31);
}

uint64_t random_keyed(uint64_t seed, uint64_t actor, uint64_t purpose, uint64_t index)
{
    return mix(mix(mix(mix(seed) ^ actor) ^ purpose) ^ index);
}

uint64_t random_next(uint64_t bits)
{
    return mix(bits);
}

uint64_t random_key(const char *word)
{
    return XXH3_64bits(word, strlen(word));
}

double random_unit(uint64_t bits)
{
    return (double)(bits >> 11) * 0x1p-53;
}

/* The high half of a 128-bit product: the share of the range that the bits point at. */
uint64_t random_below(uint64_t bits, uint64_t bound)
{
    uint64_t low = (bits & UINT32_MAX) * (bound & UINT32_MAX);
    uint64_t middle = (bits >> 32) * (bound & UINT32_MAX) + (low >> 32);
    uint64_t other = (bits & UINT32_MAX) * (bound >> 32) + (middle & UINT32_MAX);

    return (bits >> 32) * (bound >> 32) + (middle >> 32) + (other >> 32);
}

double random_exponential(uint64_t bits)
{
    return -log1p(-random_unit(bits));
}

double random_normal(uint64_t bits)
{
    return sqrt(2 * random_exponential(bits)) * cos(TWO_PI * random_unit(mix(bits)));
}
