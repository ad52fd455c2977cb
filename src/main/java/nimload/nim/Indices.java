package nimload.nim;

import java.util.Optional;

/** The indices of an answer's entries: each item of the request once, in any order. */
final class Indices {
    private final String entry;
    private final String items;
    private final boolean[] seen;
    private int entries;
    private Optional<String> written = Optional.empty();

    /**
     * @param entry what an entry is, in messages
     * @param items what the request's items are, in messages
     */
    Indices(String entry, int count, String items) {
        this.entry = entry;
        this.items = items;
        seen = new boolean[count];
    }

    /** The entry that is being read, as messages name it; the first is 0. */
    String current() {
        return entry + " " + entries;
    }

    /** Takes the value of the current entry's field {@code index}. */
    void read(JsonCursor cursor) throws MalformedAnswer {
        written = cursor.wholeNumber();
        if (written.isEmpty()) {
            throw new MalformedAnswer("the index of " + current() + " is not a whole number");
        }
    }

    /** The place of the current entry's item in the request; the next entry becomes the current one. */
    int next() throws MalformedAnswer {
        if (written.isEmpty()) {
            throw new MalformedAnswer((entries == 0 ? "the answer" : current()) + " has no index");
        }
        String index = written.get();
        // Nine digits are an int; no request has as many items.
        int place = index.length() > 9 ? -1 : Integer.parseInt(index);
        if (place < 0 || place >= seen.length) {
            throw new MalformedAnswer("index " + ServerText.oneLine(index) + " for " + seen.length + " " + items);
        }
        if (seen[place]) {
            throw new MalformedAnswer("index " + place + " twice");
        }
        seen[place] = true;
        written = Optional.empty();
        entries++;
        return place;
    }

    /** Checks, after the last entry, that every item has one. */
    void complete() throws MalformedAnswer {
        if (entries != seen.length) {
            throw new MalformedAnswer(entries + " " + entry + "s for " + seen.length + " " + items);
        }
    }
}
