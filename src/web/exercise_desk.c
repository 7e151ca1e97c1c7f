/* One exercise: its time, and what is asked of it. */
#include "web/exercises.h"

#include "base/calendar.h"
#include "base/log.h"
#include "desk/access.h"
#include "desk/folder.h"
#include "desk/form.h"
#include "engine/engine.h"
#include "store/store.h"
#include "web/pace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TITLE_ROOM 300

struct exercise_desk {
    struct web_server *server;
    uint32_t number;
    struct exercise *exercise; /* the writer's alone */
    bool has_changed;          /* the pace, since the pages were told; the writer's alone */
    pthread_mutex_t lock;      /* guards all below */
    struct pace pace;
    bool has_ended;
    int64_t began_at, real_end; /* by the wall clock; ENGINE_NEVER */
    char title[TITLE_ROOM];
    char duty_room[ACCOUNT_NAME_ROOM]; /* who plays it; empty: the script */
};

struct exercise_desk *exercise_desk_create(struct web_server *server, uint32_t number) {
    struct exercise_desk *own = calloc(1, sizeof *own);
    if (own != NULL && pthread_mutex_init(&own->lock, NULL) == 0) {
        own->server = server;
        own->number = number;
        own->pace = (struct pace){.speed = 1, .is_paused = true};
        return own;
    }
    free(own);
    return NULL;
}

void exercise_desk_destroy(struct exercise_desk *own) {
    if (own != NULL) {
        exercise_close(own->exercise);
        (void)pthread_mutex_destroy(&own->lock);
        free(own);
    }
}

uint32_t exercise_desk_number(const struct exercise_desk *own) {
    return own->number;
}

/* For the threads that do not have the exercise. */
static void note_duty_room(struct exercise_desk *own) {
    const char *holder = exercise_find_holder(own->exercise, TEXT(EXERCISE_DUTY_ROOM));
    holder = holder != NULL ? holder : exercise_find_holder(own->exercise, TEXT(EXERCISE_ALL));
    (void)pthread_mutex_lock(&own->lock);
    (void)snprintf(own->duty_room, sizeof own->duty_room, "%s", holder == NULL ? "" : holder);
    (void)pthread_mutex_unlock(&own->lock);
}

bool exercise_desk_is_duty_room(struct exercise_desk *own, const char *account) {
    (void)pthread_mutex_lock(&own->lock);
    bool is_so = account[0] != '\0' && strcmp(own->duty_room, account) == 0;
    (void)pthread_mutex_unlock(&own->lock);
    return is_so;
}

void exercise_desk_take(struct exercise_desk *own, struct exercise *exercise, bool is_paused) {
    own->exercise = exercise;
    own->has_changed = true;
    (void)pthread_mutex_lock(&own->lock);
    own->pace = (struct pace){.base = exercise_last_instant(exercise),
                              .boot = exchange_read_boot(),
                              .speed = exercise_speed(exercise),
                              .is_paused = is_paused || exercise_has_ended(exercise)};
    own->has_ended = exercise_has_ended(exercise);
    own->began_at = exercise_began_at(exercise);
    own->real_end = exercise_real_end(exercise);
    (void)snprintf(own->title, sizeof own->title, "%.*s",
                   TEXT_PRINT(text_cut(exercise_title(exercise), TITLE_ROOM - 1)));
    (void)pthread_mutex_unlock(&own->lock);
    note_duty_room(own);
}

bool exercise_desk_resume(struct exercise_desk *own, struct desk *desk, struct failure *failure) {
    struct exercise *exercise = exercise_resume(desk, failure);
    if (exercise != NULL) {
        exercise_desk_take(own, exercise, true);
    }
    return exercise != NULL;
}

void exercise_desk_tell_beginning(const struct exercise_desk *own, char key[DESK_MARKED_KEY_ROOM],
                                  char starter[ACCOUNT_NAME_ROOM]) {
    (void)snprintf(key, DESK_MARKED_KEY_ROOM, "%.*s", TEXT_PRINT(exercise_key(own->exercise)));
    (void)snprintf(starter, ACCOUNT_NAME_ROOM, "%.*s", TEXT_PRINT(exercise_starter(own->exercise)));
}

