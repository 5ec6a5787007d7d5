/* Generated from example/target.yaml: do not edit.
 * Change the spec and build again, or run: flue generate example --out DIR */
/*
 * The tables of limiter, as the runtime reads them, and the entry points.
 */
#include "limiter_objects.h"

static const struct flue_state limiter_meter_states[] = {
    {.name = "impossible", .operation = FLUE_NO_BYTE},
    [LIMITER_METER_FREE] = {
        .name = "free",
        .sort = FLUE_RESTING,
        .operation = FLUE_NO_BYTE,
        .host_has = false,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_CREATING] = {
        .name = "creating",
        .sort = FLUE_BUSY,
        .operation = LIMITER_CREATE,
        .host_has = false,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_LIMITING] = {
        .name = "limiting",
        .sort = FLUE_RESTING,
        .operation = FLUE_NO_BYTE,
        .host_has = true,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_LOST] = {
        .name = "lost",
        .sort = FLUE_RESTING,
        .operation = FLUE_NO_BYTE,
        .host_has = true,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_MODIFYING] = {
        .name = "modifying",
        .sort = FLUE_BUSY,
        .operation = LIMITER_MODIFY,
        .host_has = true,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_REVERTING] = {
        .name = "reverting",
        .sort = FLUE_BUSY,
        .operation = LIMITER_MODIFY,
        .host_has = true,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_UNSURE] = {
        .name = "unsure",
        .sort = FLUE_RESTING,
        .operation = FLUE_NO_BYTE,
        .host_has = true,
        .hardware = FLUE_HARDWARE_UNSURE,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_WITHDRAWING] = {
        .name = "withdrawing",
        .sort = FLUE_BUSY,
        .operation = LIMITER_WITHDRAW,
        .host_has = true,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_INSPECTING] = {
        .name = "inspecting",
        .sort = FLUE_BUSY,
        .operation = LIMITER_INSPECT,
        .host_has = true,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_UNDOING] = {
        .name = "undoing",
        .sort = FLUE_BUSY,
        .operation = LIMITER_CREATE,
        .host_has = false,
        .hardware = FLUE_HARDWARE_HAS,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
    [LIMITER_METER_STRANDED] = {
        .name = "stranded",
        .sort = FLUE_RESTING,
        .operation = FLUE_NO_BYTE,
        .host_has = false,
        .hardware = FLUE_HARDWARE_UNSURE,
        .unusable = false,
        .ends_marks = 0,
        .restores = false,
    },
};

const struct flue_arm limiter_meter_arms[] = {
    {.status = FLUE_STATUS_NONE},
    /* 1: free, create (meter.yaml:53). Send add_meter, go to creating. */
    {.verb = FLUE_DO_SEND,
     .status = FLUE_STATUS_NONE,
     .commands = 1u << LIMITER_METER_ADD_METER,
     .line = 53},
    /* 2: creating, done (meter.yaml:58). Go to limiting, answer success. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_SUCCESS,
     .line = 58},
    /* 3: creating, failed (meter.yaml:59). Undo add_meter, go to undoing. */
    {.verb = FLUE_DO_UNDO,
     .status = FLUE_STATUS_NONE,
     .commands = 1u << LIMITER_METER_ADD_METER,
     .line = 59},
    /* 4: creating, reset (target.yaml:78). Go to free, answer io_error. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_IO_ERROR,
     .line = 78, .by_default = true},
    /* 5: undoing, done (meter.yaml:64). Go to free, answer the command's result. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_FROM_COMMAND,
     .line = 64},
    /* 6: undoing, failed (meter.yaml:65). Go to stranded, answer the command's result. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_FROM_COMMAND,
     .line = 65},
    /* 7: undoing, reset (target.yaml:78). Go to free, answer io_error. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_IO_ERROR,
     .line = 78, .by_default = true},
    /* 8: limiting, reset (target.yaml:71). Go to lost. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_NONE,
     .line = 71, .by_default = true},
    /* 9: limiting, restore (target.yaml:72). Stay. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_NONE,
     .line = 72, .by_default = true},
    /* 10: limiting, modify (meter.yaml:70). Plan update, go to modifying. */
    {.verb = FLUE_DO_PLAN,
     .status = FLUE_STATUS_NONE,
     .commands = 1u << LIMITER_METER_WRITE_LIMITS,
     .line = 70},
    /*
     * 11: limiting, inspect (meter.yaml:72). If asks_delegated: send read_count, go to inspecting.
     */
    {.verb = FLUE_DO_SEND,
     .status = FLUE_STATUS_NONE,
     .commands = 1u << LIMITER_METER_READ_COUNT,
     .line = 72},
    /* 12: limiting, inspect (meter.yaml:73). Answer success. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_SUCCESS,
     .line = 73},
    /* 13: limiting, withdraw (meter.yaml:74). Send remove_meter, go to withdrawing. */
    {.verb = FLUE_DO_SEND,
     .status = FLUE_STATUS_NONE,
     .commands = 1u << LIMITER_METER_REMOVE_METER,
     .line = 74},
    /* 14: modifying, done (meter.yaml:79). Go to limiting, answer success. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_SUCCESS,
     .line = 79},
    /* 15: modifying, failed (meter.yaml:80). Undo update, go to reverting. */
    {.verb = FLUE_DO_UNDO,
     .status = FLUE_STATUS_NONE,
     .commands = 1u << LIMITER_METER_WRITE_LIMITS,
     .line = 80},
    /* 16: modifying, reset (target.yaml:77). Go to lost, answer io_error. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_IO_ERROR,
     .line = 77, .by_default = true},
    /* 17: modifying, modify (target.yaml:74). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 74, .by_default = true},
    /* 18: modifying, inspect (target.yaml:75). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 75, .by_default = true},
    /* 19: modifying, withdraw (target.yaml:76). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 76, .by_default = true},
    /* 20: reverting, done (meter.yaml:85). Go to limiting, answer the command's result. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_FROM_COMMAND,
     .line = 85},
    /* 21: reverting, failed (meter.yaml:86). Go to unsure, answer the command's result. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_FROM_COMMAND,
     .line = 86},
    /* 22: reverting, reset (target.yaml:77). Go to lost, answer io_error. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_IO_ERROR,
     .line = 77, .by_default = true},
    /* 23: reverting, modify (target.yaml:74). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 74, .by_default = true},
    /* 24: reverting, inspect (target.yaml:75). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 75, .by_default = true},
    /* 25: reverting, withdraw (target.yaml:76). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 76, .by_default = true},
    /* 26: inspecting, done (meter.yaml:91). Go to limiting, answer success. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_SUCCESS,
     .line = 91},
    /* 27: inspecting, failed (meter.yaml:92). Go to limiting, answer the command's result. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_FROM_COMMAND,
     .line = 92},
    /* 28: inspecting, reset (target.yaml:77). Go to lost, answer io_error. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_IO_ERROR,
     .line = 77, .by_default = true},
    /* 29: inspecting, modify (target.yaml:74). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 74, .by_default = true},
    /* 30: inspecting, inspect (target.yaml:75). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 75, .by_default = true},
    /* 31: inspecting, withdraw (target.yaml:76). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 76, .by_default = true},
    /* 32: withdrawing, done (meter.yaml:97). Go to free, answer success. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_SUCCESS,
     .line = 97},
    /* 33: withdrawing, failed (meter.yaml:98). Go to unsure, answer the command's result. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_FROM_COMMAND,
     .line = 98},
    /* 34: withdrawing, reset (target.yaml:79). Go to free, answer io_error. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_IO_ERROR,
     .line = 79, .by_default = true},
    /* 35: withdrawing, modify (target.yaml:74). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 74, .by_default = true},
    /* 36: withdrawing, inspect (target.yaml:75). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 75, .by_default = true},
    /* 37: withdrawing, withdraw (target.yaml:76). Defer. */
    {.verb = FLUE_DO_DEFER,
     .status = FLUE_STATUS_NONE,
     .line = 76, .by_default = true},
    /* 38: unsure, reset (target.yaml:71). Go to lost. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_NONE,
     .line = 71, .by_default = true},
    /* 39: unsure, restore (target.yaml:72). Stay. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_NONE,
     .line = 72, .by_default = true},
    /* 40: unsure, modify (target.yaml:69). Refuse with bad_value. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_BAD_VALUE,
     .line = 69, .by_default = true},
    /* 41: unsure, inspect (target.yaml:70). Refuse with bad_value. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_BAD_VALUE,
     .line = 70, .by_default = true},
    /* 42: unsure, withdraw (meter.yaml:103). Send remove_meter, go to withdrawing. */
    {.verb = FLUE_DO_SEND,
     .status = FLUE_STATUS_NONE,
     .commands = 1u << LIMITER_METER_REMOVE_METER,
     .line = 103},
    /* 43: lost, reset (target.yaml:71). Go to lost. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_NONE,
     .line = 71, .by_default = true},
    /* 44: lost, restore (target.yaml:72). Stay. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_NONE,
     .line = 72, .by_default = true},
    /* 45: lost, modify (target.yaml:69). Refuse with bad_value. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_BAD_VALUE,
     .line = 69, .by_default = true},
    /* 46: lost, inspect (target.yaml:70). Refuse with bad_value. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_BAD_VALUE,
     .line = 70, .by_default = true},
    /* 47: lost, withdraw (meter.yaml:108). Go to free, answer io_error. */
    {.verb = FLUE_DO_NOTHING,
     .status = LIMITER_STATUS_INDEX_IO_ERROR,
     .line = 108},
    /* 48: stranded, reset (meter.yaml:113). Go to free. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_NONE,
     .line = 113},
    /* 49: stranded, restore (target.yaml:72). Stay. */
    {.verb = FLUE_DO_NOTHING,
     .status = FLUE_STATUS_NONE,
     .line = 72, .by_default = true},
};

static const struct flue_command limiter_meter_commands[] = {
    [LIMITER_METER_WRITE_LIMITS] = {
        .name = "write_limits",
        .timeout_ms = 50,
        .data_bytes = 0,
        .undo = FLUE_UNDO_OLD_VALUES,
        .unchanged_on_failure = false,
        .irreversible = false,
        .takes_away = false,
        .adds = false,
        .gone = FLUE_GONE_LOST,
        .answers = (const uint8_t[]){LIMITER_RESULT_FAILURE},
        .answer_count = 1,
    },
    [LIMITER_METER_ADD_METER] = {
        .name = "add_meter",
        .timeout_ms = 50,
        .data_bytes = 0,
        .undo = LIMITER_METER_REMOVE_METER,
        .unchanged_on_failure = true,
        .irreversible = false,
        .takes_away = false,
        .adds = true,
        .gone = FLUE_GONE_NEVER,
        .answers = (const uint8_t[]){LIMITER_RESULT_BUSY_PORT, LIMITER_RESULT_NO_SPACE},
        .answer_count = 2,
    },
    [LIMITER_METER_READ_COUNT] = {
        .name = "read_count",
        .timeout_ms = 50,
        .data_bytes = sizeof(struct limiter_read_count_data),
        .undo = FLUE_UNDO_NONE,
        .unchanged_on_failure = false,
        .irreversible = false,
        .takes_away = false,
        .adds = false,
        .gone = FLUE_GONE_LOST,
        .answers = (const uint8_t[]){LIMITER_RESULT_FAILURE},
        .answer_count = 1,
    },
    [LIMITER_METER_REMOVE_METER] = {
        .name = "remove_meter",
        .timeout_ms = 50,
        .data_bytes = sizeof(struct limiter_remove_meter_data),
        .undo = FLUE_UNDO_NONE,
        .unchanged_on_failure = false,
        .irreversible = false,
        .takes_away = true,
        .adds = false,
        .gone = FLUE_GONE_LOST,
        .answers = (const uint8_t[]){LIMITER_RESULT_FAILURE},
        .answer_count = 1,
    },
};

static const struct flue_kind limiter_kinds[] = {
    [LIMITER_METER] = {
        .name = "meter",
        .file = "meter.yaml",
        .full_status = LIMITER_STATUS_INDEX_NO_MEMORY,
        .variant_from_link = false,
        .state_count = 11,
        .start = LIMITER_METER_FREE,
        .command_count = LIMITER_METER_COMMANDS,
        .stored = FLUE_CLASS_BIT(FLUE_CONST) | FLUE_CLASS_BIT(FLUE_CACHED),
        .arm_count = 50,
        .class_bytes[FLUE_CONST] = sizeof(struct limiter_meter_const),
        .class_bytes[FLUE_CACHED] = sizeof(struct limiter_meter_cached),
        .class_bytes[FLUE_DELEGATED] = sizeof(struct limiter_meter_delegated),
        .object_bytes = sizeof(struct limiter_meter),
        .irreversible = 0,
        .fast_path = &limiter_meter_fast_path,
        .notify_marks = 0,
        .states = limiter_meter_states,
        .arms = limiter_meter_arms,
        .commands = limiter_meter_commands,
        .step = limiter_meter_step,
        .validate = NULL,
        .changed = limiter_meter_changed,
        .store = limiter_meter_store,
        .wipe = NULL,
        .load = limiter_meter_load,
        .issue = limiter_meter_issue,
        .deliver = limiter_meter_deliver,
        .indicate = NULL,
        .notify = NULL,
    },
};

static const struct flue_roll_up limiter_create_roll_up[] = {
    {FLUE_REFERENCE, FLUE_OWN_ANY, FLUE_DEPENDENTS_ANY, FLUE_STATUS_OWN},
    {FLUE_NEW, FLUE_OWN_ANY, FLUE_DEPENDENTS_ANY, FLUE_STATUS_OWN},
};

static const uint8_t limiter_create_results[] = {
    [LIMITER_RESULT_OK] = LIMITER_STATUS_INDEX_SUCCESS,
    [LIMITER_RESULT_TIMEOUT] = LIMITER_STATUS_INDEX_TIMEOUT,
    [LIMITER_RESULT_RESET] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_GONE] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_UNSURE] = LIMITER_STATUS_INDEX_TIMEOUT,
    [LIMITER_RESULT_FAILURE] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_BUSY_PORT] = LIMITER_STATUS_INDEX_BUSY_PORT,
    [LIMITER_RESULT_NO_SPACE] = LIMITER_STATUS_INDEX_NO_SPACE,
};

