# SPDX-License-Identifier: BSD-2-Clause
"""flue's compiler: specs of offloaded state in, state machines in C out."""

__version__ = "0.1.0"
