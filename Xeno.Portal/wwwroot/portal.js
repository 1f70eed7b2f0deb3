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

  // What a new password lacks is said while it is typed; the form says the same when it is sent.
  let typing;
  document.addEventListener("input", event => {
    const field = event.target.closest("[data-new-password]");
    if (!field) return;
    clearTimeout(typing);
    typing = setTimeout(async () => {
      const body = new FormData();
      body.set("password", field.value);
      body.set("email", field.form.querySelector("[type=email]")?.value ?? "");
      body.set("__RequestVerificationToken", field.form.elements["__RequestVerificationToken"].value);
      try {
        const answer = await fetch("/account/password-check", { method: "POST", body });
        const { words } = answer.ok ? await answer.json() : {};
        if (field.value === body.get("password")) field.parentElement.querySelector("[role=status]").textContent = words ?? "";
      } catch { /* no connection: the form will say it */ }
    }, 400);
  });

  // A password can be looked at. The button is named by its text, so that the label still names the field alone.
  document.addEventListener("DOMContentLoaded", () => {
    for (const field of document.querySelectorAll(".xp-field > input[type=password]")) {
      const button = document.createElement("button");
      Object.assign(button, { type: "button", className: "xp-show", textContent: "Show" });
      button.setAttribute("aria-describedby", `${field.id}-label`);
      button.addEventListener("click", () => {
        const isShown = field.type === "text";
        field.type = isShown ? "password" : "text";
        button.textContent = isShown ? "Show" : "Hide";
      });
      field.after(button);
    }
  });
  // Passwords that were looked at are hidden again before they are sent, so that no browser keeps them as ordinary texts.
  document.addEventListener("submit", event => {
    for (const button of event.target.querySelectorAll(".xp-show"))
      if (button.previousElementSibling.type === "text") button.click();
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
