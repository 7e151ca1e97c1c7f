#include "base/suggestion.h"

#include <stdio.h>

#define CLIP_BYTES 96U /* of a name: three with their quotes and separators fit into SUGGESTION_ROOM */

/* How far a misspelling may be from a name of so many characters. */
static uint32_t find_limit(struct text name) {
    size_t characters = text_count_code_points(name);
    return characters <= 1 ? 0 : characters <= 3 ? 1 : characters <= 8 ? 2 : 3;
}

struct suggestion suggestion_begin(struct text wanted) {
    return (struct suggestion){.wanted = wanted, .limit = find_limit(wanted)};
}

static bool is_kept(const struct suggestion *suggestion, struct text name) {
    for (uint32_t i = 0; i < suggestion->count; i++) {
        if (text_equal(suggestion->names[i], name)) {
            return true;
        }
    }
    return false;
}

void suggestion_consider(struct suggestion *suggestion, struct text name) {
    if (suggestion->limit == 0) {
        return;
    }
    uint32_t distance = text_measure_distance(suggestion->wanted, name, suggestion->limit);
    if (distance == 0 || distance > suggestion->limit) {
        return;
    }
    if (distance < suggestion->limit) {
        suggestion->limit = distance;
        suggestion->count = 0;
    }
    if (suggestion->count < SUGGESTION_NAMES_MAX && !is_kept(suggestion, name)) {
        suggestion->names[suggestion->count++] = name;
    }
}

const char *suggestion_print(const struct suggestion *suggestion, enum suggestion_style style,
                             char room[SUGGESTION_ROOM]) {
    static const struct {
        const char *open, *close, *comma, * or ;
    } styles[] = {
        [SUGGESTION_BARE] = {"", "", ", ", " or "},
        [SUGGESTION_QUOTED] = {"\"", "\"", ", ", " or "},
        [SUGGESTION_CHINESE] = {"“", "”", "、", "或"},
    };
    size_t length = 0;
    room[0] = '\0';
    for (uint32_t i = 0; i < suggestion->count; i++) {
        const char *before = i == 0 ? "" : i + 1 < suggestion->count ? styles[style].comma : styles[style].or ;
        length += (size_t)snprintf(room + length, SUGGESTION_ROOM - length, "%s%s%.*s%s", before, styles[style].open,
                                   TEXT_PRINT(text_cut(suggestion->names[i], CLIP_BYTES)), styles[style].close);
    }
    return room;
}

enum suggestion_style suggestion_style_of(bool is_chinese) {
    return is_chinese ? SUGGESTION_CHINESE : SUGGESTION_QUOTED;
}
