/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * In debugfs, for tests and for those who look: flue0/stats has a name and a number in each line,
 * flue0/entries what the device has, and flue0/ctl takes one of these; flue0/flow has the same for
 * the target of tc's rules.
 *
 *     strike FAULT COMMAND [N]   the next N of this command: refused, no_answer, not_done, late ...
 *     hold, go                   the device stands still, goes on
 *     hurry                      answers that are late come now
 *     again N                    an answer that was given before is given once more
 *     twice N                    the next N packets of ESP come out of the wire two times
 *     delay US, room N           of a step; entries that its table has, 0 for all
 *     reset                      whole, as after a fault of the card
 *     good                       no fault any more
 */
#include <linux/debugfs.h>
#include <linux/seq_file.h>
#include <linux/uaccess.h>

#include "nic.h"

static const char *const count_names[NIC_COUNTS] = {
    [NIC_SEALED] = "sealed",     [NIC_OPENED] = "opened",
    [NIC_BAD_TAG] = "bad_tag",   [NIC_NO_SA_TX] = "no_sa_tx",
    [NIC_NO_SA_RX] = "no_sa_rx", [NIC_SOFT] = "soft_limits",
    [NIC_HARD] = "hard_limits",  [NIC_BLOCKED] = "blocked",
    [NIC_DROPPED] = "dropped",   [NIC_HAIRPINNED] = "hairpinned",
    [NIC_ENDED] = "ended",       [NIC_AGED] = "aged",
    [NIC_LOST] = "lost"};

static void show_flue(struct seq_file *m, struct nic_unit *unit)
{
    const struct flue_stats *s = flue_target_stats(nic_target(unit));
    const struct flue_shared_stats *shared = flue_target_shared_stats(nic_target(unit));

    for (unsigned int i = 0; i < unit->api->spec->spec->operation_count; i++)
        seq_printf(m, "%s_begun %llu\n%s_completed %llu\n", unit->api->operation_name(i),
                   s->requests[i], unit->api->operation_name(i), s->completions[i]);
    seq_printf(m, "commands %llu\nanswers %llu\nbad_answers %llu\ntimeouts %llu\nundone %llu\n",
               s->commands, s->answers, s->bad_answers, s->timeouts, s->undone);
    seq_printf(m, "resets %llu\nevents %llu\nring_full %llu\n", s->resets, s->events, s->ring_full);
    seq_printf(m, "submitted %llu\nlate_answers %llu\nstray_answers %llu\nwakes %llu\n",
               atomic_load(&shared->submitted), atomic_load(&shared->late_answers),
               atomic_load(&shared->stray_answers), atomic_load(&shared->wakes));
}

static void show_device(struct seq_file *m, struct nic_unit *unit)
{
    const struct flue_spec *spec = unit->api->spec->spec;
    struct flue_device *d = nic_device(unit);
    struct flue_device_counters c;

    flue_device_counters(d, &c);
    seq_printf(m, "device_taken %llu\ndevice_carried_out %llu\ndevice_answered %llu\n", c.taken,
               c.carried_out, c.answered);
    for (unsigned int f = FLUE_DEVICE_FINE + 1; f < FLUE_DEVICE_FAULTS; f++)
        if (c.struck[f])
            seq_printf(m, "struck_%s %llu\n", flue_device_fault_name(f), c.struck[f]);
    seq_printf(m, "wiped %llu\ncomplaints %llu\nentries %u\n", c.wiped, c.wrongs,
               flue_device_count(d, unit->api->kind));
    for (u8 k = 0; k < spec->kind_count; k++)
        seq_printf(m, "%s_entries %u\n", spec->kinds[k].name, flue_device_count(d, k));
}

static int stats_show(struct seq_file *m, void *unused)
{
    struct nic_unit *unit = m->private;
    struct flue_nic *nic = unit->nic;
    const char *complaint = flue_device_complaint(nic_device(unit));

    show_flue(m, unit);
    show_device(m, unit);
    for (int i = 0; i < NIC_COUNTS; i++)
        seq_printf(m, "%s %lld\n", count_names[i], atomic64_read(&nic->counts[i]));
    seq_printf(m, "sas %d\nrules %d\nquiet %d\n", atomic_read(&nic->sa_count),
               atomic_read(&nic->rule_count), flue_target_quiet(nic_target(unit)));
    if (complaint)
        seq_printf(m, "complaint: %s\n", complaint);
    return 0;
}
DEFINE_SHOW_ATTRIBUTE(stats);

