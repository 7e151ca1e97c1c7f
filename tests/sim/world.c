#include "world.h"

#include "chance.h"
#include "judge.h"
#include "machine.h"
#include "people.h"
#include "retell.h"

#include "run/event_codec.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECOND INT64_C(1000000)
#define HOUR (3600 * SECOND)
#define DAY (24 * HOUR)
#define START INT64_C(1660924800000000) /* 2022-08-20T00:00+08:00 */
#define END (START + 120 * DAY)
#define STEPS_MIN 60
#define STEPS_MAX 160
#define OPENINGS_MAX 6 /* of a log, while the disk goes on failing; the last one meets no trouble */
#define LINES 20       /* of the story that a failure prints */
#define RUNS_OUT 25    /* of a hundred runs play with the large plan: it takes longer */

enum part { PART_CLOCK = 1, PART_PEOPLE, PART_TROUBLE };

struct world {
    struct failure *fault;
    const struct text *packs;
    struct world_counts *counts;
    struct machine machine;
    struct judge *judge;
    struct told_list live; /* every consequence of every acknowledged event */
    uint32_t judged;       /* how many of them the judge has heard */
    struct chance clock, people, trouble;
    int64_t now;
    int64_t before_at; /* the engine's now before the event in hand */
    uint32_t step;
    uint32_t full_until; /* step at which the disk gets room again */
    bool with_forest, with_district;
    struct engine_event last; /* accepted last, to be repeated */
    bool has_last;
    struct engine_event lost; /* its append failed: somebody will try again */
    bool has_lost;
    struct buffer lines[LINES];
    uint32_t line_count;
    struct buffer scratch;
};

/* ---- the story -------------------------------------------------------------------------------------------- */

static struct buffer *begin_line(struct world *world) {
    struct buffer *line = &world->lines[world->line_count++ % LINES];
    buffer_clear(line);
    buffer_print(line, "  step %" PRIu32 ": ", world->step);
    return line;
}

