#include "store/lanes.h"

#if defined(__x86_64__)

#include <immintrin.h>
#include <string.h>

#define WIDE __attribute__((target("avx512f,avx512bw")))
#define BLOCK_BYTES ((size_t)64)
#define LENGTH_BYTES ((size_t)8) /* of the length at the end of the padding */
#define WORDS 16
#define STATE_WORDS 8

bool lanes_are_there(void) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw");
}

/* FIPS 180-4, 4.2.2 */
static const uint32_t constants[64] = {
    0x428a2f98U, 0x71374491U, 0xb5c0fbcfU, 0xe9b5dba5U, 0x3956c25bU, 0x59f111f1U, 0x923f82a4U, 0xab1c5ed5U,
    0xd807aa98U, 0x12835b01U, 0x243185beU, 0x550c7dc3U, 0x72be5d74U, 0x80deb1feU, 0x9bdc06a7U, 0xc19bf174U,
    0xe49b69c1U, 0xefbe4786U, 0x0fc19dc6U, 0x240ca1ccU, 0x2de92c6fU, 0x4a7484aaU, 0x5cb0a9dcU, 0x76f988daU,
    0x983e5152U, 0xa831c66dU, 0xb00327c8U, 0xbf597fc7U, 0xc6e00bf3U, 0xd5a79147U, 0x06ca6351U, 0x14292967U,
    0x27b70a85U, 0x2e1b2138U, 0x4d2c6dfcU, 0x53380d13U, 0x650a7354U, 0x766a0abbU, 0x81c2c92eU, 0x92722c85U,
    0xa2bfe8a1U, 0xa81a664bU, 0xc24b8b70U, 0xc76c51a3U, 0xd192e819U, 0xd6990624U, 0xf40e3585U, 0x106aa070U,
    0x19a4c116U, 0x1e376c08U, 0x2748774cU, 0x34b0bcb5U, 0x391c0cb3U, 0x4ed8aa4aU, 0x5b9cca4fU, 0x682e6ff3U,
    0x748f82eeU, 0x78a5636fU, 0x84c87814U, 0x8cc70208U, 0x90befffaU, 0xa4506cebU, 0xbef9a3f7U, 0xc67178f2U};

/* FIPS 180-4, 5.3.3 */
static const uint32_t initial[STATE_WORDS] = {0x6a09e667U, 0xbb67ae85U, 0x3c6ef372U, 0xa54ff53aU,
                                              0x510e527fU, 0x9b05688cU, 0x1f83d9abU, 0x5be0cd19U};

static size_t count_blocks(size_t length) {
    return (length + 1 + LENGTH_BYTES + BLOCK_BYTES - 1) / BLOCK_BYTES;
}

/* ---- a block of each input, as words ---- */

/* Block `number` of an input: its bytes, the bit that ends it where that falls here, zeros behind. */
WIDE static inline __m512i load_block(const struct digest_input *input, size_t number) {
    size_t start = number * BLOCK_BYTES;
    if (start + BLOCK_BYTES <= input->length) {
        return _mm512_loadu_si512(input->bytes + start);
    }
    if (start > input->length) {
        return _mm512_setzero_si512();
    }
    uint64_t end = UINT64_C(1) << (input->length - start);
    __m512i rest = _mm512_maskz_loadu_epi8(end - 1, input->bytes + start);
    return _mm512_mask_set1_epi8(rest, end, (char)0x80);
}

/* Turns sixteen blocks into sixteen words of all inputs: word i of input k goes to column k of register i. In four
 * steps, each of which brings together what stands twice as far apart. */
