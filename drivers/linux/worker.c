/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device's side: a thread that does what was ordered, in order. Requests about neighbors and
 * paths go to the kernel together; connections are moved one by one.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "nic.h"

#define MOST_REQUESTS 2 /* of one order */

static void answer(struct linux_nic *nic, const struct linux_answer *a)
{
    struct linux_worker *w = &nic->worker;
    pthread_mutex_lock(&w->lock);
    w->answers[(w->first_answer + w->answer_count++) % w->capacity] = *a;
    pthread_mutex_unlock(&w->lock);
}

static struct linux_answer answer_to(const struct linux_order *order)
{
    return (struct linux_answer){.cookie = order->cookie,
                                 .kind = order->kind,
                                 .command = order->command,
                                 .index = order->index,
                                 .result = CHIMNEY_RESULT_OK};
}

static void flush(struct linux_nic *nic, const struct linux_order *orders)
{
    struct linux_worker *w = &nic->worker;
    linux_netlink_flush(&w->netlink);
    for (uint32_t i = 0; i < w->part_count; i++) {
        const struct linux_part *part = &w->parts[i];
        const struct linux_order *order = &orders[part->order % w->capacity];
        struct linux_answer a = answer_to(order);
        a.result = (uint8_t)linux_requested(nic, order, part->first, part->count, &a.error);
        answer(nic, &a);
    }
    w->part_count = 0;
}

static bool same_entry(const struct linux_worker *w, uint32_t at)
{
    const struct linux_order *order = &w->orders[at % w->capacity];
    for (uint32_t i = 0; i < w->part_count; i++) {
        const struct linux_order *other = &w->orders[w->parts[i].order % w->capacity];
        if (other->kind == order->kind && other->index == order->index)
            return true;
    }
    return false;
}

/* What an earlier request to the same entry did must be known: requests say all of an entry. */
static void batch(struct linux_nic *nic, uint32_t at)
{
    struct linux_worker *w = &nic->worker;
    const struct linux_order *order = &w->orders[at % w->capacity];
    if (linux_netlink_room(&w->netlink) < MOST_REQUESTS || same_entry(w, at))
        flush(nic, w->orders);
    uint32_t first = w->netlink.count;
    uint32_t count = linux_request(nic, order);
    w->parts[w->part_count++] = (struct linux_part){first, count, at};
}

static void work(struct linux_nic *nic, uint32_t first, uint32_t count)
{
    struct linux_worker *w = &nic->worker;
    pthread_mutex_lock(&w->tcp_lock);
    linux_guard_removed(nic, first, count);
    pthread_mutex_unlock(&w->tcp_lock);
    for (uint32_t at = first; at != first + count; at++) {
        struct linux_order *order = &w->orders[at % w->capacity];
        if (order->kind != CHIMNEY_TCP) {
            batch(nic, at);
            continue;
        }
        flush(nic, w->orders);
        struct linux_answer a = answer_to(order);
        pthread_mutex_lock(&w->tcp_lock);
        linux_do_tcp(nic, order, &a);
        pthread_mutex_unlock(&w->tcp_lock);
        answer(nic, &a);
    }
    flush(nic, w->orders);
}

void linux_worker_signal(struct linux_nic *nic)
{
    const uint64_t one = 1;
    ssize_t written = write(nic->worker.event, &one, sizeof(one));
    (void)written; /* full is as good as readable */
}

static void *run(void *context)
{
    struct linux_nic *nic = context;
    struct linux_worker *w = &nic->worker;
    pthread_mutex_lock(&w->lock);
    for (;;) {
        while (w->rung == 0 && !w->stop) {
            w->working = false;
            pthread_cond_broadcast(&w->idle);
            pthread_cond_wait(&w->wake, &w->lock);
        }
        if (w->stop)
            break;
        uint32_t first = w->first_order, count = w->rung;
        pthread_mutex_unlock(&w->lock);
        work(nic, first, count);
        linux_worker_signal(nic);
        pthread_mutex_lock(&w->lock);
        w->first_order += count;
        w->order_count -= count;
        w->rung -= count;
    }
    w->working = false;
    pthread_cond_broadcast(&w->idle);
    pthread_mutex_unlock(&w->lock);
    return NULL;
}

