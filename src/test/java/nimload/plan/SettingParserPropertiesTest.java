package nimload.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.UniqueElements;
import nimload.UserError;
import nimload.nim.Truncate;

class SettingParserPropertiesTest {
    private static final String NUMBER_OR_RANGE = "\\s*[0-9]+\\s*(-\\s*[0-9]+\\s*(/\\s*[0-9]+\\s*)?)?";

    private static SettingValues.Given given(Setting setting, String value) {
        return new SettingValues.Given(setting, value, setting.property());
    }

    private static void isRefusedInOneLineWithItsValue(Throwable thrown, String value) {
        assertThat(thrown).isInstanceOf(UserError.class).hasMessageContaining(value);
        assertThat(thrown.getMessage().lines()).hasSize(1);
    }

    @Property
    void distinctWholeNumbersInRangeComeBackInTheirOrder(
            @ForAll @Size(min = 1, max = 30) @UniqueElements List<@IntRange(min = 1, max = 4096) Integer> numbers,
            @ForAll("spaces") String space) {
        String text = numbers.stream().map(String::valueOf).collect(Collectors.joining(space + "," + space));
        assertThat(SettingParser.wholeNumbers(given(Setting.QUERY_CONCURRENCY, text), 1, 4096))
                .isEqualTo(numbers);
    }

    @Property
    void aRangeIsEveryNumberThatItsStepReaches(
            @ForAll @IntRange(min = 1, max = 4096) int first,
            @ForAll @IntRange(min = 0, max = 999) int further,
            @ForAll @IntRange(min = 1, max = 50) int step) {
        int last = Math.min(4096, first + further);
        List<Integer> numbers =
                SettingParser.wholeNumbers(given(Setting.QUERY_CONCURRENCY, first + "-" + last + "/" + step), 1, 4096);
        assertThat(numbers).first().isEqualTo(first);
        assertThat(last - numbers.get(numbers.size() - 1)).isBetween(0, step - 1);
        assertThat(numbers).hasSize((last - first) / step + 1).isSorted().doesNotHaveDuplicates();
        assertThat(numbers)
                .allSatisfy(number -> assertThat((number - first) % step).isZero());
    }

    @Property
    void oneNumberTooManyOrTooSmallRefusesTheList(
            @ForAll @Size(max = 5) @UniqueElements List<@IntRange(min = 10, max = 100) Integer> numbers,
            @ForAll("outside10To100") int bad) {
        String text = numbers.stream().map(n -> n + ",").collect(Collectors.joining()) + bad;
        assertThatThrownBy(() -> SettingParser.wholeNumbers(given(Setting.QUERY_BATCH, text), 10, 100))
                .isInstanceOf(UserError.class)
                .hasMessage("nim.query.batch=" + text + ": " + bad
                        + " is out of range; give whole numbers from 10 to 100, e.g. -Dnim.query.batch=10");
    }

    @Property
    void anyTextIsAListOfItsNumbersOrRefusedInOneLineWithItsValue(@ForAll("oneLine") String text) {
        Throwable thrown =
                catchThrowable(() -> SettingParser.wholeNumbers(given(Setting.QUERY_CONCURRENCY, text), 1, 4096));
        if (thrown == null) {
            assertThat(text).matches("(?U)" + NUMBER_OR_RANGE + "(," + NUMBER_OR_RANGE + ")*");
        } else {
            isRefusedInOneLineWithItsValue(thrown, text);
        }
    }

    @Property
    void anyTextIsADurationOfADayAtMostOrRefusedInOneLine(@ForAll("oneLine") String text) {
        Throwable thrown =
                catchThrowable(() -> SettingParser.duration(given(Setting.DURATION, text), Duration.ofMillis(100)));
        if (thrown != null) {
            isRefusedInOneLineWithItsValue(thrown, text);
        } else {
            assertThat(text).matches("[0-9]{1,9}(ms|s|m|h)");
        }
    }

