/* resp.h: where the frames of the Redis protocol end, found in pieces of any size without keeping
   the bytes (https://redis.io/docs/reference/protocol-spec, versions 2 and 3).  Private to this
   room. */
#ifndef LINK_RESP_H
#define LINK_RESP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { RESP_DEPTH_MAX = 32, RESP_WORD_SIZE = 24 };

enum resp_state { RESP_BEGIN, RESP_LINE, RESP_BULK, RESP_OVER };

/* Zero-initialised is ready for a first frame.  What was seen stays until the next one begins. */
struct resp_scanner {
    enum resp_state state;
    char line[RESP_WORD_SIZE]; /* of the header that is being read, cut when longer */
    uint32_t line_size;
    uint64_t bulk_left; /* bytes, with the line end */
    uint32_t depth;
    int64_t left[RESP_DEPTH_MAX]; /* elements still to come, by depth */
    /* About the frame. */
    char type;                         /* '*', '$', '+', ... of its outermost element */
    char word[RESP_WORD_SIZE];         /* its first text inside an array, cut when longer */
    uint32_t word_size, element_count; /* of the outermost array */
    uint32_t content_depth;            /* the deepest element that is not nil */
    bool has_content;                  /* there is an element that is neither nil nor empty */
    bool is_broken;                    /* too deep: this is no such protocol */
};

/* Read on; gives how many bytes were taken.  *ret_complete: a frame ends there. */
size_t resp_scan(struct resp_scanner *scanner, const char *bytes, size_t size, bool *ret_complete);

#endif
