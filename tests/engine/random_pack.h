/* random_pack — small plan packs made at random, with conditions that the test can judge by itself.
 *
 * The conditions are kept as trees beside their text, so that a test weighs them at a single completion without any of
 * the program's own code: the judge shares nothing with what it judges but the pack's text.
 */
#ifndef PINYUE_TESTS_RANDOM_PACK_H
#define PINYUE_TESTS_RANDOM_PACK_H

#include <stdbool.h>
#include <stdint.h>

#define RANDOM_FACTS_MAX 7
#define RANDOM_NODES_MAX 200
#define RANDOM_RULES_MAX 6
#define RANDOM_TOP 4 /* counts run from 0 to this */

enum random_kind { RANDOM_COUNT, RANDOM_FLAG, RANDOM_CHOICE };
enum random_operation { RANDOM_AND, RANDOM_OR, RANDOM_NOT, RANDOM_COMPARE, RANDOM_IN };

struct random_node {
    enum random_operation operation;
    int left, right; /* AND, OR, NOT: children */
    int facts[3];    /* COMPARE: a sum */
    int fact_count;
    int compare; /* 0 = 1 != 2 < 3 <= 4 > 5 >= */
    int value;
    unsigned set; /* IN */
};

struct random_rule {
    int level; /* 1 … levels */
    int root;
};

struct random_pack {
    enum random_kind kinds[RANDOM_FACTS_MAX];
    int fact_count;
    int levels;
    int given; /* root node or -1 */
    struct random_rule rules[RANDOM_RULES_MAX];
    int rule_count;
    struct random_node nodes[RANDOM_NODES_MAX];
    int node_count;
    char text[32768]; /* the pack */
};

/* How many seeds a test runs: as many as it does normally (a quarter of them with the address sanitizer), or PINYUE_SEEDS
 * of the environment if that is more. */
uint64_t random_count_seeds(uint64_t normally);

/* A number below `bound` from the generator's state (splitmix64). */
uint32_t random_below(uint64_t *state, uint32_t bound);

/* Makes a pack. `mixed`: conditions may pull both ways; else all of them pull upwards. */
void random_pack_make(struct random_pack *pack, uint64_t *state, bool mixed);

/* Whether a node holds at one completion. */
bool random_pack_holds(const struct random_pack *pack, int node, const int values[RANDOM_FACTS_MAX]);

/* The rules that hold at one completion, and the level they give. */
int random_pack_level(const struct random_pack *pack, const int values[RANDOM_FACTS_MAX], uint64_t *rules);

#endif
