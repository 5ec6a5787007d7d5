/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of an adapter, from its key in the registry; the .inf says which and how large. */
#include "adapter.h"
#include "registration.h"

#define MOST_OBJECTS (1u << 20)
#define MOST_RING (1u << 12)

/* What the target may hold, and how much of it may be under way. */
static void read_target(NDIS_HANDLE from, struct flue_config *config)
{
    uint32_t *stale = &config->parameters[CHIMNEY_PARAMETER_NCE_STALE_TICKS];
    REGISTRATION_NUMBER(from, u"Neighbors", 1, MOST_OBJECTS, &config->capacity[CHIMNEY_NEIGHBOR]);
    REGISTRATION_NUMBER(from, u"Paths", 1, MOST_OBJECTS, &config->capacity[CHIMNEY_PATH]);
    REGISTRATION_NUMBER(from, u"Connections", 1, MOST_OBJECTS, &config->capacity[CHIMNEY_TCP]);
    REGISTRATION_NUMBER(from, u"RingEntries", 2, MOST_RING, &config->ring_entries);
    REGISTRATION_NUMBER(from, u"ReservedEntries", 0, MOST_RING, &config->reserved_entries);
    REGISTRATION_NUMBER(from, u"RunningRequests", 1, 1u << 16, &config->running_requests);
    REGISTRATION_NUMBER(from, u"QuarantineLimit", 0, MOST_RING, &config->quarantine_limit);
    REGISTRATION_NUMBER(from, u"CacheResidentObjects", 0, UINT32_MAX,
                        &config->cache_resident_objects);
    REGISTRATION_NUMBER(from, u"NceStaleTicks", 0, UINT32_MAX, stale);
}

/* The software NIC's own; tables of 0 entries are as large as the target's. */
static void read_nic(NDIS_HANDLE from, struct sim_config *config)
{
    uint32_t seed = (uint32_t)config->seed;
    REGISTRATION_NUMBER(from, u"NicNeighbors", 0, MOST_OBJECTS, &config->entries[CHIMNEY_NEIGHBOR]);
    REGISTRATION_NUMBER(from, u"NicPaths", 0, MOST_OBJECTS, &config->entries[CHIMNEY_PATH]);
    REGISTRATION_NUMBER(from, u"NicConnections", 0, MOST_OBJECTS, &config->entries[CHIMNEY_TCP]);
    REGISTRATION_NUMBER(from, u"NicRingEntries", 2, MOST_RING, &config->ring_entries);
    REGISTRATION_NUMBER(from, u"NicSeed", 0, UINT32_MAX, &seed);
    config->seed = seed;
}

/* By the keywords that NDIS keeps for OID_TCP_OFFLOAD_PARAMETERS. */
static void read_offers(NDIS_HANDLE from, uint32_t offers[2])
{
    REGISTRATION_NUMBER(from, u"*TCPConnectionOffloadIPv4", 0, 1, &offers[CHIMNEY_VARIANT_IPV4]);
    REGISTRATION_NUMBER(from, u"*TCPConnectionOffloadIPv6", 0, 1, &offers[CHIMNEY_VARIANT_IPV6]);
}

struct sim_config config_read(NDIS_HANDLE adapter, uint32_t offers[2])
{
    NDIS_CONFIGURATION_OBJECT object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, 1, sizeof object}, .NdisHandle = adapter};
    struct sim_config config = sim_config_default();
    NDIS_HANDLE configuration;
    config.ring_entries = config.flue.ring_entries = 64;
    config.flue.reserved_entries = 4;
    config.flue.running_requests = 8;
    config.flue.quarantine_limit = 16;
    offers[CHIMNEY_VARIANT_IPV4] = offers[CHIMNEY_VARIANT_IPV6] = 1;
    if (NdisOpenConfigurationEx(&object, &configuration) == NDIS_STATUS_SUCCESS) {
        read_target(configuration, &config.flue);
        read_nic(configuration, &config);
        read_offers(configuration, offers);
        NdisCloseConfiguration(configuration);
    }
    return config;
}
