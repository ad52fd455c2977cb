"use strict";
(() => {
  const { data, colour, element, lines, chart, switches } = nimload;

  const known = (value) => value?.value !== undefined;
  const percentiles = ["p50", "p90", "p95", "p99"];
  const symbols = ["circle", "rect", "triangle", "rectRot"];
  /** What throughput is drawn against; the same in all charts. */
  let against = "p50";

  function latency(curve, log) {
    const levels = byConcurrency(curve);
    return lines({
      x: {
        title: "concurrency",
        ticks: levels.map(({ concurrency }) => ({ value: concurrency, label: concurrency ? String(concurrency) : "no limit" })),
        min: 0,
        max: levels[levels.length - 1].concurrency * 1.06 || 1,
      },
      y: { title: "latency", unit: "ms" },
      log,
      series: percentiles.map((name, index) => ({
        label: name,
        colour: colour("c" + (index + 1)),
        point: symbols[index],
        points: levels.map((level) => {
          const { value, low, high } = level.percentiles[name];
          return { x: level.concurrency, y: value, low, high, hollow: !level.quotable };
        }),
      })),
    });
  }

  const byConcurrency = (curve) => [...curve.levels].sort((a, b) => a.concurrency - b.concurrency);

  function throughput(items, curve, log) {
    return lines({
      x: { title: items + "/s", label: (value) => nimload.number(value) },
      y: { title: against + " latency", unit: "ms" },
      log,
      series: [{
        label: curve.label,
        colour: colour("c1"),
        points: byConcurrency(curve)
          .filter((level) => known(level.itemsPerSecond) && known(level.percentiles[against]))
          .map(({ concurrency, quotable, itemsPerSecond, percentiles: { [against]: latency } }) => ({
            x: itemsPerSecond.value,
            xLow: itemsPerSecond.low,
            xHigh: itemsPerSecond.high,
            y: latency.value,
            low: latency.low,
            high: latency.high,
            text: concurrency ? String(concurrency) : "no limit",
            ring: concurrency === curve.best ? "best" : undefined,
            hollow: !quotable,
          })),
      }],
    });
  }

  const nines = [1, 2, 4, 10, 20, 100, 1e3, 1e4, 1e5, 1e6, 1e7].map((value) => ({
    value,
    label: value === 1 ? "0" : String(Number((100 - 100 / value).toPrecision(9))),
  }));

  function distribution(curve, log) {
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
      y: { title: order[0].arrives ? "response time" : "latency", unit: "ms" },
      log,
      series: order.map((level, index) => ({
        label: level.load + (level.quotable ? "" : ", do not quote"),
        // Colours in order, as the concurrencies are.
        colour: colour("s" + Math.round((index * 7) / Math.max(1, order.length - 1))),
        dash: level.quotable ? (index % 2 === 0 ? [] : [5, 3]) : [2, 4],
        bare: true,
        points: level.distribution.map(([x, y]) => ({ x, y })),
      })),
    });
  }

  const marks = (verdict) =>
    verdict === "holds" ? "circle" : verdict.startsWith("broken") ? "crossRot" : "triangle";

  /** A search's x axis: from 0 to a little more than the highest load. */
  const loads = ({ rate, steps, atLeast = 0, atMost = 0 }) => ({
    title: rate ? "offered rate" : "users",
    unit: rate ? "requests/s" : "",
    min: 0,
    max: Math.max(1, atLeast, atMost, ...steps.map(({ load }) => load)) * 1.04,
  });

  const boundary = ({ atLeast, atMost }) =>
    atMost === undefined ? [] : [{ from: atLeast ?? 0, to: atMost, labels: [] }];

  const step = ({ load, verdict, quotable }, { value, low, high } = {}) =>
    ({ x: load, y: value, low, high, symbol: marks(verdict), note: verdict, hollow: !quotable });

  function response(search, log) {
    const x = loads(search);
    return lines({
      x,
      y: { title: search.rate ? "response time" : "latency", unit: "ms" },
      log,
      shaded: boundary(search),
      series: [
        ...["p50", "p95", "p99"].map((name, index) => ({
          label: name,
          colour: colour("c" + [1, 3, 4][index]),
          points: search.steps.map((each) => step(each, each.response[name])),
        })),
        ...(search.rate ? [{
          label: "p95 from the real send (uncorrected)",
          colour: colour("c2"),
          dash: [5, 4],
          bare: true,
          points: search.steps.map(({ load, uncorrected }) => ({ x: load, y: uncorrected })),
        }] : []),
        ...search.limits.map(({ text, millis }) => ({
          label: "limit: " + text,
          colour: colour("bad"),
          dash: [2, 3],
          bare: true,
          points: [{ x: 0, y: millis }, { x: x.max, y: millis }],
        })),
      ],
    });
  }

  function goodput(search, log) {
    const x = loads(search);
    return lines({
      x,
      y: { title: "answers", unit: "/s" },
      log,
      shaded: boundary(search),
      series: [
        {
          label: "goodput",
          colour: colour("c3"),
          points: search.steps.map((each) => step(each, { value: each.goodput })),
        },
        {
          label: "all right answers",
          colour: colour("c1"),
          dash: [5, 4],
          bare: true,
          points: search.steps.map(({ load, answered: { value, low, high } }) => ({ x: load, y: value, low, high })),
        },
        ...(search.rate ? [{
          label: "offered",
          colour: colour("muted"),
          dash: [2, 3],
          bare: true,
          points: [{ x: 0, y: 0 }, { x: x.max, y: x.max }],
        }] : []),
      ],
    });
  }

  const middle = ({ fromSeconds, toSeconds }) => (fromSeconds + toSeconds) / 2;

  function time(level, repeat, log) {
    const parts = level.timeline.filter((part) => part.repeat === repeat);
    return lines({
      x: { title: "seconds after the first send", unit: "s", min: 0 },
      y: { title: "latency", unit: "ms" },
      log,
      series: ["p50", "p90", "p99", "max"].map((name, index) => ({
        label: name,
        colour: colour(name === "max" ? "c8" : "c" + [1, 2, 4][index]),
        point: symbols[index],
        scattered: name === "max",
        points: parts.map((part) => ({ x: middle(part), y: part[name], hollow: !level.quotable })),
      })),
    });
  }

  /** Each repeat of each level in the order of time: its shape, its level, its start and its parts. */
  const repeats = data.groups.flatMap(({ workload, shapes }) => shapes.flatMap((curve) => curve.levels.flatMap((level) =>
    Object.entries(level.starts).map(([repeat, start]) => ({
      workload, curve, level, start, parts: level.timeline.filter((part) => part.repeat === Number(repeat)),
    }))))).sort((a, b) => a.start - b.start);

  function wholeRun(log) {
    const shaded = [];
    repeats.forEach(({ workload, curve, start, parts }) => {
      const last = shaded[shaded.length - 1];
      const to = start + parts[parts.length - 1].toSeconds;
      if (last?.curve === curve) last.to = to;
      else shaded.push({ curve, from: start, to, labels: [workload + ", " + curve.label, workload] });
    });
    return lines({
      x: { title: "seconds after the first level began", unit: "s", min: 0 },
      y: { title: "latency", unit: "ms" },
      log,
      shaded,
      series: ["p50", "p90", "max"].map((name, index) => ({
        label: name,
        colour: colour(["c1", "c2", "muted"][index]),
        bare: true,
        scattered: name === "max",
        points: repeats.flatMap(({ level, start, parts }) => [
          ...parts.map((part) => ({ x: start + middle(part), y: part[name], hollow: !level.quotable })),
          // A gap up to the next level.
          { x: start + parts[parts.length - 1].toSeconds },
        ]),
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
      log: false,
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
  function inside() {
    const levels = data.groups.flatMap(({ shapes }) => shapes.flatMap((curve) => curve.levels));
    const { select, labelled } = choice("Level", "level",
      levels.map((level, value) => ({ text: level.description + (level.drifting ? " (drifting)" : ""), value })));
    const drifting = levels.findIndex(({ drifting }) => drifting);
    select.value = String(drifting >= 0 ? drifting : levels.length - 1);
    const repeat = choice("Repeat", "repeat", []);
    document.getElementById("level-choice").append(labelled, repeat.labelled);

    const draw = () => {
      const level = levels[Number(select.value)];
      chart("level-time", (log) => time(level, Number(repeat.select.value), log));
    };
    const choose = () => {
      const level = levels[Number(select.value)];
      const numbers = [...new Set(level.timeline.map(({ repeat }) => repeat))];
      repeat.select.replaceChildren(...numbers.map((value) => element("option", String(value), { value })));
      repeat.labelled.hidden = numbers.length < 2;
      draw();
      server("level-server", level.server);
    };
    select.addEventListener("change", choose);
    repeat.select.addEventListener("change", draw);
    choose();
  }

  function server(id, byName) {
    const place = document.getElementById(id);
    nimload.forget(id);
    place.replaceChildren();
    Object.entries(byName).forEach(([name, points], index) => {
      const figure = element("figure", undefined, { class: "chart", id: id + "-" + index });
      figure.append(element("figcaption", (meanings[name]?.title ?? name) + " during the level"));
      place.append(figure);
      chart(figure.id, () => series(name, points));
    });
  }

  const all = data.groups.flatMap((group) => group.shapes.map((curve) => ({ items: group.items, curve })));

  /** Radio buttons for the percentile, the same in every chart. */
  function percentileSwitch(id) {
    const choices = element("fieldset");
    choices.append(element("legend", "latency"));
    ["p50", "p95", "p99"].forEach((name) => {
      const button = element("input", undefined, { type: "radio", name: id + "-against", value: name });
      button.checked = name === against;
      button.addEventListener("change", () => {
        against = name;
        document.querySelectorAll("input[type=radio][name$=-against]").forEach((other) => {
          other.checked = other.value === name;
        });
        drawThroughput();
      });
      const label = element("label");
      label.append(button, name);
      choices.append(label);
    });
    switches(document.getElementById(id)).prepend(choices);
  }

  const shapes = all.filter(({ curve }) => document.getElementById(curve.id + "-latency") !== null);
  const drawThroughput = () => shapes.forEach(({ items, curve }) =>
    chart(curve.id + "-throughput", (log) => throughput(items, curve, log)));

  shapes.forEach(({ curve }) => {
    chart(curve.id + "-latency", (log) => latency(curve, log));
    percentileSwitch(curve.id + "-throughput");
  });
  all.filter(({ curve }) => document.getElementById(curve.id + "-distribution") !== null).forEach(({ curve }) =>
    chart(curve.id + "-distribution", (log) => distribution(curve, log)));
  drawThroughput();
  (data.searches ?? []).forEach((search) => {
    chart(search.id + "-response", (log) => response(search, log));
    chart(search.id + "-goodput", (log) => goodput(search, log));
  });
  if (document.getElementById("level-choice") !== null) {
    if (repeats.length > 0) chart("run-time", wholeRun);
    else document.getElementById("run-time").parentElement.hidden = true;
    inside();
  }

  const done = document.getElementById("done");

  function save(name, type, text) {
    const link = element("a", undefined, { download: name, href: URL.createObjectURL(new Blob([text], { type })) });
    link.click();
    URL.revokeObjectURL(link.href);
    done.textContent = name + " saved";
  }

  /** Of browsers that let a file on disk write to the clipboard only by way of a selection. */
  function copyBySelection(text) {
    const area = element("textarea", undefined, { readonly: "" });
    area.value = text;
    document.body.append(area);
    area.select();
    const copied = document.execCommand("copy");
    area.remove();
    return copied;
  }

  document.getElementById("save-csv").addEventListener("click", () => save("results.csv", "text/csv", data.files.csv));
  document.getElementById("save-json").addEventListener("click", () =>
    save("results.json", "application/json", document.getElementById("results").textContent));
  document.getElementById("copy-markdown")?.addEventListener("click", async ({ currentTarget }) => {
    let copied = true;
    try {
      await navigator.clipboard.writeText(data.files.markdown);
    } catch {
      copied = copyBySelection(data.files.markdown);
      currentTarget?.focus();
    }
    done.textContent = copied ? "copied" : "this browser does not let the page copy";
  });
})();
