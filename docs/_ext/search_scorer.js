/* Scores of search results: a page or heading with the name that was typed comes first. */
var Scorer = {
  score: ([, title, , , score, filename]) => {
    const typed = (new URLSearchParams(window.location.search).get("q") || "").trim().toLowerCase();
    // A heading within a page is listed as "Page > Heading", that of a warning as "Title (CODE)".
    const name = title.split(" > ").pop().toLowerCase().replace(/ \([^)]*\)$/, "");
    const isFunction = filename.startsWith("reference/functions/") && name.endsWith(`.${typed}`);
    const isTop = name === `thb.${typed}`;
    return score + (name === typed ? 100 : isTop ? 95 : isFunction ? 90 : 0);
  },
  objNameMatch: 11,
  objPartialMatch: 6,
  objPrio: { 0: 15, 1: 5, 2: -5 },
  objPrioDefault: 0,
  title: 15,
  partialTitle: 7,
  term: 5,
  partialTerm: 2,
};
