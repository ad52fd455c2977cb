"use strict";
(() => {
  const { data, colour, element, lines, chart } = nimload;

  const known = (value) => value?.value !== undefined;
  const percentiles = ["p50", "p90", "p95", "p99"];
  const symbols = ["circle", "rect", "triangle", "rectRot"];

  function latency(curve) {
    const levels = byConcurrency(curve);
    return lines({
      x: {
        title: "concurrency",
        ticks: levels.map(({ concurrency }) => ({ value: concurrency, label: concurrency ? String(concurrency) : "no limit" })),
        min: 0,
        max: levels[levels.length - 1].concurrency * 1.06 || 1,
      },
      y: { title: "latency", unit: "ms" },
      series: percentiles.map((name, index) => ({
        label: name,
        colour: colour("c" + (index + 1)),
        point: symbols[index],
        points: levels.map((level) => {
          const { value, low, high } = level.percentiles[name];
          return { x: level.concurrency, y: value, low, high };
        }),
      })),
    });
  }

  const byConcurrency = (curve) => [...curve.levels].sort((a, b) => a.concurrency - b.concurrency);

  function throughput(items, curve) {
    return lines({
      x: { title: items + " per second", unit: "/s" },
      y: { title: "p50 latency", unit: "ms" },
      series: [{
        label: curve.label,
        colour: colour("c1"),
        points: byConcurrency(curve)
          .filter((level) => known(level.itemsPerSecond) && known(level.percentiles.p50))
          .map(({ concurrency, itemsPerSecond, percentiles: { p50 } }) => ({
            x: itemsPerSecond.value,
            xLow: itemsPerSecond.low,
            xHigh: itemsPerSecond.high,
            y: p50.value,
            low: p50.low,
            high: p50.high,
            text: concurrency ? String(concurrency) : "no limit",
            ring: concurrency === curve.knee ? "knee" : undefined,
          })),
      }],
    });
  }

  const nines = [1, 2, 4, 10, 20, 100, 1e3, 1e4, 1e5, 1e6, 1e7].map((value) => ({
    value,
    label: value === 1 ? "0" : String(Number((100 - 100 / value).toPrecision(9))),
  }));

  function distribution(curve) {
    const order = byConcurrency(curve);
    return lines({
      legend: true,
      x: {
        title: "percentile",
        type: "logarithmic",
        min: 1,
        ticks: nines,
        label: (value) => Number((100 - 100 / value).toPrecision(6)) + " %",
      },
      y: { title: "latency", unit: "ms" },
      series: order.map((level, index) => ({
        label: "c = " + level.concurrency,
        // Colours in order, as the concurrencies are.
        colour: colour("s" + Math.round((index * 7) / Math.max(1, order.length - 1))),
        dash: index % 2 === 0 ? [] : [5, 3],
        bare: true,
        points: level.distribution.map(([x, y]) => ({ x, y })),
      })),
    });
  }

  function time(level, repeat) {
    const parts = level.timeline.filter((part) => part.repeat === repeat);
    const middle = ({ fromSeconds, toSeconds }) => (fromSeconds + toSeconds) / 2;
    return lines({
      x: { title: "seconds after the first send", unit: "s", min: 0 },
      y: { title: "latency", unit: "ms" },
      series: ["p50", "p90", "p99", "max"].map((name, index) => ({
        label: name,
        colour: colour(name === "max" ? "c8" : "c" + [1, 2, 4][index]),
        point: symbols[index],
        scattered: name === "max",
        points: parts.map((part) => ({ x: middle(part), y: part[name] })),
      })),
    });
  }

  const meanings = {
    gpuUtilization: { title: "GPU busy", unit: "%", factor: 100 },
    gpuPowerWatts: { title: "GPU power", unit: "W", factor: 1 },
    gpuMemoryUsedBytes: { title: "GPU memory used", unit: "GiB", factor: 1 / 2 ** 30 },
    pending: { title: "requests waiting", unit: "", factor: 1 },
  };

  function series(name, points) {
    const { title, unit, factor } = meanings[name] ?? { title: name, unit: "", factor: 1 };
    return lines({
      x: { title: "seconds after the first send", unit: "s" },
      y: { title, unit },
      series: [{ label: title, colour: colour("c3"), points: points.map(([x, y]) => ({ x, y: y * factor })) }],
    });
  }

  function choice(label, id, options) {
    const select = element("select", undefined, { id });
    options.forEach(({ text, value }) => select.append(element("option", text, { value })));
    const labelled = element("label", undefined, { for: id });
    labelled.append(element("span", label), select);
    return { select, labelled };
  }

  /** The charts of one level, and the lists to choose it from. */
  function inside(group) {
    const levels = group.shapes.flatMap((curve) => curve.levels);
    const place = document.getElementById(group.id + "-choice");
    if (place === null) return;
    const { select, labelled } = choice("Level", group.id + "-level",
      levels.map((level, value) => ({ text: level.description + (level.drifting ? " (drifting)" : ""), value })));
    const drifting = levels.findIndex(({ drifting }) => drifting);
    select.value = String(drifting >= 0 ? drifting : levels.length - 1);
    const repeats = choice("Repeat", group.id + "-repeat", []);
    place.append(labelled, repeats.labelled);

    const draw = () => {
      const level = levels[Number(select.value)];
      chart(group.id + "-time", () => time(level, Number(repeats.select.value)));
    };
    const choose = () => {
      const level = levels[Number(select.value)];
      const numbers = [...new Set(level.timeline.map(({ repeat }) => repeat))];
      repeats.select.replaceChildren(...numbers.map((value) => element("option", String(value), { value })));
      repeats.labelled.hidden = numbers.length < 2;
      draw();
      server(group.id + "-server", level.server);
    };
    select.addEventListener("change", choose);
    repeats.select.addEventListener("change", draw);
    choose();
  }

  function server(id, byName) {
    const place = document.getElementById(id);
    if (place === null) return;
    nimload.forget(id);
    place.replaceChildren();
    Object.entries(byName).forEach(([name, points], index) => {
      const figure = element("figure", undefined, { class: "chart", id: id + "-" + index });
      figure.append(element("figcaption", (meanings[name]?.title ?? name) + " during the level"));
      place.append(figure);
      chart(figure.id, () => series(name, points));
    });
  }

  data.groups.forEach((group) => {
    group.shapes.forEach((curve) => {
      chart(curve.id + "-latency", () => latency(curve));
      chart(curve.id + "-throughput", () => throughput(group.items, curve));
      chart(curve.id + "-distribution", () => distribution(curve));
    });
    inside(group);
  });
})();