    @Property
    void anyTextIsAUrlOrRefusedInOneLine(@ForAll("urlLike") String text) {
        Throwable thrown = catchThrowable(() -> SettingParser.baseUrl(given(Setting.EMBEDDING_URL, text)));
        if (thrown == null) {
            assertThat(text).matches("https?://.+");
        } else {
            assertThat(thrown).isInstanceOf(UserError.class).hasMessageStartingWith("nim.embedding.url");
            assertThat(thrown.getMessage().lines()).hasSize(1);
        }
    }

    @Property
    void aUrlThatIsTakenHasHostAndNoUserNoV1AndNoSlashAtItsEnd(
            @ForAll("hosts") String host,
            @ForAll @IntRange(min = 1, max = 65535) int port,
            @ForAll("paths") String path,
            @ForAll("ends") String end) {
        assertThat(SettingParser.baseUrl(given(Setting.EMBEDDING_URL, "http://" + host + ":" + port + path + end)))
                .hasToString("http://" + host + ":" + port + path);
    }

    @Property
    void anyOtherTextIsNeitherBooleanNorChoiceNorSeedNorWorkload(@ForAll("oneLine") String text) {
        if (!Set.of("true", "false").contains(text)) {
            isRefusedInOneLineWithItsValue(catchThrowable(() -> SettingParser.bool(given(Setting.STRICT, text))), text);
        }
        if (!Set.of("NONE", "START", "END").contains(text.toUpperCase(Locale.ROOT))) {
            isRefusedInOneLineWithItsValue(
                    catchThrowable(() ->
                            SettingParser.oneOf(given(Setting.TRUNCATE, text), Truncate.values(), Truncate::name)),
                    text);
        }
        if (!text.matches("[+-]?\\p{Nd}+")) {
            isRefusedInOneLineWithItsValue(catchThrowable(() -> SettingParser.seed(given(Setting.SEED, text))), text);
        }
        if (!text.matches("(?i)\\s*(query|passage|reranking).*")) {
            isRefusedInOneLineWithItsValue(
                    catchThrowable(() ->
                            SettingParser.workloads(given(Setting.WORKLOADS, text), Set.of(Workload.values()), "any")),
                    text);
        }
    }

    @Provide
    Arbitrary<Integer> outside10To100() {
        return Arbitraries.oneOf(
                Arbitraries.integers().between(0, 9), Arbitraries.integers().between(101, 999999999));
    }

    @Provide
    Arbitrary<String> spaces() {
        return Arbitraries.of("", " ", "  ", "\t");
    }

    /** As a value comes from a shell: anything without line breaks. */
    @Provide
    Arbitrary<String> oneLine() {
        Arbitrary<String> anything = Arbitraries.strings().ofMaxLength(20);
        Arbitrary<String> nearly = Arbitraries.strings()
                .withChars("0123456789,.-+ eEOlmshPT∞٣")
                .ofMinLength(1)
                .ofMaxLength(12);
        return Arbitraries.oneOf(anything, nearly)
                .filter(text -> text.lines().count() == 1 && !text.contains("\n") && !text.contains("\r"));
    }

    @Provide
    Arbitrary<String> urlLike() {
        Arbitrary<String> rest =
                Arbitraries.strings().withChars("abv1:/?#[]@%. _\\\"<>{}-0").ofMaxLength(16);
        return Arbitraries.oneOf(
                oneLine(), rest, rest.map(text -> "http://" + text), rest.map(text -> "https://nim:" + text));
    }

    @Provide
    Arbitrary<String> hosts() {
        return Arbitraries.of("localhost", "10.0.0.5", "[::1]", "nim.example.com", "a-b");
    }

    @Provide
    Arbitrary<String> paths() {
        return Arbitraries.of("", "/team", "/a/b", "/v1beta", "/av1");
    }

    @Provide
    Arbitrary<String> ends() {
        return Arbitraries.of("", "/", "//", "/v1", "/v1/", "/v1//");
    }
}
