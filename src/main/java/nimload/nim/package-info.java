/**
 * The wire contract of the two NIMs: their routes, requests, answers and errors.
 *
 * <p>The simulations and the embedded NIM both use these types, so neither can drift from the contract alone. Source:
 * NVIDIA's API documentation of the Text Embedding and Text Reranking NIMs.
 */
package nimload.nim;
