/* SPDX-License-Identifier: BSD-2-Clause */
/* What every PCI driver does first: identity, addresses, mastership, interrupt vectors. */
#include "bus.h"
#include "registers.h"

/* Free in the memory map of the machines QEMU makes; only used where nobody gave an address. */
#define FREE_ADDRESS 0xfe000000u
#define CAPABILITY_MSIX 0x11u
#define MSIX_ENABLE 0x80000000u
#define MAX_CAPABILITIES 48
#define VECTOR_BYTES 16

/* Configuration offset of the MSI-X capability, or 0. */
static uint32_t find_msix(struct rocker_bus *bus)
{
    uint32_t at = bus->config_read(bus, ROCKER_PCI_CAPABILITIES) & 0xfc;
    for (unsigned int i = 0; at != 0 && i < MAX_CAPABILITIES; i++) {
        uint32_t header = bus->config_read(bus, at);
        if ((header & 0xff) == CAPABILITY_MSIX)
            return at;
        at = header >> 8 & 0xfc;
    }
    return 0;
}

static bool assign_bars(struct rocker_bus *bus)
{
    for (unsigned int bar = 0; bar < 2; bar++) {
        uint32_t at = ROCKER_PCI_BAR0 + 4 * bar;
        if (bus->needs_address)
            bus->config_write(bus, at, FREE_ADDRESS + bar * ROCKER_BAR_BYTES);
        bus->base[bar] = bus->config_read(bus, at) & ~0xfu;
        if (bus->base[bar] == 0)
            return false;
    }
    return true;
}

void rocker_pci_master(struct rocker_bus *bus, bool on)
{
    uint32_t command =
        bus->config_read(bus, ROCKER_PCI_COMMAND) & 0xffffu & ~(uint32_t)ROCKER_PCI_MASTER;
    /* The upper half is the status register, whose bits are cleared by ones. */
    bus->config_write(bus, ROCKER_PCI_COMMAND,
                      command | ROCKER_PCI_MEMORY | (on ? ROCKER_PCI_MASTER : 0u));
}

bool rocker_pci_probe(struct rocker_bus *bus)
{
    if (bus->config_read(bus, 0) != ROCKER_PCI_ID || !assign_bars(bus))
        return false;
    rocker_pci_master(bus, true);
    uint32_t msix = find_msix(bus);
    if (msix == 0)
        return false;
    bus->config_write(bus, msix, bus->config_read(bus, msix) | MSIX_ENABLE);
    return !bus->broken;
}

void rocker_pci_vector(struct rocker_bus *bus, unsigned int vector, uint64_t address,
                       uint32_t value)
{
    uint32_t entry = vector * VECTOR_BYTES;
    bus->write32(bus, 1, entry, (uint32_t)address);
    bus->write32(bus, 1, entry + 4, (uint32_t)(address >> 32));
    bus->write32(bus, 1, entry + 8, value);
    bus->write32(bus, 1, entry + 12, 0); /* not masked */
}
