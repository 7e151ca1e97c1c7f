/* Fuzz target: which path means what. The input is a method, a line's end, and a path. What is found names numbers that
 * stand in the path and a name inside it; what is said to be allowed is; HEAD is found as GET is. */
#include "web/route.h"

#include "fuzz.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static void check_number(uint32_t number, const char *path) {
    char shown[16];
    (void)snprintf(shown, sizeof shown, "%" PRIu32, number);
    require(number == 0 || strstr(path, shown) != NULL);
}

static bool is_same(const struct route *left, const struct route *right) {
    return left->kind == right->kind && left->action == right->action && left->incident == right->incident &&
           left->item == right->item && left->name == right->name;
}

static void check_route(const struct route *route, const char *path) {
    require(route->kind >= ROUTE_NONE && route->kind <= ROUTE_PAGE);
    require(route->action >= 0 && route->action < DESK_ACTIONS);
    check_number(route->incident, path);
    check_number(route->item, path);
    require(route->name == NULL || (route->name >= path && route->name <= path + strlen(path)));
    require((route->kind == ROUTE_NO_METHOD) == (route->allowed[0] != '\0'));
    if (route->kind == ROUTE_NO_METHOD) {
        struct route allowed;
        char first[sizeof route->allowed];
        (void)snprintf(first, sizeof first, "%.*s", (int)strcspn(route->allowed, ","), route->allowed);
        route_find(first, path, &allowed);
        require(allowed.kind != ROUTE_NO_METHOD && allowed.kind != ROUTE_NONE);
    }
}

/* strndup would do, but the address sanitizer lets it read one byte more. */
static char *copy(const uint8_t *bytes, size_t size) {
    char *made = malloc(size + 1);
    if (made != NULL) {
        if (size > 0) {
            memcpy(made, bytes, size);
        }
        made[size] = '\0';
    }
    return made;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct route route;
    struct route get;
    struct route head;
    const uint8_t *end = size == 0 ? NULL : memchr(bytes, '\n', size);
    size_t method_length = end == NULL ? 0 : (size_t)(end - bytes);
    const uint8_t *rest = end == NULL ? bytes : end + 1;
    char *method = copy(bytes, method_length);
    char *path = copy(rest, size - (end == NULL ? 0 : method_length + 1));
    require(method != NULL && path != NULL);
    route_find(method, path, &route);
    check_route(&route, path);
    route_find("GET", path, &get);
    check_route(&get, path);
    route_find("HEAD", path, &head);
    require(is_same(&get, &head));
    free(method);
    free(path);
    return 0;
}
