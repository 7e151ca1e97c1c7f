/* Files that prove something: noted when they are whole, named by what they prove, shown to whoever may see them. */
#include "desk/access.h"
#include "desk/state.h"
#include "desk/upload.h"
#include "desk/view.h"

#include <inttypes.h>
#include <stdio.h>

#define ATTACHMENTS_MOST 20U /* of one duty at a time */

static json_t *describe(const struct fold_attachment *attachment) {
    return json_pack("{s:o, s:o, s:I, s:o, s:o, s:o}", "sha256", view_text(attachment->sha256), "name",
                     view_text(attachment->name), "bytes", (json_int_t)attachment->bytes, "type",
                     view_text(attachment->type), "sent_by", view_text(attachment->sender), "sent_at",
                     view_instant(attachment->at));
}

json_t *desk_list_attachments(const struct fold *fold, uint32_t incident, uint32_t duty) {
    json_t *list = json_array();
    for (size_t i = 0; i < fold_proof_count(fold); i++) {
        const struct fold_proof *proof = fold_find_proof(fold, i);
        struct text rest = proof->attachments;
        struct text word = fold_next_word(&rest);
        for (; proof->incident == incident && proof->duty == duty && word.length > 0; word = fold_next_word(&rest)) {
            const struct fold_attachment *attachment = fold_find_content(fold, word, proof->actor);
            if (attachment != NULL) {
                view_add(list, describe(attachment));
            }
        }
    }
    return list;
}

bool desk_show_attachment(struct turn *turn) {
    const struct fold_attachment *found =
        fold_find_content(turn->desk->fold, turn->request->attachment, text_of(turn->request->account.name));
    turn->reply->body = found == NULL ? NULL : describe(found);
    return turn->reply->body != NULL;
}

bool desk_note_attachment(struct turn *turn) {
    struct form form;
    struct note note;
    char bytes_text[16];
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text sha256 = form_text(&form, "sha256", true, UPLOAD_HASH_ROOM - 1);
    uint32_t bytes = form_number(&form, "bytes", true);
    struct text type = form_text(&form, "type", true, UPLOAD_TYPE_ROOM);
    struct text name = form_text(&form, "name", true, UPLOAD_NAME_ROOM);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    (void)snprintf(bytes_text, sizeof bytes_text, "%" PRIu32, bytes);
    note_begin(&note, turn, "desk.attachment");
    note_add(&note, "sha256", sha256);
    note_add(&note, "bytes", text_of(bytes_text));
    note_add(&note, "type", type);
    note_add(&note, "name", name);
    return turn_log(turn, &note);
}

/* A file that the account may not see is to it as one that is not there. */
static bool may_name(const struct turn *turn, struct text sha256) {
    const struct account *account = &turn->request->account;
    const struct fold_attachment *found = fold_find_content(turn->desk->fold, sha256, text_of(account->name));
    const struct access_case about = {.proves = found != NULL && found->proves,
                                      .is_own = found != NULL && text_equals_string(found->sender, account->name)};
    return access_may(account, DESK_SHOW_ATTACHMENT, &about);
}

bool turn_read_attachments(struct turn *turn, const json_t *list, struct buffer *attachments) {
    struct failure *failure = &turn->reply->failure;
    size_t index = 0;
    json_t *entry = NULL;
    if (list == NULL || json_is_null(list)) {
        return true;
    }
    if (!json_is_array(list) || json_array_size(list) > ATTACHMENTS_MOST) {
        (void)failure_say_field(failure, "attachments", "must be a list of at most %u files, each by its SHA-256",
                                "须为文件列表（每个写 SHA-256），最多 %u 个", ATTACHMENTS_MOST);
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    json_array_foreach((json_t *)list, index, entry) {
        struct text sha256 = {json_string_value(entry), json_string_length(entry)};
        if (!upload_is_hash(sha256) || !may_name(turn, sha256)) {
            (void)failure_say_field(failure, "attachments", "file %zu of the list has not been sent; send it first",
                                    "列表中第 %zu 个文件没有上传，请先上传", index + 1);
            return turn_refuse_as_set(turn, DESK_REFUSED);
        }
        buffer_print(attachments, "%s%.*s", index == 0 ? "" : " ", TEXT_PRINT(sha256));
    }
    return !attachments->failed || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}
