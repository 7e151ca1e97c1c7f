/* The list of exercises: started, opened again after a restart, found, stopped. */
#include "web/exercises.h"

#include "base/log.h"
#include "desk/access.h"
#include "desk/folder.h"
#include "desk/form.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PATH_ROOM 4096
#define ABOUT_BYTES 1500U
#define ROOM_FIRST 16U /* of the list */

struct started {
    struct web_server *server;
    char key[DESK_MARKED_KEY_ROOM]; /* of the request that began it, as the log has it */
    char starter[ACCOUNT_NAME_ROOM];
};

struct exercises {
    struct web_server *house;
    const struct web_pack *drills;
    size_t drill_count;
    pthread_mutex_t lock; /* guards all below */
    struct started *items;
    size_t count, room;
    struct web_server *gone; /* that have been removed, by next_gone */
    uint32_t last_number;
};

/* ---- drills ----------------------------------------------------------------------------------------------- */

static struct text find_name(const struct web_pack *drill) {
    const char *slash = strrchr(drill->file.bytes, '/');
    return text_of(slash == NULL ? drill->file.bytes : slash + 1);
}

static const struct web_pack *find_drill(const struct exercises *exercises, struct text name) {
    for (size_t i = 0; i < exercises->drill_count; i++) {
        if (text_equal(find_name(&exercises->drills[i]), name)) {
            return &exercises->drills[i];
        }
    }
    return NULL;
}

/* One drill of a folder may be the one for a first look: a remark in it says so. */
#define FIRST_MARK "<!-- first-exercise -->"

/* What the file says of itself to people: what stands before its first block, without heading and mark. */
static struct text find_about(struct text source) {
    const char *fence = source.length == 0 ? NULL : strstr(source.bytes, "```");
    const char *heading = source.length > 0 && source.bytes[0] == '#' ? strchr(source.bytes, '\n') : source.bytes;
    if (fence == NULL || heading == NULL || heading > fence) {
        return (struct text){0};
    }
    const char *mark = strstr(heading, FIRST_MARK);
    heading = mark != NULL && mark < fence ? mark + sizeof FIRST_MARK - 1 : heading;
    return text_cut(text_trim((struct text){heading, (size_t)(fence - heading)}), ABOUT_BYTES);
}

void exercises_list_drills(struct exchange *exchange) {
    const struct exercises *exercises = exchange->server->exercises;
    json_t *list = json_array();
    for (size_t i = 0; i < exercises->drill_count; i++) {
        char room[300];
        struct text name = find_name(&exercises->drills[i]);
        struct text title = exercise_find_title(exercises->drills[i].text, room, sizeof room);
        struct text about = find_about(exercises->drills[i].text);
        (void)json_array_append_new(
            list, json_pack("{s:o, s:b, s:o, s:o}", "drill", json_stringn(name.bytes, name.length), "first",
                            strstr(exercises->drills[i].text.bytes, FIRST_MARK) != NULL, "title",
                            json_stringn(title.bytes == NULL ? "" : title.bytes, title.length), "about",
                            json_stringn(about.bytes == NULL ? "" : about.bytes, about.length)));
    }
    json_t *body = json_pack("{s:o}", "drills", list);
    exchange_answer(exchange, MHD_HTTP_OK, body);
    json_decref(body);
}

/* What is shown of each, the newest first. */
static json_t *describe_all(struct exercises *exercises) {
    json_t *list = json_array();
    (void)pthread_mutex_lock(&exercises->lock);
    for (size_t i = exercises->count; i-- > 0;) {
        (void)json_array_append_new(list, exercise_desk_summarize(exercises->items[i].server->exercise));
    }
    (void)pthread_mutex_unlock(&exercises->lock);
    return list;
}

/* How much each takes, for whoever may put it away and asks for it. Outside the list's lock: reading folders takes the disk's
 * time. */
static void add_sizes(const struct exercises *exercises, json_t *list) {
    size_t index = 0;
    json_t *summary = NULL;
    json_array_foreach(list, index, summary) {
        char path[PATH_ROOM];
        (void)snprintf(path, sizeof path, "%s/exercises/%" JSON_INTEGER_FORMAT, exercises->house->directory,
                       json_integer_value(json_object_get(summary, "number")));
        (void)json_object_set_new(summary, "bytes", json_integer(folder_measure(path)));
    }
}

