/* json_scan.h: JSON text (RFC 8259) read where it lies, without recursion and without memory: for
   texts that must keep their digits, order and escapes, and for those that pass at full rate.  All
   else is read by jansson.

   Each function moves past what it names and answers true; or it answers false, stands where the
   text is wrong, and `wrong` says what was expected there. */
#ifndef BASE_JSON_SCAN_H
#define BASE_JSON_SCAN_H

#include <stdbool.h>
#include <stddef.h>

/* Containers inside each other, at most. */
enum { JSON_SCAN_DEPTH_MAX = 1000 };

/* What is allowed beside RFC 8259, or forbidden though it allows it; they may be added up. */
enum json_scan_rule {
    JSON_SCAN_PYTHON = 1, /* NaN, Infinity and -Infinity are numbers, as Python writes them */
    JSON_SCAN_PAIRED = 2  /* "\ud83d" only in a pair that makes one character */
};

/* Set at and end (both borrowed) and the rules; all else zero. */
struct json_scan {
    const char *at, *end;
    unsigned rules;    /* of enum json_scan_rule */
    bool has_escape;   /* the last string that was passed had a backslash */
    const char *wrong; /* after a failure: "a value", "the end of the string" */
};

/* Blanks, as many as there are. */
void json_scan_space(struct json_scan *scan);
/* Blanks, then this character. */
bool json_scan_mark(struct json_scan *scan, char mark);
/* A string with its quotes, in well-formed UTF-8; a number; true, false or null.  No blanks before
   them. */
bool json_scan_string(struct json_scan *scan);
bool json_scan_number(struct json_scan *scan);
bool json_scan_word(struct json_scan *scan, const char *word);
/* Blanks, a string, blanks, a colon. */
bool json_scan_key(struct json_scan *scan);
/* Blanks, then any value. */
bool json_scan_value(struct json_scan *scan);

/* The number that four hexadecimal digits write, or -1. */
int json_scan_hexadecimal(const char *digits, const char *end);

#endif
