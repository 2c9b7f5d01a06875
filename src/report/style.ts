/** The look of the report, light and dark and on paper, and the few lines of script that show what the pointer is on. */

import { energyKinds } from "../hw/operator-cost.js";

// Families of arithmetic and parts of energy take the palette of Okabe and Ito (2008), which colour-blind readers can tell apart.
export const style = `
:root { color-scheme: light dark; --page: #fbfbfa; --paper: #ffffff; --ink: #1d2329; --soft: #5b6670; --faint: #8b959e; --line: #e3e6e8; --grid: #eceeef; --accent: #0060a8; --second: #b3541e;
  --multiply: #0072b2; --shift: #e69f00; --add: #009e73; --attention: #b5609a; --pooling: #6f7c87; --join: #6f7c87; --other: #b4bcc3; --end: #3a444d;
  --compute: #d55e00; --registers: #f0b35c; --network: #cc79a7; --buffer: #56b4e9; --dram: #1f5f8b; --static: #8a939b; }
@media (prefers-color-scheme: dark) { :root { --page: #14181c; --paper: #1b2025; --ink: #e6e9ec; --soft: #a3adb6; --faint: #7b8791; --line: #323a42; --grid: #272e35; --accent: #58aef0; --second: #f0945a;
  --multiply: #3f9fdb; --shift: #efb033; --add: #2fc495; --attention: #d58abf; --pooling: #8d99a4; --join: #8d99a4; --other: #59646e; --end: #b9c2ca; --compute: #f07b2e; --registers: #f3c27c; --network: #d995bb; --buffer: #6dc0ef; --dram: #3f86b8; --static: #6f7a84; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "DejaVu Sans", sans-serif; }
main { max-width: 1104px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
h2 { font-size: 18px; margin: 44px 0 12px; }
p { margin: 8px 0; } .lead, .caption, figcaption, caption { color: var(--soft); } .caption { font-size: 13px; }
.absent { color: var(--soft); font-style: italic; }
code { font: 0.9em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { background: var(--paper); border: 1px solid var(--line); border-radius: 6px; padding: 10px 14px; overflow-x: auto; margin: 8px 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 24px 0 8px; padding: 0; list-style: none; }
.cards li { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.cards b { display: block; font-size: 22px; line-height: 1.3; font-weight: 600; font-variant-numeric: tabular-nums; } .cards span { color: var(--soft); font-size: 13px; }
figure { margin: 0; overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 12px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; } .empty { display: grid; place-items: center; text-align: center; padding: 24px; }
.chart { display: block; width: 100%; min-width: 420px; height: auto; } .chart.wide, .chart.layers { min-width: 640px; } .chart text { font-family: inherit; fill: var(--ink); font-size: 12px; }
.chart .tick { fill: var(--soft); font-size: 11.5px; font-variant-numeric: tabular-nums; } .chart .label { fill: var(--soft); font-size: 12px; } .chart .note { fill: var(--second); font-size: 11.5px; }
.grid { stroke: var(--grid); } .axis { stroke: var(--faint); } .zero { stroke: var(--faint); stroke-dasharray: 2 3; }
.trial.front { fill: var(--accent); stroke: var(--paper); stroke-width: 1.2; } .trial.feasible { fill: var(--faint); fill-opacity: 0.55; } .trial.infeasible { fill: none; stroke: var(--faint); stroke-opacity: 0.7; }
.chosen { fill: none; stroke: var(--second); stroke-width: 2; } .front-line { fill: none; stroke: var(--accent); stroke-width: 1.5; stroke-opacity: 0.6; } .budget { stroke: var(--second); stroke-dasharray: 4 4; }
.line-a { fill: none; stroke: var(--accent); stroke-width: 2; } .line-b { fill: none; stroke: var(--second); stroke-width: 1.5; stroke-opacity: 0.7; } .end-a { fill: var(--accent); } .end-b { fill: var(--second); } .hit { fill: transparent; } .interval { stroke: var(--second); stroke-width: 2; stroke-opacity: 0.35; }
.block { fill: var(--page); stroke: var(--line); } .chart .first { font-size: 12.5px; font-weight: 600; } .chart .folded { font-weight: 400; fill: var(--soft); } .chart .second { font-size: 11px; fill: var(--faint); } .chart .shape { fill: var(--soft); font-variant-numeric: tabular-nums; }
.held { fill: var(--ink); } .edge { fill: none; stroke: var(--faint); stroke-width: 1.3; } .arrow { fill: var(--faint); }
${["multiply", "shift", "add", "attention", "pooling", "join", "other", "end"].map((family) => `.family.${family} { fill: var(--${family}); }`).join(" ")}
${energyKinds.map((part) => `.part.${part} { fill: var(--${part}); }`).join(" ")}
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; margin: 8px 4px 0; padding: 0; list-style: none; color: var(--soft); font-size: 13px; } .legend svg { vertical-align: -1px; margin-right: 6px; } .legends { display: flex; flex-wrap: wrap; justify-content: space-between; }
.scroll { overflow-x: auto; background: var(--paper); border: 1px solid var(--line); border-radius: 8px; } table { border-collapse: collapse; width: 100%; font-size: 13.5px; } caption { text-align: left; padding: 10px 14px 6px; font-size: 13px; }
th, td { text-align: left; padding: 6px 14px; border-top: 1px solid var(--line); vertical-align: top; font-weight: 400; white-space: nowrap; } thead th { color: var(--soft); font-size: 12.5px; border-top: 0; border-bottom: 1px solid var(--line); vertical-align: bottom; }
.number { text-align: right; font-variant-numeric: tabular-nums; } tr.best th, tr.best td.number { font-weight: 600; } tfoot th, tfoot td { font-weight: 600; } .dense th, .dense td { padding: 3px 9px; font-size: 12.5px; }
.mix { vertical-align: -1px; border-radius: 2px; } .mix-text { color: var(--soft); font-size: 12.5px; margin-left: 8px; } .decisions details code { display: block; max-width: 420px; white-space: pre-wrap; color: var(--soft); padding-top: 4px; }
.facts th { color: var(--soft); width: 180px; } .facts td { white-space: normal; overflow-wrap: anywhere; } summary { cursor: pointer; color: var(--accent); } .wide { margin-top: 12px; } .wide .scroll { margin-top: 8px; }
#tip { position: absolute; display: none; max-width: 340px; padding: 6px 10px; border-radius: 6px; background: var(--ink); color: var(--page); font-size: 12.5px; line-height: 1.4; pointer-events: none; z-index: 1; } [data-tip]:hover { opacity: 0.8; }
@media print { :root { --page: #fff; } body { font-size: 12px; } main { padding: 0; max-width: none; } .cards { grid-template-columns: repeat(6, 1fr); gap: 8px; } .cards li { padding: 8px 10px; } .cards b { font-size: 16px; } .cards span { font-size: 11px; line-height: 1.3; display: block; }
  figure, .scroll { overflow: visible; } table { font-size: 10.5px; } th, td { padding: 3px 6px; white-space: normal; } .decisions, summary { display: none; } .chart, .chart.wide, .chart.layers { min-width: 0; }
  figure, .scroll, .cards li { break-inside: avoid; } figure:has(.layers) { break-inside: auto; } h2 { break-after: avoid; } }
`;

export const script = `
const tip = document.getElementById("tip");
for (const title of document.querySelectorAll("svg > title")) { const svg = title.parentElement; svg.setAttribute("aria-label", title.textContent); svg.setAttribute("aria-describedby", svg.querySelector("desc").id); svg.removeAttribute("aria-labelledby"); title.remove(); }
document.addEventListener("pointermove", (event) => {
  const held = event.target.closest && event.target.closest("[data-tip]");
  tip.style.display = held ? "block" : "none";
  if (!held) return;
  tip.textContent = held.getAttribute("data-tip");
  const left = Math.min(event.pageX + 14, document.documentElement.scrollWidth - tip.offsetWidth - 12);
  tip.style.left = Math.max(8, left) + "px";
  tip.style.top = event.pageY + 16 + "px";
});
`;
