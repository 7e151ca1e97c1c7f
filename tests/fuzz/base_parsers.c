/* Fuzz target: the base parsers. The first byte chooses one, the rest is its input. Besides crashes it looks for broken
 * promises: what was parsed prints, and what was printed parses to the same value. */
#include "base/calendar.h"
#include "base/quantity.h"
#include "base/text.h"

#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* Like assert, but not compiled away. */
static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static void require_good_message(const struct failure *failure) {
    require(failure->set && failure->message[0] != '\0');
    require(text_find_invalid_utf8(text_of(failure->message)) == -1);
}

static void try_quantity(struct text input, enum quantity_dimension dimension) {
    int64_t value = 0;
    struct failure failure = {0};
    if (!quantity_parse(input, dimension, &value, &failure)) {
        require_good_message(&failure);
        return;
    }
    require(value >= 0 && value <= quantity_largest(dimension));
    char printed[QUANTITY_ROOM];
    quantity_print(dimension, value, printed);
    int64_t again = -1;
    if (!text_starts_with(text_of(printed), TEXT("≈"))) {
        require(quantity_parse(text_of(printed), dimension, &again, NULL) && again == value);
    }
}

static void try_date(struct text input) {
    int32_t day = 0;
    struct failure failure = {0};
    if (!calendar_parse_date(input, &day, &failure)) {
        require_good_message(&failure);
        return;
    }
    char printed[CALENDAR_DATE_ROOM];
    calendar_print_date(day, printed);
    require(text_equals_string(input, printed));
}

static void try_instant(struct text input, int32_t zone_minutes) {
    int64_t instant_us = 0;
    struct failure failure = {0};
    if (!calendar_parse_instant(input, zone_minutes, &instant_us, &failure)) {
        require_good_message(&failure);
        return;
    }
    char printed[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(instant_us, zone_minutes, printed);
    int64_t again = 0;
    if (!text_equals_string(TEXT("beyond the calendar"), printed)) {
        require(calendar_parse_instant(text_of(printed), 0, &again, NULL) && again == instant_us);
    }
}

/* Walks a text by code points and puts it together again. */
static void try_walk(struct text input) {
    size_t offset = 0;
    size_t count = 0;
    while (offset < input.length) {
        size_t size = 0;
        uint32_t point = text_read_code_point(input, offset, &size);
        char written[4];
        require(text_write_code_point(point, written) == size);
        require(memcmp(written, input.bytes + offset, size) == 0);
        offset += size;
        count++;
    }
    require(count == text_count_code_points(input));
    struct text trimmed = text_trim(input);
    require(text_equal(text_trim(trimmed), trimmed));
    (void)quantity_suggest_unit(input);
    for (size_t largest = 0; largest < input.length && largest < 8; largest++) {
        require(text_find_invalid_utf8(text_cut(input, largest)) == -1);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    if (size == 0) {
        return 0;
    }
    struct text input = {(const char *)bytes + 1, size - 1};
    int64_t invalid_at = text_find_invalid_utf8(input);
    if (invalid_at >= 0) { /* parsers are promised valid text; what stands before the mistake is valid */
        require((uint64_t)invalid_at < input.length);
        input.length = (size_t)invalid_at;
        require(text_find_invalid_utf8(input) == -1);
    }
    switch (bytes[0] % 4) {
    case 0:
        try_quantity(input, (enum quantity_dimension)(bytes[0] / 4 % QUANTITY_DIMENSIONS));
        break;
    case 1:
        try_date(input);
        break;
    case 2:
        try_instant(input, (bytes[0] / 4 - 32) * 15);
        break;
    default:
        try_walk(input);
        break;
    }
    return 0;
}
