/* Proves: an incident's audit is, byte for byte, the page that the desk showed at that moment: over random stories of several
 * incidents on the real plans, with calls, forces, files, merges, a second version and a restart; and what a replay of the
 * whole log up to there shows, over the bundled drills. What had not been then is refused. What is late and who decided is
 * told, and the head is the one of the log. */
#include "desk/archive.h"
#include "desk/audit.h"
#include "desk/dossier.h"

#include "base/buffer.h"
#include "desk/state.h"
#include "room.h"
#include "run/drill.h"

#include "../store/scratch.h"

#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- asking ----------------------------------------------------------------------------------------------- */

/* What the writer's desk says of an incident, as the audit needs it. The caller's. */
static json_t *find_part(struct room *room, uint32_t incident) {
    return json_deep_copy(
        room_expect(room, DESK_OK, &(struct room_request){.action = DESK_SHOW_AUDIT, .incident = incident}));
}

struct asked {
    struct audit *audit;
    json_t *part;
    uint32_t incident;
    int64_t now;
};

static void ask(struct asked *asked, int64_t at, int64_t sequence, struct desk_reply *reply) {
    const struct audit_question question = {.incident = asked->incident,
                                            .part = asked->part,
                                            .now = asked->now,
                                            .has_at = sequence == 0,
                                            .at = at,
                                            .sequence = sequence};
    audit_show(asked->audit, &question, reply);
}

/* Without the server's time, which whoever sends a page puts in. */
static char *print_page(json_t *page) {
    (void)json_object_del(page, "server_time");
    char *text = json_dumps(page, JSON_COMPACT);
    assert_non_null(text);
    return text;
}

/* Where two texts part, with a little of both. */
static void check_same_page(const char *shown, const char *told, const char *what) {
    size_t at = 0;
    while (shown[at] != '\0' && shown[at] == told[at]) {
        at++;
    }
    size_t from = at > 60 ? at - 60 : 0;
    check(shown[at] == told[at], "%s: shown …%.100s, told …%.100s", what, shown + from, told + from);
}

/* ---- random stories --------------------------------------------------------------------------------------- */

/* A page as the desk showed it. */
struct snapshot {
    int64_t at, sequence;
    uint32_t incident;
    char *page;
};

struct tale {
    struct room room;
    uint64_t random;
    struct buffer snapshots; /* of struct snapshot */
};

static uint32_t draw(struct tale *tale, uint32_t below) {
    tale->random = tale->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(tale->random >> 33) % below;
}

static uint32_t count_incidents(struct tale *tale) {
    uint32_t count = 0;
    while (room_ask(&tale->room, &(struct room_request){.action = DESK_SHOW_INCIDENT, .incident = count + 1}) ==
           DESK_OK) {
        count++;
    }
    return count;
}

static void note_pages(struct tale *tale) {
    uint32_t incidents = count_incidents(tale);
    for (uint32_t incident = 1; incident <= incidents; incident++) {
        const struct snapshot snapshot = {.at = tale->room.at,
                                          .sequence = desk_event_count(tale->room.desk),
                                          .incident = incident,
                                          .page = print_page((json_t *)room_show(&tale->room, incident))};
        buffer_append(&tale->snapshots, &snapshot, sizeof snapshot);
    }
    assert_false(tale->snapshots.failed);
}

static const char *const facts[] = {"'火情性质': '森林火灾'",
                                    "'火情性质': '误报'",
                                    "'发生地': '本区'",
                                    "'火势失控': true",
                                    "'火势失控': false",
                                    "'死亡': 0",
                                    "'死亡': 3",
                                    "'被困': 2",
                                    "'受害森林面积': '0.5..2 ha'",
                                    "'受害森林面积': '12 ha'"};
static const char *const steps[] = {"called", "coming", "set-out", "arrived", "released", "no-answer"};

#define ROOM_FOR_BODY 400

