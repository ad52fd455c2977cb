package nimload.servermetrics;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import nimload.nim.ServerText;
import nimload.servermetrics.PrometheusText.Page;
import nimload.servermetrics.PrometheusText.Sample;

/**
 * What a page says of the server that wrote it. Replicas behind one address differ in it.
 *
 * @param gpus UUIDs
 * @param hosts names of hosts and pods
 * @param starts of processes, in seconds since 1970
 */
record Identity(Set<String> gpus, Set<String> hosts, Set<Double> starts) {
    private static final String START = "process_start_time_seconds";
    private static final Set<String> GPU_LABELS = Set.of("gpu_uuid", "uuid");
    private static final Set<String> HOST_LABELS =
            Set.of("hostname", "host_name", "pod", "pod_name", "k8s_pod_name", "kubernetes_pod_name", "instance");

    /** Some programs work out their start anew for each page, from a clock that is set now and then. */
    private static final double START_SECONDS = 2;

    /** No server has more; hundreds of readings are kept. */
    private static final int MOST = 100;

    private static final int LONGEST = 60;

    /** As NVIDIA's driver writes a UUID. */
    private static final Pattern REAL_GPU = Pattern.compile("^(GPU|MIG)-");

    static Identity of(Page page) {
        return new Identity(
                labels(page, GPU_LABELS),
                labels(page, HOST_LABELS),
                page.samples().stream()
                        .filter(sample -> sample.name().equals(START))
                        .map(Sample::value)
                        .limit(MOST)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    private static Set<String> labels(Page page, Set<String> names) {
        return page.samples().stream()
                .flatMap(sample -> sample.labels().entrySet().stream())
                .filter(label -> names.contains(label.getKey().toLowerCase(Locale.ROOT)))
                .map(label -> shortened(label.getValue()))
                .filter(value -> !value.isEmpty())
                .distinct()
                .limit(MOST)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String shortened(String value) {
        String line = ServerText.oneLine(value);
        return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    }

    /** How a later page differs in what only another server, or another process, differs in; empty if it does not. */
    Optional<String> differenceTo(Identity later) {
        return difference("GPU ", gpus, later.gpus)
                .or(() -> difference("host ", hosts, later.hosts))
                .or(() -> anyNear(later)
                        ? Optional.empty()
                        : Optional.of(said(START + " ", starts, later.starts, Identity::seconds)));
    }

    /** Whether both pages name the same GPU, host or start; a number that merely counts GPUs is no name. */
    boolean certainlyThatOf(Identity later) {
        return gpus.stream().anyMatch(gpu -> REAL_GPU.matcher(gpu).find() && later.gpus.contains(gpu))
                || hosts.stream().anyMatch(later.hosts::contains)
                || !starts.isEmpty() && !later.starts.isEmpty() && anyNear(later);
    }

    /** Whether both pages name a GPU that is the same. */
    boolean sharesGpuWith(Identity later) {
        return gpus.stream().anyMatch(later.gpus::contains);
    }

    /** A page may leave out one of several GPUs, so one in common is enough. */
    private static Optional<String> difference(String what, Set<String> ones, Set<String> others) {
        return ones.isEmpty() || others.isEmpty() || ones.stream().anyMatch(others::contains)
                ? Optional.empty()
                : Optional.of(said(what, ones, others, Function.identity()));
    }

    private boolean anyNear(Identity later) {
        return starts.isEmpty()
                || later.starts.isEmpty()
                || starts.stream()
                        .anyMatch(
                                one -> later.starts.stream().anyMatch(other -> Math.abs(one - other) <= START_SECONDS));
    }

    private static <T> String said(String what, Set<T> ones, Set<T> others, Function<T, String> text) {
        return what + text.apply(ones.iterator().next()) + ", then "
                + text.apply(others.iterator().next());
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.0f", value);
    }
}
