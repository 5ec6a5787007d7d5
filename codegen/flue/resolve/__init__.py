# SPDX-License-Identifier: BSD-2-Clause
"""Located trees -> the model: every name looked up, every pair of state and event decided."""
