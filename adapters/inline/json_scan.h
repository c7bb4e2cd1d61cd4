/* json_scan.h: one step of reading JSON text at a time.  Each function moves past what it names, or
   answers false and leaves the place undefined. */
#ifndef INLINE_JSON_SCAN_H
#define INLINE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

struct json_scan {
    const char *at, *end;
};

void json_scan_space(struct json_scan *scan);
/* Spaces, then this character. */
bool json_scan_mark(struct json_scan *scan, char mark);
bool json_scan_string(struct json_scan *scan);
bool json_scan_value(struct json_scan *scan);

#endif