static const struct flue_roll_up limiter_modify_roll_up[] = {
    {FLUE_REFERENCE, FLUE_OWN_ANY, FLUE_DEPENDENTS_ANY, FLUE_STATUS_OWN},
    {FLUE_NEW, FLUE_OWN_ANY, FLUE_DEPENDENTS_ANY, FLUE_STATUS_OWN},
};

static const uint8_t limiter_modify_results[] = {
    [LIMITER_RESULT_OK] = LIMITER_STATUS_INDEX_SUCCESS,
    [LIMITER_RESULT_TIMEOUT] = LIMITER_STATUS_INDEX_TIMEOUT,
    [LIMITER_RESULT_RESET] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_GONE] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_UNSURE] = LIMITER_STATUS_INDEX_TIMEOUT,
    [LIMITER_RESULT_FAILURE] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_BUSY_PORT] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_NO_SPACE] = LIMITER_STATUS_INDEX_IO_ERROR,
};

static const struct flue_roll_up limiter_inspect_roll_up[] = {
    {FLUE_REFERENCE, FLUE_OWN_ANY, FLUE_DEPENDENTS_ANY, FLUE_STATUS_OWN},
    {FLUE_NEW, FLUE_OWN_ANY, FLUE_DEPENDENTS_ANY, FLUE_STATUS_OWN},
};

