/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story_data.c: data through flue_chimney.sys. Exit status as of story_miniport.c.
 *
 *     data.exe [MOVES [SEED [DRIVER]]]
 */
#include <stdio.h>
#include <stdlib.h>

#include "number.h"
#include "story_data.h"

int main(int count, char **arguments)
{
    uint64_t how_many = 1000, seed = 1;
    if ((count > 1 && !number_given("MOVES", arguments[1], 1, UINT32_MAX, &how_many)) ||
        (count > 2 && !number_given("SEED", arguments[2], 0, UINT64_MAX, &seed)))
        return 2;
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    mock_registry("Connections", 14);
    if (!mock_load(count > 3 ? arguments[3] : "flue_chimney.sys"))
        return 2;
    chance = seed;
    lists_open();
    begin_tree();
    open_adapter();
    tell_still(seed);
    tell_moves(seed, (uint32_t)how_many);
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
