// The month's page, while one types: the running total, « comme le mois dernier », « aucune heure ».
// Comfort only: every button is a real submit and the server counts again.
const NBSP = "\u00a0";

/** « 7h30 », « 151,67 » or « 1 607,50 » as hundredths of an hour; null when it is none of these. */
export function hundredths(text) {
  const tidy = text.replace(/[\s\u00a0\u202f]/g, "");
  const clock = /^(\d{1,5})[h:](\d{1,2})(?:min|mn|m)?$/i.exec(tidy);
  if (clock) return Number(clock[2]) < 60 ? Math.round(Number(clock[1]) * 100 + (Number(clock[2]) * 100) / 60) : null;
  const plain = /^(\d{1,9})(?:[.,](\d{0,2}))?h?$/i.exec(tidy);
  return plain ? Number(plain[1]) * 100 + Number((plain[2] ?? "").padEnd(2, "0")) : null;
}

/** 160750 → « 1 607,50 h ». */
export function inFrench(value) {
  const whole = String(Math.floor(value / 100)).replace(/\B(?=(\d{3})+$)/g, NBSP);
  return `${whole},${String(value % 100).padStart(2, "0")}${NBSP}h`;
}

const rows = [...document.querySelectorAll("[data-entry]")];
const inputsOf = (row) => [...row.querySelectorAll("[data-hours]")];
const noneOf = (row) => row.querySelector(".entry__none input");
// What the server refused stays refused until it is changed.
const isRefused = (input) => input.getAttribute("aria-invalid") === "true" && input.value === input.defaultValue;

function tell() {
  const said = document.querySelector("[data-total]");
  const detail = document.querySelector("[data-total-detail]");
  let sum = 0;
  let ready = 0;
  for (const row of rows) {
    const read = inputsOf(row).map((input) => (isRefused(input) ? null : hundredths(input.value)));
    sum += read.reduce((total, value) => total + (value ?? 0), 0);
    if (noneOf(row)?.checked || read.every((value) => value > 0)) ready += 1;
  }
  if (said) said.textContent = inFrench(sum);
  if (!detail) return;
  const [lines, are] = ready > 1 ? ["lignes", "sont prêtes"] : ["ligne", "est prête"];
  detail.textContent = `${ready} ${lines} sur ${rows.length} ${are}`;
}

/** Typing hours takes the tick of « aucune heure » away; ticking it empties the hours. */
function agree(row, changed) {
  const none = noneOf(row);
  if (!none) return;
  if (changed === none && none.checked) for (const input of inputsOf(row)) input.value = "";
  if (changed !== none && changed.value.trim()) none.checked = false;
}

for (const row of rows) {
  row.addEventListener("input", (event) => {
    agree(row, event.target);
    tell();
  });
  row.querySelector(".entry__last button")?.addEventListener("click", (event) => {
    const [input] = inputsOf(row);
    if (!input?.dataset.last) return;
    event.preventDefault();
    input.value = input.dataset.last;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  });
}
