#include "web/stream.h"

#include "base/buffer.h"
#include "base/calendar.h"
#include "desk/desk.h"
#include "desk/personal.h"
#include "store/store.h"

#include <inttypes.h>
#include <jansson.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define KEPT 4096          /* latest events in memory */
#define CATCH_UP_EVENTS 64 /* that are read from the log at once */
#define BLOCK_BYTES 8192

struct page {
    struct stream *stream;
    struct MHD_Connection *connection;
    struct page *next, *previous;
    char token[ACCOUNT_TOKEN_ROOM];
    char account[ACCOUNT_NAME_ROOM];
    int64_t next_sequence; /* to be sent */
    bool sees_all;
    bool wants_beat;
    bool wants_look;     /* to be asked for: whether its session goes on */
    bool is_asleep;      /* the connection is suspended */
    struct buffer ready; /* what is being sent, from `sent` on */
    size_t sent;
};

struct stream {
    pthread_mutex_t lock; /* guards all below but the reader */
    char *kept[KEPT];     /* of event n at n % KEPT */
    char *hidden[KEPT];   /* the same without what is personal; NULL where nothing is */
    int64_t first, last;  /* numbers of those that are kept; first > last: none */
    struct page *pages;
    size_t page_count;
    bool has_ended;
    const char *clock_state;
    int64_t clock_offset; /* what the writer's time is ahead of the wall clock */
    stream_tell *tell;    /* NULL: the wall clock */
    void *tell_context;
    stream_sees *sees; /* NULL: what a page's session was when it was opened */
    void *sees_context;
    struct account_book *accounts;
    pthread_mutex_t reader_lock;
    struct store *reader;
};