static const uint8_t limiter_inspect_results[] = {
    [LIMITER_RESULT_OK] = LIMITER_STATUS_INDEX_SUCCESS,
    [LIMITER_RESULT_TIMEOUT] = LIMITER_STATUS_INDEX_TIMEOUT,
    [LIMITER_RESULT_RESET] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_GONE] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_UNSURE] = LIMITER_STATUS_INDEX_TIMEOUT,
    [LIMITER_RESULT_FAILURE] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_BUSY_PORT] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_NO_SPACE] = LIMITER_STATUS_INDEX_IO_ERROR,
};

static const struct flue_roll_up limiter_withdraw_roll_up[] = {
    {FLUE_REFERENCE, FLUE_OWN_ANY, FLUE_DEPENDENTS_ANY, FLUE_STATUS_OWN},
    {FLUE_NEW, FLUE_OWN_ANY, FLUE_DEPENDENTS_ANY, FLUE_STATUS_OWN},
};

static const uint8_t limiter_withdraw_results[] = {
    [LIMITER_RESULT_OK] = LIMITER_STATUS_INDEX_SUCCESS,
    [LIMITER_RESULT_TIMEOUT] = LIMITER_STATUS_INDEX_TIMEOUT,
    [LIMITER_RESULT_RESET] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_GONE] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_UNSURE] = LIMITER_STATUS_INDEX_TIMEOUT,
    [LIMITER_RESULT_FAILURE] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_BUSY_PORT] = LIMITER_STATUS_INDEX_IO_ERROR,
    [LIMITER_RESULT_NO_SPACE] = LIMITER_STATUS_INDEX_IO_ERROR,
};

