/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lives for a model that judges them (accept_objects.py), linked to SPIN's search.
 *
 * lives.txt: a line each, how it ends (-1 whole, -2 cut), then its words. When the search is over,
 * judged.txt has a line each: whether it was accepted, and how many of its words a run has shown.
 */
#include <stdio.h>
#include <stdlib.h>

enum { OVER = -3 };

struct life {
    int end, length, furthest, accepted;
    int *words;
};

static struct life *lives;
static int count;

static void write_judgement(void)
{
    FILE *out = fopen("judged.txt", "w");
    for (int i = 0; out && i < count; i++)
        fprintf(out, "%d %d\n", lives[i].accepted, lives[i].furthest);
    if (out)
        fclose(out);
}

static int read_life(FILE *in, struct life *l)
{
    if (fscanf(in, "%d %d", &l->end, &l->length) != 2)
        return 0;
    l->words = malloc(((size_t)l->length + 1) * sizeof *l->words);
    for (int i = 0; l->words && i < l->length; i++) {
        if (fscanf(in, "%d", &l->words[i]) != 1)
            return 0;
    }
    return l->words != NULL;
}

static void read_lives(void)
{
    FILE *in = fopen("lives.txt", "r");
    if (!in || fscanf(in, "%d", &count) != 1 || count < 1)
        exit(70);
    lives = calloc((size_t)count, sizeof *lives);
    for (int i = 0; i < count; i++) {
        if (!lives || !read_life(in, &lives[i]))
            exit(70);
    }
    fclose(in);
    atexit(write_judgement);
}

int life_count(void);
int life_count(void)
{
    if (!lives)
        read_lives();
    return count;
}

/* OVER: it was accepted, nothing more of it is of interest. */
int life_word(int life, int at);
int life_word(int life, int at)
{
    struct life *l = &lives[life];
    if (at > l->furthest)
        l->furthest = at;
    if (l->accepted)
        return OVER;
    return at < l->length ? l->words[at] : l->end;
}

int life_ended(int life, int at);
int life_ended(int life, int at)
{
    return life_word(life, at) < 0;
}

void life_accept(int life);
void life_accept(int life)
{
    lives[life].accepted = 1;
}
