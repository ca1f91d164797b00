// Says on the page when a passkey could not be used (refused, timed out, none there), which allauth only logs.
const words = document.currentScript.dataset.words;
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  let said = document.getElementById("passkey-error");
  if (!said) {
    said = Object.assign(document.createElement("p"), { id: "passkey-error", className: "govuk-error-message" });
    said.setAttribute("role", "alert");
    document.getElementById("main-content").prepend(said);
  }
  said.textContent = "";
  said.textContent = words;
});
