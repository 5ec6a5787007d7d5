/* SPDX-License-Identifier: BSD-2-Clause */
#include "qemu.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROGRAM "qemu-system-x86_64"
#define RAM_MIB 32
#define DMA_AT ((size_t)16 << 20)
#define DMA_BYTES ((size_t)8 << 20)
#define BIOS_BYTES ((size_t)64 << 10)
#define SHORTEST_FRAME 14
#define WIRE_BUFFER (4 << 20)

enum { ROM, RAM, QTEST, QMP, WIRE, THEIRS = WIRE + QEMU_PORTS };

bool qemu_available(void)
{
    const char *path = getenv("PATH");
    char name[512];
    while (path && *path) {
        size_t length = strcspn(path, ":");
        snprintf(name, sizeof(name), "%.*s/%s", (int)length, path, PROGRAM);
        if (access(name, X_OK) == 0)
            return true;
        path += length + (path[length] == ':');
    }
    printf("skipped: there is no " PROGRAM " (./dev packages installs it)\n");
    return false;
}

/* A machine that does nothing: clear interrupts, halt, and again. */
static int park(void)
{
    static const unsigned char idle[] = {0xfa, 0xf4, 0xeb, 0xfd};
    unsigned char image[BIOS_BYTES];
    int file = memfd_create("bios", MFD_CLOEXEC);
    memset(image, 0xf4, sizeof(image));
    memcpy(image + 0xfff0, idle, sizeof(idle));
    if (file >= 0 && write(file, image, sizeof(image)) != (ssize_t)sizeof(image)) {
        close(file);
        return -1;
    }
    return file;
}

static int open_ram(struct qemu *q)
{
    q->ram_bytes = (size_t)RAM_MIB << 20;
    int file = memfd_create("ram", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, (off_t)q->ram_bytes) != 0)
        return -1;
    void *ram = mmap(NULL, q->ram_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    q->ram = ram == MAP_FAILED ? NULL : ram;
    return q->ram ? file : -1;
}

static int wire_pair(int type, int *ours)
{
    const int room = WIRE_BUFFER;
    int pair[2];
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, pair) != 0)
        return -1;
    for (int i = 0; i < 2; i++)
        setsockopt(pair[i], SOL_SOCKET, SO_SNDBUF, &room, sizeof(room));
    *ours = pair[0];
    return pair[1];
}

/* Since QEMU 8.2 an array is one property, which only JSON can say; before, its members are
 * numbered, and its length is a global. */
static bool has_lists(void)
{
    int major = 0, minor = 0;
    FILE *said = popen(PROGRAM " --version", "r");
    bool good = said && fscanf(said, "QEMU emulator version %d.%d", &major, &minor) == 2;
    if (said)
        pclose(said);
    return good && (major > 8 || (major == 8 && minor >= 2));
}

static size_t add_rocker(const char **arguments)
{
    static const char *const listed[] = {
        "-device",
        "{\"driver\":\"rocker\",\"name\":\"sw1\",\"ports\":[\"wire1\",\"wire2\",\"wire3\"]}"};
    static const char *const numbered[] = {
        "-global", "rocker.len-ports=3", "-device",
        "rocker,name=sw1,ports[0]=wire1,ports[1]=wire2,ports[2]=wire3"};
    bool lists = has_lists();
    memcpy(arguments, lists ? listed : numbered, lists ? sizeof(listed) : sizeof(numbered));
    return lists ? sizeof(listed) / sizeof(*listed) : sizeof(numbered) / sizeof(*numbered);
}

static void execute(const int *theirs)
{
    static char bios[64], ram[160], qtest[64], qmp[64], wires[QEMU_PORTS][96];
    const char *arguments[40];
    size_t n = 0;
    snprintf(bios, sizeof(bios), "/proc/self/fd/%d", theirs[ROM]);
    snprintf(ram, sizeof(ram),
             "memory-backend-file,id=ram,size=%dM,mem-path=/proc/self/fd/%d,share=on", RAM_MIB,
             theirs[RAM]);
    snprintf(qtest, sizeof(qtest), "socket,id=qtest,fd=%d", theirs[QTEST]);
    snprintf(qmp, sizeof(qmp), "socket,id=qmp,fd=%d", theirs[QMP]);
    const char *const fixed[] = {PROGRAM,
                                 "-machine",
                                 "q35,memory-backend=ram",
                                 "-accel",
                                 "tcg",
                                 "-m",
                                 "32M",
                                 "-bios",
                                 bios,
                                 "-object",
                                 ram,
                                 "-display",
                                 "none",
                                 "-nodefaults",
                                 "-no-user-config",
                                 "-chardev",
                                 qtest,
                                 "-object",
                                 "qtest,id=server,chardev=qtest,log=/dev/null",
                                 "-chardev",
                                 qmp,
                                 "-mon",
                                 "chardev=qmp,mode=control"};
    for (; n < sizeof(fixed) / sizeof(fixed[0]); n++)
        arguments[n] = fixed[n];
    for (int p = 0; p < QEMU_PORTS; p++) {
        snprintf(wires[p], sizeof(wires[p]), "dgram,id=wire%d,local.type=fd,local.str=%d", p + 1,
                 theirs[WIRE + p]);
        arguments[n++] = "-netdev";
        arguments[n++] = wires[p];
    }
    n += add_rocker(&arguments[n]);
    arguments[n] = NULL;
    execvp(PROGRAM, (char *const *)(uintptr_t)arguments);
    _exit(127);
}

