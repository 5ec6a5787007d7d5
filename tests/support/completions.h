/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * completions.h: one function for all of the host's completion calls.
 *
 *     static void completed(void *host_handle, uint8_t operation, struct chimney_node *root);
 *     COMPLETION_CALLS(my, completed)
 *     static const struct chimney_completions completions = COMPLETION_TABLE(my);
 */
#ifndef COMPLETIONS_H
#define COMPLETIONS_H

#include "chimney.h"

#define COMPLETION_CALL(prefix, name, operation, completed)                   \
    static void prefix##_##name(void *host_handle, struct chimney_node *root) \
    {                                                                         \
        completed(host_handle, operation, root);                              \
    }

#define COMPLETION_CALLS(prefix, completed)                            \
    COMPLETION_CALL(prefix, initiate, CHIMNEY_INITIATE, completed)     \
    COMPLETION_CALL(prefix, update, CHIMNEY_UPDATE, completed)         \
    COMPLETION_CALL(prefix, query, CHIMNEY_QUERY, completed)           \
    COMPLETION_CALL(prefix, invalidate, CHIMNEY_INVALIDATE, completed) \
    COMPLETION_CALL(prefix, terminate, CHIMNEY_TERMINATE, completed)

#define COMPLETION_TABLE(prefix)                                                           \
    {                                                                                      \
        .initiate = prefix##_initiate, .update = prefix##_update, .query = prefix##_query, \
        .invalidate = prefix##_invalidate, .terminate = prefix##_terminate,                \
    }

#endif
