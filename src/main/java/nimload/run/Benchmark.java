package nimload.run;

import java.net.URI;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import nimload.UserError;
import nimload.exports.RunVerdict;
import nimload.exports.SummaryMarkdown;
import nimload.measure.Fitness;
import nimload.measure.LoadPointResult;
import nimload.page.GatlingNote;
import nimload.plan.SettingValues;
import nimload.plan.Settings;
import nimload.results.RunDirectory;
import nimload.results.RunInfo;
import nimload.results.TargetResults;
import nimload.slo.Slo;

/** A run whose settings are checked, whose NIMs have answered and whose levels are known. Its levels are still to be run. */
public final class Benchmark {
    /** Long enough to count a busy machine's cores. */
    private static final long MOMENT_NANOS = TimeUnit.MILLISECONDS.toNanos(400);

    private final Program program;
    private final RunPlan plan;
    private final Optional<RunDirectory> directory;
    private final RunReport report;
    private final List<Level> unreported;
    private final Program.Measured measured;
    private final Host host;
    private Optional<Baseline.Outcome> comparison = Optional.empty();
    private volatile Optional<ExitCode> outcome = Optional.empty();
    private volatile boolean ended;
    private volatile Optional<String> conclusion = Optional.empty();

    private Benchmark(
            Program program,
            RunPlan plan,
            Optional<RunDirectory> directory,
            RunReport report,
            List<Level> unreported,
            Program.Measured measured,
            Host host) {
        this.program = program;
        this.plan = plan;
        this.directory = directory;
        this.report = report;
        this.unreported = unreported;
        this.measured = measured;
        this.host = host;
    }

    /**
     * Prepares a run: reads the settings and files, asks the NIMs, plans the levels, opens the results, assembles the phases.
     *
     * @throws UserError for whatever would make the run fail
     */
    public static Benchmark prepare(Program program, Host host) {
        program.check(SettingValues.of(host.properties(), host.environment()));
        Instructions instructions = Instructions.read(program, host);
        Nims nims = Nims.prepare(program.workloads(), instructions, host.out()::println);
        instructions.baseline().ifPresent(other -> other.requireSameKind(nims.emulated()));
        RunPlan plan = RunPlan.of(
                instructions,
                nims,
                program.points(nims.trial().planned()),
                program.points(nims.trial().points()));
        plan.requireStartAhead(host.clock().instant());
        LocalDateTime now = LocalDateTime.now(host.clock());
        Optional<RunDirectory> directory = host.disk()
                ? Optional.of(program.continued()
                        .map(RunDirectory::again)
                        .orElseGet(() -> RunDirectory.create(plan.settings().results(), now)))
                : Optional.empty();
        RunThreads threads = RunThreads.start();
        Optional<String> unfit = Fitness.seen(threads.stalls(), () -> LockSupport.parkNanos(MOMENT_NANOS))
                .against();
        Calibration calibration = Calibration.of(plan, host.disk(), host.out());
        String id = directory.map(RunDirectory::id).orElseGet(() -> RunDirectory.nameOf(now));
        RunReport report = new RunReport(info(id, plan, calibration, unfit, host), plan.slo(), directory, host.out());
        announce(nims, host);
        unfit.ifPresent(host.out()::println);
        report.begun();
        List<Level> unreported = unreported(plan, calibration).stream()
                .flatMap(phase -> phase.levels(host, threads).stream())
                .toList();
        Program.Measured measured = program.measurement(plan, calibration, report, host, threads);
        return new Benchmark(program, plan, directory, report, unreported, measured, host);
    }

    private static RunInfo info(String id, RunPlan plan, Calibration calibration, Optional<String> unfit, Host host) {
        Map<String, TargetResults> targets = new LinkedHashMap<>();
        plan.nims()
                .targets()
                .forEach((kind, target) -> targets.put(
                        kind.key(),
                        new TargetResults(
                                target.url().toString(),
                                target.replicas().size() == 1
                                        ? List.of()
                                        : target.replicas().stream()
                                                .map(URI::toString)
                                                .toList(),
                                target.model(),
                                target.emulated(),
                                target.about(),
                                target.probed())));
        return new RunInfo(
                RunDescription.tool(),
                id,
                host.clock().instant(),
                plan.points().size(),
                plan.nims().emulated(),
                targets,
                OptionalDouble.of(plan.times().measurement().toMillis() / 1e3),
                OptionalDouble.of(plan.times().warmUp().toMillis() / 1e3),
                plan.repeats(),
                plan.settings().given(),
                plan.effective(),
                RunDescription.client(),
                RunDescription.notes(plan, calibration, unfit));
    }

    private static void announce(Nims nims, Host host) {
        nims.trial().notes().forEach(host.out()::println);
        nims.targets()
                .forEach((kind, target) -> host.out()
                        .println(kind.key() + ": " + target.model() + " at "
                                + target.replicas().stream().map(URI::toString).collect(Collectors.joining(", "))
                                + target.standIn().map(name -> ", " + name).orElse("")));
    }

