/* wall_clock.c: always UTC. */
#include "adapters/inline/wall_clock.h"

#include <stdio.h>
#include <time.h>

void wall_clock_show(uint64_t wall_ms, char text[WALL_CLOCK_TEXT_SIZE])
{
    time_t seconds = (time_t)(wall_ms / 1000);
    struct tm date;
    char day[32];

    if (!gmtime_r(&seconds, &date) || strftime(day, sizeof(day), "%Y-%m-%dT%H:%M:%S", &date) == 0)
        day[0] = '\0';
    (void)snprintf(text, WALL_CLOCK_TEXT_SIZE, "%s.%03u+00:00", day, (unsigned)(wall_ms % 1000));
}
