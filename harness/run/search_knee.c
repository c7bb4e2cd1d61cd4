/* search_knee.c: where a curve of rate and latency begins to rise steeply. */
#include <math.h>

#include "run/search.h"

static double latency_of(const struct result_point *point)
{
    const struct result_quantiles *quantiles =
        point->deliver.count > 0 ? &point->deliver : &point->publish;

    return (double)quantiles->p99_ns;
}

size_t search_knee(const struct result_point *points, size_t count)
{
    double width = points[count - 1].rate - points[0].rate;
    double least = latency_of(&points[0]), most = least, deepest = 0.0;
    size_t knee = count - 1;

    for (size_t i = 1; i < count; i++) {
        least = fmin(least, latency_of(&points[i]));
        most = fmax(most, latency_of(&points[i]));
    }
    if (width <= 0.0 || most <= least)
        return knee;
    for (size_t i = 0; i < count; i++) {
        double x = (points[i].rate - points[0].rate) / width;
        double y = (latency_of(&points[i]) - least) / (most - least);

        if (x - y > deepest) {
            deepest = x - y;
            knee = i;
        }
    }
    return knee;
}