    private static List<Phase> unreported(RunPlan plan, Calibration calibration) {
        return plan.settings().phases().rehearsal()
                ? List.of(Rehearsal.of(plan), calibration, Discarded.of(plan))
                : List.of(calibration);
    }

    public Settings settings() {
        return plan.settings();
    }

    /** The directory of the run's files; empty without a disk. */
    public Optional<Path> directory() {
        return directory.map(RunDirectory::path);
    }

    /**
     * To be run before the measured levels, without a trace in any result: they compile this client's code, then measure what
     * the client adds.
     */
    public List<Level> unreportedLevels() {
        return unreported;
    }

    /** The measured levels, in the order in which they run. */
    public List<Level> levels() {
        return measured.levels();
    }

    /** Measured levels that depend on each other; they run after the others. */
    public List<LevelSeries> series() {
        return measured.series();
    }

    /** Measured searches of a retrieval pipeline, one level after another; they run after the series. */
    public List<PipelineLevel> searches() {
        return measured.searches();
    }

    /** Measured levels that run at the same time; they run after the series. */
    public List<Level> together() {
        return measured.together();
    }

    private void awaitClosed() {
        measured.levels().forEach(Level::awaitClosed);
        measured.series().forEach(LevelSeries::awaitClosed);
        measured.searches().forEach(PipelineLevel::awaitClosed);
        measured.together().forEach(Level::awaitClosed);
    }

    /** Whether a failed request fails the run. */
    public boolean failsWithRequests() {
        return program.failsWithRequests();
    }

    /** The limits of these levels; there may be none. */
    public Slo slo() {
        return plan.slo();
    }

    /** Names of what {@link #verdict} returns, in the same order. */
    public List<String> requirements() {
        return Stream.concat(
                        Stream.of(Requirement.NIMLOAD),
                        report.limits(plan.points()).stream().map(Requirement::name))
                .toList();
    }

    /**
     * Ends the run: its page is written.
     *
     * @return what the run must hold beyond requests that do not fail; with {@code nim.strict} that every level is valid
     */
    public List<Requirement> verdict() {
        awaitClosed();
        ended = true;
        List<String> problems = new ArrayList<>(plan.nims().trial().problems());
        problems.addAll(program.problems(report));
        Map<String, String> files = report.writeFiles(verdict(problems));
        Optional.ofNullable(files.get(SummaryMarkdown.NAME))
                .flatMap(summary -> StepSummary.append(summary, host.environment()))
                .ifPresent(host.out()::println);
        problems.addAll(report.problems());
        report.results().forEach(result -> {
            if (failsWithRequests() && !result.failures().isEmpty()) {
                problems.add(notValid(result));
            }
        });
        comparison().ifPresent(outcome -> problems.addAll(outcome.all()));
        List<Requirement> limits = report.limits(plan.points());
        boolean broken = !problems.isEmpty()
                || limits.stream().anyMatch(limit -> !limit.problems().isEmpty());
        report.results().forEach(result -> {
            if (settings().strict()
                    && failsWithRequests()
                    && result.failures().isEmpty()
                    && !result.reasonsAgainst().isEmpty()) {
                problems.add(notValid(result));
            }
        });
        List<Requirement> all = new ArrayList<>(List.of(new Requirement(Requirement.NIMLOAD, problems)));
        all.addAll(limits);
        List<String> failed =
                all.stream().flatMap(one -> one.problems().stream()).toList();
        outcome = Optional.of(failed.isEmpty() ? ExitCode.GOOD : broken ? ExitCode.BROKEN : ExitCode.NOT_QUOTABLE);
        conclusion = Optional.of(report.conclusion(failed));
        return all;
    }

    private String notValid(LoadPointResult result) {
        return result.point().name() + " not valid: "
                + String.join("; ", settings().strict() ? result.reasonsAgainst() : result.failures());
    }

    /** What the verdict comes to; empty before it. */
    public Optional<ExitCode> outcome() {
        return outcome;
    }

    private RunVerdict verdict(List<String> problems) {
        List<String> all = new ArrayList<>(problems);
        comparison().ifPresent(outcome -> all.addAll(outcome.problems()));
        return new RunVerdict(
                comparison().map(Baseline.Outcome::regressions).orElse(Map.of()),
                comparison().map(Baseline.Outcome::table).filter(table -> !table.isEmpty()),
                all);
    }

    /**
     * What to read when everything else was printed: the conclusion, or for a process that ends before its run does what was
     * kept, and how to see it.
     */
    public Optional<String> lastWords() {
        return ended
                ? conclusion.map(line -> "Gatling's report: " + GatlingNote.TEXT + "\n" + line)
                : report.interruption();
    }

    /** What to read at the end of the run, also of one that was cut short and has no verdict. */
    public String summary() {
        awaitClosed();
        return report.summary()
                + comparison().map(outcome -> "\n" + outcome.text()).orElse("");
    }

    /** Made once, when all levels that there will be are closed. */
    private synchronized Optional<Baseline.Outcome> comparison() {
        if (comparison.isEmpty()) {
            comparison = plan.instructions().baseline().map(report::compareWith);
        }
        return comparison;
    }
}
