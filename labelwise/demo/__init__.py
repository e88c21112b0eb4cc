# Copyright 2026 The labelwise authors.
# SPDX-License-Identifier: Apache-2.0
"""The page of `labelwise demo` and of the Space that `labelwise push --space` writes (`pip install labelwise[demo]`).

Example:

```python
>>> from labelwise.demo import Tagger, build

>>> build(Tagger.from_pretrained("out")).launch()
```"""

from .page import build
from .tagger import Tagger

__all__ = ["Tagger", "build"]
