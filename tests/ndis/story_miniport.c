/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * story_miniport.c: flue_chimney.sys in a console program: loaded, initialized, asked for all five
 * operations and for what NDIS asks of a miniport, halted, unloaded. Exit status: 0 if all was as
 * expected, 1 if not, 3 if a rule of the mock was broken.
 */
#include <stdio.h>

#include "story.h"

int main(int count, char **arguments)
{
    setvbuf(stdout, NULL, _IOFBF, 1 << 16);
    mock_registry("Neighbors", 4);
    mock_registry("Paths", 16);
    mock_registry("Connections", 14);
    unsigned char *image = mock_load(count > 1 ? arguments[1] : "flue_chimney.sys");
    if (!image)
        return 2;
    chapter("An adapter");
    open_adapter();
    expect("connections that it offers to take", mock_capacity(), 14);
    tell_addresses("flue_chimney.sys", image);
    tell_transfers("flue_chimney.sys", image);
    tell_operations();
    tell_states();
    tell_requests();
    mock_unload();
    mock_start();
    tell_shutdown();
    printf("\n%s\n", wrong ? "WRONG" : "All was as it should be.");
    return wrong != 0;
}
