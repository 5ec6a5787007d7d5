# SPDX-License-Identifier: BSD-2-Clause
"""`flue play`: a session with a target over the software NIC that is made of it."""
