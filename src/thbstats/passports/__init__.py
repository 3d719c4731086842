"""Figure passports: one page for one figure, to pass on."""

from thbstats.passports.passport import Passport, Published, passport_of, write_passports

__all__ = ["Passport", "Published", "passport_of", "write_passports"]
