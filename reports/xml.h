/* xml.h: text inside XML. */
#ifndef REPORTS_XML_H
#define REPORTS_XML_H

#include "base/text.h"

/* What XML cannot hold becomes U+FFFD. */
void xml_put_escaped(struct text *text, const char *string);
/* A space, the name and the value in quotes; NULL is empty. */
void xml_put_attribute(struct text *text, const char *name, const char *value);

#endif
