/* base64.c: three bytes in four letters. */
#include "reports/base64.h"

#include <string.h>

static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void base64_encode(const void *bytes, size_t size, struct text *text)
{
    const unsigned char *from = bytes;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t word = (uint32_t)from[i] << 16 | (left > 1 ? (uint32_t)from[i + 1] << 8 : 0) |
                        (left > 2 ? (uint32_t)from[i + 2] : 0);
        const char four[] = {letters[word >> 18], letters[word >> 12 & 63u],
                             left > 1 ? letters[word >> 6 & 63u] : '=',
                             left > 2 ? letters[word & 63u] : '='};
        text_append(text, four, sizeof(four));
    }
}

/* Of one letter; padding counts as 0. */
static int bits_of(char letter, uint32_t *ret_bits)
{
    const char *found = letter ? strchr(letters, letter) : NULL;
    if (!found && letter != '=')
        return -1;
    *ret_bits = found ? (uint32_t)(found - letters) : 0;
    return 0;
}

int base64_decode(const char *code, struct text *ret_bytes)
{
    size_t size = strlen(code);
    size_t padding = size > 1 && code[size - 1] == '=' ? 1u + (code[size - 2] == '=') : 0;
    if (size % 4 != 0 || memchr(code, '=', size - padding))
        return -1;
    for (size_t i = 0; i < size; i += 4) {
        uint32_t word = 0;
        for (size_t k = 0; k < 4; k++) {
            uint32_t bits;
            if (bits_of(code[i + k], &bits))
                return -1;
            word = word << 6 | bits;
        }
        const char three[] = {(char)(word >> 16), (char)(word >> 8 & 255u), (char)(word & 255u)};
        text_append(ret_bytes, three, i + 4 < size ? 3 : 3 - padding);
    }
    return 0;
}
