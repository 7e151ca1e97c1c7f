#include "desk/exercise.h"

#include "base/calendar.h"
#include "desk/exercise_state.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MAX ((size_t)64 << 20)
#define ACTOR_SCRIPT "exercise:script"

/* ---- seats ------------------------------------------------------------------------------------------------ */

static const struct exercise_seat *find_seat(const struct exercise *exercise, struct text seat) {
    for (uint32_t i = 0; i < exercise->seat_count; i++) {
        if (text_equal(exercise->seats[i].seat, seat)) {
            return &exercise->seats[i];
        }
    }
    return NULL;
}

/* Who had a seat at an instant; NULL where nobody had. */
static const struct exercise_seat *find_seat_at(const struct exercise *exercise, struct text seat, int64_t at) {
    const struct exercise_seat *now = find_seat(exercise, seat);
    const struct exercise_seat *left = (const struct exercise_seat *)(const void *)exercise->left.bytes;
    if (now != NULL && now->since <= at) {
        return now;
    }
    for (size_t i = exercise->left.length / sizeof *left; i > 0; i--) {
        if (text_equal(left[i - 1].seat, seat) && left[i - 1].since <= at && at < left[i - 1].until) {
            return &left[i - 1];
        }
    }
    return NULL;
}

const char *exercise_find_player_at(const struct exercise *exercise, const struct plan *plan, uint16_t party,
                                    int64_t at) {
    bool is_party = plan != NULL && party < plan->party_count;
    if (!is_party && party != PLAN_NONE) {
        return NULL;
    }
    const struct exercise_seat *seat =
        find_seat_at(exercise, is_party ? plan->parties[party].name : TEXT(EXERCISE_DUTY_ROOM), at);
    if (seat == NULL) {
        seat = find_seat_at(exercise, TEXT(EXERCISE_ALL), at);
    }
    return seat == NULL ? NULL : seat->account;
}

const char *exercise_find_player(const struct exercise *exercise, const struct plan *plan, uint16_t party) {
    return exercise_find_player_at(exercise, plan, party, INT64_MAX);
}

static bool is_played(void *context, const struct plan *plan, uint16_t party) {
    return exercise_find_player(context, plan, party) != NULL;
}

/* A directory_player. */
static void tell_player(void *context, const struct plan *plan, uint16_t party, struct buffer *out) {
    const char *player = exercise_find_player(context, plan, party);
    bool is_chinese = text_starts_with(plan->language, TEXT("zh"));
    buffer_append_string(out, is_chinese ? "演练，不拨打：" : "exercise, do not call: ");
    buffer_append_string(out, player != NULL ? player : is_chinese ? "脚本扮演" : "played by the script");
}

static void set_seat(struct exercise *exercise, struct text seat, struct text account, int64_t at) {
    struct exercise_seat *found = (struct exercise_seat *)(void *)find_seat(exercise, seat);
    if (found != NULL) {
        struct exercise_seat left = *found;
        left.until = at;
        buffer_append(&exercise->left, &left, sizeof left);
    }
    if (account.length == 0) {
        if (found != NULL) {
            *found = exercise->seats[--exercise->seat_count];
        }
    } else {
        if (found == NULL && exercise->seat_count < EXERCISE_SEATS_MOST) {
            found = &exercise->seats[exercise->seat_count++];
            found->seat = arena_keep_text(exercise->arena, seat);
        }
        if (found != NULL) {
            (void)snprintf(found->account, sizeof found->account, "%.*s", TEXT_PRINT(account));
            found->since = at;
            found->until = ENGINE_NEVER;
        }
    }
    directory_cast(exercise->desk->directory, tell_player, exercise);
}

bool exercise_has_seat(const struct exercise *exercise, struct text account) {
    for (uint32_t i = 0; i < exercise->seat_count; i++) {
        if (text_equals_string(account, exercise->seats[i].account)) {
            return true;
        }
    }
    return false;
}

