/* Fuzz target: drills. An input that begins with '#' or a backquote is a page; any other is put behind a header. It is
 * played through the small pack: a result or a message with a place, never both or neither. */
#include "run/drill.h"
#include "../run/small_pack.h"

#include "fuzz.h"

#include <stdlib.h>

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    const struct drill_options options = {.pack = TEXT(SMALL_PACK)};
    struct drill_result result = {0};
    struct failure failure = {0};
    struct buffer source = {0};
    bool is_page = size > 0 && (bytes[0] == '#' || bytes[0] == '`');
    buffer_append_string(&source, is_page ? ""
                                          : "```drill\ndrill \"x\" pack \"p\" version \"1\" seed 1 start 2026-05-01 "
                                            "10:00\n");
    buffer_append(&source, bytes, size);
    buffer_append_string(&source, is_page ? "" : "\n```\n");
    bool is_played = drill_play("fuzz.drill.md", buffer_text(&source), &options, &result, &failure);
    require(is_played != failure.set);
    if (is_played) {
        require(result.json != NULL && result.text.length > 0 && !result.text.failed);
        require(result.failed <= result.expectations);
        require(text_find_invalid_utf8(buffer_text(&result.text)) == -1);
    } else {
        require(failure.message[0] != '\0' && text_find_invalid_utf8(text_of(failure.message)) == -1);
    }
    drill_result_release(&result);
    buffer_release(&source);
    return 0;
}
