package nimload.faults;

import java.io.IOException;

/** What a faulty server does to one request. */
@FunctionalInterface
interface Deed {

    /** @return whether the fault was done; else the request got its right answer */
    boolean done(Scene scene) throws IOException, InterruptedException;
}
