/* SPDX-License-Identifier: BSD-2-Clause */
/* Type codes, as the interface numbers them. */
#include "model.h"

uint8_t type_of(uint8_t kind, bool ipv6, uint8_t classes)
{
    uint8_t place = classes == CONST ? 0 : classes == CACHED ? 1 : classes == DELEGATED ? 2 : 3;
    if (kind == CHIMNEY_NEIGHBOR)
        return (uint8_t)(1 + place);
    if (kind == CHIMNEY_PATH)
        return (uint8_t)((ipv6 ? 9 : 5) + place);
    return (uint8_t)(place == 3 ? 17 : 13 + place);
}

uint8_t classes_of(uint8_t type)
{
    static const uint8_t classes[] = {CONST, CACHED, DELEGATED, ALL};
    if (type >= 1 && type <= 12)
        return classes[(type - 1) % 4];
    return type >= 13 && type <= 15 ? classes[type - 13] : type == 17 ? ALL : NO_CLASS;
}

uint8_t kind_of_type(uint8_t type)
{
    if (type >= 1 && type <= 4)
        return CHIMNEY_NEIGHBOR;
    if (type >= 5 && type <= 12)
        return CHIMNEY_PATH;
    return type >= 13 && type <= 17 && type != 16 ? CHIMNEY_TCP : CHIMNEY_KINDS;
}
