"""What selected cases have in common: their area, period and other constants."""

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from thbstats.cases.cells import missing_area
from thbstats.cases.counted import CountedCases, Rows, count_answers
from thbstats.cases.declarations import Declarations
from thbstats.errors import InvalidValue
from thbstats.exchange.cases import Cases
from thbstats.geography import Area
from thbstats.records.reading import area_members
from thbstats.values import Period


@frozen(eq=False)
class SelectedCases:
    """The cases with some values; of a file, with its constants."""

    rows: Rows
    declarations: Declarations
    file_cases: Cases | None
    where: Mapping[str, Any]

    def counted(self, names: Sequence[str]) -> CountedCases:
        """Return the selected cases, counted by some dimensions."""
        return count_answers(self.rows, self.declarations, names, self.where)

    def common_categories(self, names: Sequence[str]) -> dict[str, str]:
        """Return the category of all selected cases in other dimensions than some."""
        cases, declarations = self.file_cases, self.declarations
        schema, where = declarations.schema, self.where
        recorded = [name for name in ("area", "period") if declarations.varies(name)]
        common: dict[str, str] = {}
        if cases is not None:
            self._check_constants(cases)
            recorded = [name for name in cases.columns if schema[name].total is None]
            common = {name: schema[name].parse(v) for name, v in cases.constants.items()}
            if "age" not in names:
                common.pop("age_concept", None)  # the table has no age
        common |= declarations.constants
        for name in set(where) & set(schema.names):
            codes = declarations.parse_values(name, where[name])
            if schema[name].total is None and len(codes) == 1:
                common[name] = codes[0]
        for name in recorded:
            if name not in {*names, *common} or (name == "area" and cases and name in names):
                codes, lacking = self._recorded(name)
                if name == "period":
                    common[name] = _whole_period(codes, lacking)
                elif name != "area":
                    common[name] = _only_category(name, codes, lacking)
                elif lacking and (name in names or cases is None or cases.default_area is None):
                    hint = "exclude these cases" if cases is None else "count .known('area')"
                    raise missing_area(lacking, hint)
                elif codes and not lacking:
                    members = {member for code in codes for member in area_members(code)}
                    common[name] = Area.from_countries(members).code
        if cases is not None and cases.default_area is not None:
            common.setdefault("area", cases.default_area)
        for name in names:
            common |= declarations.reading(name).constants
        return {name: code for name, code in common.items() if code}

    def _recorded(self, name: str) -> tuple[list[str], int]:
        """Return the categories of the selected cases, and the number of cases without one."""
        answers = self.counted([name]).of_dimension()
        codes = sorted({code for answer, _ in answers for code in answer.codes})
        return codes, sum(number for answer, number in answers if not answer.codes)

    def _check_constants(self, cases: Cases) -> None:
        """Refuse a constant that contradicts a case of a file."""
        for name, code in self.declarations.constants.items():
            problem = "must not be a column of the cases" if name in cases.multiple else ""
            if name in cases.columns:
                others = [
                    other for other in self._recorded(name)[0] if not _covers(name, code, other)
                ]
                problem = f"contradicts cases of {', '.join(others[:5])}" if others else ""
            if problem:
                hint = "Select cases with .where(...) before you count them"
                raise InvalidValue(problem, field=name, value=code, hint=hint)


def _whole_period(codes: Sequence[str], lacking: int) -> str:
    """Return the periods of all cases as one."""
    periods = [Period.parse(code) for code in codes]
    days = [(period.start, period.end) for period in periods if period.start and period.end]
    if lacking or not days or len(days) < len(periods):
        return "not stated"
    return str(Period(min(day for day, _ in days), max(day for _, day in days)))


def _only_category(name: str, codes: Sequence[str], lacking: int) -> str:
    """Return the category of all cases; empty if there is none."""
    if len(codes) + bool(lacking) > 1:
        raise InvalidValue(
            f"must be the same for all cases, got {', '.join(codes[:5])}",
            field=name,
            hint=f"Add it to by=[...], or select cases with .where({name}=...)",
        )
    return "".join(codes)


def _covers(name: str, whole: str, part: str) -> bool:
    """Return whether all cases of a category belong to another category."""
    if name == "area":
        return area_members(part) <= area_members(whole)
    if name == "period":
        days, inside = Period.parse(whole), Period.parse(part)
        if days.start is None or days.end is None or inside.start is None or inside.end is None:
            return days.start is None
        return days.start <= inside.start and inside.end <= days.end
    return whole == part
