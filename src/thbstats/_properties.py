"""Cached properties."""

import functools
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from functools import cached_property
else:

    class cached_property(functools.cached_property):  # noqa: N801 - the name in functools
        """Property that is computed once per object, without a lock.

        In Python 3.11, the objects of a class share one lock. A process that forks while a thread
        holds it has a child that waits forever. Two threads can compute a value twice, and both
        return the first one.
        """

        def __get__(self, instance: Any, owner: type | None = None) -> Any:
            if instance is None:
                return self
            values = instance.__dict__
            if self.attrname not in values:
                values.setdefault(self.attrname, self.func(instance))
            return values[self.attrname]


__all__ = ["cached_property"]
