package nimload.run;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import nimload.nim.NimKind;
import nimload.nim.Routes;
import nimload.preflight.Target;
import nimload.run.MetricsPage.Unread;
import nimload.servermetrics.PrometheusText.Page;
import nimload.servermetrics.Reading;

/**
 * A NIM's pages of metrics: its own and Triton's next to it, which NIM 1.x serves on another port. Where the user names none and
 * the NIM's own page does not count requests, Triton's usual place is tried, once. Used by one level at a time.
 */
final class MetricsPages {
    /** Less than the second that a watch may take. */
    static final Duration PATIENCE = Duration.ofMillis(900);

    /** Where nothing listens, a firewall may swallow the question. */
    private static final Duration TRIAL = Duration.ofMillis(300);

    private static final int TRITON_PORT = 8002;

    /**
     * A level's pages, all of which each of its readings is of.
     *
     * @param first what they gave; empty if none was read
     * @param notes a sentence each
     */
    record Opened(List<MetricsPage> pages, Optional<Reading> first, List<String> notes) {}

    private final NimKind kind;
    private final String model;
    private final Duration patience;
    private final MetricsPage own;
    private final Optional<MetricsPage> named;
    private Optional<MetricsPage> untried;
    private Optional<MetricsPage> found = Optional.empty();

    /**
     * @param model as requests name it
     * @param patience for all pages together
     * @param named by the user
     * @param guess where Triton's page may be
     */
    MetricsPages(
            NimKind kind,
            String model,
            Duration patience,
            MetricsPage own,
            Optional<MetricsPage> named,
            Optional<MetricsPage> guess) {
        this.kind = kind;
        this.model = model;
        this.patience = patience;
        this.own = own;
        this.named = named;
        this.untried = named.isPresent() ? Optional.empty() : guess;
    }

    /** Where NIM 1.x has Triton's page; empty for a hosted API and the embedded NIM. */
    static Optional<URI> tritons(Target target) {
        URI url = target.url();
        return !target.emulated() && url.getScheme().equals("http") && url.getPort() >= 0
                ? Optional.of(URI.create("http://" + url.getHost() + ":" + TRITON_PORT + "/metrics"))
                : Optional.empty();
    }

    /** Reads them for the first time in a level. */
    Opened open() {
        long deadline = System.nanoTime() + patience.toNanos();
        List<MetricsPage> pages = new ArrayList<>();
        List<Page> read = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        Optional<String> absence = Optional.empty();
        found.ifPresent(page -> notes.add(foundText(page)));
        for (MetricsPage page : known()) {
            try {
                read.add(page.read(left(deadline)));
                pages.add(page);
            } catch (Unread e) {
                if (page == own && own.missing()) {
                    absence = Optional.of(e.getMessage());
                } else {
                    notes.add(e.getMessage());
                }
            }
        }
        boolean seeksCounters =
                own.missing() || pages.contains(own) && !reading(0, read).countsRequests();
        if (seeksCounters && untried.isPresent() && left(deadline).compareTo(TRIAL) >= 0) {
            tryTritons(untried.get(), pages, read, notes);
            untried = Optional.empty();
        }
        if (pages.isEmpty()) {
            absence.ifPresent(notes::add);
            return new Opened(pages, Optional.empty(), notes);
        }
        Reading first = reading(0, read);
        if (!first.countsRequests()) {
            notes.add(uncounted(pages));
        }
        return new Opened(pages, Optional.of(first), notes);
    }

    private List<MetricsPage> known() {
        return Stream.of(Optional.of(own), named, found)
                .flatMap(Optional::stream)
                .filter(page -> !page.missing())
                .toList();
    }

    private void tryTritons(MetricsPage trial, List<MetricsPage> pages, List<Page> read, List<String> notes) {
        Page page;
        try {
            page = trial.read(TRIAL);
        } catch (Unread e) {
            // Most have none there, and nobody asked for it.
            return;
        }
        Reading reading = Reading.of(0, page);
        if (reading.countsRequestsOf(model)) {
            found = untried;
            pages.add(trial);
            read.add(page);
            notes.add(foundText(trial));
        } else if (reading.countsRequests()) {
            notes.add(trial.name() + " counts requests, but of no model like " + model
                    + ", so it is left out; if it is this NIM's, give " + setting() + "=" + trial.name() + ".");
        }
    }

    private static String foundText(MetricsPage page) {
        return "Requests, queue and computation are from " + page.name() + ".";
    }

    private String uncounted(List<MetricsPage> pages) {
        String names = String.join(
                " and ",
                pages.stream()
                        .map(page -> page == own ? Routes.METRICS : page.name())
                        .toList());
        return "Requests, queue, computation and whether someone else used the NIM could not be seen: " + names
                + (pages.size() > 1 ? " have" : " has") + " no request counters. NIM 1.x has Triton's at"
                + " http://HOST:" + TRITON_PORT + "/metrics: name that page in " + setting() + ".";
    }

    private String setting() {
        return "nim." + kind.key() + ".metricsUrl";
    }

    /**
     * Reads a level's pages again, all of them or none.
     *
     * @param seconds after the level's first send
     */
    Reading read(Opened opened, double seconds) throws Unread {
        long deadline = System.nanoTime() + patience.toNanos();
        List<Page> pages = new ArrayList<>();
        for (MetricsPage page : opened.pages()) {
            pages.add(page.read(left(deadline)));
        }
        return reading(seconds, pages);
    }

    private static Reading reading(double seconds, List<Page> pages) {
        return Reading.of(seconds, pages.toArray(Page[]::new));
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(Math.max(1_000_000, deadline - System.nanoTime()));
    }
}
