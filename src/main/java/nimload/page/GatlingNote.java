package nimload.page;

/** What a reader of Gatling's own report must know. It stands there as the run's description, and next to every link. */
public final class GatlingNote {
    public static final String TEXT = "Whole milliseconds, percentiles estimated; Cnt/s over the whole run, all levels"
            + " together. The exact numbers of each level are in report.html of nimload.";

    private GatlingNote() {}
}
