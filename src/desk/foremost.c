#include "desk/foremost.h"

#include <stdlib.h>

void foremost_cut(struct foremost *foremost) {
    struct buffer *list = foremost->list;
    size_t count = list->length / foremost->size;
    if (count > 0) {
        qsort(list->bytes, count, foremost->size, foremost->compare);
    }
    if (count >= foremost->most) {
        list->length = foremost->most * foremost->size;
        foremost->is_cut = true;
    }
}

void foremost_cut_when_full(struct foremost *foremost) {
    if (!foremost->is_cut && !foremost->list->failed && foremost->list->length / foremost->size >= foremost->most) {
        foremost_cut(foremost);
    }
}

void foremost_keep(struct foremost *foremost, const void *item) {
    struct buffer *list = foremost->list;
    if (foremost->is_cut && foremost->compare(item, list->bytes + (foremost->most - 1) * foremost->size) > 0) {
        return;
    }
    buffer_append(list, item, foremost->size);
    if (!list->failed && list->length / foremost->size / 2 >= foremost->most) {
        foremost_cut(foremost);
    }
}
