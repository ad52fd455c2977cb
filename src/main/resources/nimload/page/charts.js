"use strict";
/*
 * What every page of nimload shares: charts that follow the colour scheme and print in light colours, and sortable
 * tables. Text from the data goes into the document as text, never as HTML.
 */
const nimload = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const UNKNOWN = "–";
  const root = document.documentElement;
  const drawn = new Map();

  /** A colour of the style sheet, as it is in the current scheme: "c1" … "c8", "s0" … "s7", "text", "muted", "line", "bad". */
  const colour = (name) => getComputedStyle(root).getPropertyValue("--" + name).trim();

  /** Four significant digits, at most three decimals, all whole digits; as NumberText does for the tables. */
  function number(value) {
    if (value === undefined || value === null) return UNKNOWN;
    const size = Math.abs(value);
    const whole = size < 1 ? 1 : Math.floor(Math.log10(size)) + 1;
    const decimals = Math.min(3, Math.max(0, 4 - whole));
    const [digits, rest] = value.toFixed(decimals).split(".");
    const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ",");
    return rest === undefined ? grouped : grouped + "." + rest;
  }

  /** Without trailing zeros: for the ticks of an axis. */
  const tick = (value) => number(value).replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");

  function interval(low, high) {
    if (low === undefined && high === undefined) return "";
    if (low === undefined) return " (95 %: ≤ " + number(high) + ")";
    if (high === undefined) return " (95 %: ≥ " + number(low) + ")";
    return " (95 %: " + number(low) + " … " + number(high) + ")";
  }

  function element(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  }

  /** 95 % intervals as whiskers; one that could not be bounded has no cap on that side. */
  const whiskers = {
    id: "whiskers",
    beforeDatasetsDraw(chart) {
      const { ctx, scales } = chart;
      ctx.save();
      chart.getSortedVisibleDatasetMetas().forEach((meta) => {
        ctx.strokeStyle = chart.data.datasets[meta.index].borderColor;
        ctx.lineWidth = 1.25;
        meta.data.forEach((point, index) => {
          const { low, high, xLow, xHigh } = chart.data.datasets[meta.index].data[index];
          ctx.beginPath();
          for (const end of [low, high]) {
            if (end === undefined) continue;
            // A logarithmic axis does not reach 0.
            const y = scales.y.getPixelForValue(Math.max(end, scales.y.min));
            ctx.moveTo(point.x, point.y);
            ctx.lineTo(point.x, y);
            ctx.moveTo(point.x - 3, y);
            ctx.lineTo(point.x + 3, y);
          }
          for (const end of [xLow, xHigh]) {
            if (end === undefined) continue;
            const x = scales.x.getPixelForValue(end);
            ctx.moveTo(point.x, point.y);
            ctx.lineTo(x, point.y);
            ctx.moveTo(x, point.y - 3);
            ctx.lineTo(x, point.y + 3);
          }
          ctx.stroke();
        });
      });
      ctx.restore();
    },
  };

  /** A point's short text next to it, where it lies on nothing else, and a ring around a marked point. */
  const marks = {
    id: "marks",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = "600 11px " + Chart.defaults.font.family;
      ctx.textAlign = "left";
      ctx.textBaseline = "middle";
      const points = chart.getSortedVisibleDatasetMetas().flatMap((meta) =>
        meta.data.map((point, index) => ({ x: point.x, y: point.y, ...pick(chart.data.datasets[meta.index].data[index]) })));
      points.filter(({ ring }) => ring !== undefined).forEach(({ x, y }) => {
        ctx.strokeStyle = colour("text");
        ctx.lineWidth = 1.5;
        ctx.beginPath();
        ctx.arc(x, y, 9, 0, 2 * Math.PI);
        ctx.stroke();
      });
      const taken = points.map(({ x, y, text, ring }) => box(x, y, ring === undefined ? (text === undefined ? 0 : 5) : 10));
      chart.$labels = [];
      // The marked point's text first.
      points.filter(({ text }) => text !== undefined)
        .sort((a, b) => (a.ring === undefined) - (b.ring === undefined))
        .forEach(({ x, y, text, ring, hollow }) => {
          const words = ring === undefined ? text : text + " " + ring;
          const place = free(chart, x, y, ctx.measureText(words).width, ring === undefined ? 7 : 12, taken);
          if (place === undefined) return;
          taken.push(place);
          chart.$labels.push({ words, ...place });
          if (place.far) {
            ctx.strokeStyle = colour("muted");
            ctx.lineWidth = 0.75;
            ctx.beginPath();
            ctx.moveTo(x, y);
            ctx.lineTo(Math.min(Math.max(x, place.left), place.right), (place.top + place.bottom) / 2);
            ctx.stroke();
          }
          ctx.fillStyle = ring === undefined || hollow ? colour("muted") : colour("text");
          ctx.fillText(words, place.left, (place.top + place.bottom) / 2);
        });
      ctx.restore();
    },
  };

  const pick = ({ text, ring, hollow }) => ({ text, ring, hollow });
  const box = (x, y, r) => ({ left: x - r, right: x + r, top: y - r, bottom: y + r });

  /** A box for a text near a point that overlaps none of the others; undefined where there is none. */
  function free(chart, x, y, width, near, taken) {
    const height = 13;
    const { left, right, bottom } = chart.chartArea;
    for (const away of [near, near + 12, near + 26, near + 42]) {
      for (const [dx, dy] of [[1, -0.4], [0, -1], [-1, -0.4], [0, 1], [1, 0.8], [-1, 0.8], [1, -1], [-1, -1]]) {
        const l = x + dx * away - (dx < 0 ? width : dx === 0 ? width / 2 : 0);
        const t = y + dy * (away + height / 2) - height / 2;
        const place = { left: l, right: l + width, top: t, bottom: t + height, far: away > near };
        const inside = l >= left && l + width <= right + 8 && t >= 0 && t + height <= bottom;
        if (inside && !taken.some((other) => overlap(place, other))) return place;
      }
    }
    return undefined;
  }

  const overlap = (a, b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;

  /** Stretches of the x axis, every other one shaded, with names where there is room. */
  const bands = {
    id: "bands",
    beforeDatasetsDraw(chart, _, { of = [] }) {
      const { ctx, chartArea: { top, bottom, left, right }, scales } = chart;
      ctx.save();
      ctx.font = "11px " + Chart.defaults.font.family;
      ctx.textAlign = "left";
      ctx.textBaseline = "top";
      of.forEach(({ from, to, labels }, index) => {
        const start = Math.max(left, scales.x.getPixelForValue(from));
        const end = Math.min(right, scales.x.getPixelForValue(to));
        if (index % 2 === 0) {
          ctx.fillStyle = colour("band");
          ctx.fillRect(start, top, end - start, bottom - top);
        }
        const label = labels.find((text) => ctx.measureText(text).width < end - start - 6);
        if (label !== undefined) {
          ctx.fillStyle = colour("muted");
          ctx.fillText(label, start + 4, top + 3);
        }
      });
      ctx.restore();
    },
  };

  /** Whether the highest value leaves the others less than a tenth of a linear axis. */
  function flattened(series) {
    const values = series.flatMap(({ points }) => points.flatMap(({ y, high }) => [y, high]))
      .filter((value) => value > 0)
      .sort((a, b) => a - b);
    return values.length > 0 && values[values.length - 1] > 10 * values[Math.floor(values.length / 2)];
  }

  /**
   * A line chart.
   *   x, y    {title, unit, type: "linear" | "logarithmic", ticks: [{value, label}], min, max, label: value => text}
   *   series  [{label, colour, dash, point, bare (no symbols), scattered (no line; with bare small symbols), points: [{x, y, low, high, xLow, xHigh, text, ring, hollow, symbol, note}]}]
   *   legend  whether the series are named below; by default if there are two or more
   *   shaded  [{from, to, labels (the first that has room is shown)}]: stretches of the x axis
   *   log     whether the y axis is logarithmic; undefined: where its highest value would flatten the rest
   * A point without y is a gap; low … xHigh are ends of 95 % intervals; text stands next to the point, ring around it; symbol
   * is the point's own instead of the series', note stands in its tooltip; a hollow point may not be quoted.
   */
  function lines({ x, y: plain, series, legend = series.length > 1, shaded = [], log }) {
    /** A point that no line reaches is never small. */
    const radius = ({ bare, scattered, small, points }, { symbol, hollow }, index) => {
      if (bare) return scattered ? 1 : 0;
      if (symbol && symbol !== "circle") return 5;
      const reached = points[index - 1]?.y !== undefined || points[index + 1]?.y !== undefined;
      return small && reached ? (hollow ? 2.5 : 1.5) : 3.5;
    };
    const y = { ...plain, type: log ?? flattened(series) ? "logarithmic" : "linear" };
    const axis = (of, title, ends) => ({
      type: of.type ?? "linear",
      min: of.min,
      max: of.max,
      suggestedMax: Math.max(0, ...ends),
      beginAtZero: of.type !== "logarithmic" && of.min === undefined,
      title: { display: true, text: title, color: colour("muted"), font: { size: 12 } },
      grid: { color: colour("line"), drawTicks: false },
      border: { color: colour("line") },
      afterBuildTicks: of.ticks ? (scale) => {
        scale.ticks = of.ticks.filter(({ value }) => value >= scale.min && value <= scale.max);
      } : of.type === "logarithmic" ? (scale) => {
        // 1, 2 and 5 of each decade.
        scale.ticks = scale.ticks.filter(({ value }) => /^[125]e/.test(value.toExponential()));
      } : undefined,
      ticks: {
        color: colour("muted"),
        padding: 6,
        maxRotation: 0,
        includeBounds: false,
        callback: (value) => of.ticks?.find((each) => each.value === value)?.label ?? tick(value),
      },
    });
    /** The intervals' upper ends, which the axis must include. */
    const highest = (end) =>
      series.flatMap(({ points }) => points.map((point) => point[end]).filter((value) => value !== undefined));
    const titled = (of) => (of.unit ? of.title + " (" + of.unit + ")" : of.title);
    const shown = (of, value) => (of.label ? of.label(value) : number(value) + (of.unit ? " " + of.unit : ""));
    return {
      type: "line",
      plugins: [bands, whiskers, marks],
      data: {
        datasets: series.map((each) => ({
          label: each.label,
          data: each.points,
          borderColor: each.colour,
          backgroundColor: each.colour,
          borderWidth: 2,
          borderDash: each.dash ?? [],
          showLine: !each.scattered,
          pointBackgroundColor: each.points.map(({ hollow }) => (hollow ? colour("ground") : each.colour)),
          segment: {
            borderColor: ({ p1 }) => (p1.raw.hollow ? colour("muted") : undefined),
            borderDash: ({ p0, p1 }) => (p0.raw.hollow || p1.raw.hollow ? [2, 4] : undefined),
          },
          pointStyle: each.bare && !each.scattered ? "line" : each.points.some(({ symbol }) => symbol)
            ? each.points.map(({ symbol }) => symbol ?? "circle") : each.point ?? "circle",
          pointRadius: each.points.map((point, index) => radius(each, point, index)),
          pointHoverRadius: 5,
          spanGaps: false,
        })),
      },
      options: {
        animation: false,
        responsive: true,
        maintainAspectRatio: false,
        parsing: { xAxisKey: "x", yAxisKey: "y" },
        interaction: { mode: "nearest", intersect: false },
        layout: { padding: { top: 14, right: 10 } },
        scales: { x: axis(x, titled(x), highest("xHigh")), y: axis(y, titled(y), highest("high")) },
        plugins: {
          bands: { of: shaded },
          legend: {
            display: legend,
            position: "bottom",
            labels: {
              color: colour("text"),
              usePointStyle: true,
              pointStyleWidth: series.some(({ dash = [] }) => dash.length > 0) ? 26 : 10,
              boxHeight: 8,
              padding: 12,
              // With symbols, Chart.js leaves out a line's dashes.
              generateLabels: (chart) => Chart.defaults.plugins.legend.labels.generateLabels(chart).map((item) => ({
                ...item,
                fillStyle: chart.data.datasets[item.datasetIndex].borderColor,
                strokeStyle: chart.data.datasets[item.datasetIndex].borderColor,
                lineWidth: 2,
                // Points with symbols of their own have none of the series'.
                pointStyle: series.some(({ points }) => points.some(({ symbol }) => symbol)) ? "line" : item.pointStyle,
                lineDash: chart.data.datasets[item.datasetIndex].borderDash,
              })),
            },
          },
          tooltip: {
            callbacks: {
              title: (items) => items.map((item) => x.title + " " + shown(x, item.raw.x)).slice(0, 1),
              label: (item) =>
                item.dataset.label + ": " + shown(y, item.raw.y) + interval(item.raw.low, item.raw.high)
                + (item.raw.note ? ", " + item.raw.note : "") + (item.raw.hollow ? ", do not quote" : ""),
            },
          },
        },
      },
      words: { x, y, series, shown },
    };
  }

  /** What a chart shows, in words, for screen readers. */
  function summary({ x, y, series, shown }) {
    const ends = series.map(({ label, points }) => {
      const known = points.filter((point) => point.y !== undefined);
      if (known.length === 0) return label + ": no values";
      const [first, last] = [known[0], known[known.length - 1]];
      const from = shown(y, first.y) + " at " + shown(x, first.x);
      return label + ": " + (known.length === 1 ? from : from + " to " + shown(y, last.y) + " at " + shown(x, last.x));
    });
    return "Line chart of " + y.title + " over " + x.title + ". " + ends.join("; ") + ".";
  }

  function numbers(details, { x, y, series }) {
    const table = element("table");
    const head = table.createTHead().insertRow();
    const titled = (of) => (of.unit ? of.title + " (" + of.unit + ")" : of.title);
    for (const title of ["series", titled(x), titled(y), "95 % interval"]) {
      head.append(element("th", title, { scope: "col" }));
    }
    const body = table.createTBody();
    series.forEach(({ label, points }) => points.filter((point) => point.y !== undefined).forEach((point) => {
      const row = body.insertRow();
      row.append(
        element("th", label + (point.hollow ? " (do not quote)" : ""), { scope: "row" }),
        element("td", x.label ? x.label(point.x) : number(point.x), { class: "n" }),
        element("td", number(point.y), { class: "n" }),
        element("td", interval(point.low, point.high).replace(/^ \(95 %: |\)$/g, ""), { class: "n" }));
    }));
    const scroll = element("div", undefined, { class: "scroll", tabindex: "0", role: "region", "aria-label": "Numbers of this chart" });
    scroll.append(table);
    details.replaceChildren(details.querySelector("summary"), scroll);
  }

  /**
   * Draws a chart into <figure id="…">, and again when the colour scheme changes; a second call replaces the first.
   * `describe` returns what `lines` returns. If it takes `log`, the reader can choose it; it is undefined at first.
   */
  function chart(id, describe) {
    const figure = document.getElementById(id);
    let canvas = figure.querySelector("canvas");
    if (canvas === null) {
      const frame = element("div", undefined, { class: "frame" });
      canvas = element("canvas", undefined, { role: "img" });
      frame.append(canvas);
      const details = element("details");
      details.append(element("summary", "Numbers of this chart"));
      details.addEventListener("toggle", () => {
        if (details.open) numbers(details, drawn.get(id).words);
      });
      if (describe.length > 0) {
        const log = element("input", undefined, { type: "checkbox" });
        log.addEventListener("change", () => {
          figure.dataset.log = log.checked;
          drawn.get(id).draw();
        });
        const label = element("label");
        label.append(log, "logarithmic");
        switches(figure).append(label);
      }
      figure.append(frame, details);
    }
    const draw = () => {
      Chart.getChart(canvas)?.destroy();
      const chosen = figure.dataset.log;
      const { words, ...config } = describe(chosen === undefined ? undefined : chosen === "true");
      drawn.set(id, { draw, words });
      canvas.setAttribute("aria-label", summary(words));
      if (describe.length > 0) figure.querySelector("input[type=checkbox]").checked = words.y.type === "logarithmic";
      new Chart(canvas, config);
      const details = figure.querySelector("details");
      if (details.open) numbers(details, words);
    };
    draw();
  }

  /** Where a chart's switches stand, below its caption. */
  function switches(figure) {
    let place = figure.querySelector(".switches");
    if (place === null) {
      place = element("div", undefined, { class: "switches" });
      figure.querySelector("figcaption").after(place);
    }
    return place;
  }

  /** Forgets the charts of figures that are removed from the page: those whose id starts with `start`. */
  function forget(start) {
    [...drawn.keys()].filter((id) => id.startsWith(start)).forEach((id) => {
      Chart.getChart(document.getElementById(id)?.querySelector("canvas"))?.destroy();
      drawn.delete(id);
    });
  }

  const redraw = () => drawn.forEach(({ draw }) => draw());

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  // Paper is white whatever the screen is.
  addEventListener("beforeprint", () => {
    root.classList.add("paper");
    redraw();
  });
  addEventListener("afterprint", () => {
    root.classList.remove("paper");
    redraw();
  });

  /** By number or by text; cells without a value come last in both directions. */
  function sort(table, column, direction) {
    const numeric = table.tHead.rows[0].cells[column].classList.contains("n");
    const key = (row) => {
      const cell = row.cells[column];
      return numeric ? (cell.dataset.sort === undefined ? undefined : Number(cell.dataset.sort)) : cell.textContent;
    };
    collapse(table);
    const rows = [...table.tBodies[0].rows].map((row) => ({ row, key: key(row) }));
    rows.sort((a, b) => {
      if (a.key === undefined || b.key === undefined) return (a.key === undefined) - (b.key === undefined);
      return direction * (numeric ? a.key - b.key : a.key.localeCompare(b.key, "en", { numeric: true }));
    });
    table.tBodies[0].append(...rows.map(({ row }) => row));
  }

  document.querySelectorAll("table.sortable").forEach((table) => {
    const heads = [...table.tHead.rows[0].cells];
    heads.forEach((head, column) => {
      const button = element("button", undefined, { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const ascending = head.getAttribute("aria-sort") !== "ascending";
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
        sort(table, column, ascending ? 1 : -1);
        fit(table);
      });
    });
  });

  /** Removes what the rows' buttons have opened. */
  function collapse(table) {
    table.querySelectorAll("tr.more").forEach((row) => row.remove());
    table.querySelectorAll(".expand").forEach((button) => button.setAttribute("aria-expanded", "false"));
  }

  /** Opens or closes the row's hidden columns below it. */
  function expand(button, row, heads) {
    const open = button.getAttribute("aria-expanded") === "true";
    button.setAttribute("aria-expanded", String(!open));
    if (open) {
      row.nextElementSibling.remove();
      return;
    }
    const list = element("dl");
    [...row.cells].forEach((cell, column) => {
      if (!cell.classList.contains("off")) return;
      const value = element("dd");
      value.append(...[...cell.childNodes].map((node) => node.cloneNode(true)));
      const pair = element("div");
      pair.append(element("dt", heads[column].textContent.trim()), value);
      list.append(pair);
    });
    const more = element("tr", undefined, { class: "more" });
    const cell = element("td", undefined, { colspan: String(heads.length) });
    cell.append(list);
    more.append(cell);
    row.after(more);
  }

  /** Hides columns until the table is as wide as its place, those marked late first, each time from the right. */
  function fit(table) {
    const place = table.parentElement;
    if (place.clientWidth === 0) return;
    const heads = [...table.tHead.rows[0].cells];
    collapse(table);
    table.querySelectorAll(".expand").forEach((button) => button.remove());
    table.querySelectorAll(".off").forEach((cell) => cell.classList.remove("off"));
    const late = ({ classList }) => classList.contains("late");
    const columns = heads.map((head, column) => column).slice(1).reverse();
    const order = [...columns.filter((column) => late(heads[column])), ...columns.filter((column) => !late(heads[column]))];
    const rows = [...table.tBodies[0].rows];
    for (const column of order) {
      if (place.scrollWidth <= place.clientWidth) return;
      if (table.querySelector(".expand") === null) {
        rows.forEach((row) => {
          const name = row.cells[0].innerText.replace(/\s+/g, " ").trim();
          const button = element("button", undefined, { type: "button", class: "expand", "aria-expanded": "false", "aria-label": "More of " + name });
          button.addEventListener("click", () => expand(button, row, heads));
          row.cells[0].prepend(button);
        });
      }
      [heads[column], ...rows.map((row) => row.cells[column])].forEach((cell) => cell.classList.add("off"));
    }
  }

  const fitAll = () => document.querySelectorAll("table.fit").forEach(fit);
  fitAll();
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    fitAll();
  });

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

  return { data, colour, number, element, lines, chart, switches, forget };
})();
