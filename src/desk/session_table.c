#include "desk/session_table.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 1024U

struct entry {
    struct entry *next;
    unsigned char hash[SESSION_HASH_BYTES];
    struct account account;
    bool is_limited;
    char csrf_token[ACCOUNT_TOKEN_ROOM];
    int64_t used_at;
    int64_t written_at; /* the use that accounts.db knows of */
};

struct session_table {
    pthread_mutex_t lock;
    struct entry *buckets[BUCKETS];
    size_t count;
};

struct session_table *session_table_create(void) {
    struct session_table *table = calloc(1, sizeof *table);
    if (table != NULL && pthread_mutex_init(&table->lock, NULL) != 0) {
        free(table);
        return NULL;
    }
    return table;
}

/* Takes out what `place` points to. */
static void take_out(struct session_table *table, struct entry **place) {
    struct entry *entry = *place;
    *place = entry->next;
    table->count--;
    free(entry);
}

void session_table_clear(struct session_table *table) {
    (void)pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < BUCKETS; i++) {
        while (table->buckets[i] != NULL) {
            take_out(table, &table->buckets[i]);
        }
    }
    (void)pthread_mutex_unlock(&table->lock);
}

void session_table_destroy(struct session_table *table) {
    if (table != NULL) {
        session_table_clear(table);
        (void)pthread_mutex_destroy(&table->lock);
        free(table);
    }
}

/* Where the session stands, or would. The hash is random: any bytes of it will do. */
static struct entry **find_place(struct session_table *table, const unsigned char hash[SESSION_HASH_BYTES]) {
    struct entry **place = &table->buckets[(hash[0] | (unsigned int)hash[1] << 8) % BUCKETS];
    while (*place != NULL && memcmp((*place)->hash, hash, SESSION_HASH_BYTES) != 0) {
        place = &(*place)->next;
    }
    return place;
}

bool session_table_find(struct session_table *table, const unsigned char hash[SESSION_HASH_BYTES], int64_t now,
                        bool is_use, struct account_session *session) {
    (void)pthread_mutex_lock(&table->lock);
    struct entry *entry = *find_place(table, hash);
    bool found = entry != NULL && entry->used_at >= now - ACCOUNT_SESSION_US;
    if (found && session != NULL) {
        session->account = entry->account;
        session->is_limited = entry->is_limited;
        memcpy(session->csrf_token, entry->csrf_token, sizeof session->csrf_token);
    }
    if (found && is_use && entry->used_at < now) {
        entry->used_at = now;
    }
    (void)pthread_mutex_unlock(&table->lock);
    return found;
}

void session_table_add(struct session_table *table, const unsigned char hash[SESSION_HASH_BYTES],
                       const struct account_session *session, int64_t used_at) {
    (void)pthread_mutex_lock(&table->lock);
    struct entry **place = find_place(table, hash);
    if (*place == NULL && table->count < SESSION_TABLE_MOST) {
        struct entry *entry = calloc(1, sizeof *entry);
        if (entry != NULL) {
            memcpy(entry->hash, hash, SESSION_HASH_BYTES);
            entry->account = session->account;
            entry->is_limited = session->is_limited;
            memcpy(entry->csrf_token, session->csrf_token, sizeof entry->csrf_token);
            entry->used_at = used_at;
            entry->written_at = used_at;
            *place = entry;
            table->count++;
        }
    } else if (*place != NULL && (*place)->used_at < used_at) {
        (*place)->used_at = used_at;
        (*place)->written_at = used_at;
    }
    (void)pthread_mutex_unlock(&table->lock);
}

bool session_table_has_room(struct session_table *table) {
    (void)pthread_mutex_lock(&table->lock);
    bool has_room = table->count < SESSION_TABLE_MOST;
    (void)pthread_mutex_unlock(&table->lock);
    return has_room;
}

void session_table_drop(struct session_table *table, const unsigned char hash[SESSION_HASH_BYTES]) {
    (void)pthread_mutex_lock(&table->lock);
    struct entry **place = find_place(table, hash);
    if (*place != NULL) {
        take_out(table, place);
    }
    (void)pthread_mutex_unlock(&table->lock);
}

void session_table_drop_account(struct session_table *table, struct text name) {
    (void)pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < BUCKETS; i++) {
        struct entry **place = &table->buckets[i];
        while (*place != NULL) {
            if (text_equals_string(name, (*place)->account.name)) {
                take_out(table, place);
            } else {
                place = &(*place)->next;
            }
        }
    }
    (void)pthread_mutex_unlock(&table->lock);
}

void session_table_write_uses(struct session_table *table, int64_t age, session_table_write *write, void *context) {
    (void)pthread_mutex_lock(&table->lock);
    for (size_t i = 0; i < BUCKETS; i++) {
        for (struct entry *entry = table->buckets[i]; entry != NULL; entry = entry->next) {
            if (entry->used_at > entry->written_at && entry->used_at - entry->written_at >= age) {
                write(context, entry->hash, entry->used_at);
                entry->written_at = entry->used_at;
            }
        }
    }
    (void)pthread_mutex_unlock(&table->lock);
}
