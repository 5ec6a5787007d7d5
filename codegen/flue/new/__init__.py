# SPDX-License-Identifier: BSD-2-Clause
"""`flue new`: a target with its driver, host and tests, from a few words."""