static void show_kind(struct seq_file *m, const struct nic_unit *unit, u8 kind, char *text)
{
    const struct flue_device *d = unit->adapter.device;

    for (u32 i = 0; i < unit->api->capacity[kind]; i++) {
        if (!flue_device_entry(d, kind, i)->there)
            continue;
        flue_device_text(d, kind, i, text, PAGE_SIZE);
        seq_printf(m, "%s\n", text);
    }
}

/* But for what all others stand on, which is always the same. */
static int entries_show(struct seq_file *m, void *unused)
{
    const struct nic_unit *unit = m->private;
    char *text = kmalloc(PAGE_SIZE, GFP_KERNEL);

    if (!text)
        return -ENOMEM;
    for (u8 k = 1; k < unit->api->spec->spec->kind_count; k++)
        show_kind(m, unit, k, text);
    kfree(text);
    return 0;
}
DEFINE_SHOW_ATTRIBUTE(entries);

/* Of any kind: no two have the same name. */
static int command_named(const struct flue_spec *spec, const char *name, u8 *kind)
{
    for (*kind = 0; *kind < spec->kind_count; (*kind)++)
        for (unsigned int c = 0; c < spec->kinds[*kind].command_count; c++)
            if (!strcmp(spec->kinds[*kind].commands[c].name, name))
                return (int)c;
    return -1;
}

static int strike(struct nic_unit *unit, const char *fault, const char *command, unsigned int times)
{
    u8 kind;
    const int c = command_named(unit->api->spec->spec, command, &kind);

    for (unsigned int f = 0; c >= 0 && f < FLUE_DEVICE_FAULTS; f++) {
        if (strcmp(flue_device_fault_name(f), fault))
            continue;
        for (; times; times--)
            if (!flue_device_strike(nic_device(unit), kind, (uint8_t)c, f, FLUE_NO_BYTE))
                return -ENOSPC;
        return 0;
    }
    return -EINVAL;
}

static void release(struct nic_unit *unit)
{
    WRITE_ONCE(unit->held, false);
    nic_clock_start(unit);
}

static int with_number(struct nic_unit *unit, const char *word, unsigned int number)
{
    struct flue_device *d = nic_device(unit);

    if (!strcmp(word, "delay"))
        WRITE_ONCE(unit->delay_us, number);
    else if (!strcmp(word, "twice"))
        atomic_set(&unit->nic->twice, number);
    else if (!strcmp(word, "room"))
        flue_device_options(d)->entries[unit->api->kind] = number;
    else if (!strcmp(word, "again"))
        flue_device_answer_again(d, number);
    else
        return -EINVAL;
    return 0;
}

static int alone(struct nic_unit *unit, const char *word)
{
    if (!strcmp(word, "reset"))
        nic_reset(unit->nic);
    else if (!strcmp(word, "hold"))
        WRITE_ONCE(unit->held, true);
    else if (!strcmp(word, "go"))
        release(unit);
    else if (!strcmp(word, "hurry")) {
        flue_device_hurry(nic_device(unit));
        nic_clock_start(unit);
    } else if (!strcmp(word, "good"))
        flue_device_be_good(nic_device(unit));
    else
        return -EINVAL;
    return 0;
}

static ssize_t ctl_write(struct file *file, const char __user *from, size_t bytes, loff_t *at)
{
    struct nic_unit *unit = file->private_data;
    char text[64] = "", word[16], fault[16], command[16];
    unsigned int number = 1;
    int error = -EINVAL;

    if (bytes >= sizeof text || copy_from_user(text, from, bytes))
        return -EINVAL;
    if (sscanf(text, "strike %15s %15s %u", fault, command, &number) >= 2)
        error = strike(unit, fault, command, number);
    else if (sscanf(text, "%15s %u", word, &number) == 2)
        error = with_number(unit, word, number);
    else if (sscanf(text, "%15s", word) == 1)
        error = alone(unit, word);
    return error ? error : (ssize_t)bytes;
}

static const struct file_operations ctl_fops = {
    .owner = THIS_MODULE, .open = simple_open, .write = ctl_write};

void nic_debug_begin(struct flue_nic *nic)
{
    struct nic_unit *unit;

    nic->debug = debugfs_create_dir(nic->dev->name, NULL);
    for_each_unit(unit, nic)
    {
        const char *folder = unit->api->folder;
        struct dentry *in = folder ? debugfs_create_dir(folder, nic->debug) : nic->debug;

        debugfs_create_file("stats", 0444, in, unit, &stats_fops);
        debugfs_create_file("entries", 0444, in, unit, &entries_fops);
        debugfs_create_file("ctl", 0200, in, unit, &ctl_fops);
    }
}
