/* SPDX-License-Identifier: BSD-2-Clause */
/* play.c: a byte says what happens next. libFuzzer's entry; how a run is brought to its end. */
#include "fuzz.h"

uint8_t take(struct world *w)
{
    return w->bytes.at < w->bytes.end ? *w->bytes.at++ : 0;
}

uint32_t choice(struct world *w, uint32_t below)
{
    return below ? take(w) % below : 0;
}

static void tick(struct world *w, uint64_t ticks)
{
    w->now += ticks;
    flue_tick(&w->target.flue, w->now);
}

static void raise_something(struct world *w)
{
    static const uint8_t about_tcp[] = {CHIMNEY_INDICATION_DISCONNECT, CHIMNEY_INDICATION_ABORT,
                                        CHIMNEY_INDICATION_SEND_BACKLOG_CHANGE};
    uint8_t how = take(w);
    uint8_t kind = how % 2 ? CHIMNEY_TCP : CHIMNEY_NEIGHBOR;
    uint32_t index = choice(w, w->target.flue.pools[kind].capacity + 1);
    flue_name name = flue_object_handle(&w->target.flue, kind, index);
    name -= (uint64_t)(how / 4 % 4 == 0) << 36; /* the last owner of the place, perhaps */
    switch (how % 4) {
    case 0:
        chimney_reachability_query(&w->target, name);
        break;
    case 1:
        chimney_retrieve(&w->target, name, CHIMNEY_RETRIEVE_LOW_ACTIVITY);
        break;
    case 2:
        chimney_upload_all(&w->target);
        break;
    default:
        flue_indicate(&w->target.flue, CHIMNEY_TCP, name, about_tcp[how % 3], how);
    }
}

void mischief(struct world *w)
{
    /* A ring that is always full and a binding function that always polls would go on for ever. */
    if (!w->mischief || w->depth >= 3 || w->ending || w->bytes.at == w->bytes.end)
        return;
    w->depth++;
    switch (take(w) % 12) {
    case 0:
        flue_poll(&w->target.flue, take(w));
        break;
    case 1:
        tick(w, take(w));
        break;
    case 2:
        answer_some(w);
        break;
    case 3:
        tree_submit(w);
        break;
    case 4:
        if (take(w) % 8 == 0)
            flue_reset_begin(&w->target.flue);
        break;
    case 5:
        raise_something(w);
        break;
    case 6:
        take(w) % 2 ? flue_pause(&w->target.flue) : flue_resume(&w->target.flue);
        break;
    default:
        break;
    }
    w->depth--;
}

static void change_behaviors(struct world *w)
{
    uint8_t how = take(w);
    w->answers_inline = how % 4 == 3;
    w->says_full = how % 8 == 7;
    w->mischief = how / 4 % 4 == 3;
    w->room = how >= 128 ? UINT32_MAX : how % 32;
    if (how == 77)
        flue_remove(&w->target.flue);
    if (how % 32 == 13)
        flue_dma_stopped(&w->target.flue);
}

static void one_thing(struct world *w)
{
    if (getenv("FUZZ_TRACE"))
        fprintf(stderr, "-- %u\n", *w->bytes.at % 16);
    switch (take(w) % 16) {
    case 0:
    case 1:
    case 2:
        tree_submit(w);
        break;
    case 3:
        tree_resubmit(w);
        break;
    case 4:
        flue_poll(&w->target.flue, choice(w, 8));
        break;
    case 5:
    case 6:
        flue_poll(&w->target.flue, 1000);
        break;
    case 7:
    case 8:
        answer_some(w);
        break;
    case 9:
        if (take(w) % 2)
            answer_burst(w);
        else
            answer_all(w);
        flue_poll(&w->target.flue, 1000);
        break;
    case 10:
        tick(w, take(w));
        break;
    case 11:
        if (flue_target_phase(&w->target.flue) == FLUE_RESETTING)
            flue_reset_end(&w->target.flue);
        else if (take(w) % 4 == 0)
            flue_reset_begin(&w->target.flue);
        break;
    case 12:
        take(w) % 2 ? flue_pause(&w->target.flue) : flue_resume(&w->target.flue);
        break;
    case 13:
        raise_something(w);
        break;
    case 14:
        handle_spoil(w);
        break;
    default:
        change_behaviors(w);
    }
}

void play(struct world *w)
{
    while (w->bytes.at < w->bytes.end)
        one_thing(w);
}

static void poll_all(struct world *w)
{
    for (unsigned i = 0; i < 100000; i++)
        if (!flue_poll(&w->target.flue, 1000))
            return;
    REQUIRE(false, "work never ends");
}

/* The hardware answers all it owes, time goes on, nothing new comes: then all must be completed. */
void finish(struct world *w)
{
    w->ending = true;
    w->room = UINT32_MAX;
    w->answers_inline = false;
    flue_resume(&w->target.flue);
    if (flue_target_phase(&w->target.flue) == FLUE_RESETTING)
        flue_reset_end(&w->target.flue);
    for (unsigned i = 0; i < 2 * CROWD; i++) {
        tick(w, 1);
        poll_all(w);
        if (!w->unanswered && w->accepted == w->completed && !w->target.flue.restores)
            break;
        answer_all(w);
    }
    poll_all(w);
    REQUIRE(w->accepted == w->completed, "%u accepted, %u completed", (unsigned)w->accepted,
            (unsigned)w->completed);
    check_quiet(w);
    flue_remove(&w->target.flue);
    flue_dma_stopped(&w->target.flue);
    poll_all(w);
    check_quiet(w);
    tree_free_all(w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world *w = world_of(size ? data[0] : 0);
    if (size == 0)
        return 0;
    w->bytes = (struct bytes){data + 1, data + size};
    play(w);
    finish(w);
    return 0;
}
