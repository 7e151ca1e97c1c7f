#include "room.h"

#include <stdio.h>
#include <string.h>

struct account room_account(const char *name, bool administrator, bool desk, const char *parties) {
    struct account account = {.administrator = administrator, .desk = desk};
    (void)snprintf(account.name, sizeof account.name, "%s", name);
    (void)snprintf(account.display_name, sizeof account.display_name, "%s of the desk", name);
    (void)snprintf(account.parties, sizeof account.parties, "%s", parties);
    return account;
}

bool room_has_session(struct account_book *book, struct text token, int64_t now) {
    struct account_session session = {0};
    return account_book_look_session(book, token, now, &session) && !session.is_limited;
}

static void open_desk(struct room *room) {
    struct failure failure = {0};
    room->desk = desk_open(room->directory, &failure);
    check(room->desk != NULL, "%s", failure.message);
}

void room_open(struct room *room, const char *directory) {
    *room = (struct room){.directory = directory, .at = ROOM_START};
    room->account = room_account("wang", false, true, "");
    open_desk(room);
}

void room_open_again(struct room *room) {
    desk_close(room->desk);
    open_desk(room);
}

void room_close(struct room *room) {
    json_decref(room->reply.body);
    desk_close(room->desk);
}

void room_adopt(struct room *room, const char *path) {
    struct failure failure = {0};
    struct buffer pack = {0};
    check(buffer_read_file(&pack, path, (size_t)1 << 20U, &failure), "%s", failure.message);
    check(desk_adopt(room->desk, room->at, TEXT("server"), text_of(path), buffer_text(&pack), false, NULL, &failure),
          "%s", failure.message);
    buffer_release(&pack);
}

json_t *room_read_json(const char *text) {
    char quoted[8192];
    json_error_t error;
    size_t length = strlen(text);
    assert_true(length < sizeof quoted);
    for (size_t i = 0; i <= length; i++) {
        char letter = text[i];
        quoted[i] = letter == '\'' ? '"' : letter;
    }
    json_t *json = json_loads(quoted, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    check(json != NULL, "%s: %s", text, error.text);
    return json;
}

enum desk_outcome room_ask(struct room *room, const struct room_request *request) {
    struct desk_request asked = {.action = request->action,
                                 .account = room->account,
                                 .at = room->at,
                                 .incident = request->incident,
                                 .item = request->item,
                                 .chinese = room->chinese};
    json_t *body = request->body == NULL ? NULL : room_read_json(request->body);
    if (request->key == NULL && request->action != DESK_PREPARE_DOCUMENT) { /* with one it is to be signed */
        room->keys++;
        (void)snprintf(asked.key, sizeof asked.key, "room-key-%d", room->keys);
    } else if (request->key != NULL) {
        (void)snprintf(asked.key, sizeof asked.key, "%s", request->key);
    }
    asked.body = body;
    asked.plan = request->plan == NULL ? (struct text){0} : text_of(request->plan);
    asked.query = text_of(request->query);
    asked.attachment = asked.plan;
    asked.if_match = request->if_match == NULL ? (struct text){0} : text_of(request->if_match);
    json_decref(room->reply.body);
    desk_answer(room->desk, &asked, &room->reply);
    json_decref(body);
    return room->reply.outcome;
}

/* The reply in the room is a refusal in English. */
static void check_in_chinese(struct room *room, const struct room_request *request) {
    const struct desk_reply english = room->reply;
    const struct failure *failure = &room->reply.failure;
    int keys = room->keys;
    room->chinese = true;
    (void)room_ask(room, request);
    room->chinese = false;
    room->keys = keys;
    check(room->reply.outcome == english.outcome && strcmp(failure->field, english.failure.field) == 0,
          "action %d in Chinese: outcome %d, field %s", request->action, room->reply.outcome, failure->field);
    /* What the log's store says of itself stands in brackets, as it is. */
    bool is_store = room->reply.outcome == DESK_UNAVAILABLE && strstr(failure->message, "日志") != NULL;
    check(is_store || is_chinese_sentence(failure->message), "action %d in Chinese: %s", request->action,
          failure->message);
    room->reply = english;
}

const json_t *room_expect(struct room *room, enum desk_outcome outcome, const struct room_request *request) {
    const char *body = request->body == NULL ? "" : request->body;
    (void)room_ask(room, request);
    check(room->reply.outcome == outcome, "action %d %s: outcome %d, not %d: %s: %s", request->action, body,
          room->reply.outcome, outcome, room->reply.failure.field, room->reply.failure.message);
    bool is_good = outcome == DESK_OK || outcome == DESK_CREATED;
    check((room->reply.body != NULL) == is_good, "action %d %s: outcome %d", request->action, body, outcome);
    check(is_good || outcome == DESK_NOT_MODIFIED || room->reply.failure.set, "action %d %s: no reason is given",
          request->action, body);
    if (room->reply.failure.set) {
        check_in_chinese(room, request);
    }
    return room->reply.body;
}

int64_t room_write(struct room *room, const struct room_request *request) {
    char key[32];
    struct room_request again = *request;
    room->keys++;
    (void)snprintf(key, sizeof key, "room-key-%d", room->keys);
    again.key = key;
    json_t *first = json_deep_copy(room_expect(room, DESK_CREATED, &again));
    int64_t count = desk_event_count(room->desk);
    int64_t sequence = json_integer_value(json_object_get(first, "sequence"));
    assert_in_range(sequence, 1, count);
    assert_null(json_object_get(first, "repeated"));
    json_t *second = json_deep_copy(room_expect(room, DESK_CREATED, &again));
    assert_true(json_is_true(json_object_get(second, "repeated")));
    (void)json_object_del(second, "repeated");
    check(json_equal(first, second), "action %d: a repetition is answered otherwise", request->action);
    again.body = "{'something': 'else'}";
    (void)room_expect(room, DESK_KEY_USED, &again);
    assert_int_equal(desk_event_count(room->desk), count);
    json_decref(first);
    json_decref(second);
    return sequence;
}

const json_t *room_show(struct room *room, uint32_t incident) {
    return room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_INCIDENT, .incident = incident});
}

const json_t *room_find(const json_t *list, const char *field, const char *text) {
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        if (strcmp(room_text(item, field), text) == 0) {
            return item;
        }
    }
    return NULL;
}

size_t room_count(const json_t *list, const char *field, const char *text) {
    size_t count = 0;
    for (size_t i = 0; i < json_array_size(list); i++) {
        count += strcmp(room_text(json_array_get(list, i), field), text) == 0;
    }
    return count;
}

const char *room_text(const json_t *object, const char *field) {
    const char *text = json_string_value(json_object_get(object, field));
    return text == NULL ? "(null)" : text;
}

uint32_t room_item(const json_t *object) {
    const char *id = room_text(object, "id");
    const char *point = strchr(id, '.');
    check(point != NULL, "no id of an item: %s", id);
    return (uint32_t)strtoul(point + 1, NULL, 10);
}
