/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story_data.c: data through flue_chimney.sys. Exit status as of story_miniport.c.
 *
 *     data.exe [MOVES [SEED [DRIVER]]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "story_data.h"

int main(int count, char **arguments)
{
    const uint32_t how_many = count > 1 ? (uint32_t)strtoul(arguments[1], NULL, 0) : 1000;
    const uint64_t seed = count > 2 ? strtoull(arguments[2], NULL, 0) : 1;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    mock_registry("Connections", 14);
    if (!mock_load(count > 3 ? arguments[3] : "flue_chimney.sys"))
        return 2;
    chance = seed;
    lists_open();
    begin_tree();
    open_adapter();
    tell_still(seed);
    tell_moves(seed, how_many);
    tell_waits();
    tell_travel();
    tell_initiates_without_end();
    tell_reset();
    tell_closes();
    tell_pushes();
    tell_aborts();
    tell_processors(1);
    print_ledger();
    tell_halts();
    printf("\n%s\n", wrong ? "WRONG" : "All was as it should be.");
    return wrong != 0;
}
