# SPDX-License-Identifier: BSD-2-Clause
"""Names of the systems that generated code is compiled on: headers, macros, and how names begin.

Preprocessors know no scope: what a system's header defines as a macro is replaced in generated code
as well, if a driver includes that header first. A target's header lies in a folder that compilers look
into for `#include <...>`, too, and would hide the system's of that name.
"""

from __future__ import annotations

_HEADERS = {
    "C": """
        assert complex ctype errno fenv float inttypes iso646 limits locale math setjmp signal
        stdalign stdarg stdatomic stdbit stdbool stdckdint stddef stdint stdio stdlib stdnoreturn
        string tgmath threads time uchar wchar wctype
    """,
    "POSIX": """
        aio cpio dirent dlfcn endian fcntl fmtmsg fnmatch ftw glob grp iconv langinfo libgen libintl
        monetary mqueue ndbm netdb nl_types poll pthread pwd regex sched search semaphore spawn
        strings stropts syslog tar termios trace ulimit unistd utime utmpx wordexp
    """,
    "Linux": """
        alloca ar argp argz byteswap crypt elf err error execinfo expat features fstab fts getopt
        gshadow ifaddrs lastlog link malloc mcheck memory mntent obstack paths printf pty resolv
        sgtty shadow syscall sysexits thread_db ttyent ucontext ustat utmp values wait xlocale
    """,
    "Windows": """
        basetsd bcrypt conio crtdbg d3d11 devioctl direct dos excpt guiddef initguid intrin io
        iphlpapi malloc mswsock ndis netioapi ntddk ntddndis ntdef ntifs ntstatus ntstrsafe
        objbase ole2 poppack process rpc rpcndr sal sdkddkver share sspi stralign strsafe tchar
        unknwn varargs wdf wdm winbase windef windows winerror winnt winreg winsock winsock2 winuser
        ws2def ws2ipdef ws2tcpip wsk xmmintrin
    """,
}

# First words of many names of each: with one of them as a prefix, generated names meet those.
_FAMILIES = {
    "C": """
        atomic clock cnd dbl double fe flt fp fpe huge int int16 int32 int64 int8 intmax intptr kill
        lc ldbl max memory mtx ptrdiff rand seek sig size stdc thrd tm tss uint uint16 uint32
        uint64 uint8 uintmax uintptr va wchar wint
    """,
    "POSIX": """
        abday abmon adj af ai altmon at bus c cld cmsg d day dl dt eai f fd fnm gai gl gr group h if
        ifa iff ifr ill imr in in6 inaddr inet inet6 ip ipc ipport ipproto ipv6 l lio log m madv
        map mcast mm mon mq msg nl o p pf posix prio prot pw r re reg rlim rlimit rtld ru s sa scm
        segv sem shm shut si sigev sin6 so sock sockaddr sol ss st sys tc tcp timer trap u uc ut w
        wrde x
    """,
    "Linux": """
        clone cookie cpu dlfo dlm dls dn epoll eth ethtool falloc iov lock mod n netlink nlm nla
        pci pkey poll rta rtm rwf rwh sta statx stx sync tcpct tcpi tcpm tcpolen tcpopt th ttydef
        vfio
    """,
    "Windows": """
        cert co crypt device dns driver emr event exception file fsctl generic image ioctl irp job
        key lang mb mci meta ms ncrypt nt perf printer process processor product rtl scard sec
        security service sm spi status sublang szoid tape token v ver vk wm ws wsa
    """,
}

