# SPDX-License-Identifier: BSD-2-Clause
"""Model -> Promela: models of a target, and what SPIN finds in them, in the words of the spec."""
