#include "web/replay.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include <stdlib.h>
#include <string.h>

#define HASH_BYTES 32U

struct replay {
    unsigned char identity[HASH_BYTES], mark[HASH_BYTES]; /* of who and key; of who and what was said */
    int64_t kept_at;
    char *answer; /* NULL: nothing is kept here */
    size_t length;
};

struct replays {
    unsigned char secret[HASH_BYTES];
    struct replay items[REPLAY_ROOM];
    size_t next; /* the one that is replaced next */
};

struct replays *replays_create(void) {
    struct replays *replays = calloc(1, sizeof *replays);
    if (replays != NULL && RAND_bytes(replays->secret, sizeof replays->secret) != 1) {
        free(replays);
        return NULL;
    }
    return replays;
}

static void let_go(struct replay *replay) {
    if (replay->answer != NULL) {
        OPENSSL_cleanse(replay->answer, replay->length);
        free(replay->answer);
    }
    *replay = (struct replay){0};
}

void replays_destroy(struct replays *replays) {
    if (replays != NULL) {
        for (size_t i = 0; i < REPLAY_ROOM; i++) {
            let_go(&replays->items[i]);
        }
        OPENSSL_cleanse(replays->secret, sizeof replays->secret);
        free(replays);
    }
}

/* False when memory is exhausted. */
static bool hash_both(const struct replays *replays, struct text one, struct text other,
                      unsigned char out[HASH_BYTES]) {
    static const char between = '\0';
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    bool done = context != NULL && EVP_DigestInit_ex(context, EVP_sha256(), NULL) == 1 &&
                EVP_DigestUpdate(context, replays->secret, sizeof replays->secret) == 1 &&
                EVP_DigestUpdate(context, one.bytes, one.length) == 1 && EVP_DigestUpdate(context, &between, 1) == 1 &&
                EVP_DigestUpdate(context, other.bytes, other.length) == 1 &&
                EVP_DigestFinal_ex(context, out, NULL) == 1;
    EVP_MD_CTX_free(context);
    return done;
}

/* NULL where there is none; what is too old is let go on the way. */
static struct replay *find(struct replays *replays, const unsigned char identity[HASH_BYTES], int64_t now) {
    struct replay *found = NULL;
    for (size_t i = 0; i < REPLAY_ROOM; i++) {
        struct replay *item = &replays->items[i];
        if (item->answer != NULL && (now < item->kept_at || now - item->kept_at > REPLAY_US)) {
            let_go(item);
        }
        if (item->answer != NULL && CRYPTO_memcmp(item->identity, identity, HASH_BYTES) == 0) {
            found = item;
        }
    }
    return found;
}

enum replay_found replays_find(struct replays *replays, struct text who, struct text key, struct text said, int64_t now,
                               struct text *answer) {
    unsigned char identity[HASH_BYTES];
    unsigned char mark[HASH_BYTES];
    if (!hash_both(replays, who, key, identity) || !hash_both(replays, who, said, mark)) {
        return REPLAY_NONE;
    }
    const struct replay *found = find(replays, identity, now);
    if (found == NULL) {
        return REPLAY_NONE;
    }
    *answer = (struct text){found->answer, found->length};
    return CRYPTO_memcmp(found->mark, mark, HASH_BYTES) == 0 ? REPLAY_SAME : REPLAY_OTHER;
}

void replays_keep(struct replays *replays, struct text who, struct text key, struct text said, int64_t now,
                  struct text answer) {
    struct replay new = {.kept_at = now, .length = answer.length, .answer = malloc(answer.length + 1)};
    if (new.answer == NULL || !hash_both(replays, who, key, new.identity) || !hash_both(replays, who, said, new.mark)) {
        free(new.answer);
        return;
    }
    if (answer.length > 0) {
        memcpy(new.answer, answer.bytes, answer.length);
    }
    struct replay *place = find(replays, new.identity, now);
    if (place == NULL) {
        place = &replays->items[replays->next];
        replays->next = (replays->next + 1) % REPLAY_ROOM;
    }
    let_go(place);
    *place = new;
}
