"""Cases that stay in their engine: one group-by is pushed down, and only its groups come back."""

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

__all__ = ["LazyRows", "Question", "collect_frame", "collect_polars"]

_HINT = "Correct what it names. Count files by their paths: then the error names the file"

T = TypeVar("T")

Question = Callable[["nw.LazyFrame[Any]", Collect], T]
"""What is asked of the rows, with what runs it."""


@frozen(eq=False, slots=False)
class LazyRows:
    """Cases of a frame that is not in memory: of DuckDB, polars, Spark, dask, Ibis.

    Parameters
    ----------
    frame : LazyFrame of narwhals
        The cases.
    progress : callable
        Told that counting has begun, and that it is done.
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
        wanted = GroupQuery(columns=columns, weights=weights, derived=derived)
        return self.run(
            columns, lambda frame, collect: group_rows(frame, wanted, collect, self._known)
        )

    def run(self, _columns: Sequence[str], question: Question[T]) -> T:
        """Return the answer to a question about some columns."""
        self.progress("counting", 0.0)
        try:
            found = question(self.frame, collect_frame)
        except ThbstatsError:
            raise
        except Exception as error:  # each engine raises its own
            if is_interrupted(error):
                raise KeyboardInterrupt from error
            raise engine_error(self.frame.implementation.name.lower(), error, _HINT) from error
        self.progress("counting", 1.0)
        return found


def collect_frame(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the answer of an engine as a frame in memory."""
    if frame.implementation.is_polars():
        return collect_polars(frame.to_native())
    if find_spec("pyarrow"):
        return frame.collect("pyarrow").to_native()
    return _by_pandas(frame)


def _by_pandas(frame: "nw.LazyFrame[Any]") -> Any:
    """Return the answer as pandas holds it, which has no days without an hour."""
    import narwhals.stable.v2 as nw

    schema = frame.collect_schema()
    days = [name for name, dtype in schema.items() if dtype == nw.Date]
    return frame.with_columns(nw.col(*days).cast(nw.String)).collect("pandas").to_native()


def collect_polars(frame: Any) -> Any:
    """Return the rows of a lazy frame of polars, which does not stop for Ctrl-C by itself."""
    from time import sleep

    running = frame.collect(engine="streaming", background=True)
    try:
        while (found := running.fetch()) is None:
            sleep(_PAUSE)
    except BaseException:
        running.cancel()
        raise
    return found


_PAUSE = 0.002