static void add_party(struct account *account, struct text name) {
    size_t length = strlen(account->parties);
    if (length + name.length + 2 <= sizeof account->parties) {
        (void)snprintf(account->parties + length, sizeof account->parties - length, "%.*s\n", TEXT_PRINT(name));
    }
}

static const struct plan *find_plan(const struct exercise *exercise) {
    return engine_plan_in_force(exercise->engine, drill_live_plan_name(exercise->live));
}

void exercise_cast(const struct exercise *exercise, struct account *account) {
    const struct plan *plan = find_plan(exercise);
    account->administrator = false;
    account->auditor = false;
    account->parties[0] = '\0';
    const char *duty_room = exercise_find_player(exercise, plan, PLAN_NONE);
    account->desk = duty_room != NULL && strcmp(duty_room, account->name) == 0;
    for (uint16_t i = 0; plan != NULL && i < plan->party_count; i++) {
        const char *player = exercise_find_player(exercise, plan, i);
        if (player != NULL && strcmp(player, account->name) == 0) {
            add_party(account, plan->parties[i].name);
        }
    }
}

/* ---- the stage -------------------------------------------------------------------------------------------- */

static int64_t not_before(const struct exercise *exercise, int64_t at) {
    int64_t last = desk_last_instant(exercise->desk);
    int64_t now = engine_now(exercise->engine);
    at = at > last ? at : last;
    return at > now ? at : now;
}

static bool accept(void *context, const struct engine_event *event, bool *has_failed, struct failure *failure) {
    struct exercise *exercise = context;
    struct desk *desk = exercise->desk;
    const struct event_entry entry = {.actor = TEXT(ACTOR_SCRIPT)};
    struct engine_event taken = *event;
    taken.at = not_before(exercise, event->at);
    if (event->kind == ENGINE_OPEN) {
        taken.title = desk_mark_title(desk, event->title);
        taken.incident = engine_next_incident(exercise->engine);
    }
    bool is_taken = session_accept_entry(desk->session, &taken, &entry, desk_note_change, desk, failure);
    *has_failed = session_has_failed(desk->session);
    return is_taken;
}

static bool pass(void *context, int64_t at, struct failure *failure) {
    return desk_pass_time(((struct exercise *)context)->desk, at, failure);
}

static bool adopt(void *context, int64_t at, struct text source, struct text file, struct text pack,
                  const struct plan **plan, struct failure *failure) {
    struct exercise *exercise = context;
    return session_adopt(exercise->desk->session, not_before(exercise, at), source, file, pack, desk_note_change,
                         exercise->desk, plan, failure);
}

/* ---- the log ---------------------------------------------------------------------------------------------- */

struct writing {
    struct store_field fields[12];
    size_t count;
    char at[CALENDAR_INSTANT_ROOM];
};

static void add(struct writing *writing, const char *name, struct text value) {
    if (value.length > 0) {
        writing->fields[writing->count++] = (struct store_field){.name = text_of(name), .value = value};
    }
}

static int64_t begin_note(const struct exercise *exercise, struct writing *writing, const char *kind,
                          const struct exercise_deed *deed) {
    int64_t at = not_before(exercise, deed->at);
    calendar_print_instant(at, 0, writing->at);
    writing->count = 0;
    add(writing, "kind", text_of(kind));
    add(writing, "at", text_of(writing->at));
    add(writing, "actor", deed->actor);
    add(writing, "key", deed->key);
    return at;
}

static bool log_note(struct exercise *exercise, int64_t at, const struct writing *writing, struct failure *failure) {
    return session_note(exercise->desk->session, at, writing->fields, writing->count, desk_note_change, exercise->desk,
                        failure);
}

