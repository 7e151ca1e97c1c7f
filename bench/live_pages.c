/* live_pages — how long after a write every one of many live pages has it.
 *
 * usage: live_pages PORT PID PAGES DEAF POSTS     (COOKIE and CSRF in the environment: a session at the desk)
 *
 * Opens PAGES live streams (GET /api/v1/events) over TLS on this machine, each of which reads, and DEAF more that ask
 * for the log from its beginning and then read nothing. When all have been answered, posts POSTS calls one after the
 * other on a connection of its own, each when the one before has arrived at all pages that read. Prints, in ms, the middle
 * (p50), the 99th of a hundred (p99) and the worst of the time until the LAST page has it, from the arrival of the 201 at
 * who posted and from the sending of the request: the commit lies between the two. And by what the server, process PID,
 * has grown for each page. The client's own decryption is in all of it: it shares the machine. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define POSTS_MOST 2000
#define PAGES_MOST 5000
#define MARK_ROOM 32
#define MARK_LENGTH 17 /* bench-post-NNNNNN */
#define READ_BYTES 16384
#define DEAF_BUFFER 4096
#define PATIENCE_SECONDS 30.0
#define PAUSE_NS 20000000

struct page {
    SSL *ssl;
    int seen;             /* posts that have arrived */
    char tail[MARK_ROOM]; /* the end of what was read last, where a mark may have begun */
    size_t tail_length;
};

struct run {
    SSL_CTX *context;
    struct sockaddr_in address;
    const char *cookie, *csrf;
    int pages, deaf, posts;
    struct page *page;
    SSL *poster;
    double sent_at[POSTS_MOST], answered_at[POSTS_MOST], last_at[POSTS_MOST];
    int arrived[POSTS_MOST];
    atomic_int complete; /* posts that all pages have */
    atomic_bool has_failed;
};

