# SPDX-License-Identifier: BSD-2-Clause
"""What the model becomes. No back end knows another, and none asks the checker."""
