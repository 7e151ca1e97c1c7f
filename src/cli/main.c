/* main — the program `pinyue`: prints its version. */
#include <stdio.h>

int main(void) {
    return printf("pinyue %s\n", PINYUE_VERSION) < 0 ? 1 : 0;
}
