/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which lower drivers new objects go to. That changes only while there is none: neighbors and paths
 * are in each of them, and a connection stays where it began. So one that leaves makes the host
 * wait (PAUSE), asks it for all that it has offloaded (UPLOAD_ALL), and when nothing is left the
 * others go on (RESUME). One that comes, or comes back, is used from the next time on at which
 * nothing is offloaded.
 */
#include "im.h"

static bool has_failed(struct lower *lower)
{
    return atomic_load(&lower->failed);
}

static bool is_usable(struct lower *lower)
{
    return atomic_load(&lower->bound) && !has_failed(lower) && !atomic_load(&lower->paused);
}

/* Nothing is offloaded, nor on its way. */
static void choose_members(struct im *im)
{
    for (uint8_t l = 0; l < LOWERS; l++)
        im->lowers[l].member = is_usable(&im->lowers[l]);
    im->uploading = false;
}

static bool wants_pause(struct im *im)
{
    bool any = false, wait = capabilities_changed(im) || atomic_load(&im->paused_above) ||
                             im->uploading || data_starves(im);
    for (uint8_t l = 0; l < LOWERS; l++) {
        struct lower *lower = &im->lowers[l];
        any |= lower->member;
        wait |= lower->member && (has_failed(lower) || atomic_load(&lower->paused));
    }
    return wait || !any;
}

static void follow_pause(struct im *im)
{
    const bool wait = wants_pause(im);
    if (wait && !im->paused)
        flue_pause(&im->target.flue);
    else if (!wait && im->paused)
        flue_resume(&im->target.flue);
    im->paused = wait;
}

/* Only after the host was asked to wait: else what it takes back it might offload at once. */
static void follow_failure(struct im *im)
{
    for (uint8_t l = 0; l < LOWERS; l++) {
        struct lower *lower = &im->lowers[l];
        if (im->uploading || !im->host_waits || !lower->member || !has_failed(lower))
            continue;
        im->uploading = chimney_upload_all(&im->target);
        im->failovers += im->uploading;
    }
}

void failover_follow(struct im *im)
{
    uint32_t entries = 0;
    for (uint8_t l = 0; l < LOWERS; l++)
        entries += im->lowers[l].entries;
    if (entries == 0 && im->jobs_out == 0)
        choose_members(im);
    follow_pause(im);
    follow_failure(im);
}
