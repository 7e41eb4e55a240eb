// Shows, above the chat, which services are real and which stand in. Asks this server only.
(function () {
  function place(text) {
    var bar = document.getElementById("services-line");
    if (!bar) {
      bar = document.createElement("p");
      bar.id = "services-line";
      bar.setAttribute("role", "status");
      document.body.prepend(bar);
    }
    bar.textContent = text;
  }
  fetch("/services", { headers: { accept: "application/json" } })
    .then(function (answer) { return answer.ok ? answer.json() : { line: "Services: unknown" }; })
    .then(function (found) { place(found.line); })
    .catch(function () { place("Services: the server does not answer"); });
})();

// Gives the chat's icon buttons the names that a screen reader needs, and its menus the roles they are missing.
(function () {
  var byId = {
    "sidebar-trigger-button": "Show or hide conversations", "search-chats-button": "Search conversations",
    "new-chat-button": "New conversation", "upload-button": "Attach a file", "chat-submit": "Send"
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
    setTimeout(function () { waiting = false; mend(); }, 100);
  }).observe(document.documentElement, { childList: true, subtree: true });
})();
