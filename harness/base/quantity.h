/* quantity.h: numbers with units, read from text and written for people. */
#ifndef BASE_QUANTITY_H
#define BASE_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* "250ms", "1.5s", "2m", "1h", "30us", "100ns"; a bare 0 is allowed. Gives nanoseconds. */
int duration_parse(const char *text, uint64_t *ret_ns, struct error *reterr);
/* "5000/s", "300/m", "1e6/s", "20k/s", "1M/s".  Gives events per second. */
int rate_parse(const char *text, double *ret_per_second, struct error *reterr);
/* "200", "4KiB", "2MB", "1GiB".  Gives bytes. */
int size_parse(const char *text, uint64_t *ret_bytes, struct error *reterr);
/* "1%", "0.5%"; gives the share, 0 to 1. */
int percent_parse(const char *text, double *ret_share, struct error *reterr);
/* A whole number; "1_000_000" and "1e6" read too. */
int integer_parse(const char *text, int64_t *ret_value, struct error *reterr);
int number_parse(const char *text, double *ret_value, struct error *reterr);
/* true/false/yes/no/on/off. */
int boolean_parse(const char *text, int64_t *ret_value, struct error *reterr);

/* Written for people into `buffer`, returned: "1.25 ms", "12,345", "118 k/s", "4.0 MiB". */
const char *duration_show(uint64_t ns, char *buffer, size_t capacity);
const char *count_show(uint64_t count, char *buffer, size_t capacity);
const char *rate_show(double per_second, char *buffer, size_t capacity);
const char *size_show(uint64_t bytes, char *buffer, size_t capacity);
/* Nanoseconds since 1970 as "2026-01-31T23:59:59Z" (RFC 3339).  Gives (free); NULL beyond the
   calendar. */
char *time_iso(uint64_t wall_ns);

#endif
