// Charts: bars of plain elements, with each number beside its bar, so that all read the same.
import { html } from "../vendor/preact.js";

export const Chart = ({ block }) => {
  const { series = [], segments } = block.chart;
  const drawn = segments ? [{ name: block.title, data: segments }] : series;
  const most = Math.max(1, ...drawn.flatMap(({ data }) => data.map(({ value }) => value)));
  const labels = drawn[0]?.data.map(({ label }) => label) ?? [];
  return html`<table class="bk-chart">
    <caption>${block.title}</caption>
    <thead><tr><td></td>${drawn.map(({ name }) => html`<th scope="col">${name}</th>`)}</tr></thead>
    <tbody>${labels.map(
      (label, at) => html`<tr key=${label}>
        <th scope="row">${label}</th>
        ${drawn.map(
          ({ name, data }) => html`<td key=${name}>
            <meter min="0" max=${most} value=${data[at].value} aria-hidden="true"></meter> ${data[at].value}
          </td>`,
        )}
      </tr>`,
    )}</tbody>
  </table>`;
};
