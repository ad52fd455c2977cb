package nimload.faults;

import java.io.IOException;

/** What is done to one request. */
@FunctionalInterface
interface Deed {

    /** @return whether a fault was done; else the request got its right answer */
    boolean done(Scene scene) throws IOException, InterruptedException;
}
