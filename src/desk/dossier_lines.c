/* The log of a record to be read with any tool. It follows from log.db, byte for byte: so it can be verified. */
#include "desk/dossier_part.h"

#include "desk/record_line.h"

#include <stdlib.h>
#include <string.h>

struct writing {
    archive_take *take;
    void *context;
    bool has_memory, has_ended;
};

static bool visit(void *context, const struct store_record *record) {
    struct writing *writing = context;
    json_t *line = record_line_describe(record);
    char *text = line == NULL ? NULL : json_dumps(line, JSON_COMPACT);
    writing->has_memory = text != NULL;
    writing->has_ended = text != NULL && (!writing->take(writing->context, text, strlen(text)) ||
                                          !writing->take(writing->context, "\n", 1));
    free(text);
    json_decref(line);
    return writing->has_memory && !writing->has_ended;
}

bool dossier_write_lines(struct store *copy, archive_take *take, void *context, struct failure *failure) {
    struct writing writing = {.take = take, .context = context, .has_memory = true};
    if (!store_read(copy, 1, false, visit, &writing, failure) || writing.has_ended) {
        return false;
    }
    return writing.has_memory || failure_say(failure, "memory is exhausted", "内存不足");
}
