/* Documents: what is to be printed of one, and that it has been signed off. Typesetting takes its time and is another
 * thread's: first the desk says what is to be set, then, with the file's hash, it takes the signature. */
#include "desk/papers.h"
#include "desk/upload.h"
#include "desk/view.h"
#include "paper/paper.h"

#include "base/calendar.h"
#include "run/show.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define ADDRESSEES_MOST 100U

/* A document as the request has it. */
struct submission {
    struct engine_incident_view incident;
    const struct plan_form *form;
    uint32_t form_index;
    uint32_t events;         /* up to which event the draft spoke from which the text was made; 0: nobody says */
    struct text basis, seen; /* what that draft rested on; and on what one rests that who signs has seen since */
    struct text title, body;
    struct buffer addressees; /* names with a line's end */
    uint16_t office;          /* PLAN_NONE: a preview */
    struct turn_spoken spoken;
    const struct document *replaced; /* what has gone out is never changed: another refers to it; NULL: none */
    uint32_t submitted;              /* the event by which the text was handed over to be signed; 0: it was not */
    const json_t *file;              /* what was made of it; NULL on the first pass */
    bool urgent;                     /* it has a clock: nothing holds it up */
};

bool papers_read_addressees(struct turn *turn, const char *field, const json_t *list, struct buffer *names) {
    size_t index = 0;
    json_t *name = NULL;
    if (!json_is_array(list) || json_array_size(list) > ADDRESSEES_MOST) {
        return turn_refuse_field(turn, DESK_REFUSED, field, "must be a list of at most 100 names",
                                 "须为名称列表，最多 100 个");
    }
    json_array_foreach((json_t *)list, index, name) {
        struct text text = {json_string_value(name), json_string_length(name)};
        if (text_trim(text).length == 0 || text.length > FORM_TEXT_BYTES ||
            memchr(text.bytes, '\n', text.length) != NULL) {
            return turn_refuse_field(turn, DESK_REFUSED, field, "each must be a name on one line",
                                     "每个都须为一行名称");
        }
        buffer_append_text(names, text_trim(text));
        buffer_append_string(names, "\n");
    }
    return !names->failed || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}

/* Whether a duty or a proposal that the form serves is open and has a clock. */
static bool is_urgent(const struct turn *turn, const struct engine_incident_view *incident,
                      const struct plan_form *form) {
    struct engine_scale_view scale = {0};
    bool found = form->scale != PLAN_NONE && engine_view_scale(turn->engine, incident->number, form->scale, &scale) &&
                 scale.proposal != 0;
    for (uint32_t number = 1; number <= incident->duty_count && !found; number++) {
        struct engine_duty_view duty;
        found = engine_view_duty(turn->engine, incident->number, number, &duty) && duty.status == ENGINE_OWED &&
                duty.due_at != ENGINE_NEVER && papers_serves(incident->plan, form, duty.duty);
    }
    return found;
}

bool papers_find_signer(struct turn *turn, const struct engine_incident_view *incident, const struct plan_form *form,
                        struct text name, uint16_t *office) {
    if (!turn_find_party(turn, incident->plan, "by", name, office)) {
        return false;
    }
    for (uint16_t i = 0; i < form->signers.count; i++) {
        if (incident->plan->lists[form->signers.first + i] == *office) {
            return true;
        }
    }
    return turn_refuse_field(turn, DESK_REFUSED, "by", "by the plan this office does not sign this document",
                             "按预案，这个职务不签发这份文书");
}

static bool find_office(struct turn *turn, struct submission *submission, struct text by) {
    submission->office = PLAN_NONE;
    return by.length == 0 || papers_find_signer(turn, &submission->incident, submission->form, by, &submission->office);
}

bool papers_find_replaced(struct turn *turn, const struct engine_incident_view *incident, const struct plan_form *form,
                          uint32_t number, const struct document **replaced) {
    const struct documents *documents = turn->desk->documents;
    *replaced = number == 0 ? NULL : documents_find(documents, number);
    if (number == 0) {
        return true;
    }
    if (*replaced == NULL || (*replaced)->incident != incident->number || !text_equal((*replaced)->form, form->name)) {
        return turn_refuse_field(turn, DESK_REFUSED, "replaces",
                                 "no document of this form has been signed under this number",
                                 "没有这个编号的已签发文书");
    }
    return documents_find_successor(documents, number) == NULL ||
           turn_refuse_field(turn, DESK_REFUSED, "replaces",
                             "another document has taken its place already; refer to that one",
                             "它已被另一份文书替代，请指那一份");
}

