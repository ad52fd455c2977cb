package nimload;

import java.util.Collection;
import java.util.Comparator;

/** Finds the name that a misspelt one was probably meant to be. */
public final class Spelling {
    private Spelling() {}

    /**
     * The known name that is the fewest edits away from {@code unknown}.
     *
     * @param known at least one
     */
    public static String nearest(String unknown, Collection<String> known) {
        return known.stream()
                .min(Comparator.comparingInt(name -> edits(name, unknown)))
                .orElseThrow();
    }

    /** Levenshtein's distance, ignoring case. */
    private static int edits(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = Character.toLowerCase(a.charAt(i - 1)) == Character.toLowerCase(b.charAt(j - 1));
                current[j] = Math.min(Math.min(current[j - 1], previous[j]) + 1, previous[j - 1] + (same ? 0 : 1));
            }
            previous = current;
        }
        return previous[b.length()];
    }
}