/* Logs how far the script is, where that has changed. */
static bool log_script(struct exercise *exercise, const struct exercise_deed *deed, struct failure *failure) {
    json_t *written = drill_live_write(exercise->live);
    if (written == NULL || (exercise->written != NULL && json_equal(written, exercise->written))) {
        json_decref(written);
        return true;
    }
    struct writing writing;
    char *text = json_dumps(written, JSON_COMPACT);
    int64_t at = begin_note(exercise, &writing, "desk.exercise-script", deed);
    add(&writing, "state", text_of(text == NULL ? "" : text));
    bool done = text != NULL && log_note(exercise, at, &writing, failure);
    free(text);
    json_decref(exercise->written);
    exercise->written = written;
    return done;
}

/* Where an incident is, as the script says it: as if the duty room had. */
static bool set_place(void *context, uint32_t incident, int64_t at, struct text place, struct failure *failure) {
    struct exercise *exercise = context;
    struct writing writing;
    char number[12];
    const struct exercise_deed script = {.at = at, .actor = TEXT(ACTOR_SCRIPT)};
    int64_t noted_at = begin_note(exercise, &writing, "desk.place", &script);
    (void)snprintf(number, sizeof number, "%" PRIu32, incident);
    add(&writing, "incident", text_of(number));
    add(&writing, "place", place);
    return log_note(exercise, noted_at, &writing, failure);
}

/* ---- life ------------------------------------------------------------------------------------------------- */

static struct exercise *create(struct desk *desk, const struct exercise_setup *setup, struct failure *failure) {
    struct exercise *exercise = calloc(1, sizeof *exercise);
    const struct drill_stage stage = {exercise, accept, pass, adopt, set_place, is_played};
    if (exercise != NULL) {
        exercise->arena = arena_create(ARENA_BYTES_MAX);
    }
    if (exercise == NULL || exercise->arena == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        free(exercise);
        return NULL;
    }
    exercise->desk = desk;
    exercise->engine = session_engine(desk->session);
    exercise->speed = setup->speed;
    exercise->began_at = setup->began_at;
    exercise->ended_at = ENGINE_NEVER;
    exercise->real_end = ENGINE_NEVER;
    exercise->drill = arena_keep_text(exercise->arena, setup->drill);
    exercise->starter = arena_keep_text(exercise->arena, setup->starter);
    exercise->key = arena_keep_text(exercise->arena, setup->key);
    exercise->live =
        drill_live_open(arena_keep_text(exercise->arena, setup->path).bytes, setup->source, &stage, failure);
    if (exercise->live == NULL) {
        exercise_close(exercise);
        return NULL;
    }
    desk->is_exercise = true;
    desk->listen = drill_live_hear;
    desk->listen_context = exercise->live;
    search_hide_phones(desk->search);
    directory_cast(desk->directory, tell_player, exercise);
    return exercise;
}

void exercise_close(struct exercise *exercise) {
    if (exercise == NULL) {
        return;
    }
    exercise->desk->listen = NULL;
    drill_live_close(exercise->live);
    json_decref(exercise->written);
    json_decref(exercise->judgement);
    buffer_release(&exercise->left);
    arena_destroy(exercise->arena);
    free(exercise);
}

static bool log_beginning(struct exercise *exercise, const struct exercise_setup *setup, struct failure *failure) {
    struct writing writing;
    char speed[12];
    char began_at[CALENDAR_INSTANT_ROOM];
    const struct exercise_deed deed = {drill_live_start(exercise->live), setup->starter, setup->key};
    int64_t at = begin_note(exercise, &writing, "desk.exercise", &deed);
    (void)snprintf(speed, sizeof speed, "%d", setup->speed);
    add(&writing, "drill", setup->drill);
    add(&writing, "path", setup->path);
    add(&writing, "title", drill_live_title(exercise->live));
    add(&writing, "speed", text_of(speed));
    calendar_print_instant(setup->began_at, 0, began_at);
    add(&writing, "began_at", text_of(began_at));
    add(&writing, "source", setup->source);
    return log_note(exercise, at, &writing, failure);
}

