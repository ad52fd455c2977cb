package nimload.faults;

import static nimload.faults.Expected.byChance;
import static nimload.faults.Expected.counted;
import static nimload.faults.Expected.countedAtMost;
import static nimload.faults.Expected.doubted;
import static nimload.faults.Expected.harmless;
import static nimload.faults.Expected.noticed;
import static nimload.faults.Expected.remarked;
import static nimload.plan.Workload.PASSAGE;
import static nimload.plan.Workload.QUERY;
import static nimload.plan.Workload.RERANKING;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import nimload.faults.Fault.Outage;
import nimload.faults.Wires.Place;

/** Every fault that nimload is tried with. */
public final class Faults {
    private static final When EACH_7TH = When.each(7);
    private static final When EACH_1000TH = When.each(1000);

    /**
     * Seconds after the level's first request: the measured window has begun, since the warm-up lasts 2.2 s at most, and is
     * not over.
     */
    private static final double MIDDLE = 2.7;

    private static final String[] THREE_SECONDS = {"nim.duration=3s", "nim.maxDuration=3s"};
    private static final String[] SIX_SECONDS = {"nim.duration=6s", "nim.maxDuration=6s"};
    private static final String[] THOUSANDS = {"nim.samples=3000", "nim.maxDuration=60s"};
    private static final String[] SHORT_TIMEOUT = {"nim.requestTimeout=2s"};

    private static final String ALONE = "wrong answers to requests sent alone";
    private static final String AGAIN = "answers differed when their texts were sent again";
    private static final String ERROR = "CUDA error: out of memory";

    private Faults() {}

    /** In the order of the table. */
    public static List<Fault> all() {
        return Stream.of(
                        statuses(),
                        notAnswers(),
                        connections(),
                        framing(),
                        times(),
                        values(),
                        others(),
                        servers(),
                        rare())
                .flatMap(List::stream)
                .toList();
    }

