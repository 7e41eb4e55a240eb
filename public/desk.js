// Shows, above the chat, which services are real and which stand in. Asks this server only.
(function () {
  function place(text) {
    var bar = document.getElementById("services-line");
    if (!bar) {
      bar = document.createElement("button");
      bar.id = "services-line";
      bar.type = "button";
      bar.setAttribute("aria-expanded", "false");
      bar.addEventListener("click", function () {
        bar.setAttribute("aria-expanded", bar.getAttribute("aria-expanded") === "true" ? "false" : "true");
      });
      document.body.prepend(bar);
    }
    bar.textContent = text;
  }
  if (document.body) place("Services: asking which are real");
  fetch("/services", { headers: { accept: "application/json" } })
    .then(function (answer) { return answer.ok ? answer.json() : { line: "Services: unknown" }; })
    .then(function (found) { place(found.line); })
    .catch(function () { place("Services: the server does not answer"); });
})();

// Gives the chat's icon buttons the names that a screen reader needs, and its menus the roles they are missing.
(function () {
  var byId = {
    "sidebar-trigger-button": "Show or hide conversations", "search-chats-button": "Search conversations",
    "new-chat-button": "New conversation", "upload-button": "Attach a file", "chat-submit": "Send",
    "stop-button": "Stop", "readme-button": "About", "user-nav-button": "Your account", "chat-settings-header-button": "Settings"
  };
  var byIcon = { "lucide-share": "Share", "lucide-arrow-down": "To the end", "lucide-copy": "Copy", "lucide-thumbs-up": "Good", "lucide-thumbs-down": "Bad" };
  function nameOf(button) {
    if (byId[button.id]) return byId[button.id];
    var icon = button.querySelector("svg");
    var classes = icon ? icon.getAttribute("class") || "" : "";
    var known = Object.keys(byIcon).find(function (part) { return classes.indexOf(part) >= 0; });
    return known ? byIcon[known] : null;
  }
  function mend() {
    document.querySelectorAll("button:not([aria-label])").forEach(function (button) {
      var name = button.innerText.trim() ? null : nameOf(button);
      if (name) button.setAttribute("aria-label", name);
    });
    document.querySelectorAll("button[role=presentation]").forEach(function (button) { button.removeAttribute("role"); });
    document.querySelectorAll("div#thread-options:not([role])").forEach(function (menu) {
      menu.setAttribute("role", "button");
      menu.setAttribute("aria-label", "Options of this conversation");
    });
    document.querySelectorAll("ul[data-sidebar=menu]").forEach(function (list) {
      var items = Array.prototype.every.call(list.children, function (child) { return child.tagName === "LI"; });
      if (items) list.removeAttribute("role"); else list.setAttribute("role", "group");
    });
  }
  var waiting = false;
  new MutationObserver(function () {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(function () { waiting = false; mend(); });
  }).observe(document.documentElement, { childList: true, subtree: true });
})();

// Lets tables be sorted by any column and read ten rows at a time, by mouse and by keyboard. Every table in the chat gets
// it; the rows themselves stay as they were sent.
(function () {
  var ROWS = 10;
  function valueOf(row, column) {
    var cell = row.cells[column];
    var text = cell ? cell.textContent.trim() : "";
    var plain = text.replace(/[\s\u00a0,]/g, "").replace("\u2212", "-").replace(/^([+-]?)[$\u20ac\u00a3]/, "$1");
    var number = /^[+-]?\d+(\.\d+)?%?$/.test(plain) ? parseFloat(plain) : null;
    return { text: text, number: number };
  }
  function compare(a, b) {
    if ((a.text === "") !== (b.text === "")) return a.text === "" ? 1 : -1;
    if ((a.number === null) !== (b.number === null)) return a.number === null ? 1 : -1;
    return a.number === null ? a.text.localeCompare(b.text, "en") : a.number - b.number;
  }
  function dress(table) {
    var body = table.tBodies[0];
    var heads = table.tHead && table.tHead.rows.length === 1 ? Array.from(table.tHead.rows[0].cells) : [];
    if (!body || !heads.length || body.rows.length < 3) return;
    var first = 0;
    var pager = null;
    var said = null;
    function show() {
      var rows = Array.from(body.rows);
      rows.forEach(function (row, index) { row.hidden = !!pager && (index < first || index >= first + ROWS); });
      if (pager) {
        said.textContent = "Rows " + (first + 1) + " to " + Math.min(first + ROWS, rows.length) + " of " + rows.length;
        pager.querySelector("[data-step='-1']").disabled = first === 0;
        pager.querySelector("[data-step='1']").disabled = first + ROWS >= rows.length;
      }
    }
    heads.forEach(function (head, column) {
      if (!head.textContent.trim()) return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "desk-sort";
      button.append.apply(button, Array.from(head.childNodes));
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", function () {
        var down = head.getAttribute("aria-sort") === "ascending";
        heads.forEach(function (other) { if (other.hasAttribute("aria-sort")) other.setAttribute("aria-sort", "none"); });
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        var rows = Array.from(body.rows).map(function (row) { return { row: row, value: valueOf(row, column) }; });
        rows.sort(function (a, b) {
          var order = compare(a.value, b.value);
          var filled = a.value.text !== "" && b.value.text !== "";
          return down && filled ? -order : order;
        });
        rows.forEach(function (item) { body.append(item.row); });
        first = 0;
        show();
      });
    });
    if (body.rows.length > ROWS) {
      pager = document.createElement("div");
      pager.className = "desk-pager";
      [[-1, "Previous rows"], [1, "Next rows"]].forEach(function (step) {
        var button = document.createElement("button");
        button.type = "button";
        button.dataset.step = step[0];
        button.textContent = step[1];
        button.addEventListener("click", function () { first += step[0] * ROWS; show(); });
        pager.append(button);
      });
      said = document.createElement("span");
      said.setAttribute("role", "status");
      pager.append(said);
      table.after(pager);
    }
    show();
  }
  function dressAll() {
    document.querySelectorAll("#root table:not([data-desk])").forEach(function (table) {
      table.dataset.desk = "1";
      dress(table);
    });
  }
  var waiting = false;
  new MutationObserver(function () {
    if (waiting) return;
    waiting = true;
    setTimeout(function () { waiting = false; dressAll(); }, 150);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
