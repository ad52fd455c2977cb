package nimload.servermetrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import nimload.servermetrics.PrometheusText.Page;
import nimload.servermetrics.PrometheusText.Sample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusTextTest {
    @Test
    void aTritonPageIsItsSamples() {
        Page page = PrometheusText.parse("""
                # HELP nv_inference_request_success Number of successful inference requests, all batch sizes
                # TYPE nv_inference_request_success counter
                nv_inference_request_success{model="m",version="1"} 40.000000
                nv_inference_request_failure{model="m",reason="OTHER",version="1"} 0
                # HELP nv_gpu_power_usage GPU power usage in watts
                # TYPE nv_gpu_power_usage gauge
                nv_gpu_power_usage{gpu_uuid="GPU-1ccddeda-8caf-7d8e-cfe2-a63cddeaafd2"} 26.121000
                process_cpu_seconds_total 1.2e+02
                """);
        assertThat(page.samples())
                .containsExactly(
                        new Sample("nv_inference_request_success", Map.of("model", "m", "version", "1"), 40),
                        new Sample(
                                "nv_inference_request_failure",
                                Map.of("model", "m", "reason", "OTHER", "version", "1"),
                                0),
                        new Sample(
                                "nv_gpu_power_usage",
                                Map.of("gpu_uuid", "GPU-1ccddeda-8caf-7d8e-cfe2-a63cddeaafd2"),
                                26.121),
                        new Sample("process_cpu_seconds_total", Map.of(), 120));
        assertThat(page.linesSkipped()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a 1|1",
                "a\t1|1",
                "a  1  1395066363000|1",
                "a 1 1395066363.5|1",
                "a 1 # {trace_id=\"x\"} 0.67|1",
                "a{} 1|1",
                "a { } 1|1",
                "a{x=\"y\"}1|1",
                "a{x = \"y\" , z=\"\",} 1|1",
                "a -0.5|-0.5",
                "a +.5|0.5",
                "a 5.|5",
                "a 1E-3|0.001",
                "a NaN|NaN",
                "a nan|NaN",
                "a +Inf|Infinity",
                "a Inf|Infinity",
                "a -inf|-Infinity",
                "a 1e999|Infinity"
            })
    void everyWayToWriteASampleIsRead(String line, Double value) {
        Page page = PrometheusText.parse(line + "\r\n# EOF\r\n");
        assertThat(page.samples()).singleElement().satisfies(sample -> {
            assertThat(sample.name()).isEqualTo("a");
            assertThat(sample.value()).isEqualTo(value);
        });
        assertThat(page.linesSkipped()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a",
                "a one",
                "a 1d",
                "a 0x10",
                "a 1_000",
                "a 1 2 3",
                "a 1 later",
                "1a 1",
                "a-b 1",
                "a{ 1",
                "a{x} 1",
                "a{x=} 1",
                "a{x=y} 1",
                "a{x=\"y} 1",
                "a{x=\"y\\",
                "a{x=\"y\" z=\"w\"} 1",
                "a{,} 1",
                "a{x=\"y\",x=\"y\"} 1",
                "{x=\"y\"} 1",
                "<html><body>Not Found</body></html>"
            })
    void aLineThatIsNotASampleIsSkippedAndCounted(String line) {
        Page page = PrometheusText.parse("before 1\n" + line + "\nafter 2\n");
        assertThat(page.samples()).extracting(Sample::name).containsExactly("before", "after");
        assertThat(page.linesSkipped()).isEqualTo(1);
    }

    @Test
    void labelsAreUnescaped() {
        Page page = PrometheusText.parse("a{x=\"C:\\\\dir\\nsays \\\"hi\\\", {not} a = label #\",y=\"\\t\"} 1");
        assertThat(page.samples())
                .isEqualTo(List.of(
                        new Sample("a", Map.of("x", "C:\\dir\nsays \"hi\", {not} a = label #", "y", "\\t"), 1)));
    }

    @Test
    void aLineOfMegabytesIsReadWithoutRecursion() {
        String many = "\\\\".repeat(500_000);
        assertThat(PrometheusText.parse("a{x=\"" + many + "\"} 1").samples()).hasSize(1);
        assertThat(PrometheusText.parse("a " + "1".repeat(1_000_000)).linesSkipped())
                .isEqualTo(1);
    }
}
