"""Victims and perpetrators of the Counter Trafficking Data Collaborative (CTDC)."""

from collections.abc import Mapping, Sequence

from thbstats.exchange.case_answers import (
    FileAnswers,
    declared_schema,
    frame_of_cases,
    parse_answers,
    year,
    yes_or_no,
)
from thbstats.exchange.case_dimensions import Classifier
from thbstats.exchange.delimited import first_lines
from thbstats.exchange.input_file import InputFile
from thbstats.exchange.ledger import FileColumn, Ledger
from thbstats.exchange.reading import Reading
from thbstats.sources._families import CASES_DOCUMENTATION, ctdc_source, note_unknown, rows_of
from thbstats.sources._formats import Format, Request, crosswalk
from thbstats.vocabulary import AgeGroup, Sex

__all__ = ["FORMAT", "read", "recognise"]

_CROSSWALK = crosswalk("ctdc_perpetrators")
_HEADER: Sequence[str] = _CROSSWALK["header"]
_FORMS: Mapping[str, str] = _CROSSWALK["forms"]
_CLASSIFIED: Mapping[str, str] = _CROSSWALK["classified"]
_KNOWN = {*_HEADER, *_CROSSWALK["flags"], *_CLASSIFIED.values()}


def recognise(file: InputFile) -> str:
    """Return the feature that identifies the data set; empty for other files."""
    return _feature(next(first_lines(file, ","), []))


def _feature(names: Sequence[str]) -> str:
    if not set(_HEADER) <= set(names):
        return ""
    return "its header has the columns of CTDC's victim and perpetrator data set"


FORMAT = Format(
    name="ctdc_perpetrators",
    label="CTDC victims and perpetrators",
    recognise=recognise,
    contents="Cases, one row per victim with the perpetrators: `read(path).cases`, and "
    "`count_cases` counts them by dimensions of the victim and, with multiple response, of the "
    "perpetrators. The terms forbid re-identification. Read only.",
    specification="CTDC, Global Victim-Perpetrator Synthetic Dataset, condensed file "
    "(https://www.ctdatacollaborative.org); the codebook could not be compared",
    noun="cases",
    documentation=CASES_DOCUMENTATION,
)


@FORMAT.reader
def read(request: Request) -> Reading:
    r"""Read the victims and perpetrators of a CTDC file.

    Parameters
    ----------
    source : Source or str, optional
        The publication; by default CTDC with its terms.

    Returns
    -------
    Reading
        With ``cases``. Dimensions of the victim: ``period`` (of registration), ``sex``, ``age``,
        ``exploitation``, ``region_of_origin`` and ``region_of_exploitation``. Dimensions of the
        perpetrators, with multiple response: ``perpetrator_role``, ``perpetrator_sex``,
        ``perpetrator_age``, ``perpetrator_region``, ``perpetrator_relation`` and
        ``perpetrator_payment``.

    Examples
    --------
    >>> from thbstats.exchange import open_bytes
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

    References
    ----------
    CTDC, Global Victim-Perpetrator Synthetic Dataset.
    """
    schema = declared_schema(request.declare, request.kind)
    ledger, feature = rows_of(
        request,
        _feature,
        separator=",",
        header="columns of CTDC's victim and perpetrator data set",
        required=", ".join(_HEADER),
    )
    columns = {name: ledger.column(name) for name in map(str, ledger.raw)}
    flags = {
        name: yes_or_no(ledger, columns[name]) for name in _CROSSWALK["flags"] if name in columns
    }
    answers = FileAnswers(
        columns=_dimensions(ledger, columns),
        multiple={
            "exploitation": {code: flags[name] for code, name in _FORMS.items() if name in flags}
        },
        names={"exploitation": dict(_FORMS)},
    )
    classifier = Classifier(
        ledger=ledger,
        source="ctdc",
        columns=columns,
        flags=flags,
        named=_CLASSIFIED,
        lists=_CROSSWALK["lists"],
    )
    schema = classifier.add(answers, schema, _CROSSWALK["bundled"])
    cases = frame_of_cases(
        ledger,
        columns,
        answers,
        schema=schema,
        source=ctdc_source(request.source, "CTDC, Global Victim-Perpetrator Synthetic Dataset"),
        age_concept="at_registration",
        constants=request.constants,
        default_area="WORLD",  # its publisher calls it a global data set
    )
    ledger.note("The records are synthetic: rows are not persons, and counts are approximate")
    ledger.note(
        "The publisher describes over 17,000 victims and over 37,000 perpetrators: a victim can "
        "have several rows, and the counts are rows"
    )
    ledger.note(
        "CTDC is not a random sample: it contains persons known to its contributors. The file "
        "contains regions, no countries"
    )
    note_unknown(ledger, (name for name in columns if name not in _KNOWN))
    return request.recognised_by(feature).finish(ledger, cases=cases)


def _dimensions(ledger: Ledger, columns: Mapping[str, FileColumn]) -> dict[str, FileColumn]:
    """Return the dimensions of the victim with one answer, in category codes."""
    result = {
        "period": parse_answers(ledger, columns["yearRegister"], year, None),
        "sex": parse_answers(ledger, columns["gender"], lambda text: Sex.parse(text).value),
    }
    if "majorityStatus" in columns:
        ages = columns["majorityStatus"]
        result["age"] = parse_answers(ledger, ages, lambda text: AgeGroup.parse(text).value)
    return result
