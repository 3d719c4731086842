"use strict";
// One page of a table in memory: the rows stay as columns, and at most 50 rows are elements.
const PAGE = 50;
const find = (id) => document.getElementById(id);
const make = (tag, text = "", attributes = {}) => {
  const element = document.createElement(tag);
  element.textContent = text; // never as HTML: names and sentences come from files
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
};
const drawn = (tag, attributes) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
};

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function explore(data) {
  const { words, columns, lower, upper, far, blocks, pairs, kinds, keys } = data;
  const names = Object.keys(columns);
  const shown = data.shown; // the columns of the table
  const filters = data.filters;
  const size = lower.length;
  const text = (name, row) => columns[name].texts[columns[name].codes[row]];
  const say = (template, values) => template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const state = { sort: "", down: false, page: 0, selected: -1, rows: [] };
  // The words of a row for the search, in small letters and without accents.
  const plain = (words) => words.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const searchable = Array.from({ length: size }, (_, row) =>
    plain(["code", ...filters, "value"].map((name) => text(name, row)).join(" ")));

  const detail = find("detail").content.firstElementChild;
  const inside = (id) => detail.querySelector(`#${id}`);

  // Rows of one indicator that differ in one dimension have a verdict. A string holds those with
  // later rows, in the order of the rows.
  const isPeer = (one, two) => blocks[one] === blocks[two] && lower[one] !== null
    && lower[two] !== null && keys.filter((key) => key[one] !== key[two]).length === 1;
  const later = new Map();
  const partners = (row) => {
    if (!later.has(row)) {
      const own = [];
      for (let other = row + 1; other < size && blocks[other] === blocks[row]; other++)
        if (isPeer(row, other)) own.push(other);
      later.set(row, own);
    }
    return later.get(row);
  };
  const verdict = (one, two) => {
    if (!isPeer(one, two)) return null;
    const first = Math.min(one, two);
    const place = partners(first).indexOf(Math.max(one, two));
    return kinds[pairs[first].charCodeAt(place) - data.start];
  };

  const matches = (row, except = "") => filters.every((name) => {
    const chosen = find(`filter-${name}`).value;
    return name === except || chosen === "" || Number(chosen) === columns[name].codes[row];
  });

  function compared(rows) {
    if (state.selected < 0 || !find("comparable").checked) return rows;
    return rows.filter((row) => row === state.selected || verdict(state.selected, row)?.[0] === 1);
  }

  function choose() {
    const wanted = plain(find("search").value).split(/\s+/).filter(Boolean);
    const every = Array.from({ length: size }, (_, row) => row);
    state.rows = compared(every.filter((row) => matches(row)
      && wanted.every((word) => searchable[row].includes(word))));
    if (state.sort) {
      const ranks = columns[state.sort].ranks;
      const key = state.sort === "value"
        ? (row) => (lower[row] === null ? null : (lower[row] + upper[row]) / 2)
        : (row) => ranks[columns[state.sort].codes[row]];
      const way = state.down ? -1 : 1;
      // Rows without a number are last in both directions.
      state.rows.sort((one, two) => {
        const [a, b] = [key(one), key(two)];
        if (a === null || b === null) return (a === null) - (b === null) || one - two;
        return way * (a - b) || one - two;
      });
    }
    state.page = 0;
    show();
  }

  function bar(row) {
    const picture = drawn("svg", { class: "thb-bar", viewBox: "0 0 100 5", preserveAspectRatio: "none",
      "aria-hidden": "true" });
    const part = (name, x, width) => picture.append(drawn("rect", { class: name, x, width, height: 5 }));
    picture.append(drawn("rect", { width: 100, height: 1, y: 2 }));
    const [start, end] = far[row];
    part("thb-possible", 0, end);
    part("thb-certain", 0, start);
    if (lower[row] !== null) {
      const scale = data.scales[row];
      const [from, to] = [lower[row], upper[row]].map((own) => (100 * own) / scale);
      part("thb-value", Math.min(from, 99), Math.max(to - from, 1));
    }
    return picture;
  }

  function line(row) {
    const chosen = row === state.selected;
    const element = make("tr", "", chosen ? { class: "thb-selected" } : {});
    const head = make("th", "", { scope: "row" });
    const name = filters.slice(0, -1).map((own) => text(own, row)).filter(Boolean).join(", ");
    const button = make("button", text(shown[0], row), { type: "button", "data-row": row,
      "aria-expanded": String(chosen), "aria-label": name });
    head.append(button);
    element.append(head);
    shown.slice(1).forEach((name) => {
      const cell = make("td", text(name, row), { "data-label": columns[name].label });
      if (name === "value") {
        cell.className = "thb-right";
        if (far[row]) cell.append(bar(row));
      }
      element.append(cell);
    });
    const found = state.selected < 0 || chosen ? null : verdict(state.selected, row);
    const label = chosen ? words.selected : found ? found[1] : "";
    element.append(make("td", label, { "data-label": words.comparable }));
    if (!chosen) return [element];
    // The sentence follows its row, also for the keyboard and a screen reader.
    const cell = make("td", "", { colspan: shown.length + 1 });
    cell.append(detail);
    const below = make("tr");
    below.append(cell);
    return [element, below];
  }

  function show() {
    const last = Math.max(Math.ceil(state.rows.length / PAGE) - 1, 0);
    state.page = Math.min(state.page, last);
    const start = state.page * PAGE;
    const rows = state.rows.slice(start, start + PAGE);
    find("rows").replaceChildren(...rows.flatMap(line));
    if (!rows.length) {
      const empty = make("tr");
      empty.append(make("td", words.none, { class: "thb-empty", colspan: shown.length + 1 }));
      find("rows").append(empty);
    }
    find("status").textContent = say(words.status, { from: rows.length ? start + 1 : 0,
      to: start + rows.length, n: state.rows.length.toLocaleString(data.lang),
      total: size.toLocaleString(data.lang) });
    find("before").disabled = state.page === 0;
    find("after").disabled = state.page === last;
    document.querySelectorAll("th[data-column]").forEach((head) => {
      const own = head.dataset.column === state.sort;
      head.setAttribute("aria-sort", own ? (state.down ? "descending" : "ascending") : "none");
    });
  }

  function select(row) {
    state.selected = state.selected === row ? -1 : row;
    const chosen = state.selected >= 0;
    find("comparable").disabled = !chosen;
    if (!chosen) find("comparable").checked = false;
    inside("sentence").textContent = text("sentence", row);
    inside("note").textContent = text("note", row);
    inside("copied").textContent = "";
    if (find("comparable").checked) choose();
    else show();
    document.querySelector(`button[data-row="${row}"]`)?.focus();
  }

  async function copy() {
    const whole = `${inside("sentence").textContent}\n${inside("note").textContent}`;
    try {
      await navigator.clipboard.writeText(whole);
      inside("copied").textContent = words.copied;
    } catch {
      getSelection().selectAllChildren(inside("quote"));
      inside("copied").textContent = document.execCommand("copy") ? words.copied : words.marked;
    }
  }

  function download() {
    // An apostrophe keeps spreadsheets from running a text as a formula.
    const cell = (own) => `"${(/^[=+\-@\t\r]/.test(own) ? `'${own}` : own).replaceAll('"', '""')}"`;
    const lines = [names.map((name) => cell(columns[name].label)).join(",")];
    state.rows.forEach((row) => lines.push(names.map((name) => cell(text(name, row))).join(",")));
    const blob = new Blob([`\ufeff${lines.join("\r\n")}\r\n`], { type: "text/csv" });
    const link = make("a", "", { href: URL.createObjectURL(blob), download: data.file });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  filters.forEach((name) => {
    const used = [...new Set(columns[name].codes)];
    used.sort((one, two) => columns[name].ranks[one] - columns[name].ranks[two]);
    used.forEach((code) => {
      const label = columns[name].texts[code] || words.empty;
      find(`filter-${name}`).append(make("option", label, { value: code }));
    });
    find(`filter-${name}`).addEventListener("change", choose);
  });
  shown.forEach((name) => {
    find(`sort-${name}`).addEventListener("click", () => {
      state.down = state.sort === name && !state.down;
      state.sort = name;
      choose();
    });
  });
  const move = (step) => () => { state.page += step; show(); find("box").scrollIntoView(); };
  find("before").addEventListener("click", move(-1));
  find("after").addEventListener("click", move(1));
  find("search").addEventListener("input", choose);
  find("comparable").addEventListener("change", choose);
  find("rows").addEventListener("click", (event) => {
    const button = event.target.closest("button[data-row]");
    if (button) select(Number(button.dataset.row));
  });
  find("clear").addEventListener("click", () => {
    find("filters").reset();
    state.sort = "";
    choose();
  });
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  inside("copy").addEventListener("click", copy);
  find("download").addEventListener("click", download);
  choose();
  find("filters").hidden = find("table").hidden = false;
}

unpacked(find("data").textContent.trim()).then(explore).catch((error) => {
  find("problem").hidden = false;
  throw error;
});
