/* SPDX-License-Identifier: BSD-2-Clause */
/* order.h: what the worker is told to do, and what it says to that. */
#ifndef LINUX_ORDER_H
#define LINUX_ORDER_H

#include "chimney.h"
#include "connection.h"

/* A command, with all that its function was given. */
struct linux_order {
    flue_cookie cookie;
    uint8_t kind, command;
    bool spoilt;     /* for tests: the kernel gets a request that it cannot know, and refuses */
    uint32_t index;  /* of the object */
    uint32_t target; /* neighbor of a path, or path of a connection */
    union {
        struct {
            uint32_t interface; /* of the kernel */
            uint8_t mac[6];
        } neighbor;
        struct {
            bool ipv6;
            uint8_t source[16], destination[16];
            uint32_t mtu;
        } path;
        struct linux_connection *connection; /* to be imported; the worker frees it */
        struct linux_settings settings;
        struct chimney_restart_args restart;
    };
};

struct linux_answer {
    flue_cookie cookie;
    uint8_t kind, command;
    uint32_t index;
    uint8_t result;               /* enum chimney_result */
    int error;                    /* the errno behind it */
    struct linux_connection read; /* what was read or taken back; its data stays with the worker */
};

#endif