void exercise_desk_leave(struct exercise_desk *own) {
    if (own != NULL) {
        exercise_close(own->exercise);
        own->exercise = NULL;
    }
}

static struct pace read_pace(struct exercise_desk *own, bool *has_ended) {
    (void)pthread_mutex_lock(&own->lock);
    struct pace pace = own->pace;
    *has_ended = own->has_ended;
    (void)pthread_mutex_unlock(&own->lock);
    return pace;
}

int64_t exercise_desk_tell(struct exercise_desk *own) {
    bool has_ended = false;
    struct pace pace = read_pace(own, &has_ended);
    return pace_tell(&pace, exchange_read_boot());
}

int64_t exercise_desk_tell_pace(struct exercise_desk *own, int *speed) {
    bool has_ended = false;
    struct pace pace = read_pace(own, &has_ended);
    *speed = has_ended || pace.is_paused ? 0 : pace.speed;
    return pace_tell(&pace, exchange_read_boot());
}

bool exercise_desk_is_running(struct exercise_desk *own) {
    bool has_ended = false;
    (void)read_pace(own, &has_ended);
    return !has_ended;
}

static const char *name_status(const struct pace *pace, bool has_ended) {
    return has_ended ? "ended" : pace->is_paused ? "paused" : "running";
}

json_t *exercise_desk_summarize(struct exercise_desk *own) {
    bool has_ended = false;
    struct pace pace = read_pace(own, &has_ended);
    char time[CALENDAR_INSTANT_ROOM];
    char began_at[CALENDAR_INSTANT_ROOM];
    char ended_at[CALENDAR_INSTANT_ROOM];
    (void)pthread_mutex_lock(&own->lock);
    int64_t real_end = own->real_end;
    calendar_print_instant(own->began_at, 0, began_at);
    (void)pthread_mutex_unlock(&own->lock);
    calendar_print_instant(pace_tell(&pace, exchange_read_boot()), 0, time);
    calendar_print_instant(real_end == ENGINE_NEVER ? 0 : real_end, 0, ended_at);
    return json_pack("{s:I, s:s, s:s, s:i, s:s, s:s, s:o}", "number", (json_int_t)own->number, "title", own->title,
                     "status", name_status(&pace, has_ended), "speed", pace.speed, "time", time, "began_at", began_at,
                     "real_end", real_end == ENGINE_NEVER ? json_null() : json_string(ended_at));
}

/* ---- the writer's ----------------------------------------------------------------------------------------- */

void exercise_desk_pass(struct exercise_desk *own, int64_t now) {
    if (own->exercise != NULL) {
        exercise_pass(own->exercise, now);
    }
}

int64_t exercise_desk_find_wait(struct exercise_desk *own, int64_t most) {
    bool has_ended = false;
    struct pace pace = read_pace(own, &has_ended);
    return has_ended || own->exercise == NULL
               ? most
               : pace_find_wait(&pace, exchange_read_boot(), exercise_next_instant(own->exercise), most);
}

bool exercise_desk_take_change(struct exercise_desk *own) {
    bool has_changed = own != NULL && own->has_changed;
    if (own != NULL) {
        own->has_changed = false;
    }
    return has_changed;
}

bool exercise_desk_is_write(enum route_kind kind) {
    return kind == ROUTE_SET_PACE || kind == ROUTE_GIVE_SEAT || kind == ROUTE_PLAY_OFFER ||
           kind == ROUTE_END_EXERCISE || kind == ROUTE_REMOVE_EXERCISE;
}

bool exercise_desk_goes_on(const struct exchange *exchange) {
    enum route_kind kind = exchange->route.kind;
    return exchange->server->exercise != NULL && exchange->status == MHD_HTTP_CREATED &&
           (kind == ROUTE_END_EXERCISE || kind == ROUTE_REMOVE_EXERCISE);
}

