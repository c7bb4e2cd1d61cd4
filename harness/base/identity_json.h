/* identity_json.h: what the two halves of identity share; nobody else includes it. */
#ifndef BASE_IDENTITY_JSON_H
#define BASE_IDENTITY_JSON_H

#include "base/identity.h"

/* The tag is the text between the quotes, and where its parts begin. */
enum {
    IDENTITY_TAG_OFFSET = 14, /* in the payload */
    IDENTITY_TAG_TRACK = 9,
    IDENTITY_TAG_SEQUENCE = 14,
    IDENTITY_TAG_INTENDED = 25,
    IDENTITY_TAG_DIGEST = 42,
    IDENTITY_TAG_COVERED = 41, /* by the digest */
    IDENTITY_TAG_SIZE = 50
};

/* Take a whole tag apart; -1 when a digit or a dash is wrong, and `ret` is then untouched. */
int identity_tag_read(const char *tag, struct identity *ret);
int identity_tag_agrees(const char *tag, uint64_t body_digest);
/* The slow path: any JSON, in any order and spacing. */
enum identity_verdict identity_json_read(const char *payload, size_t size, struct identity *ret);

#endif
