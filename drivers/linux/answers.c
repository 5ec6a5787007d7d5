/* SPDX-License-Identifier: BSD-2-Clause */
/* What the worker says goes to flue, with the data that the command is to bring. */
#include <errno.h>
#include <sys/epoll.h>

#include "nic.h"
#include "states.h"

static bool command_is(const struct linux_answer *answer, uint8_t kind, uint8_t command)
{
    return answer->kind == kind && answer->command == command;
}

/* The host has the chains only if flue took the answer. */
static bool taken_back(struct linux_nic *nic, const struct linux_answer *answer)
{
    struct linux_tcp *tcp = &nic->worker.tcps[answer->index];
    struct linux_connection brought = answer->read;
    struct chimney_remove_tcp_data data = {0};
    if (answer->result != CHIMNEY_RESULT_OK)
        return chimney_remove_tcp_done(&nic->target, answer->cookie, answer->result, NULL);
    if (tcp->is_kept) {
        brought.send = tcp->kept.send;
        brought.receive = tcp->kept.receive;
    }
    linux_remove_data(nic, answer->index, &brought, &data);
    if (!chimney_remove_tcp_done(&nic->target, answer->cookie, CHIMNEY_RESULT_OK, &data))
        return false;
    nic->lives[answer->index].name = 0;
    nic->counters.moved_out++;
    tcp->is_kept = false;
    return true;
}

static bool read_back(struct linux_nic *nic, const struct linux_answer *answer)
{
    struct chimney_read_tcp_data data = {0};
    if (answer->result != CHIMNEY_RESULT_OK)
        return chimney_read_tcp_done(&nic->target, answer->cookie, answer->result, NULL);
    linux_read_data(nic, answer->index, &answer->read, &data);
    return chimney_read_tcp_done(&nic->target, answer->cookie, CHIMNEY_RESULT_OK, &data);
}

static bool neighbor_removed(struct linux_nic *nic, const struct linux_answer *answer)
{
    const struct chimney_remove_neighbor_data data = {
        .nic_reachability_delta =
            linux_ticks_since(nic, nic->neighbors[answer->index].confirmed_at)};
    bool good = answer->result == CHIMNEY_RESULT_OK;
    return chimney_remove_neighbor_done(&nic->target, answer->cookie, answer->result,
                                        good ? &data : NULL);
}

static void watch(struct linux_nic *nic, uint32_t index)
{
    struct epoll_event event = {.events = EPOLLET, .data.u32 = index};
    if (!linux_state_fin_received((uint8_t)nic->lives[index].holds.state))
        event.events |= EPOLLRDHUP; /* else the host knows */
    epoll_ctl(nic->watch, EPOLL_CTL_ADD, linux_socket(nic, index), &event);
}

/* What became of it, once the host has it for offloaded. */
static void started(struct linux_nic *nic, uint32_t index, int error)
{
    const struct linux_life *life = &nic->lives[index];
    nic->counters.moved_in++;
    nic->counters.not_set += linux_not_set(&life->holds);
    if (error == 0) {
        watch(nic, index);
    } else if (error == ECONNRESET) {
        nic->counters.resets_by_peer++;
        linux_announce(nic, index, LINUX_NEWS_ABORT);
    } else {
        linux_announce(nic, index, LINUX_NEWS_WANTED_BACK);
    }
}

/*
 * It starts when flue has taken the answer, never before: of one that came too late the host goes
 * on with what it has. The worker stays away meanwhile.
 */
static bool moved_in(struct linux_nic *nic, const struct linux_answer *answer)
{
    struct linux_life *life = &nic->lives[answer->index];
    if (answer->result != CHIMNEY_RESULT_OK) {
        life->name = 0;
        return chimney_done(&nic->target, answer->cookie, answer->result);
    }
    pthread_mutex_lock(&nic->worker.tcp_lock);
    bool taken = chimney_done(&nic->target, answer->cookie, CHIMNEY_RESULT_OK);
    int error = taken ? linux_start_tcp(nic, answer->index) : EAGAIN;
    pthread_mutex_unlock(&nic->worker.tcp_lock);
    if (taken)
        started(nic, answer->index, error);
    return taken;
}

/* What a path's address was taken for is free again. */
static bool path_answered(struct linux_nic *nic, const struct linux_answer *answer)
{
    bool added = answer->command == CHIMNEY_PATH_ADD_PATH;
    bool removed = answer->command == CHIMNEY_PATH_REMOVE_PATH;
    bool good = answer->result == CHIMNEY_RESULT_OK;
    if ((removed && good) || (added && !good && answer->result != CHIMNEY_RESULT_UNSURE) ||
        answer->result == CHIMNEY_RESULT_GONE)
        nic->paths[answer->index].taken = false;
    return chimney_done(&nic->target, answer->cookie, answer->result);
}

static bool hand_over(struct linux_nic *nic, const struct linux_answer *answer)
{
    if (command_is(answer, CHIMNEY_TCP, CHIMNEY_TCP_REMOVE_TCP))
        return taken_back(nic, answer);
    if (command_is(answer, CHIMNEY_TCP, CHIMNEY_TCP_READ_TCP))
        return read_back(nic, answer);
    if (command_is(answer, CHIMNEY_TCP, CHIMNEY_TCP_ADD_TCP))
        return moved_in(nic, answer);
    if (command_is(answer, CHIMNEY_NEIGHBOR, CHIMNEY_NEIGHBOR_REMOVE_NEIGHBOR))
        return neighbor_removed(nic, answer);
    if (answer->kind == CHIMNEY_PATH)
        return path_answered(nic, answer);
    return chimney_done(&nic->target, answer->cookie, answer->result);
}

void linux_deliver(struct linux_nic *nic, const struct linux_answer *answer)
{
    if (!hand_over(nic, answer))
        nic->counters.late++;
}

void linux_take_answers(struct linux_nic *nic)
{
    const struct linux_shim *shim = nic->config.shim;
    struct linux_answer answer;
    while (linux_worker_take(nic, &answer)) {
        nic->counters.answers++;
        if (answer.result != CHIMNEY_RESULT_OK) {
            nic->counters.bad++;
            nic->counters.last_error = answer.error;
        }
        if (!shim || !shim->answer || !shim->answer(shim->context, &answer))
            linux_deliver(nic, &answer);
    }
}
