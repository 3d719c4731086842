"""Objects with a frame, which libraries of frames and charts read directly."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from thbstats.display.displayable import Displayable, import_optional

if TYPE_CHECKING:
    import pandas as pd


def arrow_table(frame: "pd.DataFrame") -> Any:
    """Return a pandas frame as a table of pyarrow, or of polars if pyarrow is not installed."""
    flat = _flat(frame)
    try:
        import pyarrow as pa
    except ImportError:
        library = import_optional("polars", "an Arrow stream", extra="polars")
        missing = flat.isna()
        return library.DataFrame(
            {
                name: column.astype(object).mask(missing[name], None).tolist()
                for name, column in flat.items()
            },
            strict=False,
        )
    return pa.Table.from_pandas(flat, preserve_index=False)


def _flat(frame: "pd.DataFrame") -> "pd.DataFrame":
    """Return a frame with its named index as the first columns."""
    return frame.rename_axis(columns=None).reset_index(drop=frame.index.names == [None])


def _text_of(value: Any) -> Any:
    return ", ".join(value) if isinstance(value, list | tuple) else value


class Tabular(Displayable):
    """Object with a display table and a tidy frame.

    Libraries that read Arrow data, frames through narwhals or the frame interchange protocol
    take it without conversion.

    Examples
    --------
    >>> import narwhals as nw
    >>> import thbstats as thb
    >>> victims = thb.publications.com_2018_777().data.victims
    >>> forms = thb.breakdown(victims, of="exploitation", base="all")
    >>> nw.from_native(forms).shape == forms.to_frame().shape
    True
    """

    __slots__ = ()

    @abstractmethod
    def to_frame(self) -> Any:
        """Return the tidy frame."""

    def to_pandas(self) -> "pd.DataFrame":
        """Return the frame for charts: as `to_frame`, with lists as text and a plain index."""
        frame = _flat(self.to_frame())
        lists = [
            name
            for name, column in frame.items()
            if column.dtype == object and column.map(lambda own: isinstance(own, list)).any()
        ]
        return frame.assign(**{str(name): frame[name].map(_text_of) for name in lists})

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Return the tidy frame as an Arrow stream (PyCapsule interface)."""
        return arrow_table(self.to_frame()).__arrow_c_stream__(requested_schema)

    def __narwhals_dataframe__(self) -> Any:
        """Return the frame of `to_pandas` for libraries that use narwhals."""
        import narwhals as nw

        return nw.from_native(self.to_pandas())._compliant_frame.__narwhals_dataframe__()

    def __dataframe__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the frame of `to_pandas` through the frame interchange protocol."""
        return arrow_table(self.to_pandas()).__dataframe__(*args, **kwargs)
