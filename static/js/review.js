// The review of a declaration, while one decides: the tally follows the choices.
// Comfort only: the server counts again.
import { hundredths, inFrench } from "./month.js";

const cells = [...document.querySelectorAll(".tally dd")];
const lines = [...document.querySelectorAll(".line")];
const RULINGS = ["accept", "return", "refuse"];

function tell() {
  const sums = [0, 0, 0, 0];
  for (const line of lines) {
    const chosen = RULINGS.indexOf(line.querySelector("[name^='decision-']:checked")?.value);
    sums[chosen < 0 ? RULINGS.length : chosen] += hundredths(line.querySelector(".line__hours").textContent) ?? 0;
  }
  sums.forEach((sum, rank) => {
    if (cells[rank]) cells[rank].textContent = inFrench(sum);
  });
}

document.getElementById("decision")?.addEventListener("change", tell);
