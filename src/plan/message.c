/* Messages of the compiler: kept few, one for each place, in the order of the pack's lines. */
#include "plan/compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MESSAGE_ROOM 768
#define MESSAGES_BYTES_MAX ((size_t)1 << 20U)
#define CLIP_BYTES 96

struct text clip(struct text text) {
    return text_cut(text, CLIP_BYTES);
}

const char *offer_names(const struct compiler *compiler, const struct suggestion *suggestion,
                        char room[SUGGESTION_ROOM]) {
    return suggestion_print(suggestion, compiler->messages->chinese ? SUGGESTION_CHINESE : SUGGESTION_BARE, room);
}

const char *ask_whether(const struct compiler *compiler, const struct suggestion *suggestion, char room[ASKING_ROOM]) {
    char names[SUGGESTION_ROOM];
    if (suggestion->count == 0) {
        return "";
    }
    (void)snprintf(room, ASKING_ROOM, "%s%s%s", said(compiler, SAY(": did you mean ", "：是不是")),
                   offer_names(compiler, suggestion, names), said(compiler, SAY("?", "？")));
    return room;
}

static bool is_same_place(struct plan_place place, const struct plan_message *message) {
    return message->line == place.line && message->column == place.column;
}

bool messages_are_full(const struct compiler *compiler) {
    return compiler->messages->count == PLAN_MESSAGES_MAX;
}

/* Adds a message whose text is ready. Without memory for it a fixed one stands in. */
static void add_message(struct plan_messages *messages, struct plan_place place, struct text text) {
    if (messages->count == PLAN_MESSAGES_MAX) {
        messages->more = true;
        return;
    }
    if (messages->arena == NULL) {
        messages->arena = arena_create(MESSAGES_BYTES_MAX);
    }
    char *copy = messages->arena != NULL ? arena_copy_text(messages->arena, text.bytes, text.length) : NULL;
    struct plan_message *message = &messages->items[messages->count++];
    message->line = place.line;
    message->column = place.column;
    message->text = copy != NULL ? (struct text){copy, text.length} : TEXT("there is not enough memory");
}

bool report(struct compiler *compiler, struct plan_place place, const char *english, const char *chinese, ...) {
    struct plan_messages *messages = compiler->messages;
    for (uint32_t i = 0; i < messages->count; i++) {
        if (is_same_place(place, &messages->items[i])) {
            return false;
        }
    }
    char room[MESSAGE_ROOM];
    va_list arguments;
    va_start(arguments, chinese);
    int length = vsnprintf(room, sizeof room, messages->chinese ? chinese : english, arguments);
    va_end(arguments);
    struct text text = {room, length < 0 ? 0 : (size_t)length};
    if (text.length >= sizeof room) {
        text.length = sizeof room - 1;
        while (text.length > 0 && ((unsigned char)room[text.length] & 0xC0U) == 0x80U) {
            text.length--;
        }
    }
    add_message(messages, place, text);
    return false;
}

/* ---- language --------------------------------------------------------------------------------------------- */

#define LANGUAGE_WORDS_MAX 2000U /* enough to tell */

const char *said(const struct compiler *compiler, struct say both) {
    return compiler->messages->chinese ? both.chinese : both.english;
}

struct say keyword_both(enum keyword keyword) {
    return (struct say){keyword_name(keyword), keyword_chinese_name(keyword)};
}

const char *keyword_words(const struct compiler *compiler, enum keyword keyword) {
    return said(compiler, keyword_both(keyword));
}

const char *dimension_words(const struct compiler *compiler, enum quantity_dimension dimension) {
    static const enum keyword keywords[] = {
        [QUANTITY_COUNT] = KEYWORD_COUNT,   [QUANTITY_DURATION] = KEYWORD_DURATION, [QUANTITY_AREA] = KEYWORD_AREA,
        [QUANTITY_LENGTH] = KEYWORD_LENGTH, [QUANTITY_VOLUME] = KEYWORD_VOLUME,     [QUANTITY_FLOW] = KEYWORD_FLOW};
    return keyword_words(compiler, keywords[dimension]);
}

static bool is_ascii(struct text text) {
    return text.length > 0 && ((unsigned char)text.bytes[0] & 0x80U) == 0;
}

/* The next word of a text, as blanks and line ends part them; empty at its end. */
static struct text next_word(struct text *rest) {
    size_t from = 0;
    while (from < rest->length && strchr(" \t\n", rest->bytes[from]) != NULL) {
        from++;
    }
    size_t end = from;
    while (end < rest->length && strchr(" \t\n", rest->bytes[end]) == NULL) {
        end++;
    }
    struct text word = {rest->bytes + from, end - from};
    *rest = (struct text){rest->bytes + end, rest->length - end};
    return word;
}

void find_language(struct compiler *compiler, struct text text) {
    uint32_t counts[2] = {0, 0}; /* of keywords: English, Chinese */
    bool has_chinese = false;
    struct text rest = text;
    struct text before = {"", 0};
    for (uint32_t i = 0; i < LANGUAGE_WORDS_MAX && rest.length > 0; i++) {
        struct text word = next_word(&rest);
        bool is_told = text_equal(before, TEXT("language")) || text_equal(before, TEXT("语言"));
        if (is_told && (text_equal(word, TEXT("zh")) || text_equal(word, TEXT("en")))) {
            compiler->messages->chinese = word.bytes[0] == 'z';
            return;
        }
        has_chinese = has_chinese || (word.length > 0 && (unsigned char)word.bytes[0] >= 0xE4U);
        if (word.length > 0 && keyword_is_reserved(word)) {
            counts[is_ascii(word) ? 0 : 1]++;
        }
        before = word;
    }
    bool is_known = counts[0] + counts[1] > 0;
    compiler->messages->chinese = is_known ? counts[1] > counts[0] : has_chinese;
}

/* ---- order and printing ----------------------------------------------------------------------------------- */

static bool is_before(const struct plan_message *left, const struct plan_message *right) {
    return left->line != right->line ? left->line < right->line : left->column < right->column;
}

void messages_sort(struct plan_messages *messages) {
    for (uint32_t i = 1; i < messages->count; i++) {
        struct plan_message moved = messages->items[i];
        uint32_t at = i;
        while (at > 0 && is_before(&moved, &messages->items[at - 1])) {
            messages->items[at] = messages->items[at - 1];
            at--;
        }
        messages->items[at] = moved;
    }
}

void plan_messages_release(struct plan_messages *messages) {
    arena_destroy(messages->arena);
    memset(messages, 0, sizeof *messages);
}

void plan_messages_print(const struct plan_messages *messages, struct text file, struct buffer *out) {
    for (uint32_t i = 0; i < messages->count; i++) {
        const struct plan_message *message = &messages->items[i];
        buffer_append_text(out, file);
        buffer_print(out, ":%u:%u: ", (unsigned)message->line, (unsigned)message->column);
        buffer_append_text(out, message->text);
        buffer_append_string(out, "\n");
    }
    if (messages->more) {
        buffer_append_text(out, file);
        buffer_append_string(out, messages->chinese ? "：还有别的错误，一次只列这么多\n"
                                                    : ": there is more that is wrong; only so much is shown at once\n");
    }
}
