/* svg.h: drawings for a page that did not draw them itself: what is not known to be harmless stays
   outside. */
#ifndef REPORTS_SVG_H
#define REPORTS_SVG_H

#include "base/text.h"

/* Colours are numbers, which become classes of the page, so that a drawing follows its theme: a
   stroke of #000003 becomes class "s3", a fill "f3". */
#define SVG_COLOUR_INK   16u
#define SVG_COLOUR_MUTED 17u
#define SVG_COLOUR_GRID  18u
#define SVG_COLOUR_SHADE 32u /* and from there on */
#define SVG_COLOUR_NAME  48u /* of what the shade stands for */

/* Append one drawing of gnuplot's svg terminal, that begins at `drawing` and ends with </svg>, as
   an element of a page.  Keeps shapes, lines and words; no links, no scripts, no styles, no ids. -1
   when it is not whole; then nothing is appended. */
int svg_clean(const char *drawing, size_t size, const char *label, struct text *page);

#endif