static void refuse(struct desk_reply *reply, enum desk_outcome outcome, const char *english, const char *chinese) {
    reply->outcome = outcome;
    (void)failure_say(&reply->failure, "%s", "%s", reply->failure.chinese ? chinese : english);
}

static void answer_written(const struct exercise_desk *own, struct desk_reply *reply) {
    reply->outcome = DESK_CREATED;
    reply->body = json_pack("{s:I, s:I}", "sequence", (json_int_t)desk_event_count(own->server->desk), "exercise",
                            (json_int_t)own->number);
}

/* Whoever leads exercises, by his right on the real desk. */
static bool may_lead(const struct exchange *exchange) {
    return access_may(&exchange->session.account, DESK_NOTE_EXERCISE, &(struct access_case){0});
}

static bool has_part(const struct exercise_desk *own, const struct exchange *exchange) {
    return may_lead(exchange) || exercise_has_seat(own->exercise, text_of(exchange->session.account.name));
}

static void set_pace(struct exercise_desk *own, const struct exchange *exchange, const struct exercise_deed *deed,
                     struct desk_reply *reply) {
    struct form form;
    bool has_ended = false;
    struct pace pace = read_pace(own, &has_ended);
    form_begin(&form, exchange->json, &reply->failure);
    uint32_t speed = form_number(&form, "speed", false);
    bool has_paused = json_object_get(exchange->json, "paused") != NULL;
    bool is_paused = form_flag(&form, "paused");
    struct text reason = form_text(&form, "reason", false, 1024);
    if (!form_end(&form)) {
        reply->outcome = DESK_REFUSED;
        return;
    }
    if (speed > EXERCISE_SPEED_MOST) {
        reply->outcome = DESK_REFUSED;
        (void)failure_say_field(&reply->failure, "speed", "must be from 1 to %d", "须为 1 至 %d", EXERCISE_SPEED_MOST);
        return;
    }
    int wanted = speed == 0 ? pace.speed : (int)speed;
    bool is_paused_then = has_paused ? is_paused : pace.is_paused;
    int64_t boot = exchange_read_boot();
    if (!exercise_note_pace(own->exercise, deed, wanted, is_paused_then, reason, &reply->failure)) {
        reply->outcome = DESK_UNAVAILABLE;
        return;
    }
    (void)pthread_mutex_lock(&own->lock);
    pace_set(&own->pace, boot, wanted, is_paused_then);
    (void)pthread_mutex_unlock(&own->lock);
    own->has_changed = true;
    answer_written(own, reply);
}

/* Who leads gives any seat to any account; others take one that is free, and give back their own. */
static bool may_give(const struct exercise_desk *own, const struct exchange *exchange, struct text seat,
                     struct text account) {
    const char *name = exchange->session.account.name;
    const char *holder = exercise_find_holder(own->exercise, seat);
    return may_lead(exchange) || (account.length == 0 ? holder != NULL && strcmp(holder, name) == 0
                                                      : holder == NULL && text_equals_string(account, name));
}

static void give_seat(struct exercise_desk *own, const struct exchange *exchange, const struct exercise_deed *deed,
                      struct desk_reply *reply) {
    struct form form;
    form_begin(&form, exchange->json, &reply->failure);
    struct text seat = form_text(&form, "seat", true, FORM_TEXT_BYTES);
    struct text account = form_text(&form, "account", false, ACCOUNT_NAME_ROOM);
    reply->outcome = DESK_REFUSED;
    if (!form_end(&form)) {
        return;
    }
    if (!may_give(own, exchange, seat, account)) {
        refuse(reply, DESK_FORBIDDEN, "this seat is another's, or not yours to give",
               "这个席位已由他人扮演，或不由您分配");
        return;
    }
    if (account.length > 0 && !account_book_has_account(exchange->server->accounts, account)) {
        (void)failure_say_field(&reply->failure, "account", "there is no account %.*s", "没有账号 %.*s",
                                TEXT_PRINT(account));
        return;
    }
    if (exercise_give_seat(own->exercise, deed, seat, account, &reply->failure)) {
        note_duty_room(own);
        answer_written(own, reply);
    }
}