static void note(struct world *world, const char *what) {
    struct buffer *line = begin_line(world);
    char text[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(world->now, 480, text);
    buffer_print(line, "%s %s", text, what);
}

static void write_story(struct world *world, struct buffer *out) {
    uint32_t first = world->line_count > LINES ? world->line_count - LINES : 0;
    for (uint32_t i = first; i < world->line_count; i++) {
        buffer_append_text(out, buffer_text(&world->lines[i % LINES]));
        buffer_append_string(out, "\n");
    }
}

/* ---- consequences ----------------------------------------------------------------------------------------- */

static void hear(void *context, const struct engine_output *output) {
    struct world *world = context;
    struct told told = {(uint64_t)world->machine.acknowledged, ENGINE_TIME, *output};
    told_add(&world->live, &told);
    world->counts->notices += output->kind == ENGINE_NOTICE;
}

/* The judge hears what has come since he heard last. */
static bool judge_new(struct world *world) {
    if (world->live.failed) {
        return failure_set(world->fault, "the simulator is out of memory");
    }
    for (; world->judged < world->live.count; world->judged++) {
        if (!judge_hear(world->judge, &world->live.items[world->judged], world->before_at, world->fault)) {
            return false;
        }
    }
    return true;
}

static const struct engine *engine_of(const struct world *world) {
    return session_engine(world->machine.session);
}

static bool judge_state(struct world *world, const struct engine_event *event) {
    const struct engine *engine = engine_of(world);
    return judge_look(world->judge, engine, world->fault) && judge_belief(engine, event->incident, world->fault) &&
           judge_belief(engine, event->other, world->fault);
}

/* ---- after a crash ---------------------------------------------------------------------------------------- */

/* What was heard live must be what the log tells; what the log has beyond it, an event whose append failed and which is
 * there all the same, is heard now. */
static bool compare_told(struct world *world, const struct retelling *again, int64_t acknowledged) {
    for (uint32_t i = 0; i < world->live.count || i < again->told.count; i++) {
        const struct told *told = i < again->told.count ? &again->told.items[i] : NULL;
        if (i < world->live.count && (told == NULL || !told_equal(&world->live.items[i], told, false))) {
            return failure_set(world->fault,
                               "consequence %" PRIu32 ", of event %" PRIu64 ": told otherwise after a restart", i,
                               world->live.items[i].sequence);
        }
        if (i >= world->live.count) {
            if (told->sequence <= (uint64_t)acknowledged) {
                return failure_set(world->fault, "event %" PRIu64 ": a restart tells more than there was",
                                   told->sequence);
            }
            told_add(&world->live, told);
        }
    }
    return judge_new(world);
}

static bool equals_session(struct world *world, const struct retelling *again) {
    buffer_clear(&world->scratch);
    engine_write_state(engine_of(world), &world->scratch);
    return text_equal(buffer_text(&world->scratch), buffer_text(&again->state)) ||
           failure_set(world->fault, "two replays of one log give two states");
}

/* Reads the log beside the open session and holds everything against it. `expected` is the state of the live engine
 * when it was last heard of. */
static bool judge_log(struct world *world, const struct buffer *expected) {
    struct failure inner = {0};
    struct retelling again = {0};
    int64_t acknowledged = world->machine.acknowledged;
    int64_t logged = session_event_count(world->machine.session);
    struct store *reader = machine_open_reader(&world->machine, &inner);
    if (reader == NULL) {
        return failure_set(world->fault, "a reader cannot open the log beside its writer: %s", inner.message);
    }
    bool patient = chance_percent(&world->trouble, world->with_forest ? 30 : 60);
    bool fine = machine_verify(&world->machine, reader, world->fault) &&
                retell_log(&world->machine, reader, acknowledged, patient, &again, world->fault);
    store_close(reader);
    world->counts->retellings++;
    if (fine && again.event_count != logged) {
        fine = failure_set(world->fault, "the session has %" PRId64 " events, the log %" PRId64, logged,
                           again.event_count);
    }
    if (fine && !text_equal(buffer_text(&again.earlier), buffer_text(expected))) {
        fine = failure_set(world->fault, "after event %" PRId64 " replay has another state than the engine had",
                           acknowledged);
    }
    fine = fine && equals_session(world, &again) && compare_told(world, &again, acknowledged);
    if (fine && session_count_differences(world->machine.session) != 0) {
        size_t count = 0;
        fine = failure_set(world->fault, "event %" PRId64 ": %s",
                           session_list_differences(world->machine.session, &count)->sequence,
                           session_list_differences(world->machine.session, &count)->text);
    }
    if (fine && logged > acknowledged) {
        world->counts->survivors++;
        if (again.last_kind == ENGINE_ORDER || again.last_kind == ENGINE_REFUSE ||
            again.last_kind == ENGINE_RECONSIDER) {
            judge_note_decision(world->judge, engine_of(world), &world->lost);
        }
    }
    retelling_release(&again);
    machine_settle(&world->machine, logged);
    return fine;
}

/* Faults for the opening of a log. */
static void trouble_opening(struct world *world) {
    struct disk_faults faults = {0};
    switch (chance_below(&world->trouble, 4)) {
    case 0:
        faults.crash_in = 1 + chance_below(&world->trouble, 12);
        break;
    case 1:
        faults.fail_read_in = 1 + chance_below(&world->trouble, 40);
        break;
    case 2:
        faults.fail_sync_in = 1 + chance_below(&world->trouble, 4);
        break;
    default:
        faults.fail_write_in = 1 + chance_below(&world->trouble, 8);
        break;
    }
    disk_set_faults(world->machine.disk, &faults);
}

static bool open_session(struct world *world) {
    for (int i = 0; i < OPENINGS_MAX; i++) {
        struct failure failure = {0};
        bool last = i + 1 == OPENINGS_MAX;
        if (disk_has_crashed(world->machine.disk)) {
            disk_restart(world->machine.disk);
        }
        disk_set_faults(world->machine.disk, &(struct disk_faults){0});
        if (last || i > 0) {
            disk_set_room(world->machine.disk, -1);
            world->full_until = 0;
        }
        if (!last && chance_percent(&world->trouble, 25)) {
            trouble_opening(world);
        }
        if (machine_start(&world->machine, &failure)) {
            if (!disk_has_crashed(world->machine.disk)) {
                disk_set_faults(world->machine.disk, &(struct disk_faults){0});
                return true;
            }
            machine_stop(&world->machine);
            continue;
        }
        world->counts->failed_openings++;
        note(world, "the log does not open:");
        buffer_append_string(&world->lines[(world->line_count - 1) % LINES], failure.message);
        if (!failure.set || failure.message[0] == '\0') {
            return failure_set(world->fault, "the log does not open, without a word");
        }
        if (last) {
            return failure_set(world->fault, "the log does not open: %s", failure.message);
        }
    }
    return failure_set(world->fault, "the log does not open");
}

/* What came due while the process was down is handled first thing. */
static bool catch_up(struct world *world);

static bool reopen(struct world *world, const char *why, bool power, bool cut) {
    struct buffer expected = {0};
    note(world, why);
    engine_write_state(engine_of(world), &expected);
    if (cut) {
        disk_crash(world->machine.disk);
    }
    machine_stop(&world->machine);
    if (disk_has_crashed(world->machine.disk)) {
        (power ? disk_restart : disk_restart_program)(world->machine.disk);
    }
    if (chance_percent(&world->trouble, 70)) {
        world->now += chance_magnitude(&world->clock, chance_percent(&world->trouble, 20) ? 3 * DAY : 2 * HOUR);
    }
    world->counts->reopenings++;
    bool fine = open_session(world) && judge_log(world, &expected);
    buffer_release(&expected);
    return fine && (chance_percent(&world->trouble, 30) || catch_up(world));
}

static bool cut_power(struct world *world, bool again) {
    bool power = chance_percent(&world->trouble, 70);
    world->counts->power_cuts += power;
    world->counts->kills += !power;
    return reopen(world, power ? "the power goes" : "the process is killed", power, !again);
}

/* ---- an event --------------------------------------------------------------------------------------------- */

/* Consequences of the event's own are marked with its kind; what came due before it keeps `time`. */
static void mark_kind(struct world *world, uint32_t first, const struct engine_event *event) {
    for (uint32_t i = first; i < world->live.count; i++) {
        if (world->live.items[i].sequence == (uint64_t)world->machine.acknowledged) {
            world->live.items[i].by = event->kind;
        }
    }
}

static bool judge_refusal(struct world *world, const struct failure *failure) {
    return (failure->set && failure->message[0] != '\0') ||
           failure_set(world->fault, "an event was refused without a word");
}

/* What follows when the disk has failed in the event. */
static bool see_to_disk(struct world *world, const struct engine_event *event, bool taken) {
    if (!taken && world->machine.pending) {
        world->lost = *event;
        world->has_lost = true;
        world->counts->disk_errors++;
    }
    if (disk_has_crashed(world->machine.disk)) {
        return cut_power(world, true);
    }
    if (world->machine.refusing) {
        return reopen(world, "the store wants to be reopened", false, false);
    }
    return true;
}

/* Hands in an event. *taken says whether it was accepted. False when a promise is broken. */
static bool accept(struct world *world, const struct engine_event *event, bool *taken) {
    struct failure failure = {0};
    uint32_t first = world->live.count;
    int64_t before = world->machine.acknowledged;
    struct buffer *line = begin_line(world);
    people_describe(engine_of(world), event, line);
    world->before_at = engine_now(engine_of(world));
    *taken = session_accept(world->machine.session, event, hear, world, &failure);
    buffer_print(line, *taken ? " → event %" PRId64 : " → refused (%" PRId64 "): ", world->machine.acknowledged);
    buffer_append_string(line, *taken ? "" : failure.message);
    int64_t added = world->machine.acknowledged - before;
    if (world->fault->set || (!*taken && !judge_refusal(world, &failure))) {
        return false;
    }
    if (added > 2 || (*taken ? added < 1 : added > 1)) {
        return failure_set(world->fault, "one event was handed in and %" PRId64 " were logged", added);
    }
    if (*taken) {
        mark_kind(world, first, event);
        world->counts->accepted++;
        world->last = *event;
        world->has_last = true;
        if (event->kind == ENGINE_ORDER || event->kind == ENGINE_REFUSE || event->kind == ENGINE_RECONSIDER) {
            judge_note_decision(world->judge, engine_of(world), event);
        }
        if (engine_now(engine_of(world)) != event->at) {
            return failure_set(world->fault, "the engine's clock is not the event's");
        }
        if (!judge_taken(engine_of(world), event, world->fault)) {
            return false;
        }
    } else {
        world->counts->refused++;
    }
    return judge_new(world) && judge_state(world, event);
}

static bool hand_in(struct world *world, const struct engine_event *event, bool *taken) {
    return accept(world, event, taken) && see_to_disk(world, event, *taken);
}

static bool catch_up(struct world *world) {
    bool taken = false;
    if (engine_next_instant(engine_of(world)) > world->now || world->now < engine_now(engine_of(world))) {
        return true;
    }
    const struct engine_event event = event_start(ENGINE_TIME, world->now, 0);
    world->counts->late++;
    if (!accept(world, &event, &taken)) {
        return false;
    }
    if (taken && engine_next_instant(engine_of(world)) <= world->now) {
        return failure_set(world->fault, "after downtime something that came due was not handled");
    }
    return see_to_disk(world, &event, taken);
}

/* ---- repeated input --------------------------------------------------------------------------------------- */

/* What a session can promise of an event that is handed in twice, today: it does not know that it is the same one, but
 * most kinds cannot happen twice. */
enum repetition { REFUSED, HARMLESS, BELIEVED_ALIKE, HAPPENS_AGAIN };

static enum repetition find_repetition(const struct engine_event *event) {
    switch (event->kind) {
    case ENGINE_CORRECT:
    case ENGINE_WITHDRAW:
    case ENGINE_BIND:
    case ENGINE_UNBIND:
    case ENGINE_ORDER:
    case ENGINE_REFUSE:
    case ENGINE_DONE:
    case ENGINE_DECLINE:
    case ENGINE_MERGE:
    case ENGINE_SPLIT:
    case ENGINE_MOVE:
    case ENGINE_CLOSE:
    case ENGINE_REOPEN:
    case ENGINE_RECONSIDER:
        return REFUSED;
    case ENGINE_NOTIFY:
    case ENGINE_ACKNOWLEDGE:
    case ENGINE_TIME:
        return HARMLESS;
    case ENGINE_REPORT:
        return BELIEVED_ALIKE;
    default:
        return HAPPENS_AGAIN;
    }
}

static bool judge_repetition(struct world *world, const struct engine_event *event, bool taken,
                             const struct buffer *before, int64_t low, int64_t high) {
    int64_t low_now = 0;
    int64_t high_now = 0;
    struct text kind = event_kind_name(event->kind);
    switch (find_repetition(event)) {
    case REFUSED:
        return !taken || failure_set(world->fault, "%.*s was taken twice", TEXT_PRINT(kind));
    case HARMLESS:
        buffer_clear(&world->scratch);
        engine_write_state(engine_of(world), &world->scratch);
        return text_equal(buffer_text(before), buffer_text(&world->scratch)) ||
               failure_set(world->fault, "%.*s handed in twice changes the state twice", TEXT_PRINT(kind));
    case BELIEVED_ALIKE:
        return !engine_view_fact(engine_of(world), event->incident, event->fact, &low_now, &high_now) ||
               (low_now == low && high_now == high) ||
               failure_set(world->fault, "the same report handed in twice changes what is believed");
    case HAPPENS_AGAIN:
        break;
    }
    return true;
}

/* The event that was accepted last comes once more, at the same instant, as from a client that heard no answer. */
static bool repeat(struct world *world) {
    struct engine_event event = world->last;
    struct buffer before = {0};
    int64_t low = 0;
    int64_t high = 0;
    bool taken = false;
    if (!world->has_last || event.at != engine_now(engine_of(world)) || event.kind == ENGINE_OPEN) {
        return true;
    }
    world->counts->repeated++;
    note(world, "the same once more");
    engine_write_state(engine_of(world), &before);
    (void)engine_view_fact(engine_of(world), event.incident, event.fact, &low, &high);
    bool fine = accept(world, &event, &taken);
    bool told = !world->machine.pending && !world->machine.refusing && !disk_has_crashed(world->machine.disk);
    fine = fine && (!told || judge_repetition(world, &event, taken, &before, low, high));
    buffer_release(&before);
    return fine && see_to_disk(world, &event, taken);
}

/* Somebody got no answer because the process died, and tries again now. */
static bool retry(struct world *world) {
    struct engine_event event = world->lost;
    bool taken = false;
    world->has_lost = false;
    if (event.kind == ENGINE_OPEN || event.kind == ENGINE_TIME || world->now < engine_now(engine_of(world))) {
        return true;
    }
    note(world, "tried again after the failure");
    event.at = world->now > event.at ? world->now : event.at;
    world->now = event.at;
    world->counts->repeated++;
    return hand_in(world, &event, &taken);
}

/* ---- garbage and plans ------------------------------------------------------------------------------------ */

/* What cannot be taken leaves nothing behind but the passing of time. */
static bool hand_in_garbage(struct world *world) {
    struct engine_event event;
    struct buffer before = {0};
    bool taken = false;
    if (!people_act(&world->people, engine_of(world), world->now, &event)) {
        return true;
    }
    people_spoil(&world->people, &event);
    world->counts->garbage++;
    int64_t count = world->machine.acknowledged;
    engine_write_state(engine_of(world), &before);
    bool fine = accept(world, &event, &taken);
    if (fine && !taken && world->machine.acknowledged == count) {
        buffer_clear(&world->scratch);
        engine_write_state(engine_of(world), &world->scratch);
        fine = text_equal(buffer_text(&before), buffer_text(&world->scratch)) ||
               failure_set(world->fault, "a refused event has changed the state");
    }
    buffer_release(&before);
    if (!fine) {
        return false;
    }
    if (taken && event.at > world->now) {
        world->now = event.at;
    }
    world->has_last = world->has_last && !taken;
    return see_to_disk(world, &event, taken);
}

static bool adopt(struct world *world, enum world_pack pack) {
    struct failure failure = {0};
    uint32_t first = world->live.count;
    const struct engine_event event = event_start(ENGINE_ADOPT, world->now, 0);
    struct buffer *line = begin_line(world);
    world->before_at = engine_now(engine_of(world));
    bool taken = session_adopt(world->machine.session, world->now, TEXT("the office"), TEXT("pack.plan.md"),
                               world->packs[pack], hear, world, NULL, &failure);
    buffer_print(line, "%" PRId64 " adopt pack %d → %s %s", world->now, (int)pack, taken ? "taken" : "refused",
                 failure.message);
    world->has_last = world->has_last && !taken;
    if (world->fault->set || (!taken && !judge_refusal(world, &failure))) {
        return false;
    }
    if (taken && pack == WORLD_BROKEN) {
        return failure_set(world->fault, "a broken pack was put in force");
    }
    if (taken) {
        mark_kind(world, first, &event);
    }
    if (!judge_new(world) || !judge_state(world, &event) || !see_to_disk(world, &event, taken)) {
        return false;
    }
    world->has_lost = false;
    return true;
}

static bool adopt_any(struct world *world) {
    enum world_pack pack = (enum world_pack)chance_below(&world->people, WORLD_PACKS);
    bool forest = pack == WORLD_FOREST_1 || pack == WORLD_FOREST_2;
    bool district = pack <= WORLD_DISTRICT_3 || pack == WORLD_CHANGED;
    if ((forest && !world->with_forest) || (district && !world->with_district)) {
        pack = WORLD_BROKEN;
    }
    return adopt(world, pack);
}

/* ---- a step ----------------------------------------------------------------------------------------------- */

static void pass_time(struct world *world) {
    static const uint8_t weights[] = {15, 30, 25, 9, 5, 7, 5, 1};
    int64_t next = engine_next_instant(engine_of(world));
    uint32_t way = chance_weigh(&world->clock, weights, sizeof weights);
    bool soon = next != ENGINE_NEVER && next > world->now && next < world->now + 40 * DAY;
    switch (way) {
    case 0:
        return;
    case 2:
        world->now += chance_magnitude(&world->clock, HOUR);
        return;
    case 3:
    case 4:
    case 5:
        if (soon) {
            int64_t at = way == 3 ? next : way == 4 ? next - 1 : next + 1;
            world->now = at > world->now ? at : world->now;
            return;
        }
        break;
    case 6:
        world->now += chance_magnitude(&world->clock, 3 * DAY);
        return;
    case 7:
        world->now += chance_magnitude(&world->clock, 30 * DAY);
        return;
    default:
        break;
    }
    world->now += chance_magnitude(&world->clock, 60 * SECOND);
}

/* Sets a fault that the next operations of the disk will meet. */
static void trouble_disk(struct world *world) {
    struct disk_faults faults = {0};
    uint32_t drawn = chance_below(&world->trouble, 100);
    if (drawn < 5) {
        faults.crash_in = 1 + chance_below(&world->trouble, 40);
    } else if (drawn < 7) {
        faults.fail_sync_in = 1 + chance_below(&world->trouble, 6);
    } else if (drawn < 9) {
        faults.fail_write_in = 1 + chance_below(&world->trouble, 12);
    } else if (drawn < 10) {
        faults.fail_read_in = 1 + chance_below(&world->trouble, 20);
    } else if (drawn < 11 && world->full_until == 0) {
        world->full_until = world->step + 1 + chance_below(&world->trouble, 10);
        disk_set_room(world->machine.disk, disk_used_bytes(world->machine.disk) + chance_below(&world->trouble, 30000));
        world->counts->full_disks++;
        note(world, "the disk is nearly full");
        return;
    } else {
        return;
    }
    disk_set_faults(world->machine.disk, &faults);
}

static bool act(struct world *world) {
    struct engine_event event;
    bool taken = false;
    uint32_t drawn = chance_below(&world->people, 100);
    if (drawn < 6) {
        return hand_in_garbage(world);
    }
    if (drawn < 9) {
        return adopt_any(world);
    }
    if (drawn < 16) {
        return repeat(world);
    }
    if (drawn < 24) {
        return catch_up(world);
    }
    bool made = engine_next_incident(engine_of(world)) <= 2
                    ? people_open(&world->people, engine_of(world), world->now, &event)
                    : people_act(&world->people, engine_of(world), world->now, &event);
    return !made || hand_in(world, &event, &taken);
}

static bool take_step(struct world *world) {
    world->counts->steps++;
    if (world->full_until != 0 && world->step >= world->full_until) {
        disk_set_room(world->machine.disk, -1);
        world->full_until = 0;
    }
    if (chance_percent(&world->trouble, 2)) {
        return cut_power(world, false);
    }
    trouble_disk(world);
    pass_time(world);
    if (world->has_lost && chance_percent(&world->trouble, 60)) {
        return retry(world);
    }
    world->has_lost = false;
    return act(world);
}

static bool begin(struct world *world, uint64_t seed) {
    world->clock = chance_begin(seed, PART_CLOCK);
    world->people = chance_begin(seed, PART_PEOPLE);
    world->trouble = chance_begin(seed, PART_TROUBLE);
    world->now = START + chance_magnitude(&world->clock, DAY);
    world->before_at = INT64_MIN;
    world->with_forest = chance_percent(&world->people, RUNS_OUT);
    world->with_district = !world->with_forest || chance_percent(&world->people, 40);
    world->judge = judge_create();
    if (world->judge == NULL) {
        return failure_set(world->fault, "the simulator is out of memory");
    }
    return machine_begin(&world->machine, seed, world->fault) && open_session(world) &&
           (!world->with_district || adopt(world, WORLD_DISTRICT_1)) &&
           (!world->with_forest || adopt(world, WORLD_FOREST_1));
}

static bool run(struct world *world, uint64_t seed) {
    if (!begin(world, seed)) {
        return false;
    }
    uint32_t steps = (uint32_t)chance_between(&world->people, STEPS_MIN, STEPS_MAX);
    for (world->step = 1; world->step <= steps && world->now < END; world->step++) {
        if (!take_step(world) || world->fault->set) {
            return false;
        }
    }
    disk_set_faults(world->machine.disk, &(struct disk_faults){0});
    return cut_power(world, false) && !world->fault->set;
}

static uint64_t find_digest(struct world *world) {
    buffer_clear(&world->scratch);
    if (world->machine.session != NULL) {
        engine_write_state(engine_of(world), &world->scratch);
    }
    buffer_append(&world->scratch, &world->machine.head.hash, sizeof world->machine.head.hash);
    buffer_print(&world->scratch, "%" PRIu32 " %" PRIu64, world->live.count, disk_change_count(world->machine.disk));
    return text_hash(buffer_text(&world->scratch));
}

bool world_run(uint64_t seed, const struct text packs[WORLD_PACKS], struct world_counts *counts,
               struct world_result *result) {
    *result = (struct world_result){0};
    struct world *world = calloc(1, sizeof *world);
    if (world == NULL) {
        return failure_set(&result->fault, "the simulator is out of memory");
    }
    world->fault = &result->fault;
    world->packs = packs;
    world->counts = counts;
    bool fine = run(world, seed);
    result->step = world->step;
    result->digest = world->machine.disk == NULL ? 0 : find_digest(world);
    write_story(world, &result->story);
    machine_end(&world->machine);
    judge_destroy(world->judge);
    told_release(&world->live);
    for (int i = 0; i < LINES; i++) {
        buffer_release(&world->lines[i]);
    }
    buffer_release(&world->scratch);
    free(world);
    return fine;
}
