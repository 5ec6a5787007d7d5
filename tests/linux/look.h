/* SPDX-License-Identifier: BSD-2-Clause */
/* look.h: what the demo shows of the four hosts: counters, captures, sums. */
#ifndef LOOK_H
#define LOOK_H

#include "net.h"

/* A TCP counter of /proc/net/snmp there: RetransSegs, OutRsts ... */
uint64_t look_counter(const struct net *net, enum net_place place, const char *name);
/*
 * tcpdump there, which listens already; look_captured() waits for its `count` packets, and prints.
 */
struct look_capture {
    pid_t pid;
    int output;
};
struct look_capture look_capture(const struct net *net, enum net_place place, const char *interface,
                                 const char *filter, const char *count);
void look_captured(struct look_capture *capture);
/* Sets text to what a shell's command there prints first; false if it fails. */
bool look_first_word(const struct net *net, enum net_place place, const char *command, char *text,
                     unsigned int bytes);
/* Of the two: is that program there? */
bool look_is_there(const char *program);

#endif
