"use strict";
(() => {
  const { data, colour, lines, chart } = nimload;

  const symbols = ["circle", "rect", "triangle", "rectRot"];

  function curves({ runs }, metric, y) {
    const loads = new Map(runs.flatMap(({ levels }) => levels.map(({ concurrency, load }) => [concurrency, load])));
    return lines({
      x: { title: "concurrency", min: 0, ticks: [...loads].map(([value, label]) => ({ value, label })) },
      y,
      series: runs.map(({ run, levels }, index) => ({
        label: run,
        colour: colour("c" + ((index % 8) + 1)),
        point: symbols[index % symbols.length],
        dash: index === 0 ? [6, 4] : [],
        points: [...levels]
          .sort((a, b) => a.concurrency - b.concurrency)
          .map((level) => ({
            x: level.concurrency,
            y: level[metric].value,
            low: level[metric].low,
            high: level[metric].high,
          })),
      })),
    });
  }

  data.forEach((shape) => {
    chart(shape.id + "-latency", () => curves(shape, "p50", { title: "p50 latency", unit: "ms" }));
    chart(shape.id + "-throughput", () => curves(shape, "requestsPerSecond", { title: "requests per second", unit: "/s" }));
  });
})();