static const struct flue_operation limiter_operations[] = {
    [LIMITER_CREATE] = {
        .name = "create",
        .reaches_new = true,
        .brings_link = false,
        .ends = false,
        .order = FLUE_ANY_ORDER,
        .parent_failed = LIMITER_STATUS_INDEX_BAD_VALUE,
        .brings = FLUE_CLASS_BIT(FLUE_CONST) | FLUE_CLASS_BIT(FLUE_CACHED),
        .returns = 0,
        .state_used = FLUE_ALL_CLASSES,
        .null_after = FLUE_NO_MEMBER,
        .held = false,
        .removed = FLUE_STATUS_NONE,
        .roll_up_count = 2,
        .roll_up = limiter_create_roll_up,
        .status_of_result = limiter_create_results,
    },
    [LIMITER_MODIFY] = {
        .name = "modify",
        .reaches_new = false,
        .brings_link = false,
        .ends = false,
        .order = FLUE_ANY_ORDER,
        .parent_failed = LIMITER_STATUS_INDEX_BAD_VALUE,
        .brings = FLUE_CLASS_BIT(FLUE_CACHED),
        .returns = 0,
        .state_used = FLUE_CLASS_BIT(FLUE_CACHED),
        .null_after = FLUE_NO_MEMBER,
        .held = false,
        .removed = FLUE_STATUS_NONE,
        .roll_up_count = 2,
        .roll_up = limiter_modify_roll_up,
        .status_of_result = limiter_modify_results,
    },
    [LIMITER_INSPECT] = {
        .name = "inspect",
        .reaches_new = false,
        .brings_link = false,
        .ends = false,
        .order = FLUE_ANY_ORDER,
        .parent_failed = LIMITER_STATUS_INDEX_BAD_VALUE,
        .brings = 0,
        .returns = FLUE_RETURNS_ASKED,
        .state_used = FLUE_USES_ANY,
        .null_after = FLUE_NO_MEMBER,
        .held = false,
        .removed = FLUE_STATUS_NONE,
        .roll_up_count = 2,
        .roll_up = limiter_inspect_roll_up,
        .status_of_result = limiter_inspect_results,
    },
    [LIMITER_WITHDRAW] = {
        .name = "withdraw",
        .reaches_new = false,
        .brings_link = false,
        .ends = true,
        .order = FLUE_ANY_ORDER,
        .parent_failed = LIMITER_STATUS_INDEX_BAD_VALUE,
        .brings = 0,
        .returns = FLUE_CLASS_BIT(FLUE_DELEGATED),
        .state_used = FLUE_CLASS_BIT(FLUE_DELEGATED),
        .null_after = FLUE_NO_MEMBER,
        .held = false,
        .removed = FLUE_STATUS_NONE,
        .roll_up_count = 2,
        .roll_up = limiter_withdraw_roll_up,
        .status_of_result = limiter_withdraw_results,
    },
};

