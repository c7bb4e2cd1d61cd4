/* wall_clock.h: milliseconds since 1970 as ISO-8601 text. */
#ifndef INLINE_WALL_CLOCK_H
#define INLINE_WALL_CLOCK_H

#include <stdint.h>

#define WALL_CLOCK_TEXT_SIZE 48

/* "2024-05-01T12:00:00.250+00:00" */
void wall_clock_show(uint64_t wall_ms, char text[WALL_CLOCK_TEXT_SIZE]);

#endif
