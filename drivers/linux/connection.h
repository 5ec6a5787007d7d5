/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * connection.h: a TCP connection taken out of its socket, and put into another.
 *
 * What is exported is in no socket any more: the kernel would answer a segment of it with a reset.
 * So whoever exports guards the connection before (guard.h), and the guard ends inside the import.
 *
 *     example
 *     linux_guard_add(guard, &tuple);
 *     linux_guard_wait();
 *     int error = linux_export(fd, &connection); // 0: the socket holds it no longer
 *     linux_abandon(fd);
 *     error = linux_import(&connection, guard, mark, &fd, &step);
 *     linux_connection_free(&connection);
 */
#ifndef LINUX_CONNECTION_H
#define LINUX_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "guard.h"

/* Data that travels along: SendDataHead to SendDataTail, and BufferedData, are chains of these. */
struct linux_data {
    struct linux_data *next;
    uint32_t bytes;
    unsigned char data[];
};

/* NULL if there is no memory; a chain of one otherwise. Freed by linux_data_free(). */
struct linux_data *linux_data_new(uint32_t bytes);
void linux_data_free(struct linux_data *chain);
uint32_t linux_data_bytes(const struct linux_data *chain);
struct linux_data *linux_data_last(struct linux_data *chain);

/* What a host sets of a socket. Times are in milliseconds. */
struct linux_settings {
    bool keepalive_on, nagle_on;
    uint8_t ka_probe_count;
    uint32_t ka_timeout_ms, ka_interval_ms; /* the kernel has seconds: rounded up */
    uint32_t max_rt_ms;                     /* 0: as the kernel likes */
    uint32_t receive_window;                /* 0: as the kernel likes */
    uint32_t flow_label;                    /* set when a connection is imported, never later */
    uint8_t ttl, tos, priority;
};

/* What can be read of a connection, and not be set. Times are in microseconds. */
struct linux_measured {
    uint32_t cwnd, ssthresh; /* bytes */
    uint32_t rtt_us, rtt_var_us;
    uint32_t total_rto_ms;
    uint8_t retransmits, probes;
    uint32_t retransmit_left_ms, keepalive_left_ms; /* UINT32_MAX: not running, or not known */
    uint64_t segments_in, total_retransmits;
};

struct linux_connection {
    struct linux_tuple tuple;
    uint8_t state; /* enum chimney_tcp_state_value: RFC 793's */
    bool timestamps, sack, window_scaling;
    uint8_t snd_wind_scale, rcv_wind_scale;
    uint16_t mss;
    uint32_t rcv_nxt, rcv_wnd;
    uint32_t snd_una, snd_nxt, snd_wnd, max_snd_wnd, send_wl1;
    uint32_t ts_time; /* milliseconds, even */
    struct linux_settings settings;
    struct linux_measured measured; /* filled by an export, not used by an import */
    uint32_t send_backlog, receive_backlog;
    struct linux_data *send;    /* from snd_una on; first what is sent, then what is not */
    struct linux_data *receive; /* in order, acknowledged, and not taken by the application */
};

void linux_connection_free(struct linux_connection *connection);

/* What a kernel's number (tcpi_state) is in RFC 793's. */
uint8_t linux_state_of(uint8_t kernel);
/* Our FIN, or the peer's, has a number in the sequence: by the connection's state. */
bool linux_state_fin_sent(uint8_t state);
bool linux_state_fin_received(uint8_t state);
/* Our FIN is in the queue, and not acknowledged. */
bool linux_state_fin_queued(uint8_t state);

/* Is a socket allowed to be moved here? 0, or an errno. */
int linux_repair_permitted(void);

/*
 * All there is to know; the socket's data is copied. 0 or an errno. After it, linux_abandon()
 * closes the socket without a word to the peer, or linux_resume() lets it go on as if nothing had
 * been. A connection that is over, by a look before it or by what came since, has its state
 * (CLOSED) and unread data only: a host resumes its socket, and reads on.
 */
int linux_export(int fd, struct linux_connection *connection);
void linux_abandon(int fd);
int linux_resume(int fd);
/* The same without data, and the socket goes on as if nothing had been. */
int linux_look(int fd, struct linux_connection *connection);

/*
 * A socket with this connection in it, marked `mark`, not blocking. On an error nothing is left
 * behind, the guard stays, and the connection may be imported elsewhere. `step` (may be NULL)
 * tells which call refused.
 */
int linux_import(const struct linux_connection *connection, struct linux_guard *guard,
                 uint32_t mark, int *fd, const char **step);

/*
 * The same in two steps. What is prepared neither sends nor answers, so that it is as it was until
 * it is started; linux_abandon() takes it back. ECONNRESET of linux_start() is the peer's; after
 * another error it is prepared, and guarded, as before.
 */
int linux_prepare(const struct linux_connection *connection, uint32_t mark, int *fd,
                  const char **step);
int linux_start(const struct linux_connection *connection, struct linux_guard *guard, int fd,
                const char **step);

/* ---- settings.c ------------------------------------------------------------------------------ */

/* Each 0 or an errno; what is set before one that is refused, stays. */
int linux_set_timers(int fd, const struct linux_settings *settings);
int linux_set_buffers(int fd, const struct linux_settings *settings);
int linux_set_header(int fd, bool ipv6, const struct linux_settings *settings);
void linux_get_settings(int fd, bool ipv6, struct linux_settings *settings);
void linux_measure(int fd, struct linux_measured *measured);

/* ---- inject.c -------------------------------------------------------------------------------- */

/* A segment from the peer that nobody sent: the guard lets it pass. 0 or an errno. */
int linux_inject(const struct linux_tuple *tuple, uint32_t sequence, uint32_t acknowledged,
                 bool fin, uint32_t window);

#endif