static double read_clock(void) {
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* ---- connections ------------------------------------------------------------------------------------------ */

static SSL *open_connection(const struct run *run, int receive_bytes) {
    int socket_number = socket(AF_INET, SOCK_STREAM, 0);
    int one = 1;
    SSL *ssl = SSL_new(run->context);
    if (socket_number < 0 || ssl == NULL) {
        return NULL;
    }
    if (receive_bytes > 0) {
        (void)setsockopt(socket_number, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof receive_bytes);
    }
    (void)setsockopt(socket_number, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(socket_number, (const struct sockaddr *)&run->address, sizeof run->address) != 0 ||
        SSL_set_fd(ssl, socket_number) != 1 || SSL_connect(ssl) != 1) {
        return NULL;
    }
    return ssl;
}

static bool ask_for_events(const struct run *run, SSL *ssl, bool from_the_beginning) {
    char request[1024];
    int length =
        snprintf(request, sizeof request, "GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\n%s\r\n",
                 run->cookie, from_the_beginning ? "Last-Event-ID: 0\r\n" : "");
    return length > 0 && (size_t)length < sizeof request && SSL_write(ssl, request, length) == length;
}

/* The server has said that the stream is open: its first event, the time. */
static bool wait_for_beat(SSL *ssl) {
    char answer[READ_BYTES + 1];
    size_t length = 0;
    while (length < READ_BYTES) {
        int got = SSL_read(ssl, answer + length, (int)(READ_BYTES - length));
        if (got <= 0) {
            return false;
        }
        length += (size_t)got;
        answer[length] = '\0';
        if (strstr(answer, "event: time") != NULL && strncmp(answer, "HTTP/1.1 200", 12) == 0) {
            return true;
        }
    }
    return false;
}

static bool open_pages(struct run *run) {
    for (int i = 0; i < run->pages; i++) {
        run->page[i].ssl = open_connection(run, 0);
        if (run->page[i].ssl == NULL || !ask_for_events(run, run->page[i].ssl, false) ||
            !wait_for_beat(run->page[i].ssl)) {
            (void)fprintf(stderr, "live_pages: page %d was not opened\n", i);
            return false;
        }
        int number = SSL_get_fd(run->page[i].ssl);
        (void)fcntl(number, F_SETFL, fcntl(number, F_GETFL) | O_NONBLOCK);
    }
    return true;
}

static bool open_deaf(const struct run *run) {
    for (int i = 0; i < run->deaf; i++) {
        SSL *ssl = open_connection(run, DEAF_BUFFER);
        if (ssl == NULL || !ask_for_events(run, ssl, true)) {
            (void)fprintf(stderr, "live_pages: deaf page %d was not opened\n", i);
            return false;
        }
    }
    return true;
}

/* Pages of memory that a process has, in KiB. */
static long read_memory(int process) {
    char path[64];
    long all = 0;
    long resident = 0;
    (void)snprintf(path, sizeof path, "/proc/%d/statm", process);
    FILE *file = fopen(path, "r");
    if (file == NULL || fscanf(file, "%ld %ld", &all, &resident) != 2) { /* NOLINT(cert-err34-c) the kernel's own */
        resident = 0;
    }
    if (file != NULL) {
        (void)fclose(file);
    }
    return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

/* ---- posting ---------------------------------------------------------------------------------------------- */

/* Sends a post and reads its whole answer (which is short). */
static bool post(struct run *run, int number) {
    char body[256];
    char request[2048];
    char answer[READ_BYTES + 1];
    int body_length = snprintf(body, sizeof body,
                               "{\"text\":\"bench-post-%06d 有人报火，火势不明\",\"place\":\"歌乐山\","
                               "\"caller\":\"王某\",\"phone\":\"13800000000\"}",
                               number);
    int length =
        snprintf(request, sizeof request,
                 "POST /api/v1/calls HTTP/1.1\r\nHost: localhost\r\nCookie: %s\r\nX-CSRF-Token: %s\r\n"
                 "Idempotency-Key: live-%ld-%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s",
                 run->cookie, run->csrf, (long)getpid(), number, body_length, body);
    run->sent_at[number] = read_clock();
    if (SSL_write(run->poster, request, length) != length) {
        return false;
    }
    int got = SSL_read(run->poster, answer, READ_BYTES);
    run->answered_at[number] = read_clock();
    answer[got > 0 ? got : 0] = '\0';
    while (got > 0 && strchr(answer, '}') == NULL) {
        got = SSL_read(run->poster, answer, READ_BYTES);
        answer[got > 0 ? got : 0] = '\0';
    }
    return got > 0;
}

static void *post_all(void *context) {
    struct run *run = context;
    const struct timespec pause = {0, PAUSE_NS};
    for (int i = 0; i < run->posts && !atomic_load(&run->has_failed); i++) {
        if (!post(run, i)) {
            (void)fprintf(stderr, "live_pages: post %d was not answered\n", i);
            atomic_store(&run->has_failed, true);
        }
        double start = read_clock();
        while (atomic_load(&run->complete) <= i && !atomic_load(&run->has_failed)) {
            (void)nanosleep(&(struct timespec){0, 1000000}, NULL);
            if (read_clock() - start > PATIENCE_SECONDS) {
                (void)fprintf(stderr, "live_pages: post %d has not reached all pages\n", i);
                atomic_store(&run->has_failed, true);
            }
        }
        (void)nanosleep(&pause, NULL);
    }
    return NULL;
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

static void note_arrivals(struct run *run, struct page *page, const char *text, double now) {
    char mark[MARK_ROOM];
    (void)snprintf(mark, sizeof mark, "bench-post-%06d", page->seen);
    while (page->seen < run->posts && strstr(text, mark) != NULL) {
        int number = page->seen++;
        if (++run->arrived[number] == run->pages) {
            run->last_at[number] = now;
            atomic_store(&run->complete, number + 1);
        }
        (void)snprintf(mark, sizeof mark, "bench-post-%06d", page->seen);
    }
}

static bool read_page(struct run *run, struct page *page) {
    char text[MARK_ROOM + READ_BYTES + 1];
    int got = 0;
    do {
        memcpy(text, page->tail, page->tail_length);
        got = SSL_read(page->ssl, text + page->tail_length, READ_BYTES);
        if (got > 0) {
            size_t length = page->tail_length + (size_t)got;
            text[length] = '\0';
            note_arrivals(run, page, text, read_clock());
            page->tail_length = length < MARK_LENGTH - 1 ? length : MARK_LENGTH - 1;
            memcpy(page->tail, text + length - page->tail_length, page->tail_length);
        }
    } while (got > 0 && SSL_pending(page->ssl) > 0);
    return got > 0 || SSL_get_error(page->ssl, got) == SSL_ERROR_WANT_READ;
}

static bool read_all(struct run *run) {
    struct epoll_event events[256];
    int loop = epoll_create1(0);
    for (int i = 0; i < run->pages; i++) {
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = &run->page[i]};
        if (epoll_ctl(loop, EPOLL_CTL_ADD, SSL_get_fd(run->page[i].ssl), &event) != 0) {
            return false;
        }
    }
    while (atomic_load(&run->complete) < run->posts && !atomic_load(&run->has_failed)) {
        int count = epoll_wait(loop, events, (int)(sizeof events / sizeof *events), 100);
        for (int i = 0; i < count; i++) {
            if (!read_page(run, events[i].data.ptr)) {
                (void)fprintf(stderr, "live_pages: a page was cut off\n");
                atomic_store(&run->has_failed, true);
            }
        }
    }
    (void)close(loop);
    return !atomic_load(&run->has_failed);
}

/* ---- figures ---------------------------------------------------------------------------------------------- */

static int compare(const void *left, const void *right) {
    float one = *(const float *)left;
    float two = *(const float *)right;
    return (one > two) - (one < two);
}

static void print_figures(const char *name, float *seconds, size_t count) {
    qsort(seconds, count, sizeof *seconds, compare);
    (void)printf("%-44s p50 %6.1f  p99 %6.1f  worst %6.1f ms\n", name, (double)seconds[count / 2] * 1e3,
                 (double)seconds[count * 99 / 100] * 1e3, (double)seconds[count - 1] * 1e3);
}

/* The first tenth apart: meanwhile those that do not read are still being sent the log, until their buffers are full. */
static void print_posts(const struct run *run, const char *which, int from, int to) {
    float from_answer[POSTS_MOST];
    float from_sending[POSTS_MOST];
    char name[64];
    for (int i = from; i < to; i++) {
        from_answer[i - from] = (float)(run->last_at[i] - run->answered_at[i]);
        from_sending[i - from] = (float)(run->last_at[i] - run->sent_at[i]);
    }
    (void)snprintf(name, sizeof name, "%s, last page, from the answer", which);
    print_figures(name, from_answer, (size_t)(to - from));
    (void)snprintf(name, sizeof name, "%s, last page, from the sending", which);
    print_figures(name, from_sending, (size_t)(to - from));
}

static void print_run(struct run *run, long memory_before, long memory_after) {
    int first = run->deaf > 0 ? run->posts / 10 : 0;
    (void)printf("%d pages that read, %d that do not, %d posts\n", run->pages, run->deaf, run->posts);
    if (first > 0) {
        print_posts(run, "first tenth", 0, first);
    }
    print_posts(run, first > 0 ? "the others" : "all posts", first, run->posts);
    (void)printf("memory of the server: %.1f KiB a page\n",
                 (double)(memory_after - memory_before) / (double)(run->pages + run->deaf));
}

static bool play(struct run *run, int process) {
    pthread_t thread;
    long before = read_memory(process);
    run->poster = open_connection(run, 0);
    if (run->poster == NULL || !open_pages(run)) {
        return false;
    }
    long after = read_memory(process);
    if (!open_deaf(run) || pthread_create(&thread, NULL, post_all, run) != 0) {
        return false;
    }
    bool is_done = read_all(run);
    (void)pthread_join(thread, NULL);
    if (is_done) {
        print_run(run, before, run->deaf > 0 ? read_memory(process) : after);
    }
    return is_done;
}

/* Bounded, lest a slip of the keyboard take the machine. */
static int read_number(const char *text, int most) {
    long number = strtol(text, NULL, 10);
    return number < 0 || number > most ? -1 : (int)number;
}

static bool set_up(struct run *run, char **arguments) {
    int port = read_number(arguments[1], 65535);
    struct rlimit limit;
    run->pages = read_number(arguments[3], PAGES_MOST);
    run->deaf = read_number(arguments[4], PAGES_MOST);
    run->posts = read_number(arguments[5], POSTS_MOST);
    run->cookie = getenv("COOKIE"); /* NOLINT(concurrency-mt-unsafe) one thread yet */
    run->csrf = getenv("CSRF");     /* NOLINT(concurrency-mt-unsafe) */
    if (port < 1 || run->pages < 1 || run->deaf < 0 || run->posts < 1 || run->cookie == NULL || run->csrf == NULL) {
        return false;
    }
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    run->address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    run->address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    run->context = SSL_CTX_new(TLS_client_method());
    run->page = calloc((size_t)run->pages, sizeof *run->page);
    return run->context != NULL && run->page != NULL;
}

int main(int argc, char **argv) {
    static struct run run;
    if (argc != 6 || !set_up(&run, argv)) {
        (void)fprintf(stderr, "usage: live_pages PORT PID PAGES DEAF POSTS   (COOKIE and CSRF in the environment)\n");
        return 2;
    }
    bool is_done = play(&run, read_number(argv[2], 1 << 30));
    for (int i = 0; i < run.pages; i++) {
        SSL_free(run.page[i].ssl);
    }
    SSL_free(run.poster);
    SSL_CTX_free(run.context);
    free(run.page);
    return is_done ? 0 : 1;
}
