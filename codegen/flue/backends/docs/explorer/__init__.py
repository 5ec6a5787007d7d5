# SPDX-License-Identifier: BSD-2-Clause
"""`flue docs`: a page for each target, to be looked around in."""
