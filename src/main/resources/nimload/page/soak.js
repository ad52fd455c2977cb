"use strict";
(() => {
  const { data, colour, lines, chart } = nimload;
  const symbols = ["circle", "rect", "triangle"];
  const colours = ["c1", "c2", "c4", "c8"];

  (data.soak ?? []).forEach(({ id, value, unit, time, series, gaps }) => chart(id, (log) => lines({
    x: { title: "since the start", unit: time, min: 0 },
    y: { title: value, unit },
    log,
    shaded: gaps,
    series: series.map(({ label, points }, index) => ({
      label,
      colour: colour(colours[index % colours.length]),
      point: symbols[index % symbols.length],
      small: points.length > 60,
      points,
    })),
  })));
})();
