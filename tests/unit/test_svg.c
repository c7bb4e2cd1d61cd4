/* test_svg.c: what a drawing may bring into a page. */
#include "reports/svg.h"

#include <string.h>

#include "support/unit.h"

#define HEAD                                                                                       \
    "<?xml version=\"1.0\"?>\n<svg \n width=\"4\" height=\"2\"\n viewBox=\"0 0 40 20\"\n>\n"
#define BEGIN "<svg viewBox=\"0 0 40 20\" role=\"img\" aria-label=\"a &quot;b&quot;\">"

static void only_the_harmless_comes_through(void **state)
{
    static const struct {
        const char *inside, *expected;
    } cases[] = {
        {"", ""},
        {"<title>x</title><desc>y</desc><defs><g id='a'><path d='M0,0'/></g></defs>", ""},
        {"<script>alert(1)</script>", ""},
        {"<style>*{}</style><image href='http://x/'/><foreignObject><b>x</b></foreignObject>", ""},
        {"<path d='M1,2  L3,4\n\tL5,6 Z '/>", "<path d=\"M1,2 L3,4 L5,6 Z\"/>"},
        {"<path d='M1,2' onclick='x()' id='p' style='color:red' class='z'/>", "<path d=\"M1,2\"/>"},
        {"<path d='M1,2 url(x)'/>", "<path/>"},
        {"<path stroke='rgb(  0,   0,  17)' d='M1,2'/>", "<path d=\"M1,2\" class=\"s17\"/>"},
        {"<path stroke='rgb(9,9,9)' d='M1,2'/>", "<path d=\"M1,2\"/>"},
        {"<polygon fill = 'rgb(0,0,3)' points = '1,2 3,4 '/>",
         "<polygon points=\"1,2 3,4\" class=\"f3\"/>"},
        {"<g fill=\"none\" color=\"white\" stroke=\"currentColor\"></g>", ""},
        {"<g fill=\"none\"><g transform=\"translate(1,2)\" text-anchor=\"end\">"
         "<text><tspan font-family=\"Arial\" >a&lt;b&gt;&amp;'c & d</tspan></text></g></g>",
         "<g fill=\"none\"><g transform=\"translate(1,2)\" text-anchor=\"end\">"
         "<text>a&lt;b&gt;&amp;&apos;c &amp; d</text></g></g>"},
        {"<use xlink:href='#gpPt6' transform='translate(1.5,2.25) scale(2.25)' "
         "color='rgb(0,0,2)'/>",
         "<circle cx=\"1.50\" cy=\"2.25\" r=\"2.25\" stroke=\"none\" class=\"f2\"/>"},
        {"<use xlink:href='javascript:x' />", ""},
        {"<a xlink:href='http://x/'><path d='M1,2'/></a>", ""},
        {"<text x='1\" onload=\"x'>t</text>", "<text>t</text>"},
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text drawing = {0}, page = {0}, expected = {0};
        text_appendf(&drawing, HEAD "%s</svg>", cases[i].inside);
        text_appendf(&expected, BEGIN "%s</svg>", cases[i].expected);
        assert_int_equal(svg_clean(drawing.data, drawing.size, "a \"b\"", &page), 0);
        assert_string_equal(text_string(&page), text_string(&expected));
        text_release(&drawing);
        text_release(&page);
        text_release(&expected);
    }
}

static void what_is_not_whole_stays_outside(void **state)
{
    static const char *const cases[] = {
        "",
        "gnuplot: cannot open display",
        "<svg></svg>",
        HEAD,
        HEAD "<path d='M1,2",
        HEAD "<g><path d='M1,2'/></svg>",
        HEAD "<text>words</svg>",
    };
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        struct text page = {0};
        assert_int_equal(svg_clean(cases[i], strlen(cases[i]), "x", &page), -1);
        assert_string_equal(text_string(&page), "");
        text_release(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_the_harmless_comes_through),
        cmocka_unit_test(what_is_not_whole_stays_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
