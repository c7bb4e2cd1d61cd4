/* failed.h: how a run failed, in words that can be compared with another run's. */
#ifndef RUN_FAILED_H
#define RUN_FAILED_H

#include "run/stage.h"

/* Fill in result->failed: the anomalies that were held against it, then the other expectations. */
void failed_list(struct stage *stage);

#endif
