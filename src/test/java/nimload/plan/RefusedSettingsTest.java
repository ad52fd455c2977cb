package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import nimload.UserError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Values that are not right, each refused in one line. */
class RefusedSettingsTest {
    private static final String URL_EXAMPLE = "give e.g. -Dnim.embedding.url=http://10.0.0.5:8000";

    private static Settings of(Map<String, String> properties) {
        return Settings.parse(SettingValues.of(properties, Map.of()), PublishedGrid.load());
    }

    private static Settings of(String name, String value) {
        return of(Map.of(name, value));
    }

    private static void refused(String name, String value, String message) {
        assertThatThrownBy(() -> of(name, value))
                .isInstanceOf(UserError.class)
                .hasMessage(message)
                .hasMessageNotContaining("\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0/2", "3/2", "1/1", "1/1001", "2", "a/b"})
    void aGeneratorThatIsNotOneOfSeveralIsRefused(String generator) {
        assertThatThrownBy(() -> of(Map.of("nim.generator", generator, "nim.startAt", "2026-11-26T17:00:00Z")))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.generator=" + generator
                        + ": not one of several generators, 2 to 1000; give its number and how many there are, e.g."
                        + " -Dnim.generator=2/8");
    }

    @Test
    void severalGeneratorsNeedOneInstantToBegin() {
        refused(
                "nim.generator",
                "1/2",
                "nim.generator=1/2 needs an instant at which all generators begin; give all of them the same, some minutes"
                        + " from now, e.g. -Dnim.startAt=2026-11-26T17:00:00Z");
        assertThatThrownBy(() -> of(Map.of("nim.generator", "1/2", "nim.startAt", "17:00")))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.startAt=17:00: not an instant; give date, time and offset, e.g."
                        + " -Dnim.startAt=2026-11-26T17:00:00Z (date -u +%FT%TZ)");
        refused(
                "nim.clock",
                "1/1ms",
                "nim.clock=1/1ms is for several generators; leave it out, or give nim.generator too, e.g."
                        + " -Dnim.generator=1/2");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nim.slo | x.yaml | and give the file to the merge: --slo FILE",
                "nim.baseline | latest | and compare the merged run: mvn compile exec:java@compare",
                "nim.samples | 100 | and give nim.duration",
                "nim.precision | 2% | and give nim.duration",
                "nim.maxDuration | 60s | and give nim.duration"
            })
    void whatNeedsTheWholeLevelIsRefusedForOneOfSeveralGenerators(String name, String value, String instead) {
        assertThatThrownBy(() -> of(Map.of(name, value, "nim.generator", "1/2", "nim.startAt", "2026-11-26T17:00:00Z")))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        name + "=" + value + ": one of several generators does not see the whole level, and all their"
                                + " windows are nim.duration long; leave it out, " + instead);
    }

    @Test
    void generatorsOfOneStartHaveOneSeedAndEachItsShare() {
        Settings one = of(Map.of("nim.generator", "1/2", "nim.startAt", "2026-11-26T18:00:00+01:00"));
        Settings other =
                of(Map.of("nim.generator", "2/2", "nim.startAt", "2026-11-26T17:00:00Z", "nim.clock", "-3.2/0.8ms"));
        assertThat(one.requests().seed()).isEqualTo(other.requests().seed());
        assertThat(one.requests().share()).isEqualTo(new Share(1, 2));
        assertThat(other.requests().share()).isEqualTo(new Share(2, 2));
        assertThat(one.timing().start().orElseThrow().at())
                .isEqualTo(other.timing().start().orElseThrow().at());
        assertThat(other.timing().start().flatMap(Settings.Start::clock)).hasValue(new ClockOffset(-3.2, 0.8));
    }

    @Test
    void theLetterOInAListOfNumbersIsNamed() {
        refused(
                "nim.query.concurrency",
                "1,O,5",
                "nim.query.concurrency=1,O,5: \"O\" is not a whole number; give whole numbers from 1 to 4096,"
                        + " e.g. -Dnim.query.concurrency=1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1,,5 | \"\" is not a whole number",
                "1,5, | \"\" is not a whole number",
                "1;5 | \"1;5\" is not a whole number",
                "1 3 | \"1 3\" is not a whole number",
                "1.5 | \"1.5\" is not a whole number",
                "-1 | \"-1\" is not a whole number",
                "+1 | \"+1\" is not a whole number",
                "1e1 | \"1e1\" is not a whole number",
                "0x1 | \"0x1\" is not a whole number",
                "٣ | \"٣\" is not a whole number",
                "99999999999 | \"99999999999\" is not a whole number",
                "0 | 0 is out of range",
                "4097 | 4097 is out of range",
            })
    void badNumbersAreRefusedWithTheirRange(String value, String why) {
        refused(
                "nim.query.concurrency",
                value,
                "nim.query.concurrency=" + value + ": " + why
                        + "; give whole numbers from 1 to 4096, e.g. -Dnim.query.concurrency=1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "15-1 | 15-1 is empty: it ends below its beginning; give e.g. 1-15",
                "1-15/0 | 1-15/0 has a step of 0; give a step from 1, e.g. 1-15/2",
                "1-4096 | 1-4096 has 4096 numbers, more than 1000; give a larger step, e.g. 1-4096/409",
                "1-1001 | 1-1001 has 1001 numbers, more than 1000; give a larger step, e.g. 1-1001/100",
                "1-5,3 | 3 is given twice; give each number once",
                "1-5/2,5-7 | 5 is given twice; give each number once",
                "0-5 | 0 is out of range; give whole numbers from 1 to 4096, e.g. -Dnim.query.concurrency=1",
                "1-5000/500 | 5000 is out of range; give whole numbers from 1 to 4096, e.g. -Dnim.query.concurrency=1",
                "1-15-2 | \"1-15-2\" is not a whole number; give whole numbers from 1 to 4096, e.g."
                        + " -Dnim.query.concurrency=1",
            })
    void badRangesAreRefusedInOneLine(String value, String why) {
        refused("nim.query.concurrency", value, "nim.query.concurrency=" + value + ": " + why);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "300~0 | 300~0 has a spread that is not below its mean and above 0; give the mean and the standard"
                        + " deviation, e.g. 300~60",
                "300~300 | 300~300 has a spread that is not below its mean and above 0; give the mean and the standard"
                        + " deviation, e.g. 300~60",
                "7~2 | 7 is out of range; give whole numbers from 8 to 32768, e.g. -Dnim.passage.tokens=8",
                "300~60,300~60 | 300~60 is given twice; give each number once",
                "~60 | \"~60\" is not a whole number; give whole numbers from 8 to 32768, e.g. -Dnim.passage.tokens=8",
            })
    void badSpreadsAreRefusedInOneLine(String value, String why) {
        refused("nim.passage.tokens", value, "nim.passage.tokens=" + value + ": " + why);
    }

    @ParameterizedTest
    @CsvSource({
        "nim.query.tokens, 7, 8, 32768",
        "nim.passage.tokens, 32769, 8, 32768",
        "nim.query.batch, 0, 1, 1024",
        "nim.passage.batch, 1025, 1, 1024",
        "nim.passage.concurrency, 4097, 1, 4096",
        "nim.reranking.tokens, 7, 8, 32768",
        "nim.reranking.queryTokens, 0, 1, 32768",
        "nim.reranking.passages, 513, 1, 512",
        "nim.reranking.concurrency, 0, 1, 4096",
    })
    void everyNumberHasItsRange(String name, String value, int min, int max) {
        refused(
                name,
                value,
                name + "=" + value + ": " + value + " is out of range; give whole numbers from " + min + " to " + max
                        + ", e.g. -D" + name + "=" + min);
    }

    @Test
    void queryTokensOfRerankingIsOneNumberAndNoList() {
        refused(
                "nim.reranking.queryTokens",
                "20,512",
                "nim.reranking.queryTokens=20,512: \"20,512\" is not a whole number; give whole numbers from 1 to 32768,"
                        + " e.g. -Dnim.reranking.queryTokens=1");
    }

    @Test
    void aNumberThatStandsTwiceIsRefusedHoweverItIsWritten() {
        refused(
                "nim.passage.tokens",
                "300,512,0300",
                "nim.passage.tokens=300,512,0300: 300 is given twice; give each number once");
    }

    @ParameterizedTest
    @ValueSource(strings = {"5", "5 s", "-5s", "1.5s", "5S", "5sec", "s", "1h30m", "PT5S", "1234567890s"})
    void badDurationsAreRefusedWithAnExample(String value) {
        refused(
                "nim.duration",
                value,
                "nim.duration=" + value
                        + ": not a duration; give a whole number and its unit (ms, s, m, h), e.g. -Dnim.duration=30s");
    }

    @ParameterizedTest
    @CsvSource({"nim.duration, 99ms, 100", "nim.duration, 25h, 100", "nim.duration, 0s, 100"})
    void durationsOutOfRangeAreRefusedWithTheRange(String name, String value, int min) {
        refused(name, value, name + "=" + value + ": out of range; give " + min + "ms to 24h");
    }

    @Test
    void aRequestTimeoutOfZeroIsRefused() {
        refused("nim.requestTimeout", "0ms", "nim.requestTimeout=0ms: out of range; give 100ms to 24h");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "10.0.0.5 | does not begin with http:// or https://",
                "localhost:8000 | does not begin with http:// or https://",
                "//nim:8000 | does not begin with http:// or https://",
                "ftp://nim:8000 | does not begin with http:// or https://",
                "http:nim:8000 | has no valid host and port",
                "http://nim:99999 | has no valid host and port",
                "http://nim:8000?x=1 | has a query or fragment",
                "http://nim:8000#x | has a query or fragment",
                "http:// | not a URL (Expected authority)",
                "http://nim:8000/a b | not a URL (Illegal character in path)",
            })
    void badUrlsAreRefusedWithAnExample(String value, String why) {
        refused("nim.embedding.url", value, "nim.embedding.url=" + value + ": " + why + "; " + URL_EXAMPLE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "nim:8002/metrics | does not begin with http:// or https://",
                "http://nim:99999/metrics | has no valid host and port",
                "http://my_nim:8002/metrics | my_nim has an underscore, and Java's URI takes none in a host name; use another"
                        + " name or the address, e.g.",
                "http://nim:8002/metrics?x=1 | has a query or fragment",
                "http://nim:8002/ | names no page",
            })
    void badUrlsOfMetricsPagesAreRefusedWithAnExample(String value, String why) {
        refused(
                "nim.reranking.metricsUrl",
                value,
                "nim.reranking.metricsUrl=" + value + ": " + why + (why.endsWith("e.g.") ? "" : "; give e.g.")
                        + " -Dnim.reranking.metricsUrl=http://10.0.0.5:8002/metrics");
    }

    @Test
    void aUrlThatHoldsARouteIsToldThatNimloadAddsIt() {
        refused(
                "nim.embedding.url",
                "http://nim:8000/v1/embeddings",
                "nim.embedding.url=http://nim:8000/v1/embeddings: contains a route; " + URL_EXAMPLE
                        + "; nimload adds /v1/embeddings or /v1/ranking itself");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http://user:hunter2@nim:8000", "https://hunter2@nim"})
    void userInfoOfAUrlIsRefusedAndNotEchoed(String value) {
        assertThatThrownBy(() -> of("nim.embedding.url", value))
                .isInstanceOf(UserError.class)
                .hasMessage(
                        "nim.embedding.url contains a user name or password; leave it out of the URL and give a key in"
                                + " the environment: NIM_API_KEY=… mvn gatling:test")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void anUnknownWorkloadIsNamedBesideTheKnownOnes() {
        refused(
                "nim.workloads",
                "query,pasage",
                "nim.workloads=query,pasage: \"pasage\" is not a workload; give some of query, passage, reranking");
        refused(
                "nim.workloads",
                "query,",
                "nim.workloads=query,: \"\" is not a workload; give some of query, passage, reranking");
    }

    @Test
    void choicesAreRefusedWithTheKnownOnes() {
        refused("nim.encodingFormat", "float16", "nim.encodingFormat=float16: not known; give float, base64");
        refused("nim.truncate", "MIDDLE", "nim.truncate=MIDDLE: not known; give NONE, START, END");
        refused("nim.strict", "yes", "nim.strict=yes: neither true nor false; give true or false");
        refused("nim.tls.insecure", "TRUE", "nim.tls.insecure=TRUE: neither true nor false; give true or false");
        refused("nim.seed", "x", "nim.seed=x: not a whole number; give e.g. -Dnim.seed=1");
    }

    @Test
    void aCaFileAndNoTrustCheckContradictEachOther() {
        assertThatThrownBy(() -> of(Map.of("nim.tls.ca", "ca.pem", "nim.tls.insecure", "true")))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.tls.ca and nim.tls.insecure=true contradict each other; give one of them");
        assertThat(of(Map.of("nim.tls.ca", "ca.pem", "nim.tls.insecure", "false"))
                        .tls()
                        .caFile())
                .isPresent();
    }

    @Test
    void aLimitOnRegressionWithoutABaselineIsRefused() {
        refused(
                "nim.maxRegression",
                "5%",
                "nim.maxRegression needs a run to compare with; give -Dnim.baseline=…/results.json");
    }
}
