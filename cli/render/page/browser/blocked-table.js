// The table of blocked users: filters, sorts and turns pages. Runs in the browser that opens plan.html, on the data
// that stands in the page; only one page of rows is in the document at a time, however many users are blocked.
{
  /** @typedef {{sku: string, words: string}} Reason */
  /** @typedef {[id: string, name: string, wave: string, reason: number]} Row */

  const PAGE = 100;

  /** @param {string} id */
  const element = (id) => /** @type {HTMLElement} */ (document.getElementById(id));
  /** @type {{reasons: Reason[], rows: Row[]}} */
  const { reasons, rows } = JSON.parse(element("blocked-data").textContent);
  const filter = /** @type {HTMLInputElement} */ (element("blocked-filter"));
  const body = /** @type {HTMLTableSectionElement} */ (element("blocked-rows"));
  const heads = [
    .../** @type {NodeListOf<HTMLTableCellElement>} */ (document.querySelectorAll("#blocked th[data-key]")),
  ];
  const previous = /** @type {HTMLButtonElement} */ (element("blocked-previous"));
  const next = /** @type {HTMLButtonElement} */ (element("blocked-next"));

  /** @param {Row} row */
  const cellsOf = ([id, name, wave, reason]) => {
    const { sku = "", words = "" } = reasons[reason] ?? {};
    return { user: name === "" ? id : `${id} (${name})`, sku, wave, words };
  };
  const all = rows.map((row) => {
    const cells = cellsOf(row);
    return { cells, searched: Object.values(cells).join(" ").toLowerCase() };
  });

  let found = all;
  let page = 0;
  /** @type {{key: keyof ReturnType<typeof cellsOf>, isDown: boolean} | null} */
  let order = null;

  const count = (/** @type {number} */ number) => number.toLocaleString("en-US");

  function search() {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    found = all.filter(({ searched }) => words.every((word) => searched.includes(word)));
    if (order !== null) {
      const { key, isDown } = order;
      found.sort(
        (a, b) => (a.cells[key] < b.cells[key] ? -1 : a.cells[key] > b.cells[key] ? 1 : 0) * (isDown ? -1 : 1),
      );
    }
    page = 0;
    show();
  }

  function show() {
    const pages = Math.max(1, Math.ceil(found.length / PAGE));
    const from = page * PAGE;
    const shown = found.slice(from, from + PAGE);
    body.replaceChildren(
      ...shown.map(({ cells: { user, sku, wave, words } }) => {
        const line = document.createElement("tr");
        for (const text of [user, sku, wave, words]) line.insertCell().textContent = text;
        return line;
      }),
    );
    const range = found.length === 0 ? "" : `, showing ${count(from + 1)} to ${count(from + shown.length)}`;
    element("blocked-count").textContent = `${count(found.length)} of ${count(all.length)} rows${range}`;
    element("blocked-page").textContent = `Page ${count(page + 1)} of ${count(pages)}`;
    previous.disabled = page === 0;
    next.disabled = page >= pages - 1;
  }

  for (const head of heads) {
    head.querySelector("button")?.addEventListener("click", () => {
      const key = /** @type {keyof ReturnType<typeof cellsOf>} */ (head.dataset["key"]);
      order = { key, isDown: order?.key === key && !order.isDown };
      for (const each of heads) each.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", order.isDown ? "descending" : "ascending");
      search();
    });
  }
  filter.addEventListener("input", search);
  previous.addEventListener("click", () => {
    page -= 1;
    show();
  });
  next.addEventListener("click", () => {
    page += 1;
    show();
  });
  search();
}
