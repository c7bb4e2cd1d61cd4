/* hide.h: passwords out of the text of a document. */
#ifndef SCENARIO_HIDE_H
#define SCENARIO_HIDE_H

#include "scenario/document.h"

/* The text with every password that a value of its brokers spells out replaced by "***"; a note
   instead of the text when one is there and cannot be found (escapes).  Gives. */
char *hide_passwords(const char *text, const struct node *top);

#endif
