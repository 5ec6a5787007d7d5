# SPDX-License-Identifier: BSD-2-Clause
"""`flue lsp`: the checker in an editor, by the Language Server Protocol."""
