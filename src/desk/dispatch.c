/* How a signed document, or a script, went to one recipient; and that this proves what was owed to him. */
#include "desk/papers.h"
#include "desk/view.h"
#include "paper/paper.h"

#include "base/calendar.h"

#include <inttypes.h>
#include <stdio.h>

enum way { WAY_PHONE, WAY_PRINT, WAY_FAX, WAY_SCAN, WAY_RECEIPT };

static const char *const way_words[] = {"phone", "print", "fax", "scan", "receipt", NULL};

struct sending {
    struct engine_incident_view incident;
    const struct plan_form *form;
    const struct document *document; /* NULL: a script */
    uint16_t party;
    enum way way;
    uint32_t item; /* the duty that the request names; 0: the one that is due first */
    int64_t as_of;
    struct text spoken_with, phone, note;
};

/* A script is spoken; a document that is only printed, or spoken of, has not arrived in writing. */
static bool proves(const struct sending *sending) {
    return sending->form->spoken ? sending->way == WAY_PHONE : sending->way >= WAY_FAX;
}

static bool find_document(struct turn *turn, uint32_t number, struct sending *sending) {
    if (sending->form->spoken) {
        return number == 0 ||
               turn_refuse_field(turn, DESK_REFUSED, "document", "this is a script, and no document is signed of it",
                                 "这是口述稿，没有签发的文件");
    }
    sending->document = documents_find(turn->desk->documents, number);
    if (sending->document == NULL || sending->document->incident != sending->incident.number ||
        !text_equal(sending->document->form, sending->form->name)) {
        return turn_refuse_field(turn, DESK_REFUSED, "document",
                                 "no document of this form has been signed under this number",
                                 "没有这个编号的已签发文书");
    }
    return sending->as_of >= sending->document->at ||
           turn_refuse_field(turn, DESK_REFUSED, "as_of", "the document was not signed yet at that time",
                             "那时文书还没有签发");
}

/* What has been replaced is not sent any more: it would say what is not so. */
static bool check_stands(struct turn *turn, const struct sending *sending) {
    const struct document *successor =
        sending->document == NULL ? NULL : documents_find_successor(turn->desk->documents, sending->document->sequence);
    if (successor == NULL) {
        return true;
    }
    (void)failure_say_field(&turn->reply->failure, "document",
                            "document %" PRId64 " has taken its place (\"%.*s\"): send that one",
                            "它已由第 %" PRId64 " 号文书（“%.*s”）替代，请送那一份", successor->sequence,
                            TEXT_PRINT(text_cut(successor->title, 100)));
    return turn_refuse_as_set(turn, DESK_CONFLICT);
}

static bool read_sending(struct turn *turn, struct sending *sending, const json_t **attachments) {
    struct form form;
    uint32_t index = 0;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text name = form_text(&form, "form", true, FORM_TEXT_BYTES);
    uint32_t document = form_number(&form, "document", false);
    struct text party = form_text(&form, "party", true, FORM_TEXT_BYTES);
    int way = form_word(&form, "way", true, way_words);
    sending->item = form_number(&form, "duty", false);
    sending->spoken_with = form_text(&form, "spoken_with", false, FORM_TEXT_BYTES);
    sending->phone = form_text(&form, "phone", false, FORM_TEXT_BYTES);
    sending->note = form_text(&form, "note", false, FORM_TEXT_BYTES);
    sending->as_of = form_instant(&form, "as_of", turn->at, turn->at);
    *attachments = form_any(&form, "attachments", false);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    sending->way = way < 0 ? WAY_PHONE : (enum way)way;
    if (!turn_find_incident(turn, &sending->incident) ||
        !papers_find_form(turn, &sending->incident, "form", name, &index) ||
        !turn_find_party(turn, sending->incident.plan, "party", party, &sending->party)) {
        return false;
    }
    sending->form = &sending->incident.plan->forms[index];
    if (sending->as_of < sending->incident.first_report_at) {
        return turn_refuse_field(turn, DESK_REFUSED, "as_of", "the incident had not been reported yet at that time",
                                 "那时还没有接到这一事件的报告");
    }
    return find_document(turn, document, sending) && check_stands(turn, sending);
}

/* What each way leaves behind, without which it proves nothing: who was spoken to, the scan that was sent, the receipt or who
 * took it. */
static bool check_way(struct turn *turn, const struct sending *sending, struct text attached) {
    bool has_person = text_trim(sending->spoken_with).length > 0;
    if (sending->way == WAY_PHONE && !has_person) {
        return turn_refuse_field(turn, DESK_REFUSED, "spoken_with", "who was spoken to on the telephone?",
                                 "请写明接话人");
    }
    if (sending->way == WAY_SCAN && attached.length == 0) {
        return turn_refuse_field(turn, DESK_REFUSED, "attachments", "add the stamped scan that was sent",
                                 "请附上送出的盖章扫描件");
    }
    if (sending->way == WAY_RECEIPT && attached.length == 0 && !has_person && text_trim(sending->note).length == 0) {
        return turn_refuse_field(turn, DESK_REFUSED, "attachments",
                                 "add the receipt, or say who took it or what the receipt is",
                                 "请附上回执，或写明谁签收、回执是什么");
    }
    return true;
}

/* What is owed to the party by this form: the duty that is named, else of those that are owed the one due first, an option
 * after all others. */