WIDE static inline void transpose(__m512i rows[WORDS]) {
    __m512i half[WORDS];
    for (int i = 0; i < WORDS; i += 2) {
        half[i] = _mm512_unpacklo_epi32(rows[i], rows[i + 1]);
        half[i + 1] = _mm512_unpackhi_epi32(rows[i], rows[i + 1]);
    }
    for (int i = 0; i < WORDS; i += 4) {
        rows[i] = _mm512_unpacklo_epi64(half[i], half[i + 2]);
        rows[i + 1] = _mm512_unpackhi_epi64(half[i], half[i + 2]);
        rows[i + 2] = _mm512_unpacklo_epi64(half[i + 1], half[i + 3]);
        rows[i + 3] = _mm512_unpackhi_epi64(half[i + 1], half[i + 3]);
    }
    for (int i = 0; i < 4; i++) {
        half[i] = _mm512_shuffle_i32x4(rows[i], rows[i + 4], 0x88);
        half[i + 4] = _mm512_shuffle_i32x4(rows[i], rows[i + 4], 0xdd);
        half[i + 8] = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], 0x88);
        half[i + 12] = _mm512_shuffle_i32x4(rows[i + 8], rows[i + 12], 0xdd);
    }
    for (int i = 0; i < 4; i++) {
        rows[i] = _mm512_shuffle_i32x4(half[i], half[i + 8], 0x88);
        rows[i + 8] = _mm512_shuffle_i32x4(half[i], half[i + 8], 0xdd);
        rows[i + 4] = _mm512_shuffle_i32x4(half[i + 4], half[i + 12], 0x88);
        rows[i + 12] = _mm512_shuffle_i32x4(half[i + 4], half[i + 12], 0xdd);
    }
}

/* Bytes are big-endian in words (FIPS 180-4, 3.1). */
WIDE static inline __m512i swap_bytes(__m512i words) {
    const __m512i order = _mm512_set4_epi32(0x0c0d0e0f, 0x08090a0b, 0x04050607, 0x00010203);
    return _mm512_shuffle_epi8(words, order);
}

/* ---- the rounds ---- */

WIDE static inline __m512i exclusive_or(__m512i one, __m512i two, __m512i three) {
    return _mm512_ternarylogic_epi32(one, two, three, 0x96);
}

WIDE static inline __m512i add(__m512i one, __m512i two) {
    return _mm512_add_epi32(one, two);
}

/* The word of the schedule sixteen places on (6.2.2, step 1), from those 16, 15, 7 and 2 places before it. */
WIDE static inline __m512i next_word(__m512i before16, __m512i before15, __m512i before7, __m512i before2) {
    __m512i small0 =
        exclusive_or(_mm512_ror_epi32(before15, 7), _mm512_ror_epi32(before15, 18), _mm512_srli_epi32(before15, 3));
    __m512i small1 =
        exclusive_or(_mm512_ror_epi32(before2, 17), _mm512_ror_epi32(before2, 19), _mm512_srli_epi32(before2, 10));
    return add(add(before16, small0), add(before7, small1));
}

/* One round (6.2.2, step 3); the names move on by one place from round to round instead of the values. */
WIDE static inline void go_round(const __m512i a, const __m512i b, const __m512i c, __m512i *d, const __m512i e,
                                 const __m512i f, const __m512i g, __m512i *h, __m512i word, uint32_t constant) {
    __m512i big1 = exclusive_or(_mm512_ror_epi32(e, 6), _mm512_ror_epi32(e, 11), _mm512_ror_epi32(e, 25));
    __m512i big0 = exclusive_or(_mm512_ror_epi32(a, 2), _mm512_ror_epi32(a, 13), _mm512_ror_epi32(a, 22));
    __m512i choice = _mm512_ternarylogic_epi32(e, f, g, 0xca);
    __m512i majority = _mm512_ternarylogic_epi32(a, b, c, 0xe8);
    __m512i early = add(add(add(*h, _mm512_set1_epi32((int)constant)), word),
                        choice); /* all that does not wait for big1, so that the next round waits less */
    *d = add(add(*d, early), big1);
    *h = add(add(early, big1), add(big0, majority));
}

#define NEXT_WORD(i)                                                                                                   \
    (words[i] = next_word(words[i], words[((i) + 1) % WORDS], words[((i) + 9) % WORDS], words[((i) + 14) % WORDS]))
