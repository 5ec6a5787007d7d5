/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The device inside a QEMU, by the line protocol of its test server: one line asks, one answers.
 * The device has finished its work before the answer to a write comes.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bus.h"
#include "registers.h"

#define LINE_BYTES 128
#define SLOTS 32 /* devices of bus 0 that are looked at */

struct qtest {
    struct rocker_bus bus;
    int socket;
    unsigned int slot;
    size_t got;
    char buffer[LINE_BYTES];
};

static bool send_all(int socket, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t sent = send(socket, text, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent <= 0)
            return false;
        text += sent;
        length -= (size_t)sent;
    }
    return true;
}

/* The next line into `line`, without its end. */
static bool receive_line(struct qtest *q, char *line)
{
    for (;;) {
        char *end = memchr(q->buffer, '\n', q->got);
        if (end) {
            size_t length = (size_t)(end - q->buffer);
            memcpy(line, q->buffer, length);
            line[length] = '\0';
            q->got -= length + 1;
            memmove(q->buffer, end + 1, q->got);
            return true;
        }
        ssize_t got = recv(q->socket, q->buffer + q->got, sizeof(q->buffer) - q->got, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        q->got += (size_t)got;
    }
}

/* Interrupts are told in lines of their own (IRQ ...), and are of no interest here. */
static uint64_t ask(struct qtest *q, const char *format, ...)
{
    char line[LINE_BYTES];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    bool good = !q->bus.broken && send_all(q->socket, line, (size_t)length);
    do
        good = good && receive_line(q, line);
    while (good && strncmp(line, "IRQ", 3) == 0);
    good = good && strncmp(line, "OK", 2) == 0;
    q->bus.broken |= !good;
    return good ? strtoull(line + 2, NULL, 16) : UINT64_MAX;
}

static uint32_t config_address(const struct qtest *q, uint32_t offset)
{
    return 0x80000000u | q->slot << 11 | offset;
}

static uint32_t config_read(struct rocker_bus *bus, uint32_t offset)
{
    struct qtest *q = (struct qtest *)bus;
    ask(q, "outl 0xcf8 0x%" PRIx32 "\n", config_address(q, offset));
    return (uint32_t)ask(q, "inl 0xcfc\n");
}

static void config_write(struct rocker_bus *bus, uint32_t offset, uint32_t value)
{
    struct qtest *q = (struct qtest *)bus;
    ask(q, "outl 0xcf8 0x%" PRIx32 "\n", config_address(q, offset));
    ask(q, "outl 0xcfc 0x%" PRIx32 "\n", value);
}

static uint32_t read32(struct rocker_bus *bus, unsigned int bar, uint32_t offset)
{
    return (uint32_t)ask((struct qtest *)bus, "readl 0x%" PRIx64 "\n", bus->base[bar] + offset);
}

static void write32(struct rocker_bus *bus, unsigned int bar, uint32_t offset, uint32_t value)
{
    ask((struct qtest *)bus, "writel 0x%" PRIx64 " 0x%" PRIx32 "\n", bus->base[bar] + offset,
        value);
}

static uint64_t read64(struct rocker_bus *bus, unsigned int bar, uint32_t offset)
{
    return ask((struct qtest *)bus, "readq 0x%" PRIx64 "\n", bus->base[bar] + offset);
}

static void write64(struct rocker_bus *bus, unsigned int bar, uint32_t offset, uint64_t value)
{
    ask((struct qtest *)bus, "writeq 0x%" PRIx64 " 0x%" PRIx64 "\n", bus->base[bar] + offset,
        value);
}

static void close_bus(struct rocker_bus *bus)
{
    close(((struct qtest *)bus)->socket);
    free(bus);
}

static bool find(struct qtest *q)
{
    for (q->slot = 0; q->slot < SLOTS && !q->bus.broken; q->slot++) {
        if (config_read(&q->bus, 0) == ROCKER_PCI_ID)
            return true;
    }
    return false;
}

struct rocker_bus *rocker_bus_qtest(int socket)
{
    struct qtest *q = calloc(1, sizeof(*q));
    if (!q)
        return NULL;
    q->socket = socket;
    q->bus = (struct rocker_bus){.config_read = config_read,
                                 .config_write = config_write,
                                 .read32 = read32,
                                 .write32 = write32,
                                 .read64 = read64,
                                 .write64 = write64,
                                 .close = close_bus,
                                 .needs_address = true};
    if (find(q))
        return &q->bus;
    close_bus(&q->bus);
    return NULL;
}
