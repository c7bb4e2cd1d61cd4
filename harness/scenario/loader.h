/* loader.h: what the files of this room share while one document is read. */
#ifndef SCENARIO_LOADER_H
#define SCENARIO_LOADER_H

#include "scenario/document.h"
#include "scenario/scenario.h"

/* What scenario_load really gives: a scenario, and what its places point to. */
struct scenario_loaded {
    struct scenario scenario; /* first, so that one address serves both */
    char **labels;            /* "--set producers.0.rate": files of places that an override made */
    size_t label_count;
};

struct loader {
    struct scenario *scenario;          /* being filled in */
    const struct scenario_rules *rules; /* NULL: adapters are not looked up */
    struct document document;
    struct node *top;
    bool has_drain; /* `drain` was written */
    struct error *reterr;
};

/* Each reads its part of the top mapping into the scenario; in this order. */
int brokers_read(struct loader *loader);
int streams_read(struct loader *loader);
int producers_read(struct loader *loader);
int consumers_read(struct loader *loader);
int expectations_read(struct loader *loader);
int known_read(struct loader *loader);
int sweep_read(struct loader *loader);
int faults_read(struct loader *loader);

#endif
