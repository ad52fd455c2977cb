package nimload.run;

import nimload.run.Body.Arrangement;

/** The bodies of a level's requests. Safe for many threads. */
interface Bodies {
    /** The next to send. */
    Body next();

    /** One of a number that was sent before, or one that is sent out of turn. */
    Body again(int number, Arrangement arrangement);

    /** How many of different numbers there have been, those sent out of turn included. */
    int handedOut();
}