static const struct flue_status limiter_statuses[] = {
    [LIMITER_STATUS_INDEX_SUCCESS] = {
        .name = "success",
        .value = LIMITER_STATUS_SUCCESS,
        .good = true,
    },
    [LIMITER_STATUS_INDEX_IO_ERROR] = {
        .name = "io_error",
        .value = LIMITER_STATUS_IO_ERROR,
        .good = false,
    },
    [LIMITER_STATUS_INDEX_NO_MEMORY] = {
        .name = "no_memory",
        .value = LIMITER_STATUS_NO_MEMORY,
        .good = false,
    },
    [LIMITER_STATUS_INDEX_BUSY_PORT] = {
        .name = "busy_port",
        .value = LIMITER_STATUS_BUSY_PORT,
        .good = false,
    },
    [LIMITER_STATUS_INDEX_BAD_VALUE] = {
        .name = "bad_value",
        .value = LIMITER_STATUS_BAD_VALUE,
        .good = false,
    },
    [LIMITER_STATUS_INDEX_NO_SPACE] = {
        .name = "no_space",
        .value = LIMITER_STATUS_NO_SPACE,
        .good = false,
    },
    [LIMITER_STATUS_INDEX_TIMEOUT] = {
        .name = "timeout",
        .value = LIMITER_STATUS_TIMEOUT,
        .good = false,
    },
};

