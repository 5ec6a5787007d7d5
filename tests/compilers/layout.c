/* SPDX-License-Identifier: BSD-2-Clause */
#include "layout.h"

const size_t *layout_in_c(void)
{
    return layout;
}
