package nimload.servermetrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import nimload.servermetrics.PrometheusText.Page;
import nimload.servermetrics.PrometheusText.Sample;

class PrometheusTextPropertiesTest {
    @Property
    void whatIsWrittenIsRead(
            @ForAll("samples") @Size(max = 20) List<Sample> samples,
            @ForAll("lineEnds") String lineEnd,
            @ForAll("timestamps") String timestamp) {
        String text = samples.stream()
                .map(sample -> "# TYPE " + sample.name() + " gauge" + lineEnd + sample.name() + labels(sample) + " "
                        + sample.value() + timestamp + lineEnd)
                .collect(Collectors.joining());
        assertThat(PrometheusText.parse(text)).isEqualTo(new Page(samples, 0));
    }

    private static String labels(Sample sample) {
        return sample.labels().entrySet().stream()
                .map(label -> label.getKey() + "=\""
                        + label.getValue()
                                .replace("\\", "\\\\")
                                .replace("\n", "\\n")
                                .replace("\"", "\\\"") + "\"")
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Property
    void everyLineOfAnyTextIsASampleOrCountedAsSkipped(@ForAll("nearlyPages") String text) {
        Page page = PrometheusText.parse(text);
        long lines = text.lines()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .count();
        // A carriage return alone ends a line for Java and not for Prometheus.
        assertThat((long) page.samples().size() + page.linesSkipped()).isLessThanOrEqualTo(lines);
        assertThat(page.samples())
                .allSatisfy(sample -> assertThat(sample.name()).matches("[a-zA-Z_:][a-zA-Z0-9_:]*"));
    }

    @Property
    void brokenLinesDoNotHideTheOthers(@ForAll("nearlyPages") String text) {
        int alone = PrometheusText.parse(text).samples().size();
        assertThat(PrometheusText.parse("first 1\n" + text + "\nlast 2").samples())
                .hasSize(alone + 2)
                .startsWith(new Sample("first", Map.of(), 1))
                .endsWith(new Sample("last", Map.of(), 2));
    }

    @Provide
    Arbitrary<Sample> sample() {
        Arbitrary<String> names = Arbitraries.strings()
                .withCharRange('a', 'z')
                .withChars("_:")
                .ofMinLength(1)
                .ofMaxLength(12);
        Arbitrary<String> values = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(10),
                Arbitraries.strings().withChars("\\\"\n{}=,# \r").ofMaxLength(10));
        return Combinators.combine(
                        names,
                        Arbitraries.maps(names, values).ofMaxSize(4),
                        Arbitraries.oneOf(
                                Arbitraries.doubles(), Arbitraries.of(Double.NaN, Double.POSITIVE_INFINITY, -0.0)))
                .as(Sample::new);
    }

    @Provide
    Arbitrary<List<Sample>> samples() {
        return sample().list();
    }

    @Provide
    Arbitrary<String> lineEnds() {
        return Arbitraries.of("\n", "\r\n", "\n\n", " \n");
    }

    @Provide
    Arbitrary<String> timestamps() {
        return Arbitraries.of("", " 1395066363000", " 1.5e9");
    }

    @Provide
    Arbitrary<String> nearlyPages() {
        return Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(200),
                Arbitraries.strings().withChars("ab1 .eE+-{}=\",\\#\n\r\tNaIf_").ofMaxLength(200));
    }
}