#define FIRST_WORD(i) words[i]
/* Eight rounds, after which every name stands where it stood. */
#define GO_EIGHT_ROUNDS(WORD, first)                                                                                   \
    go_round(s[0], s[1], s[2], &s[3], s[4], s[5], s[6], &s[7], WORD(first), constant[first]);                          \
    go_round(s[7], s[0], s[1], &s[2], s[3], s[4], s[5], &s[6], WORD((first) + 1), constant[(first) + 1]);              \
    go_round(s[6], s[7], s[0], &s[1], s[2], s[3], s[4], &s[5], WORD((first) + 2), constant[(first) + 2]);              \
    go_round(s[5], s[6], s[7], &s[0], s[1], s[2], s[3], &s[4], WORD((first) + 3), constant[(first) + 3]);              \
    go_round(s[4], s[5], s[6], &s[7], s[0], s[1], s[2], &s[3], WORD((first) + 4), constant[(first) + 4]);              \
    go_round(s[3], s[4], s[5], &s[6], s[7], s[0], s[1], &s[2], WORD((first) + 5), constant[(first) + 5]);              \
    go_round(s[2], s[3], s[4], &s[5], s[6], s[7], s[0], &s[1], WORD((first) + 6), constant[(first) + 6]);              \
    go_round(s[1], s[2], s[3], &s[4], s[5], s[6], s[7], &s[0], WORD((first) + 7), constant[(first) + 7])

WIDE static void compress(__m512i state[STATE_WORDS], __m512i words[WORDS]) {
    __m512i s[STATE_WORDS];
    memcpy(s, state, sizeof s);
    const uint32_t *constant = constants;
    GO_EIGHT_ROUNDS(FIRST_WORD, 0);
    GO_EIGHT_ROUNDS(FIRST_WORD, 8);
    for (int sixteen = 1; sixteen < 4; sixteen++) {
        constant += WORDS;
        GO_EIGHT_ROUNDS(NEXT_WORD, 0);
        GO_EIGHT_ROUNDS(NEXT_WORD, 8);
    }
    for (int i = 0; i < STATE_WORDS; i++) {
        state[i] = add(state[i], s[i]);
    }
}

/* ---- whole inputs ---- */

/* Writes the hashes of the inputs in `ended`, a set of columns. */
WIDE static void write_hashes(const __m512i state[STATE_WORDS], const struct digest_input *const inputs[LANES_COUNT],
                              uint32_t ended) {
    uint32_t words[STATE_WORDS][LANES_COUNT];
    for (int i = 0; i < STATE_WORDS; i++) {
        _mm512_storeu_si512(words[i], swap_bytes(state[i]));
    }
    for (uint32_t rest = ended; rest != 0; rest &= rest - 1) {
        int column = __builtin_ctz(rest);
        for (size_t i = 0; i < STATE_WORDS; i++) {
            memcpy(inputs[column]->out + 4 * i, &words[i][column], 4);
        }
    }
}

WIDE void lanes_hash(const struct digest_input *const inputs[LANES_COUNT], size_t count) {
    size_t blocks[LANES_COUNT];
    size_t most = 0;
    __m512i state[STATE_WORDS];
    for (int i = 0; i < STATE_WORDS; i++) {
        state[i] = _mm512_set1_epi32((int)initial[i]);
    }
    for (size_t i = 0; i < count; i++) {
        blocks[i] = count_blocks(inputs[i]->length);
        most = blocks[i] > most ? blocks[i] : most;
    }
    for (size_t block = 0; block < most; block++) {
        __m512i words[WORDS];
        uint32_t bits[2][LANES_COUNT] = {{0}}; /* the lengths of those inputs that end here, high and low half */
        uint32_t ended = 0;
        for (size_t i = 0; i < LANES_COUNT; i++) {
            words[i] = i < count ? load_block(inputs[i], block) : _mm512_setzero_si512();
            if (i < count && block + 1 == blocks[i]) {
                ended |= UINT32_C(1) << i;
                bits[0][i] = (uint32_t)((uint64_t)inputs[i]->length >> 29);
                bits[1][i] = (uint32_t)(inputs[i]->length << 3);
            }
        }
        transpose(words);
        for (int i = 0; i < WORDS; i++) {
            words[i] = swap_bytes(words[i]);
        }
        words[14] = _mm512_or_si512(words[14], _mm512_loadu_si512(bits[0]));
        words[15] = _mm512_or_si512(words[15], _mm512_loadu_si512(bits[1]));
        compress(state, words);
        if (ended != 0) {
            write_hashes(state, inputs, ended);
        }
    }
}

#else

bool lanes_are_there(void) {
    return false;
}

void lanes_hash(const struct digest_input *const inputs[LANES_COUNT], size_t count) {
    (void)inputs;
    (void)count;
}

#endif
