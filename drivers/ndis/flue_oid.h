/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * flue_oid.h: private requests to flue_chimney.sys, which look into its software NIC and set
 * faults. A driver for a card has none of them. All are completed by the DPC.
 */
#ifndef FLUE_OID_H
#define FLUE_OID_H

#ifndef FLUE_NIC_OF_SPEC /* that has none of them */
#include "sim.h"
#endif

#define OID_FLUE_BEHAVIOR 0xff464c01u /* set: struct sim_behavior */
#define OID_FLUE_FAULT 0xff464c02u    /* set: struct sim_fault */
#define OID_FLUE_SETTLE 0xff464c03u   /* set: no more faults; uint32_t steps that the NIC makes */
#define OID_FLUE_NEIGHBOR 0xff464c04u /* method: uint32_t index in, struct sim_neighbor out */
#define OID_FLUE_PATH 0xff464c05u     /* the same, struct sim_path; its pointers are the NIC's */
#define OID_FLUE_ENTRIES 0xff464c06u  /* query: uint32_t for each kind */
#define OID_FLUE_COUNTERS 0xff464c07u /* query: struct sim_counters */
#define OID_FLUE_QUIET 0xff464c08u    /* query: uint32_t, whether the target is quiet */
#define OID_FLUE_STALE 0xff464c09u    /* set: uint32_t index of a neighbor to be asked for */
#define OID_FLUE_UPLOAD 0xff464c0au   /* set: uint32_t of any value; the host is asked for all */

#endif
