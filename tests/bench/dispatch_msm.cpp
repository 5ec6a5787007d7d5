/* SPDX-License-Identifier: BSD-2-Clause */
/* dispatch_msm.cpp: the machine of a TCP connection in Boost.MSM, each machine in its object. */

/* The longest vector that Boost can do; the table is two of them. */
#define BOOST_MPL_CFG_NO_PREPROCESSED_HEADERS
#define BOOST_MPL_LIMIT_LIST_SIZE 50
#define BOOST_MPL_LIMIT_VECTOR_SIZE 50

#include <boost/mpl/joint_view.hpp>

#include <boost/msm/back/state_machine.hpp>
#include <boost/msm/front/functor_row.hpp>
#include <boost/msm/front/state_machine_def.hpp>

#include "dispatch.h"

#include <new>

#include "flue/priv/spec.h"

/* The guards; their headers are C only. */
extern "C" bool dispatch_is_invalid(const struct flue_guard_context *q);
extern "C" bool dispatch_refused(const struct flue_guard_context *q);

namespace
{
namespace msm = boost::msm;
namespace mpl = boost::mpl;
using msm::front::none;
using msm::front::Row;

template <int Number> struct state : msm::front::state<> {
};
enum { OBJECT_BYTES = 64 }; /* struct flue_object */
enum { FREE, OFFLOADING, WITHDRAWING, OFFLOADED, UPDATING, REVERTING, QUERYING, INVALIDATING,
       TERMINATING, CORRUPT, LOST, STRANDED };
template <int Number> struct event {
    const flue_guard_context &q;
};
enum { DONE = 1, FAILED, RESET, RESTORE, INITIATE, UPDATE, QUERY, INVALIDATE, TERMINATE };

enum { STAY = 1, REFUSE, ADD, REMOVE, READ, BLOCK, PLAN, UNDO, DEFER, MARK_AND_DEFER, MARK,
       MARK_AND_FAIL, SUCCEED, FAIL, RESULT };

template <int What> struct act {
    template <class E, class M, class S, class T> void operator()(const E &, M &m, S &, T &)
    {
        m.arm = What;
    }
};
struct invalid {
    template <class E, class M, class S, class T> bool operator()(const E &e, M &, S &, T &)
    {
        return dispatch_is_invalid(&e.q);
    }
};
struct asks {
    template <class E, class M, class S, class T> bool operator()(const E &e, M &, S &, T &)
    {
        return e.q.asked & FLUE_CLASS_BIT(FLUE_DELEGATED);
    }
};

struct refused {
    template <class E, class M, class S, class T> bool operator()(const E &e, M &, S &, T &)
    {
        return dispatch_refused(&e.q);
    }
};

template <int From, int On, int To, int What, class Guard = none>
struct go : Row<state<From>, event<On>, state<To>, act<What>, Guard> {
};
/* Without a target the state is not left. */
template <int From, int On, int What, class Guard = none>
struct in : Row<state<From>, event<On>, none, act<What>, Guard> {
};

struct front : msm::front::state_machine_def<front> {
    typedef int no_exception_thrown;
    typedef int no_message_queue;
    typedef state<FREE> initial_state;
    unsigned arm;

