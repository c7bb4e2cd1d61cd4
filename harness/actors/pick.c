/* pick.c: zipf by rejection-inversion (Hoermann and Derflinger 1996), so that a billion keys need
   no table. */
#include "actors/pick.h"

#include <math.h>

#include "base/random.h"

struct pick pick_make(enum pick_kind kind, uint64_t count)
{
    struct pick pick = {.kind = kind, .count = count};

    /* The integral of 1/x is ln x. */
    pick.first = log(1.5) - 1.0;
    pick.whole = log((double)count + 0.5);
    pick.threshold = 2.0 - exp(log(2.5) - 0.5);
    return pick;
}

static uint64_t draw_zipf(const struct pick *pick, uint64_t bits)
{
    for (uint64_t try = 0;; try++) {
        double unit = random_unit(try == 0 ? bits : random_keyed(bits, 0, 0, try));
        double area = pick->whole + unit * (pick->first - pick->whole);
        double x = exp(area);
        double k = floor(x + 0.5);

        k = k < 1.0 ? 1.0 : k > (double)pick->count ? (double)pick->count : k;
        if (k - x <= pick->threshold || area >= log(k + 0.5) - 1.0 / k)
            return (uint64_t)k - 1;
    }
}

uint64_t pick_draw(const struct pick *pick, uint64_t bits, uint64_t index)
{
    if (pick->count <= 1)
        return 0;
    if (pick->kind == PICK_ROUND_ROBIN)
        return index % pick->count;
    return pick->kind == PICK_UNIFORM ? random_below(bits, pick->count) : draw_zipf(pick, bits);
}
