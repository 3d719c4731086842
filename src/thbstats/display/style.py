"""Style sheet of the HTML output."""

__all__ = ["STYLE"]

_LIGHT = """\
color-scheme: light; --paper: #fff; --ink: #1c2024; --soft: #5b6470; --hair: #dde1e6;
--rule: #1c2024; --accent: #14507a; --pale: #a9c8dd; --band: #f6f8fa; --shade: #1c20241c;
--good: #17663a; --warn: #855000; --bad: #a32020;"""

_DARK = """\
color-scheme: dark; --paper: #14171a; --ink: #e6e8ea; --soft: #a0a9b3; --hair: #33393f;
--rule: #aab2ba; --accent: #7db8e0; --pale: #34566d; --band: #1b1f24; --shade: #000000a6;
--good: #6fcf97; --warn: #e5b45a; --bad: #f28b82;"""

# The theme of a documentation page or notebook has priority.
_HOST_LIGHT = ':is([data-theme="light"], [data-jp-theme-light="true"]) .thb'
_HOST_DARK = ':is([data-theme="dark"], [data-jp-theme-light="false"]) .thb'

_TABLES = """\
.thb, .thb * { box-sizing: border-box; }
.thb {
  background: var(--paper); color: var(--ink);
  font: 0.9375rem/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans",
    Arial, sans-serif;
  -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
div.thb { padding: 0.6rem 0.75rem; }
.thb figure { margin: 0; max-width: 100%; }
.thb .thb-box {
  container-type: inline-size; overflow-x: auto;
  background:
    linear-gradient(to left, var(--paper) 50%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(to left, var(--shade), transparent) right / 1rem 100% no-repeat scroll;
}
.thb .thb-box:focus-visible { outline: 2px solid var(--accent); outline-offset: 3px; }
.thb table {
  border-collapse: separate; border-spacing: 0; margin: 0; width: auto; min-width: min(100%, 24rem);
  border-top: 2px solid var(--rule); border-bottom: 2px solid var(--rule);
  background: transparent; color: inherit; font-size: inherit; table-layout: auto;
  font-variant-numeric: tabular-nums lining-nums;
}
.thb caption { caption-side: top; padding: 0 0 0.55rem; text-align: left; color: inherit; }
.thb caption span {
  position: sticky; left: 0; display: inline-block; max-width: 100cqw;
  font-weight: 600; font-size: 1.0625rem; line-height: 1.35;
}
.thb caption b { color: var(--accent); font-weight: 600; }
.thb tr { background: transparent; }
.thb th, .thb td {
  padding: 0.34rem 0 0.34rem 1.75rem; border: 0; border-bottom: 1px solid var(--hair);
  text-align: left; vertical-align: baseline; font-weight: 400; color: inherit;
  background: transparent; white-space: normal; max-width: 34rem; overflow-wrap: break-word;
}
.thb tr > :first-child { padding-left: 0; min-width: min(7rem, 40cqw); }
.thb tr > [scope="row"], .thb thead th:first-child {
  position: sticky; left: 0; z-index: 1; background: var(--paper); max-width: min(34rem, 45cqw);
}
.thb .thb-keep { white-space: nowrap; }
.thb thead th {
  vertical-align: bottom; color: var(--soft); font-size: 0.875rem; line-height: 1.3;
  padding-top: 0.5rem; padding-bottom: 0.45rem; border-bottom: 1px solid var(--rule);
}
.thb .thb-right { text-align: right; }
.thb td.thb-right { white-space: nowrap; }
.thb td:not(.thb-right) { min-width: 6.5rem; }
.thb td.thb-long { min-width: min(17rem, 58cqw); }
.thb tr > th.thb-long { min-width: min(15rem, 44cqw); max-width: min(34rem, 50cqw); }
.thb tbody + tbody > tr:first-child > * { border-top: 1px solid var(--rule); }
.thb th.thb-group { padding-top: 0.75rem; font-weight: 600; }
.thb tr.thb-total > * { font-weight: 600; border-top: 1px solid var(--rule); }
.thb tbody:last-child > tr:last-child > * { border-bottom: 0; }
.thb tbody > tr:hover > * { background: var(--band); }
.thb .thb-empty, .thb .thb-muted { color: var(--soft); }
.thb .thb-good { color: var(--good); }
.thb .thb-warn { color: var(--warn); }
.thb .thb-bad { color: var(--bad); }
.thb .thb-mark { font-weight: 700; }
.thb .thb-hint {
  text-decoration: underline dotted var(--soft); text-underline-offset: 0.22em; cursor: help;
}
.thb svg.thb-bar { display: block; width: 100%; min-width: 7rem; height: 5px; margin: 3px 0 2px; }
.thb .thb-bar rect { fill: var(--hair); }
.thb .thb-bar .thb-possible { fill: var(--pale); }
.thb .thb-bar .thb-certain { fill: var(--accent); }
.thb ul.thb-notes {
  list-style: none; margin: 0.6rem 0 0; padding: 0; max-width: 44rem;
  color: var(--soft); font-size: 0.8125rem; line-height: 1.5;
}
.thb ul.thb-notes li { margin: 0 0 0.15rem; padding-left: 1em; text-indent: -1em; }
"""

