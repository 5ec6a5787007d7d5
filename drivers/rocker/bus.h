/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * bus.h: how the driver reaches the device's registers and configuration space.
 *
 * Two implementations: a QEMU at the other end of a qtest socket (bus_qtest.c), and a device of
 * this machine by its files in sysfs (bus_sysfs.c). Nothing else in the driver knows which it is.
 *
 *     example
 *     struct rocker_bus *bus = rocker_bus_sysfs("/sys/bus/pci/devices/0000:01:00.0");
 *     uint32_t ports = bus->read32(bus, 0, 0x304);
 *     bus->close(bus);
 *
 * One thread at a time. A bus that broke (its socket was closed) reads all ones, as PCI does, and
 * ignores what is written; `broken` tells.
 */
#ifndef ROCKER_BUS_H
#define ROCKER_BUS_H

#include <stdbool.h>
#include <stdint.h>

struct rocker_bus {
    /* Configuration space of the device, 4 bytes wide; `offset` is a multiple of 4. */
    uint32_t (*config_read)(struct rocker_bus *bus, uint32_t offset);
    void (*config_write)(struct rocker_bus *bus, uint32_t offset, uint32_t value);
    /* Registers: `bar` is 0 or 1. A write has landed, with all it causes, when the call returns. */
    uint32_t (*read32)(struct rocker_bus *bus, unsigned int bar, uint32_t offset);
    void (*write32)(struct rocker_bus *bus, unsigned int bar, uint32_t offset, uint32_t value);
    uint64_t (*read64)(struct rocker_bus *bus, unsigned int bar, uint32_t offset);
    void (*write64)(struct rocker_bus *bus, unsigned int bar, uint32_t offset, uint64_t value);
    void (*close)(struct rocker_bus *bus);
    uint64_t base[2];   /* where the BARs are on the bus; set by rocker_pci_probe() */
    bool needs_address; /* nobody has given the BARs an address: the driver does */
    bool broken;
};

/* Takes over the connected socket. NULL: no memory, or no such device behind it. */
struct rocker_bus *rocker_bus_qtest(int socket);
/* Opens config, resource0 and resource1 in `directory`. NULL: they are not there; errno tells. */
struct rocker_bus *rocker_bus_sysfs(const char *directory);

/* Find the device and its MSI-X capability, give the BARs addresses, let it master the bus. */
bool rocker_pci_probe(struct rocker_bus *bus);
/* The device writes `value` to `address` when it would interrupt by `vector`. */
void rocker_pci_vector(struct rocker_bus *bus, unsigned int vector, uint64_t address,
                       uint32_t value);
/* Without mastership the device reads no descriptors and writes no answers. */
void rocker_pci_master(struct rocker_bus *bus, bool on);

#endif
