/* SPDX-License-Identifier: BSD-2-Clause */
/* What a host sets of a socket, and what it reads: an option each. */
#include <errno.h>
#include <linux/in6.h>
#include <linux/tcp.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#include "connection.h"

#define MS 1000u
#define NO_TIMER UINT32_MAX
#define DELAYED_STATE_UNSET 0x7fffffffu /* of the slow start threshold */

static int set(int fd, int level, int option, int value)
{
    return setsockopt(fd, level, option, &value, sizeof(value)) == 0 ? 0 : errno;
}

static int get(int fd, int level, int option)
{
    int value = 0;
    socklen_t bytes = sizeof(value);
    return getsockopt(fd, level, option, &value, &bytes) == 0 ? value : 0;
}

static int seconds(uint32_t ms)
{
    return (int)(ms / MS + (ms % MS != 0));
}

/* Off: values that the kernel would refuse do not matter yet, and are left as they are. */
int linux_set_timers(int fd, const struct linux_settings *settings)
{
    const struct {
        int option, value;
    } times[] = {{TCP_KEEPIDLE, seconds(settings->ka_timeout_ms)},
                 {TCP_KEEPINTVL, seconds(settings->ka_interval_ms)},
                 {TCP_KEEPCNT, settings->ka_probe_count}};
    int error = set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, (int)settings->max_rt_ms);
    for (unsigned int i = 0; i < sizeof(times) / sizeof(times[0]) && !error; i++) {
        error = set(fd, IPPROTO_TCP, times[i].option, times[i].value);
        if (error == EINVAL && !settings->keepalive_on)
            error = 0;
    }
    return error ? error : set(fd, SOL_SOCKET, SO_KEEPALIVE, settings->keepalive_on);
}

int linux_set_buffers(int fd, const struct linux_settings *settings)
{
    int error = set(fd, IPPROTO_TCP, TCP_NODELAY, !settings->nagle_on);
    int window = (int)settings->receive_window;
    if (error || window == 0)
        return error;
    if (set(fd, SOL_SOCKET, SO_RCVBUFFORCE, window) != 0)
        error = set(fd, SOL_SOCKET, SO_RCVBUF, window);
    return error ? error : set(fd, IPPROTO_TCP, TCP_WINDOW_CLAMP, window);
}

int linux_set_header(int fd, bool ipv6, const struct linux_settings *settings)
{
    int error = ipv6 ? set(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, settings->ttl)
                     : set(fd, IPPROTO_IP, IP_TTL, settings->ttl);
    if (!error)
        error = ipv6 ? set(fd, IPPROTO_IPV6, IPV6_TCLASS, settings->tos)
                     : set(fd, IPPROTO_IP, IP_TOS, settings->tos);
    /* The last: the one before changes it, too. */
    return error ? error : set(fd, SOL_SOCKET, SO_PRIORITY, settings->priority);
}

void linux_get_settings(int fd, bool ipv6, struct linux_settings *settings)
{
    *settings = (struct linux_settings){
        .keepalive_on = get(fd, SOL_SOCKET, SO_KEEPALIVE) != 0,
        .nagle_on = get(fd, IPPROTO_TCP, TCP_NODELAY) == 0,
        .ka_probe_count = (uint8_t)get(fd, IPPROTO_TCP, TCP_KEEPCNT),
        .ka_timeout_ms = (uint32_t)get(fd, IPPROTO_TCP, TCP_KEEPIDLE) * MS,
        .ka_interval_ms = (uint32_t)get(fd, IPPROTO_TCP, TCP_KEEPINTVL) * MS,
        .max_rt_ms = (uint32_t)get(fd, IPPROTO_TCP, TCP_USER_TIMEOUT),
        .ttl = (uint8_t)(ipv6 ? get(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS)
                              : get(fd, IPPROTO_IP, IP_TTL)),
        .tos = (uint8_t)(ipv6 ? get(fd, IPPROTO_IPV6, IPV6_TCLASS) : get(fd, IPPROTO_IP, IP_TOS)),
        .priority = (uint8_t)get(fd, SOL_SOCKET, SO_PRIORITY),
    };
}

/* The kernel tells more than Debian's header has. */
#define TOTAL_RTO_TIME_AT 244
union longer_info {
    struct tcp_info info;
    unsigned char bytes[256];
};

void linux_measure(int fd, struct linux_measured *measured)
{
    union longer_info longer;
    uint32_t total_rto_ms;
    socklen_t bytes = sizeof(longer);
    memset(&longer, 0, sizeof(longer));
    getsockopt(fd, IPPROTO_TCP, TCP_INFO, &longer, &bytes);
    memcpy(&total_rto_ms, longer.bytes + TOTAL_RTO_TIME_AT, sizeof(total_rto_ms));
    const struct tcp_info info = longer.info;
    *measured = (struct linux_measured){
        .cwnd = info.tcpi_snd_cwnd * info.tcpi_snd_mss,
        .ssthresh = info.tcpi_snd_ssthresh < DELAYED_STATE_UNSET / (info.tcpi_snd_mss | 1)
                        ? info.tcpi_snd_ssthresh * info.tcpi_snd_mss
                        : DELAYED_STATE_UNSET,
        .rtt_us = info.tcpi_rtt,
        .rtt_var_us = info.tcpi_rttvar,
        .retransmits = info.tcpi_retransmits,
        .probes = info.tcpi_probes,
        .retransmit_left_ms = NO_TIMER,
        .keepalive_left_ms = NO_TIMER,
        .total_rto_ms = total_rto_ms,
        .segments_in = info.tcpi_segs_in,
        .total_retransmits = info.tcpi_total_retrans,
    };
}
