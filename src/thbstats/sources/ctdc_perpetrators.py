"""Victims and perpetrators of the Counter Trafficking Data Collaborative (CTDC)."""

from collections.abc import Sequence
from typing import Any

from thbstats.files.delimited import first_lines
from thbstats.files.input_file import InputFile
from thbstats.files.reading import Reading
from thbstats.sources._case_files import CaseReader, ctdc_source, year, yes_or_no
from thbstats.sources._formats import FilePath, Format, crosswalk
from thbstats.vocabulary import AgeGroup, Sex

__all__ = ["FORMAT", "read", "recognise"]

_CROSSWALK = crosswalk("ctdc_perpetrators")
_KNOWN = {*_CROSSWALK["header"], *_CROSSWALK["flags"], *_CROSSWALK["classified"].values()}
_NOTES = (
    "The records are synthetic: rows are not persons, and counts are approximate",
    "The publisher describes over 17,000 victims and over 37,000 perpetrators: a victim can have "
    "several rows, and the counts are rows",
    "CTDC is not a random sample: it contains persons known to its contributors. The file contains "
    "regions, no countries",
)


def recognise(file: InputFile) -> str:
    """Return the feature that identifies the data set; empty for other files."""
    return _feature(next(first_lines(file, ","), []))


def _feature(names: Sequence[str]) -> str:
    if not set(_CROSSWALK["header"]) <= set(names):
        return ""
    return "its header has the columns of CTDC's victim and perpetrator data set"


def read(path: FilePath, **options: Any) -> Reading:
    r"""Read the victims and perpetrators of a CTDC file.

    Parameters
    ----------
    path : str, path or InputFile
        The file, plain or compressed with gzip.
    **options
        Options of `thbstats.sources.read`: ``declare`` and ``kind`` (a schema of victims) state
        classifications only, since the columns are known. ``source`` is by default CTDC
        with its terms.
        Constants apply to every case, such as ``status="presumed"``, and override columns.

    Returns
    -------
    Reading
        With ``cases``. Dimensions of the victim: ``period`` (of registration), ``sex``, ``age``,
        ``exploitation``, ``region_of_origin`` and ``region_of_exploitation``. Dimensions of the
        perpetrators, with multiple response: ``perpetrator_role``, ``perpetrator_sex``,
        ``perpetrator_age``, ``perpetrator_region``, ``perpetrator_relation`` and
        ``perpetrator_payment``.

    Raises
    ------
    InvalidFile
        If it has another format, is damaged, or exceeds the limits.
    InvalidValue, UnknownName
        If a constant is not valid.
    DefectiveFile
        If ``strict`` is set and the file has a problem.

    References
    ----------
    CTDC, Global Victim-Perpetrator Synthetic Dataset.

    Examples
    --------
    >>> from thbstats.files import open_bytes
    >>> file = open_bytes(
    ...     b"yearRegister,gender,isSexualExploit,IP_Gender,IP_Relation\n"
    ...     b"2014-2018,Female,1,Female;Male,FriendAcquaintance\n"
    ...     b"2019,Male,,Male,StrangerUnknownOther\n"
    ... )
    >>> cases = read(file).cases
    >>> import thbstats as thb
    >>> table = thb.count_cases(cases, ["sex", "perpetrator_sex"])
    >>> table.count(perpetrator_sex="male"), table.count(sex="female", perpetrator_sex="female")
    (Count(2), Count(1))
    """
    request = FORMAT.request(path, options)
    file = CaseReader(
        request,
        _feature,
        _CROSSWALK,
        header="columns of CTDC's victim and perpetrator data set",
        required=", ".join(_CROSSWALK["header"]),
        separator=",",
    )
    flags = {
        name: yes_or_no(file.ledger, file.columns[name])
        for name in _CROSSWALK["flags"]
        if name in file.columns
    }
    forms = _CROSSWALK["forms"].items()
    file.add_multiple(
        "exploitation", ((code, name, flags[name]) for name, code in forms if name in flags)
    )
    file.add("period", "yearRegister", year, None)
    file.add("sex", "gender", Sex.parse)
    file.add("age", "majorityStatus", AgeGroup.parse)
    return file.reading(
        terms="ctdc",
        source=ctdc_source(request.source, "CTDC, Global Victim-Perpetrator Synthetic Dataset"),
        age_concept="at_registration",
        is_known=_KNOWN.__contains__,
        flags=flags,
        default_area="WORLD",  # its publisher calls it a global data set
        notes=_NOTES,
    )


FORMAT = Format.named("ctdc_perpetrators", recognise, read)
