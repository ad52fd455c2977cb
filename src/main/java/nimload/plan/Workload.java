package nimload.plan;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import nimload.nim.InputType;
import nimload.nim.NimKind;

/** The kinds of request that are measured, in the order in which they run. */
public enum Workload {
    /** Short texts embedded as queries, as a search box sends them. */
    QUERY(NimKind.EMBEDDING, Optional.of(InputType.QUERY), "text", "text", "batch"),
    /** Long texts embedded as passages in batches, as an indexing job sends them. */
    PASSAGE(NimKind.EMBEDDING, Optional.of(InputType.PASSAGE), "text", "text", "batch"),
    /** One query and many passages to be ranked, as the second stage of a search sends them. */
    RERANKING(NimKind.RERANKING, Optional.empty(), "passage", "pair", "passages");

    private final NimKind nim;
    private final Optional<InputType> inputType;
    private final String sent;
    private final String item;
    private final String itemsSetting;

    Workload(NimKind nim, Optional<InputType> inputType, String sent, String item, String itemsSetting) {
        this.nim = nim;
        this.inputType = inputType;
        this.sent = sent;
        this.item = item;
        this.itemsSetting = itemsSetting;
    }

    public static Optional<Workload> of(String key) {
        return Arrays.stream(values())
                .filter(workload -> workload.key().equals(key))
                .findFirst();
    }

    /** As in settings and results: {@code query}, {@code passage}, {@code reranking}. */
    @JsonValue
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of NIM that serves it. */
    public NimKind nim() {
        return nim;
    }

    /** What the texts of an embedding request are; empty for reranking. */
    public Optional<InputType> inputType() {
        return inputType;
    }

    /** What a request sends many of: {@code text} or {@code passage}. */
    public String sent() {
        return sent;
    }

    /** {@code 1 text}, {@code 64 texts}, {@code 10 passages}. */
    public String counted(int items) {
        return items + " " + sent + (items == 1 ? "" : "s");
    }

    /** One of those that throughput counts. */
    public String item() {
        return item;
    }

    /** What throughput counts: {@code texts}, or (query, passage) {@code pairs}. */
    public String items() {
        return item + "s";
    }

    /** What the number of items in a request is called: {@code batch} or {@code passages}. */
    public String itemsSetting() {
        return itemsSetting;
    }
}
