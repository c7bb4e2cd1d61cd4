/* plot_draw.c: all charts of a page through one gnuplot. */
#include "reports/plot.h"

#include <stdlib.h>
#include <string.h>

#include "reports/filter.h"
#include "reports/svg.h"

#define LIMIT_NS 5000000000ull

static const char ending[] = "</svg>";

static const char *program_name(void)
{
    const char *named = getenv("GAUNTLET_GNUPLOT");
    return named ? named : "gnuplot";
}

/* The drawings stand one behind the other. */
static int split(const struct plot *plots, size_t count, const struct text *output,
                 struct text *drawings)
{
    const char *at = text_string(output);
    for (size_t i = 0; i < count; i++) {
        const char *end = strstr(at, ending);
        if (!end)
            return -1;
        end += sizeof(ending) - 1;
        if (svg_clean(at, (size_t)(end - at), plots[i].title, &drawings[i]))
            return -1;
        at = end;
    }
    return 0;
}

const char *plot_draw(const struct plot *plots, size_t count, struct text *ret_drawings)
{
    static const char *const reasons[] = {
        [FILTER_DONE] = "gnuplot could not draw them.",
        [FILTER_MISSING] = "gnuplot is not installed here.",
        [FILTER_LATE] = "gnuplot did not answer within 5 s.",
    };
    struct text script = {0}, output = {0};
    for (size_t i = 0; i < count; i++)
        plot_script(&plots[i], &script);
    if (!program_name()[0]) {
        text_release(&script);
        return "GAUNTLET_GNUPLOT is empty.";
    }
    enum filter_end end = filter_run(program_name(), &script, LIMIT_NS, &output);
    const char *why =
        end == FILTER_DONE && split(plots, count, &output, ret_drawings) == 0 ? NULL : reasons[end];
    for (size_t i = 0; why && i < count; i++)
        text_clear(&ret_drawings[i]); /* all or none */
    text_release(&script);
    text_release(&output);
    return why;
}
