package nimload.deploy.load;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Java version of an image, from the output of {@code java -version}. */
public final class PodJava {

    /** What the simulations are compiled for. */
    public static final int NEEDED = 17;

    private static final Pattern VERSION = Pattern.compile("version \"(?:1\\.)?([0-9]+)");

    private PodJava() {}

    /** 17 for 17.0.1, 8 for 1.8.0_402; empty if there is no version in it. */
    public static Optional<Integer> feature(String printed) {
        Matcher version = VERSION.matcher(printed);
        return version.find() ? Optional.of(Integer.valueOf(version.group(1))) : Optional.empty();
    }
}