    static Fault named(String name) {
        return all().stream()
                .filter(fault -> fault.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no fault " + name));
    }

    private static List<Fault> statuses() {
        List<Fault> faults = new ArrayList<>();
        for (int status : List.of(400, 401, 413, 422, 429, 500, 502, 503, 504)) {
            faults.add(Fault.of(
                    "status " + status,
                    "every 7th answer has status " + status,
                    EACH_7TH,
                    Wires.status(status, "{\"object\":\"error\",\"message\":\"" + ERROR + "\"}"),
                    counted("http " + status)));
        }
        faults.add(Fault.of(
                "redirect", "every 7th answer is a redirect, 307", EACH_7TH, Wires.redirect(), counted("http 307")));
        faults.add(Fault.of(
                "status 500 always",
                "every answer has status 500",
                When.always(),
                Wires.status(500, ERROR),
                counted("http 500")));
        return faults;
    }

    private static List<Fault> notAnswers() {
        return List.of(
                malformed("error object", "{\"error\":{\"message\":\"" + ERROR + "\"}}"),
                malformed("flat error", "{\"object\":\"error\",\"message\":\"" + ERROR + "\"}"),
                malformed("detail", "{\"detail\":\"" + ERROR + "\"}"),
                malformed("HTML page", "<html><title>Sign in</title></html>"),
                malformed("empty body", ""),
                malformed("garbage", "%&/ no JSON"));
    }

    private static Fault malformed(String name, String body) {
        return Fault.of(
                name + " in 200",
                "every 7th answer is " + (body.isEmpty() ? "empty" : "`" + body + "`") + " with status 200",
                EACH_7TH,
                Wires.status(200, body),
                counted("malformed"));
    }

    private static List<Fault> connections() {
        List<Fault> faults = new ArrayList<>();
        for (Place place : Place.values()) {
            String where = place.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            faults.add(Fault.of(
                    "reset " + where,
                    "every 7th connection is reset " + where + " of the answer",
                    EACH_7TH,
                    Wires.reset(place),
                    counted("connection")));
            faults.add(Fault.of(
                    "end " + where,
                    "likewise, with FIN instead of RST",
                    EACH_7TH,
                    Wires.end(place),
                    counted("connection")));
        }
        return faults;
    }

    private static List<Fault> framing() {
        return List.of(
                Fault.of(
                        "closes unannounced",
                        "closes every 7th connection after a whole answer, without a word",
                        EACH_7TH,
                        Wires.closeAfterwards(""),
                        countedAtMost("connection")),
                Fault.of(
                        "closes announced",
                        "likewise, with `Connection: close`",
                        EACH_7TH,
                        Wires.closeAfterwards("Connection: close\r\n"),
                        harmless()),
                Fault.of(
                        "no length",
                        "every 7th body ends with the connection, whole",
                        EACH_7TH,
                        Wires.closeDelimited(1),
                        harmless()),
                Fault.of(
                        "no length, cut",
                        "every 7th body ends with the connection, half of it missing",
                        EACH_7TH,
                        Wires.closeDelimited(0.5),
                        counted("connection")),
                Fault.of(
                        "length too long",
                        "Content-Length promises 100 bytes more than come before the end of the connection",
                        EACH_7TH,
                        Wires.contentLength(100),
                        counted("connection")),
                Fault.of(
                        "length too short",
                        "Content-Length is 100 bytes too short; the connection then ends",
                        EACH_7TH,
                        Wires.contentLength(-100),
                        counted("malformed")),
                Fault.of(
                        "cut with its length",
                        "half of the body, with that half's Content-Length",
                        EACH_7TH,
                        Wires.cutWithRightLength(),
                        counted("malformed")),
                Fault.of("chunked", "every 7th answer comes in chunks", EACH_7TH, Wires.chunked(true), harmless()),
                Fault.of(
                        "chunked without end",
                        "every 7th answer comes in chunks, without the last one; the connection ends",
                        EACH_7TH,
                        Wires.chunked(false),
                        counted("connection")),
                Fault.of("no HTTP", "every 7th answer is not HTTP", EACH_7TH, Wires.noise(), counted("connection")),
                Fault.of(
                        "drip",
                        "every 7th body drips for 200 ms",
                        EACH_7TH,
                        Wires.drip(Duration.ofMillis(200)),
                        harmless()),
                Fault.of(
                                "drip beyond the timeout",
                                "every 7th body drips for longer than the request timeout",
                                EACH_7TH,
                                Wires.drip(Duration.ofSeconds(5)),
                                counted("timeout"))
                        .set(SHORT_TIMEOUT));
    }

    private static List<Fault> times() {
        return List.of(
                Fault.of(
                                "hangs",
                                "every 7th request gets no answer",
                                EACH_7TH,
                                Wires.silence(Place.BEFORE_ANY_BYTE),
                                counted("timeout"))
                        .set(SHORT_TIMEOUT),
                Fault.of(
                                "hangs in the body",
                                "every 7th answer stops in its middle, and the connection stays open",
                                EACH_7TH,
                                Wires.silence(Place.IN_THE_BODY),
                                counted("timeout"))
                        .set(SHORT_TIMEOUT),
                Fault.of(
                                "silent from the middle on",
                                "no request is answered from the middle of the level on",
                                When.from(MIDDLE),
                                Wires.silence(Place.BEFORE_ANY_BYTE),
                                counted("timeout"))
                        .set(SHORT_TIMEOUT)
                        .set(THREE_SECONDS),
                Fault.of(
                                "stalls once",
                                "nothing is answered for 2 s, once",
                                When.from(MIDDLE),
                                Wires.stall(Duration.ofSeconds(2)),
                                doubted("silent"))
                        .set(SIX_SECONDS),
                Fault.of(
                                "slower at the end",
                                "answers take 30 ms, and 40 ms in the level's last part",
                                When.always(),
                                Wires.laterFrom(5.2, Duration.ofMillis(28), Duration.ofMillis(38)),
                                doubted("not steady"))
                        .set(SIX_SECONDS),
                Fault.of(
                                "slower at the beginning",
                                "answers take 45 ms in the level's first 2.7 s, then 30 ms",
                                When.always(),
                                Wires.laterFrom(MIDDLE, Duration.ofMillis(43), Duration.ofMillis(28)),
                                doubted("not steady"))
                        .set(SIX_SECONDS),
                Fault.of(
                        "slow",
                        "every answer takes 60 ms",
                        When.always(),
                        Wires.later(Duration.ofMillis(58)),
                        harmless()));
    }

    private static List<Fault> values() {
        return List.of(
                Fault.of(
                        "NaN", "a number in the middle is NaN", EACH_7TH, Contents.number("NaN"), counted("malformed")),
                Fault.of(
                        "null",
                        "a number in the middle is null",
                        EACH_7TH,
                        Contents.number("null"),
                        counted("malformed")),
                Fault.of(
                                "beyond a double",
                                "a number in the middle of every answer's first vector is 1e999",
                                When.always(),
                                Contents.number("1e999"),
                                noticed("answers that were read in full were wrong"))
                        .onlyOf(QUERY, PASSAGE),
                Fault.of(
                                "logit beyond a double",
                                "a logit is 1e999",
                                EACH_7TH,
                                Contents.number("1e999"),
                                counted("malformed"))
                        .onlyOf(RERANKING),
                Fault.of(
                        "one too few",
                        "one vector or ranking is missing",
                        EACH_7TH,
                        Contents.tooFew(),
                        counted("malformed")),
                Fault.of(
                        "one too many",
                        "one vector or ranking is too many",
                        EACH_7TH,
                        Contents.tooMany(),
                        counted("malformed")),
                Fault.of(
                                "index twice",
                                "one index twice, another missing",
                                EACH_7TH,
                                Contents.lastIndex(-1),
                                counted("malformed"))
                        .onlyOf(PASSAGE, RERANKING),
                Fault.of(
                        "index out of range", "an index of 99", EACH_7TH, Contents.lastIndex(99), counted("malformed")),
                Fault.of(
                                "other dimension",
                                "vectors of 256 numbers, of length 1",
                                EACH_7TH,
                                Contents.vectors(vector -> scaled(Arrays.copyOf(vector, 256), 2)),
                                counted("wrong answer"))
                        .onlyOf(QUERY, PASSAGE),
                Fault.of(
                                "other dimension always",
                                "every vector has 256 numbers",
                                When.always(),
                                Contents.vectors(vector -> Arrays.copyOf(vector, 256)),
                                counted("wrong answer"))
                        .onlyOf(QUERY, PASSAGE),
                Fault.of(
                                "one number short",
                                "vectors of 1,023 numbers",
                                EACH_7TH,
                                Contents.vectors(vector -> Arrays.copyOf(vector, 1023)),
                                counted("wrong answer"))
                        .onlyOf(QUERY, PASSAGE),
                Fault.of(
                                "not normalised",
                                "every vector has length 3",
                                When.always(),
                                Contents.vectors(vector -> scaled(vector, 3)),
                                noticed("answers that were read in full were wrong"))
                        .onlyOf(QUERY, PASSAGE),
                Fault.of(
                                "not normalised at times",
                                "every 7th request's vectors have length 3",
                                EACH_7TH,
                                Contents.vectors(vector -> scaled(vector, 3)),
                                noticed(AGAIN))
                        .onlyOf(QUERY, PASSAGE),
                Fault.of(
                                "zeros",
                                "every 7th request's vectors are 0",
                                EACH_7TH,
                                Contents.vectors(vector -> new float[vector.length]),
                                counted("wrong answer"))
                        .onlyOf(QUERY, PASSAGE),
                Fault.of(
                                "Base64 cut",
                                "the Base64 of a vector ends after 1,001 characters",
                                EACH_7TH,
                                Contents.changed(answer -> answer.with(0, value -> value.substring(0, 1002) + '"')),
                                counted("malformed"))
                        .set("nim.encodingFormat=base64")
                        .onlyOf(QUERY, PASSAGE),
                Fault.of(
                                "Base64 of an odd length",
                                "Base64 of 4,095 bytes",
                                EACH_7TH,
                                Contents.changed(answer -> answer.with(
                                        0, Contents.base64(bytes -> Arrays.copyOf(bytes, bytes.length - 1)))),
                                counted("malformed"))
                        .set("nim.encodingFormat=base64")
                        .onlyOf(QUERY, PASSAGE),
                Fault.of("all logits 0", "every logit is 0", When.always(), Contents.allLogits("0.0"), noticed(ALONE))
                        .onlyOf(RERANKING),
                Fault.of(
                                "all logits 0 from the middle on",
                                "every logit is 0 from the middle of the level on",
                                When.from(MIDDLE),
                                Contents.allLogits("0.0"),
                                noticed(AGAIN))
                        .set(THREE_SECONDS)
                        .onlyOf(RERANKING),
                Fault.of(
                                "not descending",
                                "the worst passage first",
                                EACH_7TH,
                                Contents.ascending(),
                                counted("malformed"))
                        .onlyOf(RERANKING));
    }

    private static float[] scaled(float[] vector, float factor) {
        float[] scaled = vector.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= factor;
        }
        return scaled;
    }

