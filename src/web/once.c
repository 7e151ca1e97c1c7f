#include "web/once.h"

/* True when it is answered: the same was said before under its key, or something else was. */
static bool answer_again(struct replays *replays, struct exchange *exchange, struct text who, const struct once *once) {
    struct text kept = {0};
    enum replay_found found = replays_find(replays, who, text_of(exchange->request.key), buffer_text(&exchange->body),
                                           exchange_read_boot(), &kept);
    if (found == REPLAY_OTHER) {
        exchange_refuse_used_key(exchange);
    }
    return found == REPLAY_OTHER || (found == REPLAY_SAME && once->again(exchange, kept));
}

void once_answer(struct replays *replays, struct exchange *exchange, struct text sayer, const struct once *once) {
    struct buffer who = {0};
    buffer_print(&who, "%d %.*s", (int)exchange->route.kind, TEXT_PRINT(sayer)); /* each kind of thing apart */
    bool has_key = replays != NULL && exchange->request.key[0] != '\0' && !who.failed;
    if (!has_key || !answer_again(replays, exchange, buffer_text(&who), once)) {
        once->act(exchange);
        if (has_key && exchange->status == MHD_HTTP_CREATED) {
            replays_keep(replays, buffer_text(&who), text_of(exchange->request.key), buffer_text(&exchange->body),
                         exchange_read_boot(), once->keep(exchange));
        }
    }
    buffer_release(&who);
}
