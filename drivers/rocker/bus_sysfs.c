/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A device of this machine: its BARs are mapped from the resource files that Linux offers for every
 * PCI device, its configuration space is a file beside them. Firmware or kernel gave the BARs their
 * addresses. Memory for DMA is the caller's business (hugetlb pages and an IOMMU, or VFIO).
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "bus.h"
#include "registers.h"

struct sysfs {
    struct rocker_bus bus;
    int config;
    volatile unsigned char *bar[2];
};

static uint32_t config_read(struct rocker_bus *bus, uint32_t offset)
{
    unsigned char bytes[4];
    if (pread(((struct sysfs *)bus)->config, bytes, sizeof(bytes), offset) != sizeof(bytes)) {
        bus->broken = true;
        return UINT32_MAX;
    }
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
           (uint32_t)bytes[3] << 24;
}

static void config_write(struct rocker_bus *bus, uint32_t offset, uint32_t value)
{
    const unsigned char bytes[4] = {(unsigned char)value, (unsigned char)(value >> 8),
                                    (unsigned char)(value >> 16), (unsigned char)(value >> 24)};
    if (pwrite(((struct sysfs *)bus)->config, bytes, sizeof(bytes), offset) != sizeof(bytes))
        bus->broken = true;
}

static volatile void *at(struct rocker_bus *bus, unsigned int bar, uint32_t offset)
{
    return ((struct sysfs *)bus)->bar[bar] + offset;
}

/* The device is little endian, and so is every host this file is compiled for. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "registers need swapping here");

static uint32_t read32(struct rocker_bus *bus, unsigned int bar, uint32_t offset)
{
    uint32_t value = *(volatile uint32_t *)at(bus, bar, offset);
    __sync_synchronize(); /* Nothing is read from memory before the register was. */
    return value;
}

static void write32(struct rocker_bus *bus, unsigned int bar, uint32_t offset, uint32_t value)
{
    __sync_synchronize(); /* What lies in memory is there before the device is told. */
    *(volatile uint32_t *)at(bus, bar, offset) = value;
}

static uint64_t read64(struct rocker_bus *bus, unsigned int bar, uint32_t offset)
{
    uint64_t value = *(volatile uint64_t *)at(bus, bar, offset);
    __sync_synchronize();
    return value;
}

static void write64(struct rocker_bus *bus, unsigned int bar, uint32_t offset, uint64_t value)
{
    __sync_synchronize();
    *(volatile uint64_t *)at(bus, bar, offset) = value;
}

static void close_bus(struct rocker_bus *bus)
{
    struct sysfs *s = (struct sysfs *)bus;
    for (unsigned int bar = 0; bar < 2; bar++) {
        if (s->bar[bar])
            munmap((void *)(uintptr_t)s->bar[bar], ROCKER_BAR_BYTES);
    }
    if (s->config >= 0)
        close(s->config);
    free(s);
}

static int open_file(const char *directory, const char *name)
{
    char path[512];
    int length = snprintf(path, sizeof(path), "%s/%s", directory, name);
    if (length < 0 || (size_t)length >= sizeof(path)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(path, O_RDWR | O_CLOEXEC | O_SYNC);
}

static volatile unsigned char *map(const char *directory, const char *name)
{
    int file = open_file(directory, name);
    if (file < 0)
        return NULL;
    void *memory = mmap(NULL, ROCKER_BAR_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    int error = errno;
    close(file);
    errno = error;
    return memory == MAP_FAILED ? NULL : memory;
}

struct rocker_bus *rocker_bus_sysfs(const char *directory)
{
    struct sysfs *s = calloc(1, sizeof(*s));
    if (!s)
        return NULL;
    s->bus = (struct rocker_bus){.config_read = config_read,
                                 .config_write = config_write,
                                 .read32 = read32,
                                 .write32 = write32,
                                 .read64 = read64,
                                 .write64 = write64,
                                 .close = close_bus};
    s->config = open_file(directory, "config");
    if (s->config >= 0)
        s->bar[0] = map(directory, "resource0");
    if (s->bar[0])
        s->bar[1] = map(directory, "resource1");
    if (s->bar[1])
        return &s->bus;
    int error = errno;
    close_bus(&s->bus);
    errno = error;
    return NULL;
}
