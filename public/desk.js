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