struct stream *stream_create(const char *directory, int64_t last_sequence, struct account_book *accounts,
                             struct failure *failure) {
    struct stream *stream = calloc(1, sizeof *stream);
    if (stream == NULL || pthread_mutex_init(&stream->lock, NULL) != 0 ||
        pthread_mutex_init(&stream->reader_lock, NULL) != 0) {
        free(stream);
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    const struct store_options options = {.read_only = true};
    stream->reader = store_open(directory, &options, failure);
    stream->accounts = accounts;
    stream->clock_state = "good";
    stream->first = last_sequence + 1;
    stream->last = last_sequence;
    if (stream->reader == NULL) {
        stream_destroy(stream);
        return NULL;
    }
    return stream;
}

void stream_keep_time(struct stream *stream, stream_tell *tell, void *context) {
    stream->tell = tell;
    stream->tell_context = context;
}

void stream_ask_sight(struct stream *stream, stream_sees *sees, void *context) {
    stream->sees = sees;
    stream->sees_context = context;
}

void stream_destroy(struct stream *stream) {
    if (stream == NULL) {
        return;
    }
    for (size_t i = 0; i < KEPT; i++) {
        free(stream->kept[i]);
        free(stream->hidden[i]);
    }
    store_close(stream->reader);
    (void)pthread_mutex_destroy(&stream->reader_lock);
    (void)pthread_mutex_destroy(&stream->lock);
    free(stream);
}

void stream_publish(struct stream *stream, int64_t sequence, const char *json, const char *hidden) {
    char *copy = strdup(json);
    char *other = hidden == NULL ? NULL : strdup(hidden);
    if (hidden != NULL && other == NULL) { /* without it the whole would be told to everybody */
        free(copy);
        copy = NULL;
    }
    (void)pthread_mutex_lock(&stream->lock);
    free(stream->kept[sequence % KEPT]);
    free(stream->hidden[sequence % KEPT]);
    stream->kept[sequence % KEPT] = copy; /* NULL when memory ran out: then it is read from the log */
    stream->hidden[sequence % KEPT] = other;
    stream->last = sequence;
    if (stream->last - stream->first >= KEPT) {
        stream->first = stream->last - KEPT + 1;
    }
    if (copy == NULL) {
        stream->first = stream->last + 1;
    }
    (void)pthread_mutex_unlock(&stream->lock);
}

/* The caller has the lock. */
static void rouse(struct page *page) {
    if (page->is_asleep) {
        page->is_asleep = false;
        MHD_resume_connection(page->connection);
    }
}

void stream_wake(struct stream *stream) {
    (void)pthread_mutex_lock(&stream->lock);
    for (struct page *page = stream->pages; page != NULL; page = page->next) {
        if (page->next_sequence <= stream->last) {
            rouse(page);
        }
    }
    (void)pthread_mutex_unlock(&stream->lock);
}

void stream_beat(struct stream *stream, const char *state, int64_t offset) {
    (void)pthread_mutex_lock(&stream->lock);
    stream->clock_state = state;
    stream->clock_offset = offset;
    for (struct page *page = stream->pages; page != NULL; page = page->next) {
        page->wants_beat = true;
        page->wants_look = true;
        rouse(page);
    }
    (void)pthread_mutex_unlock(&stream->lock);
}

void stream_look(struct stream *stream) {
    (void)pthread_mutex_lock(&stream->lock);
    for (struct page *page = stream->pages; page != NULL; page = page->next) {
        page->wants_look = true;
        rouse(page);
    }
    (void)pthread_mutex_unlock(&stream->lock);
}

void stream_end(struct stream *stream) {
    (void)pthread_mutex_lock(&stream->lock);
    stream->has_ended = true;
    for (struct page *page = stream->pages; page != NULL; page = page->next) {
        rouse(page);
    }
    (void)pthread_mutex_unlock(&stream->lock);
}

void stream_close_log(struct stream *stream) {
    (void)pthread_mutex_lock(&stream->reader_lock);
    store_close(stream->reader);
    stream->reader = NULL;
    (void)pthread_mutex_unlock(&stream->reader_lock);
}

size_t stream_count_pages(struct stream *stream) {
    (void)pthread_mutex_lock(&stream->lock);
    size_t count = stream->page_count;
    (void)pthread_mutex_unlock(&stream->lock);
    return count;
}

/* ---- one page --------------------------------------------------------------------------------------------- */

static int64_t read_wall(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * CALENDAR_US_PER_SECOND + now.tv_nsec / 1000;
}

static void write_time(const struct stream *stream, struct buffer *out) {
    char shown[CALENDAR_INSTANT_ROOM];
    int speed = 1;
    if (stream->tell != NULL) {
        calendar_print_instant(stream->tell(stream->tell_context, &speed), 0, shown);
        buffer_print(out, "event: time\ndata: {\"server_time\":\"%s\",\"clock\":\"%s\",\"speed\":%d}\n\n", shown,
                     stream->clock_state, speed);
        return;
    }
    calendar_print_instant(read_wall() + stream->clock_offset, 0, shown);
    buffer_print(out, "event: time\ndata: {\"server_time\":\"%s\",\"clock\":\"%s\"}\n\n", shown, stream->clock_state);
}

static void write_event(struct buffer *out, int64_t sequence, const char *json) {
    buffer_print(out, "id: %" PRId64 "\ndata: %s\n\n", sequence, json);
}

/* Reads what a page has missed from the log. */
struct catching_up {
    struct page *page;
    int64_t last;
    int count;
};

static bool take_missed(void *context, const struct store_record *record) {
    struct catching_up *catching_up = context;
    if (record->sequence > catching_up->last || catching_up->count++ == CATCH_UP_EVENTS) {
        return false;
    }
    json_t *event = desk_describe_record(record);
    if (event != NULL && !catching_up->page->sees_all) {
        (void)personal_hide_event(event);
    }
    char *text = event == NULL ? NULL : json_dumps(event, JSON_COMPACT);
    json_decref(event);
    if (text == NULL) {
        return false;
    }
    write_event(&catching_up->page->ready, record->sequence, text);
    catching_up->page->next_sequence = record->sequence + 1;
    free(text);
    return true;
}

/* False when the log cannot be read: then the stream ends, and the page comes back where it was. */
static bool catch_up(struct page *page, int64_t last) {
    struct catching_up catching_up = {page, last, 0};
    int64_t before = page->next_sequence;
    (void)pthread_mutex_lock(&page->stream->reader_lock);
    bool done = page->stream->reader != NULL &&
                store_read(page->stream->reader, page->next_sequence, false, take_missed, &catching_up, NULL);
    (void)pthread_mutex_unlock(&page->stream->reader_lock);
    return done && page->next_sequence > before;
}

/* Fills in what is to be sent next; the caller has the lock. */
static void fill_from_memory(struct page *page) {
    const struct stream *stream = page->stream;
    if (page->wants_beat) {
        page->wants_beat = false;
        write_time(stream, &page->ready);
    }
    while (page->next_sequence >= stream->first && page->next_sequence <= stream->last &&
           page->ready.length < BLOCK_BYTES) {
        size_t place = (size_t)(page->next_sequence % KEPT);
        bool is_hidden = !page->sees_all && stream->hidden[place] != NULL;
        write_event(&page->ready, page->next_sequence, is_hidden ? stream->hidden[place] : stream->kept[place]);
        page->next_sequence++;
    }
}

/* With each beat it is asked whether whoever sees the page still may, and what: an account can be closed or changed. */
static bool is_still_signed_in(struct page *page) {
    struct account_session session = {0};
    (void)pthread_mutex_lock(&page->stream->lock);
    bool is_to_ask = page->wants_look;
    page->wants_look = false;
    (void)pthread_mutex_unlock(&page->stream->lock);
    if (!is_to_ask) {
        return true;
    }
    bool is_there = account_book_look_session(page->stream->accounts, text_of(page->token), read_wall(), &session);
    page->sees_all = is_there && personal_sees_all(&session.account);
    return is_there && !session.is_limited;
}

/* Fills page->ready, or puts the page to sleep when there is nothing. False when the stream ends. */
static bool prepare(struct page *page) {
    struct stream *stream = page->stream;
    buffer_clear(&page->ready);
    page->sent = 0;
    if (!is_still_signed_in(page)) {
        return false;
    }
    (void)pthread_mutex_lock(&stream->lock);
    page->sees_all = stream->sees != NULL ? stream->sees(stream->sees_context, page->account) : page->sees_all;
    fill_from_memory(page);
    int64_t last = stream->last;
    bool is_behind = page->next_sequence <= last && page->ready.length == 0;
    bool goes_on = !stream->has_ended;
    if (goes_on && page->ready.length == 0 && !is_behind) {
        page->is_asleep = true;
        MHD_suspend_connection(page->connection);
    }
    (void)pthread_mutex_unlock(&stream->lock);
    return goes_on && (!is_behind || catch_up(page, last)) && !page->ready.failed;
}

/* An MHD_ContentReaderCallback. */
static ssize_t read_page(void *context, uint64_t position, char *out, size_t room) {
    struct page *page = context;
    (void)position;
    if (page->sent == page->ready.length && !prepare(page)) {
        return MHD_CONTENT_READER_END_OF_STREAM;
    }
    size_t left = page->ready.length - page->sent;
    size_t length = left < room ? left : room;
    if (length > 0) {
        memcpy(out, page->ready.bytes + page->sent, length);
        page->sent += length;
    }
    return (ssize_t)length;
}

/* An MHD_ContentReaderFreeCallback: the page has left. */
static void free_page(void *context) {
    struct page *page = context;
    struct stream *stream = page->stream;
    (void)pthread_mutex_lock(&stream->lock);
    if (page->previous == NULL) {
        stream->pages = page->next;
    } else {
        page->previous->next = page->next;
    }
    if (page->next != NULL) {
        page->next->previous = page->previous;
    }
    stream->page_count--;
    (void)pthread_mutex_unlock(&stream->lock);
    buffer_release(&page->ready);
    free(page);
}

static void join(struct stream *stream, struct page *page) {
    page->next = stream->pages;
    if (page->next != NULL) {
        page->next->previous = page;
    }
    stream->pages = page;
    stream->page_count++;
}

struct MHD_Response *stream_open_page(struct stream *stream, struct MHD_Connection *connection,
                                      const struct account_session *session, int64_t after) {
    struct page *page = calloc(1, sizeof *page);
    if (page == NULL) {
        return NULL;
    }
    page->stream = stream;
    page->connection = connection;
    memcpy(page->token, session->token, sizeof page->token);
    memcpy(page->account, session->account.name, sizeof page->account);
    page->wants_beat = true;
    page->wants_look = true;
    page->sees_all = personal_sees_all(&session->account);
    (void)pthread_mutex_lock(&stream->lock);
    bool is_open = !stream->has_ended;
    /* A number from the future is of another log: such a page begins anew. */
    page->next_sequence = after < 0 || after > stream->last ? stream->last + 1 : after + 1;
    if (is_open) {
        join(stream, page);
    }
    (void)pthread_mutex_unlock(&stream->lock);
    if (!is_open) {
        free(page);
        return NULL;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_page, page, free_page);
    if (response == NULL) {
        free_page(page);
    }
    return response;
}
