#include "web/views.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define ROOM 512U
#define BYTES_MOST ((size_t)64 << 20)

struct entry {
    struct views_key key;
    char *plan; /* what key.plan points to */
    struct views_text *text;
    int64_t made_at; /* by the time since boot */
};

struct views {
    pthread_mutex_t lock;
    struct entry entries[ROOM];
    size_t count, bytes;
};

struct views *views_create(void) {
    struct views *views = calloc(1, sizeof *views);
    if (views != NULL && pthread_mutex_init(&views->lock, NULL) != 0) {
        free(views);
        return NULL;
    }
    return views;
}

void views_give_back(struct views_text *text) {
    if (text != NULL && atomic_fetch_sub(&text->holders, 1) == 1) {
        free(text);
    }
}

/* The last entry takes the place of the one that goes. */
static void drop(struct views *views, size_t at) {
    struct entry *entry = &views->entries[at];
    views->bytes -= entry->text->length;
    views_give_back(entry->text);
    free(entry->plan);
    views->count--;
    *entry = views->entries[views->count];
}

void views_destroy(struct views *views) {
    if (views != NULL) {
        while (views->count > 0) {
            drop(views, views->count - 1);
        }
        (void)pthread_mutex_destroy(&views->lock);
        free(views);
    }
}

/* ROOM when there is none. */
static size_t find(const struct views *views, const struct views_key *key) {
    for (size_t i = 0; i < views->count; i++) {
        const struct views_key *other = &views->entries[i].key;
        if (other->action == key->action && other->is_hidden == key->is_hidden && other->incident == key->incident &&
            text_equal(other->plan, key->plan)) {
            return i;
        }
    }
    return ROOM;
}

struct views_text *views_take(struct views *views, const struct views_key *key, int64_t boot) {
    struct views_text *text = NULL;
    (void)pthread_mutex_lock(&views->lock);
    size_t at = find(views, key);
    if (at < ROOM && boot - views->entries[at].made_at <= VIEWS_AGE_US) {
        text = views->entries[at].text;
        (void)atomic_fetch_add(&text->holders, 1);
    }
    (void)pthread_mutex_unlock(&views->lock);
    return text;
}

static struct views_text *make_text(const char *etag, struct text text) {
    struct views_text *made = malloc(sizeof *made + text.length + 1);
    if (made == NULL) {
        return NULL;
    }
    atomic_init(&made->holders, 1);
    memcpy(made->etag, etag, sizeof made->etag);
    made->length = text.length;
    memcpy(made->bytes, text.bytes, text.length);
    made->bytes[text.length] = '\0';
    return made;
}

static void make_room(struct views *views, size_t length) {
    while (views->count == ROOM || (views->count > 0 && views->bytes + length > BYTES_MOST)) {
        drop(views, 0);
    }
}

void views_keep(struct views *views, const struct views_key *key, const char *etag, struct text text, int64_t boot) {
    struct entry entry = {.key = *key, .text = make_text(etag, text), .made_at = boot};
    entry.plan = strndup(key->plan.length == 0 ? "" : key->plan.bytes, key->plan.length);
    if (entry.text == NULL || entry.plan == NULL || text.length > BYTES_MOST) {
        free(entry.text);
        free(entry.plan);
        return;
    }
    entry.key.plan.bytes = entry.plan;
    (void)pthread_mutex_lock(&views->lock);
    size_t at = find(views, key);
    if (at < ROOM) {
        drop(views, at);
    }
    make_room(views, text.length);
    views->entries[views->count++] = entry;
    views->bytes += text.length;
    (void)pthread_mutex_unlock(&views->lock);
}

void views_refresh(struct views *views, views_find_etag *find_etag, void *context) {
    char etag[DESK_ETAG_ROOM];
    (void)pthread_mutex_lock(&views->lock);
    for (size_t i = views->count; i > 0; i--) {
        find_etag(context, &views->entries[i - 1].key, etag);
        if (strcmp(etag, views->entries[i - 1].text->etag) != 0) {
            drop(views, i - 1);
        }
    }
    (void)pthread_mutex_unlock(&views->lock);
}
