# SPDX-License-Identifier: BSD-2-Clause
"""The pages of the language that are made: spec/rules.md and spec/reference.md."""
