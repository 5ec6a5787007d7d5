# SPDX-License-Identifier: BSD-2-Clause
"""Mutants: texts replaced in copies of sources, and the layers of tests that must notice."""
