package nimload.plan;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.Spelling;

/**
 * Every setting: its name, its default and what it means. {@code src/docs/settings.md} is made from this, and the {@code
 * SettingsDocumentTest} compares the two.
 */
public enum Setting {
    EMBEDDING_URL(
            "nim.embedding.url",
            "the embedded NIM",
            "Base URL of the embedding NIM, with or without `/v1`; several, with commas, are its [replicas](replicas.md)."
                    + " With one NIM's URL alone, only that NIM's workloads run."),
    RERANKING_URL("nim.reranking.url", "the embedded NIM", "Base URL of the reranking NIM, likewise."),
    EMBEDDING_REPLICAS(
            "nim.embedding.replicas",
            "`listed`",
            "`dns`: the host of `nim.embedding.url` is a name with one address per [replica](replicas.md), like that of a"
                    + " headless Service."),
    RERANKING_REPLICAS("nim.reranking.replicas", "`listed`", "Likewise, of `nim.reranking.url`."),
    EMBEDDING_MODEL(
            "nim.embedding.model",
            "the model in `/v1/models`",
            "Model to name in requests. Needed only where the NIM serves several and `nvidia/nv-embedqa-e5-v5` is not"
                    + " one of them."),
    RERANKING_MODEL(
            "nim.reranking.model", "the model in `/v1/models`", "Likewise, with `nvidia/llama-3.2-nv-rerankqa-1b-v2`."),
    EMBEDDING_PROTOCOL(
            "nim.embedding.protocol",
            "`nim`",
            "What the embedding server understands, see [models](models.md): `nim`, or `openai` for a server that refuses"
                    + " NVIDIA's fields."),
    RERANKING_PROTOCOL(
            "nim.reranking.protocol",
            "`nim`",
            "What the reranking server understands: `nim`, `cohere` (`/v1/rerank`) or `tei` (`/rerank`)."),
    EMBEDDING_PATH(
            "nim.embedding.path",
            "the protocol's own",
            "Route below the base URL to send requests to, with a query if need be."),
    RERANKING_PATH("nim.reranking.path", "the protocol's own", "Likewise, e.g. `/v1/retrieval/nvidia/reranking`."),
    EMBEDDING_HEADERS(
            "nim.embedding.headers",
            "none",
            "Headers of every request, a semicolon between them: `x-team: search; x-api-key: ${MY_KEY}`. `${MY_KEY}` is an"
                    + " environment variable, whose value is never shown or stored."),
    RERANKING_HEADERS("nim.reranking.headers", "none", "Likewise."),
    EMBEDDING_EXTRA(
            "nim.embedding.extra",
            "none",
            "JSON object whose fields every request has in addition. A field that nimload sets itself is refused."),
    RERANKING_EXTRA("nim.reranking.extra", "none", "Likewise."),
    EMBEDDING_DIMENSIONS(
            "nim.embedding.dimensions",
            "the model's own",
            "Numbers per vector, for models that can shorten their vectors: 1 to 65536."),
    EMBEDDING_TYPE(
            "nim.embedding.embeddingType",
            "`float`",
            "Numbers of a vector: `float`, `int8` or `uint8`. Each answer is checked for it."),
    EMBEDDING_METRICS_URL(
            "nim.embedding.metricsUrl",
            "port 8002 of `nim.embedding.url`, if it answers and the NIM's own page has no request counters",
            "Page of metrics to read next to the embedding NIM's `/v1/metrics`. NIM 1.x has Triton's counters at"
                    + " `http://HOST:8002/metrics`."),
    RERANKING_METRICS_URL("nim.reranking.metricsUrl", "likewise", "Likewise, of the reranking NIM."),
    ENDPOINTS(
            "nim.endpoints",
            "none",
            "File with the NIMs' addresses and models, as `deploy` writes it: `deploy/target/endpoints.json`."),
    /** Gatling Enterprise shows every variable to whoever may read a run, but those that begin with SENSITIVE_. */
    API_KEY(
            "nim.apiKey",
            "none",
            "API key, sent as a Bearer token. Taken from the environment only, as `NIM_API_KEY`; never shown or"
                    + " stored.",
            "SENSITIVE_NIM_API_KEY"),
    EMBEDDED_TIMES(
            "nim.embedded.times",
            "`simulations-data/h200-service-times.json`",
            "Service times of the embedded NIM: a `twin.json`, fitted to a run of another NIM, see [twin](twin.md)."),
    TLS_CA("nim.tls.ca", "the JVM's authorities", "PEM file of the certificates to trust instead."),
    TLS_INSECURE(
            "nim.tls.insecure",
            "`false`",
            "`true` trusts any certificate; every report of the run then has a warning."),
    GRID(
            "nim.grid",
            "`published`",
            "Levels to run where no list below is given: `published`, `rag-blueprint`, or a file that ends with `.yaml`,"
                    + " `.yml` or `.json`, see [grids](grids.md). The defaults of the lists below are those of"
                    + " `published`; `RetrievalPipelineSimulation` has those of `retrieval-pipeline`."),
    WORKLOADS("nim.workloads", "`query,passage,reranking`", "Workloads to run: those that the grid has."),
    TEXTS(
            "nim.texts",
            "none: nimload makes texts",
            "File of your own texts for every workload of the run: `.jsonl`, `.txt`, `.jsonl.gz` or `.txt.gz`, see"
                    + " [texts](texts.md)."),
    QUERY_TEXTS("nim.query.texts", "that of `nim.texts`", "The same for `query` alone."),
    PASSAGE_TEXTS("nim.passage.texts", "that of `nim.texts`", "The same for `passage` alone."),
    RERANKING_TEXTS("nim.reranking.texts", "that of `nim.texts`", "The same for `reranking` alone."),
    QUERY_TOKENS(
            "nim.query.tokens",
            "`20`",
            "Tokens per text, as the server counts them. A list with ranges (`1-15`, `1-15/2`, `1,4-8/2,16`), like all of"
                    + " a workload's settings below: each combination is one level. `300~60` draws lengths with that mean"
                    + " and standard deviation, see [texts](texts.md)."),
    QUERY_BATCH("nim.query.batch", "`1`", "Texts per request; a list."),
    QUERY_CONCURRENCY("nim.query.concurrency", "`1,3,5,7,9,11,13,15`", "Requests in flight; a list."),
    PASSAGE_TOKENS("nim.passage.tokens", "`300,512`", "Tokens per text; a list, likewise."),
    PASSAGE_BATCH("nim.passage.batch", "`64`", "Texts per request; a list."),
    PASSAGE_CONCURRENCY("nim.passage.concurrency", "`1,3,5`", "Requests in flight; a list."),
    RERANKING_TOKENS(
            "nim.reranking.tokens",
            "`512`",
            "Tokens per passage: its share of a (query, passage) pair; a list, likewise."),
    RERANKING_QUERY_TOKENS(
            "nim.reranking.queryTokens",
            "`512`",
            "Tokens of the query: its share of a pair; one number. 512 is what genai-perf's synthetic input sends; a"
                    + " real query is nearer 20."),
    RERANKING_PASSAGES("nim.reranking.passages", "`10,20,40`", "Passages per request; a list."),
    RERANKING_CONCURRENCY("nim.reranking.concurrency", "`1,3,5`", "Requests in flight; a list."),
    DURATION(
            "nim.duration",
            "5 s on the embedded NIM, 30 s on a real one",
            "Measured part of each level, at least: a number with `ms`, `s`, `m` or `h`."),
    SAMPLES(
            "nim.samples",
            "`100`",
            "Right answers that the measured part waits for. 100 give a p99; 368 independent ones bound it from above."),
    PRECISION(
            "nim.precision",
            "none",
            "How far the 95 % intervals of p50, p95 and requests/s may reach to each side, e.g. `2%`; the measured part"
                    + " waits for it."),
    MAX_DURATION(
            "nim.maxDuration",
            "3 × `nim.duration`",
            "Longest measured part: then it ends with the samples and the precision that it has."),
    WARM_UP(
            "nim.warmup",
            "1 s on the embedded NIM, 5 s on a real one",
            "Load before the measured part, sent and not counted. Lasts up to 2 s longer while the JVM still"
                    + " compiles."),
    ENCODING_FORMAT("nim.encodingFormat", "`float`", "How the NIM encodes vectors: `float` or `base64`."),
    TRUNCATE(
            "nim.truncate",
            "`END`",
            "What the NIM does with a text that is too long: cut its `END` or its `START`, or refuse it (`NONE`)."),
    REQUEST_TIMEOUT(
            "nim.requestTimeout",
            "`60s`",
            "A request without a complete answer by then is an error of kind timeout. Where requests arrive at a rate, one"
                    + " that has waited longer than this to be sent is not sent any more."),
    WAIT(
            "nim.wait",
            "not at all",
            "How long to wait before the load for each NIM that is not ready, that refuses the connection or whose name"
                    + " is not known yet, e.g. `30m` after an installation. A wrong key, a redirect or a mistake of TLS"
                    + " still ends the run at once."),
    SEED(
            "nim.seed",
            "another one in each run",
            "Seed of the random texts; the same seed sends the same texts. Without it no run sends what another sent,"
                    + " so no cache knows them."),
    REHEARSAL(
            "nim.rehearsal",
            "`true`",
            "Run the client against a loopback server first, so that its code is compiled before the first level."),
    REPEAT(
            "nim.repeat",
            "`1`",
            "How many times the whole grid runs, pass after pass; a grid may bring another default. A level's repeats become one row; from 3 on its"
                    + " intervals include what differs between them."),
    GENERATOR(
            "nim.generator",
            "the only one",
            "Which of several [generators](generators.md) this is, and how many run the same levels together: `2/8`. Needs"
                    + " `nim.startAt`."),
    START_AT(
            "nim.startAt",
            "none",
            "When the first level begins, the same for all generators: `2026-11-26T17:00:00Z`. Later than what each of them"
                    + " does before its first level."),
    CLOCK(
            "nim.clock",
            "not known",
            "How far this generator's clock is ahead of the one that all generators' clocks were compared with, and how far"
                    + " off that may be: `-3.2/0.8ms`. `deploy run` measures it."),
    CALIBRATE(
            "nim.calibrate",
            "`true`",
            "Measure before the first level what this client adds to latency: two short levels per shape of request."),
    SLO(
            "nim.slo",
            "`simulations-data/slo.yaml`, which has no limits",
            "YAML file of limits that fail the run, see [SLO](slo.md)."),
    BASELINE(
            "nim.baseline",
            "none",
            "Finished run to compare with: its directory, its `results.json` or `latest`, see"
                    + " [comparing](comparing.md)."),
    BASELINE_ALLOW_DIFFERENT("nim.baseline.allowDifferent", "`false`", "`true` compares runs that are not alike, too."),
    MAX_REGRESSION(
            "nim.maxRegression",
            "none",
            "E.g. `5%`: fail the run where a level is worse than in the baseline by more than that, with confidence."),
    CAPACITY_BY(
            "nim.capacity.by",
            "`rate`",
            "What `CapacitySimulation` raises until a limit breaks: `rate`, requests per second that arrive whatever the"
                    + " answers do, or `concurrency`, users that wait for their answers; see [capacity](capacity.md)."),
    CAPACITY_LIMIT(
            "nim.capacity.limit",
            "`p95<=20ms` for queries, `p95<=500ms` for passages and reranking",
            "What must hold: a percentile of the response time, counted from when the request was to be sent; with a comma the"
                    + " share of failed requests: `p95<=20ms,errors<=1%`."),
    CAPACITY_ARRIVALS("nim.capacity.arrivals", "`poisson`", "Or `constant`: at equal distances."),
    CAPACITY_START(
            "nim.capacity.start",
            "a quarter of what single requests' time allows",
            "First rate per second, or concurrency, of the search."),
    CAPACITY_MAX(
            "nim.capacity.max",
            "`20000` per second, `256` users",
            "Highest rate per second, or concurrency, that the search may try."),
    CAPACITY_RATES(
            "nim.capacity.rates",
            "none",
            "Fixed rates per second instead of a search, each for `nim.duration`: `50,100,200`."),
    CAPACITY_IN_FLIGHT("nim.capacity.inFlight", "`512`", "The most requests in flight while a rate is kept."),
    CAPACITY_PRECISION(
            "nim.capacity.precision", "`5%`", "How far apart the two ends of the answer may be when the search ends."),
    CAPACITY_MAX_DURATION(
            "nim.capacity.maxDuration",
            "`10m`",
            "How long one search may take, without the time in which a target that collapsed is waited for."),
    PIPELINE_RATE(
            "nim.pipeline.rate",
            "`2`",
            "Searches per second of `RetrievalPipelineSimulation`, which begin whatever the answers do; see"
                    + " [pipeline](pipeline.md)."),
    PIPELINE_ARRIVALS("nim.pipeline.arrivals", "`poisson`", "Or `constant`: at equal distances."),
    PIPELINE_USERS(
            "nim.pipeline.users",
            "none",
            "In place of a rate: users, each of whom searches again after the answer to its search."),
    PIPELINE_SEARCH(
            "nim.pipeline.search",
            "`5ms`",
            "The pause that stands for the vector search: a duration, or `lognormal(5ms,20ms)` with its median and p95."),
    PIPELINE_INGEST(
            "nim.pipeline.ingest",
            "`2`",
            "Requests per second that embed passages while the second half of the searches runs, or `off`."),
    PIPELINE_IN_FLIGHT("nim.pipeline.inFlight", "`256`", "The most searches in flight while a rate is kept."),
    SOAK_DURATION("nim.soak.duration", "`1h`", "How long a soak measures, e.g. `8h`; see [soak](soak.md)."),
    SOAK_SLICE(
            "nim.soak.slice",
            "`5m` or a twentieth of the soak, or a little less to fill it",
            "Length of the slices in which a soak's results are kept; a kill loses the one under way."),
    SOAK_QUERY(
            "nim.soak.query",
            "`50`, `0` if another rate of the mix is given",
            "Queries per second of a soak; `0` leaves them out."),
    SOAK_PASSAGE(
            "nim.soak.passage",
            "`1`, `0` if another rate of the mix is given",
            "Requests per second of a soak that embed passages."),
    SOAK_RERANKING(
            "nim.soak.reranking",
            "`5`, `0` if another rate of the mix is given",
            "Requests per second of a soak that rerank."),
    SOAK_ARRIVALS("nim.soak.arrivals", "`constant`", "Or `poisson`, as those of many people."),
    SOAK_IN_FLIGHT("nim.soak.inFlight", "`128`", "The most requests in flight of each workload of a soak."),
    SOAK_CONTINUE(
            "nim.soak.continue",
            "none",
            "Directory of a soak that was cut short: it goes on there as it began, and the time between is shown as a gap."),
    STRICT("nim.strict", "`false`", "`true` fails the build for every level that is not valid."),
    LABEL("nim.label", "none", "What to call the run in its reports and in comparisons, e.g. `H100, NIM 1.5.0`."),
    GPU_HOUR(
            "nim.gpuHour",
            "none",
            "What one GPU costs per hour, e.g. `2.50` or `2.50 EUR`: the reports then say how many texts or pairs one unit"
                    + " of money buys."),
    EMBEDDING_GPUS(
            "nim.embedding.gpus",
            "one per replica that nimload was given",
            "GPUs that serve the embedding NIM, for `nim.gpuHour`."),
    RERANKING_GPUS("nim.reranking.gpus", "likewise", "Likewise, of the reranking NIM."),
    RESULTS("nim.results", "`nim-results`", "Directory in which each run makes its own, named by the time it started.");