/* The text that waits for this signature; 0: the signature is of none. */
static bool find_submitted(struct turn *turn, uint32_t number, struct submission *submission) {
    const struct submitted *submitted =
        documents_find_submitted(turn->desk->documents, submission->incident.number, submission->form->name);
    submission->submitted = number;
    return number == 0 ||
           (submitted != NULL && submitted->sequence == number && submitted->state == SUBMITTED_WAITING) ||
           turn_refuse_field(turn, DESK_CONFLICT, "submission",
                             "this text does not wait for a signature any more: it was signed or sent back, or another "
                             "was handed over",
                             "这份送签稿已不在等签发：已签发、已退回，或已另送一稿");
}

static bool read_submission(struct turn *turn, bool is_signed, struct submission *submission) {
    struct form form;
    uint32_t index = 0;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text name = form_text(&form, "form", true, FORM_TEXT_BYTES);
    submission->title = form_text(&form, "title", true, PAPERS_TITLE_BYTES);
    submission->body = form_text(&form, "body", true, PAPERS_BODY_BYTES);
    const json_t *addressees = form_any(&form, "addressees", true);
    struct text by = form_text(&form, "by", is_signed, FORM_TEXT_BYTES);
    const json_t *spoken = form_any(&form, "spoken", false);
    uint32_t replaces = form_number(&form, "replaces", false);
    uint32_t submitted = form_number(&form, "submission", false);
    submission->events = form_number(&form, "events", false);
    submission->basis = form_text(&form, "basis", false, FORM_TEXT_BYTES);
    submission->seen = form_text(&form, "seen", false, FORM_TEXT_BYTES);
    submission->file = form_any(&form, "file", false);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (!turn_find_incident(turn, &submission->incident) ||
        !papers_find_form(turn, &submission->incident, "form", name, &index)) {
        return false;
    }
    submission->form = &submission->incident.plan->forms[index];
    submission->form_index = index;
    submission->urgent = is_urgent(turn, &submission->incident, submission->form);
    if (submission->form->spoken) {
        return turn_refuse_field(turn, DESK_REFUSED, "form", "this is read out, and not printed or signed",
                                 "这是口述稿，不用打印和签发");
    }
    return turn_read_spoken(turn, spoken, &submission->spoken) && find_office(turn, submission, by) &&
           papers_find_replaced(turn, &submission->incident, submission->form, replaces, &submission->replaced) &&
           find_submitted(turn, submitted, submission) &&
           papers_read_addressees(turn, "addressees", addressees, &submission->addressees);
}

/* ---- what is to be set ------------------------------------------------------------------------------------ */

/* The names on one line. */
static json_t *join_addressees(const struct plan *plan, struct text names) {
    struct buffer line = {0};
    for (size_t i = 0; i + 1 < names.length; i++) {
        if (names.bytes[i] == '\n') {
            buffer_append_string(&line, paper_say(plan, ", ", "、"));
        } else {
            buffer_append(&line, names.bytes + i, 1);
        }
    }
    json_t *json = line.failed ? NULL : view_text(buffer_text(&line));
    buffer_release(&line);
    return json;
}

/* The unit whose office signs. */
static struct text find_sender(const struct submission *submission) {
    const struct plan *plan = submission->incident.plan;
    uint16_t office = submission->office;
    if (office == PLAN_NONE && submission->form->signers.count > 0) {
        office = plan->lists[submission->form->signers.first];
    }
    uint16_t unit = office < plan->party_count ? plan->parties[office].of : PLAN_NONE;
    return unit < plan->party_count ? plan->parties[unit].name : (struct text){0};
}

static struct text find_signer(const struct turn *turn, const struct submission *submission) {
    return submission->spoken.given ? submission->spoken.who : text_of(turn->request->account.display_name);
}

static json_t *print_json(struct buffer *line) {
    json_t *json = line->failed ? NULL : view_text(buffer_text(line));
    buffer_release(line);
    return json;
}

