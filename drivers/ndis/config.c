/* SPDX-License-Identifier: BSD-2-Clause */
/* Numbers of an adapter, from its key in the registry; the .inf says which and how large. */
#include "adapter.h"

#define KEY(text)                                                \
    {                                                            \
        sizeof(text) - 2, sizeof(text), (const uint16_t *)(text) \
    }

static uint32_t number(NDIS_HANDLE configuration, UNICODE_STRING keyword, uint32_t least,
                       uint32_t most, uint32_t otherwise)
{
    NDIS_CONFIGURATION_PARAMETER *parameter;
    NDIS_STATUS status;
    NdisReadConfiguration(&status, &parameter, configuration, &keyword, NdisParameterInteger);
    if (status != NDIS_STATUS_SUCCESS || parameter->ParameterType != NdisParameterInteger)
        return otherwise;
    const uint32_t value = parameter->ParameterData.IntegerData;
    return value >= least && value <= most ? value : otherwise;
}

static void read_numbers(NDIS_HANDLE configuration, struct sim_config *config)
{
    const UNICODE_STRING neighbors = KEY(u"Neighbors"), paths = KEY(u"Paths"),
                         connections = KEY(u"Connections");
    uint32_t *capacity = config->flue.capacity;
    capacity[CHIMNEY_NEIGHBOR] = number(configuration, neighbors, 1, 1u << 16, 64);
    capacity[CHIMNEY_PATH] = number(configuration, paths, 1, 1u << 20, 1024);
    capacity[CHIMNEY_TCP] = number(configuration, connections, 1, 1u << 20, 1024);
}

struct sim_config config_read(NDIS_HANDLE adapter)
{
    NDIS_CONFIGURATION_OBJECT object = {
        .Header = {NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT, 1, sizeof object}, .NdisHandle = adapter};
    struct sim_config config = sim_config_default();
    NDIS_HANDLE configuration;
    config.ring_entries = config.flue.ring_entries = 64;
    config.flue.reserved_entries = 4;
    config.flue.running_requests = 8;
    config.flue.quarantine_limit = 16;
    if (NdisOpenConfigurationEx(&object, &configuration) == NDIS_STATUS_SUCCESS) {
        read_numbers(configuration, &config);
        NdisCloseConfiguration(configuration);
    }
    return config;
}
