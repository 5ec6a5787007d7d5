# SPDX-License-Identifier: BSD-2-Clause
"""Model -> C: headers, tables, and the machines that Ragel compiles."""