static enum desk_action draw_writing(struct tale *tale, char body[ROOM_FOR_BODY]) {
    uint32_t number = 1 + draw(tale, 9);
    switch (draw(tale, 9)) {
    case 0:
        (void)snprintf(body, ROOM_FOR_BODY, "{'text': '看见烟 %u', 'phone': '138%u', 'caller': '王'}", number, number);
        return DESK_SAVE_CALL;
    case 1:
        (void)snprintf(body, ROOM_FOR_BODY, "{'incident': %u}", number);
        return DESK_LINK_CALL;
    case 2:
        (void)snprintf(body, ROOM_FOR_BODY, "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '火 %u'%s}", number,
                       number % 2 == 0 ? ", 'call': 1" : "");
        return DESK_OPEN_INCIDENT;
    case 3:
        (void)snprintf(body, ROOM_FOR_BODY, "{'party': '%s', 'step': '%s', 'people': %u%s}",
                       number % 2 == 0 ? "歌乐山街道" : "外区队", steps[draw(tale, COUNT_OF(steps))], number,
                       number % 2 == 0 ? "" : ", 'outside': true");
        return DESK_NOTE_FORCE;
    case 4:
        (void)snprintf(body, ROOM_FOR_BODY, "{'into': %u, 'reason': '同一场'}", number);
        return DESK_MERGE_INCIDENT;
    case 5:
        (void)snprintf(body, ROOM_FOR_BODY, "{'reason': '另一场'%s}", number % 4 == 0 ? ", 'lapse': true" : "");
        return number % 4 == 0 ? DESK_CLOSE_INCIDENT : number % 4 == 1 ? DESK_REOPEN_INCIDENT : DESK_SPLIT_INCIDENT;
    case 6:
        (void)snprintf(body, ROOM_FOR_BODY,
                       "{'scale': '响应', 'level': %s, 'by': '区森防指', 'reason': '研判', 'spoken': {'who': '指挥长', "
                       "'from': '138'}}",
                       number % 3 == 0   ? "null"
                       : number % 3 == 1 ? "'Ⅳ级'"
                                         : "'Ⅲ级'");
        return DESK_GIVE_ORDER;
    case 7:
        (void)snprintf(body, ROOM_FOR_BODY, "{'outcome': 'done', 'proof': '电话'%s}",
                       number % 3 == 0 ? ", 'attachments': ['00112233445566778899aabbccddeeff00112233445566778899aabb"
                                         "ccddeeff']"
                                       : "");
        return number % 2 == 0 ? DESK_COMPLETE_DUTY : DESK_ACKNOWLEDGE_DUTY;
    default:
        (void)snprintf(body, ROOM_FOR_BODY, "{'source': '街道', 'basis': 'observed', 'facts': {%s}%s}",
                       facts[draw(tale, COUNT_OF(facts))], number % 4 == 0 ? ", 'call': 1" : "");
        return DESK_REPORT_FACTS;
    }
}

/* One thing that somebody does; much of it is refused. */
static void act(struct tale *tale) {
    char body[ROOM_FOR_BODY] = "";
    struct room_request request = {.incident = 1 + draw(tale, 9), .item = 1 + draw(tale, 6)};
    request.action = draw_writing(tale, body);
    request.body = request.action == DESK_ACKNOWLEDGE_DUTY ? "{'spoken': {'who': '小李', 'from': '1'}}" : body;
    (void)room_ask(&tale->room, &request);
    if (draw(tale, 6) == 0) {
        request = (struct room_request){.action = DESK_CORRECT_CLAIM,
                                        .incident = 2 + draw(tale, 5),
                                        .item = 1 + draw(tale, 4),
                                        .body = "{'source': '街道', 'value': 0}"};
        (void)room_ask(&tale->room, &request);
    }
    if (draw(tale, 8) == 0) {
        request = (struct room_request){.action = DESK_BIND_ROLE,
                                        .incident = 2 + draw(tale, 5),
                                        .body = "{'role': '属地镇街', 'unit': '歌乐山街道'}"};
        (void)room_ask(&tale->room, &request);
    }
    if (draw(tale, 8) == 0) {
        (void)snprintf(body, sizeof body, "{'place': '%u号山头'}", 1 + draw(tale, 9));
        request = (struct room_request){.action = DESK_SET_PLACE, .incident = 2 + draw(tale, 5), .body = body};
        (void)room_ask(&tale->room, &request);
    }
    if (draw(tale, 8) == 0) {
        request = (struct room_request){
            .action = DESK_DECIDE_PROPOSAL,
            .incident = 2 + draw(tale, 5),
            .item = 1 + draw(tale, 3),
            .body = "{'decision': 'refuse', 'by': '区森防指', 'reason': '不', 'spoken': {'who': '副', 'from': '139'}}"};
        (void)room_ask(&tale->room, &request);
    }
}

