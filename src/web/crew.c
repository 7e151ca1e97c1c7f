/* What waits is numbered in rounds: somebody's first stands in the round that is going on, each further one of his a round
 * later; within a round who came first is first. */
#include "web/crew.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

struct waiting {
    struct mail *mail;
    char person[CREW_NAME_ROOM];
    uint64_t round, number;
};

/* What is urgent, or what is not. */
struct line {
    struct waiting items[CREW_WAITING_MOST]; /* in no order */
    size_t count;
    uint64_t round; /* that is going on */
};

enum { LINE_URGENT, LINE_OTHER, LINES };

struct crew {
    struct crew_rules rules;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct line lines[LINES];
    uint64_t numbers;
    unsigned int busy_with_others; /* threads that do what is not urgent */
    bool is_stopped;
    pthread_t threads[CREW_THREADS_MOST];
    unsigned int thread_count;
};

/* ---- whose turn it is ------------------------------------------------------------------------------------- */

static enum crew_answer add(struct crew *crew, struct line *line, struct mail *mail, struct text person) {
    struct waiting added = {.mail = mail, .round = line->round, .number = ++crew->numbers};
    size_t own = 0;
    (void)snprintf(added.person, sizeof added.person, "%.*s", TEXT_PRINT(person));
    for (size_t i = 0; i < line->count; i++) {
        const struct waiting *other = &line->items[i];
        if (strcmp(other->person, added.person) == 0) {
            own++;
            added.round = other->round >= added.round ? other->round + 1 : added.round;
        }
    }
    if (line->count >= crew->rules.waiting_most || own >= crew->rules.waiting_each) {
        return CREW_FULL;
    }
    line->items[line->count++] = added;
    return CREW_TAKEN;
}

static bool is_before(const struct waiting *one, const struct waiting *other) {
    return one->round != other->round ? one->round < other->round : one->number < other->number;
}

/* Whose turn it is in a line that is not empty. */
static struct mail *take_first(struct line *line) {
    size_t first = 0;
    for (size_t i = 1; i < line->count; i++) {
        first = is_before(&line->items[i], &line->items[first]) ? i : first;
    }
    struct mail *mail = line->items[first].mail;
    line->round = line->items[first].round;
    line->items[first] = line->items[--line->count];
    return mail;
}

/* What a thread does next; NULL: nothing that it may do waits. */
static struct mail *take_next(struct crew *crew, bool *is_other) {
    struct line *urgent = &crew->lines[LINE_URGENT];
    struct line *other = &crew->lines[LINE_OTHER];
    *is_other = false;
    if (urgent->count > 0) {
        return take_first(urgent);
    }
    if (other->count == 0 || crew->busy_with_others >= crew->rules.threads - crew->rules.kept_free) {
        return NULL;
    }
    *is_other = true;
    return take_first(other);
}

/* ---- threads ---------------------------------------------------------------------------------------------- */

/* Linux counts niceness for each thread; where it may not be set the work is done all the same. */
static void stand_back(int niceness) {
    if (niceness != 0) {
        (void)setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), niceness);
    }
}

static void *run(void *context) {
    struct crew *crew = context;
    const struct crew_rules *rules = &crew->rules;
    stand_back(rules->niceness);
    void *tools = rules->begin == NULL ? NULL : rules->begin(rules->context);
    (void)pthread_mutex_lock(&crew->lock);
    for (;;) {
        bool is_other = false;
        struct mail *mail = take_next(crew, &is_other);
        if (mail == NULL && crew->is_stopped) {
            break;
        }
        if (mail == NULL) {
            (void)pthread_cond_wait(&crew->changed, &crew->lock);
            continue;
        }
        crew->busy_with_others += is_other;
        (void)pthread_mutex_unlock(&crew->lock);
        rules->work(rules->context, tools, mail);
        (void)pthread_mutex_lock(&crew->lock);
        crew->busy_with_others -= is_other;
        (void)pthread_cond_broadcast(&crew->changed);
    }
    (void)pthread_mutex_unlock(&crew->lock);
    if (rules->end != NULL) {
        rules->end(tools);
    }
    return NULL;
}

struct crew *crew_start(const struct crew_rules *rules, struct failure *failure) {
    struct crew *crew = calloc(1, sizeof *crew);
    if (crew == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    crew->rules = *rules;
    (void)pthread_mutex_init(&crew->lock, NULL); /* on Linux neither can fail */
    (void)pthread_cond_init(&crew->changed, NULL);
    while (crew->thread_count < rules->threads &&
           pthread_create(&crew->threads[crew->thread_count], NULL, run, crew) == 0) {
        crew->thread_count++;
    }
    if (crew->thread_count < rules->threads) {
        crew_stop(crew);
        (void)failure_say(failure, "the system gives no threads", "系统无法创建线程");
        return NULL;
    }
    return crew;
}

enum crew_answer crew_send(struct crew *crew, struct mail *mail, struct text person, bool is_urgent) {
    (void)pthread_mutex_lock(&crew->lock);
    enum crew_answer answer =
        crew->is_stopped ? CREW_STOPPED : add(crew, &crew->lines[is_urgent ? LINE_URGENT : LINE_OTHER], mail, person);
    (void)pthread_cond_broadcast(&crew->changed);
    (void)pthread_mutex_unlock(&crew->lock);
    return answer;
}

void crew_stop(struct crew *crew) {
    if (crew == NULL) {
        return;
    }
    (void)pthread_mutex_lock(&crew->lock);
    crew->is_stopped = true;
    for (size_t i = 0; i < LINES; i++) {
        while (crew->lines[i].count > 0) {
            crew->rules.drop(crew->rules.context, take_first(&crew->lines[i]));
        }
    }
    (void)pthread_cond_broadcast(&crew->changed);
    (void)pthread_mutex_unlock(&crew->lock);
    for (unsigned int i = 0; i < crew->thread_count; i++) {
        (void)pthread_join(crew->threads[i], NULL);
    }
    (void)pthread_cond_destroy(&crew->changed);
    (void)pthread_mutex_destroy(&crew->lock);
    free(crew);
}
