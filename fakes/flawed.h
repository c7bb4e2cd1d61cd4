/* flawed.h: a broker that tells one lie.  A decorator around an honest adapter: everything passes
   through but for the one thing it gets wrong.  Each check is proved by a lie that it finds. */
#ifndef FAKES_FLAWED_H
#define FAKES_FLAWED_H

#include "adapter.h"

enum flaw {
    FLAW_NONE,       /* honest: nothing may be found */
    FLAW_LOSES,      /* a message is accepted and not stored */
    FLAW_DUPLICATES, /* a message is handed over twice */
    FLAW_SWAPS,      /* two messages change places */
    FLAW_CORRUPTS,   /* a letter of a payload changes */
    FLAW_MISROUTES,  /* a message turns up on another stream of the session */
    FLAW_RESURRECTS, /* an ack is answered with yes and forgotten */
    FLAW_STRANDS,    /* a nack is answered with yes and forgotten */
    FLAW_DENIES,     /* a publish is refused, and stored all the same */
    FLAWS
};

/* The word for it ("loses"). */
const char *flaw_name(enum flaw flaw);

/* Replace an adapter and its instance by ones that behave alike but for one flaw in every `every`
   messages.  Takes the instance; the new adapter ends with the new instance. */
void flawed_wrap(const struct broker_adapter **adapter, struct adapter_instance **instance,
                 enum flaw flaw, unsigned every);

#endif
