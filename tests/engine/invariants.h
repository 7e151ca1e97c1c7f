/* invariants — what holds of an engine between any two events, whatever the events are. */
#ifndef PINYUE_TESTS_INVARIANTS_H
#define PINYUE_TESTS_INVARIANTS_H

#include "engine/engine.h"

/* Fails the test when one does not hold; `where` names the place in the test. */
void invariants_check(const struct engine *engine, const char *where);

#endif