/* The forest plan once more, as another version. */
static void adopt_again(struct tale *tale) {
    struct failure failure = {0};
    struct buffer pack = {0};
    check(buffer_read_file(&pack, ROOM_FOREST, (size_t)1 << 20U, &failure), "%s", failure.message);
    char *version = strstr(pack.bytes, "版本 \"1\"");
    assert_non_null(version);
    version[sizeof "版本 \"" - 1] = '2';
    check(desk_adopt(tale->room.desk, tale->room.at, TEXT("server"), TEXT(ROOM_FOREST), buffer_text(&pack), true, NULL,
                     &failure),
          "%s", failure.message);
    buffer_release(&pack);
}

static void live(struct tale *tale, const char *directory, uint64_t seed, int acts) {
    struct failure failure = {0};
    *tale = (struct tale){.random = seed};
    room_open(&tale->room, directory);
    room_adopt(&tale->room, ROOM_FLOOD);
    room_adopt(&tale->room, ROOM_FOREST);
    (void)room_ask(&tale->room, &(struct room_request){
                                    .action = DESK_NOTE_ATTACHMENT,
                                    .body = "{'sha256': '00112233445566778899aabbccddeeff00112233445566778899aabbc"
                                            "cddeeff', 'bytes': 9, 'type': 'image/png', 'name': '现场.png'}"});
    for (int i = 0; i < acts; i++) {
        tale->room.at += (int64_t)draw(tale, 25) * ROOM_MINUTE + draw(tale, 1000);
        check(desk_pass_time(tale->room.desk, tale->room.at, &failure), "%s", failure.message);
        act(tale);
        if (i == acts / 2) {
            adopt_again(tale);
        }
        if (i == 2 * acts / 3) {
            room_open_again(&tale->room);
        }
        note_pages(tale);
    }
}

static void end(struct tale *tale) {
    struct snapshot *snapshots = (struct snapshot *)(void *)tale->snapshots.bytes;
    for (size_t i = 0; i < tale->snapshots.length / sizeof *snapshots; i++) {
        free(snapshots[i].page);
    }
    buffer_release(&tale->snapshots);
    room_close(&tale->room);
}

/* What the desk showed is what is told of that instant, and directly after that event. */
static void check_told(struct tale *tale, const char *directory, uint64_t seed) {
    struct failure failure = {0};
    struct asked asked = {.audit = audit_open(directory, &failure), .now = tale->room.at};
    check(asked.audit != NULL, "%s", failure.message);
    const struct snapshot *snapshots = (const struct snapshot *)(const void *)tale->snapshots.bytes;
    tale->room.at += ROOM_MINUTE; /* that somebody looks back is logged, at no moment that is looked at */
    for (size_t i = 0; i < tale->snapshots.length / sizeof *snapshots; i++) {
        const struct snapshot *snapshot = &snapshots[i];
        char what[100];
        struct desk_reply reply;
        asked.incident = snapshot->incident;
        asked.part = find_part(&tale->room, snapshot->incident);
        (void)snprintf(what, sizeof what, "seed %" PRIu64 ", incident %" PRIu32 " at event %" PRId64, seed,
                       snapshot->incident, snapshot->sequence);
        ask(&asked, snapshot->at, 0, &reply);
        check(reply.outcome == DESK_OK, "%s: %s", what, reply.failure.message);
        assert_int_equal(json_integer_value(json_object_get(reply.body, "sequence")), snapshot->sequence);
        char *told = print_page(json_object_get(reply.body, "incident"));
        check_same_page(snapshot->page, told, what);
        free(told);
        json_decref(reply.body);
        json_decref(asked.part);
    }
    audit_close(asked.audit);
}