static bool open_tables(struct linux_nic *nic)
{
    struct linux_worker *w = &nic->worker;
    const uint32_t *capacity = nic->config.flue.capacity;
    /* Answers that flue gave up stay in the ring until they are taken: twice is enough. */
    w->capacity = 2;
    while (w->capacity < 2 * nic->config.flue.ring_entries)
        w->capacity *= 2; /* a power of two: indices come round */
    w->orders = calloc(w->capacity, sizeof(*w->orders));
    w->answers = calloc(w->capacity, sizeof(*w->answers));
    w->parts = calloc(nic->config.batch, sizeof(*w->parts));
    w->hops = calloc(capacity[CHIMNEY_NEIGHBOR], sizeof(*w->hops));
    w->routes = calloc(capacity[CHIMNEY_PATH], sizeof(*w->routes));
    w->tcps = calloc(capacity[CHIMNEY_TCP], sizeof(*w->tcps));
    for (uint32_t i = 0; w->tcps && i < capacity[CHIMNEY_TCP]; i++)
        w->tcps[i].fd = -1;
    return w->orders && w->answers && w->parts && w->hops && w->routes && w->tcps;
}

int linux_worker_open(struct linux_nic *nic)
{
    struct linux_worker *w = &nic->worker;
    w->event = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    pthread_mutex_init(&w->lock, NULL);
    pthread_mutex_init(&w->tcp_lock, NULL);
    pthread_cond_init(&w->wake, NULL);
    pthread_cond_init(&w->idle, NULL);
    if (w->event < 0 || !open_tables(nic))
        return ENOMEM;
    return linux_netlink_open(&w->netlink, NETLINK_ROUTE, nic->config.batch);
}

void linux_worker_close(struct linux_nic *nic)
{
    struct linux_worker *w = &nic->worker;
    if (w->started) {
        pthread_mutex_lock(&w->lock);
        w->stop = true;
        pthread_cond_signal(&w->wake);
        pthread_mutex_unlock(&w->lock);
        pthread_join(w->thread, NULL);
    }
    if (w->event >= 0)
        close(w->event);
    linux_netlink_close(&w->netlink);
    pthread_mutex_destroy(&w->lock);
    pthread_mutex_destroy(&w->tcp_lock);
    pthread_cond_destroy(&w->wake);
    pthread_cond_destroy(&w->idle);
    free(w->orders);
    free(w->answers);
    free(w->parts);
    free(w->hops);
    free(w->routes);
    free(w->tcps);
}

bool linux_worker_post(struct linux_nic *nic, const struct linux_order *order)
{
    struct linux_worker *w = &nic->worker;
    pthread_mutex_lock(&w->lock);
    bool room = w->order_count + w->answer_count < w->capacity;
    if (room)
        w->orders[(w->first_order + w->order_count++) % w->capacity] = *order;
    pthread_mutex_unlock(&w->lock);
    return room;
}

void linux_worker_ring(struct linux_nic *nic)
{
    struct linux_worker *w = &nic->worker;
    pthread_mutex_lock(&w->lock);
    if (w->order_count > w->rung) {
        nic->counters.doorbells++;
        w->rung = w->order_count;
        w->working = true;
        if (!w->started)
            w->started = pthread_create(&w->thread, NULL, run, nic) == 0;
        pthread_cond_signal(&w->wake);
    }
    pthread_mutex_unlock(&w->lock);
}

bool linux_worker_take(struct linux_nic *nic, struct linux_answer *a)
{
    struct linux_worker *w = &nic->worker;
    pthread_mutex_lock(&w->lock);
    bool there = w->answer_count > 0;
    if (there) {
        *a = w->answers[w->first_answer % w->capacity];
        w->first_answer++;
        w->answer_count--;
    }
    pthread_mutex_unlock(&w->lock);
    return there;
}

void linux_wait(struct linux_nic *nic)
{
    struct linux_worker *w = &nic->worker;
    pthread_mutex_lock(&w->lock);
    while (w->working)
        pthread_cond_wait(&w->idle, &w->lock);
    pthread_mutex_unlock(&w->lock);
}

static void forget_connection(struct linux_connection *connection)
{
    if (!connection)
        return;
    linux_connection_free(connection);
    free(connection);
}

void linux_worker_forget(struct linux_nic *nic)
{
    struct linux_worker *w = &nic->worker;
    struct linux_answer a;
    linux_wait(nic);
    while (linux_worker_take(nic, &a))
        ;
    for (uint32_t i = 0; i < w->order_count; i++) {
        struct linux_order *order = &w->orders[(w->first_order + i) % w->capacity];
        if (order->kind == CHIMNEY_TCP && order->command == CHIMNEY_TCP_ADD_TCP)
            forget_connection(order->connection);
    }
    w->order_count = w->rung = 0;
}
