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
            const y = scales.y.getPixelForValue(end);
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

  /** A point's short text next to it, and a ring around a marked point. */
  const marks = {
    id: "marks",
    afterDatasetsDraw(chart) {
      const { ctx } = chart;
      ctx.save();
      ctx.font = "600 11px " + Chart.defaults.font.family;
      chart.getSortedVisibleDatasetMetas().forEach((meta) => {
        const set = chart.data.datasets[meta.index];
        meta.data.forEach((point, index) => {
          const { text, ring } = set.data[index];
          if (ring !== undefined) {
            ctx.strokeStyle = colour("text");
            ctx.lineWidth = 1.5;
            ctx.beginPath();
            ctx.arc(point.x, point.y, 9, 0, 2 * Math.PI);
            ctx.stroke();
          }
          if (text !== undefined) {
            ctx.fillStyle = ring === undefined ? colour("muted") : colour("text");
            const away = ring === undefined ? 7 : 11;
            const words = ring === undefined ? text : text + " " + ring;
            // To the right, or above where there is no room to the right.
            const above = point.x + away + ctx.measureText(words).width > chart.chartArea.right;
            ctx.textAlign = above ? "center" : "left";
            ctx.textBaseline = "bottom";
            ctx.fillText(words, point.x + (above ? 0 : away), point.y - (above ? away : 3));
          }
        });
      });
      ctx.restore();
    },
  };

  /**
   * A line chart.
   *   x, y    {title, unit, type: "linear" | "logarithmic", ticks: [{value, label}], min, max, label: value => text}
   *   series  [{label, colour, dash, point, bare (no symbols), scattered (no line), points: [{x, y, low, high, xLow, xHigh, text, ring}]}]
   *   legend  whether the series are named below; by default if there are two or more
   * A point without y is a gap; low … xHigh are ends of 95 % intervals; text stands next to the point, ring around it.
   */
  function lines({ x, y, series, legend = series.length > 1 }) {
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
      } : undefined,
      ticks: {
        color: colour("muted"),
        padding: 6,
        maxRotation: 0,
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
      plugins: [whiskers, marks],
      data: {
        datasets: series.map((each) => ({
          label: each.label,
          data: each.points,
          borderColor: each.colour,
          backgroundColor: each.colour,
          borderWidth: 2,
          borderDash: each.dash ?? [],
          showLine: !each.scattered,
          pointStyle: each.bare ? "line" : each.point ?? "circle",
          pointRadius: each.bare ? 0 : 3.5,
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
          legend: {
            display: legend,
            position: "bottom",
            labels: { color: colour("text"), usePointStyle: true, pointStyleWidth: series.some(({ bare }) => bare) ? 18 : 8, boxHeight: 8, padding: 12 },
          },
          tooltip: {
            callbacks: {
              title: (items) => items.map((item) => x.title + " " + shown(x, item.raw.x)).slice(0, 1),
              label: (item) =>
                item.dataset.label + ": " + shown(y, item.raw.y) + interval(item.raw.low, item.raw.high),
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
        element("th", label, { scope: "row" }),
        element("td", x.label ? x.label(point.x) : number(point.x), { class: "n" }),
        element("td", number(point.y), { class: "n" }),
        element("td", interval(point.low, point.high).replace(/^ \(95 %: |\)$/g, ""), { class: "n" }));
    }));
    const scroll = element("div", undefined, { class: "scroll", tabindex: "0" });
    scroll.append(table);
    details.replaceChildren(details.querySelector("summary"), scroll);
  }

  /**
   * Draws a chart into <figure id="…">, and again when the colour scheme changes; a second call replaces the first.
   * `describe` returns what `lines` returns.
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
      figure.append(frame, details);
    }
    const draw = () => {
      Chart.getChart(canvas)?.destroy();
      const { words, ...config } = describe();
      drawn.set(id, { draw, words });
      canvas.setAttribute("aria-label", summary(words));
      new Chart(canvas, config);
      const details = figure.querySelector("details");
      if (details.open) numbers(details, words);
    };
    draw();
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
      });
    });
  });

  Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;

  return { data, colour, number, element, lines, chart, forget };
})();
