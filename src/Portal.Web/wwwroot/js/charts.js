// Charts, live and of the past. The page sends samples; drawing happens here.
import uPlot from '../lib/uplot/uPlot.esm.js';
import { locale, text } from './texts.js';
import { zone } from './zone.js';

const span = 300;

// Seconds without a sample after which a line is not drawn on: nobody looked, or the container did not run.
const gap = 10;

const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', second: '2-digit', timeZone: zone });
const minute = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', timeZone: zone });
const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', timeZone: zone });
const moment = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZone: zone });

// How the axis names moments, by how much time is between its marks; and the moment under the pointer, by how much is shown.
const mark = increment => increment >= 86400 ? day : increment >= 60 ? minute : clock;
const longest = 6 * 3600;

// Bytes are counted in powers of two, so the axis is divided by them.
const powers = Array.from({ length: 50 }, (_, power) => 2 ** power);

export function create(host, charts) { return new Charts(host, charts); }

class Charts {
  constructor(host, charts) {
    this.charts = charts.map(chart => this.make(host.querySelector(`[data-chart="${chart.name}"]`), chart));
    this.observer = new ResizeObserver(() => this.resize());
    this.charts.forEach(chart => this.observer.observe(chart.host));
    this.themed = new MutationObserver(() => this.charts.forEach(chart => chart.plot.redraw(false)));
    this.themed.observe(document.documentElement, { attributes: true });
  }

  make(host, chart) {
    const colour = (name, alpha = 1) => resolve(host, name, alpha);
    const format = formats[chart.unit];
    const axis = { stroke: () => colour('--portal-chart-text'), grid: { stroke: () => colour('--portal-chart-grid'), width: 1 }, ticks: { show: false }, font: '11px system-ui', space: 80 };
    const plot = new uPlot({
      width: Math.max(host.clientWidth, 200),
      height: 180,
      cursor: { y: false },
      ...(zone ? { tzDate: seconds => uPlot.tzDate(new Date(seconds * 1000), zone) } : {}),
      legend: { show: chart.series.length > 1 },
      scales: { x: { time: true }, y: { range: (_, low, high) => [0, Math.max(high * 1.15, chart.least)] } },
      axes: [
        { ...axis, values: (_, values, __, ___, increment) => values.map(value => mark(increment).format(value * 1000)) },
        { ...axis, size: 68, space: 36, ...(chart.unit === 'bytes' || chart.unit === 'rate' ? { incrs: powers } : {}), values: (_, values) => values.map(format) },
      ],
      series: [
        { label: text('Time'), value: (plot, value) => value == null ? '' : (plot.scales.x.max - plot.scales.x.min > longest ? moment : clock).format(value * 1000) },
        ...chart.series.map((series, index) => ({
          label: series,
          stroke: () => colour(`--portal-chart-${index + 1}`),
          fill: chart.lines ? undefined : () => colour(`--portal-chart-${index + 1}`, 0.13),
          width: 1.5,
          points: { show: false },
          value: (_, value) => value == null ? '–' : format(value),
        })),
      ],
    }, [[], ...chart.series.map(() => [])], host);
    return { host, plot, data: [[], ...chart.series.map(() => [])] };
  }

  // points: one row a sample: [seconds, [values of chart 0], [values of chart 1], ...]
  append(points) {
    for (const point of points) {
      this.charts.forEach((chart, index) => {
        const last = chart.data[0][chart.data[0].length - 1];
        if (last !== undefined && point[0] - last > gap) {
          chart.data.forEach((series, row) => series.push(row === 0 ? last + 1 : null));
        }
        chart.data[0].push(point[0]);
        point[index + 1].forEach((value, series) => chart.data[series + 1].push(value));
      });
    }
    for (const chart of this.charts) {
      const oldest = chart.data[0][chart.data[0].length - 1] - span;
      let drop = 0;
      while (drop < chart.data[0].length && chart.data[0][drop] < oldest) { drop++; }
      if (drop > 0) { chart.data.forEach(series => series.splice(0, drop)); }
      chart.plot.setData(chart.data);
    }
  }

  // All of a past at once; rows as in append. Where points are missing the line is broken, and the axis shows the whole time asked for.
  show(points, from, to, step) {
    this.charts.forEach((chart, index) => {
      chart.data = [[], ...chart.data.slice(1).map(() => [])];
      for (const point of points) {
        const last = chart.data[0][chart.data[0].length - 1];
        if (last !== undefined && point[0] - last > step * 2.5) {
          chart.data.forEach((series, row) => series.push(row === 0 ? last + step : null));
        }
        chart.data[0].push(point[0]);
        point[index + 1].forEach((value, series) => chart.data[series + 1].push(value));
      }
      chart.plot.batch(() => {
        chart.plot.setData(chart.data, false);
        chart.plot.setScale('x', { min: from, max: to });
      });
    });
  }

  resize() {
    for (const chart of this.charts) {
      if (chart.host.clientWidth > 0) { chart.plot.setSize({ width: chart.host.clientWidth, height: 180 }); }
    }
  }

  dispose() {
    this.observer.disconnect();
    this.themed.disconnect();
    this.charts.forEach(chart => chart.plot.destroy());
  }
}

// A canvas knows no custom properties and no light-dark(): the browser works them out on an element, and the result is read back.
function resolve(host, name, alpha) {
  host.style.setProperty('outline-color', `color-mix(in srgb, var(${name}) ${alpha * 100}%, transparent)`);
  return getComputedStyle(host).outlineColor;
}

const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenths = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const formats = {
  percent: value => `${number(value)} %`,
  bytes: value => scale(value, ''),
  rate: value => scale(value, '/s'),
  number,
};

function number(value) { return value >= 10 ? whole.format(value) : tenths.format(value); }

function scale(value, suffix) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return `${unit === 0 ? whole.format(value) : number(value)} ${units[unit]}${suffix}`;
}