static void test_random(void **state) {
    for (uint64_t seed = 1; seed <= 4; seed++) {
        char directory[SCRATCH_PATH_ROOM];
        char name[32];
        struct tale tale;
        (void)snprintf(name, sizeof name, "tale-%" PRIu64, seed);
        live(&tale, scratch_join(*state, name, directory), seed, 60);
        check(count_incidents(&tale) >= 4, "seed %" PRIu64 " opens few incidents", seed);
        check_told(&tale, directory, seed);
        end(&tale);
    }
}

/* ---- drills ----------------------------------------------------------------------------------------------- */

/* The whole log replayed up to an event. */
static char *replay_page(const char *directory, uint32_t incident, int64_t sequence, int64_t at) {
    struct failure failure = {0};
    struct desk desk = {.fold = fold_create(), .forces = forces_create(), .places = places_create()};
    const struct session_options options = {.directory = directory,
                                            .read_only = true,
                                            .last_sequence = sequence,
                                            .observe = fold_take,
                                            .observe_context = desk.fold};
    desk.session = session_open(&options, &failure);
    check(desk.session != NULL, "%s", failure.message);
    check(session_advance(desk.session, at, NULL, NULL, &failure), "%s", failure.message);
    const struct desk_request request = {.action = DESK_SHOW_INCIDENT, .incident = incident, .at = at};
    struct desk_reply reply = {.outcome = DESK_OK};
    struct turn turn = {
        .desk = &desk, .engine = session_engine(desk.session), .request = &request, .reply = &reply, .at = at};
    char *page = desk_show_incident(&turn) ? print_page(reply.body) : NULL;
    json_decref(reply.body);
    session_close(desk.session);
    fold_destroy(desk.fold);
    forces_destroy(desk.forces);
    places_destroy(desk.places);
    return page;
}

static void compare_moment(struct asked *asked, const char *directory, int64_t sequence, const char *drill) {
    struct desk_reply reply;
    char what[200];
    (void)snprintf(what, sizeof what, "%s, incident %" PRIu32 ", event %" PRId64, drill, asked->incident, sequence);
    ask(asked, 0, sequence, &reply);
    int64_t at = 0;
    if (reply.outcome == DESK_OK) {
        check(calendar_parse_instant(text_of(room_text(reply.body, "at")), 0, &at, NULL), "%s", what);
        char *replayed = replay_page(directory, asked->incident, sequence, at);
        char *told = print_page(json_object_get(reply.body, "incident"));
        check(replayed != NULL, "%s: replay does not know it", what);
        check_same_page(replayed, told, what);
        free(replayed);
        free(told);
    } else {
        check(reply.outcome == DESK_NOT_FOUND, "%s: %s", what, reply.failure.message);
    }
    json_decref(reply.body);
}

#define MOMENTS 4 /* of a drill */

static void check_drill(const char *path, const char *directory) {
    struct failure failure = {0};
    struct buffer source = {0};
    struct drill_result result = {0};
    check(buffer_read_file(&source, path, (size_t)1 << 20U, &failure), "%s", failure.message);
    const struct drill_options options = {.directory = directory};
    check(drill_play(path, buffer_text(&source), &options, &result, &failure), "%s", failure.message);
    drill_result_release(&result);
    buffer_release(&source);
    struct room room;
    room_open(&room, directory);
    room.at = desk_last_instant(room.desk);
    int64_t events = desk_event_count(room.desk);
    struct asked asked = {.audit = audit_open(directory, &failure), .now = room.at};
    check(asked.audit != NULL, "%s", failure.message);
    for (asked.incident = 1; asked.incident < engine_next_incident(session_engine(room.desk->session));
         asked.incident++) {
        asked.part = find_part(&room, asked.incident);
        for (int64_t i = 1; i <= MOMENTS; i++) {
            compare_moment(&asked, directory, (events * i + MOMENTS - 1) / MOMENTS, path);
        }
        json_decref(asked.part);
    }
    audit_close(asked.audit);
    room_close(&room);
}

