package nimload.faults;

import static nimload.faults.Expected.byChance;
import static nimload.faults.Expected.counted;
import static nimload.faults.Expected.countedAtMost;
import static nimload.faults.Expected.doubted;
import static nimload.faults.Expected.harmless;
import static nimload.faults.Expected.noticed;
import static nimload.faults.Expected.remarked;
import static nimload.faults.Tried.of;
import static nimload.plan.Workload.PASSAGE;
import static nimload.plan.Workload.QUERY;
import static nimload.plan.Workload.RERANKING;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import nimload.faults.Tried.Outage;

/** What nimload is to say of each fault of {@code simulations-data/faults/table.yaml}, and the settings of its run. */
public final class Faults {
    /** The table's faults "from the middle on" begin after 2.7 s: the warm-up lasts 2.2 s at most, and the level goes on. */
    private static final String[] THREE_SECONDS = {"nim.duration=3s", "nim.maxDuration=3s"};

    private static final String[] SIX_SECONDS = {"nim.duration=6s", "nim.maxDuration=6s"};
    private static final String[] THOUSANDS = {"nim.samples=3000", "nim.maxDuration=60s"};
    private static final String[] SHORT_TIMEOUT = {"nim.requestTimeout=2s"};

    private static final String ALONE = "wrong answers to requests sent alone";
    private static final String AGAIN = "answers differed when their texts were sent again";
    private static final String IN_FULL = "answers that were read in full were wrong";

    private Faults() {}

    /** In the order of the table. */
    public static List<Tried> all() {
        return Stream.of(
                        Stream.of(400, 401, 413, 422, 429, 500, 502, 503, 504)
                                .map(status -> of("status " + status, counted("http " + status))),
                        Stream.of(of("redirect", counted("http 307")), of("status 500 always", counted("http 500"))),
                        each(
                                "malformed",
                                "error object in 200",
                                "flat error in 200",
                                "detail in 200",
                                "HTML page in 200",
                                "empty body in 200",
                                "garbage in 200"),
                        Stream.of(
                                        "before any byte",
                                        "after the status line",
                                        "in the headers",
                                        "after the headers",
                                        "in the body")
                                .flatMap(place -> each("connection", "reset " + place, "end " + place)),
                        framing(),
                        times(),
                        values(),
                        others(),
                        servers(),
                        rare())
                .flatMap(Function.identity())
                .toList();
    }

    private static Stream<Tried> each(String kind, String... names) {
        return Stream.of(names).map(name -> of(name, counted(kind)));
    }

    static Tried named(String name) {
        return all().stream()
                .filter(tried -> tried.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault " + name));
    }

    private static Stream<Tried> framing() {
        return Stream.of(
                of("closes unannounced", countedAtMost("connection")),
                of("closes announced", harmless()),
                of("no length", harmless()),
                of("no length, cut", counted("connection")),
                of("length too long", counted("connection")),
                of("length too short", counted("malformed")),
                of("cut with its length", counted("malformed")),
                of("chunked", harmless()),
                of("chunked without end", counted("connection")),
                of("no HTTP", counted("connection")),
                of("drip", harmless()),
                of("drip beyond the timeout", counted("timeout")).set(SHORT_TIMEOUT));
    }

    private static Stream<Tried> times() {
        return Stream.of(
                of("hangs", counted("timeout")).set(SHORT_TIMEOUT),
                of("hangs in the body", counted("timeout")).set(SHORT_TIMEOUT),
                of("silent from the middle on", counted("timeout"))
                        .set(SHORT_TIMEOUT)
                        .set(THREE_SECONDS),
                of("stalls once", doubted("silent")).set(SIX_SECONDS),
                of("slower at the end", doubted("not steady")).set(SIX_SECONDS),
                of("slower at the beginning", doubted("not steady")).set(SIX_SECONDS),
                of("slow", harmless()));
    }

    private static Stream<Tried> values() {
        return Stream.of(
                of("NaN", counted("malformed")),
                of("null", counted("malformed")),
                of("beyond a double", noticed(IN_FULL)).onlyOf(QUERY, PASSAGE),
                of("logit beyond a double", counted("malformed")).onlyOf(RERANKING),
                of("one too few", counted("malformed")),
                of("one too many", counted("malformed")),
                of("index twice", counted("malformed")).onlyOf(PASSAGE, RERANKING),
                of("index out of range", counted("malformed")),
                of("other dimension", counted("wrong answer")).onlyOf(QUERY, PASSAGE),
                of("other dimension always", counted("wrong answer")).onlyOf(QUERY, PASSAGE),
                of("one number short", counted("wrong answer")).onlyOf(QUERY, PASSAGE),
                of("not normalised", noticed(IN_FULL)).onlyOf(QUERY, PASSAGE),
                of("not normalised at times", noticed(AGAIN)).onlyOf(QUERY, PASSAGE),
                of("zeros", counted("wrong answer")).onlyOf(QUERY, PASSAGE),
                of("Base64 cut", counted("malformed"))
                        .set("nim.encodingFormat=base64")
                        .onlyOf(QUERY, PASSAGE),
                of("Base64 of an odd length", counted("malformed"))
                        .set("nim.encodingFormat=base64")
                        .onlyOf(QUERY, PASSAGE),
                of("all logits 0", noticed(ALONE)).onlyOf(RERANKING),
                of("all logits 0 from the middle on", noticed(AGAIN))
                        .set(THREE_SECONDS)
                        .onlyOf(RERANKING),
                of("not descending", counted("malformed")).onlyOf(RERANKING));
    }

    private static Stream<Tried> others() {
        return Stream.of(
                of("constant", noticed(ALONE)),
                of("constant from the middle on", noticed("wrong answer")).set(THREE_SECONDS),
                of("0 and 1 exchanged", noticed(ALONE)).onlyOf(PASSAGE, RERANKING),
                of("0 and 1 exchanged at times", noticed(AGAIN)).onlyOf(PASSAGE, RERANKING),
                of("reversed", noticed(ALONE)).onlyOf(PASSAGE, RERANKING),
                of("shifted", noticed(ALONE)).onlyOf(PASSAGE, RERANKING),
                of("previous answer", noticed(AGAIN)),
                of("previous answer at times", noticed(AGAIN)),
                of("exchanged in flight", noticed(AGAIN)),
                of("other model from the middle on", noticed(AGAIN)).set(THREE_SECONDS),
                of("other model from the warm-up on", noticed("differ")),
                of("other model's name", counted("wrong answer")).set(THREE_SECONDS),
                of("usage off", noticed("tokens off")).set(THREE_SECONDS));
    }

    private static Stream<Tried> servers() {
        return Stream.of(
                of("cache", remarked("a cache")),
                of("wrong replica", noticed(AGAIN)),
                of("slow replica", harmless()),
                of("refusing replica", counted("http 503")),
                of("restart", counted("connection")).set(SIX_SECONDS).with(Outage.FOR_A_WHILE),
                of("dead for good", counted("connection"))
                        .set(SIX_SECONDS)
                        .set("nim.wait=2s")
                        .with(Outage.FOR_GOOD));
    }

    private static Stream<Tried> rare() {
        return Stream.of(
                        of("rare 500", counted("http 500")),
                        of("rare reset", counted("connection")),
                        of("rare hang", counted("timeout")).set(SHORT_TIMEOUT),
                        of("rare cut", counted("malformed")),
                        of("rare earlier answer", noticed("wrong answer")),
                        of("rare wrong values", byChance(AGAIN)))
                .map(tried -> tried.set(THOUSANDS));
    }
}
