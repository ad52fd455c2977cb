/**
 * Scripted faults: a server in front of the emulator that breaks some of its answers on purpose. {@code src/docs/faults.md}
 * explains the script.
 *
 * <p>It reads a request, gets the right answer from the emulator, and then does to it what the script says. It uses blocking
 * sockets, since an HTTP library does not break off in the middle of a header.
 */
package nimload.faults;
