# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""Every public name is documented."""

import inspect

import pytest

import labelwise


@pytest.mark.parametrize("name", labelwise.__all__)
def test_public_names_have_docstrings_of_their_own(name):
    public = getattr(labelwise, name)
    text = public.__doc__
    inherited = [base.__doc__ for base in getattr(public, "__mro__", ())[1:]]
    assert text and text.strip() and text not in inherited
    for method, function in inspect.getmembers(public, inspect.isfunction):
        is_own = function.__module__.startswith("labelwise") and f"{public.__qualname__}." in function.__qualname__
        if inspect.isclass(public) and is_own and not method.startswith("_") and method != "forward":
            overridden = any(hasattr(base, method) for base in public.__mro__[1:])
            assert function.__doc__ or overridden, f"{name}.{method} has no docstring"