static void test_drills(void **state) {
    glob_t drills;
    /* NOLINTNEXTLINE(concurrency-mt-unsafe) a test has one thread */
    assert_int_equal(glob("drills/*.drill.md", 0, NULL, &drills), 0);
    assert_true(drills.gl_pathc > 20);
    for (size_t i = 0; i < drills.gl_pathc; i++) {
        char directory[SCRATCH_PATH_ROOM];
        check_drill(drills.gl_pathv[i], scratch_join(*state, strrchr(drills.gl_pathv[i], '/') + 1, directory));
    }
    globfree(&drills);
}

/* ---- what is told ----------------------------------------------------------------------------------------- */

static const char fire_opened[] = "{'plan': '森林火灾', 'subject': '森林火灾', 'title': '歌乐山'}";
static const char fire_facts[] =
    "{'source': '街道', 'facts': {'火情性质': '森林火灾', '发生地': '本区', '火势失控': true}}";
static const char fire_order[] = "{'scale': '响应', 'level': 'Ⅳ级', 'by': '区森防指', 'reason': '火势失控', 'spoken': "
                                 "{'who': '指挥长', 'from': '138'}}";

/* Incident 2: opened, told of a minute later, decided three minutes late. Gives when the proposal was due. */
static int64_t tell_fire(struct room *room, const char *directory) {
    int64_t due_at = 0;
    room_open(room, directory);
    room_adopt(room, ROOM_FOREST);
    (void)room_write(room, &(struct room_request){.action = DESK_OPEN_INCIDENT, .body = fire_opened});
    room->at += ROOM_MINUTE;
    (void)room_write(room, &(struct room_request){.action = DESK_REPORT_FACTS, .incident = 2, .body = fire_facts});
    const json_t *proposal = json_array_get(json_object_get(room_show(room, 2), "proposals"), 0);
    assert_true(calendar_parse_instant(text_of(room_text(proposal, "due_at")), 0, &due_at, NULL));
    room->at = due_at + 3 * ROOM_MINUTE;
    (void)room_write(room, &(struct room_request){.action = DESK_GIVE_ORDER, .incident = 2, .body = fire_order});
    return due_at;
}

static struct asked open_asked(struct room *room, const char *directory, uint32_t incident) {
    struct failure failure = {0};
    struct asked asked = {.audit = audit_open(directory, &failure), .incident = incident, .now = room->at};
    check(asked.audit != NULL, "%s", failure.message);
    asked.part = find_part(room, incident);
    return asked;
}

static void close_asked(struct asked *asked) {
    audit_close(asked->audit);
    json_decref(asked->part);
}

/* The proposal's place in the list of what is late; NULL. */
static const json_t *find_late(const json_t *body) {
    return room_find(json_object_get(body, "late"), "kind", "proposal");
}

static void test_late(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    struct desk_reply reply;
    int64_t due_at = tell_fire(&room, scratch_join(*state, "late", directory));
    struct asked asked = open_asked(&room, directory, 2);
    ask(&asked, due_at, 0, &reply); /* exactly then is in time */
    assert_null(find_late(reply.body));
    assert_int_equal(json_array_size(json_object_get(reply.body, "decisions")), 0);
    json_decref(reply.body);
    ask(&asked, due_at + 5000000, 0, &reply); /* undecided, five seconds late */
    const json_t *late = find_late(reply.body);
    assert_int_equal(json_integer_value(json_object_get(late, "late_seconds")), 5);
    assert_true(json_is_null(json_object_get(late, "ended_at")));
    assert_string_equal(room_text(late, "what"), "decided");
    assert_string_equal(room_text(late, "title"), "响应");
    assert_string_equal(json_string_value(json_array_get(json_object_get(late, "owners"), 0)), "区森防指");
    json_decref(reply.body);
    ask(&asked, room.at, 0, &reply); /* decided too late */
    late = find_late(reply.body);
    assert_int_equal(json_integer_value(json_object_get(late, "late_seconds")), (room.at - due_at) / 1000000);
    assert_true(json_is_string(json_object_get(late, "ended_at")));
    const json_t *duty = room_find(json_object_get(reply.body, "late"), "kind", "duty");
    const json_t *owed = room_find(json_object_get(reply.body, "late"), "recipient", "区森防办");
    assert_string_equal(room_text(owed, "title"), "核实为森林火灾，立即报区森防办。");
    assert_true(json_is_null(json_object_get(duty, "recipient")));
    assert_true(json_is_null(json_object_get(late, "recipient")));
    assert_true(json_array_size(json_object_get(duty, "clauses")) > 0);
    json_decref(reply.body);
    close_asked(&asked);
    room_close(&room);
}

