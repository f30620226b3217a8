// Charts: stacked bars and lines over time, and ranked bars. Each has a table behind a button.

// A round number at the top of an axis, and the steps up to it.
function ticksOf(most) {
  const size = 10 ** Math.floor(Math.log10(most || 1));
  const step = [0.25, 0.5, 1, 2, 2.5, 5].map((one) => one * size).find((one) => most / one <= 4 && (one >= 1 || most < 1)) ?? size;
  const count = Math.max(1, Math.ceil(most / step));
  return Array.from({ length: count + 1 }, (_, i) => i * step);
}

function useWidth() {
  const element = useRef();
  const [width, set] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([entry]) => set(Math.round(entry.contentRect.width)));
    observer.observe(element.current);
    return () => observer.disconnect();
  }, []);
  return [element, width];
}

const timeForms = {
  minute: { hour: "2-digit", minute: "2-digit" },
  hour: { weekday: "short", hour: "2-digit", minute: "2-digit" },
  day: { day: "numeric", month: "short" },
};
const timeLabel = (at, period) => new Intl.DateTimeFormat(language, timeForms[period]).format(new Date(at));

const tall = 208;
const foot = 26;

// `points`: `{at, values: {key: n}}`, oldest first; `series`: `[{key, label, tint}]`.
function Chart({ title, points, series, period, unit = "", isLine, max }) {
  const [box, width] = useWidth();
  const [at, point] = useState(null);
  const totals = points.map(({ values }) => (isLine ? Math.max(...series.map(({ key }) => values[key] ?? 0))
    : series.reduce((sum, { key }) => sum + (values[key] ?? 0), 0)));
  const ticks = ticksOf(max ?? Math.max(1, ...totals));
  const top = ticks.at(-1);
  const side = 16 + 7 * Math.max(...ticks.map((one) => number(one).length));
  const step = Math.max(1, (width - side - 4) / Math.max(1, points.length));
  const y = (value) => 10 + (tall - 10) * (1 - value / top);
  const x = (i) => side + i * step;
  const every = Math.max(1, Math.ceil(points.length / Math.max(2, Math.floor((width - side) / 76))));
  const readout = (i) => {
    const of = series.map(({ key, label }) => `${label} ${number(points[i].values[key] ?? 0)}${unit}`);
    return `${timeLabel(points[i].at, period)}: ${of.join(", ")}`;
  };
  const chosen = at === null ? null : Math.min(at, points.length - 1);
  const move = (to) => point(Math.max(0, Math.min(points.length - 1, to)));
  const onKeyDown = keys({
    ArrowRight: () => move((chosen ?? -1) + 1), ArrowLeft: () => move((chosen ?? points.length) - 1),
    Home: () => move(0), End: () => move(points.length - 1),
  });
  const onPointerMove = (event) => {
    const { left } = event.currentTarget.getBoundingClientRect();
    const i = Math.floor((event.clientX - left - side) / step);
    point(i >= 0 && i < points.length ? i : null);
  };
  return html`<figure class="chart">
    <figcaption class="row apart"><span>${title}</span>
      ${series.length > 1 && html`<ul class="legend">${series.map(({ label, tint }) => html`<li><span class=${`swatch ${tint}`}></span>${label}</li>`)}</ul>`}
    </figcaption>
    <div ref=${box} class="plot" dir="ltr" tabindex="0" role="slider" aria-label=${title} aria-valuemin="0"
      aria-valuemax=${Math.max(0, points.length - 1)} aria-valuenow=${chosen ?? 0} aria-valuetext=${points.length ? readout(chosen ?? points.length - 1) : ""}
      onKeyDown=${onKeyDown} onPointerMove=${onPointerMove} onPointerLeave=${() => point(null)} onBlur=${() => point(null)}>
      ${width > 0 && html`<svg width=${width} height=${tall + foot} aria-hidden="true">
        ${ticks.map((one) => html`<g class="tick"><line x1=${side} x2=${width} y1=${y(one)} y2=${y(one)} />
          <text x=${side - 8} y=${y(one) + 4} text-anchor="end">${number(one)}${unit}</text></g>`)}
        ${chosen !== null && html`<rect class="cursor" x=${x(chosen)} y="4" width=${step} height=${tall - 4} />`}
        ${isLine ? series.map((one) => html`<${Line} seriesKey=${one.key} tint=${one.tint} points=${points} x=${(i) => x(i) + step / 2} y=${y} />`)
    : points.map(({ at: time, values }, i) => html`<${Bar} key=${time} x=${x(i)} width=${step} y=${y} values=${values} series=${series} at=${time} />`)}
        ${points.map(({ at: time }, i) => i % every === 0 && html`<text class="axis" x=${x(i) + step / 2} y=${tall + 18}
          text-anchor="middle">${timeLabel(time, period === "hour" ? "minute" : period)}</text>`)}
      </svg>`}
    </div>
    <p class="readout small quiet" aria-hidden="true">${chosen === null ? t("console.chart.hint") : readout(chosen)}</p>
    <${Behind}><${PlainTable} heads=${[t("console.chart.time"), ...series.map((one) => one.label)]}
      rows=${points.map(({ at: time, values }) => [html`<${When} at=${time} isExact />`, ...series.map(({ key }) => number(values[key] ?? 0) + unit)])} /><//>
  </figure>`;
}

