# SPDX-License-Identifier: BSD-2-Clause
"""Model -> what people read: tables and diagrams."""
