/**
 * The search for capacity: the highest rate, or concurrency, at which a target still keeps its limits.
 *
 * <p>{@link nimload.capacity.StepTrial} judges one step while it runs, {@link nimload.capacity.CapacitySearch} chooses the next
 * step from all so far, and {@link nimload.capacity.Found} is the answer. Pure functions of numbers: no files, sockets, clocks
 * or threads.
 */
package nimload.capacity;
