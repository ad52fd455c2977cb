/**
 * Load tests for NVIDIA's Text Embedding and Text Reranking NIMs.
 *
 * <h2>How a level flows</h2>
 *
 * <ol>
 *   <li><b>Settings to plan.</b> {@code plan.SettingValues} reads properties and environment, {@code plan.Settings} checks
 *       them, and {@code plan.WorkloadGrid} expands them to levels: one {@code plan.LoadPoint} each, which identifies the
 *       level in every package from here on.
 *   <li><b>Plan to simulation.</b> {@code run.Benchmark} asks the NIMs ({@code preflight}), learns what words cost in
 *       their tokens ({@code text}) and prepares the levels; {@code simulation}, in the tests' source tree, has Gatling run
 *       their users one level after another.
 *   <li><b>Simulation to samples.</b> {@code run} takes the time of each request and decides whether its answer ({@code nim})
 *       is right; {@code measure} records it.
 *   <li><b>Samples to level result.</b> {@code measure} computes percentiles, rates and the verdict, {@code statistics} the
 *       intervals, {@code servermetrics} what the server reports about itself. Together they are one {@code
 *       results.LevelResults}, made of parts; its latencies are a {@code results.Estimate} per {@code results.Percentile}.
 *   <li><b>Level result to report.</b> {@code results} prints the row and writes {@code results.csv} and {@code
 *       results.json}; {@code slo} holds the level against its limits; {@code page} and {@code compare} work from {@code
 *       results.json} alone.
 * </ol>
 *
 * <p>Beside this path: {@code emulator} is the embedded NIM, {@code faults} breaks its answers on purpose, {@code twin}
 * fits its service times to a run, {@code merge} makes one run of what several generators measured together, {@code capacity}
 * searches the highest load at which limits hold, {@code sizing} turns it into GPUs and generators, and {@code imports} turns
 * files of genai-perf and AIPerf into {@code results}.
 *
 * <h2>Glossary</h2>
 *
 * <ul>
 *   <li><b>level</b>: a shape of request at one concurrency; one row of the results
 *   <li><b>concurrency</b>: requests in flight, each user sending again after its answer
 *   <li><b>batch size</b>: texts per embedding request; <b>passages</b>: per reranking request, ranked against its one query
 *   <li><b>item</b>: a text, or a (query, passage) pair
 *   <li><b>input tokens</b>: per text, as the server counts them
 *   <li><b>latency</b>: first byte sent to last byte received, successful requests only; <b>service time</b>: at the server
 *   <li><b>percentile</b>: by nearest rank, so a latency that was observed; written p50, p90, p95, p99, p99.9
 *   <li><b>warm-up</b>: sent first and not counted; <b>measurement</b>: the counted part
 *   <li><b>rehearsal</b>: load against a loopback server before the first level, to have the client's code compiled
 *   <li><b>calibration</b>: short levels against a server with a fixed delay, to learn what the client adds
 *   <li><b>closed model</b>: users wait for their answers; <b>open model</b>: arrivals keep a rate whatever the answers do
 *   <li><b>coordinated omission</b>: a slow answer delays the next request, so waiting that others would have had is not seen
 *   <li><b>generator</b>: one of several processes that run the same levels together, each with its share of users and texts
 *   <li><b>search</b>, of a retrieval pipeline: a query is embedded, a pause stands for the vector search, and passages are
 *       ranked against the query; <b>ingestion</b>: passages are embedded meanwhile
 *   <li><b>valid</b>: nothing speaks against quoting a level's numbers
 *   <li><b>SLO</b>: limits for levels; <b>goodput</b>: requests that succeed within a latency
 *   <li><b>baseline</b>: the run that others are compared with
 *   <li><b>twin</b>: the embedded NIM with service times that were fitted to a run against another NIM
 *   <li><b>H200-like</b>: with times measured on an H200, not with NVIDIA's NIM
 * </ul>
 */
package nimload;
