/**
 * The embedded NIM: both APIs over HTTP/1.1 on loopback, with the timing of a modelled H200.
 *
 * <p>What it is not: no model runs, vectors and logits are drawn from a hash of the text; tokens are counted by a simple
 * rule of its own; there is one GPU for each of the two NIMs and no tokenizer pool, instance groups or memory. Its times
 * come from a real GPU that ran models of the same shape, not from NVIDIA's NIM.
 *
 * <p>How a request flows, all of it on the server's one event loop: the body is parsed ({@link nimload.nim}), its tokens
 * are counted ({@link TokenCounter}), the answer is prepared ({@link Vectors}), and the work queues for the {@link Gpu},
 * whose {@link ServiceTimes} say when it ends; then the answer is written.
 */
package nimload.emulator;
