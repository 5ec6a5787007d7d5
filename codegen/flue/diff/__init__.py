# SPDX-License-Identifier: BSD-2-Clause
"""`flue diff`: what changed between two specs, for hosts, for drivers, and in behaviour."""
