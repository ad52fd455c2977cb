package nimload.run;

import nimload.measure.Observations;

/**
 * Looks at something beside the requests while a level is measured. Both calls come between requests: the first before
 * any of the measurement is sent, the second after the last was answered. Neither may take longer than a second or throw.
 */
interface LevelWatch {
    void measurementBegins();

    Observations measurementEnded();
}
