#include "cli/pack.h"

#include "cli/cli.h"

#include <stdio.h>

#define PACK_FILE_BYTES_MAX ((size_t)16 << 20)

struct plan *cli_read_pack(const char *path) {
    struct failure failure = {0};
    struct buffer source = {0};
    struct buffer printed = {0};
    struct plan_messages messages = {0};
    struct plan *plan = NULL;
    if (!buffer_read_file(&source, path, PACK_FILE_BYTES_MAX, &failure)) {
        (void)cli_fail(&failure);
    } else {
        plan = plan_compile(text_of(path), buffer_text(&source), &messages);
    }
    if (plan == NULL && messages.count > 0) {
        plan_messages_print(&messages, text_of(path), &printed);
        (void)fwrite(printed.bytes, 1, printed.length, stderr);
    }
    plan_messages_release(&messages);
    buffer_release(&printed);
    buffer_release(&source);
    return plan;
}
