/* hdr.h: histograms in the interchange form of HdrHistogram: its V2 encoding, compressed with zlib,
   as base64.  Any HdrHistogram library reads it.  Source of the format: the HdrHistogram project,
   AbstractHistogram.java (encodeIntoByteBuffer) and ZigZagEncoding.java, public domain. */
#ifndef REPORTS_HDR_H
#define REPORTS_HDR_H

#include "base/error.h"
#include "base/text.h"
#include "measure/histogram.h"

/* Append the code of a histogram of nanoseconds, three significant digits. */
void hdr_encode(const struct histogram *histogram, struct text *text);

/* Fill in an empty histogram.  Minimum, maximum and sum come from the buckets, so they are exact to
   three digits only.  Fails (ERROR_USAGE) when it is no such code, or one with other buckets. */
int hdr_decode(const char *code, struct histogram *histogram, struct error *reterr);

#endif
