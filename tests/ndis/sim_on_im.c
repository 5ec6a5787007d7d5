/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The NIC is two, below flue_im.sys and two adapters of flue_chimney.sys. To a test they are one:
 * by the indices of the intermediate driver, neighbors and paths of both, which must agree, and the
 * connections of either. The functions of the two have other names here: nic_...().
 */
#include "sim_on.h"

#include <string.h>

#include "im.h"

bool nic_idle(struct sim_nic *nic);
uint32_t nic_entries(struct sim_nic *nic, uint8_t kind);
bool nic_neighbor(struct sim_nic *nic, uint32_t index, struct sim_neighbor *copy);
bool nic_path(struct sim_nic *nic, uint32_t index, struct sim_path *copy);
bool nic_tcp(struct sim_nic *nic, uint32_t index, struct sim_tcp *copy);
void nic_counters(struct sim_nic *nic, struct sim_counters *copy);
bool nic_traffic(struct sim_nic *nic, uint32_t tcp, uint32_t sent, uint32_t received);
void nic_behavior_set(struct sim_nic *nic, const struct sim_behavior *behavior);
void nic_judge_set(struct sim_nic *nic, sim_judge *judge, void *context);

static struct sim_nic *nics[LOWERS];
static sim_judge *judge;
static void *judge_context;

static const struct im *im_of(const struct sim_nic *nic)
{
    return (const void *)nic; /* both begin with their target */
}

/* ---- Begin, time --------------------------------------------------------------------------- */

struct sim_nic *sim_open(const struct sim_config *config, enum flue_error *error)
{
    static bool loaded;
    const struct mock_host host = {config->flue.completions, config->flue.indications,
                                   config->flue.host_handle};
    sim_on_config(config);
    loaded = loaded || (mock_load("flue_chimney.sys") && mock_load("flue_im.sys"));
    mock_clock(1); /* tests begin where they like */
    void *im = loaded ? mock_initialize(&host) : NULL;
    for (unsigned l = 0; im && l < LOWERS; l++) {
        mock_select(1 + l);
        nics[l] = mock_context();
    }
    mock_select(0);
    if (im)
        sim_behavior_set(im, &config->behavior);
    if (error)
        *error = im ? FLUE_OK : FLUE_BAD_CONFIG;
    return im;
}

/* A step of the devices is one of each lower driver's DPC. */
void sim_step(struct sim_nic *nic, uint32_t steps)
{
    (void)nic;
    for (uint32_t i = 0; i < steps * LOWERS; i++) {
        sem_post(&nics[i % LOWERS]->device->device_bell);
        mock_run_one();
    }
}

/* It only begins: what the lower drivers have is taken back while time goes on. */
void sim_reset(struct sim_nic *nic)
{
    (void)nic;
    mock_reset();
}

bool sim_idle(struct sim_nic *nic)
{
    bool idle = im_of(nic)->jobs_out == 0 && !mock_resetting();
    for (unsigned l = 0; l < LOWERS; l++)
        idle = idle && nic_idle(nics[l]) && flue_target_quiet(&nics[l]->target.flue);
    return idle;
}

/* ---- What becomes of commands -------------------------------------------------------------- */

void sim_behavior_set(struct sim_nic *nic, const struct sim_behavior *behavior)
{
    (void)nic;
    for (unsigned l = 0; l < LOWERS; l++)
        nic_behavior_set(nics[l], behavior);
}

/*
 * What both are asked for is refused by the first, the second, or both, by chance of the judge;
 * what one is asked for, by that.
 */
static bool judge_lower(void *nic, uint8_t kind, uint8_t command, uint32_t index, const void *args,
                        struct sim_fault *fault)
{
    const unsigned other = *(struct sim_nic **)nic == nics[0];
    const bool strikes = judge && judge(judge_context, kind, command, index, args, fault);
    return strikes && (kind == CHIMNEY_TCP || fault->what != SIM_FAULT_FAIL ||
                       fault->steps % (LOWERS + 1) != other);
}

void sim_judge_set(struct sim_nic *nic, sim_judge *by, void *context)
{
    (void)nic;
    judge = by;
    judge_context = context;
    for (unsigned l = 0; l < LOWERS; l++)
        nic_judge_set(nics[l], judge_lower, &nics[l]);
}

/* ---- Tables -------------------------------------------------------------------------------- */

