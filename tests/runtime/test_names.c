/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Names at the driver's edge, from other threads than the owner's: one place has owner after owner
 * while threads ask who that is and raise what the hardware says of it, of its last owner, too.
 */
#include <pthread.h>
#include <sched.h>

#include "suite.h"
#include "world.h"

enum { LIVES = 1500, RAISERS = 2, PLACE = CONNECTIONS };

static _Atomic bool stop;
static _Atomic uint64_t raised, wrong;

/* The host's object for a life of the place: even lives are of one, odd lives of the other. */
static struct host_object *owner_of(flue_name name)
{
    return &w->spare[name >> 36 & 1];
}

static void *raiser(void *unused)
{
    (void)unused;
    for (unsigned i = 0; !atomic_load(&stop); i++) {
        flue_name name = flue_object_handle(target(), CHIMNEY_TCP, PLACE);
        name -= (uint64_t)(i % 4 == 0 && name >> 36 > 1) << 36;
        void *handle = flue_object_host_handle(target(), CHIMNEY_TCP, name);
        uint32_t place = flue_name_index(target(), CHIMNEY_TCP, name);
        if ((handle && handle != &owner_of(name)->handle) || (place != PLACE && place != FLUE_NONE))
            atomic_fetch_add(&wrong, 1);
        uint32_t life = (uint32_t)(name >> 36);
        atomic_fetch_add(&raised, chimney_send_backlog_change(&w->s->target, name, life));
        if (i % 64 == 0)
            sched_yield();
    }
    return NULL;
}

/* Judged as it comes, and forgotten: a raiser's turns within one life have no bound. */
static void told(struct scripted *s, flue_name name)
{
    const struct scripted_indication *i = &s->indications[--s->indication_count];
    ck_assert_uint_eq(i->detail, name >> 36);
    ck_assert_ptr_eq(i->handle, &owner_of(name)->handle);
}

static void one_life(void)
{
    struct host_object *object = owner_of(flue_object_handle(target(), CHIMNEY_TCP, PLACE));
    struct chimney_node *root = bare(w, &w->neighbor[0]), *path = bare(w, &w->path[0]);
    host_link(root, path);
    host_link(path, host_new_tcp(&w->arena, object, 40));
    run(w, chimney_initiate, root);
    ck_assert_uint_eq(host_index(object), PLACE);
    run(w, chimney_terminate, bare(w, object));
    object->handle.MiniportOffloadContext = NULL;
    world_forget_log(w);
    host_arena_clear(&w->arena);
}

static void none(void *adapter)
{
    (void)adapter; /* the one thread that polls does so anyway */
}

START_TEST(what_is_said_of_one_life_is_never_told_of_another)
{
    pthread_t threads[RAISERS];
    target()->config.wake = none;
    w->s->on_event = told;
    for (unsigned i = 0; i < RAISERS; i++)
        ck_assert_int_eq(pthread_create(&threads[i], NULL, raiser, NULL), 0);
    /* Where other work takes the processors, it may be long before a raiser has its first turn. */
    for (unsigned life = 0; life < LIVES || !stats()->indicated; life++) {
        one_life();
        if (life >= LIVES)
            sched_yield();
    }
    atomic_store(&stop, true);
    for (unsigned i = 0; i < RAISERS; i++)
        pthread_join(threads[i], NULL);
    scripted_poll(w->s);
    ck_assert_uint_eq(wrong, 0);
    ck_assert_uint_eq(raised, stats()->indicated + stats()->not_raised);
}
END_TEST

int main(void)
{
    return RUN_TESTS("names", world_setup, world_teardown,
                     what_is_said_of_one_life_is_never_told_of_another);
}