# Words that are replaced wherever they stand.
_MACROS = {
    "C": "complex imaginary noreturn math_errhandling unreachable",
    "POSIX": """
        basename environ d_fileno h_addr h_errno s_addr s6_addr s6_addr16 s6_addr32 sa_handler
        sa_sigaction sched_priority si_addr si_addr_lsb si_arch si_band si_call_addr si_fd si_int
        si_lower si_overrun si_pid si_pkey si_ptr si_status si_stime si_syscall si_timerid si_uid
        si_upper si_utime si_value sigev_notify_attributes sigev_notify_function st_atime st_ctime
        st_mtime
    """,
    "Linux": """
        current hostalias i386 ifa_broadaddr ifa_dstaddr ifc_buf ifc_req ifr_addr ifr_bandwidth
        ifr_broadaddr ifr_data ifr_dstaddr ifr_flags ifr_hwaddr ifr_ifindex ifr_map ifr_metric
        ifr_mtu ifr_name ifr_netmask ifr_newname ifr_qlen ifr_settings ifr_slave mips nsaddr powerpc
        putlong putshort sparc sun
    """,
    "Windows": """
        abnormal_termination cdecl exception_code exception_info far gai_strerror hyper in_addr6
        interface isascii iscsym iscsymf lstrcat lstrcmp lstrcmpi lstrcpy lstrcpyn lstrlen near onexit_t
        pascal s6_bytes s6_words s_host s_imp s_impno s_lh s_net small strcasecmp strncasecmp
        sys_errlist sys_nerr toascii ua_lstrcmp ua_lstrcmpi ua_lstrlen ua_tcscpy uuid_t wcswcs wsprintf
        wvsprintf
    """,
}
# The same of the host's names, which may be in upper case.
_HOST_MACROS = {
    "C": "BUFSIZ EOF FILENAME_MAX FOPEN_MAX I NULL RAND_MAX EDOM EILSEQ ERANGE",
    "Windows": """
        ABSOLUTE CALLBACK CDECL CONST DELETE ERROR FALSE FAR IGNORE IN INFINITE NEAR NO_ERROR OPAQUE
        OPTIONAL OUT PASCAL RELATIVE STRICT SYNCHRONIZE TRANSPARENT TRUE VOID WINAPI
    """,
}
# Words that are replaced where a bracket follows, as behind a function's name.
_CALLED = {
    "C": """
        acos acosh asin asinh assert atan atan2 atanh carg cbrt ceil cimag conj copysign cos cosh
        cproj creal erf erfc exp exp2 expm1 fabs fdim floor fma fmax fmin fmod fpclassify frexp
        hypot ilogb isalnum isalpha isblank iscntrl isdigit isfinite isgraph isgreater
        isgreaterequal isinf isless islessequal islessgreater islower isnan isnormal isprint ispunct
        isspace isunordered isupper isxdigit kill_dependency ldexp lgamma llrint llround log log10
        log1p log2 logb lrint lround nearbyint nextafter nexttoward offsetof pow remainder remquo
        rint round scalbln scalbn setjmp signbit sin sinh sqrt tan tanh tgamma trunc va_arg va_copy
        va_end va_start atomic_compare_exchange_strong atomic_compare_exchange_strong_explicit
        atomic_compare_exchange_weak atomic_compare_exchange_weak_explicit atomic_exchange
        atomic_exchange_explicit atomic_fetch_add atomic_fetch_add_explicit atomic_fetch_and
        atomic_fetch_and_explicit atomic_fetch_or atomic_fetch_or_explicit atomic_fetch_sub
        atomic_fetch_sub_explicit atomic_fetch_xor atomic_fetch_xor_explicit atomic_flag_clear
        atomic_flag_clear_explicit atomic_flag_test_and_set atomic_flag_test_and_set_explicit
        atomic_init atomic_is_lock_free atomic_load atomic_load_explicit atomic_signal_fence
        atomic_store atomic_store_explicit atomic_thread_fence
    """,
    "POSIX": """
        isalnum_l isalpha_l isascii isblank_l iscntrl_l isdigit_l isgraph_l islower_l isprint_l
        ispunct_l isspace_l isupper_l isxdigit_l pthread_cleanup_pop pthread_cleanup_push sigmask
        sigsetjmp toascii
    """,
    "Linux": """
        abs alloca barrier clamp clrbit howmany isclr isset likely major makedev minor powerof2
        roundup rounddown scalb setbit swap timeradd timerclear timercmp timerisset timersub
        unlikely
    """,
    "Windows": """
        iswalnum iswalpha iswascii iswcntrl iswdigit iswgraph iswlower iswprint iswpunct iswspace
        iswupper iswxdigit max min
    """,
}


def _owners(words: dict[str, str]) -> dict[str, str]:
    """By word: the first that has it."""
    out: dict[str, str] = {}
    for owner, text in words.items():
        for word in text.split():
            out.setdefault(word, owner)
    return out


HEADERS = _owners(_HEADERS)
FAMILIES = _owners(_FAMILIES)
MACROS = _owners(_MACROS)
HOST_MACROS = {**MACROS, **_owners(_HOST_MACROS)}
CALLED = {**_owners(_CALLED), **MACROS}


def taken(kind: str, name: str) -> tuple[str, str] | None:
    """Which system's a name is and why that matters, where a spec's name becomes one in C."""
    if kind == "target" and name in HEADERS:
        return HEADERS[name], f"the generated header would hide <{name}.h>"
    if kind == "target" and name in FAMILIES:
        return (
            FAMILIES[name],
            f"names that begin with {name}_ or {name.upper()}_ are in its headers",
        )
    table = {"command": CALLED, "operation": CALLED, "host's member": HOST_MACROS}.get(kind, MACROS)
    if kind == "call":
        table = {**CALLED, **HOST_MACROS}
    return (table[name], "its headers define a macro of that name") if name in table else None
