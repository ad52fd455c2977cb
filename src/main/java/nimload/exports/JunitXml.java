package nimload.exports;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.TreeMap;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import nimload.page.RunSentences;
import nimload.page.SearchWords;
import nimload.plan.Workload;
import nimload.results.Capacity;
import nimload.results.LevelResults;
import nimload.results.RunInfo;
import nimload.results.RunResults;
import nimload.results.SloCheck;

/**
 * {@code junit.xml}: a run as test results, for what shows those: one suite per workload, one case per level, one suite for
 * the run as a whole, and one for the searches, of which those fail that found no load that keeps the limits; their steps do
 * not. Failed is a level with errors, a broken limit, or a regression against the baseline; skipped one
 * that none of these concern and whose numbers may not be quoted, unless {@code nim.strict} makes that a failure.
 *
 * <p>It keeps to what Jenkins' schema ({@code junit-10.xsd} of its xUnit plugin) and Surefire's have in common.
 */
public final class JunitXml {
    /** Its name in a run's directory. */
    public static final String NAME = "junit.xml";

    private final XMLStreamWriter xml;
    private final RunResults run;
    private final RunVerdict verdict;

    private JunitXml(XMLStreamWriter xml, RunResults run, RunVerdict verdict) {
        this.xml = xml;
        this.run = run;
        this.verdict = verdict;
    }

