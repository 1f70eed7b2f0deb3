// Runs in the head, before anything is drawn: the reader's choice of light or dark must not flash. Everything here only adds to pages
// that work without it.
(() => {
  const root = document.documentElement;
  const key = "xeno-theme";
  const saved = (() => { try { return localStorage.getItem(key); } catch { return null; } })();
  if (saved === "light" || saved === "dark") root.dataset.theme = saved;

  const isDark = () => root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

  document.addEventListener("click", async event => {
    const switcher = event.target.closest("[data-theme-switch]");
    if (switcher) {
      root.dataset.theme = isDark() ? "light" : "dark";
      try { localStorage.setItem(key, root.dataset.theme); } catch { /* private window: the choice lasts for this page */ }
      return;
    }

    const copier = event.target.closest("[data-copy]");
    if (copier) {
      const said = copier.parentElement.querySelector("[role=status]");
      const label = copier.querySelector("[data-copy-words]");
      const words = label.textContent;
      try {
        await navigator.clipboard.writeText(copier.dataset.copy);
        label.textContent = "Copied";
        if (said) said.textContent = `${copier.dataset.copyName} copied`;
      } catch {
        label.textContent = "Press Ctrl+C";
        const range = document.createRange();
        range.selectNodeContents(copier.closest(".xp-copy-box").querySelector(".xp-copy-value"));
        getSelection().removeAllRanges();
        getSelection().addRange(range);
      }
      setTimeout(() => { label.textContent = words; if (said) said.textContent = ""; }, 2000);
      return;
    }

    // The account menu closes by a click elsewhere, as menus do.
    for (const menu of document.querySelectorAll("details.xp-menu[open]"))
      if (!menu.contains(event.target)) menu.open = false;
  });

  // A form is sent once: a second press while the first is on its way would send it again. Where the browser does not leave the page, as
  // when the answer opens another program or the reader stopped it, the button works again after some seconds.
  document.addEventListener("submit", event => {
    const form = event.target;
    if (form.method !== "post") return; // The others belong to the circuit.
    if (form.dataset.sent) event.preventDefault();
    else {
      form.dataset.sent = "true";
      setTimeout(() => delete form.dataset.sent, 8000);
    }
  });
  addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });

  // The framework says how the connection of an interactive page stands; the dialog that tells the reader has to be opened by somebody.
  document.addEventListener("components-reconnect-state-changed", event => {
    const dialog = event.target;
    if (event.detail.state === "hide") dialog.close();
    else if (!dialog.open) dialog.showModal();
  }, true);

  document.addEventListener("keydown", event => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.xp-menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
})();