    /** Every setting begins so. */
    public static final String PREFIX = "nim.";

    private final String property;
    private final String defaultText;
    private final String meaning;
    private final List<String> moreVariables;

    Setting(String property, String defaultText, String meaning, String... moreVariables) {
        this.property = property;
        this.defaultText = defaultText;
        this.meaning = meaning;
        this.moreVariables = List.of(moreVariables);
    }

    /** As given with {@code -D}. */
    public String property() {
        return property;
    }

    /** As Markdown: a value in backticks, as it would be given, or in words what happens without one. */
    public String defaultText() {
        return defaultText;
    }

    /** One or two sentences of Markdown on one line; links are relative to {@code src/docs}. */
    public String meaning() {
        return meaning;
    }

    /**
     * The property in upper case with underscores, as in {@code NIM_MAX_REGRESSION} and {@code NIM_MAXREGRESSION}; then any
     * further names.
     */
    public Set<String> environmentVariables() {
        String withoutDots = property.replace('.', '_');
        Stream<String> derived = Stream.of(withoutDots.replaceAll("([a-z])([A-Z])", "$1_$2"), withoutDots)
                .map(name -> name.toUpperCase(Locale.ROOT));
        return Stream.concat(derived, moreVariables.stream()).collect(Collectors.toCollection(LinkedHashSet::new));
    }

    public static Optional<Setting> of(String property) {
        return Arrays.stream(values())
                .filter(setting -> setting.property.equals(property))
                .findFirst();
    }

    /** The setting whose name is the fewest edits away from {@code unknown}. */
    public static Setting nearest(String unknown) {
        return of(Spelling.nearest(unknown, names())).orElseThrow();
    }

    public static List<String> names() {
        return Arrays.stream(values()).map(Setting::property).toList();
    }
}
