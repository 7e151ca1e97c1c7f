/* Boxes and arrows: Graphviz finds the places, in points, for boxes that are as large as their texts. */
#include "chart/maker.h"

#include <graphviz/gvc.h>
#include <stdio.h>

uint32_t graph_add(struct maker *maker, struct graph *graph, struct card card) {
    struct graph_node *node = maker_grow(maker, &graph->nodes, &graph->node_count, sizeof *node);
    if (node == NULL) {
        return 0;
    }
    node->card = card;
    return graph->node_count - 1;
}

void graph_join(struct maker *maker, struct graph *graph, uint32_t from, uint32_t to, bool dashed) {
    struct graph_edge *edge = maker_grow(maker, &graph->edges, &graph->edge_count, sizeof *edge);
    if (edge != NULL) {
        edge->from = from;
        edge->to = to;
        edge->dashed = dashed;
    }
}

/* ---- to Graphviz and back ---------------------------------------------------------------------------------- */

static void set(void *object, char *name, char *value) {
    (void)agsafeset(object, name, value, "");
}

static void set_inches(void *object, char *name, double points) {
    char room[32];
    (void)snprintf(room, sizeof room, "%.4f", points / 72.0);
    set(object, name, room);
}

static void describe(const struct graph *graph, Agraph_t *drawn, Agnode_t **nodes) {
    set(drawn, "rankdir", graph->sideways ? "LR" : "TB");
    set(drawn, "splines", "spline");
    set(drawn, "nodesep", "0.17");
    set(drawn, "ranksep", "0.26");
    for (uint32_t i = 0; i < graph->node_count; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%u", i);
        nodes[i] = agnode(drawn, name, 1);
        set(nodes[i], "shape", "box");
        set(nodes[i], "label", "");
        set(nodes[i], "fixedsize", "true");
        set_inches(nodes[i], "width", graph->nodes[i].card.width);
        set_inches(nodes[i], "height", graph->nodes[i].card.height);
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "%u", i);
        (void)agedge(drawn, nodes[graph->edges[i].from], nodes[graph->edges[i].to], name, 1);
    }
}

static bool take_edge(struct maker *maker, struct graph_edge *edge, const Agedge_t *drawn, double top) {
    const splines *found = ED_spl(drawn);
    if (found == NULL || found->size == 0) {
        return true;
    }
    const bezier *curve = &found->list[0];
    edge->points = arena_allocate_array(maker->arena, (size_t)curve->size + 3, 2 * sizeof *edge->points);
    if (edge->points == NULL) {
        return failure_set(maker->failure, "memory is exhausted");
    }
    size_t count = 0;
    for (size_t i = 0; i < (size_t)curve->size; i++, count++) {
        edge->points[2 * count] = curve->list[i].x;
        edge->points[2 * count + 1] = top - curve->list[i].y;
    }
    for (int i = 0; curve->eflag != 0 && i < 3; i++, count++) { /* on to the arrow's point */
        edge->points[2 * count] = curve->ep.x;
        edge->points[2 * count + 1] = top - curve->ep.y;
    }
    edge->point_count = (uint32_t)count;
    return true;
}

static bool take_places(struct maker *maker, struct graph *graph, Agraph_t *drawn, Agnode_t *const *nodes) {
    boxf bounds = GD_bb(drawn);
    graph->width = bounds.UR.x - bounds.LL.x;
    graph->height = bounds.UR.y - bounds.LL.y;
    for (uint32_t i = 0; i < graph->node_count; i++) {
        struct graph_node *node = &graph->nodes[i];
        node->x = ND_coord(nodes[i]).x - node->card.width / 2;
        node->y = bounds.UR.y - ND_coord(nodes[i]).y - node->card.height / 2;
    }
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        struct graph_edge *edge = &graph->edges[i];
        char name[16];
        (void)snprintf(name, sizeof name, "%u", i);
        const Agedge_t *found = agedge(drawn, nodes[edge->from], nodes[edge->to], name, 0);
        if (found != NULL && !take_edge(maker, edge, found, bounds.UR.y)) {
            return false;
        }
    }
    return true;
}

bool graph_open(struct maker *maker) {
    (void)agseterr(AGMAX); /* it prints nothing */
    maker->graphviz = gvContext();
    return maker->graphviz != NULL || failure_set(maker->failure, "memory is exhausted");
}

void graph_close(struct maker *maker) {
    if (maker->graphviz != NULL) {
        (void)gvFreeContext(maker->graphviz);
    }
}

bool graph_lay_out(struct maker *maker, struct graph *graph) {
    Agnode_t **nodes = arena_allocate_array(maker->arena, graph->node_count + 1U, sizeof(Agnode_t *));
    GVC_t *context = maker->graphviz;
    Agraph_t *drawn = agopen("chart", Agdirected, NULL);
    if (nodes == NULL || drawn == NULL) {
        return failure_set(maker->failure, "memory is exhausted");
    }
    describe(graph, drawn, nodes);
    bool good = gvLayout(context, drawn, "dot") == 0 ||
                failure_set(maker->failure, "Graphviz cannot lay out a sheet; is its package whole? (dot -c)");
    if (good) {
        good = take_places(maker, graph, drawn, nodes);
        (void)gvFreeLayout(context, drawn);
    }
    (void)agclose(drawn);
    return good;
}

/* ---- on a sheet -------------------------------------------------------------------------------------------- */

bool graph_fit(struct maker *maker, struct graph *graph, bool *landscape) {
    for (int direction = 0; direction < 2; direction++) {
        graph->sideways = direction == 1;
        if (!graph_lay_out(maker, graph)) {
            return false;
        }
        for (int wide = 1; wide >= 0; wide--) {
            struct area area = sheet_area(wide == 1);
            if (graph->width <= area.width && graph->height <= area.height) {
                *landscape = wide == 1;
                return true;
            }
        }
    }
    return false;
}

void graph_place(struct maker *maker, const struct graph *graph, struct chart_sheet *sheet, bool landscape) {
    struct area area = sheet_area(landscape);
    double left = area.x + (area.width - graph->width) / 2;
    double top = area.y + (area.height - graph->height) / 2;
    for (uint32_t i = 0; i < graph->edge_count; i++) {
        const struct graph_edge *edge = &graph->edges[i];
        double *points = arena_allocate_array(maker->arena, edge->point_count + 1U, 2 * sizeof *points);
        if (points == NULL) {
            (void)failure_set(maker->failure, "memory is exhausted");
            return;
        }
        for (size_t k = 0; k < edge->point_count; k++) {
            points[2 * k] = edge->points[2 * k] + left;
            points[2 * k + 1] = edge->points[2 * k + 1] + top;
        }
        sheet_draw(maker, sheet, (struct chart_line){points, edge->point_count, true, !edge->plain, edge->dashed});
    }
    for (uint32_t i = 0; i < graph->node_count; i++) {
        sheet_place(maker, sheet, &graph->nodes[i].card, left + graph->nodes[i].x, top + graph->nodes[i].y);
    }
}
