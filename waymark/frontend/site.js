// The one script: everything works without it. It only wakes govuk-frontend's components that a page
// uses, opens the filters on a wide screen, shows the tab we are on, prints, and says so when an answer takes over a second.
import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  ExitThisPage,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
  createAll,
} from "govuk-frontend";

document.body.classList.add("js-enabled", "govuk-frontend-supported");

// The stock component leaves the page in the history; ours takes its place there.
class Exit extends ExitThisPage {
  exitPage() {
    document.body.classList.add("govuk-exit-this-page-hide-content");
    document.title = "Loading";
    window.location.replace(this.$button.href);
  }
}

// A radio may not carry aria-expanded (ARIA 1.2); the stock component sets it.
class Reveals extends Radios {
  syncConditionalRevealWithInputState(input) {
    super.syncConditionalRevealWithInputState(input);
    input.removeAttribute("aria-expanded");
  }
}

for (const component of [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  Exit,
  NotificationBanner,
  PasswordInput,
  Reveals,
  ServiceNavigation,
  SkipLink,
]) {
  createAll(component);
}

const wide = window.matchMedia("(min-width: 48em)");
for (const drawer of document.querySelectorAll("details.wm-filters")) {
  const fit = () => drawer.toggleAttribute("open", wide.matches);
  wide.addEventListener("change", fit);
  fit();
}

// On a phone a strip of tabs is wider than the screen: begin it where we are.
for (const here of document.querySelectorAll(".wm-tabs [aria-current]")) {
  const strip = here.closest(".wm-tabs");
  strip.scrollLeft = here.offsetLeft - (strip.clientWidth - here.offsetWidth) / 2;
}

for (const button of document.querySelectorAll("[data-wm-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// After a second of waiting, a polite line beside the button that was pressed.
document.addEventListener("submit", (event) => {
  const pressed = event.submitter;
  if (!pressed || event.defaultPrevented) return;
  const line = document.createElement("span");
  line.className = "wm-waiting";
  line.setAttribute("role", "status");
  pressed.after(line);
  window.setTimeout(() => {
    line.textContent = pressed.dataset.wmWaiting || "Working on it…";
  }, 1000);
});
window.addEventListener("pageshow", () => {
  for (const line of document.querySelectorAll(".wm-waiting")) line.remove();
});
