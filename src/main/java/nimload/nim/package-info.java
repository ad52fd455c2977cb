/**
 * The wire contract of the two NIMs: routes, requests, answers and errors.
 *
 * <p>The simulations and the embedded NIM share these types, so neither can drift from the contract alone. Source:
 * NVIDIA's API documentation of the NeMo Retriever Text Embedding and Text Reranking NIMs.
 */
package nimload.nim;
