#include "random_pack.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

uint64_t random_count_seeds(uint64_t normally) {
    const char *asked = getenv("PINYUE_SEEDS"); /* NOLINT(concurrency-mt-unsafe) one thread */
    uint64_t count = asked == NULL ? 0 : strtoull(asked, NULL, 10);
#ifdef __SANITIZE_ADDRESS__
    normally = (normally + 3) / 4; /* the normal build has judged them all; these look for bad memory */
#endif
    return count > normally ? count : normally;
}

uint32_t random_below(uint64_t *state, uint32_t bound) {
    uint64_t mixed = (*state += UINT64_C(0x9e3779b97f4a7c15));
    mixed = (mixed ^ (mixed >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ (mixed >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (uint32_t)((mixed ^ (mixed >> 31)) % bound);
}

static const char *const NAMES[RANDOM_FACTS_MAX] = {"A", "B", "C", "D", "E", "F", "G"};
static const char *const COMPARISONS[] = {"=", "!=", "<", "<=", ">", ">="};

static void say(struct random_pack *pack, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void say(struct random_pack *pack, const char *format, ...) {
    size_t length = strlen(pack->text);
    va_list arguments;
    va_start(arguments, format);
    (void)vsnprintf(pack->text + length, sizeof pack->text - length, format, arguments);
    va_end(arguments);
}

static int make_leaf(struct random_pack *pack, uint64_t *state, bool mixed) {
    struct random_node node = {.operation = RANDOM_COMPARE};
    int fact = (int)random_below(state, (uint32_t)pack->fact_count);
    node.facts[node.fact_count++] = fact;
    if (pack->kinds[fact] == RANDOM_CHOICE) {
        node.operation = RANDOM_IN;
        node.set = mixed ? 1 + random_below(state, 6) : 1U;
    } else if (pack->kinds[fact] == RANDOM_FLAG) {
        node.compare = 5;
        node.value = 1;
    } else {
        for (int other = 0; other < pack->fact_count && node.fact_count < 3; other++) {
            if (other != fact && pack->kinds[other] == RANDOM_COUNT && random_below(state, 3) == 0) {
                node.facts[node.fact_count++] = other;
            }
        }
        node.compare = mixed ? (int)random_below(state, 6) : 4 + (int)random_below(state, 2);
        node.value = (int)random_below(state, (uint32_t)(RANDOM_TOP * node.fact_count + 2));
    }
    pack->nodes[pack->node_count] = node;
    return pack->node_count++;
}

static int make_node(struct random_pack *pack, uint64_t *state, bool mixed, int depth) {
    uint32_t kind = random_below(state, mixed ? 5 : 4);
    if (depth == 0 || kind < 2 || pack->node_count > RANDOM_NODES_MAX - 40) {
        return make_leaf(pack, state, mixed);
    }
    struct random_node node = {.operation = kind == 2 ? RANDOM_AND : kind == 3 ? RANDOM_OR : RANDOM_NOT};
    node.left = make_node(pack, state, mixed, depth - 1);
    node.right = node.operation == RANDOM_NOT ? -1 : make_node(pack, state, mixed, depth - 1);
    pack->nodes[pack->node_count] = node;
    return pack->node_count++;
}

static void write_node(struct random_pack *pack, int at) {
    const struct random_node *node = &pack->nodes[at];
    switch (node->operation) {
    case RANDOM_NOT:
        say(pack, "not (");
        write_node(pack, node->left);
        say(pack, ")");
        break;
    case RANDOM_AND:
    case RANDOM_OR:
        say(pack, "(");
        write_node(pack, node->left);
        say(pack, node->operation == RANDOM_AND ? " and " : " or ");
        write_node(pack, node->right);
        say(pack, ")");
        break;
    case RANDOM_IN:
        say(pack, "%s in (", NAMES[node->facts[0]]);
        for (int value = 0, first = 1; value < 3; value++) {
            if ((node->set >> value & 1) != 0) {
                say(pack, first != 0 ? "v%d" : ", v%d", value);
                first = 0;
            }
        }
        say(pack, ")");
        break;
    case RANDOM_COMPARE:
        if (pack->kinds[node->facts[0]] == RANDOM_FLAG) {
            say(pack, "%s", NAMES[node->facts[0]]);
            break;
        }
        for (int i = 0; i < node->fact_count; i++) {
            say(pack, i == 0 ? "%s" : " + %s", NAMES[node->facts[i]]);
        }
        say(pack, " %s %d", COMPARISONS[node->compare], node->value);
        break;
    }
}

static void write_facts(struct random_pack *pack) {
    for (int i = 0; i < pack->fact_count; i++) {
        if (pack->kinds[i] == RANDOM_COUNT) {
            say(pack, "  fact %s: count, from 0 to %d\n", NAMES[i], RANDOM_TOP);
        } else if (pack->kinds[i] == RANDOM_FLAG) {
            say(pack, "  fact %s: flag\n", NAMES[i]);
        } else {
            say(pack, "  fact %s: one of v0, v1, v2\n", NAMES[i]);
        }
    }
}

void random_pack_make(struct random_pack *pack, uint64_t *state, bool mixed) {
    static const char *const levels[] = {"", "L1", "L2", "L3"};
    memset(pack, 0, sizeof *pack);
    pack->fact_count = 2 + (int)random_below(state, RANDOM_FACTS_MAX - 1);
    for (int i = 0; i < pack->fact_count; i++) {
        uint32_t kind = random_below(state, 5);
        pack->kinds[i] = kind < 3 ? RANDOM_COUNT : kind == 3 ? RANDOM_FLAG : RANDOM_CHOICE;
    }
    pack->levels = 1 + (int)random_below(state, 3);
    pack->given = random_below(state, 3) == 0 ? make_node(pack, state, mixed, 2) : -1;
    pack->rule_count = pack->levels + (int)random_below(state, (uint32_t)(RANDOM_RULES_MAX - pack->levels + 1));
    for (int i = 0; i < pack->rule_count; i++) {
        /* The compiler refuses a level that no rule gives. */
        pack->rules[i].level = i < pack->levels ? i + 1 : 1 + (int)random_below(state, (uint32_t)pack->levels);
        pack->rules[i].root = make_node(pack, state, mixed, 3);
    }
    say(pack, "```plan\nplan P { version \"1\" zone +00:00 }\nincident I {\n");
    write_facts(pack);
    say(pack, "}\nscale S of I {\n  levels L1");
    for (int level = 2; level <= pack->levels && level <= 3; level++) {
        say(pack, " < %s", levels[level]);
    }
    say(pack, " @1\n");
    if (pack->given >= 0) {
        say(pack, "  given ");
        write_node(pack, pack->given);
        say(pack, " @2\n");
    }
    for (int i = 0; i < pack->rule_count; i++) {
        say(pack, "  %s when ", levels[pack->rules[i].level]);
        write_node(pack, pack->rules[i].root);
        say(pack, " @3.%d\n", i + 1);
    }
    say(pack, "}\n```\n");
}

bool random_pack_holds(const struct random_pack *pack, int at, const int values[RANDOM_FACTS_MAX]) {
    const struct random_node *node = &pack->nodes[at];
    switch (node->operation) {
    case RANDOM_NOT:
        return !random_pack_holds(pack, node->left, values);
    case RANDOM_AND:
        return random_pack_holds(pack, node->left, values) && random_pack_holds(pack, node->right, values);
    case RANDOM_OR:
        return random_pack_holds(pack, node->left, values) || random_pack_holds(pack, node->right, values);
    case RANDOM_IN:
        return (node->set >> values[node->facts[0]] & 1) != 0;
    default:
        break;
    }
    int sum = 0;
    for (int i = 0; i < node->fact_count; i++) {
        sum += values[node->facts[i]];
    }
    switch (node->compare) {
    case 0:
        return sum == node->value;
    case 1:
        return sum != node->value;
    case 2:
        return sum < node->value;
    case 3:
        return sum <= node->value;
    case 4:
        return sum > node->value;
    default:
        return sum >= node->value;
    }
}

int random_pack_level(const struct random_pack *pack, const int values[RANDOM_FACTS_MAX], uint64_t *rules) {
    int level = 0;
    *rules = 0;
    if (pack->given >= 0 && !random_pack_holds(pack, pack->given, values)) {
        return 0;
    }
    for (int i = 0; i < pack->rule_count; i++) {
        if (random_pack_holds(pack, pack->rules[i].root, values)) {
            *rules |= UINT64_C(1) << i;
            level = pack->rules[i].level > level ? pack->rules[i].level : level;
        }
    }
    return level;
}
