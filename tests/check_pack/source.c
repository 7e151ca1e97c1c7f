#include "source.h"

#include "check.h"

struct source source_check(const char *path, uint32_t effort_max) {
    struct source source = {NULL, NULL};
    struct failure failure = {0};
    struct buffer text = {0};
    struct plan_messages messages = {0};
    check(buffer_read_file(&text, path, (size_t)16 << 20, &failure), "%s: %s", path, failure.message);
    source.plan = plan_compile(text_of(path), buffer_text(&text), &messages);
    check(source.plan != NULL, "%s does not compile: line %u: %.*s", path, (unsigned)messages.items[0].line,
          TEXT_PRINT(messages.items[0].text));
    source.report = check_plan(source.plan, effort_max, &failure);
    check(source.report != NULL, "%s: %s", path, failure.message);
    plan_messages_release(&messages);
    buffer_release(&text);
    return source;
}

void source_release(struct source *source) {
    check_report_destroy(source->report);
    plan_destroy(source->plan);
}

struct buffer source_print(const struct source *source, const char *file, bool all) {
    struct buffer out = {0};
    check_write(source->report, text_of(file), all, &out);
    check(!out.failed, "memory is exhausted");
    return out;
}