static void add_signature(const struct turn *turn, const struct submission *submission, json_t *sheet) {
    const struct plan *plan = submission->incident.plan;
    struct buffer signer = {0};
    struct buffer date = {0};
    struct buffer remark = {0};
    paper_write_instant(plan, turn->at, &date);
    view_set(sheet, "date", print_json(&date));
    buffer_append_string(&signer, paper_say(plan, "Signed: ", "签发："));
    buffer_append_text(&signer, plan->parties[submission->office].name);
    buffer_append_string(&signer, paper_say(plan, ", ", "　"));
    buffer_append_text(&signer, find_signer(turn, submission));
    view_set(sheet, "signer", print_json(&signer));
    if (submission->spoken.given) {
        buffer_append_string(&remark, paper_say(plan, "(signed off by telephone; recorded by ", "（电话签发，"));
        buffer_append_string(&remark, turn->request->account.display_name);
        buffer_append_string(&remark, paper_say(plan, ")", "记录）"));
    }
    if (submission->replaced != NULL) {
        char number[32];
        (void)snprintf(number, sizeof number, "%" PRId64, submission->replaced->sequence);
        buffer_append_string(&remark, paper_say(plan, "(takes the place of no. ", "（替代第"));
        buffer_append_string(&remark, number);
        buffer_append_string(&remark, paper_say(plan, ", signed off ", "号，该件"));
        paper_write_instant(plan, submission->replaced->at, &remark);
        buffer_append_string(&remark, paper_say(plan, ")", "签发）"));
    }
    view_set(sheet, "remark", print_json(&remark));
}

/* The log's head as it stands before the signature. */
static bool add_head(struct turn *turn, json_t *sheet) {
    struct store_head head;
    char shown[STORE_HEAD_ROOM];
    if (!session_find_head(turn->desk->session, &head, &turn->reply->failure)) {
        return turn_refuse_as_set(turn, DESK_UNAVAILABLE);
    }
    store_print_head(&head, shown);
    view_set(sheet, "head", json_string(shown));
    return true;
}

static json_t *describe_sheet(const struct turn *turn, const struct submission *submission) {
    const struct plan *plan = submission->incident.plan;
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:b, s:b, s:I}", "sender", view_text(find_sender(submission)), "title",
                     view_text(submission->title), "addressees",
                     join_addressees(plan, buffer_text(&submission->addressees)), "body", view_text(submission->body),
                     "draft", turn->request->key[0] == '\0' ? paper_say(plan, "DRAFT, not signed", "草稿 未签发") : "",
                     "chinese", show_is_chinese(plan), "urgent", submission->urgent, "at", (json_int_t)turn->at);
}

/* Whoever may not sign is told so before anything is set. */
static bool may_sign(struct turn *turn, const struct submission *submission) {
    struct desk_request request = *turn->request;
    struct turn signing = *turn;
    request.action = DESK_SIGN_DOCUMENT;
    signing.request = &request;
    return turn_may(&signing, submission->incident.plan, submission->office, submission->spoken.given);
}

/* Nobody signs unawares what the log knows better by now. Who has seen what has changed may sign all the same; and where the
 * document has a clock it is enough that he has seen some of it, so that a busy log never holds it up. */
static bool check_basis(struct turn *turn, const struct submission *submission) {
    char basis[PAPERS_BASIS_ROOM];
    if (submission->basis.length == 0) {
        return true;
    }
    if (!papers_find_basis(turn, &submission->incident, submission->form_index, basis)) {
        return false;
    }
    if (text_equals_string(submission->basis, basis) || text_equals_string(submission->seen, basis) ||
        (submission->urgent && submission->seen.length > 0)) {
        return true;
    }
    return turn_refuse_field(turn, DESK_CHANGED, "basis",
                             "the log knows more by now than this text was drafted from; look at what has changed",
                             "起草之后日志又有变化，请先看看变了什么");
}