struct exercise *exercise_begin(struct desk *desk, const struct exercise_setup *setup, struct failure *failure) {
    struct exercise *exercise = create(desk, setup, failure);
    if (exercise == NULL) {
        return NULL;
    }
    const struct exercise_deed script = {.at = drill_live_start(exercise->live), .actor = TEXT(ACTOR_SCRIPT)};
    if (desk_event_count(desk) > 0) {
        (void)failure_say(failure, "an exercise begins a log of its own", "演练须使用新的日志");
    } else if (log_beginning(exercise, setup, failure) && drill_live_begin(exercise->live, exercise->engine, failure) &&
               log_script(exercise, &script, failure)) {
        return exercise;
    }
    exercise_close(exercise);
    return NULL;
}

/* What the log says of the exercise. */
struct found {
    struct exercise_setup setup;
    struct buffer drill, path, source, starter, key, state, judgement, ender;
    struct buffer seats; /* SEAT \n ACCOUNT \n INSTANT \n … */
    int speed;
    int64_t began_at, ended_at, real_end;
};

static void take_field(const struct store_record *record, const char *name, struct buffer *out) {
    buffer_clear(out);
    buffer_append_text(out, fold_field(record->fields, record->count, name));
}

static void take_speed(const struct store_record *record, struct found *found) {
    uint32_t speed = fold_number(fold_field(record->fields, record->count, "speed"));
    found->speed = speed >= 1 && speed <= EXERCISE_SPEED_MOST ? (int)speed : found->speed;
}

/* A store_visit. */
static bool take_record(void *context, const struct store_record *record) {
    struct found *found = context;
    struct text kind = fold_field(record->fields, record->count, "kind");
    struct failure ignored = {0};
    if (text_equals_string(kind, "desk.exercise")) {
        take_field(record, "drill", &found->drill);
        take_field(record, "path", &found->path);
        take_field(record, "source", &found->source);
        take_field(record, "actor", &found->starter);
        take_field(record, "key", &found->key);
        take_speed(record, found);
        (void)calendar_parse_instant(fold_field(record->fields, record->count, "began_at"), 0, &found->began_at,
                                     &ignored);
    } else if (text_equals_string(kind, "desk.exercise-script")) {
        take_field(record, "state", &found->state);
    } else if (text_equals_string(kind, "desk.exercise-pace")) {
        take_speed(record, found);
    } else if (text_equals_string(kind, "desk.exercise-seat")) {
        int64_t at = 0;
        (void)calendar_parse_instant(fold_field(record->fields, record->count, "at"), 0, &at, &ignored);
        buffer_print(&found->seats, "%.*s\n%.*s\n%" PRId64 "\n",
                     TEXT_PRINT(fold_field(record->fields, record->count, "seat")),
                     TEXT_PRINT(fold_field(record->fields, record->count, "account")), at);
    } else if (text_equals_string(kind, "desk.exercise-end")) {
        take_field(record, "judgement", &found->judgement);
        take_field(record, "actor", &found->ender);
        (void)calendar_parse_instant(fold_field(record->fields, record->count, "at"), 0, &found->ended_at, &ignored);
        struct text real_end = fold_field(record->fields, record->count, "real_end");
        if (real_end.length > 0) {
            (void)calendar_parse_instant(real_end, 0, &found->real_end, &ignored);
        }
    }
    return true;
}

static bool go_on(struct exercise *exercise, const struct found *found, struct failure *failure) {
    struct text seats = buffer_text(&found->seats);
    while (seats.length > 0) {
        struct text seat = text_take_line(&seats);
        struct text account = text_take_line(&seats);
        set_seat(exercise, seat, account, (int64_t)strtoll(text_take_line(&seats).bytes, NULL, 10));
    }
    exercise->speed = found->speed;
    exercise->ended_at = found->ended_at;
    exercise->real_end = found->real_end;
    (void)snprintf(exercise->ender, sizeof exercise->ender, "%.*s", TEXT_PRINT(buffer_text(&found->ender)));
    exercise->judgement =
        json_loadb(found->judgement.bytes == NULL ? "" : found->judgement.bytes, found->judgement.length, 0, NULL);
    exercise->written = json_loadb(found->state.bytes == NULL ? "" : found->state.bytes, found->state.length, 0, NULL);
    return drill_live_resume(exercise->live, exercise->engine, exercise->written, exercise_last_instant(exercise),
                             failure);
}

