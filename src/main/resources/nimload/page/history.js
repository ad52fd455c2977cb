"use strict";
(() => {
  const { data, colour, lines, chart } = nimload;

  const symbols = ["circle", "rect", "triangle", "rectRot"];

  function curves(levels, metric, y) {
    const runs = levels[0].runs.map(({ run }) => run);
    return lines({
      x: { title: "run", min: 0.7, max: runs.length + 0.3, ticks: runs.map((run) => ({ value: run, label: String(run) })) },
      y,
      series: levels.map(({ load, runs }, index) => ({
        label: load,
        colour: colour("c" + ((index % 8) + 1)),
        point: symbols[index % symbols.length],
        points: runs.map(({ run, [metric]: number }) => ({
          x: run,
          y: number?.value,
          low: number?.low,
          high: number?.high,
          text: number?.mark,
          ring: number?.mark === undefined ? undefined : "",
        })),
      })),
    });
  }

  data.forEach(({ id, levels }) => {
    chart(id + "-p50", () => curves(levels, "p50", { title: "p50 latency", unit: "ms" }));
    chart(id + "-p95", () => curves(levels, "p95", { title: "p95 latency", unit: "ms" }));
    chart(id + "-requestsPerSecond", () => curves(levels, "requestsPerSecond", { title: "requests per second", unit: "/s" }));
  });
})();
