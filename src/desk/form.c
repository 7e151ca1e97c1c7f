#include "desk/form.h"

#include "base/buffer.h"
#include "base/calendar.h"

#include <string.h>

void form_begin(struct form *form, const json_t *body, struct failure *failure) {
    *form = (struct form){.body = body, .failure = failure, .is_good = json_is_object(body)};
    if (!form->is_good) {
        (void)failure_say(failure, "the request's body must be a JSON object", "请求内容须为 JSON 对象");
    }
}

static bool is_chinese(const struct form *form) {
    return form->failure != NULL && form->failure->chinese;
}

static void refuse(struct form *form, const char *name, const char *english, const char *chinese) {
    if (form->is_good) {
        (void)failure_say_field(form->failure, name, "%s", "%s", is_chinese(form) ? chinese : english);
    }
    form->is_good = false;
}

/* The field's value; NULL when it is missing or null. */
static const json_t *ask(struct form *form, const char *name, bool needed) {
    if (form->asked_count < FORM_FIELDS_MAX) {
        form->asked[form->asked_count++] = name;
    }
    const json_t *value = json_object_get(form->body, name);
    if (value == NULL && needed) {
        refuse(form, name, "is missing", "没有填写");
    }
    return value;
}

static const json_t *ask_some(struct form *form, const char *name, bool needed) {
    const json_t *value = ask(form, name, needed);
    if (json_is_null(value) && needed) {
        refuse(form, name, "is missing", "没有填写");
    }
    return json_is_null(value) ? NULL : value;
}

struct text form_text(struct form *form, const char *name, bool needed, size_t bytes_most) {
    const json_t *value = ask_some(form, name, needed);
    if (value == NULL) {
        return (struct text){0};
    }
    if (!json_is_string(value)) {
        refuse(form, name, "must be a text", "须为文本");
        return (struct text){0};
    }
    struct text text = {json_string_value(value), json_string_length(value)};
    if (text.length > bytes_most) {
        refuse(form, name, "is too long", "太长");
    } else if (memchr(text.bytes, '\0', text.length) != NULL) {
        refuse(form, name, "has a character that is no text (U+0000)", "含有不是文字的字符（U+0000）");
    } else if (needed && text_trim(text).length == 0) {
        refuse(form, name, "is blank", "不能为空");
    }
    return form->is_good ? text : (struct text){0};
}

bool form_flag(struct form *form, const char *name) {
    const json_t *value = ask_some(form, name, false);
    if (value != NULL && !json_is_boolean(value)) {
        refuse(form, name, "must be true or false", "须为 true 或 false");
    }
    return json_is_true(value);
}

uint32_t form_number(struct form *form, const char *name, bool needed) {
    const json_t *value = ask_some(form, name, needed);
    if (value == NULL) {
        return 0;
    }
    json_int_t number = json_is_integer(value) ? json_integer_value(value) : 0;
    if (number < 1 || number > UINT32_MAX) {
        refuse(form, name, "must be a whole number from 1 on", "须为不小于 1 的整数");
        return 0;
    }
    return (uint32_t)number;
}

const json_t *form_any(struct form *form, const char *name, bool needed) {
    return ask(form, name, needed);
}

int64_t form_instant(struct form *form, const char *name, int64_t usual, int64_t latest) {
    struct text text = form_text(form, name, false, 64);
    int64_t instant = usual;
    if (text.length == 0) {
        return usual;
    }
    if (!calendar_parse_instant(text, 0, &instant, NULL)) {
        refuse(form, name, "must be an instant, like 2022-08-20T06:05:00Z", "须为时刻，如 2022-08-20T06:05:00Z");
    } else if (instant > latest) {
        refuse(form, name, "lies in the future", "不能晚于现在");
    }
    return instant;
}

int64_t form_needed_instant(struct form *form, const char *name) {
    (void)form_text(form, name, true, 64);
    return form->is_good ? form_instant(form, name, 0, INT64_MAX) : 0;
}

int form_word(struct form *form, const char *name, bool needed, const char *const *words) {
    struct text text = form_text(form, name, needed, FORM_TEXT_BYTES);
    for (int i = 0; text.length > 0 && words[i] != NULL; i++) {
        if (text_equals_string(text, words[i])) {
            return i;
        }
    }
    if (text.length > 0) {
        struct buffer known = {0};
        const char *before = is_chinese(form) ? "须为 " : "must be ";
        for (int i = 0; words[i] != NULL; i++) {
            buffer_print(&known, "%s%s", i == 0 ? before : is_chinese(form) ? " 或 " : " or ", words[i]);
        }
        refuse(form, name, known.failed ? "is none of the words that it may be" : known.bytes,
               known.failed ? "不是这里可填的词" : known.bytes);
        buffer_release(&known);
    }
    return -1;
}

bool form_end(struct form *form) {
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach((json_t *)form->body, name, value) {
        bool is_asked = false;
        for (size_t i = 0; i < form->asked_count && !is_asked; i++) {
            is_asked = strcmp(form->asked[i], name) == 0;
        }
        if (!is_asked && text_find_invalid_utf8(text_of(name)) < 0) {
            refuse(form, name, "is no field of this request", "不是这里要填的栏目");
        }
    }
    return form->is_good;
}

bool form_refuse_used_key(struct failure *failure) {
    return failure_say_field(failure, "Idempotency-Key",
                             "this Idempotency-Key has been used for something else; take a new one",
                             "这个 Idempotency-Key 已用于别的请求，请换一个");
}
