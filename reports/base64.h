/* base64.h: bytes as letters (RFC 4648, with padding). */
#ifndef REPORTS_BASE64_H
#define REPORTS_BASE64_H

#include <stdint.h>

#include "base/text.h"

void base64_encode(const void *bytes, size_t size, struct text *text);
/* Append the bytes.  -1 when it is no base64. */
int base64_decode(const char *code, struct text *ret_bytes);

#endif