/* Closed over what was late: it stays late, by what it was then, however much later one looks. */
static void test_cut_off(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    struct desk_reply reply;
    (void)tell_fire(&room, scratch_join(*state, "cut-off", directory));
    room.at += ROOM_MINUTE;
    (void)room_write(&room,
                     &(struct room_request){.action = DESK_GIVE_ORDER,
                                            .incident = 2,
                                            .body = "{'scale': '响应', 'level': null, 'by': '区森防指', 'reason': "
                                                    "'练习', 'spoken': {'who': '指挥长', 'from': '138'}}"});
    int64_t closed_at = room.at;
    (void)room_write(&room, &(struct room_request){.action = DESK_CLOSE_INCIDENT,
                                                   .incident = 2,
                                                   .body = "{'reason': '练习', 'lapse': true}"});
    room.at += 600 * ROOM_MINUTE;
    struct asked asked = open_asked(&room, directory, 2);
    ask(&asked, closed_at - 1, 0, &reply);
    size_t open = 0;
    const json_t *late = json_object_get(reply.body, "late");
    for (size_t i = 0; i < json_array_size(late); i++) {
        const json_t *one = json_array_get(late, i);
        open += strcmp(room_text(one, "kind"), "duty") == 0 && json_is_null(json_object_get(one, "ended_at"));
        assert_true(json_is_false(json_object_get(one, "cut_off")));
    }
    assert_true(open > 0);
    json_decref(reply.body);
    ask(&asked, room.at, 0, &reply);
    late = json_object_get(reply.body, "late");
    size_t cut_off = 0;
    for (size_t i = 0; i < json_array_size(late); i++) {
        const json_t *one = json_array_get(late, i);
        int64_t due_at = 0;
        if (json_is_true(json_object_get(one, "cut_off"))) {
            assert_true(calendar_parse_instant(text_of(room_text(one, "due_at")), 0, &due_at, NULL));
            assert_int_equal(json_integer_value(json_object_get(one, "late_seconds")), (closed_at - due_at) / 1000000);
            cut_off++;
        }
    }
    assert_int_equal(cut_off, open);
    json_decref(reply.body);
    close_asked(&asked);
    room_close(&room);
}

/* An archive_take. */
static bool take_bytes(void *context, const char *bytes, size_t length) {
    buffer_append(context, bytes, length);
    return true;
}