static void run_child(const int *theirs, pid_t parent)
{
    /* Dies with the process that started it, also if that is killed. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(1);
    for (int i = 0; i < THEIRS; i++)
        fcntl(theirs[i], F_SETFD, 0);
    execute(theirs);
}

static bool greet(struct qemu *q)
{
    json_error_t error;
    json_t *greeting = q->qmp ? json_loadf(q->qmp, JSON_DISABLE_EOF_CHECK, &error) : NULL;
    json_decref(greeting);
    json_t *good = greeting ? qmp_ask(q, "qmp_capabilities", NULL) : NULL;
    json_decref(good);
    return good != NULL;
}

bool qemu_start(struct qemu *q)
{
    int theirs[THEIRS];
    bool good = true;
    *q = (struct qemu){.pid = -1, .qtest = -1, .wires = {-1, -1, -1}, .qmp_out = -1};
    theirs[ROM] = park();
    theirs[RAM] = open_ram(q);
    theirs[QTEST] = wire_pair(SOCK_STREAM, &q->qtest);
    theirs[QMP] = wire_pair(SOCK_STREAM, &q->qmp_out);
    for (int p = 0; p < QEMU_PORTS; p++)
        theirs[WIRE + p] = wire_pair(SOCK_DGRAM, &q->wires[p]);
    for (int i = 0; i < THEIRS; i++)
        good = good && theirs[i] >= 0;
    pid_t parent = getpid();
    if (good && (q->pid = fork()) == 0)
        run_child(theirs, parent);
    for (int i = 0; i < THEIRS; i++) {
        if (theirs[i] >= 0)
            close(theirs[i]);
    }
    if (q->qmp_out >= 0)
        q->qmp = fdopen(dup(q->qmp_out), "r");
    if (q->pid > 0 && greet(q))
        return true;
    fprintf(stderr, "%s does not start\n", PROGRAM);
    qemu_stop(q);
    return false;
}

static void close_one(int *file)
{
    if (*file >= 0)
        close(*file);
    *file = -1;
}

void qemu_stop(struct qemu *q)
{
    if (q->pid > 0) {
        kill(q->pid, SIGKILL);
        while (waitpid(q->pid, NULL, 0) < 0 && errno == EINTR)
            ;
    }
    q->pid = -1;
    for (int p = 0; p < QEMU_PORTS; p++)
        close_one(&q->wires[p]);
    close_one(&q->qmp_out);
    close_one(&q->qtest);
    if (q->qmp)
        fclose(q->qmp);
    q->qmp = NULL;
    if (q->ram)
        munmap(q->ram, q->ram_bytes);
    q->ram = NULL;
}

struct rocker_dma qemu_dma(const struct qemu *q)
{
    return (struct rocker_dma){(uint8_t *)q->ram + DMA_AT, DMA_AT, DMA_BYTES};
}

bool wire_send(struct qemu *q, uint32_t port, const void *frame, size_t bytes)
{
    /* A shorter one brings the device down. */
    if (bytes < SHORTEST_FRAME || port < 1 || port > QEMU_PORTS) {
        q->frames_refused++;
        return false;
    }
    return send(q->wires[port - 1], frame, bytes, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)bytes;
}

size_t wire_receive(struct qemu *q, uint32_t port, void *frame, size_t bytes, int ms)
{
    struct pollfd wire = {.fd = q->wires[port - 1], .events = POLLIN};
    if (poll(&wire, 1, ms) <= 0)
        return 0;
    ssize_t got = recv(wire.fd, frame, bytes, MSG_DONTWAIT);
    return got > 0 ? (size_t)got : 0;
}

json_t *qmp_ask(struct qemu *q, const char *command, json_t *arguments)
{
    json_error_t error;
    json_t *ask = json_pack("{s:s, s:o*}", "execute", command, "arguments", arguments);
    char *text = json_dumps(ask, JSON_COMPACT);
    json_decref(ask);
    bool sent = text && send(q->qmp_out, text, strlen(text), MSG_NOSIGNAL) == (ssize_t)strlen(text);
    free(text);
    while (sent) {
        json_t *told = json_loadf(q->qmp, JSON_DISABLE_EOF_CHECK, &error);
        json_t *value = json_incref(json_object_get(told, "return"));
        bool is_event = json_object_get(told, "event") != NULL;
        if (told && !value && !is_event)
            fprintf(stderr, "QMP refuses %s\n", command);
        json_decref(told);
        if (value || !is_event)
            return value;
    }
    return NULL;
}

json_t *qmp_flows(struct qemu *q)
{
    return qmp_ask(q, "query-rocker-of-dpa-flows",
                   json_pack("{s:s, s:I}", "name", "sw1", "tbl-id", (json_int_t)UINT32_MAX));
}

json_t *qmp_groups(struct qemu *q)
{
    return qmp_ask(q, "query-rocker-of-dpa-groups",
                   json_pack("{s:s, s:i}", "name", "sw1", "type", 9));
}