/* Of a log that another thread may be writing. Sequence 0: the last event; a log without it shows none. */
static bool read_event(const char *directory, int64_t sequence, store_visit *visit, void *context,
                       struct failure *failure) {
    const struct store_options options = {.read_only = true};
    struct store_head head = {0};
    struct store *store = store_open(directory, &options, failure);
    bool done = store != NULL && store_find_head(store, &head, failure);
    sequence = sequence == 0 ? head.sequence : sequence;
    if (done && sequence > 0 && sequence <= head.sequence) {
        done = store_read(store, sequence, false, visit, context, failure);
    }
    store_close(store);
    return done;
}

/* A store_visit. */
static bool take_kind(void *context, const struct store_record *record) {
    *(bool *)context = text_equals_string(fold_field(record->fields, record->count, "kind"), "desk.exercise-end");
    return true;
}

bool exercise_find_ending(const char *directory, bool *has_ended, struct failure *failure) {
    *has_ended = false;
    return read_event(directory, 0, take_kind, has_ended, failure);
}

struct noted {
    int64_t sequence;
    struct text began_at;
    bool is_another;
};

/* A store_visit. */
static bool take_beginning(void *context, const struct store_record *record) {
    struct noted *noted = context;
    noted->is_another = record->sequence == noted->sequence &&
                        !text_equal(fold_field(record->fields, record->count, "began_at"), noted->began_at);
    return false;
}

bool exercise_find_note(const char *directory, int64_t sequence, struct text began_at, bool *is_of_another,
                        struct failure *failure) {
    struct noted noted = {.sequence = sequence, .began_at = began_at};
    bool done = read_event(directory, sequence, take_beginning, &noted, failure);
    *is_of_another = noted.is_another;
    return done;
}

static void release_found(struct found *found) {
    struct buffer *const buffers[] = {&found->drill, &found->path,      &found->source, &found->starter, &found->key,
                                      &found->state, &found->judgement, &found->ender,  &found->seats};
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        buffer_release(buffers[i]);
    }
}

struct exercise *exercise_resume(struct desk *desk, struct failure *failure) {
    struct found found = {.speed = 1, .ended_at = ENGINE_NEVER, .real_end = ENGINE_NEVER};
    struct exercise *exercise = NULL;
    if (session_read(desk->session, 1, take_record, &found, failure)) {
        const struct exercise_setup setup = {.drill = buffer_text(&found.drill),
                                             .path = buffer_text(&found.path),
                                             .source = buffer_text(&found.source),
                                             .starter = buffer_text(&found.starter),
                                             .key = buffer_text(&found.key),
                                             .began_at = found.began_at,
                                             .speed = found.speed};
        exercise = create(desk, &setup, failure);
    }
    if (exercise != NULL && !go_on(exercise, &found, failure)) {
        exercise_close(exercise);
        exercise = NULL;
    }
    release_found(&found);
    return exercise;
}

/* ---- going on --------------------------------------------------------------------------------------------- */

int64_t exercise_start(const struct exercise *exercise) {
    return drill_live_start(exercise->live);
}

int64_t exercise_last_instant(const struct exercise *exercise) {
    int64_t last = desk_last_instant(exercise->desk);
    int64_t now = engine_now(exercise->engine);
    return last > now ? last : now;
}

struct text exercise_find_title(struct text source, char *room, size_t room_size) {
    return drill_live_find_title(source, room, room_size);
}

int exercise_speed(const struct exercise *exercise) {
    return exercise->speed;
}

int64_t exercise_began_at(const struct exercise *exercise) {
    return exercise->began_at;
}

int64_t exercise_real_end(const struct exercise *exercise) {
    return exercise->real_end;
}