    public static String of(RunResults run, RunVerdict verdict) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            new JunitXml(xml, run, verdict).write();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a run that is no XML", e);
        }
        return text.toString();
    }

    private void write() throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        start(0, "testsuites", Map.of("name", "nimload " + run.info().id()));
        wholeRun();
        if (!run.capacity().isEmpty()) {
            searches();
        }
        Map<Workload, List<LevelResults>> workloads =
                run.levels().stream().collect(groupingBy(LevelResults::workload, LinkedHashMap::new, toList()));
        for (Map.Entry<Workload, List<LevelResults>> workload : workloads.entrySet()) {
            suite(workload.getKey(), workload.getValue());
        }
        end(0);
        xml.writeCharacters("\n");
        xml.writeEndDocument();
    }

    private void wholeRun() throws XMLStreamException {
        List<String> problems = new ArrayList<>();
        run.gap().ifPresent(problems::add);
        problems.addAll(verdict.problems(run));
        startSuite("nimload.run", 1, problems.isEmpty() ? 0 : 1, 0, OptionalDouble.empty());
        start(2, "testcase", ordered("classname", "nimload.run", "name", "the run as a whole"));
        if (!problems.isEmpty()) {
            failure("run", problems, problems);
        }
        text(3, "system-out", notes());
        end(2);
        end(1);
    }

    private String notes() {
        List<String> lines = new ArrayList<>(RunSentences.ofAllLevels(run));
        lines.addAll(run.info().notes());
        return String.join("\n", lines) + "\n";
    }

    private void searches() throws XMLStreamException {
        long failed = run.capacity().stream()
                .filter(search -> search.atLeast().isEmpty())
                .count();
        startSuite("nimload.capacity", run.capacity().size(), failed, 0, OptionalDouble.empty());
        for (Capacity search : run.capacity()) {
            start(
                    2,
                    "testcase",
                    ordered(
                            "classname",
                            "nimload.capacity",
                            "name",
                            search.point().shape().description()));
            List<String> answer = List.of(search.sentence());
            if (search.atLeast().isEmpty()) {
                failure("capacity", answer, answer);
            }
            text(3, "system-out", SearchWords.sentence(search) + "\n");
            end(2);
        }
        end(1);
    }

    private void suite(Workload workload, List<LevelResults> levels) throws XMLStreamException {
        List<LevelOutcome> outcomes = levels.stream()
                .map(level -> LevelOutcome.of(level, run, verdict))
                .toList();
        startSuite(
                "nimload." + workload.key(),
                levels.size(),
                outcomes.stream().filter(outcome -> outcome.kind().fails()).count(),
                outcomes.stream()
                        .filter(outcome -> outcome.kind() == LevelOutcome.Kind.SKIPPED)
                        .count(),
                seconds(levels));
        for (int number = 0; number < levels.size(); number++) {
            testCase(levels.get(number), outcomes.get(number));
        }
        end(1);
    }

    private void startSuite(String name, long tests, long failures, long skipped, OptionalDouble seconds)
            throws XMLStreamException {
        Map<String, String> attributes = ordered("name", name, "tests", Long.toString(tests));
        attributes.put("failures", Long.toString(failures));
        attributes.put("errors", "0");
        attributes.put("skipped", Long.toString(skipped));
        seconds.ifPresent(known -> attributes.put("time", decimal(known)));
        start(1, "testsuite", attributes);
        start(2, "properties", Map.of());
        for (Map.Entry<String, String> property : properties(run.info()).entrySet()) {
            start(3, "property", ordered("name", property.getKey(), "value", property.getValue()));
            xml.writeEndElement();
        }
        end(2);
    }

    private void testCase(LevelResults level, LevelOutcome outcome) throws XMLStreamException {
        Map<String, String> attributes = ordered(
                "classname",
                "nimload." + level.workload().key(),
                "name",
                level.point().description());
        seconds(List.of(level)).ifPresent(known -> attributes.put("time", decimal(known)));
        start(2, "testcase", attributes);
        if (outcome.kind() == LevelOutcome.Kind.SKIPPED) {
            start(3, "skipped", Map.of("message", String.join("; ", outcome.reasons())));
            xml.writeEndElement();
        } else if (outcome.kind().fails()) {
            failure(outcome.kind().words(), outcome.decisive(), outcome.reasons());
        }
        text(3, "system-out", numbers(level, outcome));
        end(2);
    }

    private void failure(String type, List<String> decisive, List<String> reasons) throws XMLStreamException {
        start(3, "failure", ordered("message", String.join("; ", decisive), "type", type));
        xml.writeCharacters(Characters.readable(String.join("\n", reasons)));
        xml.writeEndElement();
    }

    private String numbers(LevelResults level, LevelOutcome outcome) {
        List<String> lines = new ArrayList<>();
        run.info().standIn().ifPresent(name -> lines.add(name + ": not a measurement of NVIDIA's NIM."));
        lines.add("requests " + level.requests().count() + ", errors "
                + level.requests().errors());
        String response = level.throughput().arrivals().isPresent() ? "response " : "";
        level.response()
                .percentiles()
                .forEach((percentile, estimate) -> lines.add(response + percentile.key() + " "
                        + (estimate.bounded() ? "" : "≥ ") + decimal(estimate.value()) + " ms"));
        level.throughput().requestsPerSecond().ifPresent(rate -> lines.add(decimal(rate) + " requests/s"));
        level.throughput()
                .itemsPerSecond()
                .ifPresent(
                        rate -> lines.add(decimal(rate) + " " + level.workload().items() + "/s"));
        level.tokens().perSecond().ifPresent(rate -> lines.add(decimal(rate) + " tokens/s"));
        level.slo().stream().map(SloCheck::text).map(limit -> "limit: " + limit).forEach(lines::add);
        level.validity().remarks().forEach(remark -> lines.add("note: " + remark));
        lines.add("verdict: " + outcome.kind().words());
        return String.join("\n", lines) + "\n";
    }

    private static String decimal(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static Map<String, String> properties(RunInfo info) {
        Map<String, String> properties = ordered("run", info.id(), "tool", info.tool());
        info.remarks().label().ifPresent(label -> properties.put("label", label));
        info.remarks().notes().forEach((name, note) -> properties.put("note." + name, note));
        if (info.started() != null) {
            properties.put("started", info.started().toString());
        }
        properties.put("emulated", Boolean.toString(info.emulated()));
        new TreeMap<>(info.targets()).forEach((kind, target) -> {
            properties.put(kind + ".model", target.model());
            properties.put(
                    kind + ".url", target.replicas().isEmpty() ? target.url() : String.join(", ", target.replicas()));
            new TreeMap<>(target.about()).forEach((name, value) -> properties.put(kind + "." + name, value));
        });
        // What a file does not say.
        properties.values().removeIf(Objects::isNull);
        return properties;
    }

    /** Of all together; empty where a level does not say. */
    private static OptionalDouble seconds(List<LevelResults> levels) {
        return levels.stream()
                        .allMatch(level -> level.throughput().elapsedSeconds().isPresent())
                ? OptionalDouble.of(levels.stream()
                        .mapToDouble(
                                level -> level.throughput().elapsedSeconds().getAsDouble())
                        .sum())
                : OptionalDouble.empty();
    }

    private static Map<String, String> ordered(String name, String value, String otherName, String otherValue) {
        Map<String, String> ordered = new LinkedHashMap<>();
        ordered.put(name, value);
        ordered.put(otherName, otherValue);
        return ordered;
    }

    private void start(int depth, String name, Map<String, String> attributes) throws XMLStreamException {
        line(depth);
        xml.writeStartElement(name);
        for (Map.Entry<String, String> attribute : attributes.entrySet()) {
            xml.writeAttribute(attribute.getKey(), Characters.line(attribute.getValue()));
        }
    }

    private void text(int depth, String name, String text) throws XMLStreamException {
        start(depth, name, Map.of());
        xml.writeCharacters(Characters.readable(text));
        xml.writeEndElement();
    }

    private void end(int depth) throws XMLStreamException {
        line(depth);
        xml.writeEndElement();
    }

    private void line(int depth) throws XMLStreamException {
        xml.writeCharacters("\n" + "  ".repeat(depth));
    }
}
