/**
 * A run: its NIMs, its levels and what their users do with each answer. Everything a simulation needs besides Gatling. Start
 * at {@link nimload.run.Benchmark}: a run is phases, a phase is levels, a level has users, and each user has a request in
 * flight.
 */
package nimload.run;