void exercises_list(struct exchange *exchange) {
    struct exercises *exercises = exchange->server->exercises;
    const struct account *account = &exchange->session.account;
    bool may_remove = access_may(account, DESK_NOTE_EXERCISE_REMOVAL, &(struct access_case){0});
    const char *sizes = MHD_lookup_connection_value(exchange->connection, MHD_GET_ARGUMENT_KIND, "sizes");
    json_t *list = describe_all(exercises);
    if (may_remove && sizes != NULL && strcmp(sizes, "yes") == 0) {
        add_sizes(exercises, list);
    }
    bool may_start = access_may(account, DESK_NOTE_EXERCISE, &(struct access_case){0});
    json_t *body = json_pack("{s:o, s:b, s:b}", "exercises", list, "may_start", may_start, "may_remove", may_remove);
    exchange_answer(exchange, MHD_HTTP_OK, body);
    json_decref(body);
}

struct web_server *exercises_find(struct exercises *exercises, uint32_t number) {
    struct web_server *found = NULL;
    (void)pthread_mutex_lock(&exercises->lock);
    for (size_t i = 0; i < exercises->count && found == NULL; i++) {
        struct web_server *server = exercises->items[i].server;
        found = exercise_desk_number(server->exercise) == number ? server : NULL;
    }
    (void)pthread_mutex_unlock(&exercises->lock);
    return found;
}

void exercises_look(struct exercises *exercises) {
    (void)pthread_mutex_lock(&exercises->lock);
    for (size_t i = 0; i < exercises->count; i++) {
        stream_look(exercises->items[i].server->stream);
    }
    (void)pthread_mutex_unlock(&exercises->lock);
}

/* ---- one's server ----------------------------------------------------------------------------------------- */

static int64_t tell(void *context, int *speed) {
    return exercise_desk_tell_pace(context, speed);
}

/* A stream_sees. */
static bool sees_personal(void *context, const char *account) {
    return exercise_desk_is_duty_room(context, account);
}

static void close_server(struct web_server *server) {
    if (server == NULL) {
        return;
    }
    stream_destroy(server->stream);
    views_destroy(server->views);
    exercise_desk_destroy(server->exercise);
    desk_close(server->desk);
    mailbox_destroy(&server->to_writer);
    free(server->directory);
    free(server);
}