bool desk_prepare_document(struct turn *turn) {
    struct submission submission = {.office = PLAN_NONE};
    const struct desk_request *request = turn->request;
    bool is_signed = request->key[0] != '\0';
    if (is_signed && fold_find_key(turn->desk->fold, text_of(request->account.name), text_of(request->key)) != NULL) {
        turn->reply->body =
            json_object(); /* signed already, or the key is another's: that is said with the signature */
        return true;
    }
    bool good = read_submission(turn, is_signed, &submission) && submission.form != NULL;
    if (good && submission.file != NULL) {
        good = turn_refuse_field(turn, DESK_REFUSED, "file", "is made by the server", "由服务器生成");
    }
    good = good && (!is_signed || (may_sign(turn, &submission) && check_basis(turn, &submission)));
    json_t *sheet = good ? describe_sheet(turn, &submission) : NULL;
    if (good && is_signed) {
        add_signature(turn, &submission, sheet);
        good = add_head(turn, sheet);
    }
    buffer_release(&submission.addressees);
    if (!good) {
        json_decref(sheet);
        return false;
    }
    turn->reply->body = sheet;
    return sheet != NULL;
}

/* ---- the signature ---------------------------------------------------------------------------------------- */

/* The file, and then the document that it is of. */
static bool log_document(struct turn *turn, const struct submission *submission) {
    struct note note;
    char numbers[6][24] = {"", "", "", "", "", ""};
    struct buffer name = {0};
    const struct plan *plan = submission->incident.plan;
    struct text sha256 = view_read_text(submission->file, "sha256");
    (void)snprintf(numbers[0], sizeof numbers[0], "%" PRIu32, submission->incident.number);
    (void)snprintf(numbers[1], sizeof numbers[1], "%lld",
                   (long long)json_integer_value(json_object_get(submission->file, "bytes")));
    (void)snprintf(numbers[2], sizeof numbers[2], "%lld",
                   (long long)json_integer_value(json_object_get(submission->file, "pages")));
    (void)snprintf(numbers[3], sizeof numbers[3], "%" PRId64,
                   submission->replaced == NULL ? 0 : submission->replaced->sequence);
    if (submission->events != 0) {
        (void)snprintf(numbers[4], sizeof numbers[4], "%" PRIu32, submission->events);
    }
    if (submission->submitted != 0) {
        (void)snprintf(numbers[5], sizeof numbers[5], "%" PRIu32, submission->submitted);
    }
    note_begin(&note, turn, "desk.document");
    note_add(&note, "incident", text_of(numbers[0]));
    note_add(&note, "form", submission->form->name);
    note_add(&note, "title", submission->title);
    note_add(&note, "body", submission->body);
    note_add(&note, "addressees", buffer_text(&submission->addressees));
    note_add(&note, "office", plan->parties[submission->office].name);
    note_add(&note, "signer", find_signer(turn, submission));
    note_add(&note, "phone", submission->spoken.from);
    note_add(&note, "head", view_read_text(submission->file, "head"));
    note_add(&note, "sha256", sha256);
    note_add(&note, "bytes", text_of(numbers[1]));
    note_add(&note, "pages", text_of(numbers[2]));
    note_add(&note, "missing", view_read_text(submission->file, "missing"));
    note_add(&note, "fonts", view_read_text(submission->file, "fonts"));
    note_add(&note, "replaces", submission->replaced == NULL ? (struct text){0} : text_of(numbers[3]));
    note_add(&note, "events", text_of(numbers[4]));
    note_add(&note, "seen", submission->seen);
    note_add(&note, "submission", text_of(numbers[5]));
    if (!turn_log(turn, &note)) {
        return false;
    }
    buffer_append_text(&name, submission->form->name);
    buffer_append_string(&name, ".pdf");
    note_begin(&note, turn, "desk.attachment");
    note_add(&note, "sha256", sha256);
    note_add(&note, "bytes", text_of(numbers[1]));
    note_add(&note, "type", TEXT("application/pdf"));
    note_add(&note, "name", buffer_text(&name));
    note_add(&note, "attachments", sha256); /* it proves something: everybody may see it */
    bool done = turn_log(turn, &note);
    buffer_release(&name);
    return done;
}

bool desk_sign_document(struct turn *turn) {
    struct submission submission = {.office = PLAN_NONE};
    bool good = read_submission(turn, true, &submission) && submission.form != NULL &&
                turn_may(turn, submission.incident.plan, submission.office, submission.spoken.given);
    if (good && !upload_is_hash(view_read_text(submission.file, "sha256"))) {
        good = turn_refuse_field(turn, DESK_REFUSED, "file", "is made by the server", "由服务器生成");
    }
    good = good && log_document(turn, &submission);
    buffer_release(&submission.addressees);
    return good;
}