function Bar({ x, width, y, values, series, at }) {
  let below = 0;
  return html`<g data-at=${at}>${series.map(({ key, tint }) => {
    const value = values[key] ?? 0;
    const from = below;
    below += value;
    if (!value) return null;
    const high = y(from) - y(below);
    return html`<rect class=${tint} data-series=${key} data-value=${value} x=${x + width * 0.14} width=${Math.max(1, width * 0.72)}
      y=${y(below)} height=${Math.max(1, high)} rx=${Math.min(2, high / 2)} />`;
  })}</g>`;
}

// A gap is where there is nothing to say.
function Line({ seriesKey, tint, points, x, y }) {
  let path = "";
  points.forEach(({ values }, i) => {
    const value = values[seriesKey];
    if (value != null) path += `${points[i - 1]?.values[seriesKey] == null ? "M" : "L"}${x(i).toFixed(1)} ${y(value).toFixed(1)}`;
  });
  return html`<path class=${`drawn ${tint}`} data-series=${seriesKey} d=${path} />`;
}

// A table behind a button.
function Behind({ children }) {
  const [isOpen, open] = useState(false);
  const id = useId();
  return html`<div><${Button} kind="plain small" aria-expanded=${isOpen ? "true" : "false"} aria-controls=${id} run=${() => open(!isOpen)}>${t(isOpen ? "console.chart.hide" : "console.chart.table")}<//>
    <div id=${id} hidden=${!isOpen} class="scrolls" tabindex=${isOpen ? "0" : null}>${isOpen && children}</div></div>`;
}

// The most first: `items` are `{label, value, href, detail}`.
function Ranked({ title, items, none = t("console.table.none"), unit = "" }) {
  const most = Math.max(1, ...items.map((one) => one.value));
  return html`<figure class="chart"><figcaption>${title}</figcaption>
    ${items.length === 0 && html`<p class="quiet">${none}</p>`}
    <ol class="ranked">${items.map(({ label, value, href, tint = "tint-a" }) => html`<li data-value=${value}>
      <span class="row apart nowrap"><span class="ellipsis">${href ? html`<a href=${href}>${label}</a>` : label}</span>
        <strong>${number(value)}${unit}</strong></span>
      <svg class="ranked-bar" aria-hidden="true" width="100%" height="6"><rect class="track" width="100%" height="6" rx="3" />
        <rect class=${tint} width=${`${(100 * value) / most}%`} height="6" rx="3" /></svg></li>`)}</ol>
    ${items.length > 0 && html`<${Behind}><${PlainTable} heads=${[title, t("console.chart.number")]} rows=${items.map(({ label, value }) => [label, number(value) + unit])} /><//>`}</figure>`;
}