static const char *const limiter_results[] = {
    [LIMITER_RESULT_OK] = "ok",
    [LIMITER_RESULT_TIMEOUT] = "timeout",
    [LIMITER_RESULT_RESET] = "reset",
    [LIMITER_RESULT_GONE] = "gone",
    [LIMITER_RESULT_UNSURE] = "unsure",
    [LIMITER_RESULT_FAILURE] = "failure",
    [LIMITER_RESULT_BUSY_PORT] = "busy_port",
    [LIMITER_RESULT_NO_SPACE] = "no_space",
};

const struct flue_type_code limiter_type_codes[] = {
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 0 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 1 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 2 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 3 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 4 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 5 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 6 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 7 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 8 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 9 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 10 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 11 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 12 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 13 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 14 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 15 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 16 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 17 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 18 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 19 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 20 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 21 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 22 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 23 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 24 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 25 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 26 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 27 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 28 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 29 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 30 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 31 */
    {LIMITER_METER, FLUE_NO_BYTE, FLUE_CLASS_BIT(FLUE_CONST)}, /* 32 */
    {LIMITER_METER, FLUE_NO_BYTE, FLUE_CLASS_BIT(FLUE_CACHED)}, /* 33 */
    {LIMITER_METER, FLUE_NO_BYTE, FLUE_CLASS_BIT(FLUE_DELEGATED)}, /* 34 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 35 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 36 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 37 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 38 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 39 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 40 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 41 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 42 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 43 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 44 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 45 */
    {FLUE_NO_BYTE, FLUE_NO_BYTE, 0}, /* 46 */
    {LIMITER_METER, FLUE_NO_BYTE, FLUE_CLASS_BIT(FLUE_CONST) | FLUE_CLASS_BIT(FLUE_CACHED)
        | FLUE_CLASS_BIT(FLUE_DELEGATED)}, /* 47 */
};


