/* text_nearest.c: which word was meant. */
#include <stdint.h>
#include <string.h>

#include "base/text.h"

#define WORD_SIZE_MAX 63u

/* Three rows of the table are enough: the current one, the one above, and the one above that, which
   a swap of two neighbouring letters reaches back to. */
struct rows {
    size_t current[WORD_SIZE_MAX + 1], above[WORD_SIZE_MAX + 1], top[WORD_SIZE_MAX + 1];
};

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void fill_row(struct rows *rows, const char *a, size_t i, const char *b, size_t b_size)
{
    rows->current[0] = i;
    for (size_t j = 1; j <= b_size; j++) {
        size_t best = rows->above[j - 1] + (a[i - 1] != b[j - 1]);

        best = smaller(best, smaller(rows->above[j], rows->current[j - 1]) + 1);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            best = smaller(best, rows->top[j - 2] + 1);
        rows->current[j] = best;
    }
}

/* Insertions, deletions, replacements and swaps of neighbours between two words. */
static size_t measure_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
    struct rows rows = {0};

    for (size_t j = 0; j <= b_size; j++)
        rows.above[j] = j;
    for (size_t i = 1; i <= a_size; i++) {
        fill_row(&rows, a, i, b, b_size);
        memcpy(rows.top, rows.above, sizeof(rows.top));
        memcpy(rows.above, rows.current, sizeof(rows.above));
    }
    return rows.above[b_size];
}

const char *text_nearest(const char *word, const char *const *candidates, size_t count)
{
    size_t word_size = strlen(word);
    size_t limit = word_size / 3 ? word_size / 3 : 1;
    const char *nearest = NULL;

    if (word_size > WORD_SIZE_MAX)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t size = strlen(candidates[i]);
        size_t distance = size > WORD_SIZE_MAX
                              ? SIZE_MAX
                              : measure_distance(word, word_size, candidates[i], size);

        /* Every letter replaced is not a misspelling: "x" does not mean "y". */
        if (distance > limit || distance >= word_size || (nearest && distance == limit))
            continue;
        nearest = candidates[i];
        limit = distance;
    }
    return nearest;
}
