/* quantity_show.c: numbers with units, written for people. */
#include <stdio.h>
#include <time.h>

#include "base/memory.h"
#include "base/quantity.h"
#include "base/text.h"

#define NS_PER_SECOND 1000000000ull

struct scale {
    double factor;
    const char *unit;
};

static const struct scale DURATIONS[] = {{1, "ns"}, {1e3, "us"}, {1e6, "ms"}, {1e9, "s"}};
static const struct scale RATES[] = {{1, "/s"}, {1e3, "k/s"}, {1e6, "M/s"}, {1e9, "G/s"}};
static const struct scale SIZES[] = {
    {1, "B"}, {0x1p10, "KiB"}, {0x1p20, "MiB"}, {0x1p30, "GiB"}, {0x1p40, "TiB"}};

/* The largest scale in which the value, as it will be printed, is at least one. */
static const struct scale *choose(const struct scale *scales, size_t count, double value,
                                  double step)
{
    size_t i = 0;

    while (i + 1 < count && value / scales[i].factor >= step - 0.5)
        i++;
    return &scales[i];
}

/* Three significant digits: more says more than was measured. */
static int decimals_of(double value)
{
    return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

const char *duration_show(uint64_t ns, char *buffer, size_t capacity)
{
    const struct scale *scale = choose(DURATIONS, 4, (double)ns, 1e3);
    double value = (double)ns / scale->factor;
    uint64_t seconds = (ns + NS_PER_SECOND / 2) / NS_PER_SECOND;
    unsigned long long minutes = seconds / 60;

    if (seconds >= 3600)
        (void)snprintf(buffer, capacity, "%llu h %02llu m", minutes / 60, minutes % 60);
    else if (seconds >= 120)
        (void)snprintf(buffer, capacity, "%llu m %02llu s", minutes,
                       (unsigned long long)(seconds % 60));
    else
        (void)snprintf(buffer, capacity, "%.*f %s", scale->factor > 1 ? decimals_of(value) : 0,
                       value, scale->unit);
    return buffer;
}

const char *count_show(uint64_t count, char *buffer, size_t capacity)
{
    char grouped[32], *at = grouped + sizeof(grouped) - 1;

    *at = '\0';
    for (int digits = 0; count || !digits; count /= 10, digits++) {
        if (digits && digits % 3 == 0)
            *--at = ',';
        *--at = (char)('0' + count % 10);
    }
    text_copy(buffer, capacity, at);
    return buffer;
}

const char *rate_show(double per_second, char *buffer, size_t capacity)
{
    const struct scale *scale = choose(RATES, 4, per_second, 1e3);
    double value = per_second / scale->factor;
    int is_whole = scale->factor <= 1 && value >= 0 && value == (double)(uint64_t)value;

    (void)snprintf(buffer, capacity, "%.*f %s", is_whole ? 0 : decimals_of(value), value,
                   scale->unit);
    return buffer;
}

const char *size_show(uint64_t bytes, char *buffer, size_t capacity)
{
    const struct scale *scale = choose(SIZES, 5, (double)bytes, 1024);

    (void)snprintf(buffer, capacity, "%.*f %s", scale->factor > 1 ? 1 : 0,
                   (double)bytes / scale->factor, scale->unit);
    return buffer;
}

char *time_iso(uint64_t wall_ns)
{
    time_t seconds = (time_t)(wall_ns / 1000000000u);
    struct tm parts;
    char text[32];

    if (!gmtime_r(&seconds, &parts) ||
        strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        return NULL;
    return memory_string(text);
}
