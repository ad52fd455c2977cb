package nimload.plan;

import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One of several generators that run the same levels together, and what of each level is its part. The parts of all of them
 * are the whole: users and rates add up to the level's, and no text is in two parts.
 *
 * @param number of this generator, from 1
 * @param of how many there are
 */
public record Share(int number, int of) {
    /** Of the only generator. */
    public static final Share WHOLE = new Share(1, 1);

    public static final int MOST = 1000;

    private static final Pattern TEXT = Pattern.compile("(\\d{1,4})/(\\d{1,4})");

    /** @throws IllegalArgumentException if there is no such generator */
    public Share {
        if (number < 1 || number > of || of > MOST) {
            throw new IllegalArgumentException("there is no generator " + number + "/" + of);
        }
    }

    /** @throws IllegalArgumentException if it is not {@link #text} of one */
    public static Share of(String text) {
        Matcher share = TEXT.matcher(text);
        if (!share.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a generator, e.g. 2/8");
        }
        return new Share(Integer.parseInt(share.group(1)), Integer.parseInt(share.group(2)));
    }

    public boolean several() {
        return of > 1;
    }

    /** Users of a level that has {@code all}: the first generators have one more where they cannot be dealt out evenly. */
    public int users(int all) {
        return all / of + (number <= all % of ? 1 : 0);
    }

    /** Users of a level that has {@code all} which are with the generators before this one. */
    public int usersBefore(int all) {
        return all / of * (number - 1) + Math.min(number - 1, all % of);
    }

    /** Requests per second of a level that has {@code all}. */
    public double rate(double all) {
        return all / of;
    }

    /** The number among all generators' texts of a text that has this number among its own, both from 0. */
    public long text(int own) {
        return (long) own * of + number - 1;
    }

    /** For draws of which each generator makes its own, such as times of arrivals: another seed for each of them. */
    public long seed(long all) {
        return number == 1 ? all : new SplittableRandom(all ^ ((long) number << 32)).nextLong();
    }

    /** {@code 2/8}. */
    public String text() {
        return number + "/" + of;
    }
}