static struct web_server *make_server(struct web_server *house, uint32_t number, struct failure *failure) {
    char path[PATH_ROOM];
    struct web_server *server = calloc(1, sizeof *server);
    if (server == NULL || !mailbox_open(&server->to_writer)) {
        free(server);
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    int length = snprintf(path, sizeof path, "%s/exercises/%" PRIu32, house->directory, number);
    server->house = house;
    server->accounts = house->accounts;
    server->is_secure = house->is_secure;
    server->fonts = house->fonts;
    server->directory = length > 0 && (size_t)length < sizeof path ? strdup(path) : NULL;
    server->views = views_create();
    server->exercise = exercise_desk_create(server, number);
    atomic_store(&server->is_writable, true);
    if (server->directory == NULL || server->views == NULL || server->exercise == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        close_server(server);
        return NULL;
    }
    bool is_prepared = upload_prepare(server->directory, failure);
    server->desk = is_prepared ? desk_open(server->directory, failure) : NULL;
    if (server->desk == NULL) {
        close_server(server);
        return NULL;
    }
    return server;
}

/* Lets its writer run, what it plays being there. */
static bool run_server(struct web_server *server, struct failure *failure) {
    server->stream = stream_create(server->directory, desk_event_count(server->desk), server->accounts, failure);
    if (server->stream == NULL) {
        return false;
    }
    stream_keep_time(server->stream, tell, server->exercise);
    stream_ask_sight(server->stream, sees_personal, server->exercise);
    server->has_writer = pthread_create(&server->writer, NULL, writer_run, server) == 0;
    return server->has_writer || failure_say(failure, "the system gives no threads", "系统无法创建线程");
}

/* For one more in the list. What is there already is found under the lock; only one thread at a time adds. */
static bool make_room(struct exercises *exercises, struct failure *failure) {
    (void)pthread_mutex_lock(&exercises->lock);
    bool has_room = exercises->count < exercises->room;
    if (!has_room) {
        size_t room = exercises->room == 0 ? ROOM_FIRST : exercises->room * 2;
        struct started *items = realloc(exercises->items, room * sizeof *items);
        if (items != NULL) {
            exercises->items = items;
            exercises->room = room;
            has_room = true;
        }
    }
    (void)pthread_mutex_unlock(&exercises->lock);
    return has_room || failure_say(failure, "memory is exhausted", "内存不足");
}

/* There is room for it; they stand by number. Its number is taken from now on. */
static void add_started(struct exercises *exercises, const struct started *started) {
    uint32_t number = exercise_desk_number(started->server->exercise);
    (void)pthread_mutex_lock(&exercises->lock);
    size_t at = exercises->count++;
    for (; at > 0 && exercise_desk_number(exercises->items[at - 1].server->exercise) > number; at--) {
        exercises->items[at] = exercises->items[at - 1];
    }
    exercises->items[at] = *started;
    exercises->last_number = number > exercises->last_number ? number : exercises->last_number;
    (void)pthread_mutex_unlock(&exercises->lock);
}

/* ---- starting --------------------------------------------------------------------------------------------- */

struct wish {
    struct text drill;
    int speed;
    const json_t *seats;
};

static bool read_wish(struct exchange *exchange, struct wish *wish) {
    struct failure failure = {.chinese = exchange->request.chinese};
    struct form form;
    form_begin(&form, exchange->json, &failure);
    wish->drill = form_text(&form, "drill", true, FORM_TEXT_BYTES);
    uint32_t speed = form_number(&form, "speed", false);
    wish->seats = form_any(&form, "seats", false);
    wish->speed = speed == 0 ? 1 : (int)speed;
    if (form_end(&form) && speed > EXERCISE_SPEED_MOST) {
        (void)failure_say_field(&failure, "speed", "must be from 1 to %d", "须为 1 至 %d", EXERCISE_SPEED_MOST);
    }
    if (!failure.set && wish->seats != NULL && !json_is_array(wish->seats)) {
        (void)failure_say_field(&failure, "seats", "must be a list", "须为列表");
    }
    if (failure.set) {
        exchange_fail(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, &failure);
    }
    return !failure.set;
}

static bool give_seats(struct exercise *exercise, const struct exchange *exchange, const json_t *seats,
                       struct failure *failure) {
    size_t index = 0;
    json_t *item = NULL;
    bool is_good = true;
    json_array_foreach((json_t *)seats, index, item) {
        struct form form;
        form_begin(&form, item, failure);
        struct text seat = form_text(&form, "seat", true, FORM_TEXT_BYTES);
        struct text account = form_text(&form, "account", true, ACCOUNT_NAME_ROOM);
        is_good = is_good && form_end(&form);
        if (is_good && !account_book_has_account(exchange->server->accounts, account)) {
            is_good =
                failure_say_field(failure, "account", "there is no account %.*s", "没有账号 %.*s", TEXT_PRINT(account));
        }
        const struct exercise_deed deed = {.at = exercise_start(exercise), .actor = exercise_starter(exercise)};
        is_good = is_good && exercise_give_seat(exercise, &deed, seat, account, failure);
    }
    return is_good;
}

/* Plays on a desk that is new. */
static bool begin(struct web_server *server, const struct exchange *exchange, const struct wish *wish,
                  const struct web_pack *drill, struct failure *failure) {
    const struct exercise_setup setup = {.drill = wish->drill,
                                         .path = drill->file,
                                         .source = drill->text,
                                         .starter = text_of(exchange->session.account.name),
                                         .key = text_of(exchange->marked_key),
                                         .began_at = exchange_read_wall(),
                                         .speed = wish->speed};
    desk_hold(server->desk);
    struct exercise *exercise = exercise_begin(server->desk, &setup, failure);
    bool is_good = exercise != NULL && give_seats(exercise, exchange, wish->seats, failure);
    struct failure unwritten = {.chinese = failure->chinese};
    if (!desk_release(server->desk, &unwritten) && is_good) {
        *failure = unwritten;
        is_good = false;
    }
    if (!is_good) {
        exercise_close(exercise);
        return false;
    }
    exercise_desk_take(server->exercise, exercise, false);
    return run_server(server, failure);
}

/* The number of the exercise that was begun under this very request's key; 0: none. Of one that was begun under its key with
 * another request: *is_misused. The caller has the lock. */
static uint32_t find_begun(const struct exercises *exercises, const struct exchange *exchange, bool *is_misused) {
    size_t length = strlen(exchange->request.key);
    for (size_t i = 0; i < exercises->count; i++) {
        const struct started *started = &exercises->items[i];
        if (strncmp(started->key, exchange->request.key, length) == 0 && started->key[length] == ' ' &&
            strcmp(started->starter, exchange->session.account.name) == 0) {
            *is_misused = strcmp(started->key, exchange->marked_key) != 0;
            return exercise_desk_number(started->server->exercise);
        }
    }
    return 0;
}

/* Collects the numbers of those that have not ended. The caller has the lock. */
static size_t list_running(const struct exercises *exercises, char *numbers, size_t room) {
    size_t running = 0;
    size_t length = 0;
    numbers[0] = '\0';
    for (size_t i = 0; i < exercises->count; i++) {
        struct exercise_desk *own = exercises->items[i].server->exercise;
        if (exercise_desk_is_running(own) && length + 12 < room) {
            length += (size_t)snprintf(numbers + length, room - length, "%s%" PRIu32, running == 0 ? "" : ", ",
                                       exercise_desk_number(own));
            running++;
        }
    }
    return running;
}

/* The number of the next, or 0 with the answer set. Started already by this very request: *known is its number. It is taken only
 * once the exercise has come about: the registrar alone asks, for one at a time. */
static uint32_t find_next_number(struct exercises *exercises, struct exchange *exchange, uint32_t *known) {
    struct failure failure = {.chinese = exchange->request.chinese};
    char numbers[80];
    bool is_misused = false;
    uint32_t number = 0;
    desk_mark_key(&exchange->request, exchange->marked_key);
    (void)pthread_mutex_lock(&exercises->lock);
    *known = find_begun(exercises, exchange, &is_misused);
    bool has_most = list_running(exercises, numbers, sizeof numbers) >= EXERCISES_RUNNING_MOST;
    if (*known == 0 && !has_most) {
        number = exercises->last_number + 1;
    }
    (void)pthread_mutex_unlock(&exercises->lock);
    if (is_misused) {
        *known = 0;
        exchange_refuse_used_key(exchange);
    } else if (*known == 0 && has_most) {
        (void)failure_say(
            &failure, "no more than %u exercises run at once, and these have not ended: %s; end one first",
            "同时进行的演练最多 %u 场，尚未结束的有第 %s 号，请先结束其中一场", EXERCISES_RUNNING_MOST, numbers);
        exchange_fail(exchange, MHD_HTTP_CONFLICT, TITLE_NOT_NOW, &failure);
    }
    return number;
}

static void answer_started(struct exchange *exchange, uint32_t number, bool is_repeated) {
    json_t *body = json_pack("{s:I, s:I}", "sequence", (json_int_t)1, "exercise", (json_int_t)number);
    if (is_repeated) {
        (void)json_object_set_new(body, "repeated", json_true());
    }
    exchange_answer(exchange, MHD_HTTP_CREATED, body);
    json_decref(body);
}

/* A folder of its own, which nothing has been in before. */
static bool make_folder(const struct web_server *house, uint32_t number, struct failure *failure) {
    char path[PATH_ROOM];
    (void)snprintf(path, sizeof path, "%s/exercises", house->directory);
    if (mkdir(path, 0700) == 0 || errno == EEXIST) {
        (void)snprintf(path, sizeof path, "%s/exercises/%" PRIu32, house->directory, number);
        if (mkdir(path, 0700) == 0) {
            return true;
        }
    }
    char why[128] = "";
    (void)strerror_r(errno, why, sizeof why);
    return failure_say(failure, "%s cannot be made: %s", "无法建立 %s：%s", path, why);
}

/* Clears away an exercise that did not come about. Where its folder cannot be removed its number is used up: the next one needs a
 * folder of its own. */
static void remove_folder(struct exercises *exercises, uint32_t number) {
    struct failure ignored = {0};
    char path[PATH_ROOM];
    (void)snprintf(path, sizeof path, "%s/exercises/%" PRIu32, exercises->house->directory, number);
    (void)folder_empty(path, &ignored);
    if (rmdir(path) != 0) {
        (void)pthread_mutex_lock(&exercises->lock);
        exercises->last_number = number;
        (void)pthread_mutex_unlock(&exercises->lock);
    }
}

void exercises_start(struct exchange *exchange) {
    struct exercises *exercises = exchange->server->exercises;
    struct failure failure = {.chinese = exchange->request.chinese};
    struct wish wish;
    uint32_t known = 0;
    if (!read_wish(exchange, &wish)) {
        return;
    }
    const struct web_pack *drill = find_drill(exercises, wish.drill);
    if (drill == NULL) {
        exchange_problem(exchange, MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND, "drill", "there is no such drill",
                         "没有这个演练");
        return;
    }
    uint32_t number = find_next_number(exercises, exchange, &known);
    if (number == 0) {
        if (known != 0) {
            answer_started(exchange, known, true);
        }
        return;
    }
    bool has_folder = make_room(exercises, &failure) && make_folder(exercises->house, number, &failure);
    struct web_server *server = has_folder ? make_server(exercises->house, number, &failure) : NULL;
    if (server == NULL || !begin(server, exchange, &wish, drill, &failure)) {
        close_server(server);
        if (has_folder) {
            remove_folder(exercises, number);
        }
        exchange_fail(exchange, MHD_HTTP_UNPROCESSABLE_CONTENT, TITLE_NOT_TAKEN, &failure);
        return;
    }
    struct started started = {.server = server};
    memcpy(started.key, exchange->marked_key, sizeof started.key);
    memcpy(started.starter, exchange->session.account.name, sizeof started.starter);
    add_started(exercises, &started);
    answer_started(exchange, number, false);
}

/* ---- opening again ---------------------------------------------------------------------------------------- */

static bool has_log(const struct exercises *exercises, uint32_t number) {
    char log[PATH_ROOM];
    (void)snprintf(log, sizeof log, "%s/exercises/%" PRIu32 "/log.db", exercises->house->directory, number);
    return access(log, F_OK) == 0;
}

/* Of one whose log cannot be read nobody knows: it is opened, which says what is wrong. */
static bool has_ended(const struct exercises *exercises, uint32_t number) {
    struct failure ignored = {0};
    char folder[PATH_ROOM];
    bool is_ended = false;
    (void)snprintf(folder, sizeof folder, "%s/exercises/%" PRIu32, exercises->house->directory, number);
    return exercise_find_ending(folder, &is_ended, &ignored) && is_ended;
}

/* Its server, NULL with a failure. */
static struct web_server *open_again(struct exercises *exercises, uint32_t number, struct failure *failure) {
    struct web_server *server = make_room(exercises, failure) ? make_server(exercises->house, number, failure) : NULL;
    if (server != NULL && exercise_desk_resume(server->exercise, server->desk, failure)) {
        struct started started = {.server = server};
        exercise_desk_tell_beginning(server->exercise, started.key, started.starter);
        if (run_server(server, failure)) {
            add_started(exercises, &started);
            return server;
        }
    }
    log_write(LOG_LEVEL_ERROR, "exercise %" PRIu32 " is left out: %s", number, failure->message);
    close_server(server);
    return NULL;
}

/* ---- removing --------------------------------------------------------------------------------------------- */

/* Takes one out of the list, so that nobody finds it any more; NULL where it is not in it. */
static struct web_server *take_out(struct exercises *exercises, uint32_t number) {
    struct web_server *found = NULL;
    (void)pthread_mutex_lock(&exercises->lock);
    for (size_t i = 0; i < exercises->count && found == NULL; i++) {
        if (exercise_desk_number(exercises->items[i].server->exercise) == number) {
            found = exercises->items[i].server;
            found->next_gone = exercises->gone;
            exercises->gone = found;
            exercises->count--;
            memmove(&exercises->items[i], &exercises->items[i + 1],
                    (exercises->count - i) * sizeof exercises->items[0]);
        }
    }
    (void)pthread_mutex_unlock(&exercises->lock);
    return found;
}

static void stop_writer(struct web_server *server) {
    if (server->has_writer) {
        mailbox_close(&server->to_writer);
        (void)pthread_join(server->writer, NULL);
        server->has_writer = false;
    }
    stream_end(server->stream);
}

bool exercises_is_unopened(struct exercises *exercises, uint32_t number) {
    return exercises_find(exercises, number) == NULL && has_log(exercises, number);
}

bool exercises_open_to_remove(struct exchange *exchange) {
    struct exercises *exercises = exchange->server->exercises;
    struct failure failure = {.chinese = exchange->request.chinese};
    struct web_server *server = exercises_find(exercises, exchange->route.exercise); /* another may have asked before */
    if (server == NULL && !has_log(exercises, exchange->route.exercise)) {
        exchange_problem(exchange, MHD_HTTP_NOT_FOUND, TITLE_NOT_FOUND, "", "there is no such exercise",
                         "没有这场演练");
        return false; /* another has removed it just before */
    }
    server = server == NULL ? open_again(exercises, exchange->route.exercise, &failure) : server;
    if (server == NULL) {
        exchange_fail(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, &failure);
        return false;
    }
    exchange->server = server;
    if (mailbox_send(&server->to_writer, &exchange->mail)) {
        return true;
    }
    exchange_problem(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_NOW, "", "the server is stopping",
                     "服务器正在停止");
    return false;
}

/* Exchanges that are on their way may still hold the server: it stays to the end, without its log. Its folder stays too, empty, so
 * that its number is not given again. */
void exercises_remove(struct exchange *exchange) {
    struct exercises *exercises = exchange->server->exercises;
    struct failure failure = {.chinese = exchange->request.chinese};
    struct failure cause = {0};
    struct web_server *server = take_out(exercises, exchange->route.exercise);
    char path[PATH_ROOM];
    if (server != NULL) {
        stop_writer(server);
        stream_close_log(server->stream);
        exercise_desk_leave(server->exercise);
        desk_close(server->desk);
        server->desk = NULL;
    }
    /* The log before all else: what has none is no exercise any more, for whoever opens or copies it. */
    (void)snprintf(path, sizeof path, "%s/exercises/%" PRIu32 "/log.db", exercises->house->directory,
                   exchange->route.exercise);
    (void)unlink(path);
    (void)snprintf(path, sizeof path, "%s/exercises/%" PRIu32, exercises->house->directory, exchange->route.exercise);
    if (access(path, F_OK) == 0 && !folder_empty(path, &cause)) {
        (void)failure_say(&failure, "it is noted, but its files could not be removed (%s); ask again",
                          "已经记录，但文件未能删除（%s），请再试一次", cause.message);
        exchange_fail(exchange, MHD_HTTP_SERVICE_UNAVAILABLE, TITLE_NOT_SAVED, &failure);
    }
}

/* ---- life ------------------------------------------------------------------------------------------------- */

struct found {
    const struct exercises *exercises;
    struct buffer numbers; /* of those that have a log: what has been removed leaves its folder, empty */
    uint32_t last;
};

/* A folder_take_number. */
static bool take_number_found(void *context, uint32_t number, struct failure *failure) {
    struct found *found = context;
    found->last = number;
    if (has_log(found->exercises, number)) {
        buffer_append(&found->numbers, &number, sizeof number);
    }
    return !found->numbers.failed || failure_say(failure, "memory is exhausted", "内存不足");
}

/* One that cannot be opened keeps nobody from the real desk. */
static void open_found(struct exercises *exercises, const struct found *found) {
    const uint32_t *numbers = (const uint32_t *)(const void *)found->numbers.bytes;
    size_t count = found->numbers.length / sizeof *numbers;
    for (size_t i = 0; i < count; i++) {
        struct failure failure = {0};
        bool is_new = i + EXERCISES_OPENED_MOST >= count;
        if (is_new || !has_ended(exercises, numbers[i])) {
            (void)open_again(exercises, numbers[i], &failure);
        }
    }
}

struct exercises *exercises_create(struct web_server *house, const struct web_pack *drills, size_t drill_count,
                                   struct failure *failure) {
    struct exercises *exercises = calloc(1, sizeof *exercises);
    if (exercises == NULL || pthread_mutex_init(&exercises->lock, NULL) != 0) {
        free(exercises);
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    exercises->house = house;
    exercises->drills = drills;
    exercises->drill_count = drill_count;
    struct found found = {.exercises = exercises};
    if (!folder_list_branches(house->directory, "exercises", take_number_found, &found, failure)) {
        buffer_release(&found.numbers);
        exercises_destroy(exercises);
        return NULL;
    }
    open_found(exercises, &found);
    exercises->last_number = found.last;
    buffer_release(&found.numbers);
    return exercises;
}

void exercises_stop(struct exercises *exercises) {
    for (size_t i = 0; exercises != NULL && i < exercises->count; i++) {
        stop_writer(exercises->items[i].server);
    }
}

void exercises_destroy(struct exercises *exercises) {
    for (size_t i = 0; exercises != NULL && i < exercises->count; i++) {
        close_server(exercises->items[i].server);
    }
    while (exercises != NULL && exercises->gone != NULL) {
        struct web_server *next = exercises->gone->next_gone;
        close_server(exercises->gone);
        exercises->gone = next;
    }
    if (exercises != NULL) {
        (void)pthread_mutex_destroy(&exercises->lock);
        free(exercises->items);
        free(exercises);
    }
}