struct text exercise_starter(const struct exercise *exercise) {
    return exercise->starter;
}

struct text exercise_ender(const struct exercise *exercise) {
    return text_of(exercise->ender);
}

struct text exercise_key(const struct exercise *exercise) {
    return exercise->key;
}

bool exercise_has_ended(const struct exercise *exercise) {
    return exercise->ended_at != ENGINE_NEVER;
}

struct text exercise_title(const struct exercise *exercise) {
    return drill_live_title(exercise->live);
}

int64_t exercise_next_instant(struct exercise *exercise) {
    int64_t own = desk_next_instant(exercise->desk);
    int64_t script = exercise->is_script_stopped ? ENGINE_NEVER : drill_live_next(exercise->live);
    return own < script ? own : script;
}

void exercise_pass(struct exercise *exercise, int64_t at) {
    struct failure failure = {0};
    if (exercise_has_ended(exercise)) {
        return;
    }
    if (!exercise->is_script_stopped && !drill_live_pass(exercise->live, at, &failure)) {
        exercise->is_script_stopped = true;
        exercise->problem = failure;
    }
    (void)desk_pass_time(exercise->desk, at, NULL);
    (void)log_script(exercise, &(struct exercise_deed){.at = at, .actor = TEXT(ACTOR_SCRIPT)}, &failure);
}

bool exercise_note_pace(struct exercise *exercise, const struct exercise_deed *deed, int speed, bool is_paused,
                        struct text reason, struct failure *failure) {
    struct writing writing;
    char shown[12];
    int64_t at = begin_note(exercise, &writing, "desk.exercise-pace", deed);
    (void)snprintf(shown, sizeof shown, "%d", speed);
    add(&writing, "speed", text_of(shown));
    add(&writing, "paused", is_paused ? TEXT("yes") : TEXT("no"));
    add(&writing, "reason", reason);
    exercise->speed = speed;
    return log_note(exercise, at, &writing, failure);
}

/* A party goes by its proper name, whatever it was called. */
static bool find_seat_name(const struct exercise *exercise, struct text seat, struct text *name,
                           struct failure *failure) {
    const struct plan *plan = find_plan(exercise);
    *name = seat;
    if (text_equals_string(seat, EXERCISE_DUTY_ROOM) || text_equals_string(seat, EXERCISE_ALL)) {
        return true;
    }
    uint16_t party = plan == NULL ? PLAN_NONE : plan_find_party(plan, seat);
    if (party == PLAN_NONE) {
        return failure_say_field(failure, "seat", "the plan has no \"%.*s\"", "预案中没有“%.*s”",
                                 TEXT_PRINT(text_cut(seat, 100)));
    }
    *name = plan->parties[party].name;
    return true;
}

const char *exercise_find_holder(const struct exercise *exercise, struct text seat) {
    struct text name = {0};
    struct failure ignored = {0};
    const struct exercise_seat *found =
        find_seat_name(exercise, seat, &name, &ignored) ? find_seat(exercise, name) : NULL;
    return found == NULL ? NULL : found->account;
}

bool exercise_give_seat(struct exercise *exercise, const struct exercise_deed *deed, struct text seat,
                        struct text account, struct failure *failure) {
    struct writing writing;
    struct text name = {0};
    if (!find_seat_name(exercise, seat, &name, failure)) {
        return false;
    }
    if (account.length > 0 && find_seat(exercise, name) == NULL && exercise->seat_count == EXERCISE_SEATS_MOST) {
        return failure_say_field(failure, "seat", "no more than %u seats can be played by people",
                                 "由人扮演的席位最多 %u 个", EXERCISE_SEATS_MOST);
    }
    int64_t at = begin_note(exercise, &writing, "desk.exercise-seat", deed);
    add(&writing, "seat", name);
    add(&writing, "account", account);
    if (!log_note(exercise, at, &writing, failure)) {
        return false;
    }
    set_seat(exercise, name, account, at);
    return true;
}