    typedef mpl::vector<
              go<FREE, INITIATE, OFFLOADING, ADD>, in<FREE, INITIATE, REFUSE, refused>,
              go<OFFLOADING, DONE, OFFLOADED, SUCCEED>, go<OFFLOADING, FAILED, WITHDRAWING, UNDO>,
              go<OFFLOADING, RESET, FREE, FAIL>,
              go<WITHDRAWING, DONE, FREE, RESULT>, go<WITHDRAWING, FAILED, STRANDED, RESULT>,
              go<WITHDRAWING, RESET, FREE, FAIL>,
              go<OFFLOADED, RESET, LOST, MARK>, in<OFFLOADED, RESTORE, STAY>,
              go<OFFLOADED, UPDATE, UPDATING, PLAN>, in<OFFLOADED, UPDATE, REFUSE, invalid>,
              in<OFFLOADED, QUERY, SUCCEED>, go<OFFLOADED, QUERY, QUERYING, READ, asks>,
              go<OFFLOADED, INVALIDATE, INVALIDATING, BLOCK>,
              go<OFFLOADED, TERMINATE, TERMINATING, REMOVE>,
              go<UPDATING, DONE, OFFLOADED, SUCCEED>, go<UPDATING, FAILED, REVERTING, UNDO>,
              go<UPDATING, RESET, LOST, MARK_AND_FAIL>, in<UPDATING, UPDATE, DEFER>,
              in<UPDATING, QUERY, DEFER>, in<UPDATING, INVALIDATE, MARK_AND_DEFER>,
              in<UPDATING, TERMINATE, DEFER>,
              go<REVERTING, DONE, OFFLOADED, FAIL>, go<REVERTING, FAILED, CORRUPT, FAIL>,
              go<REVERTING, RESET, LOST, MARK_AND_FAIL>, in<REVERTING, UPDATE, DEFER>,
              in<REVERTING, QUERY, DEFER>, in<REVERTING, INVALIDATE, MARK_AND_DEFER>,
              in<REVERTING, TERMINATE, DEFER>,
              go<QUERYING, DONE, OFFLOADED, SUCCEED>,
              go<QUERYING, FAILED, CORRUPT, MARK_AND_FAIL>,
              go<QUERYING, RESET, LOST, MARK_AND_FAIL>, in<QUERYING, UPDATE, DEFER>,
              in<QUERYING, QUERY, DEFER>, in<QUERYING, INVALIDATE, MARK_AND_DEFER>,
              in<QUERYING, TERMINATE, DEFER>,
              go<INVALIDATING, DONE, OFFLOADED, SUCCEED>,
              go<INVALIDATING, FAILED, CORRUPT, MARK_AND_FAIL>,
              go<INVALIDATING, RESET, LOST, MARK_AND_FAIL>, in<INVALIDATING, UPDATE, DEFER>,
              in<INVALIDATING, QUERY, DEFER>, in<INVALIDATING, INVALIDATE, MARK_AND_DEFER>,
              in<INVALIDATING, TERMINATE, DEFER>> one;
    typedef mpl::vector<
              go<TERMINATING, DONE, FREE, SUCCEED>, go<TERMINATING, FAILED, CORRUPT, MARK_AND_FAIL>,
              go<TERMINATING, RESET, FREE, FAIL>, in<TERMINATING, UPDATE, DEFER>,
              in<TERMINATING, QUERY, DEFER>, in<TERMINATING, INVALIDATE, MARK_AND_DEFER>,
              in<TERMINATING, TERMINATE, DEFER>,
              go<CORRUPT, RESET, LOST, MARK>, in<CORRUPT, RESTORE, STAY>, in<CORRUPT, UPDATE, REFUSE>,
              in<CORRUPT, QUERY, REFUSE>, in<CORRUPT, INVALIDATE, REFUSE>,
              go<CORRUPT, TERMINATE, TERMINATING, REMOVE>,
              in<LOST, RESET, MARK>, in<LOST, RESTORE, STAY>, in<LOST, UPDATE, REFUSE>,
              in<LOST, QUERY, REFUSE>, in<LOST, INVALIDATE, REFUSE>, go<LOST, TERMINATE, FREE, FAIL>,
              go<STRANDED, RESET, FREE, STAY>, in<STRANDED, RESTORE, STAY>> other;
    struct transition_table : mpl::joint_view<one, other> {
    };
};

typedef msm::back::state_machine<front> machine;

template <int On> inline void step(machine &m, const flue_guard_context &q)
{
    m.process_event(event<On>{q});
}
} // namespace

extern "C" size_t dispatch_msm_bytes(void)
{
    return sizeof(machine);
}

extern "C" void dispatch_msm_start(void *machines, size_t count)
{
    machine *all = static_cast<machine *>(machines);
    for (size_t i = 0; i < count; i++)
        (new (all + i) machine)->start();
}

extern "C" void dispatch_msm_copy(void *to, const void *from, size_t count)
{
    for (size_t i = 0; i < count; i++)
        new (static_cast<machine *>(to) + i) machine(static_cast<const machine *>(from)[i]);
}

/* A number of MSM's own, the same for the same state. */
extern "C" uint8_t dispatch_msm_state(const void *machines, size_t object)
{
    return static_cast<uint8_t>(static_cast<const machine *>(machines)[object].current_state()[0]);
}

extern "C" void dispatch_msm(struct dispatch_stream *s)
{
    machine *machines = static_cast<machine *>(s->machines);
    const char *objects = reinterpret_cast<const char *>(s->objects);
    flue_guard_context q = {};
    uint64_t arms = 0;
    q.new_links[0] = FLUE_NONE;
    for (size_t i = 0; i < s->count; i++) {
        const dispatch_event &e = s->events[i];
        machine &m = machines[e.object];
        q.object = reinterpret_cast<const flue_object *>(objects + (size_t)e.object * OBJECT_BYTES);
        q.asked = e.asked;
        switch (e.event) {
        case DONE: step<DONE>(m, q); break;
        case FAILED: step<FAILED>(m, q); break;
        case RESET: step<RESET>(m, q); break;
        case RESTORE: step<RESTORE>(m, q); break;
        case INITIATE: step<INITIATE>(m, q); break;
        case UPDATE: step<UPDATE>(m, q); break;
        case QUERY: step<QUERY>(m, q); break;
        case INVALIDATE: step<INVALIDATE>(m, q); break;
        case TERMINATE: step<TERMINATE>(m, q); break;
        }
        arms += m.arm;
    }
    s->arms += arms;
}
