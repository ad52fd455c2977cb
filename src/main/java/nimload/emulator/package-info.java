/**
 * The embedded NIM: both APIs over HTTP/1.1 on loopback, with the timing of a modelled H200.
 *
 * <p>What it is not: no model runs, vectors and logits come from a hash of the text; a simple rule counts tokens; each
 * NIM has one GPU and no tokenizer pool, instance groups or memory limit. Its times were measured on a real GPU with
 * models of the same shape, not on NVIDIA's NIM.
 *
 * <p>How a request flows, all on the server's one event loop: {@link nimload.nim} parses the body, {@link TokenCounter}
 * counts its tokens, {@link Vectors} makes the answer, and the work queues for the {@link Gpu}, whose {@link
 * ServiceTimes} say when it ends; then the server writes the answer.
 */
package nimload.emulator;