/* Its index in a lower driver; UINT32_MAX: it is not there. */
static uint32_t index_below(const struct sim_nic *nic, unsigned lower, uint8_t kind, uint32_t index)
{
    const struct im *im = im_of(nic);
    const struct entry *e = index < im->capacity[kind] ? im->lowers[lower].of[kind][index] : NULL;
    return e && e->handle.MiniportOffloadContext
               ? (uint32_t)(uintptr_t)e->handle.MiniportOffloadContext
               : UINT32_MAX;
}

/* And back. */
static uint32_t index_above(const struct sim_nic *nic, unsigned lower, uint8_t kind, uint32_t index)
{
    for (uint32_t i = 0; i < im_of(nic)->capacity[kind]; i++)
        if (index_below(nic, lower, kind, i) == index)
            return i;
    return UINT32_MAX;
}

static void agree(bool equal, const char *what)
{
    if (!equal)
        mock_broken("agree", "%s differ in the lower drivers", what);
}

bool sim_neighbor(struct sim_nic *nic, uint32_t index, struct sim_neighbor *copy)
{
    struct sim_neighbor two[LOWERS] = {0};
    bool found[LOWERS];
    for (unsigned l = 0; l < LOWERS; l++)
        found[l] = nic_neighbor(nics[l], index_below(nic, l, CHIMNEY_NEIGHBOR, index), &two[l]);
    agree(found[0] == found[1] && two[0].blocked == two[1].blocked &&
              memcmp(two[0].holds.destination_mac, two[1].holds.destination_mac,
                     sizeof two[0].holds.destination_mac) == 0,
          "neighbors");
    *copy = two[index % LOWERS];
    return found[0];
}

bool sim_path(struct sim_nic *nic, uint32_t index, struct sim_path *copy)
{
    struct sim_path two[LOWERS] = {0};
    bool found[LOWERS];
    for (unsigned l = 0; l < LOWERS; l++) {
        found[l] = nic_path(nics[l], index_below(nic, l, CHIMNEY_PATH, index), &two[l]);
        if (found[l])
            two[l].holds.neighbor = index_above(nic, l, CHIMNEY_NEIGHBOR, two[l].holds.neighbor);
    }
    agree(found[0] == found[1] && two[0].blocked == two[1].blocked &&
              two[0].holds.neighbor == two[1].holds.neighbor &&
              two[0].holds.path_mtu == two[1].holds.path_mtu,
          "paths");
    *copy = two[index % LOWERS];
    return found[0];
}

bool sim_tcp(struct sim_nic *nic, uint32_t index, struct sim_tcp *copy)
{
    unsigned found = 0;
    for (unsigned l = 0; l < LOWERS; l++) {
        if (!nic_tcp(nics[l], index_below(nic, l, CHIMNEY_TCP, index), copy))
            continue;
        copy->holds.path = index_above(nic, l, CHIMNEY_PATH, copy->holds.path);
        found++;
    }
    agree(found < LOWERS, "connections");
    return found == 1;
}

uint32_t sim_entries(struct sim_nic *nic, uint8_t kind)
{
    const uint32_t two[LOWERS] = {nic_entries(nics[0], kind), nic_entries(nics[1], kind)};
    (void)nic;
    if (kind == CHIMNEY_TCP)
        return two[0] + two[1];
    agree(two[0] == two[1], "numbers of entries");
    return two[0];
}

/* What both are asked for counts once, as if by one NIC. */
void sim_counters(struct sim_nic *nic, struct sim_counters *copy)
{
    struct sim_counters second;
    (void)nic;
    nic_counters(nics[0], copy);
    nic_counters(nics[1], &second);
    copy->nonsense += second.nonsense;
    copy->all.seen = 0;
    for (uint8_t kind = 0; kind < CHIMNEY_KINDS; kind++)
        for (uint8_t c = 0; c < FLUE_MAX_COMMANDS; c++) {
            uint64_t *first = &copy->of[kind][c].seen, more = second.of[kind][c].seen;
            *first = kind == CHIMNEY_TCP ? *first + more : more > *first ? more : *first;
            copy->all.seen += *first;
        }
}

bool sim_traffic(struct sim_nic *nic, uint32_t tcp, uint32_t sent, uint32_t received)
{
    bool any = false;
    for (unsigned l = 0; l < LOWERS; l++)
        any |= nic_traffic(nics[l], index_below(nic, l, CHIMNEY_TCP, tcp), sent, received);
    return any;
}
