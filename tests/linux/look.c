/* SPDX-License-Identifier: BSD-2-Clause */
#include "look.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

uint64_t look_counter(const struct net *net, enum net_place place, const char *name)
{
    char names[2048] = "", values[2048] = "", *save_name, *save_value;
    unsigned long long found = 0;
    net_enter(net, place);
    FILE *file = fopen("/proc/thread-self/net/snmp", "r");
    while (file && fgets(names, sizeof(names), file) && strncmp(names, "Tcp:", 4) != 0)
        ;
    bool good = file && fgets(values, sizeof(values), file);
    if (file)
        fclose(file);
    net_enter(net, NET_HOST);
    char *n = strtok_r(names, " \n", &save_name), *v = strtok_r(values, " \n", &save_value);
    while (good && n && v) {
        if (strcmp(n, name) == 0)
            found = strtoull(v, NULL, 10);
        n = strtok_r(NULL, " \n", &save_name);
        v = strtok_r(NULL, " \n", &save_value);
    }
    return found;
}

bool look_first_word(const struct net *net, enum net_place place, const char *command, char *text,
                     unsigned int bytes)
{
    const char *const argv[] = {"sh", "-c", command, NULL};
    int ends[2];
    text[0] = 0;
    fflush(NULL);
    if (pipe(ends) != 0)
        return false;
    pid_t pid = net_spawn(net, place, argv, ends[1]);
    close(ends[1]);
    FILE *file = fdopen(ends[0], "r");
    bool got = file && fgets(text, (int)bytes, file) != NULL;
    if (file)
        fclose(file);
    text[strcspn(text, " \n")] = 0;
    int status = -1;
    waitpid(pid, &status, 0);
    return got && status == 0;
}

bool look_is_there(const char *program)
{
    char command[64];
    snprintf(command, sizeof(command), "command -v %s >/dev/null 2>&1", program);
    return system(command) == 0;
}

/* It says that it listens before the first packet; what comes then is what was captured. */
static void wait_until_it_listens(struct look_capture *capture)
{
    char text[512] = "";
    size_t at = 0;
    while (at + 1 < sizeof(text) && !strstr(text, "snapshot length") &&
           read(capture->output, text + at, 1) == 1)
        text[++at] = 0;
    while (read(capture->output, text, 1) == 1 && text[0] != '\n')
        ;
}

struct look_capture look_capture(const struct net *net, enum net_place place, const char *interface,
                                 const char *filter, const char *count)
{
    const char *const argv[] = {"tcpdump",          "-Z", "root", "-nn", "-l",      "-v",   "-t",
                                "--immediate-mode", "-c", count,  "-i",  interface, filter, NULL};
    struct look_capture capture = {.pid = -1, .output = -1};
    int ends[2];
    fflush(NULL);
    if (pipe(ends) != 0)
        return capture;
    capture.pid = net_spawn(net, place, argv, ends[1]);
    close(ends[1]);
    capture.output = ends[0];
    wait_until_it_listens(&capture);
    return capture;
}

void look_captured(struct look_capture *capture)
{
    FILE *file = fdopen(capture->output, "r");
    char line[512];
    kill(capture->pid, SIGINT); /* there may have been nothing to send: no waiting for packets */
    while (file && fgets(line, sizeof(line), file)) {
        if (!strstr(line, " packet"))
            printf("        %s", line);
    }
    if (file)
        fclose(file);
    waitpid(capture->pid, NULL, 0);
}
