"""Cases in an engine."""

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import field, frozen

from thbstats.cases.engine_columns import Derivation
from thbstats.cases.failures import engine_error, is_interrupted
from thbstats.cases.grouping import Collect, Distinct, GroupQuery, group_rows
from thbstats.cases.rows import NO_DERIVATIONS, GroupedRows
from thbstats.errors import ThbstatsError
from thbstats.exchange import Progress, no_progress

if TYPE_CHECKING:
    import narwhals.stable.v2 as nw

__all__ = ["LazyRows", "Query", "collect_frame", "collect_polars"]

_HINT = "Correct the data, or count files by their paths to see the name of the file"

T = TypeVar("T")

Query = Callable[["nw.LazyFrame[Any]", Collect], T]
"""A query: a function of the rows and of a function that collects its result."""


@frozen(eq=False, slots=False)
class LazyRows:
    """Cases of a lazy frame: of DuckDB, polars, Spark, dask or Ibis.

    Parameters
    ----------
    frame : LazyFrame of narwhals
        The cases.
    progress : callable
        Called when counting begins and ends.
    """

    frame: "nw.LazyFrame[Any]"
    progress: Progress = no_progress
    _known: Distinct = field(factory=dict, init=False, repr=False)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return tuple(self.frame.collect_schema().names())

    def group(
        self,
        columns: Sequence[str],
        weights: str | None = None,
        derived: Mapping[str, Derivation] = NO_DERIVATIONS,
    ) -> GroupedRows:
        """Return some columns of all cases, with equal rows as one."""
        query = GroupQuery(columns=columns, weights=weights, derived=derived)
        return self.run(
            columns, lambda frame, collect: group_rows(frame, query, collect, self._known)
        )

    def run(self, _columns: Sequence[str], query: Query[T]) -> T:
        """Return the result of a query for some columns."""
        self.progress("counting", 0.0)
        try:
            result = query(self.frame, collect_frame)
        except ThbstatsError:
            raise
        except Exception as error:  # each engine raises its own
            if is_interrupted(error):
                raise KeyboardInterrupt from error
            raise engine_error(self.frame.implementation.name.lower(), error, _HINT) from error
        self.progress("counting", 1.0)
        return result


def collect_frame(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the result of an engine as a frame in memory."""
    if frame.implementation.is_polars():
        return collect_polars(frame.to_native())
    if find_spec("pyarrow"):
        return frame.collect("pyarrow").to_native()
    return _by_pandas(frame)


def _by_pandas(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the result as a pandas frame, with dates as texts."""
    import narwhals.stable.v2 as nw

    schema = frame.collect_schema()
    days = [name for name, dtype in schema.items() if dtype == nw.Date]
    return frame.with_columns(nw.col(*days).cast(nw.String)).collect("pandas").to_native()


def collect_polars(frame: Any) -> Any:
    """Return the rows of a lazy frame of polars, and stop it on Ctrl-C."""
    from time import sleep

    running = frame.collect(engine="streaming", background=True)
    try:
        while (result := running.fetch()) is None:
            sleep(_PAUSE)
    except BaseException:
        running.cancel()
        raise
    return result


_PAUSE = 0.002