    private static List<Fault> others() {
        return List.of(
                Fault.of("constant", "every text gets the same", When.always(), Contents.constant(), noticed(ALONE)),
                Fault.of(
                                "constant from the middle on",
                                "every text gets the same from the middle of the level on",
                                When.from(MIDDLE),
                                Contents.constant(),
                                noticed("wrong answer"))
                        .set(THREE_SECONDS),
                Fault.of(
                                "0 and 1 exchanged",
                                "in every answer the first two have exchanged their places",
                                When.always(),
                                Contents.values(Contents::firstTwoExchanged),
                                noticed(ALONE))
                        .onlyOf(PASSAGE, RERANKING),
                Fault.of(
                                "0 and 1 exchanged at times",
                                "likewise in every 50th answer",
                                When.each(50),
                                Contents.values(Contents::firstTwoExchanged),
                                noticed(AGAIN))
                        .onlyOf(PASSAGE, RERANKING),
                Fault.of(
                                "reversed",
                                "every answer's items are reversed",
                                When.always(),
                                Contents.values(Contents::reversed),
                                noticed(ALONE))
                        .onlyOf(PASSAGE, RERANKING),
                Fault.of(
                                "shifted",
                                "every answer's items are shifted by one place",
                                When.always(),
                                Contents.values(Contents::shifted),
                                noticed(ALONE))
                        .onlyOf(PASSAGE, RERANKING),
                Fault.of(
                        "previous answer",
                        "every request gets what the one before should have got",
                        When.always(),
                        Contents.ofPrevious(),
                        noticed(AGAIN)),
                Fault.of(
                        "previous answer at times",
                        "every 7th request gets what the 7th before should have got",
                        EACH_7TH,
                        Contents.ofPrevious(),
                        noticed(AGAIN)),
                Fault.of(
                        "exchanged in flight",
                        "of every 20 requests, two in flight together get each other's answers",
                        (number, seconds, connection) -> number > 3 && number % 20 < 2,
                        Contents.exchangedInFlight(),
                        noticed(AGAIN)),
                Fault.of(
                                "other model from the middle on",
                                "another model's vectors or logits from the middle of the level on, by the same name",
                                When.from(MIDDLE),
                                Contents.ofOtherTexts(),
                                noticed(AGAIN))
                        .set(THREE_SECONDS),
                Fault.of(
                        "other model from the warm-up on",
                        "likewise from the level's 10th request on",
                        (number, seconds, connection) -> number >= 10,
                        Contents.ofOtherTexts(),
                        noticed("differ")),
                Fault.of(
                                "other model's name",
                                "another model is named from the middle of the level on",
                                When.from(MIDDLE),
                                Contents.changed(answer -> answer.withModel("other/model")),
                                counted("wrong answer"))
                        .set(THREE_SECONDS),
                Fault.of(
                                "usage off",
                                "usage counts one token more from the middle of the level on",
                                When.from(MIDDLE),
                                Contents.changed(answer -> answer.withTokens(answer.tokens() + 1)),
                                noticed("tokens off"))
                        .set(THREE_SECONDS));
    }