bool exercise_play_offer(struct exercise *exercise, const struct exercise_deed *deed, uint32_t number,
                         struct failure *failure) {
    const struct drill_offer *offer = drill_live_offer(exercise->live, number - 1);
    const struct plan *plan = find_plan(exercise);
    if (offer != NULL && plan != NULL) {
        const char *player = exercise_find_player(
            exercise, plan, offer->party.length == 0 ? PLAN_NONE : plan_find_party(plan, offer->party));
        if (player != NULL && !text_equals_string(deed->actor, player)) {
            return failure_say(failure, "this is for %s, who plays that seat", "这一项由扮演该席位的 %s 办理", player);
        }
    }
    return drill_live_play(exercise->live, number, not_before(exercise, deed->at), failure) &&
           log_script(exercise, deed, failure);
}

bool exercise_end(struct exercise *exercise, const struct exercise_deed *deed, int64_t wall, struct failure *failure) {
    struct writing writing;
    char real_end[CALENDAR_INSTANT_ROOM];
    if (exercise_has_ended(exercise)) {
        return true;
    }
    int64_t at = begin_note(exercise, &writing, "desk.exercise-end", deed);
    json_t *judgement = exercise_judge(exercise, at);
    char *text = judgement == NULL ? NULL : json_dumps(judgement, JSON_COMPACT);
    calendar_print_instant(wall, 0, real_end);
    add(&writing, "real_end", text_of(real_end));
    add(&writing, "judgement", text_of(text == NULL ? "" : text));
    bool done = text != NULL ? log_note(exercise, at, &writing, failure)
                             : failure_say(failure, "memory is exhausted", "内存不足");
    free(text);
    if (!done) {
        json_decref(judgement);
        return false;
    }
    exercise->judgement = judgement;
    exercise->ended_at = at;
    exercise->real_end = wall;
    (void)snprintf(exercise->ender, sizeof exercise->ender, "%.*s", TEXT_PRINT(deed->actor));
    return true;
}

/* ---- shown ------------------------------------------------------------------------------------------------ */

static json_t *describe_seats(const struct exercise *exercise) {
    json_t *list = json_array();
    for (uint32_t i = 0; i < exercise->seat_count; i++) {
        view_add(list, json_pack("{s:o, s:s}", "seat", view_text(exercise->seats[i].seat), "account",
                                 exercise->seats[i].account));
    }
    return list;
}

static json_t *describe_offers(const struct exercise *exercise) {
    static const char *const outcomes[] = {"open", "done", "played", "stood-in"};
    json_t *list = json_array();
    for (uint32_t i = 0; i < drill_live_offer_count(exercise->live); i++) {
        const struct drill_offer *offer = drill_live_offer(exercise->live, i);
        view_add(list,
                 json_pack("{s:I, s:o, s:o, s:o, s:o, s:s, s:o}", "number", (json_int_t)offer->number, "at",
                           view_instant(offer->at), "party",
                           offer->party.length == 0 ? json_string(EXERCISE_DUTY_ROOM) : view_text(offer->party),
                           "statement", view_text(offer->statement), "incident", view_some_number(offer->incident),
                           "outcome", outcomes[offer->outcome], "settled_at", view_some_instant(offer->settled_at)));
    }
    return list;
}

json_t *exercise_describe(const struct exercise *exercise) {
    uint32_t all = 0;
    uint32_t place = drill_live_place(exercise->live, &all);
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:o, s:o}", "drill", view_text(exercise->drill), "title",
        view_text(exercise_title(exercise)), "plan", view_text(drill_live_plan_name(exercise->live)), "started_by",
        view_text(exercise->starter), "from", view_instant(exercise_start(exercise)), "seats", describe_seats(exercise),
        "offers", describe_offers(exercise), "place", (json_int_t)place, "statements", (json_int_t)all,
        "script_problem", exercise->is_script_stopped ? json_string(exercise->problem.message) : json_null(),
        "ended_at", view_some_instant(exercise->ended_at));
}