static void limiter_complete(struct flue_target *target, uint8_t operation, void *root)
{
    const struct limiter_completions *host = target->config.completions;

    switch (operation) {
    case LIMITER_CREATE:
        host->create(target->config.host_handle, root);
        break;
    case LIMITER_MODIFY:
        host->modify(target->config.host_handle, root);
        break;
    case LIMITER_INSPECT:
        host->inspect(target->config.host_handle, root);
        break;
    case LIMITER_WITHDRAW:
        host->withdraw(target->config.host_handle, root);
        break;
    default:
        break;
    }
}

static void limiter_doorbell(struct flue_target *target)
{
    const struct limiter_binding *binding = target->config.binding;

    if (binding->doorbell)
        binding->doorbell(target->adapter);
}

/* Make an indication about the target itself. */
static void limiter_indicate(struct flue_target *target, uint8_t indication, uint32_t detail)
{
    (void)target;

    (void)detail;
    switch (indication) {
    default:
        break;
    }
}

union limiter_any_data {
    struct limiter_read_count_data read_count;
    struct limiter_remove_meter_data remove_meter;
};

const struct flue_spec limiter_spec = {
    .name = "limiter",
    .file = "target.yaml",
    .abi = FLUE_ABI,
    .digest = UINT64_C(0x4a3b7a3ff49845fe),
    .kind_count = LIMITER_KINDS,
    .operation_count = LIMITER_OPERATIONS,
    .status_count = LIMITER_STATUSES,
    .result_count = LIMITER_RESULTS,
    .mark_count = 0,
    .parameter_count = 0,
    .success = LIMITER_STATUS_INDEX_SUCCESS,
    .stale_handle = LIMITER_STATUS_INDEX_BAD_VALUE,
    .unusable_marks = 0,
    .unusable_along = 0,
    .data_bytes = sizeof(union limiter_any_data),
    .node = &limiter_node_layout,
    .kinds = limiter_kinds,
    .operations = limiter_operations,
    .statuses = limiter_statuses,
    .marks = NULL,
    .results = limiter_results,
    .complete = limiter_complete,
    .doorbell = limiter_doorbell,
    .indicate = limiter_indicate,
    .pause_indication = FLUE_NO_BYTE,
    .resume_indication = FLUE_NO_BYTE,
};

size_t limiter_memory_bytes(const struct flue_config *config)
{
    return flue_memory_bytes(&limiter_spec, config);
}

/* What must be given, by table; the first line of each is the table itself. */
static const struct flue_member limiter_binding_members[] = {
    {"binding", FLUE_NO_MEMBER},
    {"binding.write_limits", offsetof(struct limiter_binding, write_limits)},
    {"binding.add_meter", offsetof(struct limiter_binding, add_meter)},
    {"binding.read_count", offsetof(struct limiter_binding, read_count)},
    {"binding.remove_meter", offsetof(struct limiter_binding, remove_meter)},
    {NULL, 0},
};

static const struct flue_member limiter_completions_members[] = {
    {"completions", FLUE_NO_MEMBER},
    {"completions.create", offsetof(struct limiter_completions, create)},
    {"completions.modify", offsetof(struct limiter_completions, modify)},
    {"completions.inspect", offsetof(struct limiter_completions, inspect)},
    {"completions.withdraw", offsetof(struct limiter_completions, withdraw)},
    {NULL, 0},
};