static void play_offer(struct exercise_desk *own, const struct exchange *exchange, const struct exercise_deed *deed,
                       struct desk_reply *reply) {
    reply->outcome = DESK_CONFLICT;
    if (exercise_play_offer(own->exercise, deed, exchange->route.item, &reply->failure)) {
        answer_written(own, reply);
    }
}

/* Which exercise it is, as the real desk's log is told: texts all, as its fields are. */
static json_t *identify(const struct exercise_desk *own) {
    char number[12];
    char began_at[CALENDAR_INSTANT_ROOM];
    json_t *described = exercise_describe(own->exercise);
    (void)snprintf(number, sizeof number, "%" PRIu32, own->number);
    calendar_print_instant(exercise_began_at(own->exercise), 0, began_at);
    json_t *summary =
        json_pack("{s:s, s:O, s:O, s:O, s:O, s:s}", "exercise", number, "title", json_object_get(described, "title"),
                  "plan", json_object_get(described, "plan"), "drill", json_object_get(described, "drill"),
                  "started_by", json_object_get(described, "started_by"), "began_at", began_at);
    json_decref(described);
    return summary;
}

/* What came of it. */
static json_t *sum_up(const struct exercise_desk *own) {
    json_t *judged = exercise_judge(own->exercise, exercise_last_instant(own->exercise));
    json_t *summary = identify(own);
    static const char *const counts[] = {"met", "late", "missed"};
    char shown[24];
    (void)json_object_set(summary, "from", json_object_get(judged, "from"));
    (void)json_object_set(summary, "until", json_object_get(judged, "until"));
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        (void)snprintf(shown, sizeof shown, "%" JSON_INTEGER_FORMAT,
                       json_integer_value(json_object_get(judged, counts[i])));
        (void)json_object_set_new(summary, counts[i], json_string(shown));
    }
    json_decref(judged);
    return summary;
}

/* With the head of its log as far as that is durable, which whoever has kept a copy can hold against this. */
static bool add_log(const struct exercise_desk *own, json_t *summary, struct failure *failure) {
    const struct store_options options = {.read_only = true};
    struct store_head head;
    char shown[STORE_HEAD_ROOM];
    struct store *store = store_open(own->server->directory, &options, failure);
    bool done = store != NULL && store_find_head(store, &head, failure);
    store_close(store);
    if (done) {
        store_print_head(&head, shown);
        (void)json_object_set_new(summary, "log", json_string(shown));
    }
    return done;
}

bool exercise_desk_prove(const struct exercise_desk *own, struct exchange *exchange) {
    struct failure failure = {.chinese = exchange->request.chinese};
    bool done = exchange->route.kind != ROUTE_END_EXERCISE || add_log(own, exchange->json, &failure);
    if (!done) {
        exchange_fail(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, &failure);
    }
    return done;
}

/* The real desk notes it first, under the key of whoever asks; then the registrar removes the folder (exercises_remove). */
static void remove_exercise(struct exercise_desk *own, struct exchange *exchange, struct desk_reply *reply) {
    struct desk_request *request = &exchange->request;
    struct form form;
    form_begin(&form, exchange->json, &reply->failure);
    struct text reason = form_text(&form, "reason", true, 1024);
    if (!form_end(&form)) {
        reply->outcome = DESK_REFUSED;
        return;
    }
    char bytes[24];
    json_t *summary = identify(own);
    (void)snprintf(bytes, sizeof bytes, "%" PRId64, folder_measure(own->server->directory));
    (void)json_object_set_new(summary, "bytes", json_string(bytes));
    (void)json_object_set_new(summary, "reason", json_stringn(reason.bytes, reason.length));
    if (!add_log(own, summary, &reply->failure)) {
        json_decref(summary);
        reply->outcome = DESK_UNAVAILABLE;
        return;
    }
    desk_mark_key(request, exchange->marked_key);
    request->marked_key = exchange->marked_key;
    json_decref(exchange->json);
    exchange->json = summary;
    request->body = summary;
    answer_written(own, reply);
}