/* The timeline of the incident's record: what came due undone stands where it came due, before what was said later. */
static void test_timeline(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    char out[SCRATCH_PATH_ROOM];
    struct room room;
    struct failure failure = {0};
    struct buffer text = {0};
    struct dossier made = {0};
    (void)tell_fire(&room, scratch_join(*state, "timeline", directory));
    const struct dossier_order order = {
        .data = directory, .incident = 2, .is_known = true, .out = scratch_join(*state, "record.zip", out)};
    check(dossier_make(&order, &made, &failure), "%s", failure.message);
    struct archive *archive = archive_open(out, &failure);
    check(archive != NULL, "%s", failure.message);
    check(archive_read(archive, archive_find(archive, "timeline.txt"), take_bytes, &text, &failure), "%s",
          failure.message);
    buffer_append(&text, "", 1);
    const char *overdue = strstr(text.bytes, "预案推算：逾期未完成：");
    const char *ordered = strstr(text.bytes, "下达命令");
    const char *proposed = strstr(text.bytes, "预案推算：建议 1，响应：提级至 Ⅳ级 @6.2.1.1(1)，限 ");
    check(overdue != NULL && ordered != NULL && proposed != NULL, "%s", text.bytes);
    check(proposed < overdue && overdue < ordered, "%s", text.bytes);
    const char *owed = strstr(overdue, "16 属地镇街（未指定） → 区森防办、");
    check(owed != NULL && strstr(owed, "：核实为森林火灾，立即报区森防办，限 ") != NULL &&
              strstr(owed, "@5.3#3") != NULL,
          "%s", overdue);
    archive_close(archive);
    dossier_release(&made);
    buffer_release(&text);
    room_close(&room);
}

static void test_decided(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    struct desk_reply reply;
    int64_t due_at = tell_fire(&room, scratch_join(*state, "decided", directory));
    struct asked asked = open_asked(&room, directory, 2);
    ask(&asked, room.at, 0, &reply);
    const json_t *decisions = json_object_get(reply.body, "decisions");
    assert_int_equal(json_array_size(decisions), 1);
    const json_t *order = json_array_get(decisions, 0);
    assert_string_equal(room_text(order, "kind"), "order");
    assert_string_equal(room_text(order, "by"), "区森防指");
    assert_string_equal(room_text(order, "level"), "Ⅳ级");
    assert_string_equal(room_text(order, "reason"), "火势失控");
    assert_string_equal(room_text(order, "actor"), "wang");
    assert_string_equal(room_text(json_object_get(order, "spoken"), "who"), "指挥长");
    assert_string_equal(room_text(order, "item"), "2.1");
    assert_int_equal(json_integer_value(json_object_get(order, "late_seconds")), (room.at - due_at) / 1000000);
    const json_t *saw = json_object_get(order, "saw");
    assert_string_equal(room_text(saw, "level"), "Ⅳ级");
    assert_true(json_array_size(json_object_get(saw, "because")) > 0);
    json_decref(reply.body);
    close_asked(&asked);
    room_close(&room);
}

static void check_head(const struct asked *asked, const struct desk_reply *reply, int64_t sequence,
                       const char *directory) {
    char expected[100];
    char hash[STORE_HASH_ROOM];
    struct store_report report;
    const char *head = room_text(reply->body, "head");
    (void)snprintf(expected, sizeof expected, "%" PRId64 ":", sequence);
    check(strncmp(head, expected, strlen(expected)) == 0, "incident %" PRIu32 ": %s", asked->incident, head);
    struct store_head kept = {.sequence = sequence};
    assert_true(store_parse_hash(text_of(head + strlen(expected)), &kept.hash));
    scratch_verify(directory, &kept, &report);
    store_print_hash(&kept.hash, hash);
    check(report.expected_found && report.damage_count == 0, "%s is no head of the log", hash);
}

static void refuse_moment(struct asked *asked, int64_t at, int64_t sequence, enum desk_outcome outcome,
                          const char *field) {
    struct desk_reply reply;
    ask(asked, at, sequence, &reply);
    check(reply.outcome == outcome && strcmp(reply.failure.field, field) == 0, "%" PRId64 ", %" PRId64 ": %d, %s",
          at - ROOM_START, sequence, reply.outcome, reply.failure.field);
    assert_null(reply.body);
}