const char *limiter_missing(const struct limiter_binding *binding,
                            const struct limiter_completions *completions,
                            const struct limiter_indications *indications)
{
    const char *name = flue_missing(binding, limiter_binding_members);

    (void)indications; /* this target makes none */
    if (!name)
        name = flue_missing(completions, limiter_completions_members);
    return name;
}

enum flue_error limiter_init(struct limiter_target *target, const struct flue_config *config,
                             const struct limiter_binding *binding,
                             const struct limiter_completions *completions,
                             const struct limiter_indications *indications, void *memory,
                             size_t bytes)
{
    struct flue_config own;

    if (!target || !config || limiter_missing(binding, completions, indications))
        return FLUE_BAD_CONFIG;
    own = *config;
    own.binding = binding;
    own.completions = completions;
    own.indications = indications;
    return flue_target_init(&target->flue, &limiter_spec, &own, memory, bytes);
}

void limiter_create(void *adapter, struct limiter_node *root)
{
    flue_submit(adapter, LIMITER_CREATE, root);
}

void limiter_modify(void *adapter, struct limiter_node *root)
{
    flue_submit(adapter, LIMITER_MODIFY, root);
}

void limiter_inspect(void *adapter, struct limiter_node *root)
{
    flue_submit(adapter, LIMITER_INSPECT, root);
}

void limiter_withdraw(void *adapter, struct limiter_node *root)
{
    flue_submit(adapter, LIMITER_WITHDRAW, root);
}

bool limiter_done(struct limiter_target *target, flue_cookie cookie, enum limiter_result result)
{
    return flue_command_done(&target->flue, cookie, (uint8_t)result);
}

bool limiter_read_count_done(struct limiter_target *target, flue_cookie cookie,
                             enum limiter_result result,
                             const struct limiter_read_count_data *data)
{
    return flue_command_done_with(&target->flue, cookie, (uint8_t)result, data,
                                  data ? sizeof *data : 0);
}

bool limiter_remove_meter_done(struct limiter_target *target, flue_cookie cookie,
                               enum limiter_result result,
                               const struct limiter_remove_meter_data *data)
{
    return flue_command_done_with(&target->flue, cookie, (uint8_t)result, data,
                                  data ? sizeof *data : 0);
}

const char *limiter_kind_name(unsigned kind)
{
    return kind < LIMITER_KINDS ? limiter_kinds[kind].name : "?";
}

const char *limiter_operation_name(unsigned operation)
{
    return operation < LIMITER_OPERATIONS ? limiter_operations[operation].name : "?";
}

const char *limiter_event_name(unsigned event)
{
    switch (event) {
    case LIMITER_EVENT_DONE:
        return "done";
    case LIMITER_EVENT_FAILED:
        return "failed";
    case LIMITER_EVENT_RESET:
        return "reset";
    case LIMITER_EVENT_RESTORE:
        return "restore";
    case LIMITER_EVENT_CREATE:
        return "create";
    case LIMITER_EVENT_MODIFY:
        return "modify";
    case LIMITER_EVENT_INSPECT:
        return "inspect";
    case LIMITER_EVENT_WITHDRAW:
        return "withdraw";
    default:
        return "?";
    }
}

const char *limiter_state_name(unsigned kind, unsigned state)
{
    if (kind >= LIMITER_KINDS || state > limiter_kinds[kind].state_count)
        return "?";
    return limiter_kinds[kind].states[state].name;
}

const char *limiter_command_name(unsigned kind, unsigned command)
{
    if (kind >= LIMITER_KINDS || command >= limiter_kinds[kind].command_count)
        return "?";
    return limiter_kinds[kind].commands[command].name;
}

const char *limiter_result_name(unsigned result)
{
    return result < LIMITER_RESULTS ? limiter_results[result] : "?";
}

const char *limiter_status_name(int32_t status)
{
    for (unsigned i = 0; i < LIMITER_STATUSES; i++)
        if (limiter_statuses[i].value == status)
            return limiter_statuses[i].name;
    return "?";
}
