/* retell — the log read once more, by the simulator itself: every event told again to engines of its own.
 *
 * Shares nothing with the session but the event codec and the engine. Two engines hear the same log: the plain one gets
 * the events as they are; the patient one is first handed a `time` event at each single instant at which it says that
 * something will happen. Both must come to the same state and the same consequences: a clock that is handled late is
 * handled as it would have been in time.
 */
#ifndef PINYUE_TESTS_SIM_RETELL_H
#define PINYUE_TESTS_SIM_RETELL_H

#include "machine.h"

#include "base/buffer.h"
#include "engine/engine.h"

#include <stdbool.h>
#include <stdint.h>

/* A consequence, and the event in the log with which it came. */
struct told {
    uint64_t sequence;
    enum engine_event_kind by;
    struct engine_output output;
};

/* Consequences in order. Initialise with {0}; told_release frees. */
struct told_list {
    struct told *items;
    uint32_t count, room;
    bool failed; /* out of memory */
};

void told_add(struct told_list *list, const struct told *told);
void told_release(struct told_list *list);
/* Equal in everything; or, when `late` is allowed, in everything but the instant of handling. */
bool told_equal(const struct told *left, const struct told *right, bool late);

struct retelling {
    struct told_list told; /* of the plain engine */
    struct buffer state;   /* of the plain engine at the end */
    struct buffer earlier; /* the same after event `earlier_sequence` */
    int64_t event_count;
    enum engine_event_kind last_kind; /* of the last event */
};

/* Tells the whole log again through `reader`, judging every record on the way. With `patient`, the second engine hears
 * it too. False with the first thing that is not as it must be. */
bool retell_log(struct machine *machine, struct store *reader, int64_t earlier_sequence, bool patient,
                struct retelling *retelling, struct failure *fault);
void retelling_release(struct retelling *retelling);

/* Frees the compiled plans that retellings keep from one run to the next. */
void retell_forget_plans(void);

#endif
