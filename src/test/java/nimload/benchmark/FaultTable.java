package nimload.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import nimload.CommandLineTool;
import nimload.UserError;
import nimload.faults.Faults;
import nimload.faults.Trial;
import nimload.faults.Tried;
import nimload.plan.Workload;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What nimload says of each fault of a server: {@code mvn test-compile exec:java@faults}. */
@Command(
        name = "faults",
        customSynopsis = "mvn test-compile exec:java@faults [-Dexec.args=\"[--only NAME] [--write]\"]",
        description =
                "Runs nimload against the emulator with each fault of simulations-data/faults/table.yaml, and holds what it"
                        + " says against the server's log.",
        footer = "  mvn test-compile exec:java@faults -Dexec.args=\"--only 'status 503'\"")
public final class FaultTable implements Callable<Integer> {
    private static final Path DOCUMENT = Path.of("src", "docs", "faults.md");
    private static final String HEADER =
            "| fault | what the server does | nimload is to say | query | passage | reranking |";
    private static final String RULE = "|---|---|---|---|---|---|";

    @Option(
            names = "--only",
            paramLabel = "NAME",
            description = "Only the faults whose names begin so; may be repeated.")
    private List<String> only = List.of();

    @Option(names = "--write", description = "Write the rows into src/docs/faults.md.")
    private boolean write;

    @Option(
            names = "--jobs",
            paramLabel = "N",
            converter = Detection.Count.class,
            defaultValue = "2",
            description = "Runs at a time; default: ${DEFAULT-VALUE}.")
    private int jobs;

    public static void main(String[] args) {
        CommandLineTool.main(new FaultTable(), args);
    }

    @Override
    public Integer call() throws Exception {
        List<Tried> faults = Faults.all().stream()
                .filter(fault -> only.isEmpty() || only.stream().anyMatch(fault.name()::startsWith))
                .toList();
        if (faults.isEmpty()) {
            throw new UserError("--only " + String.join(" --only ", only)
                    + ": no fault's name begins so; the names are in " + DOCUMENT);
        }
        Path work = Files.createTempDirectory("faults");
        ExecutorService threads = Executors.newFixedThreadPool(jobs);
        Map<Tried, List<Future<Trial.Outcome>>> outcomes = new LinkedHashMap<>();
        for (Tried fault : faults) {
            for (Workload workload : Workload.values()) {
                if (fault.workloads().contains(workload)) {
                    Path directory =
                            Files.createDirectory(work.resolve(fault.name().replace(' ', '-') + "-" + workload.key()));
                    outcomes.computeIfAbsent(fault, key -> new ArrayList<>())
                            .add(threads.submit(() -> Trial.of(fault, workload, directory)));
                }
            }
        }
        threads.shutdown();
        System.out.println(HEADER + "\n" + RULE);
        Map<String, String> rows = new LinkedHashMap<>();
        int wrong = 0;
        for (Tried fault : faults) {
            List<String> problems = new ArrayList<>();
            String row = row(fault, outcomes.get(fault), work, problems);
            rows.put(fault.name(), row);
            System.out.println(row);
            problems.forEach(System.out::println);
            wrong += problems.isEmpty() ? 0 : 1;
            if (write) {
                Files.writeString(DOCUMENT, withRow(Files.readString(DOCUMENT), fault.name(), row));
            }
        }
        System.out.println((faults.size() - wrong) + " of " + faults.size() + " as expected");
        return wrong == 0 ? 0 : 1;
    }

    private static String row(Tried fault, List<Future<Trial.Outcome>> outcomes, Path work, List<String> problems)
            throws Exception {
        StringBuilder row = new StringBuilder(
                "| " + fault.name() + " | " + fault.does().replace("|", "\\|") + " | " + fault.expectation() + " |");
        int next = 0;
        for (Workload workload : Workload.values()) {
            if (!fault.workloads().contains(workload)) {
                row.append(" – |");
                continue;
            }
            Trial.Outcome outcome = outcomes.get(next++).get();
            row.append(outcome.problems().isEmpty() ? " " : " ✗ ")
                    .append(outcome.seen())
                    .append(" |");
            outcome.problems().forEach(problem -> problems.add("  ✗ " + workload.key() + ": " + problem));
            keep(work, fault, workload, outcome);
        }
        return row.toString();
    }

    private static void keep(Path work, Tried fault, Workload workload, Trial.Outcome outcome) throws IOException {
        Files.writeString(
                work.resolve(fault.name().replace(' ', '-') + "-" + workload.key() + ".log"), outcome.output());
    }

    /** In the order of {@link Faults#all()}. */
    private static String withRow(String document, String name, String row) {
        List<String> names = Faults.all().stream().map(Tried::name).toList();
        List<String> before = document.lines().toList();
        int header = before.indexOf(HEADER);
        if (header < 0) {
            throw new UserError(DOCUMENT + " has no table that begins with " + HEADER);
        }
        int end = header + 2;
        Map<String, String> rows = new LinkedHashMap<>();
        for (; end < before.size() && before.get(end).startsWith("|"); end++) {
            rows.put(before.get(end).split("\\|")[1].strip(), before.get(end));
        }
        rows.put(name, row);
        List<String> after = new ArrayList<>(before.subList(0, header));
        after.add(HEADER);
        after.add(RULE);
        names.stream().filter(rows::containsKey).map(rows::get).forEach(after::add);
        after.addAll(before.subList(end, before.size()));
        return String.join("\n", after) + "\n";
    }
}