    private static List<Fault> servers() {
        return List.of(
                Fault.of(
                        "cache",
                        "new texts take 6 ms more than known ones",
                        When.always(),
                        Wires.cache(Duration.ofMillis(6)),
                        remarked("a cache")),
                Fault.of(
                        "wrong replica",
                        "every second connection reaches a replica of another model",
                        When.replica(),
                        Contents.ofOtherTexts(),
                        noticed(AGAIN)),
                Fault.of(
                        "slow replica",
                        "every second connection reaches a replica that takes 30 ms",
                        When.replica(),
                        Wires.later(Duration.ofMillis(28)),
                        harmless()),
                Fault.of(
                        "refusing replica",
                        "every second connection reaches a replica that answers 503",
                        When.replica(),
                        Wires.status(503, "not ready"),
                        counted("http 503")),
                Fault.of(
                                "restart",
                                "in the middle of the level all connections end and none is taken for 2 s",
                                When.from(MIDDLE),
                                Wires.restart(Duration.ofSeconds(2)),
                                counted("connection"))
                        .set(SIX_SECONDS)
                        .with(Outage.FOR_A_WHILE),
                Fault.of(
                                "dead for good",
                                "in the middle of the level all connections end, and none is taken any more",
                                When.from(MIDDLE),
                                Wires.dieForGood(),
                                counted("connection"))
                        .set(SIX_SECONDS)
                        .set("nim.wait=2s")
                        .with(Outage.FOR_GOOD));
    }

    private static List<Fault> rare() {
        return Stream.of(
                        Fault.of(
                                "rare 500",
                                "one request in 1,000 gets status 500",
                                EACH_1000TH,
                                Wires.status(500, ERROR),
                                counted("http 500")),
                        Fault.of(
                                "rare reset",
                                "one in 1,000 is reset before any byte of the answer",
                                EACH_1000TH,
                                Wires.reset(Place.BEFORE_ANY_BYTE),
                                counted("connection")),
                        Fault.of(
                                        "rare hang",
                                        "one in 1,000 gets no answer",
                                        EACH_1000TH,
                                        Wires.silence(Place.BEFORE_ANY_BYTE),
                                        counted("timeout"))
                                .set(SHORT_TIMEOUT),
                        Fault.of(
                                "rare cut",
                                "one in 1,000 is half an answer",
                                EACH_1000TH,
                                Wires.cutWithRightLength(),
                                counted("malformed")),
                        Fault.of(
                                "rare earlier answer",
                                "one in 1,000 gets what the 1,000th before should have got",
                                EACH_1000TH,
                                Contents.ofPrevious(),
                                noticed("wrong answer")),
                        Fault.of(
                                "rare wrong values",
                                "one in 1,000 gets another text's vectors or logits",
                                EACH_1000TH,
                                Contents.ofOtherTexts(),
                                byChance(AGAIN)))
                .map(fault -> fault.set(THOUSANDS))
                .toList();
    }
}
