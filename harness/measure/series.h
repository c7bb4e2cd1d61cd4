/* series.h: counts over time in equal windows that widen when the run is long: at most
   SERIES_WINDOWS of them.  One per thread and metric; merged by adding. */
#ifndef MEASURE_SERIES_H
#define MEASURE_SERIES_H

#include <stdint.h>

#define SERIES_WINDOWS 1024u

struct series {
    uint64_t start_ns, window_ns; /* window_ns doubles when the last window would be passed */
    uint32_t used;                /* windows begun */
    uint64_t counts[SERIES_WINDOWS];
};

void series_init(struct series *series, uint64_t start_ns, uint64_t window_ns);
void series_record(struct series *series, uint64_t now_ns, uint64_t count);
/* Both are brought to the wider window of the two. */
void series_add(struct series *into, const struct series *from);

#endif
