// A long select becomes a box to type into; without this script it stays the select that it is.
import accessibleAutocomplete from "accessible-autocomplete";

for (const select of document.querySelectorAll("select[data-wm-choose]")) {
  const chosen = select.selectedOptions[0];
  accessibleAutocomplete.enhanceSelectElement({
    selectElement: select,
    defaultValue: chosen && chosen.value ? chosen.text : "",
    minLength: 2,
    autoselect: false,
    confirmOnBlur: false,
    onConfirm(text) {
      const found = [...select.options].find((option) => option.text === text);
      select.value = found ? found.value : "";
    },
    tNoResults: () => "Nothing on this list is called so. Leave it empty.",
  });
  // What was typed and is on no list chooses nothing.
  const box = document.getElementById(select.id.replace(/-select$/, ""));
  box?.addEventListener("change", () => {
    const found = [...select.options].find((option) => option.text === box.value);
    select.value = found ? found.value : "";
  });
}