static void test_moments(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    struct desk_reply reply;
    (void)tell_fire(&room, scratch_join(*state, "moments", directory));
    struct asked asked = open_asked(&room, directory, 2);
    ask(&asked, ROOM_START + ROOM_MINUTE - 1, 0, &reply); /* opened, and nothing told yet */
    check_head(&asked, &reply, 2, directory);
    json_decref(reply.body);
    ask(&asked, 0, 3, &reply);
    check_head(&asked, &reply, 3, directory);
    json_decref(reply.body);
    refuse_moment(&asked, ROOM_START - 1, 0, DESK_NOT_FOUND, "at"); /* before the log's first event */
    refuse_moment(&asked, 0, 1, DESK_NOT_FOUND, "at");              /* before the incident */
    refuse_moment(&asked, room.at + 1, 0, DESK_REFUSED, "at");      /* not yet */
    refuse_moment(&asked, 0, desk_event_count(room.desk) + 1, DESK_NOT_FOUND, "sequence");
    asked.now = room.at + INT64_C(30) * 366 * CALENDAR_US_PER_DAY; /* an incident that has rested for thirty years */
    ask(&asked, asked.now, 0, &reply);
    check(reply.outcome == DESK_OK, "%s", reply.failure.message);
    json_decref(reply.body);
    const struct audit_question question = {.incident = 2, .part = asked.part, .now = room.at};
    audit_list_moments(asked.audit, &question, &reply);
    const json_t *moments = json_object_get(reply.body, "moments");
    assert_int_equal(room_count(moments, "kind", "open"), 1);
    assert_int_equal(room_count(moments, "kind", "order"), 1);
    assert_true(room_count(moments, "kind", "overdue") > 0);
    for (size_t i = 1; i < json_array_size(moments); i++) {
        assert_true(
            strcmp(room_text(json_array_get(moments, i - 1), "at"), room_text(json_array_get(moments, i), "at")) <= 0);
    }
    json_decref(reply.body);
    close_asked(&asked);
    room_close(&room);
}

/* ---- a version that knows less ---------------------------------------------------------------------------- */

#define SEASON(version, duty)                                                                                          \
    "```plan\n"                                                                                                        \
    "plan Season { version \"" version "\" document \"S 1/2026\" title \"Seasons\" issued 2026-01-15 zone +08:00 }\n"  \
    "unit Watch @2\n"                                                                                                  \
    "standing Season { fact Dry: flag, yes is worse \"Is it dry?\" }\n"                                                \
    "at Dry { duty " duty " of Watch \"To be done.\" @4 }\n"                                                           \
    "```\n"

static void adopt_season(struct room *room, const char *pack) {
    struct failure failure = {0};
    check(desk_adopt(room->desk, room->at, TEXT("server"), TEXT("season.plan.md"), text_of(pack), true, NULL, &failure),
          "%s", failure.message);
}

/* A duty that a new version does not know has no name any more: the page of the standing subject goes on without it, and
 * looking back shows it. */
static void test_lost(void **state) {
    char directory[SCRATCH_PATH_ROOM];
    struct room room;
    struct desk_reply reply;
    room_open(&room, scratch_join(*state, "lost", directory));
    adopt_season(&room, SEASON("1", "Sweep"));
    const int64_t reported = room_write(
        &room, &(struct room_request){
                   .action = DESK_REPORT_FACTS, .incident = 1, .body = "{'source': 'Watch', 'facts': {'Dry': true}}"});
    assert_int_equal(room_count(json_object_get(room_show(&room, 1), "duties"), "name", "Sweep"), 1);
    room.at += ROOM_MINUTE;
    adopt_season(&room, SEASON("2", "Rake"));
    const json_t *duties = json_object_get(room_show(&room, 1), "duties");
    assert_int_equal(json_array_size(duties), 1);
    assert_string_equal(room_text(json_array_get(duties, 0), "name"), "Rake");
    struct asked asked = open_asked(&room, directory, 1);
    ask(&asked, room.at, 0, &reply);
    check(json_equal(json_object_get(json_object_get(reply.body, "incident"), "duties"),
                     json_object_get(room_show(&room, 1), "duties")),
          "told otherwise than shown");
    json_decref(reply.body);
    ask(&asked, 0, reported, &reply);
    assert_int_equal(room_count(json_object_get(json_object_get(reply.body, "incident"), "duties"), "name", "Sweep"),
                     1);
    json_decref(reply.body);
    close_asked(&asked);
    room_close(&room);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_random, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_drills, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_cut_off, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_late, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_timeline, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_decided, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_moments, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_lost, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