_PAGES = """\
body.thb { margin: 0; }
.thb main { max-width: 60rem; margin: 0 auto; padding: clamp(1.5rem, 5vw, 4rem) 1.25rem 4rem; }
.thb h1, .thb h2, .thb main p, .thb main .thb-list {
  font-family: Charter, "Bitstream Charter", "Sitka Text", Cambria, "Source Serif 4",
    "Noto Serif", "Liberation Serif", serif;
}
.thb main p {
  max-width: 42rem; margin: 0 0 1rem; font-size: 1.125rem; line-height: 1.6;
  text-wrap: pretty; hyphens: auto; overflow-wrap: break-word;
}
.thb header { border-top: 4px solid var(--accent); padding-top: 1rem; margin-bottom: 2.5rem; }
.thb header p.thb-kicker, .thb footer p {
  font-family: inherit; font-size: 0.8125rem; line-height: 1.5; color: var(--soft); hyphens: none;
}
.thb header p.thb-kicker { margin: 0 0 1.5rem; letter-spacing: 0.02em; }
.thb h1 {
  font-size: clamp(1.75rem, 1.2rem + 2.6vw, 2.625rem); line-height: 1.14; font-weight: 600;
  letter-spacing: -0.012em; margin: 0 0 1rem; max-width: 46rem; text-wrap: balance;
  overflow-wrap: break-word;
}
.thb header p.thb-lead { font-size: 1.25rem; line-height: 1.5; margin: 0; }
.thb h2 {
  font-size: 1.5rem; line-height: 1.25; font-weight: 600; margin: 3.25rem 0 0.75rem;
  max-width: 42rem; text-wrap: balance; overflow-wrap: break-word;
}
.thb h3 { font-size: 1rem; font-weight: 600; margin: 1.25rem 0 0.35rem; }
.thb .thb-list {
  max-width: 44rem; margin: 0 0 1.25rem; padding-left: 1.4em;
  font-size: 1.125rem; line-height: 1.55;
}
.thb .thb-list li { margin: 0 0 0.4rem; overflow-wrap: break-word; }
.thb details { margin: 3.25rem 0 0; border-top: 1px solid var(--hair); padding-top: 1rem; }
.thb details summary { cursor: pointer; }
.thb details summary h2 { display: inline; margin: 0; font-size: 1.25rem; }
.thb details[open] summary { margin-bottom: 1rem; }
.thb section figure { margin: 1.75rem 0 2.25rem; }
.thb nav { margin: 0 0 1rem; font-size: 0.9375rem; }
.thb nav ol {
  columns: 16rem 2; column-gap: 2.5rem; margin: 0; padding-left: 1.5em; max-width: 46rem;
}
.thb nav li { break-inside: avoid; padding: 0.15rem 0; }
.thb nav li::marker { color: var(--soft); font-variant-numeric: tabular-nums; }
.thb a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 0.2em; }
.thb footer { margin-top: 3.5rem; padding-top: 0.9rem; border-top: 1px solid var(--hair); }
"""

_PRINT = f"""\
@media print {{
  .thb, {_HOST_LIGHT}, {_HOST_DARK} {{ {_LIGHT} font-size: 9.5pt; }}
  .thb main {{ max-width: none; padding: 0; }}
  .thb main p, .thb header p.thb-lead {{ font-size: 10.5pt; orphans: 3; widows: 3; }}
  .thb h1 {{ font-size: 21pt; }}
  .thb h2 {{ font-size: 14pt; margin-top: 2rem; }}
  .thb caption span {{ font-size: 10pt; max-width: none; }}
  .thb thead th, .thb ul.thb-notes {{ font-size: 8.5pt; }}
  .thb th, .thb td {{ padding-left: 1rem; }}
  .thb tr > :first-child, .thb tr > th.thb-long, .thb td:not(.thb-right), .thb td.thb-long {{
    min-width: 0; max-width: none; position: static;
  }}
  .thb svg.thb-bar {{ min-width: 3rem; }}
  .thb .thb-box {{ overflow: visible; container-type: normal; }}
  .thb nav, .thb details:not([open]) {{ display: none; }}
  .thb .thb-list {{ font-size: 10.5pt; max-width: none; }}
  .thb .thb-list li {{ break-inside: avoid; }}
  .thb h2, .thb caption {{ break-after: avoid; }}
  .thb tr, .thb .thb-notes {{ break-inside: avoid; }}
  .thb thead {{ display: table-header-group; }}
}}
"""

STYLE = f"""\
.thb {{ {_LIGHT} }}
@media (prefers-color-scheme: dark) {{ .thb {{ {_DARK} }} }}
{_HOST_LIGHT} {{ {_LIGHT} }}
{_HOST_DARK} {{ {_DARK} }}
{_TABLES}{_PAGES}{_PRINT}"""
"""CSS of tables and pages, with all rules under the class ``thb``."""
