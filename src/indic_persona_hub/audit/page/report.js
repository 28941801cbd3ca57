// Sorts the rows of a table by a column, and filters those of a table of cells by a word.
(function () {
  "use strict";
  function worth(cell) {
    var text = cell.textContent.trim();
    var found = text.match(/^(under |at least )?(-?[\d,]*\.?\d+)/);
    return found ? parseFloat(found[2].replace(/,/g, "")) * (found[1] === "under " ? 0.5 : 1) : null;
  }
  function order(table, place, down) {
    var rows = Array.from(table.tBodies[0].rows);
    var keyed = rows.map(function (row, index) {
      var cell = row.cells[place];
      return { row: row, index: index, number: worth(cell), text: cell.textContent };
    });
    keyed.sort(function (a, b) {
      if (a.number === null || b.number === null) {
        if (a.number !== b.number) return a.number === null ? 1 : -1;
        return (down ? -1 : 1) * a.text.localeCompare(b.text) || a.index - b.index;
      }
      return (down ? b.number - a.number : a.number - b.number) || a.index - b.index;
    });
    keyed.forEach(function (entry) { table.tBodies[0].appendChild(entry.row); });
  }
  document.querySelectorAll("table.sortable").forEach(function (table) {
    Array.from(table.tHead.rows[0].cells).forEach(function (head, place) {
      if (!head.textContent) return;
      var button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.textContent = "";
      head.appendChild(button);
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") !== "descending";
        table.querySelectorAll("th[aria-sort]").forEach(function (other) {
          other.removeAttribute("aria-sort");
        });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        order(table, place, down);
      });
    });
  });
  document.querySelectorAll("details.cells").forEach(function (part) {
    var rows = Array.from(part.querySelectorAll("tbody tr"));
    if (rows.length < 12) return;
    var field = document.createElement("input");
    field.type = "search";
    field.placeholder = "Show only cells with these words";
    field.setAttribute("aria-label", field.placeholder);
    part.insertBefore(field, part.querySelector(".wide"));
    field.addEventListener("input", function () {
      var words = field.value.toLowerCase().split(/\s+/);
      rows.forEach(function (row) {
        var text = row.textContent.toLowerCase();
        row.hidden = !words.every(function (word) { return text.includes(word); });
      });
    });
  });
})();