/* Ended once, its note can be asked for again, by whoever leads, until the real desk has taken it: it goes there in the name of
 * who has ended it and under one key, and so is noted once. */
static void end_exercise(struct exercise_desk *own, struct exchange *exchange, const struct exercise_deed *deed,
                         struct desk_reply *reply) {
    struct desk_request *request = &exchange->request;
    int64_t boot = exchange_read_boot();
    if (!exercise_end(own->exercise, deed, exchange_read_wall(), &reply->failure)) {
        reply->outcome = DESK_UNAVAILABLE;
        return;
    }
    (void)pthread_mutex_lock(&own->lock);
    pace_set(&own->pace, boot, own->pace.speed, true);
    own->has_ended = true;
    own->real_end = exercise_real_end(own->exercise);
    (void)pthread_mutex_unlock(&own->lock);
    own->has_changed = true;
    json_decref(exchange->json);
    exchange->json = sum_up(own);
    request->action = DESK_NOTE_EXERCISE;
    request->account = exchange->session.account;
    (void)snprintf(request->account.name, sizeof request->account.name, "%.*s",
                   TEXT_PRINT(exercise_ender(own->exercise)));
    request->body = exchange->json;
    /* Numbers begin anew where the data came from a backup: the instant tells it from another of that number. */
    (void)snprintf(request->key, sizeof request->key, "exercise-%" PRIu32 "-%" PRId64, own->number,
                   exercise_began_at(own->exercise));
    answer_written(own, reply);
}

static void show_exercise(struct exercise_desk *own, const struct exchange *exchange, struct desk_reply *reply) {
    json_t *body = exercise_describe(own->exercise);
    json_t *summary = exercise_desk_summarize(own);
    (void)json_object_update(body, summary);
    json_decref(summary);
    (void)json_object_set_new(body, "leads", json_boolean(may_lead(exchange)));
    reply->body = body;
}

static void show_part(const struct exercise_desk *own, const struct exchange *exchange, struct desk_reply *reply) {
    struct account account = exchange->session.account;
    exercise_cast(own->exercise, &account);
    reply->body = json_pack("{s:o, s:s, s:b}", "account", account_describe(&account), "csrf_token",
                            exchange->session.csrf_token, "second_factor_due", exchange->session.is_limited);
}

