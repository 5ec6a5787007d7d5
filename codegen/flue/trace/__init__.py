# SPDX-License-Identifier: BSD-2-Clause
"""`flue trace`: what a recorder of the runtime has written, for people and for other programs."""
