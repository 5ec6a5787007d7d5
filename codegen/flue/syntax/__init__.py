# SPDX-License-Identifier: BSD-2-Clause
"""YAML files -> trees in which everything knows its line and column, and has the right shape."""