static bool find_duty(struct turn *turn, const struct sending *sending, struct engine_duty_view *found) {
    const struct plan *plan = sending->incident.plan;
    int64_t best = INT64_MAX;
    *found = (struct engine_duty_view){.number = 0};
    for (uint32_t number = 1; number <= sending->incident.duty_count; number++) {
        struct engine_duty_view duty;
        if (!engine_view_duty(turn->engine, sending->incident.number, number, &duty) ||
            duty.recipient != sending->party || duty.status != ENGINE_OWED ||
            !papers_serves(plan, sending->form, duty.duty)) {
            continue;
        }
        int64_t due = plan->duties[duty.duty].kind == PLAN_OPTION ? ENGINE_NEVER : duty.due_at - 1;
        if (sending->item == 0 ? due < best || found->number == 0 : number == sending->item) {
            best = due;
            *found = duty;
        }
    }
    if (sending->item != 0 && found->number == 0) {
        return turn_refuse_field(turn, DESK_CONFLICT, "duty",
                                 "this is not owed to that recipient by this form any more",
                                 "这一项不是（或不再是）以这份文书报给该接收者的职责");
    }
    return true;
}

static void write_proof(const struct sending *sending, struct buffer *out) {
    static const char *const english[] = {"by telephone", "on paper", "by fax", "as a stamped scan", "with a receipt"};
    static const char *const chinese[] = {"电话", "纸质", "传真", "盖章扫描件", "回执"};
    const struct plan *plan = sending->incident.plan;
    buffer_append_text(out, sending->form->name);
    if (sending->document != NULL) {
        buffer_print(out, " #%" PRId64, sending->document->sequence);
    }
    buffer_print(out, "%s%s%s", paper_say(plan, ", ", "，"),
                 paper_say(plan, english[sending->way], chinese[sending->way]), paper_say(plan, ", ", "，"));
    paper_write_instant(plan, sending->as_of, out);
    if (sending->note.length > 0) { /* who was spoken with stands in the dispatch: a proof may be read by more people */
        buffer_append_string(out, paper_say(plan, ", ", "，"));
        buffer_append_text(out, sending->note);
    }
}

/* The engine's event, by which the duty is proved: the document's file proves it, and what was sent along. */
static bool prove(struct turn *turn, const struct sending *sending, const struct engine_duty_view *duty,
                  struct text attached) {
    struct engine_event event = turn_start(turn, ENGINE_DONE);
    struct buffer proof = {0};
    struct buffer files = {0};
    event.item_kind = ENGINE_ITEM_DUTY;
    event.item = duty->number;
    event.by = duty->bearer;
    event.as_of = sending->as_of;
    write_proof(sending, &proof);
    if (sending->document != NULL) {
        buffer_append_text(&files, sending->document->sha256);
    }
    buffer_append_string(&files, files.length > 0 && attached.length > 0 ? " " : "");
    buffer_append_text(&files, attached);
    event.reason = buffer_text(&proof);
    turn->entry.attachments = buffer_text(&files);
    bool done = proof.failed || files.failed ? turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足")
                                             : turn_accept(turn, &event);
    turn->entry.attachments = (struct text){0};
    buffer_release(&proof);
    buffer_release(&files);
    return done;
}

static bool log_sending(struct turn *turn, const struct sending *sending, uint32_t duty, struct text attached) {
    struct note note;
    char numbers[3][24] = {"", "", ""};
    char as_of[CALENDAR_INSTANT_ROOM];
    (void)snprintf(numbers[0], sizeof numbers[0], "%" PRIu32, sending->incident.number);
    if (sending->document != NULL) {
        (void)snprintf(numbers[1], sizeof numbers[1], "%" PRId64, sending->document->sequence);
    }
    if (duty != 0) {
        (void)snprintf(numbers[2], sizeof numbers[2], "%" PRIu32, duty);
    }
    calendar_print_instant(sending->as_of, 0, as_of);
    note_begin(&note, turn, "desk.dispatch");
    note_add(&note, "incident", text_of(numbers[0]));
    note_add(&note, "form", sending->form->name);
    note_add(&note, "document", text_of(numbers[1]));
    note_add(&note, "party", sending->incident.plan->parties[sending->party].name);
    note_add(&note, "way", text_of(way_words[sending->way]));
    note_add(&note, "spoken_with", sending->spoken_with);
    note_add(&note, "phone", sending->phone);
    note_add(&note, "note", sending->note);
    note_add(&note, "as_of", text_of(as_of));
    note_add(&note, "duty", text_of(numbers[2]));
    note_add(&note, "attachments", attached);
    return turn_log(turn, &note);
}

bool desk_dispatch_document(struct turn *turn) {
    struct sending sending = {.item = 0};
    struct engine_duty_view duty = {.number = 0};
    struct buffer attached = {0};
    const json_t *attachments = NULL;
    bool good = read_sending(turn, &sending, &attachments) && sending.form != NULL && find_duty(turn, &sending, &duty);
    uint16_t bearer = duty.number != 0 ? duty.bearer : PLAN_NONE;
    good = good && turn_may(turn, sending.incident.plan, bearer, false) &&
           turn_read_attachments(turn, attachments, &attached) && check_way(turn, &sending, buffer_text(&attached));
    bool is_proof = duty.number != 0 && good && proves(&sending);
    good = good && (!is_proof || prove(turn, &sending, &duty, buffer_text(&attached))) &&
           log_sending(turn, &sending, is_proof ? duty.number : 0, buffer_text(&attached));
    buffer_release(&attached);
    return good;
}
