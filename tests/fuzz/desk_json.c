/* Fuzz target: the JSON border of the duty desk. The first byte picks what is asked, the second the incident and the
 * item, the rest is the request's body. Whatever it is: a request that is refused has changed nothing and says why; one
 * that is taken is taken once; and the desk goes on answering. */
#include "../run/small_pack.h"
#include "desk/desk.h"

#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define START INT64_C(1660975200000000)
#define FIRE 2U /* the incident; the season is incident 1 */

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static struct desk_request make_request(enum desk_action action, const char *key, const json_t *body) {
    static const char parties[] = "Warden\nFire Watch\nMayor\n";
    struct desk_request request = {.action = action, .at = START, .incident = FIRE, .item = 1, .body = body};
    request.account = (struct account){.name = "fuzz", .display_name = "Fuzz", .administrator = true, .desk = true};
    memcpy(request.account.parties, parties, sizeof parties);
    (void)snprintf(request.key, sizeof request.key, "%s", key);
    request.plan = TEXT("Bonfire");
    return request;
}

static void prepare(struct desk *desk, enum desk_action action, const char *key, const char *body) {
    struct desk_reply reply;
    json_t *json = json_loads(body, 0, NULL);
    require(json != NULL);
    struct desk_request request = make_request(action, key, json);
    desk_answer(desk, &request, &reply);
    require(reply.outcome == DESK_CREATED);
    json_decref(reply.body);
    json_decref(json);
}

/* In memory, with a call and a fire that has claims, duties and a proposal. */
static struct desk *open_desk(void) {
    struct failure failure = {0};
    struct desk *desk = desk_open(NULL, &failure);
    require(desk != NULL);
    require(desk_adopt(desk, START, TEXT("x"), TEXT("small.plan.md"), TEXT(SMALL_PACK), false, NULL, &failure));
    prepare(desk, DESK_SAVE_CALL, "prepare-1", "{\"text\": \"smoke\"}");
    prepare(desk, DESK_OPEN_INCIDENT, "prepare-2",
            "{\"plan\": \"Bonfire\", \"subject\": \"Bonfire\", \"title\": \"Smoke\", \"call\": 1}");
    prepare(desk, DESK_REPORT_FACTS, "prepare-3",
            "{\"source\": \"x\", \"facts\": {\"Kind\": \"Wild fire\", \"Spreading\": true, \"Hurt\": 1}}");
    return desk;
}

static void check_reply(const struct desk_reply *reply) {
    bool has_body = reply->outcome == DESK_OK || reply->outcome == DESK_CREATED;
    require(reply->outcome != DESK_UNAVAILABLE && reply->outcome != DESK_NOT_MODIFIED);
    require(has_body == (reply->body != NULL));
    require(has_body != reply->failure.set);
    struct text message = {reply->failure.message, strlen(reply->failure.message)};
    struct text field = {reply->failure.field, strlen(reply->failure.field)};
    require(text_find_invalid_utf8(message) < 0 && text_find_invalid_utf8(field) < 0);
    char *shown = has_body ? json_dumps(reply->body, JSON_COMPACT) : NULL;
    require((shown != NULL) == has_body);
    free(shown);
}

/* Asked again with its key it happens no second time. */
static void check_repeated(struct desk *desk, const struct desk_request *request, const struct desk_reply *first) {
    struct desk_reply again;
    int64_t count = desk_event_count(desk);
    desk_answer(desk, request, &again);
    check_reply(&again);
    require(again.outcome == DESK_CREATED && desk_event_count(desk) == count);
    require(json_is_true(json_object_get(again.body, "repeated")));
    require(json_equal(json_object_get(again.body, "sequence"), json_object_get(first->body, "sequence")));
    json_decref(again.body);
}

static void check_goes_on(struct desk *desk) {
    static const enum desk_action reads[] = {DESK_SHOW_INCIDENT, DESK_SHOW_DESK, DESK_LIST_CALLS, DESK_SHOW_PLAN};
    for (size_t i = 0; i < sizeof reads / sizeof reads[0]; i++) {
        struct desk_reply reply;
        struct desk_request request = make_request(reads[i], "", NULL);
        desk_answer(desk, &request, &reply);
        check_reply(&reply);
        require(reply.outcome == DESK_OK);
        json_decref(reply.body);
    }
    prepare(desk, DESK_SAVE_CALL, "afterwards", "{\"text\": \"smoke\"}");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct desk_reply reply;
    if (size < 2) {
        return 0;
    }
    json_t *body = size == 2
                       ? NULL
                       : json_loadb((const char *)bytes + 2, size - 2, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, NULL);
    if (size > 2 && body == NULL) {
        return 0; /* refused before it comes to the desk */
    }
    struct desk *desk = open_desk();
    struct desk_request request = make_request((enum desk_action)(bytes[0] % DESK_ACTIONS), "the-request", body);
    request.incident = bytes[1] >> 6U;
    request.item = bytes[1] & 63U;
    int64_t count = desk_event_count(desk);
    desk_answer(desk, &request, &reply);
    check_reply(&reply);
    /* Who looks back at what is personal is in the log. */
    bool is_noted = request.action == DESK_SHOW_AUDIT || request.action == DESK_LIST_MOMENTS ||
                    request.action == DESK_EXPORT_RECORD;
    require(is_noted || (desk_event_count(desk) > count) == (reply.outcome == DESK_CREATED));
    if (reply.outcome == DESK_CREATED) {
        check_repeated(desk, &request, &reply);
    }
    check_goes_on(desk);
    json_decref(reply.body);
    desk_close(desk);
    json_decref(body);
    return 0;
}