static bool show(struct exercise_desk *own, struct exchange *exchange, struct desk_reply *reply) {
    switch (exchange->route.kind) {
    case ROUTE_SHOW_EXERCISE:
        show_exercise(own, exchange, reply);
        break;
    case ROUTE_SHOW_PART:
        show_part(own, exchange, reply);
        break;
    case ROUTE_SHOW_JUDGEMENT:
        reply->body = exercise_judge(own->exercise, exercise_desk_tell(own));
        break;
    default:
        return false;
    }
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(exercise_desk_tell(own), 0, shown);
    json_t *body = reply->body == NULL ? NULL : json_copy(reply->body);
    json_decref(reply->body);
    reply->body = body;
    (void)json_object_set_new(body, "server_time", json_string(shown));
    if (body == NULL) {
        refuse(reply, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
    }
    return true;
}

/* Looks at the key of what is asked, which is of this very path: false where it is answered, having been used for something else
 * or for this already. The end can be asked for again. */
static bool take_key(const struct exercise_desk *own, const struct exchange *exchange, char key[DESK_MARKED_KEY_ROOM],
                     struct desk_reply *reply) {
    const struct desk *desk = own->server->desk;
    struct desk_request asked = exchange->request;
    asked.plan = text_of(exchange->path);
    if (!desk_check_key(desk, &asked, key, reply)) {
        return false;
    }
    int64_t known = desk_find_key(desk, &asked);
    if (known == 0 || exchange->route.kind == ROUTE_END_EXERCISE) {
        return true;
    }
    reply->outcome = DESK_CREATED;
    reply->body = json_pack("{s:I, s:I, s:b}", "sequence", (json_int_t)known, "exercise", (json_int_t)own->number,
                            "repeated", true);
    return false;
}

static void direct(struct exercise_desk *own, struct exchange *exchange, const struct exercise_deed *deed,
                   struct desk_reply *reply) {
    enum route_kind kind = exchange->route.kind;
    bool is_for_players = kind == ROUTE_SET_PACE || kind == ROUTE_PLAY_OFFER;
    bool is_of_running = kind != ROUTE_END_EXERCISE && kind != ROUTE_REMOVE_EXERCISE;
    if (kind == ROUTE_REMOVE_EXERCISE &&
        !access_may(&exchange->session.account, DESK_NOTE_EXERCISE_REMOVAL, &(struct access_case){0})) {
        refuse(reply, DESK_FORBIDDEN, "only administrators put an exercise away", "只有管理员可以清除演练");
    } else if (kind == ROUTE_REMOVE_EXERCISE && !exercise_has_ended(own->exercise)) {
        refuse(reply, DESK_CONFLICT, "this exercise has not ended: end it first", "演练尚未结束，请先结束");
    } else if (is_of_running && exercise_has_ended(own->exercise)) {
        refuse(reply, DESK_CONFLICT, "this exercise has ended", "演练已经结束");
    } else if ((is_for_players && !has_part(own, exchange)) || (kind == ROUTE_END_EXERCISE && !may_lead(exchange))) {
        refuse(reply, DESK_FORBIDDEN, "this is for whoever leads the exercise or plays in it",
               "只有组织或参加演练的人可以这样做");
    } else if (kind == ROUTE_SET_PACE) {
        set_pace(own, exchange, deed, reply);
    } else if (kind == ROUTE_GIVE_SEAT) {
        give_seat(own, exchange, deed, reply);
    } else if (kind == ROUTE_PLAY_OFFER) {
        play_offer(own, exchange, deed, reply);
    } else if (kind == ROUTE_REMOVE_EXERCISE) {
        remove_exercise(own, exchange, reply);
    } else {
        end_exercise(own, exchange, deed, reply);
    }
}

/* What the desk would write, and can no longer once the exercise has ended; what it has written it says again. */
static bool is_over_for(const struct exercise_desk *own, const struct exchange *exchange) {
    enum route_kind kind = exchange->route.kind;
    bool is_write = kind == ROUTE_DESK_WRITE || kind == ROUTE_SIGN_DOCUMENT || kind == ROUTE_BEGIN_UPLOAD ||
                    kind == ROUTE_APPEND_UPLOAD;
    return is_write && exercise_has_ended(own->exercise) && desk_find_key(own->server->desk, &exchange->request) == 0;
}

bool exercise_desk_answer(struct exercise_desk *own, struct exchange *exchange, struct desk_reply *reply) {
    *reply = (struct desk_reply){.outcome = DESK_OK, .failure.chinese = exchange->request.chinese};
    if (show(own, exchange, reply)) {
        return true;
    }
    if (exercise_desk_is_write(exchange->route.kind)) {
        char key[DESK_MARKED_KEY_ROOM];
        if (take_key(own, exchange, key, reply)) {
            const struct exercise_deed deed = {exercise_desk_tell(own), text_of(exchange->session.account.name),
                                               text_of(key)};
            direct(own, exchange, &deed, reply);
        }
        return true;
    }
    if (is_over_for(own, exchange)) {
        refuse(reply, DESK_CONFLICT, "this exercise has ended", "演练已经结束");
        return true;
    }
    exercise_cast(own->exercise, &exchange->request.account);
    return false;
}
